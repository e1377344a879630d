"""Making a backup while people work."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

from django.core.files.storage import Storage

from backups.repository import FILES, ROWS, BackupError, Manifest, Repository, StoredFile, run_name
from backups.rows import applied_migrations, consistent_reads, dumped_rows, named_files

ATTEMPTS = 3


class _Documents:
    """The files that were copied in this run, by path; nothing unchanged is read again."""

    def __init__(self, repository: Repository, storage: Storage) -> None:
        self.repository, self.storage = repository, storage
        self.before = _files_before(repository)
        self.stored: dict[str, StoredFile] = {}

    def copy(self, path: str) -> bool:
        """Keep the file's content; whether there is such a file."""
        try:
            modified = self.storage.get_modified_time(path).timestamp()
            size = self.storage.size(path)
            known = self.stored.get(path) or self.before.get(path)
            if known is None or (known.size, known.modified) != (size, modified):
                with self.storage.open(path, "rb") as content:
                    sha256, size = self.repository.store_blob(content)
                known = StoredFile(path, sha256, size, modified)
        except FileNotFoundError:
            return False
        self.stored[path] = known
        return True


def make_backup(
    repository: Repository,
    *,
    documents: Storage,
    at: datetime,
    heads: Callable[[], Iterable[str]] = list,
) -> Manifest:
    """Store the database and every document it names as one run of the repository.

    Documents are copied first, then the database as it is at one moment, then what was handed
    in between: so every document of that moment is in the run. What somebody takes back in
    that while makes it begin anew. A file that the database names in vain is listed in the
    manifest's `missing`. `heads` is called inside the moment; its lines go into the manifest.

    Raises BackupError if another run of this second exists, or if documents are taken back
    faster than they can be copied.
    """
    name = run_name(at)
    if any(manifest.name == name for manifest in repository.manifests()):
        raise BackupError(f"Cadangan {name} sudah ada; tunggu satu detik.")
    copies = _Documents(repository, documents)
    for path in named_files():
        copies.copy(path)
    for _attempt in range(ATTEMPTS):
        counts: dict[str, int] = {}
        with consistent_reads():
            rows_sha256, _lines = repository.write_lines(
                name, dumped_rows(counts), encrypted=True, file=ROWS
            )
            named = sorted(set(named_files()))
            missing = [path for path in named if not copies.copy(path)]
            head_lines = list(heads())
            migrations = applied_migrations()
        if not missing or set(missing) <= set(named_files()):
            break
    else:
        raise BackupError("Dokumen ditarik lebih cepat daripada disalin; jalankan sekali lagi.")
    kept = [copies.stored[path] for path in named if path in copies.stored]
    files_sha256, files = repository.write_lines(name, _lines_of(kept), encrypted=False, file=FILES)
    manifest = Manifest(
        name=name,
        at=at.isoformat(),
        rows=counts,
        rows_sha256=rows_sha256,
        files=files,
        files_sha256=files_sha256,
        bytes=sum(stored.size for stored in kept),
        migrations=migrations,
        key_set=repository.key_set,
        missing=missing,
        heads=head_lines,
    )
    repository.finish(manifest)
    return manifest


def _files_before(repository: Repository) -> dict[str, StoredFile]:
    """What the newest run under the same keys holds; its contents need not be copied again."""
    same = [one for one in repository.manifests() if one.key_set == repository.key_set]
    if not same:
        return {}
    return {stored.path: stored for stored in repository.files_of(same[-1])}


def _lines_of(files: Iterable[StoredFile]) -> Iterator[str]:
    for stored in files:
        yield json.dumps(asdict(stored))
