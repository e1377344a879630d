"""The file under inspection, with the refusals (`ValidationError`) that name it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError

from figures.numbers import format_size_limit

CHUNK = 64 * 1024
HEAD = 1024


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """A seekable stream with its measured size. `name` is already safe to show."""

    name: str
    stream: IO[bytes]
    size: int

    def read_at(self, offset: int, length: int) -> bytes:
        self.stream.seek(offset)
        return self.stream.read(length)

    def head(self) -> bytes:
        return self.read_at(0, HEAD)

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """The rest of the file from `start`, piece by piece."""
        self.stream.seek(start)
        while chunk := self.stream.read(CHUNK):
            yield chunk

    def refusal(self, code: str, sentence: str, **facts: object) -> ValidationError:
        """The error to raise. `sentence` may name the file with %(name)s and %(size)s."""
        params = {"name": self.name, "size": format_size_limit(self.size), **facts}
        return ValidationError(sentence, code=code, params=params)
