"""What the pages of facilities show, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from assessments.matrices.specs import evaluated_years
from assessments.models import Assessment
from facilities.choices import THRESHOLDS, CredentialKind, Measure, Said, threshold_of
from facilities.models import (
    Credential,
    CredentialQuerySet,
    Facility,
    FacilityPhoto,
    FacilityQuerySet,
    FacilityUse,
    Finding,
    Route,
    RouteStop,
    Visit,
)
from facilities.queries.standing import Standing, standings
from facilities.sheets import TITLES, sorts
from facilities.types import Checklist, catalogue
from figures.numbers import format_date, format_number
from territories.choices import ReportState
from territories.models import Report, Unit
from workbooks.writing import Value

MOST_PLACES = 20  # that a stop at a unit names
PAPERS = {CredentialKind.DECREE: Measure.DECREE, CredentialKind.STANDARD: Measure.STANDARD}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a facility is counted for: what it is, how it stands, whether it counts."""

    label: str
    says: str
    counts: bool | None


def facts_of(standing: Standing) -> list[Fact]:
    """The thing itself where the type asks for one, else the decree and certificate it can have."""
    sort = standing.facility.sort
    kinds = {scheme.kind for scheme in catalogue().schemes_of(sort)}
    measures = [
        (measure, str(kind.label).capitalize()) for kind, measure in PAPERS.items() if kind in kinds
    ]
    if sort.provides:
        measures = [(Measure.PROVIDED, sort.provides)]
    return [
        Fact(label, standing.says(measure), standing.counts(measure)) for measure, label in measures
    ]


@dataclass(frozen=True, slots=True)
class ListRow:
    facility: Facility
    facts: list[Fact]


def list_rows(facilities: Iterable[Facility], day: date) -> list[ListRow]:
    """The facilities of one page with how they stand; two queries."""
    return [ListRow(one.facility, facts_of(one)) for one in standings(facilities, day)]


def counts_by_type(facilities: FacilityQuerySet) -> list[tuple[str, str, int]]:
    """Of each type that there is: its code, its name and how many; one query."""
    counted = facilities.order_by().values("type").annotate(count=Count("pk"))
    found = {row["type"]: row["count"] for row in counted}
    types = catalogue().types.values()
    return [(one.code, one.title, found[one.code]) for one in types if one.code in found]


@dataclass(frozen=True, slots=True)
class FacilityPage:
    """Everything of one facility."""

    standing: Standing
    facts: list[Fact]
    papers: list[Credential]
    photos: list[FacilityPhoto]
    visits: Sequence[Visit]
    uses: list[FacilityUse]
    checklists: list[Checklist]

    @property
    def records(self) -> tuple[str, ...]:
        """What is recorded of its type."""
        return self.standing.facility.sort.records

    @property
    def visit(self) -> Visit | None:
        return self.visits[0] if self.visits else None

    @property
    def missing(self) -> list[str]:
        """The required items that the last visit did not find met, where they are known."""
        return missing_items(self.standing.facility, self.visit)


def missing_items(facility: Facility, visit: Visit | None) -> list[str]:
    asked = facility.sort.checklist(visit.checklist) if visit else None
    if visit is None or asked is None:
        return []
    return [
        item.text
        for item in asked.items
        if item.required and visit.answers.get(item.code) == Said.NO
    ]


def facility_page(facility: Facility, day: date) -> FacilityPage:
    """Five queries, however much there is."""
    papers = list(facility.credentials.select_related("document__rendition"))
    found = Finding.objects.filter(facility=facility, visit_key=OuterRef("key")).order_by()
    counted = found.values("visit_key").annotate(count=Count("pk")).values("count")
    visits = list(facility.visits.select_related("by").annotate(found=Subquery(counted))[:10])
    standing = Standing(facility, day, tuple(papers), next(iter(visits), None))
    return FacilityPage(
        standing=standing,
        facts=facts_of(standing),
        papers=papers,
        photos=list(facility.photos.select_related("document__rendition")),
        visits=visits,
        uses=list(facility.uses.all()[:5]),
        checklists=facility.sort.checklists_of(facility.kind),
    )


# --- What ends --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ending:
    """A paper with how many days are left of it; fewer than none where it has ended."""

    paper: Credential
    days: int

    @property
    def has_ended(self) -> bool:
        return self.days < 0

    @property
    def words(self) -> str:
        if self.has_ended:
            return _("berakhir %(days)d hari lalu, tidak terhitung") % {"days": -self.days}
        return _("%(days)d hari lagi") % {"days": self.days}


def endings(facilities: FacilityQuerySet, today: date, within: int | None) -> CredentialQuerySet:
    """The papers that end within so many days, the ended ones among them, nearest first.

    `within` 0 asks for those that have ended, None for all up to the furthest threshold. One in
    whose place a newer one holds longer is not among them.
    """
    last = today + timedelta(days=THRESHOLDS[-1] if within is None else within)
    rows = Credential.objects.newest().filter(facility__in=facilities.active_on(today))
    rows = rows.filter(expires_on__lt=today) if within == 0 else rows.filter(expires_on__lte=last)
    return rows.select_related("facility__opd", "facility__unit").order_by("expires_on", "pk")


def as_endings(papers: Iterable[Credential], today: date) -> list[Ending]:
    return [Ending(one, (one.expires_on - today).days) for one in papers if one.expires_on]


def ending_counts(facilities: FacilityQuerySet, today: date) -> dict[int, int]:
    """By threshold, 0 for what has ended, how many papers have come that near; one query."""
    days = endings(facilities, today, None).order_by().values_list("expires_on", flat=True)
    counts = dict.fromkeys((0, *THRESHOLDS), 0)
    for day in days:
        threshold = threshold_of((day - today).days) if day else None
        if threshold is not None:
            counts[threshold] += 1
    return counts


# --- Routes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    is_good: bool
    words: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop and what is ready there, told by its own data."""

    stop: RouteStop
    ready: tuple[Ready, ...]

    @property
    def is_ready(self) -> bool:
        return all(one.is_good for one in self.ready)

    @property
    def url(self) -> str:
        """The page of the facility; empty for a unit, whose page belongs to a year."""
        return self.stop.facility.get_absolute_url() if self.stop.facility else ""


def route_stops(route: Route, assessment: Assessment | None, day: date) -> list[Stop]:
    """The stops in order; five queries, however many there are."""
    rows = list(
        route.stops.select_related("facility__city", "facility__opd", "facility__unit", "unit")
    )
    facilities = [stop.facility for stop in rows if stop.facility is not None]
    found = {one.facility.pk: one for one in standings(facilities, day)}
    photos = FacilityPhoto.objects.filter(facility__in=facilities).values_list("facility")
    shown = dict(photos.annotate(Count("pk")).order_by())
    reported = _reported(rows, assessment)
    return [
        Stop(
            stop,
            tuple(_of_facility(found[stop.facility.pk], shown.get(stop.facility.pk, 0)))
            if stop.facility is not None
            else (_of_unit(reported.get(stop.unit_id or 0, 0)),),
        )
        for stop in rows
    ]


def _of_facility(standing: Standing, photos: int) -> Iterator[Ready]:
    for fact in facts_of(standing):
        yield Ready(fact.counts is True, f"{fact.label}: {fact.says}")
    if "photos" in standing.facility.sort.records:
        yield Ready(photos > 0, _("%(count)d foto") % {"count": photos})
    visit = standing.visit
    if not standing.facility.sort.checklists_of(standing.facility.kind):
        return
    if visit is None:
        yield Ready(False, _("belum diperiksa dengan daftar periksa"))
        return
    facts = {"day": format_date(visit.on), "score": format_number(visit.score)}
    facts |= {"missing": str(visit.missing)}
    words = _("diperiksa %(day)s: nilai %(score)s, %(missing)s butir wajib belum terpenuhi")
    yield Ready(visit.missing == 0, words % facts)


def _of_unit(reported: int) -> Ready:
    return Ready(reported > 0, _("%(count)d kriteria sudah diterima") % {"count": reported})


def _reported(stops: list[RouteStop], assessment: Assessment | None) -> dict[int, int]:
    """How many criteria of the last evaluated year were accepted of each unit on the route."""
    if assessment is None:
        return {}
    units = [stop.unit_id for stop in stops if stop.unit_id is not None]
    year = evaluated_years(assessment.year)[1]
    accepted = Report.objects.filter(unit__in=units, year=year, state=ReportState.ACCEPTED)
    return dict(accepted.order_by().values_list("unit").annotate(Count("pk")))


# --- Out --------------------------------------------------------------------------------------


def sheet_of(facilities: FacilityQuerySet) -> tuple[list[str], Iterator[list[Value]]]:
    """The facilities as the sheet that comes back: a row for each paper, or one without; two queries."""
    rows = list(facilities.select_related("unit", "opd"))
    papers: dict[int, list[Credential]] = {}
    for paper in Credential.objects.filter(facility__in=facilities.order_by().values("pk")):
        papers.setdefault(paper.facility_id, []).append(paper)
    header = [title for title, _most in TITLES.values()]
    lines = (_line(one, paper) for one in rows for paper in _papers_of(papers, one))
    return header, lines


def _papers_of(papers: dict[int, list[Credential]], one: Facility) -> Sequence[Credential | None]:
    """Those of the facility, or one None: it has a line of its own in any case."""
    return papers.get(one.pk) or (None,)


def _line(one: Facility, paper: Credential | None) -> list[Value]:
    sort = f"{one.type}.{one.kind}" if one.kind else one.type
    provides = {True: _("ya"), False: _("tidak"), None: ""}[one.provides]
    return [
        sorts().get(sort, sort),
        one.code,
        one.name,
        one.unit.code if one.unit else "",
        one.opd.code if one.opd else "",
        one.address,
        one.contact,
        provides,
        one.staff,
        one.trained,
        one.active_from,
        one.active_to,
        paper.scheme_title if paper else "",
        paper.level if paper else "",
        paper.number if paper else "",
        paper.issued_on if paper else None,
        paper.expires_on if paper else None,
    ]


def choices_sheet() -> tuple[list[str], list[list[Value]]]:
    """What may stand in the columns of type and scheme."""
    lines: list[list[Value]] = []
    for sort, title in sorts().items():
        schemes = catalogue().schemes_of(catalogue().types[sort.partition(".")[0]])
        lines += [[title, scheme.title] for scheme in schemes]
    return ["jenis", "skema"], lines


def places_in(unit: Unit, day: date) -> list[Facility]:
    """What lies in the unit or in a unit below it on that day, by name; at most MOST_PLACES."""
    there = Facility.objects.filter(Q(unit=unit) | Q(unit__parent=unit)).active_on(day)
    return list(there.order_by("name", "pk")[:MOST_PLACES])
