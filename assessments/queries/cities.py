"""Stage, total and predikat of the current year of many cities, for lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from assessments.choices import ScoreKind
from assessments.models import Assessment, Award, TotalScore
from assessments.queries.year import Ladder
from cities.models import City


@dataclass(frozen=True, slots=True)
class CityStanding:
    """A city's newest year, if it has one, and the last award it is known to have received."""

    year: int | None
    predikat: str
    ladder: Ladder | None
    award: Award | None


def city_standings(cities: Collection[City]) -> dict[int, CityStanding]:
    """By primary key of the city. Four queries, however many cities, once the bands were read."""
    newest = {
        year.city_id: year
        for year in Assessment.objects.filter(city__in=cities)
        .select_related("target", "instrument", "band_table")
        .prefetch_related("band_table__bands")
        .order_by("city", "year")
    }
    awards = {
        award.city_id: award
        for award in Award.objects.filter(city__in=cities).order_by("city", "year")
    }
    totals: defaultdict[int, dict[str, TotalScore]] = defaultdict(dict)
    for total in TotalScore.objects.filter(assessment__in=newest.values()):
        totals[total.assessment_id][total.kind] = total
    standings = {}
    for city in cities:
        year = newest.get(city.pk)
        award = awards.get(city.pk)
        if year is None:
            standings[city.pk] = CityStanding(None, "", None, award)
            continue
        evidenced = totals[year.pk][ScoreKind.EVIDENCED]
        claimed = totals[year.pk][ScoreKind.CLAIMED]
        bands = year.bands()
        goal = year.goal(bands)
        ladder = Ladder(
            bands=bands,
            maximum=year.instrument.max_points,
            claimed=claimed.points,
            evidenced=evidenced.points,
            target_minimum=goal.minimum if goal else None,
            target_predikat=goal.predikat if goal else None,
            award=award,
            official=None,
            unit=year.instrument.unit,
        )
        standings[city.pk] = CityStanding(year.year, evidenced.predikat, ladder, award)
    return standings
