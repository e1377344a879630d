"""The one picture of the years on the sheet for the mayor; a package above may know a better one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from assessments.models import Assessment
from assessments.queries.history import HistoryYear, year_lines, years_chart
from figures.values import Chart, Lines

# The year, those of the city, and the names of the predikat from the lowest.
YearsPicture = Callable[
    [Assessment, Sequence[HistoryYear], Sequence[str]], tuple[Chart, Lines] | None
]


def years_picture(
    assessment: Assessment, years: Sequence[HistoryYear], predikats: Sequence[str]
) -> tuple[Chart, Lines | None, str]:
    """The chart, its lines, and what stands below: as `KLA_YEARS_PICTURE` has it, else the nilai."""
    source: YearsPicture = import_string(settings.KLA_YEARS_PICTURE)
    if (found := source(assessment, years, predikats)) is not None:
        return *found, found[0].sentence
    return years_chart(years), year_lines(years), ""
