"""Deciding on documents and granting points."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.choices import NotificationKind, ScoreKind, TrailEvent, Verdict
from assessments.models import Answer, Assessment, Evidence
from assessments.services.activity import change, record
from assessments.services.answers import require_points_in_range
from assessments.services.document_counts import refresh_counts
from assessments.services.notifications import tell_verdict
from assessments.services.overtaken import Overtaken, one_wins
from assessments.services.points import keep_points
from assessments.services.scores import refresh_scores
from assessments.services.years import held_answer, held_evidence
from assessments.stages import StageAction
from cities.models import User
from cities.roles import Permission
from figures.numbers import format_moment
from texts.languages import deed


@one_wins(TrailEvent.EVIDENCE_ACCEPTED)
def accept_evidence(
    *, evidence_id: int, granted_points: Decimal, by: User, at: datetime
) -> Evidence:
    """Accept a document for its question and grant the question's points.

    Whoever has an accepted document of their own at the question may accept a colleague's,
    but leaves the points as they are.
    Raises ValidationError (`closed`, `withdrawn`, `own_document`, `already_decided`, `revised`,
    `unscanned`, `infected`,
    `negative`, `over_maximum`) and changes nothing.
    """
    evidence, assessment = _held_undecided(evidence_id, by=by, at=at)
    require_points_in_range(evidence.answer.question, granted_points)
    if granted_points != evidence.answer.granted_points:
        _require_none_own(_accepted(evidence.answer), by)
    _decide(evidence, Verdict.ACCEPTED, "", by=by, at=at)
    why = _("Dokumen diterima: %(title)s") % {"title": evidence.document.title}
    _grant(evidence.answer, assessment, granted_points, why=why, by=by, at=at)
    _refresh(evidence.answer, assessment)
    _record(TrailEvent.EVIDENCE_ACCEPTED, evidence, assessment, by=by, at=at)
    tell_verdict(NotificationKind.ACCEPTED, evidence, assessment=assessment, by=by, at=at)
    return evidence


@one_wins(TrailEvent.EVIDENCE_RETURNED)
def return_evidence(*, evidence_id: int, reason: str, by: User, at: datetime) -> Evidence:
    """Send a document back with a reason that the OPD will read.

    Raises ValidationError (`closed`, `withdrawn`, `own_document`, `already_decided`, `revised`,
    `unscanned`, `infected`,
    `reason`).
    """
    evidence, assessment = _held_undecided(evidence_id, by=by, at=at)
    if not reason.strip():
        raise ValidationError(
            _("Tuliskan alasan pengembalian agar OPD tahu apa yang harus diperbaiki."),
            code="reason",
        )
    _decide(evidence, Verdict.RETURNED, reason.strip(), by=by, at=at)
    _record(TrailEvent.EVIDENCE_RETURNED, evidence, assessment, by=by, at=at, detail=reason.strip())
    tell_verdict(NotificationKind.RETURNED, evidence, assessment=assessment, by=by, at=at)
    return evidence


@one_wins(TrailEvent.VERDICT_UNDONE)
def undo_verdict(*, evidence_id: int, by: User, at: datetime) -> Evidence:
    """Put a decided document back in the queue; what was decided stays in the history.

    Raises ValidationError (`closed`, `withdrawn`, `own_document`, `not_decided`, `revised`).
    """
    evidence, assessment = held_evidence(
        evidence_id, StageAction.REVIEW, by=by, permission=Permission.REVIEW_EVIDENCE, at=at
    )
    _require_not_own(evidence, by)
    if evidence.verdict == Verdict.WAITING:
        raise Overtaken(
            _("Dokumen ini belum diputuskan, jadi tidak ada yang dibatalkan."),
            code="not_decided",
            assessment=assessment,
            answer=evidence.answer,
            about=evidence.document.title,
        )
    if evidence.is_revised:
        raise _revised(evidence, assessment)
    detail = f"{evidence.document.title}: {evidence.get_verdict_display()}"
    before = {"verdict": evidence.get_verdict_display(), "reason": evidence.reason}
    evidence.verdict = Verdict.WAITING
    evidence.reason = ""
    evidence.decided_at = evidence.decided_by = evidence.superseded_by = None
    evidence.save(update_fields=["verdict", "reason", "decided_at", "decided_by", "superseded_by"])
    refresh_counts([evidence.answer_id])
    _refresh(evidence.answer, assessment)
    record(
        TrailEvent.VERDICT_UNDONE,
        assessment=assessment,
        answer=evidence.answer,
        by=by,
        at=at,
        detail=detail,
        before=before,
        after={"verdict": evidence.get_verdict_display(), "reason": ""},
    )
    return evidence


@deed
def grant_points(*, answer_id: int, granted_points: Decimal, by: User, at: datetime) -> Answer:
    """Set the points of a question whose documents have been reviewed.

    Refused while no document is accepted: points count only when a document proves them.
    Raises ValidationError (`closed`, `unproven`, `own_document`, `negative`, `over_maximum`).
    """
    answer, assessment = held_answer(
        answer_id, StageAction.GRANT, by=by, permission=Permission.REVIEW_EVIDENCE, at=at
    )
    answer.refresh_from_db()
    accepted = _accepted(answer)
    if not accepted:
        raise ValidationError(
            _(
                "Belum ada dokumen yang diterima. Terima sebuah dokumen dahulu, lalu tetapkan nilai."
            ),
            code="unproven",
        )
    _require_none_own(accepted, by)
    require_points_in_range(answer.question, granted_points)
    _grant(answer, assessment, granted_points, why="", by=by, at=at)
    _refresh(answer, assessment)
    return answer


def _held_undecided(evidence_id: int, *, by: User, at: datetime) -> tuple[Evidence, Assessment]:
    evidence, assessment = held_evidence(
        evidence_id, StageAction.REVIEW, by=by, permission=Permission.REVIEW_EVIDENCE, at=at
    )
    _require_not_own(evidence, by)
    if evidence.decided_at is not None:
        raise Overtaken(
            _(
                "Dokumen ini sudah diputuskan oleh %(name)s pada %(at)s: %(verdict)s. "
                "Keputusan Anda tidak disimpan."
            ),
            code="already_decided",
            assessment=assessment,
            answer=evidence.answer,
            about=evidence.document.title,
            params={
                "name": evidence.decided_by,
                "at": format_moment(timezone.localtime(evidence.decided_at)),
                "verdict": evidence.get_verdict_display().lower(),
            },
        )
    if evidence.is_revised:
        raise _revised(evidence, assessment)
    _require_scanned(evidence)
    return evidence, assessment


def _require_scanned(evidence: Evidence) -> None:
    """Nobody can have read what nobody may open."""
    if evidence.document.is_infected:
        raise ValidationError(
            _("Pemindai virus menolak dokumen ini, jadi tidak ada yang diputuskan."),
            code="infected",
        )
    if evidence.document.is_quarantined:
        raise ValidationError(
            _("Dokumen ini masih menunggu pemindaian virus. Periksa setelah dinyatakan bersih."),
            code="unscanned",
        )


def _revised(evidence: Evidence, assessment: Assessment) -> Overtaken:
    return Overtaken(
        _("Dokumen ini sudah diganti dengan versi yang lebih baru. Periksa versi itu."),
        code="revised",
        assessment=assessment,
        answer=evidence.answer,
        about=evidence.document.title,
    )


def _accepted(answer: Answer) -> list[Evidence]:
    return list(
        Evidence.objects.filter(answer=answer, verdict=Verdict.ACCEPTED).select_related("document")
    )


def _require_none_own(accepted: Iterable[Evidence], by: User) -> None:
    for evidence in accepted:
        _require_not_own(evidence, by)


def _require_not_own(evidence: Evidence, by: User) -> None:
    if evidence.belongs_to(by):
        raise ValidationError(
            _(
                "Anda sendiri yang mengunggah atau mengajukan dokumen “%(title)s”, jadi orang "
                "lain harus memeriksanya."
            ),
            code="own_document",
            params={"title": evidence.document.title},
        )


def _decide(evidence: Evidence, verdict: Verdict, reason: str, *, by: User, at: datetime) -> None:
    evidence.verdict = verdict
    evidence.reason = reason
    evidence.decided_at, evidence.decided_by = at, by
    if verdict == Verdict.ACCEPTED and evidence.counted_at is None:
        evidence.counted_at = at
    evidence.save(update_fields=["verdict", "reason", "decided_at", "decided_by", "counted_at"])
    refresh_counts([evidence.answer_id])


def _grant(
    answer: Answer, assessment: Assessment, points: Decimal, *, why: str, by: User, at: datetime
) -> None:
    before = answer.granted_points
    if before == points:
        return
    answer.granted_points = points
    answer.granted_at, answer.granted_by = at, by
    answer.save(update_fields=["granted_points", "granted_at", "granted_by"])
    keep_points([(answer, points)], kind=ScoreKind.EVIDENCED, why=why, by=by, at=at)
    record(
        TrailEvent.POINTS_GRANTED,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=change(before, points),
        before={"points": before},
        after={"points": points},
    )


def _refresh(answer: Answer, assessment: Assessment) -> None:
    refresh_scores(
        assessment, kinds=[ScoreKind.EVIDENCED], indicators=[answer.question.indicator_id]
    )


def _record(
    deed: TrailEvent,
    evidence: Evidence,
    assessment: Assessment,
    *,
    by: User,
    at: datetime,
    detail: str = "",
) -> None:
    detail = f"{evidence.document.title}: {detail}" if detail else evidence.document.title
    record(
        deed,
        assessment=assessment,
        answer=evidence.answer,
        by=by,
        at=at,
        detail=detail,
        before={"verdict": Verdict.WAITING.label},
        after={"verdict": evidence.get_verdict_display()},
    )
