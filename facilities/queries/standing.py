"""For what a facility counts on a day, and in words why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from facilities.choices import CredentialKind, Measure
from facilities.models import Credential, Facility, Visit
from facilities.types import Key
from figures.numbers import format_date


@dataclass(frozen=True, slots=True)
class Standing:
    """A facility on a day with its papers and its last visit until then."""

    facility: Facility
    day: date
    papers: tuple[Credential, ...]  # newest first
    visit: Visit | None

    def counts(self, measure: Measure) -> bool | None:
        """Whether it counts; None where nobody has said whether the thing is there."""
        if measure == Measure.PROVIDED:
            return self.facility.provides
        if measure == Measure.ASSESSED:
            return self.visit is not None
        return self.in_force(CredentialKind(measure.value)) is not None

    def says(self, measure: Measure) -> str:
        """What a person reads beside the facility: the paper, its end, or that there is none."""
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


def standing_of(city_id: int, key: Key, day: date) -> list[Standing]:
    """Every facility of the key that was there on the day, by kecamatan and name.

    Three queries, whatever the number of facilities.
    """
    found = Facility.objects.filter(city=city_id, type=key.type.code).active_on(day)
    if key.kind:
        found = found.filter(kind=key.kind)
    rows = list(found.select_related("unit__parent").order_by("unit__code", "name", "pk"))
    papers: dict[int, list[Credential]] = {}
    visits: dict[int, Visit] = {}
    inside = found.order_by().values("pk")
    if key.measure in (Measure.DECREE, Measure.STANDARD):
        for paper in Credential.objects.filter(facility__in=inside, kind=key.measure.value):
            papers.setdefault(paper.facility_id, []).append(paper)
    if key.measure == Measure.ASSESSED:
        for visit in Visit.objects.filter(facility__in=inside, on__lte=day):
            visits.setdefault(visit.facility_id, visit)
    return [Standing(row, day, tuple(papers.get(row.pk, ())), visits.get(row.pk)) for row in rows]


def _ids(rows: list[Facility]) -> list[int]:
    return [row.pk for row in rows]
