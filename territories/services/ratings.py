"""By which rules a city rates its kecamatan, kelurahan and desa."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import City, CityTrailEvent, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from territories.choices import RatingLevel
from territories.criteria import CriteriaSet
from territories.models import CityRatingRules, CriteriaChoice
from territories.rating import RatingRules
from territories.services.units import require_open_past
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """From which per cent of the criteria each level begins, and the codes that it requires."""

    at_least: Mapping[RatingLevel, int]
    required: Mapping[RatingLevel, frozenset[str]]
    source: str

    @classmethod
    def of(cls, rules: RatingRules) -> RatingFacts:
        return cls(
            at_least={rule.level: rule.at_least for rule in rules.levels},
            required={rule.level: rule.required for rule in rules.levels},
            source=rules.source,
        )


@deed
def set_rating_rules(
    *, city: City, year: int, criteria: CriteriaSet, facts: RatingFacts, by: User, at: datetime
) -> CityRatingRules:
    """Rate the units by these rules from the year of data `year` on; earlier years keep theirs.

    Raises PermissionDenied, ValidationError (`closed_year`, `unknown`: a code that the criteria of
    the year do not have, and what the model refuses).
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_CRITERIA)
    require_open_past(city, date(year, 12, 31))
    known = {one.code for one in criteria.criteria}
    unknown = sorted(frozenset().union(*facts.required.values()) - known)
    if unknown:
        raise ValidationError(
            _lazy("Set kriteria tahun ini tidak memiliki kriteria %(codes)s. Periksa kodenya."),
            code="unknown",
            params={"codes": ", ".join(unknown)},
        )
    before = RatingFacts.of(CityRatingRules.objects.in_force(city.pk, year))
    own = CityRatingRules.objects.filter(city=city, year=year).first()
    own = own or CityRatingRules(city=city, year=year)
    for level, bound in facts.at_least.items():
        setattr(own, level, bound)
    own.required = {level.value: sorted(codes) for level, codes in facts.required.items() if codes}
    own.source = " ".join(facts.source.split())
    own.at, own.by = at, by
    own.full_clean()
    own.save()
    # Years that were closed and are open again are counted by what holds now.
    CriteriaChoice.objects.filter(city=city, year__gte=year).update(kept=None)
    told, now = _told(before), _told(RatingFacts.of(own.as_rules()))
    if told != now:
        target = _("Aturan peringkat wilayah %(year)d") % {"year": year}
        entry = NewEntry(CityTrailEvent.UNIT_RATING_CHANGED, target, told, now)
        record(entry, city=city, by=by, at=at)
    return own


def _told(facts: RatingFacts) -> dict[str, object]:
    bounds = ", ".join(f"{level.label} {bound}%" for level, bound in facts.at_least.items())
    required = "; ".join(
        f"{level.label} {', '.join(sorted(codes))}"
        for level, codes in facts.required.items()
        if codes
    )
    return {"level": bounds, "criteria": required or None, "source": facts.source}
