"""Documents of which some still lie in another place: while `manage.py move_documents` moves them.

What is new is stored in the first place; what is read is looked for in the first, then in the
second. docs/decisions/0062 says in which order the settings change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.core.files import File
from django.core.files.storage import Storage
from django.core.files.storage.handler import StorageHandler

Found = TypeVar("Found")


class TwoPlaces(Storage):
    """`first` and `second` are as in the setting STORAGES: BACKEND and OPTIONS of each."""

    def __init__(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        named: Any = {"first": first, "second": second}
        handler = StorageHandler(named)
        self.first, self.second = handler["first"], handler["second"]

    @property
    def places(self) -> tuple[Storage, Storage]:
        return self.first, self.second

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        if not self.second.exists(str(name)):
            return str(self.first.save(name, content, max_length=max_length))
        free = self.get_available_name(str(name), max_length=max_length)
        return str(self.first.save(free, content, max_length=max_length))

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        return self._found(lambda place: place.open(name, mode))

    def size(self, name: str) -> int:
        return self._found(lambda place: place.size(name))

    def get_modified_time(self, name: str) -> datetime:
        return self._found(lambda place: place.get_modified_time(name))

    def _found(self, look: Callable[[Storage], Found]) -> Found:
        """Moved between two looks it is in the first place by then."""
        for place in (self.first, self.second):
            try:
                return look(place)
            except FileNotFoundError:
                continue
        return look(self.first)

    def exists(self, name: str) -> bool:
        return self.first.exists(name) or self.second.exists(name) or self.first.exists(name)

    def signed_address(self, name: str, **asked: str) -> str:
        """Of the first place, for what is there already."""
        sign = getattr(self.first, "signed_address", None)
        return str(sign(name, **asked)) if sign and self.first.exists(name) else ""

    def delete(self, name: str) -> None:
        """The second place first: what is moved meanwhile arrives in the other one."""
        self.second.delete(name)
        self.first.delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        folders: set[str] = set()
        files: set[str] = set()
        seen = 0
        # The second first, so that nothing slips by on its way to the first.
        for place in (self.second, self.first):
            try:
                more = place.listdir(path)
            except FileNotFoundError:
                continue
            seen += 1
            folders |= set(more[0])
            files |= set(more[1])
        if not seen:
            raise FileNotFoundError(path)
        return sorted(folders), sorted(files)
