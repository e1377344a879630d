"""Letting one document out to the public, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assessments.choices import TrailEvent
from assessments.models import Activity, Assessment, SupportingDocument
from cities.models import CityTrailEvent, User
from cities.permissions import held_city, require_permission
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from public.models import MOST_TITLE, ReleasedDocument
from public.personal import faults_of
from public.queries.contents import Frozen
from public.queries.documents import Refusal, question_of, read_document, refusal_of
from public.queries.names import known_names
from public.services.releases import require_submitted
from texts.folding import composed
from texts.languages import deed, in_indonesian


@in_indonesian
def release_document(
    *,
    assessment: Assessment,
    document: SupportingDocument,
    title: str,
    is_read: bool,
    by: User,
    at: datetime,
) -> ReleasedDocument:
    """Let everybody fetch the file from now on, under `title`.

    `is_read` is the word of the person that all of it was read and tells of no citizen; no machine
    knows every name. The file never changes, so it is read before the city is held.

    Raises ValidationError (`not_submitted`, `not_frozen`, `gone`, `quarantined`, `sensitive`,
    `people`, `carries`, `replaced`, `title`, `personal_title`, `damaged`, `unreadable`, `busy`,
    `position`, `personal`, `unread`, `standing`) and changes nothing.
    """
    require_permission(by, assessment.city, Permission.RELEASE_PUBLIC)
    told = composed(title).strip()
    _require_frozen(assessment, document, by)
    _require_title(told, assessment)
    _require_harmless(document, at=at)
    if not is_read:
        raise ValidationError(
            _lazy("Baca seluruh dokumennya dahulu, lalu centang pernyataannya."), code="unread"
        )
    with transaction.atomic():
        city = held_city(assessment.city, by=by, permission=Permission.RELEASE_PUBLIC)
        year = _require_frozen(assessment, document, by)
        standing = ReleasedDocument.objects.standing()
        if standing.filter(assessment=assessment, document=document).exists():
            raise ValidationError(_lazy("Dokumen ini sudah dirilis."), code="standing")
        question = question_of(document, year)
        release = ReleasedDocument.objects.create(
            assessment=assessment,
            document=document,
            title=told,
            code=question.code,
            question=question.text,
            sha256=document.sha256,
            size=document.size,
            media_type=document.media_type,
            at=at,
            by=by,
        )
        after = {
            "year": str(assessment.year),
            "checksum": release.sha256,
            "note": _("Dibaca seluruhnya oleh yang merilis; tidak ada data pribadi warga."),
        }
        entry = NewEntry(CityTrailEvent.PUBLIC_RELEASED, told, after=after)
        record(entry, city=city, by=by, at=at)
    return release


def _require_frozen(assessment: Assessment, document: SupportingDocument, by: User) -> Frozen:
    """The submission that the document is part of, both as they stand now."""
    found = Assessment.objects.select_related("city").get(pk=assessment.pk)
    year = require_submitted(found, by=by)
    refusal = refusal_of(SupportingDocument.objects.get(pk=document.pk), year)
    if refusal is not None:
        raise ValidationError(refusal.sentence, code=refusal.code)
    return year


def _require_title(title: str, assessment: Assessment) -> None:
    if not 0 < len(title) <= MOST_TITLE:
        raise ValidationError(
            _lazy("Tulis judul, paling panjang %(most)d karakter."),
            code="title",
            params={"most": MOST_TITLE},
        )
    if faults := list(faults_of(title, known_names(assessment.city_id))):
        raise ValidationError(
            _lazy("Judulnya memuat %(fault)s. Tulis judul tanpa data pribadi."),
            code="personal_title",
            params={"fault": faults[0]},
        )


def _require_harmless(document: SupportingDocument, *, at: datetime) -> None:
    reading = read_document(document, at=at)
    if isinstance(reading, Refusal):
        raise ValidationError(reading.sentence, code=reading.code)
    if reading.faults:
        raise ValidationError(
            _lazy("Tidak dirilis karena berkasnya memuat data pribadi. %(faults)s"),
            code="personal",
            params={"faults": " ".join(reading.faults)},
        )


@deed
def withdraw_document(
    *, assessment: Assessment, document: SupportingDocument, by: User, at: datetime
) -> None:
    """Let nobody fetch it any more; that it was released stays recorded.

    Raises ValidationError (`not_standing`).
    """
    city = held_city(assessment.city, by=by, permission=Permission.RELEASE_PUBLIC)
    standing = ReleasedDocument.objects.standing()
    release = standing.filter(assessment=assessment, document=document).first()
    if release is None:
        raise ValidationError(_lazy("Dokumen ini tidak sedang dirilis."), code="not_standing")
    release.withdraw(by=by, at=at)
    before = {"year": str(assessment.year), "checksum": release.sha256}
    entry = NewEntry(CityTrailEvent.PUBLIC_WITHDRAWN, release.title, before=before)
    record(entry, city=city, by=by, at=at)


def withdraw_sensitive(entry: Activity) -> None:
    """For `KLA_TRAIL_LISTENERS`: what is marked as sensitive goes out again only by a new release."""
    if entry.deed != TrailEvent.SENSITIVITY_CHANGED:
        return
    standing = ReleasedDocument.objects.standing().filter(assessment__city=entry.assessment.city_id)
    marked = standing.exclude(document__sensitivity="")
    marked.update(withdrawn_at=entry.at, withdrawn_by=entry.by)
