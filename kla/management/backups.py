"""What the commands of backups share: where the repository is, and its keys."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.management.base import CommandError

from backups.repository import BackupError, Repository


def repository_at(place: str, *, identity: Path | None = None) -> Repository:
    """The repository in a folder. Raises CommandError if a key can't be read."""
    identities = []
    if identity is not None:
        try:
            identities = [identity.read_text(encoding="utf-8")]
        except OSError as error:
            raise CommandError(f"Berkas kunci {identity} tidak terbaca: {error}") from error
    folder = FileSystemStorage(
        location=place, file_permissions_mode=0o600, directory_permissions_mode=0o700
    )
    try:
        return Repository(folder, recipients=settings.KLA_BACKUP_RECIPIENTS, identities=identities)
    except BackupError as error:
        raise CommandError(str(error)) from error
