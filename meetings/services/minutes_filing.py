"""Handing in closed minutes, with attendance and photos, as one document of a question."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assessments.models import Answer, SupportingDocument
from assessments.services.documents import CheckedFile, DocumentFacts, upload_documents
from assessments.validators import inspect_file
from cities.models import CityTrailEvent, User
from cities.permissions import require_permission
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from clusters.models import EvidenceKind
from meetings.models import Meeting
from texts.languages import deed

MINUTES = "notula"  # the kind of evidence, as instruments call it


@deed
def hand_in_minutes(
    *, meeting: Meeting, paper: IO[bytes], answer: Answer, by: User, at: datetime
) -> SupportingDocument:
    """Offer the PDF of closed minutes for a question that asks for minutes.

    Raises ValidationError (`open`, `not_asked`, and what handing in raises: the same bytes again
    are refused as stored already).
    """
    city = meeting.city
    require_permission(by, city, Permission.MANAGE_TASKFORCE)
    # The year is held by handing in, and the city after it: closed minutes need neither.
    meeting = Meeting.objects.get(pk=meeting.pk)
    if not meeting.is_closed:
        raise ValidationError(
            _lazy("Tutup notulanya dahulu; yang diajukan tidak boleh berubah lagi."), code="open"
        )
    kind = EvidenceKind.objects.filter(questions=answer.question_id, code=MINUTES).first()
    if kind is None:
        raise ValidationError(_lazy("Pertanyaan itu tidak meminta notula."), code="not_asked")
    day = meeting.starts_at.astimezone(city.zone).date()
    file = File(paper, f"notula-{day:%Y-%m-%d}-{meeting.pk}.pdf")
    said = DocumentFacts(
        title=_("Notula, daftar hadir, dan foto %(title)s") % {"title": meeting.title},
        period_start=day,
        period_end=day,
    )
    checked = CheckedFile(file, inspect_file(file, max_bytes=settings.KLA_MAX_UPLOAD_BYTES))
    [evidence] = upload_documents(
        answer_id=answer.pk, files=[checked], kind=kind, said=said, opd=None, by=by, at=at
    )
    facts = {"file": evidence.document.title, "topics": answer.question.code}
    record(
        NewEntry(CityTrailEvent.MEETING_CHANGED, str(meeting), after=facts), city=city, by=by, at=at
    )
    return evidence.document
