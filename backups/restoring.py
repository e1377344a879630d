"""Bringing a backup back into an empty installation."""

from __future__ import annotations

import hashlib
from typing import IO

from django.core.files import File
from django.core.files.storage import Storage

from backups.repository import CHUNK, ROWS, BackupError, Manifest, Repository, StoredFile
from backups.rows import bring_up_to_date, load_rows, require_empty, rows_are_of


def restore_backup(repository: Repository, manifest: Manifest, *, documents: Storage) -> None:
    """Bring the documents and the database of one run back.

    Nothing that is there is written over: the database has to be empty, and a document that
    lies there already must have the same content, as after a restore that was cut off. The
    rows come back together or not at all. One that was cut off after that goes on from there;
    whoever has done the rest calls `backups.rows.drop_mark`.

    Raises BackupError for anything that is not as the manifest says.
    """
    if not rows_are_of(manifest.name):
        require_empty()
        _fill(repository, manifest, documents)
    bring_up_to_date()


def _fill(repository: Repository, manifest: Manifest, documents: Storage) -> None:
    for stored in repository.files_of(manifest):
        _bring_back(stored, repository, manifest, documents)
    with repository.lines(manifest, ROWS) as lines:
        load_rows(lines, manifest.migrations, run=manifest.name, expected=manifest.rows)


def _bring_back(
    stored: StoredFile, repository: Repository, manifest: Manifest, documents: Storage
) -> None:
    with repository.blob(stored.sha256, manifest.key_set) as content:
        if documents.exists(stored.path):
            if _sha256(documents, stored.path) == stored.sha256:
                return
            if not _is_beginning(documents, stored.path, content):
                raise BackupError(
                    f"{stored.path} sudah ada dengan isi lain. Pulihkan ke tempat dokumen yang "
                    "kosong."
                )
            documents.delete(stored.path)  # a restore was killed while it wrote that file
            content.seek(0)
        saved = documents.save(stored.path, File(content))
    if saved != stored.path:
        documents.delete(saved)
        raise BackupError(f"{stored.path} ditulis oleh proses lain pada waktu yang sama.")


def _sha256(storage: Storage, path: str) -> str:
    digest = hashlib.sha256()
    with storage.open(path, "rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _is_beginning(storage: Storage, path: str, content: IO[bytes]) -> bool:
    """Whether the file holds nothing but the beginning of the content."""
    with storage.open(path, "rb") as file:
        while piece := file.read(CHUNK):
            if piece != content.read(len(piece)):
                return False
    return True
