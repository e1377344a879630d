"""Text of any usual encoding as UTF-8, cut where nobody would read on."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

MOST = 1024 * 1024  # characters
ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def make(source: Path, target: Path) -> dict[str, Any]:
    """Write the text of `source`, without characters that cannot be seen."""
    content = source.read_bytes()
    text = decoded(content)
    changes = {"cut": 1} if len(text) > MOST else {}
    shown = "".join(one for one in text[:MOST] if one in "\n\t" or one.isprintable())
    target.write_text(shown, encoding="utf-8", newline="\n")
    return {"media_type": "text/plain", "changes": changes}


def decoded(content: bytes) -> str:
    for mark, encoding in ENCODINGS:
        if content.startswith(mark):
            text = content[len(mark) :].decode(encoding, errors="replace")
            break
    else:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
