"""What the RAD puts on the agenda of a meeting: quarters that OPDs have not reported."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from actionplan.models import ActionYear
from cities.models import City
from figures.numbers import format_date
from monitoring.quarters import QUARTERS, due_on

MOST_OPDS = 5  # an agenda is one page
AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Owed:
    """An action in a year: the days it has for a report, who leads it, what it has reported."""

    year: int
    grace_days: int
    opd: str
    quarters: frozenset[int]


@dataclass(frozen=True, slots=True, order=True)
class _Report:
    """The report of a quarter, and its last day."""

    due: date
    year: int
    quarter: int


def agenda_of_plans(city: City, *, today: date) -> list[str]:
    """For `KLA_AGENDA_SOURCES`: late reports by OPD, then those due within 30 days; one query.

    A report counts from the beginning of its year, so only the last one that is due is asked for.
    """
    late: Counter[tuple[_Report, str]] = Counter()
    coming: defaultdict[_Report, list[bool]] = defaultdict(list)
    for one in _owed_in(city, today):
        last, following = _around(today, one.grace_days)
        if one.year == last.year and last.quarter not in one.quarters:
            late[last, one.opd or _("Aksi tanpa OPD")] += 1
        if one.year == following.year and following.due <= today + AHEAD:
            coming[following].append(following.quarter in one.quarters)
    return [*_late(late), *_coming(coming)]


def _late(late: Counter[tuple[_Report, str]]) -> Iterator[str]:
    found = sorted(late.items(), key=lambda one: (one[0][0], -one[1], one[0][1]))
    words = _("RAD: %(opd)s belum melaporkan triwulan %(quarter)d %(year)d untuk %(count)d aksi")
    for (report, opd), count in found[:MOST_OPDS]:
        yield words % {"opd": opd, "quarter": report.quarter, "year": report.year, "count": count}
    if len(found) > MOST_OPDS:
        more = _("RAD: %(count)d OPD lain belum melaporkan triwulan yang sudah jatuh tempo")
        yield more % {"count": len(found) - MOST_OPDS}


def _coming(coming: dict[_Report, list[bool]]) -> Iterator[str]:
    words = _(
        "RAD: laporan triwulan %(quarter)d %(year)d jatuh tempo %(date)s; "
        "%(left)d dari %(all)d aksi belum dilaporkan"
    )
    for report, reported in sorted(coming.items()):
        facts = {"quarter": report.quarter, "year": report.year, "date": format_date(report.due)}
        if not all(reported):
            yield words % {**facts, "left": reported.count(False), "all": len(reported)}


def _around(today: date, grace_days: int) -> Sequence[_Report]:
    """The last report whose day has passed, and the one that follows it."""
    reports = [
        _Report(due_on(year, quarter, grace_days=grace_days), year, quarter)
        for year in (today.year - 1, today.year)
        for quarter in QUARTERS
    ]
    passed = sum(one.due < today for one in reports)
    return reports[passed - 1], reports[passed]


def _owed_in(city: City, today: date) -> list[_Owed]:
    """Every action of this year and the last in the plans of the city."""
    rows = ActionYear.objects.filter(
        action__plan__city=city, year__in=(today.year - 1, today.year)
    ).order_by("pk")
    quarters: defaultdict[int, set[int]] = defaultdict(set)
    facts = {}
    for pk, quarter, *row in rows.values_list(
        "pk", "realisations__quarter", "year", "action__plan__grace_days", "action__lead__name"
    ):
        quarters[pk].update([quarter] if quarter else [])
        facts[pk] = row
    return [
        _Owed(year, grace, opd or "", frozenset(quarters[pk]))
        for pk, (year, grace, opd) in facts.items()
    ]
