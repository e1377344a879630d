"""Telling people what concerns them, in the transaction of the deed itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.choices import EMAILED_BY_DEFAULT, NotificationKind
from assessments.models import (
    Answer,
    Assessment,
    Assignment,
    Comment,
    Evidence,
    Notification,
    NotificationPreference,
)
from assessments.models.comment import COORDINATING
from cities.models import Membership, Opd, User
from cities.roles import Role

QUOTED_CHARS = 300


@dataclass(frozen=True, slots=True)
class Channels:
    """The ways by which a person hears of one kind of thing."""

    in_app: bool
    email: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for one person. The same `key` never reaches the same person twice."""

    user_id: int
    kind: NotificationKind
    assessment_id: int
    text: str
    url: str
    key: str
    answer_id: int | None = None


def default_channels(kind: NotificationKind) -> Channels:
    return Channels(in_app=True, email=kind in EMAILED_BY_DEFAULT)


def channels_of(user_ids: Collection[int]) -> dict[tuple[int, str], Channels]:
    """For each person and kind, the ways that they want; the usual ones unless they chose."""
    chosen = {
        (row.user_id, row.kind): Channels(row.in_app, row.email)
        for row in NotificationPreference.objects.filter(user__in=user_ids)
    }
    return {
        (user_id, kind): chosen.get((user_id, kind), default_channels(kind))
        for user_id in user_ids
        for kind in NotificationKind
    }


def deliver(
    notices: Sequence[Notice], *, at: datetime, by_whatsapp: Collection[int] = frozenset()
) -> None:
    """Write each notice for whom it is meant, in the ways that they want, if it is new.

    Who is named in `by_whatsapp` has agreed to be told that way as well.

    Two that deliver the same at once are told apart by the database: one row remains.
    """
    if not notices:
        return
    channels = channels_of({notice.user_id for notice in notices})
    ordered = sorted(notices, key=lambda notice: (notice.user_id, notice.key))
    Notification.objects.bulk_create(
        (
            Notification(
                user_id=notice.user_id,
                kind=notice.kind,
                assessment_id=notice.assessment_id,
                answer_id=notice.answer_id,
                text=notice.text,
                url=notice.url,
                key=notice.key,
                created_at=at,
                in_app=wanted.in_app,
                by_email=wanted.email,
                by_whatsapp=notice.user_id in by_whatsapp,
            )
            for notice in ordered  # always in one order, so that two never wait for each other
            if (wanted := channels[notice.user_id, notice.kind])
            and (wanted.in_app or wanted.email or notice.user_id in by_whatsapp)
        ),
        ignore_conflicts=True,
    )


def tell_assigned(
    given: Mapping[Opd, Sequence[Answer]], *, assessment: Assessment, by: User, at: datetime
) -> None:
    """Tell the people of each OPD which questions are new to it, in one sentence."""
    members = _members(given, assessment, by=by)
    notices = []
    for user_id, opd in members:
        answers = given[opd]
        if not answers:
            continue
        only = answers[0] if len(answers) == 1 else None
        notices.append(
            Notice(
                user_id,
                NotificationKind.ASSIGNED,
                assessment.pk,
                text=_assigned_sentence(answers, opd),
                url=question_url(assessment, only) if only else task_url(assessment),
                key=f"assigned:{assessment.pk}:{opd.pk}:{at.isoformat()}",
                answer_id=only.pk if only else None,
            )
        )
    deliver(notices, at=at)


def tell_verdict(
    kind: NotificationKind, evidence: Evidence, *, assessment: Assessment, by: User, at: datetime
) -> None:
    """Tell of a decision: the OPD that leads the question, and whoever handed the paper in.

    Somebody whose OPD no longer holds the question is not told: the page is theirs no more.
    """
    answer, document = evidence.answer, evidence.document
    told = _concerned(evidence, assessment).exclude(user=by)
    facts = {
        "title": document.title,
        "code": answer.question.code,
        "reason": Truncator(evidence.reason).chars(QUOTED_CHARS),
    }
    if kind == NotificationKind.RETURNED:
        text = _("“%(title)s” untuk pertanyaan %(code)s dikembalikan: %(reason)s") % facts
    else:
        text = _("“%(title)s” untuk pertanyaan %(code)s diterima.") % facts
    url = question_url(assessment, answer)
    key = f"{kind}:{evidence.pk}:{at.isoformat()}"
    deliver(
        [
            Notice(user_id, kind, assessment.pk, text, url, key, answer.pk)
            for user_id in told.values_list("user", flat=True)
        ],
        at=at,
    )


def tell_infected(evidence: Evidence, *, assessment: Assessment, at: datetime) -> None:
    """Tell the same people that the virus scanner has refused a document."""
    answer, document = evidence.answer, evidence.document
    sentence = _(
        "Pemindai virus menolak “%(title)s” untuk pertanyaan %(code)s. Unggah berkas yang bersih."
    )
    text = sentence % {"title": document.title, "code": answer.question.code}
    url = question_url(assessment, answer)
    kind = NotificationKind.INFECTED
    key = f"{kind}:{evidence.pk}:{at.isoformat()}"
    deliver(
        [
            Notice(user_id, kind, assessment.pk, text, url, key, answer.pk)
            for user_id in _concerned(evidence, assessment).values_list("user", flat=True)
        ],
        at=at,
    )


def _concerned(evidence: Evidence, assessment: Assessment) -> QuerySet[Membership]:
    """Whom a document concerns: the OPD that leads its question, and whoever handed it in."""
    document = evidence.document
    holding = Assignment.objects.filter(answer=evidence.answer).filter(
        Q(is_lead=True) | Q(opd=document.opd_id)
    )
    return Membership.objects.filter(
        Q(opd__in=holding.values("opd")) | Q(user=document.uploaded_by_id, opd=None),
        city=assessment.city_id,
    )


def tell_mentioned(comment: Comment, opds: Collection[Opd], *, by: User, at: datetime) -> None:
    """Tell the people of the OPDs that a comment calls upon."""
    answer = comment.answer
    assessment = answer.assessment
    notices = [
        Notice(
            user_id,
            NotificationKind.MENTIONED,
            assessment.pk,
            text=_("%(name)s menyebut %(opd)s pada pertanyaan %(code)s: “%(text)s”")
            % {
                "name": by,
                "opd": opd,
                "code": answer.question.code,
                "text": Truncator(comment.text).chars(QUOTED_CHARS),
            },
            url=f"{question_url(assessment, answer)}#percakapan",
            key=f"mentioned:{comment.pk}",
            answer_id=answer.pk,
        )
        for user_id, opd in _members(opds, assessment, by=by)
    ]
    deliver(notices, at=at)


def tell_coordinator(comment: Comment, *, is_called: bool, by: User, at: datetime) -> None:
    """Tell the Gugus Tugas of a message by an OPD, or of one that calls upon it."""
    assessment = comment.answer.assessment
    members = Membership.objects.filter(city=assessment.city_id)
    opd = Opd.objects.filter(memberships__in=members.filter(user=by, role=Role.OPD)).first()
    if opd is None and not is_called:
        return
    facts = {"name": by, "opd": opd, **_quoted(comment)}
    if opd is None:
        kind = NotificationKind.MENTIONED
        text = _("%(name)s menyebut Gugus Tugas pada pertanyaan %(code)s: “%(text)s”") % facts
    else:
        kind = NotificationKind.ASKED
        text = _("%(name)s (%(opd)s) menulis pada pertanyaan %(code)s: “%(text)s”") % facts
    told = members.filter(role=Role.GUGUS_TUGAS).exclude(user=by).values_list("user", flat=True)
    _tell_of_message(comment, dict.fromkeys(told, text), kind, at=at)


def tell_replied(
    comment: Comment,
    messages: Collection[Comment],
    *,
    besides: Collection[Opd],
    by: User,
    at: datetime,
) -> None:
    """Tell the OPDs that wrote these messages that whoever coordinates has answered.

    Not those `besides`, which are told of this very comment anyway, nor those that no longer
    hold the question: the page is theirs no more.
    """
    answer = comment.answer
    members = Membership.objects.filter(city=answer.assessment.city_id)
    if not messages or not members.filter(user=by, role__in=COORDINATING).exists():
        return
    asking = members.filter(
        user__in={message.by_id for message in messages}, opd__in=answer.assignments.values("opd")
    )
    opds = Opd.objects.filter(memberships__in=asking).exclude(pk__in=[opd.pk for opd in besides])
    text = _("%(name)s menjawab pada pertanyaan %(code)s: “%(text)s”")
    text %= {"name": by, **_quoted(comment)}
    told = [user_id for user_id, _opd in _members(opds.distinct(), answer.assessment, by=by)]
    _tell_of_message(comment, dict.fromkeys(told, text), NotificationKind.REPLIED, at=at)


def _quoted(comment: Comment) -> dict[str, str]:
    return {
        "code": comment.answer.question.code,
        "text": Truncator(comment.text).chars(QUOTED_CHARS),
    }


def _tell_of_message(
    comment: Comment, told: Mapping[int, str], kind: NotificationKind, *, at: datetime
) -> None:
    answer = comment.answer
    url = f"{question_url(answer.assessment, answer)}#percakapan"
    key = f"{kind}:{comment.pk}"
    deliver(
        [
            Notice(user_id, kind, answer.assessment_id, text, url, key, answer.pk)
            for user_id, text in told.items()
        ],
        at=at,
    )


def question_url(assessment: Assessment, answer: Answer) -> str:
    where = [assessment.city.slug, assessment.year, answer.question.code]
    return reverse("assessments:question_detail", args=where)


def task_url(assessment: Assessment) -> str:
    return reverse("assessments:task_list", args=[assessment.city.slug])


def _members(opds: Iterable[Opd], assessment: Assessment, *, by: User) -> list[tuple[int, Opd]]:
    """Everybody of the OPDs with their OPD, but not whoever does the deed."""
    by_pk = {opd.pk: opd for opd in opds}
    rows = Membership.objects.filter(city=assessment.city_id, opd__in=by_pk).exclude(user=by)
    return [
        (user_id, by_pk[opd_id])
        for user_id, opd_id in rows.order_by("pk").values_list("user", "opd")
        if opd_id is not None
    ]


def _assigned_sentence(answers: Sequence[Answer], opd: Opd) -> str:
    if len(answers) == 1:
        code = answers[0].question.code
        return _("Pertanyaan %(code)s ditugaskan kepada %(opd)s.") % {"code": code, "opd": opd}
    facts = {"count": len(answers), "opd": opd}
    many = "%(count)d pertanyaan ditugaskan kepada %(opd)s."
    return ngettext(many, many, len(answers)) % facts
