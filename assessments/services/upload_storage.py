"""What has arrived of each upload, on disk: one file an upload, outside the documents.

A file is made after its row is stored and removed after its row is gone. So a file without a
row is rubbish, and a row's file holds at least the bytes that the row counts.

Where documents lie in a bucket, what arrives is stored there too (upload_objects.py), and the file
is only this machine's copy: it may be shorter, or have other bytes, for another machine may have
taken the next piece. `arrived`, the SHA-256 of what the row counts, is what it must have.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from assessments.services import upload_objects
from assessments.services.upload_objects import PIECE, LostContentError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PARTIAL, HANDED_OVER = "", ".handover"
COPIES_KEPT = timedelta(days=2)  # longer than any upload waits for its next piece

logger = logging.getLogger(__name__)


class HandedOverFile(UploadedFile):
    """A whole upload under a name of its own, for the storage to move where it belongs."""

    def __init__(self, path: Path, *, name: str, size: int) -> None:
        super().__init__(file=None, name=name, size=size)
        self.path = path

    def temporary_file_path(self) -> str:
        """Read by the storage, which then moves the file in place of copying it."""
        return str(self.path)


def path_of(upload_id: UUID, ending: str = PARTIAL) -> Path:
    return Path(settings.KLA_UPLOADS) / f"{upload_id.hex}{ending}"


def received(pieces: Iterable[bytes]) -> IO[bytes]:
    """The pieces in a file without a name: the system removes it even after a crash."""
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 -- handed on
    try:
        file.writelines(pieces)
    except BaseException:
        file.close()
        raise
    return file


def write(upload_id: UUID, offset: int, piece: IO[bytes], *, arrived: str = "") -> str:
    """Put the piece at the offset, safe from a power cut when this returns.

    Whatever lies beyond the offset was written by a server that died before it could count
    it, and goes. Returns the SHA-256 of all that has arrived where a bucket has it too, else
    an empty string. Raises LostContentError, or OSError with the content as it was.
    """
    in_bucket = upload_objects.bucket() is not None
    with _opened(upload_id) as file:
        if in_bucket or arrived:
            _bring(file, upload_id, offset, arrived)
        if file.seek(0, os.SEEK_END) < offset:
            raise LostContentError
        file.truncate(offset)
        file.seek(offset)
        piece.seek(0)
        try:
            shutil.copyfileobj(piece, file, PIECE)
            file.flush()
            os.fsync(file.fileno())
            after = upload_objects.store(file, upload_id, offset, arrived) if in_bucket else ""
        except OSError:
            os.ftruncate(file.fileno(), offset)
            raise
    if in_bucket and offset == 0:
        _forget_old_copies(path_of(upload_id))
    return after


def whole(upload_id: UUID, size: int, *, arrived: str) -> Path:
    """The file of a whole upload of `size` bytes, fetched where this machine has it otherwise.

    Raises LostContentError, or OSError where the bucket does not answer.
    """
    if arrived:
        with _opened(upload_id) as file:
            _bring(file, upload_id, size, arrived)
            file.truncate(size)
    return path_of(upload_id)


def holds(upload_id: UUID, size: int, *, arrived: str = "") -> bool:
    """Whether the first `size` bytes are there, here or in the bucket."""
    path = path_of(upload_id)
    try:
        if not arrived:
            return path.stat().st_size >= size
        with path.open("rb") as file:
            if upload_objects.sha256_of_first(size, file) == arrived:
                return True
    except FileNotFoundError:
        if not arrived:
            return size == 0
    return upload_objects.is_there(upload_id, size, arrived)


def _opened(upload_id: UUID) -> IO[bytes]:
    path = path_of(upload_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _bring(file: IO[bytes], upload_id: UUID, size: int, arrived: str) -> None:
    """One process of this machine at a time: whoever only reads may fetch, and holds no row."""
    fcntl.flock(file.fileno(), fcntl.LOCK_EX)
    upload_objects.bring(file, upload_id, size, arrived)


def _forget_old_copies(newest: Path) -> None:
    """Of uploads that ended at another machine; a sweep sees one machine's folder alone."""
    until = newest.stat().st_mtime - COPIES_KEPT.total_seconds()
    for upload_id in _here():
        for path in (path_of(upload_id), path_of(upload_id, HANDED_OVER)):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime <= until:
                    path.unlink()


def sha256_of(upload_id: UUID) -> str:
    with path_of(upload_id).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hand_over(upload_id: UUID, *, name: str, size: int, arrived: str = "") -> HandedOverFile:
    """A second name for the content, to be moved away; the first stays until all is stored.

    Raises OSError.
    """
    path, second = whole(upload_id, size, arrived=arrived), path_of(upload_id, HANDED_OVER)
    second.unlink(missing_ok=True)
    try:
        os.link(path, second)
    except PermissionError:  # a file system without second names
        shutil.copy2(path, second)
    return HandedOverFile(second, name=name, size=size)


def remove(upload_id: UUID) -> None:
    """What a bucket keeps because it does not answer is swept later."""
    for ending in (PARTIAL, HANDED_OVER):
        path_of(upload_id, ending).unlink(missing_ok=True)
    try:
        upload_objects.remove(upload_id)
    except OSError:
        logger.exception("What has arrived of upload %s stays in the bucket", upload_id)


def stored_uploads() -> Iterator[UUID]:
    """The uploads of which anything lies here, or in the bucket if it answers."""
    found = set(_here())
    try:
        found |= set(_named(upload_objects.stored()))
    except OSError:
        logger.exception("Uploads in the bucket were not looked for")
    yield from sorted(found)


def _here() -> Iterator[UUID]:
    folder = Path(settings.KLA_UPLOADS)
    return _named(path.stem for path in folder.iterdir()) if folder.is_dir() else iter(())


def _named(stems: Iterable[str]) -> Iterator[UUID]:
    for stem in sorted(set(stems)):
        try:
            yield UUID(hex=stem)
        except ValueError:  # nothing that we put there
            continue


def remove_temporary(*, until: datetime) -> int:
    """Remove what plain uploads and the making of renditions left when a process was killed.

    A folder counts as young as the youngest thing in it: somebody may be working there.
    """
    count = 0
    for path in {*_temporary("tmp*"), *_temporary("*.upload*")}:
        if _changed_at(path) <= until.timestamp():
            _remove_whole(path)
            count += 1
    return count


def _temporary(pattern: str) -> list[Path]:
    return sorted(Path(settings.FILE_UPLOAD_TEMP_DIR).glob(pattern))


def _changed_at(path: Path) -> float:
    moments = [0.0]
    for one in (path, *path.rglob("*")):
        with suppress(FileNotFoundError):
            moments.append(one.lstat().st_mtime)
    return max(moments)


def _remove_whole(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def is_full(error: BaseException | None) -> bool:
    """Whether a disk, its share for us, or the most that a file may have is used up."""
    return isinstance(error, OSError) and error.errno in FULL


def storage_trouble(error: OSError) -> ValidationError:
    if is_full(error):
        sentence = _(
            "Tempat penyimpanan berkas penuh, jadi dokumen belum tersimpan. Beri tahu "
            "administrator situs, lalu unggah lagi."
        )
    else:
        sentence = _(
            "Berkas tidak dapat disimpan, jadi dokumen belum masuk. Coba lagi sebentar; bila "
            "tetap terjadi, beri tahu administrator situs."
        )
    return ValidationError(sentence, code="storage")
