"""ZIP as the wrapping of office documents: opened only after its directory was weighed."""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.filetypes.inspected import CHUNK, InspectedFile
from assessments.filetypes.signs import ZIP_ENTRY_MAGIC, zip_end

MAX_ENTRIES = 2_000
MAX_DIRECTORY = 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200  # a sheet of repeated words packs to a fiftieth; only zeros pack to a thousandth
RATIO_MATTERS_FROM = 20 * 1024 * 1024
SPOOL = 1024 * 1024
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED = 0x1
OUTSIDE = re.compile(r"^/|^[A-Za-z]:|\\|(?:^|/)\.\.(?:/|$)|\x00")
# What zipfile and zlib are known to raise on damage.
UNZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


@dataclass(slots=True)
class Budget:
    """What may still be unpacked, in all, from one file and the packages inside it."""

    entries: int = MAX_ENTRIES
    unpacked: int = MAX_UNPACKED


@contextmanager
def opened(file: InspectedFile, budget: Budget) -> Iterator[zipfile.ZipFile]:
    """The archive, weighed. Damage met while the caller reads it is refused as well."""
    _weigh_directory(file, budget)
    try:
        with zipfile.ZipFile(file.stream) as archive:
            _weigh_entries(file, archive.infolist(), budget)
            yield archive
    except UNZIP_ERRORS as error:
        raise broken(file) from error


def pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's content. Never more than it declared: then its check sum is wrong."""
    with archive.open(entry) as part:
        while piece := part.read(CHUNK):
            yield piece


@contextmanager
def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """One entry as a seekable file of its own, kept on disk when it is large."""
    with tempfile.SpooledTemporaryFile(max_size=SPOOL) as copy:
        for piece in pieces(archive, entry):
            copy.write(piece)
        copy.seek(0)
        yield copy


def _weigh_directory(file: InspectedFile, budget: Budget) -> None:
    end = zip_end(file)
    if end is None or end.directory_at < 0 or end.entries == 0:
        raise broken(file)
    # Checked before Python builds an object for each of a million entries.
    if end.entries > budget.entries or end.directory_size > MAX_DIRECTORY:
        raise too_big_inside(file)
    # Bytes put before the archive would move its directory away from where it should be.
    if end.directory_at != end.directory_said_at:
        raise broken(file)
    if file.read_at(end.directory_at, len(ZIP_ENTRY_MAGIC)) != ZIP_ENTRY_MAGIC:
        raise broken(file)


def _weigh_entries(file: InspectedFile, entries: list[zipfile.ZipInfo], budget: Budget) -> None:
    total = sum(entry.file_size for entry in entries)
    budget.entries -= len(entries)
    budget.unpacked -= total
    if budget.entries < 0 or budget.unpacked < 0:
        raise too_big_inside(file)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if total > RATIO_MATTERS_FROM and total / min(packed, file.size) > MAX_RATIO:
        raise too_big_inside(file)
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise locked(file)
    names = {entry.orig_filename.lower() for entry in entries}
    if (
        len(names) < len(entries)
        or any(OUTSIDE.search(entry.orig_filename) for entry in entries)
        or any(entry.compress_type not in METHODS for entry in entries)
    ):
        raise broken(file)


def locked(file: InspectedFile) -> ValidationError:
    return file.refusal(
        "encrypted",
        _(
            "Berkas “%(name)s” (%(size)s) terkunci kata sandi. "
            "Simpan tanpa kata sandi, lalu unggah kembali."
        ),
    )


def broken(file: InspectedFile) -> ValidationError:
    return file.refusal(
        "broken",
        _(
            "Berkas “%(name)s” (%(size)s) rusak atau terpotong sehingga isinya tidak terbaca. "
            "Buka di komputer Anda, simpan ulang, lalu unggah kembali."
        ),
    )


def too_big_inside(file: InspectedFile) -> ValidationError:
    return file.refusal(
        "too_big_inside",
        _(
            "Berkas “%(name)s” (%(size)s) mengembang terlalu besar saat dibuka. "
            "Cetak ke PDF atau bagi menjadi beberapa berkas, lalu unggah kembali."
        ),
    )
