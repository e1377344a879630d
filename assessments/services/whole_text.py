"""All that a machine can read of a document's original, and what it leaves to people."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from assessments.models import SupportingDocument
from assessments.renditions.limited import Limits, run
from assessments.services.integrity import Damage, DamagedError, note_damaged
from assessments.services.renditions import copied

# Somebody waits for the page.
LIMITS = Limits(memory=768 * 1024 * 1024, seconds=20, output=16 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class FilePassage:
    """Some text of a file. `kind` is `page`, `sheet`, `properties` or empty; `name` says which."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class WholeText:
    """What was read, and what was not: reason (`page`, `long`, `kind`, `part`) and name of the place.

    `has_position` says that a photograph tells where it was taken, or may tell it; `carries` that
    other files lie in it whole.
    """

    passages: Sequence[FilePassage]
    unread: Sequence[tuple[str, str]]
    has_position: bool
    carries: bool


def whole_text(document: SupportingDocument, *, at: datetime) -> WholeText:
    """Read the stored original in a process with limits.

    Raises DamagedError where the file is missing or is not what was handed in, WorkFailedError, and
    OSError of a full disk.
    """
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        _copy(document, source, at=at)
        run("whole_text", source, target, limits=LIMITS)
        told = json.loads(target.read_text(encoding="utf-8"))
    passages = [FilePassage(*one) for one in told["passages"]]
    unread = [(reason, name) for reason, name in told["unread"]]
    return WholeText(passages, unread, told["has_position"], told["carries"])


def _copy(document: SupportingDocument, source: Path, *, at: datetime) -> None:
    try:
        damage = None if copied(document, source) == document.sha256 else Damage.CONTENT
    except FileNotFoundError:
        damage = Damage.MISSING
    if damage is not None:
        note_damaged(document, damage, at=at)
        raise DamagedError(document.file.name)
