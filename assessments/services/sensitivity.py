"""Sensitive documents: which they are, and who has opened one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.choices import Sensitivity, TrailEvent
from assessments.models import Activity, Assessment, Evidence, SensitiveKind, SupportingDocument
from assessments.services.activity import record
from assessments.services.years import held, hold, require_evidence_permission
from cities.models import Membership, User
from cities.roles import Permission
from texts.languages import deed, in_indonesian

# How a document was opened, as its line in the trail says it.
PREVIEW, DOWNLOAD, PACKAGE = _("pratinjau"), _("unduhan"), _("paket")


@deed
def mark_document(
    *, evidence_id: int, sensitivity: str, by: User, at: datetime
) -> SupportingDocument:
    """Say why all versions of a document are sensitive, or with "" that they are not.

    An OPD marks what it has handed in. Only whoever reads all sensitive documents takes a mark off.
    Raises PermissionDenied and ValidationError (`unknown`, `withdrawn`).
    """
    offered, member = require_evidence_permission(
        evidence_id, by=by, permission=Permission.VIEW_QUESTION
    )
    document = offered.document
    is_own = member.may(Permission.ANSWER_QUESTIONS) and member.opd_id == document.opd_id
    if not member.may(Permission.READ_SENSITIVE) and not (is_own and sensitivity):
        raise PermissionDenied
    if sensitivity not in ("", *Sensitivity.values):
        raise ValidationError(_("Pilih alasan dari daftar."), code="unknown")
    family = [version.pk for version in document.family]
    before = document.sensitivity
    SupportingDocument.objects.filter(pk__in=family).update(sensitivity=sensitivity)
    document.sensitivity = sensitivity
    if before != sensitivity:
        record(
            TrailEvent.SENSITIVITY_CHANGED,
            assessment=offered.answer.assessment,
            answer=offered.answer,
            by=by,
            at=at,
            detail=document.title,
            before={"sensitivity": _label(before)},
            after={"sensitivity": _label(sensitivity)},
        )
    return document


@deed
def set_sensitive_kinds(
    *, assessment_id: int, chosen: Mapping[str, str], by: User, at: datetime
) -> int:
    """Treat these kinds of the year's instrument as sensitive: code to reason, "" for none.

    It holds for every year of the city whose instrument has a kind of that code. What was handed
    in as such a kind is marked too; taking a kind off leaves the marks of documents. Returns how
    many documents were marked. Raises PermissionDenied and ValidationError (`unknown`).
    """
    assessment = held(assessment_id, by=by, permission=Permission.MARK_SENSITIVE)
    known = set(assessment.instrument.evidence_kinds.values_list("code", flat=True))
    if not set(chosen) <= known or not set(chosen.values()) <= {"", *Sensitivity.values}:
        raise ValidationError(_("Pilih jenis dan alasan dari daftar."), code="unknown")
    rows = SensitiveKind.objects.filter(city=assessment.city)
    before = dict(rows.filter(code__in=known).values_list("code", "sensitivity"))
    after = {code: why for code, why in chosen.items() if why}
    if before == after:
        return 0
    rows.filter(code__in=known).delete()
    rows.bulk_create(
        SensitiveKind(city=assessment.city, code=code, sensitivity=why, at=at, by=by)
        for code, why in after.items()
    )
    marked = sum(_mark_offered(assessment, code, why) for code, why in after.items())
    record(
        TrailEvent.SENSITIVITY_CHANGED,
        assessment=assessment,
        by=by,
        at=at,
        detail=_("Jenis dokumen: %(codes)s") % {"codes": ", ".join(sorted(after)) or "–"},
        before={code: _label(why) for code, why in before.items()},
        after={code: _label(why) for code, why in after.items()},
    )
    return marked


def _mark_offered(assessment: Assessment, code: str, why: str) -> int:
    offered = Evidence.objects.filter(answer__assessment__city=assessment.city, kind__code=code)
    unmarked = SupportingDocument.objects.filter(city=assessment.city, sensitivity="")
    return unmarked.filter(pk__in=offered.order_by().values("document")).update(sensitivity=why)


def mark_by_kind(document: SupportingDocument, kind_code: str) -> None:
    """Mark a document that is being offered as a kind which its city treats as sensitive."""
    if document.sensitivity:
        return
    rows = SensitiveKind.objects.filter(city=document.city_id, code=kind_code)
    why = rows.values_list("sensitivity", flat=True).first()
    if why:
        document.sensitivity = why
        document.save(update_fields=["sensitivity"])


@in_indonesian
def note_opened(
    documents: Iterable[SupportingDocument], member: Membership, *, way: object, at: datetime
) -> None:
    """Write into the trail that the member opened these, as far as they are sensitive.

    In the newest year in which the member sees the document offered; once for a person, document,
    way and hour (UTC), however many requests a page makes.
    """
    for document in documents:
        if document.is_sensitive:
            _note(document, member, way=str(way), at=at)


def _note(document: SupportingDocument, member: Membership, *, way: str, at: datetime) -> None:
    offers = Evidence.objects.visible_to(member).filter(document=document)
    offer = (
        offers.select_related("answer__assessment").order_by("-answer__assessment__year").first()
    )
    if offer is None or _is_noted(offer, member, way=way, at=at):
        return
    with transaction.atomic():
        assessment = hold(offer.answer.assessment_id)
        if _is_noted(offer, member, way=way, at=at):
            return
        record(
            TrailEvent.SENSITIVE_OPENED,
            assessment=assessment,
            answer=offer.answer,
            by=member.user,
            at=at,
            detail=document.title,
            after={"document": str(document.pk), "way": way},
        )


def _is_noted(offer: Evidence, member: Membership, *, way: str, at: datetime) -> bool:
    this_hour = at.replace(minute=0, second=0, microsecond=0)
    lines = Activity.objects.filter(
        assessment=offer.answer.assessment_id,
        deed=TrailEvent.SENSITIVE_OPENED,
        by=member.user,
        at__gte=this_hour,
        at__lte=at,
    )
    return lines.filter(after__document=str(offer.document_id), after__way=way).exists()


def _label(sensitivity: str) -> str | None:
    return str(Sensitivity(sensitivity).label) if sensitivity else None
