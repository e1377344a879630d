"""Reading what an upload says of itself, before it becomes a document. Changes nothing."""

from __future__ import annotations

import json
import logging
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from assessments.models import Upload
from assessments.proposals import NAME, Passage, Proposals, propose
from assessments.renditions.limited import Limits, WorkFailedError, run
from assessments.services.uploads import path_of_whole

SECONDS = 8  # nobody waits for it, but it holds a thread of the server
LIMITS = Limits(memory=768 * 1024 * 1024, seconds=SECONDS, output=1024 * 1024)

logger = logging.getLogger(__name__)


def proposals_for(upload: Upload) -> Proposals:
    """What a whole upload says; of a file that cannot be read in time its name alone counts."""
    return propose([Passage(NAME, _stem(upload.name)), *_passages(upload)])


def _passages(upload: Upload) -> list[Passage]:
    """The file was judged by nobody yet, so it is read by a process with limits."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        target = Path(folder) / "words"
        try:
            run("words", path_of_whole(upload), target, limits=LIMITS)
            found: list[Any] = json.loads(target.read_text(encoding="utf-8"))
        except (WorkFailedError, OSError, ValueError) as error:
            logger.info("Nothing was read out of upload %s: %s", upload.pk, error)
            return []
    return [Passage(place, text) for place, text in found]


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
