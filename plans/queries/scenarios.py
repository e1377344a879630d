"""Total, predikat and clusters under supposed outcomes, and scenarios side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments import scoring
from plans import outcome_query
from plans.choices import Basis, Outcome
from plans.models import Scenario
from plans.outcomes import points_of
from plans.queries.questions import SupposedYear, YearQuestion

THOUSAND = 1000  # points are stored to a thousandth


@dataclass(frozen=True, slots=True)
class ClusterChange:
    code: str
    label: str
    name: str
    maximum: Decimal
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class OutcomeChoice:
    """An outcome to suppose: the points it gives, and its value in the address."""

    outcome: Outcome
    points: Decimal
    value: str


@dataclass(frozen=True, slots=True)
class SupposedRow:
    """A question with what each outcome would make of it."""

    facts: YearQuestion
    outcome: Outcome | None

    @property
    def now(self) -> Decimal:
        return self.facts.points(Basis.PROVEN)

    @property
    def choices(self) -> list[OutcomeChoice]:
        return [
            OutcomeChoice(
                outcome=outcome,
                points=supposed_points(self.facts, outcome),
                value=outcome_query.written(self.facts.code, outcome),
            )
            for outcome in Outcome
        ]


@dataclass(frozen=True, slots=True)
class WhatIfBoard:
    before: scoring.Score
    before_standing: scoring.Standing
    after: scoring.Score
    standing: scoring.Standing
    clusters: list[ClusterChange]
    rows: list[SupposedRow]
    supposed: int

    @property
    def change(self) -> Decimal:
        return self.after.total - self.before.total


@dataclass(frozen=True, slots=True)
class ScenarioColumn:
    """One scenario in a comparison; without a scenario, the year as it is."""

    scenario: Scenario | None
    total: Decimal
    predikat: str
    clusters: list[Decimal]
    counts: Counter[str]


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """What each scenario supposes of one question; None where it supposes nothing."""

    facts: YearQuestion
    outcomes: list[Outcome | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    columns: list[ScenarioColumn]
    clusters: list[tuple[str, str, list[Decimal]]]  # label, name, points by column
    lines: list[ScenarioLine]


def supposed_points(facts: YearQuestion, outcome: Outcome) -> Decimal:
    return points_of(outcome, claimed=facts.answer.claimed_points, maximum=facts.maximum)


def whatif_board(year: SupposedYear, outcomes: Mapping[str, Outcome]) -> WhatIfBoard:
    """The year with these outcomes; nothing is stored, and no query is made."""
    points = year.points(Basis.PROVEN)
    supposed = {
        code: supposed_points(year.questions[code], outcome) for code, outcome in outcomes.items()
    }
    before = scoring.score(year.spec, points)
    after = scoring.score(year.spec, {**points, **supposed})
    return WhatIfBoard(
        before=before,
        before_standing=scoring.standing(before.total, year.bands),
        after=after,
        standing=scoring.standing(after.total, year.bands),
        clusters=_changes(year, before, after),
        rows=[SupposedRow(facts, outcomes.get(code)) for code, facts in year.questions.items()],
        supposed=len(outcomes),
    )


def whatif_data(year: SupposedYear) -> dict[str, object]:
    """The same for the browser, in whole thousandths: what each outcome makes of a question."""

    def question(code: str) -> dict[str, object]:
        row = SupposedRow(year.questions[code], None)
        worth = {choice.outcome.value: _units(choice.points) for choice in row.choices}
        return {"code": code, "now": _units(row.now), **worth}

    return {
        "maximum": _units(year.spec.max_points),
        "bands": [
            {"predikat": band.predikat, "minimum": _units(band.minimum)} for band in year.bands
        ],
        "clusters": [
            {
                "code": cluster.code,
                "maximum": _units(cluster.max_points),
                "indicators": [
                    {
                        "code": indicator.code,
                        "maximum": _units(indicator.max_points),
                        "questions": [question(row.code) for row in indicator.questions],
                    }
                    for indicator in cluster.indicators
                ],
            }
            for cluster in year.spec.clusters
        ],
    }


def comparison(year: SupposedYear, scenarios: Sequence[Scenario]) -> Comparison:
    """Scenarios side by side on the points of today; their outcomes must be at hand."""
    supposed = [_supposed(scenario) for scenario in scenarios]
    columns = [_column(year, None, {})]
    for scenario, outcomes in zip(scenarios, supposed, strict=True):
        points = {code: points for code, (_outcome, points) in outcomes.items()}
        columns.append(_column(year, scenario, points))
    named = [code for code in year.questions if any(code in outcomes for outcomes in supposed)]
    return Comparison(
        columns=columns,
        clusters=[
            (cluster.label, cluster.name, [column.clusters[index] for column in columns])
            for index, cluster in enumerate(year.spec.clusters)
        ],
        lines=[
            ScenarioLine(
                year.questions[code], [one[code][0] if code in one else None for one in supposed]
            )
            for code in named
        ],
    )


def outcomes_of(scenario: Scenario) -> dict[str, Outcome]:
    return {code: outcome for code, (outcome, _points) in _supposed(scenario).items()}


def _supposed(scenario: Scenario) -> dict[str, tuple[Outcome, Decimal]]:
    return {
        row.answer.question.code: (Outcome(row.outcome), row.points)
        for row in scenario.outcomes.all()
    }


def _column(
    year: SupposedYear, scenario: Scenario | None, points: Mapping[str, Decimal]
) -> ScenarioColumn:
    score = scoring.score(year.spec, {**year.points(Basis.PROVEN), **points})
    outcomes = scenario.outcomes.all() if scenario else ()
    return ScenarioColumn(
        scenario=scenario,
        total=score.total,
        predikat=scoring.standing(score.total, year.bands).predikat or "",
        clusters=[line.points for line in score.clusters],
        counts=Counter(row.outcome for row in outcomes),
    )


def _changes(
    year: SupposedYear, before: scoring.Score, after: scoring.Score
) -> list[ClusterChange]:
    return [
        ClusterChange(
            code=cluster.code,
            label=cluster.label,
            name=cluster.name,
            maximum=cluster.max_points,
            before=was.points,
            after=now.points,
        )
        for cluster, was, now in zip(
            year.spec.clusters, before.clusters, after.clusters, strict=True
        )
    ]


def _units(points: Decimal) -> int:
    return int(points * THOUSAND)
