"""Copy the database and the documents to another place, while people work."""

from __future__ import annotations

import fcntl
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backups.creating import make_backup
from backups.repository import BackupError, names_to_keep
from figures.numbers import format_size_limit
from kla.management.backups import repository_at


class Command(BaseCommand):
    help = (
        "Copy the database and every document to DEST: a folder on another disk, a mounted share, "
        "or s3://bucket/prefix. Only documents that are new are copied. Ends with exit status 1 when a document "
        "was missing or a trail was broken; the rest is stored all the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dest", metavar="DEST")
        for name, default in (("daily", 7), ("weekly", 5), ("monthly", 24)):
            parser.add_argument(f"--{name}", type=int, default=default, metavar="N")
        parser.add_argument("--keep-all", action="store_true", help="Remove no older backup.")

    def handle(
        self, *, dest: str, daily: int, weekly: int, monthly: int, keep_all: bool, **options: Any
    ) -> None:
        repository = repository_at(dest)
        trouble: list[str] = []
        with only_one():
            try:
                manifest = make_backup(
                    repository,
                    documents=default_storage,
                    at=timezone.now(),
                    heads=lambda: trail_heads(trouble),
                )
                if not keep_all:
                    kept = names_to_keep(
                        repository.manifests(), daily=daily, weekly=weekly, monthly=monthly
                    )
                    repository.remove_all_but({*kept, manifest.name})
            except (BackupError, OSError) as error:
                raise CommandError(f"Cadangan gagal: {error}") from error
        settings.KLA_BACKUP_STAMP.write_text(manifest.at, encoding="utf-8")
        self.stdout.write(
            f"Cadangan {manifest.name}: {sum(manifest.rows.values())} baris, "
            f"{manifest.files} berkas ({format_size_limit(manifest.bytes)})."
        )
        trouble = [f"hilang: {path}" for path in manifest.missing] + trouble
        if trouble:
            raise CommandError("\n".join(["Cadangan tersimpan, tetapi:", *trouble]))


def trail_heads(trouble: list[str]) -> list[str]:
    """What verify_trail prints; what it complains of is added to `trouble`."""
    printed, complaints = io.StringIO(), io.StringIO()
    try:
        call_command("verify_trail", stdout=printed, stderr=complaints)
    except CommandError as error:
        trouble += [*complaints.getvalue().splitlines(), str(error)]
    return printed.getvalue().splitlines()


@contextmanager
def only_one() -> Iterator[None]:
    """Two backups at once would remove each other's files."""
    with settings.KLA_BACKUP_STAMP.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError("Cadangan lain sedang berjalan.") from None
        yield
