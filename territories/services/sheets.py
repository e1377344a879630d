"""A sheet of reports beside what the site holds, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cities.models import City, CityTrailEvent, Membership
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from figures.numbers import format_zoned_moment
from imports.lines import Difference, Line, Standing
from imports.models import StagedImport
from imports.services.staged import Confirmed, ImportKind, Reading
from territories.choices import ReportState
from territories.criteria import CriteriaSet, Criterion, Said, packaged_set, said_in_words
from territories.models import FIGURES, CityCriteriaSet, Report, Unit
from territories.services.reports import Entry, drafted
from territories.sheets.rows import FileRow, stands

SEND = "kirim"  # the option that sends what is stored


@dataclass(frozen=True, slots=True)
class SheetItem:
    row: FileRow
    unit: Unit
    latest: Report | None


def reading_of(rows: Iterable[FileRow]) -> Reading:
    return Reading([row.as_json() for row in rows])


def _criteria_of(staged: StagedImport) -> CriteriaSet:
    """The set that the sheet was written for: one of the city, else a packaged one."""
    code = staged.about["criteria"]
    found = packaged_set(code)
    if found is None:
        found = CityCriteriaSet.objects.get(city=staged.city_id, code=code).as_set()
    return found


def _lines(staged: StagedImport, member: Membership) -> Iterator[Line]:
    """How each answer of the file stands to the site now; two queries.

    A row of a unit of which the person may not report has no place any more.
    """
    criteria = _criteria_of(staged)
    units = {one.code: one for one in Unit.objects.visible_to(member)}
    reports = Report.objects.filter(
        unit__in=units.values(), year=staged.about["year"], criteria=criteria.code
    ).select_related("written_by")
    latest = {(one.unit_id, one.criterion): one for one in reports.order_by("pk")}
    for row in (FileRow.of_json(data) for data in staged.rows):
        unit, criterion = units.get(row.unit), criteria.get(row.criterion)
        if unit is not None and criterion is not None:
            yield _line(row, unit, criterion, latest.get((unit.pk, row.criterion)))


def _line(row: FileRow, unit: Unit, criterion: Criterion, last: Report | None) -> Line:
    name = f"{unit.name}, {criterion.code} {criterion.text}"
    standing, note = _standing(row, last)
    if standing == Standing.SAME:
        return Line(row.key, name, standing)
    site = said_in_words(criterion, last.said if last else Said())
    difference = Difference(_("Isian"), site, said_in_words(criterion, row.said))
    return Line(row.key, name, standing, [difference], note, SheetItem(row, unit, last))


def _standing(row: FileRow, last: Report | None) -> tuple[Standing, str]:
    changes, is_disputed = stands(row, last.said if last else Said())
    if not changes:
        return Standing.SAME, ""
    if last is not None and last.state == ReportState.SENT:
        return Standing.REFUSED, _("Sudah terkirim dan menunggu diperiksa.")
    if is_disputed:
        return Standing.CONFLICT, _disputed(last)
    if last is not None and last.state == ReportState.ACCEPTED:
        return Standing.CONFLICT, _("Sudah diterima; isi berkas menjadi perbaikan.")
    return Standing.CHANGED if last else Standing.NEW, ""


def _disputed(last: Report | None) -> str:
    words = _("Isian di situs berbeda dari saat lembar diunduh.")
    if last is None:
        return words
    return f"{words} {last.written_by}, {format_zoned_moment(last.written_at)}."


def _hold(_city: City, member: Membership) -> None:
    """The units that the person may report for, in the order of their rows."""
    rows = Unit.objects.visible_to(member).select_for_update(of=("self",), no_key=True)
    list(rows.order_by("pk"))


def _take(confirmed: Confirmed) -> None:
    """As drafts, and sent where that was asked."""
    staged, by, at = confirmed.staged, confirmed.by, confirmed.at
    criteria, year, sends = _criteria_of(staged), staged.about["year"], confirmed.option == SEND
    new: list[Report] = []
    old: list[Report] = []
    of_unit: dict[int, list[Report]] = {}
    for one in (line.item for line in confirmed.lines):
        entry = Entry(one.row.said, one.row.source or (one.latest.source if one.latest else ""))
        report = drafted(one.unit, year, criteria, one.row.criterion, entry, one.latest)
        report.written_at, report.written_by = at, by
        if sends:
            report.state, report.sent_at, report.sent_by = ReportState.SENT, at, by
        (old if report.pk else new).append(report)
        of_unit.setdefault(one.unit.pk, []).append(report)
    Report.objects.bulk_create(new)
    fields = [*FIGURES, "source", "written_at", "written_by", "state", "sent_at", "sent_by"]
    Report.objects.bulk_update(old, fields)
    event = CityTrailEvent.REPORTS_SENT if sends else CityTrailEvent.REPORTS_WRITTEN
    entries = [
        NewEntry(
            event,
            reports[0].unit.name,
            {},
            {
                "criteria": ", ".join(report.criterion for report in reports),
                "year": str(year),
                "file": staged.name,
            },
        )
        for reports in of_unit.values()
    ]
    record(*entries, city=confirmed.city, by=by, at=at)


REPORTS = ImportKind("territories.reports", Permission.IMPORT_UNIT_REPORTS, _lines, _take, _hold)
