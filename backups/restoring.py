"""Bringing a backup back into an empty installation."""

from __future__ import annotations

import hashlib

from django.core.files import File
from django.core.files.storage import Storage

from backups.repository import CHUNK, ROWS, BackupError, Manifest, Repository, StoredFile
from backups.rows import load_rows, require_empty


def restore_backup(repository: Repository, manifest: Manifest, *, documents: Storage) -> None:
    """Bring the documents and the database of one run back.

    Nothing that is there is written over: the database has to be empty, and a document that
    lies there already must have the same content, as after a restore that was cut off. The
    rows come back together or not at all.

    Raises BackupError for anything that is not as the manifest says.
    """
    require_empty()
    for stored in repository.files_of(manifest):
        _bring_back(stored, repository, manifest, documents)
    with repository.lines(manifest, ROWS) as lines:
        counts = load_rows(lines, manifest.migrations)
    if counts != manifest.rows:
        tables = sorted(
            table
            for table in {*counts, *manifest.rows}
            if counts.get(table) != manifest.rows.get(table)
        )
        raise BackupError(f"Jumlah baris berbeda dari cadangan pada: {', '.join(tables)}.")


def _bring_back(
    stored: StoredFile, repository: Repository, manifest: Manifest, documents: Storage
) -> None:
    if documents.exists(stored.path):
        if _sha256(documents, stored.path) != stored.sha256:
            raise BackupError(
                f"{stored.path} sudah ada dengan isi lain. Pulihkan ke tempat dokumen yang kosong."
            )
        return
    with repository.blob(stored.sha256, manifest.key_set) as content:
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
