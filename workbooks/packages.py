"""Checks the ZIP around a workbook against limits before any part of it is read.

Its directory tells sizes, and may lie: so each part is also read to its end, where its check
sum shows it. No part is run, followed or kept.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from django.utils.translation import gettext as _

from workbooks.faults import SheetFault, UnreadableError, not_a_table, shown

ZIP_SIGNATURE = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED = 0x1
CHUNK = 64 * 1024
MAX_BYTES = 5_000_000

WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
XML = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
MACRO = re.compile(
    r"(?:^|/)vba(?:project|data)[^/]*$|(?:^|/)(?:macrosheets|activex)/", re.IGNORECASE
)
OUTSIDE = re.compile(r"(?:^|/)externallinks/|(?:^|/)connections\.xml$", re.IGNORECASE)
CONTENT_TYPES = "[content_types].xml"
MACRO_TYPE = re.compile(rb"macroenabled|vbaproject", re.IGNORECASE)
# Programs, archives and old Office files have no place in a table.
FOREIGN_START = re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0|MZ|\x7fELF|Rar!|7z\xbc\xaf|\x1f\x8b")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a workbook is read. A file with more is refused, never cut off."""

    bytes: int = MAX_BYTES
    unpacked: int = 10_000_000  # everything but the worksheets
    worksheets: int = 60_000_000  # a million formatted empty rows are some forty megabytes
    members: int = 200
    sheets: int = 40
    rows: int = 5_000  # the last line that may have something in it
    columns: int = 40  # cells further right belong to the person, and are not read


class _Prolog(Exception):
    """The first element has begun: what follows can no longer declare entities."""


def judge(content: bytes, name: str, limits: Limits) -> list[SheetFault]:
    """What the package carries besides tables: macros, links to other files, other archives.

    Raises UnreadableError for what cannot be opened at all: broken, locked, too large.
    """
    if not content.strip():
        raise UnreadableError(SheetFault(1, _("Berkas kosong.")))
    if len(content) > limits.bytes:
        raise UnreadableError(SheetFault(1, _("Berkas terlalu besar untuk sebuah tabel.")))
    if content.startswith(OLD_OFFICE) and ENCRYPTED_PACKAGE in content:
        raise _locked()
    if not content.startswith(ZIP_SIGNATURE):
        raise not_a_table(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _weigh(members, limits)
            found = [fault for one in members if (fault := _fault_of(archive, one))]
    except UnreadableError:
        raise
    # What zipfile, zlib and expat are known to raise on damage
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        EOFError,
        LookupError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise not_a_table(name) from error
    return list(dict.fromkeys(found))


def _weigh(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """A few bytes of archive can unpack to gigabytes; its directory says so beforehand."""
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise _locked()
    names = {member.filename.casefold() for member in members}
    if len(names) < len(members):
        raise zipfile.BadZipFile  # two parts of one name: each reader sees another workbook
    sheets = [one.file_size for one in members if WORKSHEET.fullmatch(one.filename)]
    rest = sum(member.file_size for member in members) - sum(sheets)
    if len(members) > limits.members or rest > limits.unpacked or sum(sheets) > limits.worksheets:
        message = _(
            "Isi berkas terlalu besar untuk sebuah tabel; hapus baris dan kolom kosong yang "
            "berformat, gambar, dan lembar lain."
        )
        raise UnreadableError(SheetFault(1, message))


def _fault_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> SheetFault | None:
    """What is wrong with one part, after reading it to its end."""
    chunks = _chunks(archive, member)
    first = next(chunks, b"")
    if XML.search(member.filename):
        _refuse_declarations(first)
    is_macro = MACRO.search(member.filename) is not None
    if member.filename.casefold() == CONTENT_TYPES:
        is_macro = any(MACRO_TYPE.search(chunk) for chunk in (first, *chunks))
    for _chunk in chunks:
        pass  # to the end: only then are the declared size and the check sum proven
    if is_macro:
        return SheetFault(0, _("Berkas membawa makro; simpan sebagai XLSX tanpa makro."))
    if OUTSIDE.search(member.filename):
        message = _("Berkas menautkan berkas atau data lain; putuskan tautannya, lalu simpan.")
        return SheetFault(0, message)
    if FOREIGN_START.match(first):
        message = _("Berkas membawa berkas lain, %(part)s; hapus sisipan itu, lalu simpan.")
        return SheetFault(0, message % {"part": shown(member.filename)})
    return None


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            yield chunk


def _refuse_declarations(start: bytes) -> None:
    """No part of a workbook declares entities, the door to bombs and to foreign files.

    They can only stand before the first element, in whatever encoding the part has.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _on_doctype
    parser.StartElementHandler = _on_element
    try:
        parser.Parse(start, False)
    except _Prolog:
        return
    if len(start) >= CHUNK:
        raise zipfile.BadZipFile  # no honest part begins with so much that says nothing


def _on_doctype(*_declaration: object) -> None:
    raise zipfile.BadZipFile


def _on_element(*_element: object) -> None:
    raise _Prolog


def _locked() -> UnreadableError:
    message = _("Berkas terkunci kata sandi; simpan tanpa kata sandi.")
    return UnreadableError(SheetFault(1, message))
