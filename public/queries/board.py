"""What of a city's years is released, for whoever releases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.choices import Stage
from assessments.models import Assessment
from cities.models import City
from public.models import Release, ReleasedDocument
from public.sections import Section

WORKED_ON = (Stage.PREPARATION, Stage.SELF_ASSESSMENT)


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A part of the page, and the release that stands; None where the public does not read it."""

    section: Section
    release: Release | None


@dataclass(frozen=True, slots=True)
class YearBoard:
    assessment: Assessment
    rows: Sequence[SectionRow]
    documents: int  # released ones

    @property
    def released(self) -> int:
        return sum(row.release is not None for row in self.rows)


def boards_of(city: City) -> list[YearBoard]:
    """Every year that was submitted and is not worked on again, the newest first; three queries.

    A year that is worked on again stays on the list while something of it is released.
    """
    years = Assessment.objects.filter(city=city).select_related("city").order_by("-year")
    standing: dict[int, dict[str, Release]] = {}
    for one in Release.objects.standing().filter(assessment__city=city).select_related("by"):
        standing.setdefault(one.assessment_id, {})[one.section] = one
    released = ReleasedDocument.objects.standing().filter(assessment__city=city)
    documents = Counter(released.order_by().values_list("assessment", flat=True))
    return [
        YearBoard(
            year,
            [SectionRow(one, standing.get(year.pk, {}).get(one)) for one in Section],
            documents[year.pk],
        )
        for year in years
        if year.stage not in WORKED_ON or year.pk in standing or year.pk in documents
    ]
