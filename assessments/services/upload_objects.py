"""What has arrived of each upload, in the bucket of the documents: for web servers of other machines.

Each piece is an object of its own, written before its row counts it and removed after the row is
gone: uploads/<upload>/<offset>-<SHA-256 of all before it>-<SHA-256 of all up to its end>. So other
content always has another name. A server that comes too late, because it died over its piece or
has lost its row to another, writes beside what is counted and never over it. What is counted the
row says by the SHA-256 of all that has arrived; from there each name leads to the one before.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.core.files.storage import default_storage

ROOT = "uploads"
PIECE = 64 * 1024  # bytes read at once
NOTHING = hashlib.sha256().hexdigest()
NAME = re.compile(r"(?P<offset>\d{15})-(?P<before>[0-9a-f]{64})-(?P<after>[0-9a-f]{64})")


class LostContentError(FileNotFoundError):
    """Less is left than the row counts; the upload has to begin anew."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Where it begins, and the SHA-256 of all before it and of all up to its end."""

    offset: int
    before: str
    after: str

    def name(self, upload_id: UUID) -> str:
        return f"{ROOT}/{upload_id.hex}/{self.offset:015}-{self.before}-{self.after}"


def bucket() -> Any:
    """The bucket, if documents lie in one, also while they are moved there or back; else None."""
    places = getattr(default_storage, "places", [default_storage])
    return next((place for place in places if hasattr(place, "replace")), None)


def bring(file: IO[bytes], upload_id: UUID, size: int, arrived: str) -> None:
    """Make the first `size` bytes of this machine's file those that are counted.

    `arrived` is the SHA-256 that they have; empty, those that are there are taken for them. What
    the file lacks, or has otherwise, is fetched. Raises LostContentError, or OSError where the
    bucket does not answer.
    """
    if not arrived or sha256_of_first(size, file) == arrived:
        return
    sound = hashlib.sha256()
    for piece, length in _counted(upload_id, size, arrived):
        file.seek(piece.offset)
        here = _added(sound, _read(file, length))
        if here.hexdigest() != piece.after:
            file.seek(piece.offset)
            here = _added(sound, _fetched(piece.name(upload_id), file))
            if here.hexdigest() != piece.after or file.tell() != piece.offset + length:
                raise LostContentError
        sound = here


def store(file: IO[bytes], upload_id: UUID, offset: int, arrived: str) -> str:
    """Put what the file has from the offset on into the bucket; the SHA-256 of all of the file.

    Where the bucket has nothing of what came before, that goes along. Raises OSError.
    """
    after = sha256_of_first(file.seek(0, 2), file)
    piece = Piece(offset if arrived else 0, arrived or NOTHING, after)
    file.seek(piece.offset)
    bucket().replace(piece.name(upload_id), file)
    return after


def is_there(upload_id: UUID, size: int, arrived: str) -> bool:
    """Whether the bucket has all that is counted. While nobody can tell, it has."""
    try:
        _counted(upload_id, size, arrived)
    except LostContentError:
        return False
    except OSError:
        return True
    return True


def remove(upload_id: UUID) -> None:
    place, folder = bucket(), f"{ROOT}/{upload_id.hex}"
    if place is not None:
        place.delete_all([f"{folder}/{name}" for name in place.listdir(folder)[1]])


def stored() -> list[str]:
    """The names of the uploads of which anything lies there."""
    place = bucket()
    return [] if place is None else list(place.listdir(ROOT)[0])


def sha256_of_first(size: int, file: IO[bytes]) -> str:
    """Of all there is where the file is shorter."""
    file.seek(0)
    return str(_added(hashlib.sha256(), _read(file, size)).hexdigest())


def _counted(upload_id: UUID, size: int, arrived: str) -> list[tuple[Piece, int]]:
    """The pieces that make up the first `size` bytes, in order, and how long each is."""
    place = bucket()
    names = [] if place is None else place.listdir(f"{ROOT}/{upload_id.hex}")[1]
    found = {}
    for said in filter(None, map(NAME.fullmatch, names)):
        piece = Piece(int(said["offset"]), said["before"], said["after"])
        found[piece.after] = piece
    pieces, end = [], size
    while end:
        last = found.get(arrived)
        if last is None or last.offset >= end:
            raise LostContentError
        pieces.append((last, end - last.offset))
        end, arrived = last.offset, last.before
    return pieces[::-1]


def _fetched(name: str, file: IO[bytes]) -> Iterator[bytes]:
    """The object, read and written to the file as it comes."""
    try:
        with bucket().open(name, "rb") as content:
            while data := content.read(PIECE):
                file.write(data)
                yield data
    except FileNotFoundError as error:
        raise LostContentError from error


def _read(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size and (data := file.read(min(size, PIECE))):
        size -= len(data)
        yield data


def _added(digest: Any, pieces: Iterator[bytes]) -> Any:
    digest = digest.copy()
    for data in pieces:
        digest.update(data)
    return digest
