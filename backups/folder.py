"""A folder in which backups lie: another disk, or a mounted share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Protocol
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class Place(Protocol):
    """Where a repository lies. Whatever fails raises OSError, what is not there FileNotFoundError."""

    def open(self, name: str, mode: str = "rb") -> File: ...

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The names of folders and of files right below a path."""

    def delete(self, name: str) -> None:
        """Remove a file, or a folder with nothing in it; what is not there is no error."""

    def replace(self, name: str, content: IO[bytes]) -> None:
        """Put all of the content there. Killed at any moment, what lay there before stays."""

    def forget_parts(self) -> None:
        """Remove what killed writers left that `listdir` does not show."""


class Folder(FileSystemStorage):
    """Readable by its owner alone."""

    def __init__(self, location: str | Path) -> None:
        super().__init__(
            location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def replace(self, name: str, content: IO[bytes]) -> None:
        part = f"{name}.{uuid4().hex}.part"
        try:
            self.save(part, File(content))
            with self.open(part) as written:
                os.fsync(written.fileno())
            Path(self.path(part)).replace(self.path(name))
        except OSError:
            self.delete(part)
            raise

    def forget_parts(self) -> None:
        """Nothing to do: they lie where `listdir` shows them."""
