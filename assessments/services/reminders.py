"""What people are told without anybody doing anything: dates that come near, dates gone by,
and on Mondays where the year stands.

Everything here may run as often as it likes: the key of each notice lets it through once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from assessments.choices import AnswerState, NotificationKind, ScoreKind
from assessments.models import (
    Answer,
    Assessment,
    Assignment,
    DocumentCount,
    TotalScore,
    is_late,
)
from assessments.services.notifications import Notice, deliver, question_url, task_url
from cities.models import Membership
from cities.roles import Role
from figures.numbers import format_date, format_points

MORNING = time(6)  # nobody wants to be reminded at midnight; the hour is the city's own
DAYS_BEFORE = (1, 3, 7)
DAYS_A_WEEK = 7
CODES_NAMED = 8
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A question that an OPD holds, with the date by which that OPD hands in."""

    answer: Answer
    due: date | None
    is_lead: bool


@dataclass(frozen=True, slots=True)
class Occasion:
    """A sentence for everybody of one OPD."""

    kind: NotificationKind
    text: str
    url: str
    key: str
    answer_id: int | None = None


def write_reminders(*, at: datetime) -> None:
    """Write what the people of every open year have to be reminded of at this moment.

    Then what the packages above know of: the setting KLA_REMINDER_SOURCES names their functions.
    """
    for assessment in Assessment.objects.select_related("city", "instrument").order_by("pk"):
        if assessment.is_open:
            remind(assessment, at=at)
    for path in settings.KLA_REMINDER_SOURCES:
        import_string(path)(at=at)


def remind(assessment: Assessment, *, at: datetime) -> None:
    """Write what is due today in one city, from six in its own morning.

    A reminder that was missed because nothing ran that day is made up for, the weekly
    digest only until the Monday ends.
    """
    local = at.astimezone(assessment.city.zone)
    if local.time() < MORNING:
        return
    today = local.date()
    answers = list(
        Answer.objects.filter(assessment=assessment)
        .with_state()
        .with_due_on()
        .select_related("question")
        .in_order()
    )
    held = _held(assessment, answers)
    is_monday = today.weekday() == MONDAY
    notices: list[Notice] = []
    members = Membership.objects.filter(city=assessment.city_id)
    for user_id, opd_id, role in members.order_by("pk").values_list("user", "opd", "role"):
        occasions: list[Occasion] = []
        if opd_id is not None:
            occasions += _dates(assessment, opd_id, held[opd_id], today)
            if is_monday:
                occasions += _digest_of_opd(assessment, opd_id, held[opd_id], today)
        elif is_monday and role == Role.GUGUS_TUGAS:
            occasions.append(_digest_of_year(assessment, answers, today))
        notices += [_notice(assessment, user_id, occasion) for occasion in occasions]
    deliver(notices, at=at)


def _held(assessment: Assessment, answers: Sequence[Answer]) -> defaultdict[int, list[Held]]:
    """The questions of each OPD, in the order of the instrument."""
    holders: defaultdict[int, list[Held]] = defaultdict(list)
    by_answer: defaultdict[int, list[Assignment]] = defaultdict(list)
    for assignment in Assignment.objects.filter(answer__assessment=assessment).with_due():
        by_answer[assignment.answer_id].append(assignment)
    for answer in answers:
        for assignment in by_answer[answer.pk]:
            row = Held(answer, assignment.due, assignment.is_lead)
            holders[assignment.opd_id].append(row)
    return holders


def _dates(
    assessment: Assessment, opd_id: int, held: Sequence[Held], today: date
) -> Iterator[Occasion]:
    """One sentence for each date that is near or gone, with the questions it concerns."""
    by_date: defaultdict[date, list[Answer]] = defaultdict(list)
    for row in held:
        if row.answer.is_pending and row.due is not None:
            by_date[row.due].append(row.answer)
    for due, answers in sorted(by_date.items()):
        days = (due - today).days
        only = answers[0] if len(answers) == 1 else None
        where = question_url(assessment, only) if only else task_url(assessment)
        subject = f"{assessment.pk}:{opd_id}:{due}"
        if days < 0:
            week = (-days - 1) // DAYS_A_WEEK
            yield Occasion(
                NotificationKind.OVERDUE,
                _overdue_sentence(answers, due, -days),
                where,
                key=f"overdue:{subject}:{week}",
                answer_id=only.pk if only else None,
            )
        elif days <= DAYS_BEFORE[-1]:
            step = next(step for step in DAYS_BEFORE if days <= step)
            yield Occasion(
                NotificationKind.DUE_SOON,
                _due_sentence(answers, due, days),
                where,
                key=f"due_soon:{subject}:{step}",
                answer_id=only.pk if only else None,
            )


def _digest_of_opd(
    assessment: Assessment, opd_id: int, held: Sequence[Held], today: date
) -> Iterator[Occasion]:
    """Where an OPD's questions stand; nothing to say once all of them are accepted."""
    states = Counter(row.answer.state for row in held)
    if states[AnswerState.ACCEPTED] == len(held):
        return
    late = sum(is_late(row.answer.state, row.due, today) for row in held)
    points = sum(
        row.answer.question.max_points for row in held if row.is_lead and row.answer.is_pending
    )
    text = _(
        "Ringkasan pekan ini: %(done)d dari %(count)d pertanyaan selesai, %(waiting)d menunggu "
        "pemeriksaan, %(returned)d dikembalikan, %(left)d belum lengkap, %(late)d terlambat. "
        "Nilai yang masih menunggu OPD Anda: %(points)s."
    ) % {
        "done": states[AnswerState.ACCEPTED],
        "count": len(held),
        "waiting": states[AnswerState.WAITING],
        "returned": states[AnswerState.RETURNED],
        "left": states[AnswerState.EMPTY] + states[AnswerState.ANSWERED],
        "late": late,
        "points": format_points(points or 0),
    }
    key = f"weekly_digest:{assessment.pk}:{opd_id}:{today}"
    yield Occasion(NotificationKind.WEEKLY_DIGEST, text, task_url(assessment), key)


def _digest_of_year(assessment: Assessment, answers: Sequence[Answer], today: date) -> Occasion:
    """Where the whole year stands, for those who coordinate it."""
    states = Counter(answer.state for answer in answers)
    led = Assignment.objects.leading().filter(answer__assessment=assessment).count()
    totals = dict(TotalScore.objects.filter(assessment=assessment).values_list("kind", "points"))
    text = _(
        "Ringkasan pekan ini: terbukti %(evidenced)s %(unit)s dari klaim %(claimed)s; %(documents)d "
        "dokumen menunggu pemeriksaan, %(returned)d pertanyaan dikembalikan, %(late)d terlambat, "
        "%(unled)d tanpa penanggung jawab."
    ) % {
        "evidenced": format_points(totals[ScoreKind.EVIDENCED]),
        "unit": assessment.instrument.unit,
        "claimed": format_points(totals[ScoreKind.CLAIMED]),
        "documents": DocumentCount.objects.waiting().filter(answer__assessment=assessment).total(),
        "returned": states[AnswerState.RETURNED],
        "late": sum(answer.is_late(today) for answer in answers),
        "unled": len(answers) - led,
    }
    key = f"weekly_digest:{assessment.pk}:{today}"
    url = assessment.get_absolute_url()
    return Occasion(NotificationKind.WEEKLY_DIGEST, text, url, key)


def _notice(assessment: Assessment, user_id: int, occasion: Occasion) -> Notice:
    return Notice(
        user_id,
        occasion.kind,
        assessment.pk,
        occasion.text,
        occasion.url,
        occasion.key,
        occasion.answer_id,
    )


def _due_sentence(answers: Sequence[Answer], due: date, days: int) -> str:
    facts = {"questions": _questions(answers), "date": format_date(due), "days": days}
    if days == 0:
        return _("Jatuh tempo hari ini, %(date)s: %(questions)s.") % facts
    if days == 1:
        return _("Jatuh tempo besok, %(date)s: %(questions)s.") % facts
    return _("Jatuh tempo %(days)d hari lagi, %(date)s: %(questions)s.") % facts


def _overdue_sentence(answers: Sequence[Answer], due: date, days: int) -> str:
    facts = {"questions": _questions(answers), "date": format_date(due), "days": days}
    return _("Terlambat %(days)d hari sejak %(date)s: %(questions)s.") % facts


def _questions(answers: Sequence[Answer]) -> str:
    """“pertanyaan 1.1”, or “12 pertanyaan (1.1, 1.2 … dan 10 lainnya)”."""
    codes = [answer.question.code for answer in answers]
    if len(codes) == 1:
        return _("pertanyaan %(code)s") % {"code": codes[0]}
    named, others = ", ".join(codes[:CODES_NAMED]), len(codes) - CODES_NAMED
    facts = {"count": len(codes), "codes": named, "others": others}
    if others > 0:
        return _("%(count)d pertanyaan (%(codes)s, dan %(others)d lainnya)") % facts
    return _("%(count)d pertanyaan (%(codes)s)") % facts
