"""Width and height in pixels from the header of a rarer picture; nothing is decoded."""

from __future__ import annotations

import re
import struct

from assessments.filetypes.inspected import InspectedFile
from assessments.filetypes.picture_walks import DamagedError, Extent

MAX_BOXES = 1_000
MAX_META = 4 * 1024 * 1024  # bytes of the box that describes the pictures of a HEIC
# The property that holds a picture's width and height (ISO/IEC 23008-12, 6.5.3).
HEIC_SIZE = re.compile(rb"ispe\x00\x00\x00\x00(.{4})(.{4})", re.DOTALL)
BMP_HEADS = frozenset({12, 40, 52, 56, 64, 108, 124})
TIFF_WIDTH, TIFF_HEIGHT, TIFF_SHORT = 256, 257, 3
MAX_TAGS = 1_000


def walk_heic(file: InspectedFile) -> Extent:
    """Walk the outermost boxes to the end; the largest picture inside counts."""
    position, width, height = 0, 0, 0
    for _step in range(MAX_BOXES):
        if position == file.size:
            return Extent(position, width, height)
        size, kind = struct.unpack(">I4s", _whole(file.read_at(position, 8), 8))
        if size == 1:
            size = struct.unpack(">Q", _whole(file.read_at(position + 8, 8), 8))[0]
        elif size == 0:
            size = file.size - position
        if size < 8 or position + size > file.size:
            raise DamagedError
        if kind == b"meta":
            if size > MAX_META:
                raise DamagedError
            for wide, tall in HEIC_SIZE.findall(file.read_at(position, size)):
                width = max(width, int.from_bytes(wide))
                height = max(height, int.from_bytes(tall))
        position += size
    raise DamagedError


def walk_gif(file: InspectedFile) -> Extent:
    width, height = struct.unpack("<HH", _whole(file.read_at(6, 4), 4))
    return Extent(file.size, width, height)


def is_bmp(head: bytes) -> bool:
    """Two letters are no signature: the size of the second head has to fit as well."""
    return head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in BMP_HEADS


def walk_bmp(file: InspectedFile) -> Extent:
    head = _whole(file.read_at(14, 12), 12)
    if int.from_bytes(head[:4], "little") == 12:
        width, height = struct.unpack("<HH", head[4:8])
    else:
        width, height = struct.unpack("<ii", head[4:12])
    return Extent(file.size, abs(width), abs(height))


def walk_tiff(file: InspectedFile) -> Extent:
    """The size of the first picture: the entries 256 and 257 of its directory."""
    order = "<" if file.read_at(0, 2) == b"II" else ">"
    directory = struct.unpack(f"{order}I", _whole(file.read_at(4, 4), 4))[0]
    count = struct.unpack(f"{order}H", _whole(file.read_at(directory, 2), 2))[0]
    if not count or count > MAX_TAGS:
        raise DamagedError
    entries = _whole(file.read_at(directory + 2, 12 * count), 12 * count)
    sizes = {TIFF_WIDTH: 0, TIFF_HEIGHT: 0}
    for at in range(0, len(entries), 12):
        tag, form = struct.unpack_from(f"{order}HH", entries, at)
        if tag in sizes:
            sizes[tag] = struct.unpack_from(
                order + ("H" if form == TIFF_SHORT else "I"), entries, at + 8
            )[0]
    return Extent(file.size, sizes[TIFF_WIDTH], sizes[TIFF_HEIGHT])


def _whole(data: bytes, length: int) -> bytes:
    if len(data) < length:
        raise DamagedError
    return data
