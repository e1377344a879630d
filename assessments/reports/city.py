"""What the report of a city's year says: the same figures as its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from assessments.choices import Verdict
from assessments.models import Assessment, Award, Evidence, EvidenceQuerySet
from assessments.queries.indicator import IndicatorDashboard, questions_chart, year_indicators
from assessments.queries.record import record_of
from assessments.queries.year import YearDashboard, year_charts, year_dashboard
from figures.values import Cell, Chart, ChartColumn, Unit

READ_AT_ONCE = 500  # documents


@dataclass(frozen=True, slots=True)
class CityReport:
    """The figures of one year; its documents are read when they are written."""

    assessment: Assessment
    dashboard: YearDashboard
    charts: dict[str, Chart]
    indicators: list[IndicatorDashboard]
    awards: Sequence[Award]


def city_report(assessment: Assessment, *, today: date) -> CityReport:
    """The report of a year in a fixed number of queries, whatever its size."""
    record = record_of(assessment.city)
    dashboard = year_dashboard(assessment, today=today, record=record)
    return CityReport(
        assessment=assessment,
        dashboard=dashboard,
        charts=year_charts(dashboard),
        indicators=year_indicators(assessment, today=today),
        awards=record.awards,
    )


def all_questions(report: CityReport) -> Chart:
    """The tables of all indicators as one."""
    tables = [questions_chart(one) for one in report.indicators]
    return Chart(
        key="pertanyaan",
        title=_("Pertanyaan dan nilai setiap tahap"),
        sentence=_("%(count)d pertanyaan.") % {"count": report.dashboard.questions},
        columns=tables[0].columns if tables else (),
        rows=[row for table in tables for row in table.rows],
    )


def award_table(report: CityReport) -> Chart:
    return Chart(
        key="penghargaan",
        title=_("Penghargaan"),
        sentence=_("%(count)d penghargaan tercatat.") % {"count": len(report.awards)},
        columns=(
            ChartColumn(_("Tahun"), Unit.YEAR),
            ChartColumn(_("Predikat")),
            ChartColumn(_("Nilai"), Unit.POINTS),
            ChartColumn(_("Sumber")),
        ),
        rows=[(one.year, one.predikat, one.points, one.source) for one in report.awards],
    )


def document_columns() -> tuple[ChartColumn, ...]:
    return (
        ChartColumn(_("Pertanyaan")),
        ChartColumn(_("Jenis dokumen")),
        ChartColumn(_("Judul")),
        ChartColumn(_("OPD")),
        ChartColumn(_("Tanggal terbit"), Unit.DATE),
        ChartColumn(_("Keputusan")),
    )


def documents_of(assessment: Assessment) -> EvidenceQuerySet:
    """Every document that is offered now."""
    return Evidence.objects.current().filter(answer__assessment=assessment)


def document_rows(assessment: Assessment) -> Iterator[tuple[Cell, ...]]:
    """The documents in the order of their questions, a few at a time."""
    rows = (
        documents_of(assessment)
        .order_by("answer__question__position", "offered_at", "pk")
        .values_list(
            "answer__question__code",
            "kind__name",
            "document__title",
            "opd__code",
            "document__issued_on",
            "verdict",
        )
    )
    for *facts, verdict in rows.iterator(chunk_size=READ_AT_ONCE):
        yield (*facts, str(Verdict(verdict).label))
