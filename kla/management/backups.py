"""What the commands of backups share: where the repository is, and its keys."""

from __future__ import annotations

import importlib
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from backups.folder import Folder, Place
from backups.repository import BackupError, Repository

S3 = "s3://"


def repository_at(place: str, *, identity: Path | None = None) -> Repository:
    """The repository in a folder, or in a bucket (`s3://bucket/prefix`).

    Raises CommandError if a key can't be read, or nothing here speaks S3.
    """
    identities = []
    if identity is not None:
        try:
            identities = [identity.read_text(encoding="utf-8")]
        except OSError as error:
            raise CommandError(f"Berkas kunci {identity} tidak terbaca: {error}") from error
    try:
        return Repository(
            place_at(place), recipients=settings.KLA_BACKUP_RECIPIENTS, identities=identities
        )
    except BackupError as error:
        raise CommandError(str(error)) from error


def place_at(place: str) -> Place:
    if not place.startswith(S3):
        return Folder(place)
    try:
        # By name, for what it needs is not part of every installation.
        bucket = importlib.import_module("backups.bucket")
        return bucket.Bucket(place)
    except ModuleNotFoundError as error:
        raise CommandError(
            f"Cadangan ke S3 memerlukan kelompok pilihan s3: pasang requirements/s3.txt ({error})."
        ) from error
    except (OSError, ValueError) as error:
        raise CommandError(
            f"{place} tidak dapat dipakai sebagai tempat cadangan: {error}"
        ) from error


def absolute(place: str) -> str:
    """The same place for a process that works in another folder."""
    return place if place.startswith(S3) else str(Path(place).resolve())
