"""Byte patterns of web pages and archives that hide in other files."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from typing import NamedTuple

from assessments.filetypes.inspected import InspectedFile

MARKUP = re.compile(
    rb"<\s*(?:html|head|body|script|iframe|svg|!doctype\s+html)\b|<\?php\b", re.IGNORECASE
)
# The harmless test pattern that stands in for a virus. Kept in two halves, or a virus
# scanner would take this very file away.
VIRUS_TEST = re.compile(
    re.escape(b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
)
OVERLAP = 128  # longer than any pattern, so that none slips through between two chunks

ZIP_END = struct.Struct("<4s4H2LH")
ZIP_END_MAGIC = b"PK\x05\x06"
ZIP_ENTRY_MAGIC = b"PK\x01\x02"
ZIP_COMMENT_MAX = 65_535


class ZipEnd(NamedTuple):
    """The record that closes a ZIP: how many entries its directory has, where it lies."""

    entries: int
    directory_size: int
    directory_at: int
    directory_said_at: int


def occurs(pattern: re.Pattern[bytes], chunks: Iterable[bytes]) -> bool:
    """Whether the pattern stands anywhere in the stream, also across two chunks."""
    before = b""
    for chunk in chunks:
        piece = before + chunk
        if pattern.search(piece):
            return True
        before = piece[-OVERLAP:]
    return False


def zip_end(file: InspectedFile) -> ZipEnd | None:
    """The closing record of a ZIP that ends this file, whatever the file begins with."""
    start = max(0, file.size - ZIP_COMMENT_MAX - ZIP_END.size)
    tail = file.read_at(start, ZIP_COMMENT_MAX + ZIP_END.size)
    last = len(tail) - ZIP_END.size
    found = tail.rfind(ZIP_END_MAGIC, 0, last + len(ZIP_END_MAGIC)) if last >= 0 else -1
    if found < 0:
        return None
    _, _, _, _, entries, directory_size, said_at, _ = ZIP_END.unpack_from(tail, found)
    return ZipEnd(entries, directory_size, start + found - directory_size, said_at)


def hides_zip(file: InspectedFile) -> bool:
    """Whether a ZIP (or a Java archive) rides at the end of another kind of file."""
    end = zip_end(file)
    if end is None or end.entries == 0 or end.directory_at < 0:
        return False
    return file.read_at(end.directory_at, len(ZIP_ENTRY_MAGIC)) == ZIP_ENTRY_MAGIC
