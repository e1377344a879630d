"""A JPEG without what a camera or a program wrote beside the picture, its dots untouched."""

from __future__ import annotations

START, END_OF_HEAD = 0xD8, 0xDA
# Application segments that a decoder needs: JFIF (0), ICC profile (2), Adobe's colour transform (14).
KEPT = frozenset({0xE0, 0xE2, 0xEE})
COMMENT = 0xFE
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


def without_notes(data: bytes) -> bytes:
    """The picture without EXIF (with GPS), XMP, IPTC and comments.

    What is no JPEG, or is cut off in its head, comes back as it is.
    """
    if data[:2] != bytes([0xFF, START]):
        return data
    kept, place = [data[:2]], 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # filling
            place += 1
            continue
        if marker == END_OF_HEAD:
            kept.append(data[place:])
            return b"".join(kept)
        length = 2 if marker in ALONE else 2 + int.from_bytes(data[place + 2 : place + 4])
        is_note = marker == COMMENT or (0xE0 <= marker <= 0xEF and marker not in KEPT)
        if not is_note:
            kept.append(data[place : place + length])
        place += length
    return data
