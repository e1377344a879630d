"""Copies of sensitive documents that say to whom and when they went out."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.models import SupportingDocument
from assessments.renditions.limited import run
from assessments.services.renditions import limits
from cities.models import Membership
from figures.numbers import format_zoned_moment


def mark_of(member: Membership, *, at: datetime) -> str:
    """What stands on the copy; the time is the city's own."""
    return _("Dokumen sensitif. Dibuka oleh %(name)s (%(role)s), %(moment)s") % {
        "name": member.user.name or member.user.email,
        "role": member.label,
        "moment": format_zoned_moment(at.astimezone(member.city.zone)),
    }


def is_marked_for(document: SupportingDocument, member: Membership) -> bool:
    """Whether a download of it is the marked copy: of a sensitive one, but for its own OPD.

    Without a rendition there is nothing to mark, and whoever may open it gets the original.
    """
    is_own = member.opd_id is not None and member.opd_id == document.opd_id
    return document.is_sensitive and not is_own and document.preview is not None


def marked_copy(document: SupportingDocument, member: Membership, *, at: datetime) -> IO[bytes]:
    """The rendition with the mark on every page; the stored file stays as it is.

    The file is gone once it is closed. Raises WorkFailedError, OSError of a full disk.
    """
    shown = document.rendition
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        with shown.file.open("rb") as stored, source.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        run(
            "mark",
            source,
            target,
            limits=limits(),
            media_type=shown.media_type,
            text=mark_of(member, at=at),
        )
        return target.open("rb")
