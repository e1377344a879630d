"""Moving stored files from one place to another while people work.

What still lies in the old place is what still has to be moved, so a run that was killed goes on
where it stopped. A file leaves the old place only when the new one has it with the SHA-256 of its
record.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage

from assessments.models import Rendition, SupportingDocument
from assessments.services.integrity import BATCH, ROOT, SHOWN, damage_in, stored_paths

logger = logging.getLogger(__name__)

UNDER_WAY = ".moving"


class Outcome(StrEnum):
    """What came of one file."""

    MOVED = "moved"
    ALREADY = "already"  # the new place had it, and now has it alone
    DAMAGED = "damaged"  # is not what was handed in, and stays where it is
    UNKNOWN = "unknown"  # no record names it, and it stays
    GONE = "gone"  # taken back meanwhile


@dataclass(frozen=True, slots=True)
class _Record:
    size: int
    sha256: str


class _Hashed(File):
    """Counts and hashes what is read out of it from its beginning."""

    def __init__(self, content: IO[bytes], name: str) -> None:
        super().__init__(content, name)
        self.content, self.digest, self.found = content, hashlib.sha256(), 0

    def seek(self, offset: int, *whence: int) -> int:
        self.digest, self.found = hashlib.sha256(), 0
        return self.content.seek(offset, *whence)

    def read(self, *size: int) -> bytes:
        piece = self.content.read(*size)
        self.digest.update(piece)
        self.found += len(piece)
        return piece

    def is_as(self, record: _Record) -> bool:
        return (self.found, self.digest.hexdigest()) == (record.size, record.sha256)


def move_files(
    *,
    source: Storage,
    target: Storage,
    keep: bool = False,
    told: Callable[[Counter[Outcome]], Any] = lambda _done: None,
) -> Counter[Outcome]:
    """Move every file that lies in `source` and that a record names. Returns how many.

    With `keep` they stay in `source` as well. `told` hears of the progress after each batch. Two
    queries a batch and one a file. Raises OSError where a place cannot be reached; what was moved
    until then is moved.
    """
    done: Counter[Outcome] = Counter()
    for folder in (ROOT, SHOWN):
        for paths in _batches(stored_paths(source, folder)):
            records = _records(paths)
            for path in paths:
                record = records.get(path)
                done[_move(path, record, source, target, keep=keep)] += 1
            told(done)
    return done


def _batches(paths: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(paths)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _records(paths: Iterable[str]) -> dict[str, _Record]:
    """By path. The name of a file is the key of its document."""
    keys = []
    for path in paths:
        try:
            keys.append(UUID(hex=PurePosixPath(path).name))
        except ValueError:  # nothing of ours
            continue
    originals = SupportingDocument.objects.filter(pk__in=keys).exclude(file="")
    renditions = Rendition.objects.filter(document__in=keys).exclude(file="")
    rows = [
        *originals.values_list("file", "size", "sha256"),
        *renditions.values_list("file", "size", "sha256"),
    ]
    return {path: _Record(size, sha256) for path, size, sha256 in rows}


def _move(
    path: str, record: _Record | None, source: Storage, target: Storage, *, keep: bool
) -> Outcome:
    if record is None:
        return Outcome.UNKNOWN
    outcome = Outcome.ALREADY
    if not _is_there(path, record, target):
        outcome = _copied(path, record, source, target)
    if outcome not in (Outcome.MOVED, Outcome.ALREADY):
        return outcome
    # Whoever takes a document back removes its row, then the file in both places: before this
    # look it may have been there in neither.
    if path not in _records([path]):
        target.delete(path)
        return Outcome.GONE
    if not keep:
        source.delete(path)
    return outcome


def _is_there(path: str, record: _Record, target: Storage) -> bool:
    """Whether the new place has it whole. Half of it, which a killed run left in a folder, goes."""
    try:
        with target.open(path, "rb") as file:
            if damage_in(file, size=record.size, sha256=record.sha256) is None:
                return True
    except FileNotFoundError:
        return False
    target.delete(path)
    return False


def _copied(path: str, record: _Record, source: Storage, target: Storage) -> Outcome:
    try:
        original = source.open(path, "rb")
    except FileNotFoundError:
        return Outcome.GONE
    with original:
        content = _Hashed(original, path)
        if isinstance(target, FileSystemStorage):
            is_right = _put_into_folder(target, path, content, record)
        else:
            is_right = _put(target, path, content, record)
    if not is_right:
        logger.error("The file %s is not what was handed in; it was not moved", path)
        return Outcome.DAMAGED
    return Outcome.MOVED if _is_there(path, record, target) else Outcome.DAMAGED


def _put(target: Storage, path: str, content: _Hashed, record: _Record) -> bool:
    """Into a bucket, where a file appears whole or not at all."""
    saved = target.save(path, content)
    if saved != path:  # somebody else moves the same file at this moment
        target.delete(saved)
        raise OSError(f"{path} was written by another process at the same time")
    if not content.is_as(record):
        target.delete(path)
        return False
    return True


def _put_into_folder(
    target: FileSystemStorage, path: str, content: _Hashed, record: _Record
) -> bool:
    """Under another name first: whoever reads meanwhile must not find half of it."""
    target.delete(f"{path}{UNDER_WAY}")  # of a run that was killed
    half = target.save(f"{path}{UNDER_WAY}", content)
    if not content.is_as(record):
        target.delete(half)
        return False
    Path(target.path(half)).replace(target.path(path))
    return True
