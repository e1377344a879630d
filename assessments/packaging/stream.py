"""Writes the ZIP of a package in pieces, as it is sent."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO

from django.core.files.storage import Storage
from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

from assessments.filetypes.kinds import CSV
from assessments.packaging.contents import Package, PackedFile
from assessments.packaging.index import Troubles, index_files
from assessments.packaging.trouble import Trouble

logger = logging.getLogger(__name__)

CHUNK = 128 * 1024
# Of what people may hand in, only text grows smaller; the rest is compressed already.
COMPRESSIBLE = frozenset({CSV.media_type})


def stream(
    package: Package, *, storage: Storage, packed: Callable[[int], object] | None = None
) -> Iterator[bytes]:
    """The whole ZIP. It holds one piece of one file at a time and asks the database nothing.

    A file that cannot be read does not end the download: it is told in the index, which
    therefore comes last. `packed` is told after each file how many are done.
    """
    archive = ZipStream(compress_type=ZIP_STORED)
    troubles: Troubles = {}
    for number, file in enumerate(package.files(), start=1):
        yield from _packed(archive, file, storage, troubles)
        if packed is not None:
            packed(number)
    for name, content in index_files(package, troubles):
        archive.add(content, name, compress_type=ZIP_DEFLATED)
    yield from archive.finalize()


def _packed(
    archive: ZipStream, file: PackedFile, storage: Storage, troubles: Troubles
) -> Iterator[bytes]:
    """Nothing at all when not even the first piece can be read."""
    if file.text is not None:
        archive.add(file.text, file.path, compress_type=ZIP_DEFLATED)
        yield from archive.all_files()
        return
    if file.is_withheld:
        # As it should be, so operators are not told.
        troubles[file.path] = Trouble.QUARANTINED if file.is_quarantined else Trouble.WITHHELD
        return
    if not file.stored_name:
        _note(file, Trouble.LOCKED, troubles)
        return
    try:
        source = storage.open(file.stored_name, "rb")
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        _note(file, Trouble.MISSING if missing else Trouble.UNREADABLE, troubles)
        return
    with source:
        try:
            if not _is_as_stored(source, file):
                _note(file, Trouble.DAMAGED, troubles)
                return
            first = source.read(CHUNK)
        except OSError:
            _note(file, Trouble.UNREADABLE, troubles)
            return
        method = ZIP_DEFLATED if file.media_type in COMPRESSIBLE else ZIP_STORED
        content = _checked(first, source, file, troubles)
        archive.add(content, file.path, size=file.size, compress_type=method)
        yield from archive.all_files()


def _is_as_stored(source: IO[bytes], file: PackedFile) -> bool:
    """Whether the content still is what was handed in: read once before any of it is packed."""
    digest = hashlib.sha256()
    while piece := source.read(CHUNK):
        digest.update(piece)
    source.seek(0)
    return digest.hexdigest() == file.sha256


def _checked(
    first: bytes, source: IO[bytes], file: PackedFile, troubles: Troubles
) -> Iterator[bytes]:
    """The content, compared once more on its way out: it may change after it was read."""
    digest = hashlib.sha256()
    try:
        for piece in chain([first], iter(lambda: source.read(CHUNK), b"")):
            digest.update(piece)
            yield piece
    except OSError:
        _note(file, Trouble.CUT_SHORT, troubles)
        return
    if digest.hexdigest() != file.sha256:
        _note(file, Trouble.CHANGED, troubles)


def _note(file: PackedFile, trouble: Trouble, troubles: Troubles) -> None:
    logger.error("Packing %s for question %s: %s", file.stored_name, file.question, trouble.name)
    troubles[file.path] = trouble
