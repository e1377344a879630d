"""What is stored of a city over all its years: totals and published awards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.models import Assessment, Award, TotalScore
from cities.models import City


@dataclass(frozen=True, slots=True)
class CityRecord:
    """Totals of every kind and year, and awards; the newest year first."""

    totals: Sequence[TotalScore]
    awards: Sequence[Award]

    def of(self, assessment: Assessment | None) -> dict[str, TotalScore]:
        """The totals of one year by their kind; none of no year."""
        return {row.kind: row for row in self.totals if row.assessment == assessment}

    def before(self, year: int) -> dict[str, TotalScore]:
        """The totals of the newest year before that one."""
        rows = [row for row in self.totals if row.assessment.year < year]
        return self.of(rows[0].assessment) if rows else {}

    def award_before(self, year: int) -> Award | None:
        return next((award for award in self.awards if award.year < year), None)


def record_of(city: City) -> CityRecord:
    """In two queries."""
    totals = TotalScore.objects.filter(assessment__city=city)
    return CityRecord(
        totals=list(
            totals.select_related(
                "assessment__city", "assessment__instrument", "assessment__target"
            ).order_by("-assessment__year", "pk")
        ),
        awards=list(Award.objects.filter(city=city)),
    )
