"""Extracts one attachment of a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf

from assessments.renditions.worker import UnreadableError

MOST, LONGEST = 100, 120  # attachments that are listed; characters of a name


def names_of(pdf: pikepdf.Pdf) -> list[str]:
    """The first attached files in the order of their keys, by the name that people gave them."""
    keys = sorted(pdf.attachments)[:MOST]
    return [(pdf.attachments[key].filename or key)[-LONGEST:] for key in keys]


def make(source: Path, target: Path, *, position: int) -> dict[str, Any]:
    """Write the attachment that stands at `position`, counted from 0."""
    with pikepdf.open(source) as pdf:
        keys = sorted(pdf.attachments)
        if position >= len(keys):
            raise UnreadableError(f"only {len(keys)} attachments")
        target.write_bytes(pdf.attachments[keys[position]].get_file().read_bytes())
    return {"media_type": "application/octet-stream"}
