"""Prove that a backup can be brought back, in a place that is gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from backups.repository import BackupError
from kla.management.backups import absolute, repository_at

CHECKS = (
    ("verify_documents",),
    ("verify_snapshots",),
    ("refresh_scores", "--dry-run"),
)


class Command(BaseCommand):
    help = (
        "Restore the newest backup in SRC, or the one named by --run, into a temporary SQLite "
        "database and folder, and run every check there. Any trouble ends in exit status 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("src", metavar="SRC")
        parser.add_argument("--run", default="", metavar="NAME")
        parser.add_argument("--identity", type=Path, metavar="FILE")

    def handle(self, *, src: str, run: str, identity: Path | None, **options: Any) -> None:
        try:
            manifest = repository_at(src, identity=identity).manifest(run)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        keys = ["--identity", str(identity.resolve())] if identity else []
        with TemporaryDirectory(prefix="kla-verify-") as folder:
            run_here(folder, "restore", absolute(src), "--run", manifest.name, *keys)
            heads = run_here(folder, "verify_trail").splitlines()
            if heads != manifest.heads:
                raise CommandError(
                    "Kode keaslian terakhir berbeda dari yang dicatat saat cadangan dibuat."
                )
            for check in CHECKS:
                run_here(folder, *check)
        self.stdout.write(
            f"Cadangan {manifest.name} dapat dipulihkan: {sum(manifest.rows.values())} baris dan "
            f"{manifest.files} berkas cocok, semua pemeriksaan bersih."
        )


def run_here(folder: str, *command: str) -> str:
    """What a command of ours prints, run on the temporary installation in the folder."""
    there = {
        "DATABASE_URL": f"sqlite:///{folder}/kla.sqlite3",
        "KLA_VAR": f"{folder}/var",
        "KLA_MEDIA": f"{folder}/media",
        "KLA_UPLOADS": f"{folder}/uploads",
    }
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
        env={**os.environ, **there},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip()
        raise CommandError(f"{' '.join(command)}: {words}")
    return done.stdout
