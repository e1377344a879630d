"""One OPD in a year: its share of the points, its tasks, its pace compared with other OPDs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from assessments.choices import OFFICIAL_KINDS, AnswerState, ScoreKind
from assessments.models import Answer, Assessment, Assignment, StageScore
from assessments.pace import WINDOW
from assessments.queries.answer_points import answer_facts
from assessments.queries.opds import OpdRow, held_by, opd_rows
from assessments.queries.pace import Milestones, Pace, milestones, pace, pace_chart
from cities.models import Membership, Opd
from cities.roles import Permission
from figures.numbers import percent
from figures.values import Chart, ChartColumn, Unit

WEEKS = WINDOW // 7
LATE = "terlambat"  # as the address says it


@dataclass(frozen=True, slots=True)
class OpdTask:
    """A question that is not accepted yet; `points` are at stake, and its lead's alone."""

    answer: Answer
    state: str
    due_on: date | None
    late: bool
    is_lead: bool
    points: Decimal

    def is_in(self, state: str) -> bool:
        """Whether it is among those of a state, or late; nothing means all of them."""
        return state in ("", self.state) or (state == LATE and self.late)


@dataclass(frozen=True, slots=True)
class OpdSpeed:
    """An OPD with the questions that were accepted in a week, on average of the last four."""

    row: OpdRow
    weekly: Decimal


@dataclass(frozen=True, slots=True)
class OpdDashboard:
    row: OpdRow
    share: Decimal | None  # of the instrument's maximum, in percent
    official: list[tuple[ScoreKind, Decimal]]  # of the questions it leads, as far as entered
    open: int  # questions that are not accepted yet
    late: int  # of these, by the OPD's own dates
    tasks: list[OpdTask]  # those of them that were asked for, most points first
    pace: Pace
    others: list[OpdSpeed]  # with itself, the furthest first; empty for who may not see them


def opd_dashboard(
    assessment: Assessment, opd: Opd, member: Membership, *, today: date, state: str = ""
) -> OpdDashboard:
    """One OPD in one year, in seven queries. Who may see only its own OPD gets no others.

    `state` narrows its tasks to those of an AnswerState, or to late ones.
    """
    sees_all = member.may(Permission.VIEW_ASSESSMENT)
    facts = answer_facts(Answer.objects.visible_to(member).filter(assessment=assessment), today)
    assignments = Assignment.objects.filter(answer__assessment=assessment)
    if not sees_all:
        assignments = assignments.filter(opd=opd)
    held = held_by(assignments)
    rows = opd_rows(held, assessment.city.opds.all() if sees_all else [opd], facts)
    row = next((row for row in rows if row.opd == opd), OpdRow(opd))
    reached = milestones(assessment, facts)
    led = {one.answer for one in held if one.is_lead and one.opd == opd.pk}
    tasks = _tasks(assessment, opd, led, today)
    return OpdDashboard(
        row=row,
        share=percent(row.maximum, assessment.instrument.max_points),
        official=_official(assessment, opd),
        open=len(tasks),
        late=sum(task.late for task in tasks),
        tasks=[task for task in tasks if task.is_in(state)],
        pace=pace(assessment, reached, row.answers, today=today),
        others=_others(rows, reached, today) if sees_all else [],
    )


def _tasks(assessment: Assessment, opd: Opd, led: set[int], today: date) -> list[OpdTask]:
    answers = (
        Answer.objects.filter(assessment=assessment, assignments__opd=opd)
        .with_state()
        .with_due_on(opd)
        .select_related("question__indicator", "assessment__city")
        .in_order()
    )
    tasks = [
        OpdTask(
            answer=answer,
            state=answer.state,
            due_on=answer.due_on,
            late=answer.is_late(today),
            is_lead=answer.pk in led,
            points=answer.points_left,
        )
        for answer in answers
        if answer.state != AnswerState.ACCEPTED
    ]
    return sorted(tasks, key=lambda task: (not task.is_lead, -task.points))


def _official(assessment: Assessment, opd: Opd) -> list[tuple[ScoreKind, Decimal]]:
    sums: Mapping[str, Decimal] = dict(
        StageScore.objects.filter(
            answer__assessment=assessment,
            answer__assignments__opd=opd,
            answer__assignments__is_lead=True,
        )
        .order_by()
        .values_list("kind")
        .annotate(Sum("points"))
    )
    return [(kind, sums[kind]) for kind in OFFICIAL_KINDS if kind in sums]


def _others(rows: list[OpdRow], reached: Milestones, today: date) -> list[OpdSpeed]:
    since = today - timedelta(days=WINDOW)
    recent = {pk for pk, day in reached.accepted.items() if day > since}
    speeds = [OpdSpeed(row, Decimal(len(row.answers & recent)) / WEEKS) for row in rows]
    return sorted(speeds, key=lambda one: (-(one.row.accepted_share or 0), one.row.opd.name))


def opd_charts(dashboard: OpdDashboard) -> dict[str, Chart]:
    """Every chart of the page by its key; none about others for who may not see them."""
    charts = [tasks_chart(dashboard), pace_chart(dashboard.pace)]
    if dashboard.others:
        charts.append(others_chart(dashboard))
    return {chart.key: chart for chart in charts}


def tasks_chart(dashboard: OpdDashboard) -> Chart:
    words = _("%(count)d pertanyaan belum diterima, %(late)d di antaranya terlambat.")
    return Chart(
        key="tugas",
        title=_("Tugas menurut nilai"),
        sentence=words % {"count": dashboard.open, "late": dashboard.late},
        columns=(
            ChartColumn(_("Pertanyaan")),
            ChartColumn(_("Isi")),
            ChartColumn(_("Keadaan")),
            ChartColumn(_("Peran")),
            ChartColumn(_("Tenggat"), Unit.DATE),
            ChartColumn(_("Masih dapat diraih"), Unit.POINTS),
        ),
        rows=[
            (
                task.answer.question.code,
                task.answer.question.text,
                str(AnswerState(task.state).label),
                _("Penanggung jawab") if task.is_lead else _("Pendukung"),
                task.due_on,
                task.points,
            )
            for task in dashboard.tasks
        ],
    )


def others_chart(dashboard: OpdDashboard) -> Chart:
    opds = [one.row.opd for one in dashboard.others]
    sentence = _("OPD ini belum ditugasi pada tahun ini.")
    if dashboard.row.opd in opds:
        words = _("Urutan %(rank)d dari %(count)d OPD menurut bagian pertanyaan yang diterima.")
        rank = opds.index(dashboard.row.opd) + 1
        sentence = words % {"rank": rank, "count": len(opds)}
    return Chart(
        key="banding",
        title=_("Dibanding OPD lain"),
        sentence=sentence,
        columns=(
            ChartColumn(_("OPD")),
            ChartColumn(_("Diterima (%)"), Unit.PERCENT),
            ChartColumn(_("Diterima per pekan"), Unit.POINTS),
            ChartColumn(_("Pertanyaan"), Unit.COUNT),
            ChartColumn(_("Nilai tertahan"), Unit.POINTS),
        ),
        rows=[
            (
                one.row.opd.name,
                one.row.accepted_share,
                one.weekly,
                one.row.questions,
                one.row.held,
            )
            for one in dashboard.others
        ],
    )
