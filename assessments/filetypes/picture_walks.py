"""Where a picture ends (byte offset) and its size in pixels; nothing is decoded.

Decoding a photo of 40 million pixels takes over 100 MB and as many chances to meet a fault
in a decoder; that is for the browser that shows it.

A photo cut off by a bad connection lacks its last marker; a forged one ends before the file
does. Both show when the file is walked from its first marker to its last.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import NamedTuple

from assessments.filetypes.inspected import CHUNK, InspectedFile

MAX_SEGMENTS = 20_000  # a photo has some dozen; each step costs a read

JPEG_START = b"\xff\xd8"
JPEG_MARK = 0xFF
JPEG_END = 0xD9
JPEG_SCAN = 0xDA
JPEG_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
# C4, C8 and CC stand between the frame markers but mean tables.
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Inside a scan 0xff is followed by a stuffed zero, a restart or fill; else a marker begins.
JPEG_NEXT_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
PNG_START = b"\x89PNG\r\n\x1a\n"
WEBP_HEAD = struct.Struct("<4sI4s")


LEAST_SCAN = 512  # bytes of dots, below which there is nothing to see


class DamagedError(Exception):
    """The picture breaks off or contradicts itself."""


class Extent(NamedTuple):
    """Where the picture's own data end in the file, and its size; 0 when it has no pixels."""

    end: int
    width: int
    height: int
    is_whole: bool = True


def walk_jpeg(file: InspectedFile) -> Extent:
    position, width, height, scans = len(JPEG_START), 0, 0, 0
    for _step in range(MAX_SEGMENTS):
        code, position = _jpeg_marker(file, position)
        if code == JPEG_END:
            return Extent(position, width if scans else 0, height)
        if code in JPEG_WITHOUT_LENGTH:
            continue
        segment = file.read_at(position, 7)
        length = int.from_bytes(_whole(segment[:2], 2))
        if code in JPEG_FRAMES:
            tall, wide = struct.unpack(">HH", _whole(segment[3:7], 4))
            width, height = max(width, wide), max(height, tall)
        position += max(length, 2)
        if code == JPEG_SCAN:
            scans += 1
            end = _end_of_scan(file, position)
            if end is None:  # cut off within its dots: readers show what there is
                return Extent(file.size, width, height, is_whole=False)
            position = end
    raise DamagedError


def walk_png(file: InspectedFile) -> Extent:
    head = _whole(file.read_at(0, 24), 24)
    if head[12:16] != b"IHDR":
        raise DamagedError
    width, height = struct.unpack(">II", head[16:24])
    position, has_pixels = len(PNG_START), False
    for _step in range(MAX_SEGMENTS):
        length, kind = struct.unpack(">I4s", _whole(file.read_at(position, 8), 8))
        _check_sum(file, position + 4, length + 4)
        position += length + 12
        has_pixels = has_pixels or kind == b"IDAT"
        if kind == b"IEND":
            return Extent(position, width if has_pixels else 0, height)
    raise DamagedError


def walk_webp(file: InspectedFile) -> Extent:
    head = _whole(file.read_at(0, 30), 30)
    end = WEBP_HEAD.unpack_from(head)[1] + 8
    if end > file.size:
        raise DamagedError
    width, height = _webp_size(head[12:16], head[20:30])
    position = WEBP_HEAD.size
    for _step in range(MAX_SEGMENTS):
        if position >= end:
            return Extent(end, width, height)
        length = int.from_bytes(_whole(file.read_at(position + 4, 4), 4), "little")
        position += 8 + length + length % 2
        if position > end + 1:  # some writers leave out the last byte of padding
            raise DamagedError
    raise DamagedError


def _webp_size(kind: bytes, data: bytes) -> tuple[int, int]:
    if kind == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8L" and data[:1] == b"\x2f":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        wide, tall = struct.unpack("<HH", data[6:10])
        return wide & 0x3FFF, tall & 0x3FFF
    raise DamagedError


def _jpeg_marker(file: InspectedFile, position: int) -> tuple[int, int]:
    """The code of the marker that must stand here, and the place behind it."""
    for _fill in range(MAX_SEGMENTS):
        first, code = _whole(file.read_at(position, 2), 2)
        if first != JPEG_MARK:
            raise DamagedError
        if code != JPEG_MARK:  # a second one is fill
            return code, position + 2
        position += 1
    raise DamagedError


def _end_of_scan(file: InspectedFile, start: int) -> int | None:
    before, read = b"", start
    for chunk in file.chunks(start):
        piece = before + chunk
        if found := JPEG_NEXT_MARKER.search(piece):
            return read - len(before) + found.start()
        read += len(chunk)
        before = piece[-1:]
    if read - start <= LEAST_SCAN:
        raise DamagedError
    return None


def _check_sum(file: InspectedFile, start: int, length: int) -> None:
    if start + length + 4 > file.size:
        raise DamagedError
    file.stream.seek(start)
    total = 0
    while length > 0:
        piece = _whole(file.stream.read(min(CHUNK, length)))
        total = zlib.crc32(piece, total)
        length -= len(piece)
    if total != int.from_bytes(_whole(file.stream.read(4), 4)):
        raise DamagedError


def _whole(data: bytes, length: int = 1) -> bytes:
    if len(data) < length:
        raise DamagedError
    return data
