"""A city over its years: predikat, awards, and the points that each stage took away.

A year nobody recorded is a hole, and so is a stage that was not entered: neither is a zero.
Years of different instruments, or with a hole between them, are never joined by a line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.models import Assessment, Award, ClusterScore, TotalScore
from assessments.queries.record import CityRecord, record_of
from assessments.scoring import ZERO
from cities.models import City
from figures.numbers import format_number, percent
from figures.values import AxisMark, Chart, ChartColumn, Lines, LineSeries, Stroke, Unit

WHOLE = 100
# What follows upon what: our own review upon the claim, one official stage upon the other.
CHAINS = ((ScoreKind.CLAIMED, ScoreKind.EVIDENCED), OFFICIAL_KINDS)


@dataclass(frozen=True, slots=True)
class ClusterPath:
    """The points of a cluster by score kind, for the kinds that were entered."""

    label: str
    name: str
    maximum: Decimal
    points: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """A total of a chain; `before` is the one it follows upon, None for the first."""

    kind: ScoreKind
    points: Decimal
    predikat: str
    before: Decimal | None

    @property
    def change(self) -> Decimal | None:
        return None if self.before is None else self.points - self.before


@dataclass(frozen=True, slots=True)
class HistoryYear:
    """One year of a city. `totals` has the kinds that were entered; without a row it is a hole."""

    year: int
    assessment: Assessment | None
    totals: Mapping[str, TotalScore]
    clusters: Sequence[ClusterPath]
    award: Award | None
    is_other_instrument: bool  # than the recorded year before it

    @property
    def is_hole(self) -> bool:
        return not self.totals and self.award is None

    @property
    def falls(self) -> list[list[ScoreStep]]:
        """Each chain of which at least two stages are known, as the steps that are."""
        chains = (list(self._steps(chain)) for chain in CHAINS)
        return [steps for steps in chains if len(steps) > 1]

    @property
    def furthest(self) -> TotalScore | None:
        """The total that says most: of the last official stage, else what is proven."""
        kinds = (*reversed(OFFICIAL_KINDS), ScoreKind.EVIDENCED)
        return next((self.totals[kind] for kind in kinds if kind in self.totals), None)

    def share(self, kind: ScoreKind) -> Decimal | None:
        if self.assessment is None or kind not in self.totals:
            return None
        return percent(self.totals[kind].points, self.assessment.instrument.max_points)

    @property
    def official_share(self) -> Decimal | None:
        found = (self.share(kind) for kind in reversed(OFFICIAL_KINDS))
        return next((share for share in found if share is not None), None)

    def _steps(self, chain: Sequence[ScoreKind]) -> Iterator[ScoreStep]:
        before = None
        for kind in chain:
            total = self.totals.get(kind)
            if total is not None:
                yield ScoreStep(kind, total.points, total.predikat, before)
                before = total.points


def history_years(city: City) -> list[HistoryYear]:
    """From the first year of which anything is known to the last, in three queries."""
    return years_of(record_of(city), _clusters(city))


def years_of(
    record: CityRecord, clusters: Mapping[int, Sequence[ClusterPath]] | None = None
) -> list[HistoryYear]:
    """The same without a query; where no clusters are shown, none need be given."""
    assessments = {row.assessment.year: row.assessment for row in record.totals}
    awards = {award.year: award for award in record.awards}
    known = assessments.keys() | awards.keys()
    if not known:
        return []
    years, instrument = [], None
    for number in range(min(known), max(known) + 1):
        assessment = assessments.get(number)
        totals = _entered(record, assessment)
        own = assessment.instrument_id if assessment else None
        years.append(
            HistoryYear(
                year=number,
                assessment=assessment,
                totals=totals,
                clusters=[_path(row, totals) for row in (clusters or {}).get(number, ())],
                award=awards.get(number),
                is_other_instrument=None not in (own, instrument) and own != instrument,
            )
        )
        instrument = own or instrument
    return years


def _entered(record: CityRecord, assessment: Assessment | None) -> dict[str, TotalScore]:
    """The totals that anything was entered for; totals of nothing are stored as zeros."""
    return {kind: row for kind, row in record.of(assessment).items() if row.is_entered}


def _clusters(city: City) -> defaultdict[int, list[ClusterPath]]:
    """Every cluster of every year of the city with the points of all kinds."""
    paths: dict[tuple[int, int], tuple[ClusterPath, dict[str, Decimal]]] = {}
    scores = ClusterScore.objects.filter(assessment__city=city).order_by("cluster__position")
    for score in scores.select_related("cluster", "assessment"):
        points: dict[str, Decimal] = {}
        own = score.cluster
        fresh = ClusterPath(own.label, own.name, own.max_points, points), points
        _path_of, found = paths.setdefault((score.assessment.year, own.pk), fresh)
        found[score.kind] = score.points
    by_year: defaultdict[int, list[ClusterPath]] = defaultdict(list)
    for (year, _pk), (path, _points) in paths.items():
        by_year[year].append(path)
    return by_year


def _path(row: ClusterPath, totals: Mapping[str, TotalScore]) -> ClusterPath:
    entered = {kind: points for kind, points in row.points.items() if kind in totals}
    return ClusterPath(row.label, row.name, row.maximum, entered)


# --- What the page shows ----------------------------------------------------------------------


def years_chart(years: Sequence[HistoryYear]) -> Chart:
    recorded = [one for one in years if not one.is_hole]
    sentence = _("Belum ada tahun yang tercatat.")
    if recorded:
        words = _("%(count)d tahun tercatat, dari %(first)d sampai %(last)d.")
        facts = {"first": recorded[0].year, "last": recorded[-1].year}
        sentence = words % {"count": len(recorded), **facts}
    if len(recorded) < len(years):
        sentence += " " + _("Tahun tanpa data dibiarkan kosong, bukan nol.")
    if any(one.is_other_instrument for one in years):
        sentence += " " + _("Tahun dengan instrumen lain tidak disambung garis.")
    return Chart(
        key="tahun",
        title=_("Nilai dan predikat per tahun"),
        sentence=sentence,
        columns=(
            ChartColumn(_("Tahun"), Unit.YEAR),
            ChartColumn(_("Instrumen")),
            ChartColumn(_("Maksimum"), Unit.POINTS),
            *(ChartColumn(str(kind.label), Unit.POINTS) for kind in ScoreKind),
            ChartColumn(_("Predikat")),
            ChartColumn(_("Penghargaan")),
            ChartColumn(_("Sumber penghargaan")),
        ),
        rows=[_year_row(one) for one in years],
    )


def _year_row(one: HistoryYear) -> list[str | int | Decimal | None]:
    instrument = one.assessment.instrument if one.assessment else None
    return [
        one.year,
        instrument.title if instrument else None,
        instrument.max_points if instrument else None,
        *(one.totals[kind].points if kind in one.totals else None for kind in ScoreKind),
        one.furthest.predikat if one.furthest else None,
        one.award.predikat if one.award else None,
        one.award.source if one.award else None,
    ]


def year_lines(years: Sequence[HistoryYear]) -> Lines | None:
    """Shares of the maximum in percent; None where fewer than two years have any."""
    told = [one for one in years if one.totals]
    if len(told) < len(("first", "last")):
        return None
    curves = (
        (_("Diklaim (%)"), Stroke.LIGHT, [one.share(ScoreKind.CLAIMED) for one in years]),
        (_("Terbukti (%)"), Stroke.STRONG, [one.share(ScoreKind.EVIDENCED) for one in years]),
        (_("Resmi, tahap terjauh (%)"), Stroke.DASHED, [one.official_share for one in years]),
    )
    return Lines(
        start=told[0].year,
        end=told[-1].year,
        top=WHOLE,
        series=[
            LineSeries(label, stroke, points, dots=True)
            for label, stroke, shares in curves
            for points in _runs(years, shares)
        ],
        ticks=[AxisMark(one.year, str(one.year)) for one in told],
        marks=[AxisMark(one.year, _("instrumen lain")) for one in told if one.is_other_instrument],
    )


def _runs(
    years: Sequence[HistoryYear], shares: Sequence[Decimal | None]
) -> Iterator[list[tuple[int, Decimal | int]]]:
    """The points of a curve, broken at every hole and at every change of instrument."""
    run: list[tuple[int, Decimal | int]] = []
    for one, share in zip(years, shares, strict=True):
        if run and (share is None or one.is_other_instrument):
            yield run
            run = []
        if share is not None:
            run.append((one.year, share))
    if run:
        yield run


def fall_chart(one: HistoryYear) -> Chart:
    """The steps of a year's chains and what each of them changed."""
    return Chart(
        key=f"tahap-{one.year}",
        title=_("Tahap demi tahap %(year)d") % {"year": one.year},
        sentence=" ".join(fall_sentence(one, steps) for steps in one.falls),
        columns=(
            ChartColumn(_("Tahap")),
            ChartColumn(_("Nilai"), Unit.POINTS),
            ChartColumn(_("Perubahan"), Unit.POINTS),
            ChartColumn(_("Predikat")),
        ),
        rows=[
            (str(step.kind.label), step.points, step.change, step.predikat)
            for steps in one.falls
            for step in steps
        ],
    )


def fall_sentence(one: HistoryYear, steps: Sequence[ScoreStep]) -> str:
    """From the first known stage of a chain to the last: how much went, and most of it where."""
    first, last = steps[0], steps[-1]
    facts = {
        "first": first.kind.label,
        "last": last.kind.label,
        "from": format_number(first.points),
        "to": format_number(last.points),
        "less": format_number(abs(last.points - first.points)),
        "measure": _measure(one),
    }
    words = _("Dari %(first)s %(from)s ke %(last)s %(to)s: tetap.")
    if last.points < first.points:
        words = _("Dari %(first)s %(from)s ke %(last)s %(to)s: berkurang %(less)s %(measure)s.")
    elif last.points > first.points:
        words = _("Dari %(first)s %(from)s ke %(last)s %(to)s: bertambah %(less)s %(measure)s.")
    return " ".join([words % facts, *_worst(one, first.kind, last.kind)])


def _worst(one: HistoryYear, first: ScoreKind, last: ScoreKind) -> Iterator[str]:
    losses = [(row.points[first] - row.points[last], row.label) for row in one.clusters]
    most, label = max(losses, default=(ZERO, ""), key=lambda entry: entry[0])
    if most > 0:
        words = _("Paling banyak hilang pada %(label)s: %(points)s %(measure)s.")
        yield words % {"label": label, "points": format_number(most), "measure": _measure(one)}


def _measure(one: HistoryYear) -> str:
    return one.assessment.instrument.get_measure_display() if one.assessment else ""


def cluster_fall_chart(one: HistoryYear) -> Chart:
    """Per cluster, every stage that is known and what changed from each to the next."""
    chains = one.falls
    links = [link for steps in chains for link in pairwise(step.kind for step in steps)]
    kinds = [step.kind for steps in chains for step in steps]
    return Chart(
        key=f"klaster-{one.year}",
        title=_("Perubahan per klaster %(year)d") % {"year": one.year},
        sentence=_("Nilai setiap klaster pada setiap tahap dan perubahannya."),
        columns=(
            ChartColumn(_("Klaster")),
            ChartColumn(_("Maksimum"), Unit.POINTS),
            *(ChartColumn(_short(kind), Unit.POINTS) for kind in kinds),
            *(ChartColumn(f"{_short(a)} → {_short(b)}", Unit.POINTS) for a, b in links),
        ),
        rows=[
            (
                row.label,
                row.maximum,
                *(row.points[kind] for kind in kinds),
                *(row.points[b] - row.points[a] for a, b in links),
            )
            for row in one.clusters
        ],
    )


def _short(kind: ScoreKind) -> str:
    return kind.value if kind in OFFICIAL_KINDS else str(kind.label)
