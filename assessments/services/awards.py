"""Awards as public sources report them; the only facts of other cities that are everybody's."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from assessments.models import Award
from cities.models import City
from texts.languages import deed

# city (Kemendagri code), year, predikat, source (where it was published)
PUBLISHED = Path(__file__).parent.parent / "awards.csv"


@dataclass(frozen=True, slots=True)
class PublishedAward:
    city: str
    year: int
    predikat: str
    source: str


@dataclass(slots=True)
class AwardsLoaded:
    """What loading did; a difference is left to people, for they may know better."""

    added: int = 0
    unknown_cities: list[str] = field(default_factory=list)
    differences: list[tuple[Award, PublishedAward]] = field(default_factory=list)


def published_awards() -> list[PublishedAward]:
    """The awards that come with the project, by city and year."""
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return [
            PublishedAward(row["city"], int(row["year"]), row["predikat"], row["source"])
            for row in csv.DictReader(file)
        ]


@deed
def load_awards(awards: Iterable[PublishedAward]) -> AwardsLoaded:
    """Record what is not recorded yet. What is here keeps its predikat and its source."""
    cities = City.objects.in_bulk(field_name="code")
    known = {(award.city_id, award.year): award for award in Award.objects.all()}
    loaded = AwardsLoaded()
    new = []
    for published in awards:
        city = cities.get(published.city)
        if city is None:
            loaded.unknown_cities.append(published.city)
            continue
        award = known.get((city.pk, published.year))
        if award is None:
            new.append(
                Award(
                    city=city,
                    year=published.year,
                    predikat=published.predikat,
                    source=published.source,
                )
            )
        elif award.predikat != published.predikat:
            loaded.differences.append((award, published))
    loaded.added = len(Award.objects.bulk_create(new))
    return loaded
