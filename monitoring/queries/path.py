"""The city's path over the years: what it aimed at, what was reached, planned, and paid for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, OuterRef, Subquery, Sum, Value
from django.utils.translation import gettext as _

from actionplan.models import ActionYear
from assessments.models import Assessment, Award
from assessments.queries.history import HistoryYear, years_of
from assessments.queries.record import record_of
from cities.models import City
from figures.numbers import format_rupiah
from figures.values import AxisMark, Chart, ChartColumn, Lines, LineSeries, Stroke, Unit
from monitoring.models import YearGoal
from plans.models import Plan

FEWEST = 2  # years between which a line can run
_NO_RUPIAH = Value(None, output_field=BigIntegerField())  # of a row that is a goal


@dataclass(frozen=True, slots=True)
class PathYear:
    """A year: predikat by name, rupiah as whole numbers; empty where nobody said."""

    year: int
    target: str
    source: str  # of the target
    reached: str  # as awarded, else of the last official total; empty while neither is known
    basis: str  # what `reached` rests on
    planned: str  # of the way that was saved last in that year
    ceiling: int | None

    @property
    def is_known(self) -> bool:
        return bool(self.reached)


@dataclass(frozen=True, slots=True)
class TargetPath:
    years: Sequence[PathYear]
    predikats: Sequence[str]  # from the lowest

    def rank(self, predikat: str) -> int | None:
        """1 is the lowest predikat, 0 none; None where the name is not among them."""
        names = {name.casefold(): rank for rank, name in enumerate(self.predikats, 1)}
        return names.get(predikat.casefold())


def target_path(city: City, current: Assessment | None) -> TargetPath:
    """From the first year of which anything is known to the last target, in four queries."""
    last_way = Plan.objects.filter(assessment=OuterRef("pk")).order_by("-at", "-pk")
    own = list(
        Assessment.objects.filter(city=city).values_list(
            "year", "target__predikat", Subquery(last_way.values("predikat")[:1])
        )
    )
    return _path(
        city,
        years_of(record_of(city)),
        targets={year: predikat for year, predikat, _way in own if predikat},
        ways={year: way for year, _predikat, way in own if way},
        predikats=[band.predikat for band in current.bands()] if current else [],
    )


def path_picture(
    assessment: Assessment, years: Sequence[HistoryYear], predikats: Sequence[str]
) -> tuple[Chart, Lines] | None:
    """For `KLA_YEARS_PICTURE`: the path, once the city has a target for some year; one query.

    Without the ways that were saved, which no line shows.
    """
    read = [*(one.assessment for one in years if one.assessment), assessment]
    targets = {one.year: one.target.predikat for one in read if one.target}
    path = _path(assessment.city, years, targets=targets, ways={}, predikats=predikats)
    lines = path_lines(path)
    if lines is None or not any(one.target for one in path.years):
        return None
    return path_chart(path), lines


def _path(
    city: City,
    past: Sequence[HistoryYear],
    *,
    targets: dict[int, str],
    ways: dict[int, str],
    predikats: Sequence[str],
) -> TargetPath:
    """In one query."""
    goals, funded = _goals_and_ceilings(city)
    aims = {year: (name, _("penilaian tahun itu")) for year, name in targets.items()} | goals
    history = {one.year: one for one in past}
    known = {*aims, *history, *funded}
    years = []
    for year in range(min(known), max(known) + 1) if known else ():
        target, source = aims.get(year, ("", ""))
        reached, basis = _reached(history.get(year))
        years.append(
            PathYear(
                year=year,
                target=target,
                source=source,
                reached=reached,
                basis=basis,
                planned=ways.get(year, ""),
                ceiling=funded.get(year),
            )
        )
    return TargetPath(years, predikats)


def _goals_and_ceilings(city: City) -> tuple[dict[int, tuple[str, str]], dict[int, int]]:
    """By year the goal with its source, and the rupiah of all ceilings; in one query."""
    aimed = YearGoal.objects.filter(city=city).order_by()
    paid = ActionYear.objects.filter(action__plan__city=city, ceiling__isnull=False).order_by()
    sums = paid.values("year").annotate(rupiah=Sum("ceiling"))
    rows = aimed.values_list("year", "predikat", "source", _NO_RUPIAH).union(
        sums.values_list("year", Value(""), Value(""), "rupiah"), all=True
    )
    goals: dict[int, tuple[str, str]] = {}
    funded: dict[int, int] = {}
    for year, predikat, source, rupiah in rows:
        if rupiah is None:
            goals[year] = predikat, source
        else:
            funded[year] = rupiah
    return goals, funded


def _reached(past: HistoryYear | None) -> tuple[str, str]:
    """The award that was published; else what the last official stage says."""
    award: Award | None = past.award if past else None
    if award is not None:
        return award.predikat, _("penghargaan")
    official = past.furthest if past and past.official_share is not None else None
    if official is not None:
        return official.predikat or _("belum berpredikat"), str(official.get_kind_display())
    return "", ""


def path_lines(path: TargetPath) -> Lines | None:
    """Target and reached predikat as steps over the years; None where there is nothing to join."""
    target = [(one.year, rank) for one in path.years if (rank := path.rank(one.target))]
    reached = [(one.year, path.rank(one.reached) or 0) for one in path.years if one.is_known]
    told = sorted({year for year, _rank in (*target, *reached)})
    if len(told) < FEWEST or not path.predikats:
        return None
    return Lines(
        start=told[0],
        end=told[-1],
        top=len(path.predikats),
        series=[
            LineSeries(_("Target"), Stroke.DASHED, target, dots=True),
            LineSeries(_("Dicapai"), Stroke.STRONG, reached, dots=True),
        ],
        ticks=[AxisMark(year, str(year)) for year in told],
        rung_names=("", *path.predikats),
    )


def path_chart(path: TargetPath) -> Chart:
    return Chart(
        key="jalur",
        title=_("Target dan capaian predikat per tahun"),
        sentence=path_sentence(path),
        columns=(
            ChartColumn(_("Tahun"), Unit.YEAR),
            ChartColumn(_("Target")),
            ChartColumn(_("Sumber target")),
            ChartColumn(_("Dicapai")),
            ChartColumn(_("Menurut")),
            ChartColumn(_("Langkah yang disimpan")),
            ChartColumn(_("Pagu RAD (Rp)"), Unit.COUNT),
        ),
        rows=[
            (one.year, one.target, one.source, one.reached, one.basis, one.planned, one.ceiling)
            for one in path.years
        ],
    )


def path_sentence(path: TargetPath) -> str:
    """How many targets were met, and what is aimed at last with what it is paid from."""
    aimed = [one for one in path.years if one.target and one.is_known]
    kept = sum((path.rank(one.reached) or 0) >= (path.rank(one.target) or 0) for one in aimed)
    words = _("Belum ada target yang sudah dapat dibandingkan dengan hasil.")
    if aimed:
        words = _("%(kept)d dari %(aimed)d target tercapai.") % {
            "kept": kept,
            "aimed": len(aimed),
        }
    last = next((one for one in reversed(path.years) if one.target), None)
    if last is not None:
        facts = {"year": last.year, "target": last.target}
        words += " " + _("Target terakhir: %(target)s pada %(year)d.") % facts
    funded = sum(one.ceiling or 0 for one in path.years)
    if funded:
        words += " " + _("Pagu RAD seluruhnya %(ceiling)s.") % {"ceiling": format_rupiah(funded)}
    return words
