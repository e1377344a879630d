"""For what a facility counts on a day, and in words why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from facilities.choices import NUMBERS, CredentialKind, Measure
from facilities.models import Credential, Facility, FacilityUse, Visit
from facilities.types import Key
from figures.numbers import format_date
from registers.contract import Count

# Which papers a measure looks at.
PAPERS = {
    Measure.DECREE: CredentialKind.DECREE,
    Measure.STANDARD: CredentialKind.STANDARD,
    Measure.TRAINED: CredentialKind.TRAINING,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A facility on a day with its papers and its last visit until then."""

    facility: Facility
    day: date
    papers: tuple[Credential, ...]  # newest first
    visit: Visit | None
    use: FacilityUse | None = None  # of the year that ends on the day

    def number(self, measure: Measure) -> Count | None:
        """What it adds to a number: itself, its trained people or its children; None if unknown."""
        if measure == Measure.USERS:
            return Count.by_sex(self.use.boys, self.use.girls) if self.use else None
        if measure == Measure.TRAINED:
            return self._trained()
        counts = self.counts(measure)
        return None if counts is None else Count(int(counts))

    def _trained(self) -> Count | None:
        """People on papers of training that hold on the day; unknown where a paper says no number,
        or nobody has said that there are none.
        """
        holding = [one for one in self.papers if one.kind == CredentialKind.TRAINING]
        people = [one.people for one in holding if one.holds_on(self.day)]
        known = [one for one in people if one is not None]
        is_unknown = len(known) < len(people) or (not people and self.facility.trained != 0)
        return None if is_unknown else Count(sum(known))

    def counts(self, measure: Measure) -> bool | None:
        """Whether it counts; None where nobody has said whether the thing is there."""
        if measure == Measure.RECORDED:
            return True
        if measure in (Measure.USERS, Measure.TRAINED):
            number = self.number(measure)
            return None if number is None else number.total > 0
        if measure == Measure.PROVIDED:
            return self.facility.provides
        if measure == Measure.ASSESSED:
            return self.visit is not None
        return self.in_force(CredentialKind(measure.value)) is not None

    def says(self, measure: Measure) -> str:
        """What a person reads beside the facility: the paper, its end, or that there is none."""
        if measure in NUMBERS:
            return _numbered(self.number(measure), measure)
        if measure == Measure.PROVIDED:
            words = {True: _("ada"), False: _("tidak ada"), None: _("belum didata")}
            return words[self.facility.provides]
        if measure == Measure.ASSESSED:
            return _("diperiksa %(day)s") % {"day": _day(self.visit)} if self.visit else _("belum")
        kind = CredentialKind(measure.value)
        paper, lapsed = self.in_force(kind), self.lapsed(kind)
        if paper is not None:
            facts = {"paper": _name(paper), "day": format_date(paper.issued_on)}
            return _("%(paper)s, terbit %(day)s") % facts
        if lapsed is not None:
            facts = {"paper": _name(lapsed), "day": format_date(lapsed.expires_on)}
            return _("%(paper)s berakhir %(day)s, tidak terhitung") % facts
        return _("belum ada")

    def in_force(self, kind: CredentialKind) -> Credential | None:
        """The newest paper of the kind that holds on the day."""
        return next(
            (one for one in self.papers if one.kind == kind and one.holds_on(self.day)), None
        )

    def lapsed(self, kind: CredentialKind) -> Credential | None:
        """The newest paper that has ended before the day; None while another holds."""
        if self.in_force(kind) is not None:
            return None
        ended = (one for one in self.papers if one.kind == kind and one.issued_on <= self.day)
        return next(ended, None)


def _numbered(number: Count | None, measure: Measure) -> str:
    if number is None:
        return _("belum dicatat")
    words = {
        Measure.RECORDED: _("tercatat"),
        Measure.TRAINED: _("%(count)d petugas terlatih"),
        Measure.USERS: _("%(count)d anak"),
    }
    return words[measure] % {"count": number.total}


def _name(paper: Credential) -> str:
    return f"{paper.number} ({paper.level})" if paper.level else paper.number


def _day(visit: Visit | None) -> str:
    return format_date(visit.on) if visit else ""


def standings(facilities: Iterable[Facility], day: date) -> list[Standing]:
    """Each with its papers and last visit until the day; two queries for any number."""
    rows = list(facilities)
    papers: dict[int, list[Credential]] = {}
    visits: dict[int, Visit] = {}
    for paper in Credential.objects.filter(facility__in=_ids(rows)):
        papers.setdefault(paper.facility_id, []).append(paper)
    for visit in Visit.objects.filter(facility__in=_ids(rows), on__lte=day):
        visits.setdefault(visit.facility_id, visit)
    return [Standing(row, day, tuple(papers.get(row.pk, ())), visits.get(row.pk)) for row in rows]


def standing_of(city_id: int, key: Key, days: Sequence[date]) -> dict[date, list[Standing]]:
    """By day, every facility of the key that was there then, by kecamatan and name.

    Two queries, whatever the number of facilities and days.
    """
    found = Facility.objects.filter(city=city_id, type=key.type.code)
    if key.kind:
        found = found.filter(kind=key.kind)
    rows = list(found.select_related("unit__parent").order_by("unit__code", "name", "pk"))
    papers: dict[int, list[Credential]] = {}
    visits: dict[int, list[Visit]] = {}
    uses: dict[tuple[int, int], FacilityUse] = {}
    inside = found.order_by().values("pk")
    if key.measure in PAPERS:
        for paper in Credential.objects.filter(facility__in=inside, kind=PAPERS[key.measure]):
            papers.setdefault(paper.facility_id, []).append(paper)
    if key.measure == Measure.ASSESSED:
        for visit in Visit.objects.filter(facility__in=inside, on__lte=max(days)):
            visits.setdefault(visit.facility_id, []).append(visit)
    if key.measure == Measure.USERS:
        years = [day.year for day in days]
        for use in FacilityUse.objects.filter(facility__in=inside, year__in=years):
            uses[use.facility_id, use.year] = use
    return {
        day: [
            Standing(
                row,
                day,
                tuple(papers.get(row.pk, ())),
                next((visit for visit in visits.get(row.pk, ()) if visit.on <= day), None),
                uses.get((row.pk, day.year)),
            )
            for row in rows
            if row.is_active_on(day)
        ]
        for day in days
    }


def _ids(rows: list[Facility]) -> list[int]:
    return [row.pk for row in rows]
