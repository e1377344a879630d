"""The criteria sets that a city may report by, and what is odd in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cities.models import City
from clusters.plain_yaml import Fault
from figures.numbers import format_zoned_moment
from territories.criteria import CriteriaSet, packaged_set, packaged_sets
from territories.criteria_faults import faults_of
from territories.models import CityCriteriaSet


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A set with the row of the city behind it; `own` is None where it comes with the project."""

    criteria: CriteriaSet
    own: CityCriteriaSet | None
    is_chosen: bool

    @property
    def is_draft(self) -> bool:
        return self.own is not None and self.own.is_draft

    @property
    def state(self) -> str:
        if self.own is None:
            return _("bawaan")
        if self.own.published_at is None:
            return _("rancangan")
        facts = {"number": self.own.number, "day": format_zoned_moment(self.own.published_at)}
        return _("versi %(number)d milik kota, terbit %(day)s") % facts

    @property
    def faults(self) -> list[Fault]:
        return faults_of(self.criteria)


def known_sets(city: City, chosen: CriteriaSet) -> list[KnownSet]:
    """Those that come with the project, then those of the city; one query."""
    packaged = [KnownSet(one, None, one.code == chosen.code) for one in packaged_sets()]
    own = CityCriteriaSet.objects.filter(city=city).select_related("published_by")
    return packaged + [KnownSet(one.as_set(), one, one.code == chosen.code) for one in own]


def known_set(city: City, code: str, chosen: CriteriaSet) -> KnownSet | None:
    """One of them, by its code; one query."""
    own = CityCriteriaSet.objects.filter(city=city, code=code).select_related("city").first()
    found = own.as_set() if own else packaged_set(code)
    return KnownSet(found, own, found.code == chosen.code) if found else None
