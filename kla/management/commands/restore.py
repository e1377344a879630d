"""Bring a backup back into an empty installation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from backups.repository import BackupError
from backups.restoring import restore_backup
from backups.rows import drop_mark
from kla.management.backups import repository_at


class Command(BaseCommand):
    help = (
        "Bring the newest backup in SRC, or the one named by --run, back into an empty "
        "installation of the same or a newer version. Refuses to touch live data."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("src", metavar="SRC")
        parser.add_argument(
            "--run", default="", metavar="NAME", help="For example 20261128T020000Z."
        )
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="The secret key of an encrypted backup."
        )
        parser.add_argument(
            "--list",
            action="store_true",
            dest="list_only",
            help="Only say which backups there are.",
        )

    def handle(
        self, *, src: str, run: str, identity: Path | None, list_only: bool, **options: Any
    ) -> None:
        repository = repository_at(src, identity=identity)
        try:
            if list_only:
                for one in repository.manifests():
                    self.stdout.write(
                        f"{one.name}  {sum(one.rows.values())} baris  {one.files} berkas"
                    )
                return
            manifest = repository.manifest(run)
            restore_backup(repository, manifest, documents=default_storage)
        except (BackupError, OSError) as error:
            raise CommandError(f"Pemulihan gagal: {error}") from error
        # What `migrate` adds besides tables: the names of rights, and the table of the cache.
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        drop_mark()
        self.stdout.write(
            f"Cadangan {manifest.name} dipulihkan: {sum(manifest.rows.values())} baris, "
            f"{manifest.files} berkas."
        )
        if manifest.missing:
            raise CommandError("Tidak ada dalam cadangan: " + ", ".join(manifest.missing))
