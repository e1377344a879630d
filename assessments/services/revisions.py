"""Better versions of documents that were handed in before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent, Verdict
from assessments.models import Assessment, Evidence, SupportingDocument
from assessments.services.activity import record
from assessments.services.document_counts import refresh_counts
from assessments.services.documents import (
    CheckedFile,
    DocumentFacts,
    arrived_at,
    files_or_nothing,
    hold_files,
    require_unknown_contents,
    store_document,
)
from assessments.services.links import LinkFacts, checked_link, link_fields
from assessments.services.years import (
    hold,
    hold_evidence,
    require_evidence_permission,
    require_handed_in_by,
)
from assessments.stages import STAGE_ACTIONS, StageAction
from cities.models import User
from cities.roles import Permission


@dataclass(frozen=True, slots=True)
class Revised:
    """What a revision changed: the offers that now wait, and those it left accepted."""

    evidence: Evidence
    also: Sequence[Evidence]  # the offers for further questions
    kept: Sequence[Evidence]  # accepted with an earlier revision


def revise_document(
    *,
    evidence_id: int,
    file: CheckedFile | None,
    said: DocumentFacts,
    changes: str,
    by: User,
    at: datetime,
    link: LinkFacts | None = None,
) -> Revised:
    """Store the next revision of a document and offer it wherever the old one is undecided.

    Each offer of an earlier revision that waits or was returned, in any open year of the
    city, gives way to an offer of the new one; the old stays readable with its verdict. What
    is accepted stays accepted with the revision that the reviewer saw. A title left blank is
    taken over.

    A file, a link, or a link with a copy may follow any of the three.

    Raises ValidationError (`closed`, `withdrawn`, `accepted`, `revised`, `changes`, `nothing`,
    `already_offered`, `already_stored`, `storage`, what `checked_link` raises) and leaves
    nothing on disk.
    """
    with files_or_nothing() as stored, transaction.atomic():
        offered, member = require_evidence_permission(
            evidence_id, by=by, permission=Permission.ANSWER_QUESTIONS
        )
        require_handed_in_by(member, offered.document.opd_id)
        years = _hold_years(offered)
        evidence, assessment = _held_revisable(
            offered, at=arrived_at([file] if file else [], at=at)
        )
        if not changes.strip():
            raise ValidationError(
                _("Tuliskan apa yang berubah, agar pemeriksa tahu apa yang harus dilihat."),
                code="changes",
            )
        hold_files(assessment.city_id)
        family = evidence.document.family
        if file is None and link is None:
            raise ValidationError(
                _("Pilih berkas yang baru atau tuliskan alamat tautannya."), code="nothing"
            )
        if file is not None:
            require_unknown_contents(evidence.answer, assessment, [file])
        if link is not None:
            known = [revision.pk for revision in family]
            link = checked_link(link, evidence.answer, assessment, at=at, revised=known)
        document = store_document(
            assessment,
            file,
            _with_title(said, family[0].title),
            evidence.document.opd,
            stored,
            by=by,
            at=at,
            revision_of=family[0],
            changes=changes.strip(),
            **(link_fields(link) if link else {}),
        )
        return _offer_everywhere(evidence, document, family, years, by=by, at=at)


def _hold_years(offered: Evidence) -> list[int]:
    """Hold every year in which the document is offered, always in the same order.

    Returns those that may be worked on; the offer's own may also be in a rescue window.
    """
    years = _open_years(offered.document)
    for year in sorted({*years, offered.answer.assessment_id}):
        hold(year)
    return years


def _held_revisable(offered: Evidence, *, at: datetime) -> tuple[Evidence, Assessment]:
    evidence, assessment = hold_evidence(offered, StageAction.UPLOAD, at=at)
    if evidence.verdict == Verdict.ACCEPTED:
        raise ValidationError(
            _(
                "Dokumen “%(title)s” sudah diterima untuk pertanyaan ini, jadi tidak diganti. "
                "Unggah dokumen yang lebih baik sebagai dokumen tambahan."
            ),
            code="accepted",
            params={"title": evidence.document.title},
        )
    if evidence.superseded_by_id is not None:
        raise ValidationError(
            _(
                "Dokumen “%(title)s” sudah diganti dengan dokumen yang lebih baru. Muat ulang "
                "halaman pertanyaan untuk melihatnya."
            ),
            code="revised",
            params={"title": evidence.document.title},
        )
    return evidence, assessment


def _open_years(document: SupportingDocument) -> list[int]:
    years = Assessment.objects.filter(
        stage__in=[
            stage for stage, actions in STAGE_ACTIONS.items() if StageAction.UPLOAD in actions
        ],
        answers__evidence__document__in=document.family,
    )
    return list(years.order_by("pk").values_list("pk", flat=True).distinct())


def _with_title(said: DocumentFacts, title: str) -> DocumentFacts:
    return said if said.title else replace(said, title=title)


def _offer_everywhere(
    evidence: Evidence,
    document: SupportingDocument,
    family: Sequence[SupportingDocument],
    years: Sequence[int],
    *,
    by: User,
    at: datetime,
) -> Revised:
    offers = list(
        Evidence.objects.current()
        .filter(Q(answer__assessment__in=years) | Q(pk=evidence.pk), document__in=family)
        .select_related("answer__question", "answer__assessment", "kind", "decided_by", "reviewer")
        .order_by("pk")
    )
    renewed: dict[int, Evidence] = {}
    for old in offers:
        if old.verdict != Verdict.ACCEPTED:
            renewed[old.answer_id] = _renew(old, document, renewed, by=by, at=at)
    refresh_counts(renewed.keys())
    first = renewed.pop(evidence.answer_id)
    kept = [old for old in offers if old.verdict == Verdict.ACCEPTED]
    return Revised(first, list(renewed.values()), kept)


def _renew(
    old: Evidence,
    document: SupportingDocument,
    renewed: dict[int, Evidence],
    *,
    by: User,
    at: datetime,
) -> Evidence:
    """Put an offer of the new revision in the place of an old offer."""
    new = renewed.get(old.answer_id)
    if new is None:
        new = Evidence.objects.create(
            answer=old.answer,
            document=document,
            kind=old.kind,
            offered_at=at,
            offered_by=by,
            opd=old.opd,
            reviewer=old.decided_by or old.reviewer,
        )
        record(
            TrailEvent.DOCUMENT_REVISED,
            assessment=old.answer.assessment,
            answer=old.answer,
            by=by,
            at=at,
            detail=f"{document.title} ({document.revision}): {document.changes}",
        )
    old.superseded_by = new
    old.save(update_fields=["superseded_by"])
    return new
