"""The first page of a year: where it stands, what is open and with whom, and what was done lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import F, Min, Q, Sum
from django.utils.translation import gettext as _

from assessments.choices import AnswerState
from assessments.models import (
    PROVEN_POINTS,
    Answer,
    Assessment,
    Comment,
    DocumentCount,
    is_late,
)
from assessments.queries.weekly_activity import DeedCount, week
from assessments.queries.year import YearStanding, year_standing
from assessments.scoring import ZERO
from figures.numbers import format_number

NAMED = 2  # as many of those concerned as a line holds


class OpenKind(StrEnum):
    """What is open, and so where it is done."""

    WAITING = "waiting"
    RETURNED = "returned"
    UNANSWERED = "unanswered"
    LATE = "late"
    UNLED = "unled"


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """Something that needs somebody today: how many, and with whom it lies."""

    kind: OpenKind
    count: int
    fact: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question with what the first page needs of it; `left` are points not proven yet."""

    code: str
    state: str
    late: bool
    lead: str | None  # name of the OPD that is responsible
    left: Decimal
    asked: bool  # whether a message of an OPD waits for an answer


@dataclass(frozen=True, slots=True)
class Backlog:
    """Documents that nobody has decided on; by the name of the OPD that handed them in."""

    total: int
    oldest: int | None  # days, the city's own
    by_opd: Counter[str]


@dataclass(frozen=True, slots=True)
class YearOverview:
    standing: YearStanding
    states: Counter[str]
    questions: int
    matters: list[OpenMatter]
    week: list[DeedCount]


def year_overview(assessment: Assessment, *, today: date) -> YearOverview:
    """The first page of a year. Six queries, whatever the size."""
    questions = open_questions(assessment, today=today)
    return YearOverview(
        standing=year_standing(assessment),
        states=Counter(one.state for one in questions),
        questions=len(questions),
        matters=list(
            _matters(
                questions,
                backlog(assessment, today=today),
                unit=assessment.instrument.unit,
            )
        ),
        week=week(assessment, today=today),
    )


def open_questions(assessment: Assessment, *, today: date) -> list[OpenQuestion]:
    """In the instrument's order, in one query."""
    messages = Comment.objects.filter(answer__assessment=assessment).unanswered().order_by()
    rows = (
        Answer.objects.filter(assessment=assessment)
        .with_state()
        .with_due_on()
        .with_lead()
        .annotate(is_asked=Q(pk__in=messages.values("answer")))
        .in_order()
        .values_list(
            "question__code",
            "state",
            "due_on",
            "led__opd__name",
            "question__max_points",
            PROVEN_POINTS,
            "is_asked",
        )
    )
    return [
        OpenQuestion(
            code=code,
            state=state,
            late=is_late(state, due_on, today),
            lead=lead,
            left=maximum - (proven or ZERO),
            asked=asked,
        )
        for code, state, due_on, lead, maximum, proven, asked in rows
    ]


def backlog(assessment: Assessment, *, today: date) -> Backlog:
    """What waits for a decision, in one query."""
    rows = (
        DocumentCount.objects.waiting()
        .filter(answer__assessment=assessment)
        .values_list("opd__name")
        .annotate(Sum("number"), Min("waiting_since"))
        .order_by(F("opd__name").asc(nulls_last=True))
    )
    found = list(rows)
    first = min((at for *_of, at in found), default=None)
    zone = assessment.city.zone
    return Backlog(
        total=sum(count for _name, count, _first in found),
        oldest=None if first is None else (today - first.astimezone(zone).date()).days,
        by_opd=Counter({name or _("Gugus Tugas"): count for name, count, _first in found}),
    )


def _matters(
    everything: Sequence[OpenQuestion], waiting: Backlog, *, unit: str
) -> Iterator[OpenMatter]:
    """The most urgent first; what is nowhere open is left out."""
    if waiting.oldest is not None:
        words = _("%(who)s. Terlama %(days)d hari; %(points)s %(unit)s bergantung padanya.")
        facts = {
            "who": named(waiting.by_opd),
            "days": waiting.oldest,
            "points": format_number(_left(everything, AnswerState.WAITING)),
            "unit": unit,
        }
        yield OpenMatter(OpenKind.WAITING, waiting.total, words % facts)
    of_state = [one for one in everything if one.state == AnswerState.RETURNED]
    for kind, found in (
        (OpenKind.RETURNED, of_state),
        (OpenKind.UNANSWERED, [one for one in everything if one.asked]),
        (OpenKind.LATE, [one for one in everything if one.late]),
    ):
        if found:
            yield OpenMatter(kind, len(found), f"{named(leads(found))}.")
    unled = [one for one in everything if one.lead is None]
    if unled:
        codes = Counter({one.code: 1 for one in unled})
        yield OpenMatter(
            OpenKind.UNLED,
            len(unled),
            _("Pertanyaan %(codes)s.") % {"codes": named(codes, with_counts=False)},
        )


def leads(questions: Iterable[OpenQuestion]) -> Counter[str]:
    """Whose questions they are."""
    return Counter(one.lead or _("tanpa penanggung jawab") for one in questions)


def named(counts: Counter[str], *, with_counts: bool = True) -> str:
    """Who has most of something, and how many others do: "Dinas A (3), Dinas B (1), dan 2 lainnya".

    Of those with as many, the first in `counts`: give them in an order that does not change.
    """
    ranked = counts.most_common()
    words = [f"{name} ({count})" if with_counts else name for name, count in ranked[:NAMED]]
    if len(ranked) > NAMED:
        words.append(_("dan %(count)d lainnya") % {"count": len(ranked) - NAMED})
    return ", ".join(words)


def _left(questions: Iterable[OpenQuestion], state: AnswerState) -> Decimal:
    return sum((one.left for one in questions if one.state == state), ZERO)
