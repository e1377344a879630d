"""One indicator over the years of a city, across instruments as far as they were mapped.

Points of two instruments do not compare, so a year is told as a share of what its own questions
could bring, and years of different instruments are never joined by a line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.models import Answer, Assessment, IndicatorScore, StageScore
from assessments.scoring import ZERO
from clusters.models import Indicator, QuestionMatch
from figures.numbers import percent
from figures.values import AxisMark, Cell, Chart, ChartColumn, Lines, LineSeries, Stroke, Unit

WHOLE = 100


@dataclass(frozen=True, slots=True)
class TrendYear:
    """Points of the indicator, or of the questions mapped to it, in one year.

    `points` has the kinds that were entered; `maximum` is what could be had.
    """

    year: int
    instrument: int  # primary key
    title: str
    is_mapped: bool  # of another instrument, followed along confirmed matches
    maximum: Decimal
    points: Mapping[str, Decimal]

    def share(self, kind: ScoreKind) -> Decimal | None:
        return percent(self.points[kind], self.maximum) if kind in self.points else None

    @property
    def official(self) -> Decimal | None:
        """The share that the furthest stage gave."""
        found = (self.share(kind) for kind in reversed(OFFICIAL_KINDS))
        return next((share for share in found if share is not None), None)


def trend(assessment: Assessment, indicator: Indicator) -> list[TrendYear]:
    """Every year of the city that can be told, the oldest first, in at most three queries."""
    own = _own_years(assessment, indicator)
    known = {one.year for one in own}
    mapped = [one for one in _mapped_years(assessment, indicator) if one.year not in known]
    return sorted([*own, *mapped], key=lambda one: one.year)


def _own_years(assessment: Assessment, indicator: Indicator) -> list[TrendYear]:
    scores = IndicatorScore.objects.filter(
        assessment__city=assessment.city_id, indicator=indicator
    ).select_related("assessment__instrument")
    years: dict[int, tuple[Assessment, dict[str, Decimal]]] = {}
    for score in scores:
        _year, points = years.setdefault(score.assessment.year, (score.assessment, {}))
        if score.kind not in OFFICIAL_KINDS or score.answered or score.points:
            points[score.kind] = score.points
    return [
        TrendYear(
            year=number,
            instrument=year.instrument_id,
            title=year.instrument.title,
            is_mapped=False,
            maximum=indicator.max_points,
            points=points,
        )
        for number, (year, points) in years.items()
    ]


def _mapped_years(assessment: Assessment, indicator: Indicator) -> Iterator[TrendYear]:
    """Years of other instruments, by the questions that became ours or that ours became."""
    matches = QuestionMatch.objects.filter(confirmed_at__isnull=False)
    became = matches.filter(before__indicator=indicator, after__isnull=False).values("after")
    were = matches.filter(after__indicator=indicator, before__isnull=False).values("before")
    answers = (
        Answer.objects.filter(assessment__city=assessment.city_id)
        .filter(Q(question__in=became) | Q(question__in=were))
        .with_state()
        .select_related("assessment__instrument", "question")
    )
    by_year: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_year[answer.assessment_id].append(answer)
    official = _official(answers)
    for pk, group in by_year.items():
        year = group[0].assessment
        yield TrendYear(
            year=year.year,
            instrument=year.instrument_id,
            title=year.instrument.title,
            is_mapped=True,
            maximum=sum((answer.question.max_points for answer in group), ZERO),
            points={**_ours(group), **official[pk]},
        )


def _ours(answers: Sequence[Answer]) -> dict[str, Decimal]:
    return {
        ScoreKind.CLAIMED: sum((answer.claimed_points or ZERO for answer in answers), ZERO),
        ScoreKind.EVIDENCED: sum((answer.proven_points or ZERO for answer in answers), ZERO),
    }


def _official(answers: Iterable[Answer]) -> defaultdict[int, dict[str, Decimal]]:
    sums: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = StageScore.objects.filter(answer__in=list(answers))
    for pk, kind, points in rows.values_list("answer__assessment", "kind", "points"):
        sums[pk][kind] = sums[pk].get(kind, ZERO) + points
    return sums


def trend_chart(years: Sequence[TrendYear]) -> Chart:
    sentence = _("Belum ada tahun lain untuk dibandingkan.")
    if len(years) > 1:
        words = _("%(count)d tahun, dari %(first)d sampai %(last)d.")
        sentence = words % {"count": len(years), "first": years[0].year, "last": years[-1].year}
    if any(one.is_mapped for one in years):
        sentence += " " + _(
            "Tahun dengan instrumen lain mengikuti pemetaan pertanyaan dan tidak disambung garis."
        )
    return Chart(
        key="tren",
        title=_("Tren per tahun"),
        sentence=sentence,
        columns=(
            ChartColumn(_("Tahun"), Unit.YEAR),
            ChartColumn(_("Instrumen")),
            ChartColumn(_("Maksimum"), Unit.POINTS),
            *(ChartColumn(str(kind.label), Unit.POINTS) for kind in ScoreKind),
        ),
        rows=[_row(one) for one in years],
    )


def _row(one: TrendYear) -> tuple[Cell, ...]:
    return (one.year, one.title, one.maximum, *(one.points.get(kind) for kind in ScoreKind))


def trend_lines(years: Sequence[TrendYear]) -> Lines:
    """Shares of the maximum in percent, a line of its own for each run of one instrument."""
    runs = [list(run) for _pk, run in groupby(years, key=lambda one: one.instrument)]
    series = [line for run in runs for line in _run(run)]
    return Lines(
        start=years[0].year,
        end=max(years[-1].year, years[0].year + 1),
        top=WHOLE,
        series=series,
        ticks=[AxisMark(one.year, str(one.year)) for one in years],
        marks=[AxisMark(run[0].year, _("instrumen lain")) for run in runs[1:]],
    )


def _run(years: Sequence[TrendYear]) -> Iterator[LineSeries]:
    lines = (
        (_("Diklaim (%)"), Stroke.LIGHT, [one.share(ScoreKind.CLAIMED) for one in years]),
        (_("Terbukti (%)"), Stroke.STRONG, [one.share(ScoreKind.EVIDENCED) for one in years]),
        (_("Resmi, tahap terjauh (%)"), Stroke.DASHED, [one.official for one in years]),
    )
    for label, stroke, shares in lines:
        told = zip(years, shares, strict=True)
        points = [(one.year, share) for one, share in told if share is not None]
        if points:
            yield LineSeries(label, stroke, points, dots=True)
