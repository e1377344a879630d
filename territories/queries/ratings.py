"""How the units of a city are rated, and which of them are visited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cities.models import Membership
from territories.choices import CriterionLevel
from territories.criteria import Criterion
from territories.models import CityRatingRules, Unit, VisitSample
from territories.queries.boards import ReportingYear, units_of
from territories.queries.names import named_as_on
from territories.queries.standing import Standing, standings
from territories.rating import Rating, RatingRules, rate, rating_labels
from territories.sampling import drawn

Rated = Sequence[tuple[Unit, Rating]]
Found = Mapping[str, Mapping[int, Standing]]


@dataclass(frozen=True, slots=True)
class RatedLevel:
    """How many units of a level have which rating, by its code (`Rating.code`)."""

    level: CriterionLevel
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Overview:
    rules: RatingRules
    levels: tuple[RatedLevel, ...]
    unknown: tuple[str, ...]  # required by the rules, but no criteria of the year
    districts: tuple[tuple[Unit, Rated], ...]  # a kecamatan with its kelurahan and desa

    @property
    def lines(self) -> list[tuple[str, str, list[tuple[CriterionLevel, int]]]]:
        """A line a rating: its code, its words, and of each level how many."""
        return [
            (code, label, [(one.level, one.counts.get(code, 0)) for one in self.levels])
            for code, label in rating_labels().items()
        ]


def rules_of(city_id: int, reporting: ReportingYear) -> RatingRules:
    """By which units are rated in that year of data; without a query in a closed year."""
    return reporting.rules or CityRatingRules.objects.in_force(city_id, reporting.year)


def rating_of(unit: Unit, asked: Iterable[Criterion], found: Found, rules: RatingRules) -> Rating:
    return rate(rules, {one.code: found[one.code][unit.pk].favours for one in asked})


def rating_overview(member: Membership, reporting: ReportingYear) -> Overview:
    """Every unit that the member may see, counted by its rating; five queries.

    A level that the set of the year asks nothing is left out.
    """
    rules = rules_of(member.city_id, reporting)
    levels: list[RatedLevel] = []
    districts: list[tuple[Unit, Rated]] = []
    for level in CriterionLevel:
        asked = reporting.criteria.of(level)
        if not asked:
            continue
        units = units_of(member, reporting, level)
        found = standings(units, asked, reporting.criteria, year=reporting.year)
        rated = [(unit, rating_of(unit, asked, found, rules)) for unit in units]
        levels.append(RatedLevel(level, Counter(rating.code for _unit, rating in rated)))
        if level == CriterionLevel.KELURAHAN:
            districts = _by_district(rated)
    known = {one.code for one in reporting.criteria.criteria}
    unknown = tuple(sorted(rules.required - known))
    return Overview(rules, tuple(levels), unknown, tuple(districts))


def _by_district(rated: Rated) -> list[tuple[Unit, Rated]]:
    """A pair a kecamatan, in the order of codes."""
    parents = {unit.parent_id: unit.parent for unit, _rating in rated if unit.parent}
    return [
        (parent, [(unit, rating) for unit, rating in rated if unit.parent_id == key])
        for key, parent in parents.items()
    ]


@dataclass(frozen=True, slots=True)
class Visits:
    """The sample in force with its units and their ratings, and those that it took the place of."""

    sample: VisitSample | None
    rows: tuple[tuple[Unit, Rating], ...]
    earlier: tuple[VisitSample, ...]

    @property
    def number(self) -> int:
        return self.sample.number if self.sample else 0

    @property
    def fits_its_seed(self) -> bool:
        """Whether the lots, drawn again from what was kept, give the same units."""
        sample = self.sample
        if sample is None or sample.per_district is None:
            return False
        again = drawn(sample.pool, seed=sample.seed, per_district=sample.per_district)
        return again == [unit.code for unit, _rating in self.rows]


def visits_of(member: Membership, reporting: ReportingYear) -> Visits:
    """Five queries for any number of units and samples."""
    samples = VisitSample.objects.of_year(member.city_id, reporting.year)
    found = list(samples.select_related("by").prefetch_related("units"))
    if not found:
        return Visits(None, (), ())
    units = named_as_on(found[0].units.all(), reporting.as_of)
    asked = reporting.criteria.of(CriterionLevel.KELURAHAN)
    standing = standings(units, asked, reporting.criteria, year=reporting.year)
    rules = rules_of(member.city_id, reporting)
    rows = tuple((unit, rating_of(unit, asked, standing, rules)) for unit in units)
    return Visits(found[0], rows, tuple(found[1:]))
