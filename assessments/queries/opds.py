"""Questions by state and points of each OPD in a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.choices import AnswerState
from assessments.models import Assignment
from assessments.queries.answer_points import AnswerFacts
from assessments.scoring import ZERO
from cities.models import Opd
from figures.numbers import percent
from figures.values import Chart, ChartColumn, Unit


@dataclass(frozen=True, slots=True)
class Held:
    """A question that an OPD is to answer for, by their primary keys."""

    answer: int
    opd: int
    is_lead: bool


@dataclass(slots=True)
class OpdRow:
    """An OPD's questions by state; its points are those of the questions it leads.

    `held` are those that are not proven yet.
    """

    opd: Opd
    answers: set[int] = field(default_factory=set)
    states: Counter[str] = field(default_factory=Counter)
    late: int = 0
    led: int = 0
    maximum: Decimal = ZERO
    claimed: Decimal = ZERO
    proven: Decimal = ZERO

    @property
    def questions(self) -> int:
        return len(self.answers)

    @property
    def held(self) -> Decimal:
        return self.maximum - self.proven

    @property
    def accepted(self) -> int:
        return self.states[AnswerState.ACCEPTED]

    @property
    def waiting(self) -> int:
        return self.states[AnswerState.WAITING]

    @property
    def returned(self) -> int:
        return self.states[AnswerState.RETURNED]

    @property
    def untouched(self) -> int:
        return self.states[AnswerState.EMPTY] + self.states[AnswerState.ANSWERED]

    @property
    def accepted_share(self) -> Decimal | None:
        """The accepted questions among its own, in percent."""
        return percent(self.accepted, self.questions)


def held_by(assignments: QuerySet[Assignment]) -> list[Held]:
    """In one query, and without making an object of each of a thousand."""
    return [Held(*row) for row in assignments.order_by().values_list("answer", "opd", "is_lead")]


def led_by(facts: Mapping[int, AnswerFacts]) -> list[Held]:
    """Only who leads, without a query."""
    return [Held(pk, one.lead, is_lead=True) for pk, one in facts.items() if one.lead is not None]


def opd_rows(
    held: Iterable[Held], opds: Iterable[Opd], facts: Mapping[int, AnswerFacts]
) -> list[OpdRow]:
    """Each of the OPDs that holds anything; who holds most points back comes first."""
    rows = {opd.pk: OpdRow(opd) for opd in opds}
    for one in held:
        row, question = rows[one.opd], facts[one.answer]
        row.answers.add(one.answer)
        row.states[question.state] += 1
        row.late += question.late
        if one.is_lead:  # points belong to one OPD only
            row.led += 1
            row.maximum += question.maximum
            row.claimed += question.claimed or ZERO
            row.proven += question.proven
    busy = [row for row in rows.values() if row.answers]
    return sorted(busy, key=lambda row: (-row.held, row.opd.name))


def opd_chart(rows: Sequence[OpdRow]) -> Chart:
    sentence = _("Belum ada OPD yang ditugasi.")
    if rows:
        words = _("%(count)d OPD; nilai terbanyak yang belum terbukti dipegang %(opd)s.")
        sentence = words % {"count": len(rows), "opd": rows[0].opd.name}
    return Chart(
        key="opd",
        title=_("Kemajuan OPD"),
        sentence=sentence,
        columns=(
            ChartColumn(_("OPD")),
            ChartColumn(_("Diterima"), Unit.COUNT),
            ChartColumn(_("Menunggu"), Unit.COUNT),
            ChartColumn(_("Dikembalikan"), Unit.COUNT),
            ChartColumn(_("Belum dikerjakan"), Unit.COUNT),
            ChartColumn(_("Terlambat"), Unit.COUNT),
            ChartColumn(_("Pertanyaan"), Unit.COUNT),
            ChartColumn(_("Nilai tertahan"), Unit.POINTS),
        ),
        rows=[
            (
                row.opd.name,
                row.accepted,
                row.waiting,
                row.returned,
                row.untouched,
                row.late,
                row.questions,
                row.held,
            )
            for row in rows
        ],
    )
