"""How each unit stands to a criterion, or to all of them, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils.translation import gettext as _

from territories.choices import ReportState
from territories.criteria import (
    CriteriaSet,
    Criterion,
    Said,
    is_favourable,
    meets,
    said_in_words,
)
from territories.models import Report, Unit
from territories.queries.names import named_as_on

UNSENT = frozenset({"", ReportState.DRAFT.value})


@dataclass(frozen=True)
class CriterionStanding:
    """How a unit stands to a criterion, as people read it.

    `said` is what counts of it, None without an accepted report: such a unit is neither a yes nor a
    no. `state` is a ReportState of what is newest, or "" where nothing was written.
    """

    criterion: Criterion
    state: str
    said: Said | None

    @property
    def is_sent(self) -> bool:
        """Whether the newest was sent; a draft is not a report yet."""
        return self.state not in UNSENT

    @cached_property
    def counts(self) -> bool | None:
        return None if self.said is None else meets(self.criterion, self.said)

    @cached_property
    def favours(self) -> bool | None:
        """Whether what counts speaks for the unit; None without an accepted report."""
        return None if self.said is None else is_favourable(self.criterion, self.said)

    @cached_property
    def verdict(self) -> str:
        """What counts of it in words; empty without an accepted report. Nobody wants to “meet” cases."""
        if self.counts is None:
            return ""
        if self.criterion.adverse:
            return _("ada kasus") if self.counts else _("tidak ada kasus")
        return _("memenuhi") if self.counts else _("tidak memenuhi")

    @cached_property
    def label(self) -> str:
        """The state as people read it."""
        if not self.is_sent:
            return _("belum melapor") if self.said is None else _("diterima")
        if self.state == ReportState.SENT:
            return _("menunggu diperiksa")
        return str(ReportState(self.state).label)

    @cached_property
    def mark(self) -> str:
        """One letter that can be told apart in greyscale: Y, T, M, K or a dash."""
        if self.state == ReportState.SENT:
            return "M"
        if self.state == ReportState.RETURNED:
            return "K"
        return {True: "Y", False: "T", None: "–"}[self.counts]

    @cached_property
    def says(self) -> str:
        return said_in_words(self.criterion, self.said) if self.said else self.label

    @cached_property
    def words(self) -> str:
        """What counts of it with its verdict, else the state."""
        return self.label if self.counts is None else f"{self.says} ({self.verdict})"


@dataclass(frozen=True)
class Standing(CriterionStanding):
    """The same with its unit: the report that counts, and the newest that was sent or written."""

    unit: Unit
    accepted: Report | None
    latest: Report | None

    @property
    def sent_words(self) -> str:
        """What the newest report says, decided or not."""
        return said_in_words(self.criterion, self.latest.said) if self.latest else ""


def standing_of(
    city_id: int, criterion: Criterion, criteria: CriteriaSet, *, year: int, as_of: date
) -> list[Standing]:
    """Every active unit of the criterion's level, in the order of codes; one query.

    Each is named as on the day.
    """
    told = FilteredRelation(
        "reports", condition=_told_of([criterion], criteria, year=year, path="reports__")
    )
    units = Unit.objects.filter(city=city_id).active_on(as_of).of_level(criterion.level)
    rows = units.annotate(told=told).order_by("code", "pk", "told__pk")
    rows = rows.select_related("told")  # type: ignore[misc]  # knows no filtered relation
    found: dict[int, Unit] = {}
    reports: list[Report] = []
    for unit in named_as_on(rows, as_of):  # a unit with several reports comes with each of them
        found.setdefault(unit.pk, unit)
        if hasattr(unit, "told"):
            reports.append(unit.told)
    return list(_standings(found.values(), [criterion], reports)[criterion.code].values())


def reports_to(asked: Iterable[Criterion], criteria: CriteriaSet, *, year: int) -> QuerySet[Report]:
    """What units wrote to these criteria in that year of data; of each unit the newest is the last."""
    return Report.objects.filter(_told_of(asked, criteria, year=year)).order_by("pk")


def _told_of(asked: Iterable[Criterion], criteria: CriteriaSet, *, year: int, path: str = "") -> Q:
    """Reports to these criteria in that year of data, as a condition on the path to them."""
    codes = [criterion.code for criterion in asked]
    place = {"year": year, "criteria": criteria.code, "criterion__in": codes}
    return Q(**{f"{path}{field}": value for field, value in place.items()})


def standings(
    units: Iterable[Unit], asked: Iterable[Criterion], criteria: CriteriaSet, *, year: int
) -> dict[str, dict[int, Standing]]:
    """By criterion code and unit id; one query for any number of both."""
    units, asked = list(units), list(asked)
    reports = reports_to(asked, criteria, year=year).filter(unit__in=units)
    return _standings(units, asked, reports)


def _standings(
    units: Collection[Unit], asked: Iterable[Criterion], reports: Iterable[Report]
) -> dict[str, dict[int, Standing]]:
    """Of these reports, of each unit the newest last."""
    accepted: dict[tuple[str, int], Report] = {}
    latest: dict[tuple[str, int], Report] = {}
    for report in reports:
        place = report.criterion, report.unit_id
        latest[place] = report
        if report.state == ReportState.ACCEPTED:
            accepted[place] = report
    return {
        criterion.code: {
            unit.pk: _standing(
                unit,
                criterion,
                accepted.get((criterion.code, unit.pk)),
                latest.get((criterion.code, unit.pk)),
            )
            for unit in units
        }
        for criterion in asked
    }


def _standing(
    unit: Unit, criterion: Criterion, accepted: Report | None, latest: Report | None
) -> Standing:
    return Standing(
        criterion=criterion,
        state=latest.state if latest else "",
        said=accepted.said if accepted else None,
        unit=unit,
        accepted=accepted,
        latest=latest,
    )
