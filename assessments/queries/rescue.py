"""Rescue windows with their questions, those with the most points first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Prefetch

from assessments.choices import AnswerState
from assessments.models import Answer, AnswerQuerySet, Assessment, Assignment, RescueWindow
from assessments.queries.tasks import AskedKind, checklists
from assessments.scoring import ZERO
from assessments.stages import RESCUE_STAGE
from cities.models import City


@dataclass(frozen=True, slots=True)
class RescueRow:
    answer: Answer
    state: str
    points: Decimal  # what the question could still bring
    leads: list[str]  # the OPD in charge; without one, all that were asked
    asked: list[AskedKind]


@dataclass(frozen=True, slots=True)
class RescueTime:
    """A window and how long it is still open."""

    window: RescueWindow
    left: timedelta
    is_open: bool

    @property
    def hours_left(self) -> int:
        return int(self.left.total_seconds()) // 3600

    @property
    def minutes_left(self) -> int:
        return int(self.left.total_seconds()) // 60 % 60


@dataclass(frozen=True, slots=True)
class RescueBoard(RescueTime):
    rows: list[RescueRow]

    @property
    def points(self) -> Decimal:
        return sum((row.points for row in self.rows), ZERO)


@dataclass(frozen=True, slots=True)
class RescueNotice(RescueTime):
    """An open window, told in short above the tasks of an OPD."""

    answers: list[Answer]


def rescue_boards(
    assessment: Assessment, answers: AnswerQuerySet, *, at: datetime
) -> list[RescueBoard]:
    """Every window of the year with those of its questions that are among `answers`.

    The open ones come first, what closes soonest on top; windows without any such question
    are left out.
    """
    windows = list(
        assessment.rescue_windows.select_related("by", "assessment__city").prefetch_related(
            Prefetch("answers", Answer.objects.only("pk"))
        )
    )
    wanted = {answer.pk for window in windows for answer in window.answers.all()}
    rows = {row.answer.pk: row for row in _rows(answers.filter(pk__in=wanted))}
    boards = [_board(window, rows, at) for window in windows]
    shown = [board for board in boards if board.rows]
    return sorted(
        shown,
        key=lambda board: (
            not board.is_open,
            board.left if board.is_open else timedelta(),
            -board.window.pk,
        ),
    )


def open_notices(city: City, answers: AnswerQuerySet, *, at: datetime) -> list[RescueNotice]:
    """The windows of the city that count at that moment, with those of `answers` in them.

    What closes soonest comes first; two queries, however many windows there are.
    """
    windows = (
        RescueWindow.objects.open_at(at)
        .filter(assessment__city=city, assessment__stage=RESCUE_STAGE)
        .prefetch_related(
            Prefetch("answers", answers.select_related("question", "assessment__city").in_order())
        )
        .order_by("closes_at", "-pk")
    )
    notices = [
        RescueNotice(
            window, window.closes_at - at, is_open=True, answers=list(window.answers.all())
        )
        for window in windows
    ]
    return [notice for notice in notices if notice.answers]


def candidates(answers: AnswerQuerySet) -> Sequence[RescueRow]:
    """Questions for a new window: returned or unproven first, then those of most points."""
    return sorted(_rows(answers), key=lambda row: (not needs_rescue(row), -row.points))


def needs_rescue(row: RescueRow) -> bool:
    return row.state == AnswerState.RETURNED or not row.answer.is_proven


def _board(window: RescueWindow, rows: dict[int, RescueRow], at: datetime) -> RescueBoard:
    mine = [rows[answer.pk] for answer in window.answers.all() if answer.pk in rows]
    is_in_field = window.assessment.stage == RESCUE_STAGE
    is_open = is_in_field and window.is_open_at(at)
    return RescueBoard(
        window=window,
        rows=sorted(mine, key=lambda row: (-row.points, row.answer.question.position)),
        left=window.closes_at - at if is_open else timedelta(),
        is_open=is_open,
    )


def _rows(answers: AnswerQuerySet) -> list[RescueRow]:
    found = list(
        answers.with_state()
        .select_related("question__indicator", "assessment__city")
        .prefetch_related(Prefetch("assignments", Assignment.objects.select_related("opd")))
        .in_order()
    )
    asked = checklists(found)
    return [_row(answer, asked[answer.pk]) for answer in found]


def _row(answer: Answer, asked: list[AskedKind]) -> RescueRow:
    holders = list(answer.assignments.all())
    leads = [a.opd.name for a in holders if a.is_lead] or [a.opd.name for a in holders]
    return RescueRow(
        answer=answer,
        state=answer.state,
        points=answer.points_left,
        leads=leads,
        asked=asked,
    )
