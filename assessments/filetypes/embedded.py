"""Whether an object embedded in an office document is a PDF, from its OLE container."""

from __future__ import annotations

import struct
from typing import IO

import olefile

CONTENTS, NATIVE = "CONTENTS", "\x01Ole10Native"
HEAD = 4_096
ERRORS = (OSError, IndexError, KeyError, TypeError, ValueError, struct.error, RecursionError)


def holds_pdf(stream: IO[bytes]) -> bool:
    """Whether all that the object holds is a PDF, in either of the two ways of Office."""
    try:
        with olefile.OleFileIO(stream) as container:
            names = {path[-1] for path in container.listdir()}
            if CONTENTS in names:
                with container.openstream(CONTENTS) as content:
                    return content.read(5) == b"%PDF-"
            if NATIVE not in names:
                return False
            with container.openstream(NATIVE) as content:
                head = content.read(HEAD)
    except ERRORS:
        return False
    # Size, two bytes, the label, then paths: the label decides what a double click opens.
    label = head[6:].partition(b"\x00")[0]
    return label.lower().endswith(b".pdf") and b"%PDF-" in head
