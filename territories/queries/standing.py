"""How each unit stands to a criterion, or to all of them, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from territories.choices import ReportState
from territories.criteria import CriteriaSet, Criterion, is_favourable, meets, said_in_words
from territories.models import Report, Unit
from territories.queries.names import named_as_on


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit and a criterion: what counts of it, and the newest that was sent or written.

    `counts` is None without an accepted report: such a unit is neither a yes nor a no.
    """

    unit: Unit
    criterion: Criterion
    accepted: Report | None
    latest: Report | None

    @property
    def counts(self) -> bool | None:
        return None if self.accepted is None else meets(self.criterion, self.accepted.said)

    @property
    def favours(self) -> bool | None:
        """Whether what counts speaks for the unit; None without an accepted report."""
        return None if self.accepted is None else is_favourable(self.criterion, self.accepted.said)

    @property
    def verdict(self) -> str:
        """What counts of it in words; empty without an accepted report. Nobody wants to “meet” cases."""
        if self.counts is None:
            return ""
        if self.criterion.adverse:
            return _("ada kasus") if self.counts else _("tidak ada kasus")
        return _("memenuhi") if self.counts else _("tidak memenuhi")

    @property
    def state(self) -> str:
        """A ReportState of what is newest, or "" where nothing was written."""
        return self.latest.state if self.latest else ""

    @property
    def label(self) -> str:
        """The state as people read it; a draft is not a report yet."""
        if self.latest is None or self.latest.state == ReportState.DRAFT:
            return _("belum melapor") if self.accepted is None else _("diterima")
        if self.latest.state == ReportState.SENT:
            return _("menunggu diperiksa")
        return str(self.latest.get_state_display())

    @property
    def mark(self) -> str:
        """One letter that can be told apart in greyscale: Y, T, M, K or a dash."""
        if self.state == ReportState.SENT:
            return "M"
        if self.state == ReportState.RETURNED:
            return "K"
        return {True: "Y", False: "T", None: "–"}[self.counts]

    @property
    def sent_words(self) -> str:
        """What the newest report says, decided or not."""
        return said_in_words(self.criterion, self.latest.said) if self.latest else ""

    @property
    def says(self) -> str:
        return said_in_words(self.criterion, self.accepted.said) if self.accepted else self.label


def standing_of(
    city_id: int, criterion: Criterion, criteria: CriteriaSet, *, year: int, as_of: date
) -> list[Standing]:
    """Every active unit of the criterion's level, in the order of codes; two queries.

    Each is named as on the day.
    """
    units = Unit.objects.filter(city=city_id).active_on(as_of).of_level(criterion.level)
    rows = named_as_on(units, as_of)
    return list(standings(rows, [criterion], criteria, year=year)[criterion.code].values())


def standings(
    units: Iterable[Unit], asked: Iterable[Criterion], criteria: CriteriaSet, *, year: int
) -> dict[str, dict[int, Standing]]:
    """By criterion code and unit id; one query for any number of both."""
    units, asked = list(units), list(asked)
    accepted: dict[tuple[str, int], Report] = {}
    latest: dict[tuple[str, int], Report] = {}
    reports = Report.objects.filter(
        unit__in=units,
        year=year,
        criteria=criteria.code,
        criterion__in=[criterion.code for criterion in asked],
    )
    for report in reports.order_by("pk"):
        place = report.criterion, report.unit_id
        latest[place] = report
        if report.state == ReportState.ACCEPTED:
            accepted[place] = report
    return {
        criterion.code: {
            unit.pk: Standing(
                unit=unit,
                criterion=criterion,
                accepted=accepted.get((criterion.code, unit.pk)),
                latest=latest.get((criterion.code, unit.pk)),
            )
            for unit in units
        }
        for criterion in asked
    }
