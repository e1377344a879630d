"""What units report: written, sent, accepted, returned. What was sent is never changed again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import CityTrailEvent, User
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from territories.choices import ReportState
from territories.criteria import CriteriaSet, Criterion, Said, require_complete
from territories.models import FIGURES, Report, Unit
from territories.services.units import held_unit
from texts.identities import require_no_nik
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wrote to one criterion, and where the figure comes from."""

    said: Said
    source: str = ""


@deed
def save_reports(
    *,
    unit_id: int,
    year: int,
    criteria: CriteriaSet,
    entries: Mapping[str, Entry],
    seen: datetime | None = None,
    by: User,
    at: datetime,
) -> int:
    """Keep drafts by criterion code; how many were written or taken away.

    An empty entry takes its draft away. What says the same as the last report writes nothing; what
    differs from one that was sent, accepted or returned is a correction, a new draft beside it.
    `seen` is when the newest report was written that whoever filled the form knew of.
    Raises PermissionDenied, and ValidationError (`ended`, `unknown`, `incomplete`, `impossible`,
    `nil`, `nik`, `waiting`, `conflict`).
    """
    unit = held_unit(unit_id, Permission.FILL_UNIT_REPORTS, by=by)
    checked = {code: _checked(criteria, code, entry) for code, entry in entries.items()}
    last = _last_reports(unit, year, criteria)
    _require_no_others(last.values(), seen, by=by)
    changed = 0
    for code, entry in checked.items():
        changed += _write(unit, year, criteria, code, entry, last.get(code), by=by, at=at)
    return changed


@deed
def repeat_reports(
    *,
    unit_id: int,
    year: int,
    criteria: CriteriaSet,
    codes: Collection[str],
    by: User,
    at: datetime,
) -> int:
    """Make drafts of what was accepted for the year before, where this year says nothing yet.

    Only the criteria named in `codes`; how many. A draft counts nowhere: a person looks at it and
    sends it. Raises PermissionDenied, ValidationError (`nothing`).
    """
    unit = held_unit(unit_id, Permission.FILL_UNIT_REPORTS, by=by)
    known = _last_reports(unit, year, criteria)
    before = _reports(unit, year - 1, criteria).filter(
        state=ReportState.ACCEPTED, criterion__in=codes
    )
    drafts = [
        drafted(unit, year, criteria, one.criterion, Entry(one.said, one.source), None)
        for one in before
        if one.criterion not in known and criteria.get(one.criterion) is not None
    ]
    if not drafts:
        raise ValidationError(
            _("Pilih setidaknya satu isian tahun lalu yang tahun ini masih kosong."), code="nothing"
        )
    for report in drafts:
        report.written_at, report.written_by = at, by
    Report.objects.bulk_create(drafts)
    return len(drafts)


@deed
def send_reports(
    *, unit_id: int, year: int, criteria: CriteriaSet, by: User, at: datetime
) -> list[Report]:
    """Send every draft of the unit and year. Raises PermissionDenied, ValidationError (`nothing`)."""
    unit = held_unit(unit_id, Permission.FILL_UNIT_REPORTS, by=by)
    drafts = list(_reports(unit, year, criteria).filter(state=ReportState.DRAFT))
    if not drafts:
        raise ValidationError(
            _("Belum ada isian baru untuk dikirim. Isi satu kriteria, simpan, lalu kirim."),
            code="nothing",
        )
    for report in drafts:
        report.state = ReportState.SENT
        report.sent_at, report.sent_by = at, by
    Report.objects.bulk_update(drafts, ["state", "sent_at", "sent_by"])
    _record(CityTrailEvent.REPORTS_SENT, unit, year, drafts, by=by, at=at)
    return drafts


@deed
def accept_reports(
    *, unit_id: int, year: int, criteria: CriteriaSet, seen: set[int], by: User, at: datetime
) -> list[Report]:
    """Accept the reports that wait and that the person has seen (their ids).

    A correction takes the place of what counted before. Raises PermissionDenied, ValidationError
    (`nothing`).
    """
    unit = held_unit(unit_id, Permission.REVIEW_UNIT_REPORTS, by=by)
    waiting = list(_reports(unit, year, criteria).filter(state=ReportState.SENT, pk__in=seen))
    if not waiting:
        raise ValidationError(
            _("Tidak ada laporan yang menunggu di wilayah ini. Muat ulang halamannya."),
            code="nothing",
        )
    replaced = _reports(unit, year, criteria).filter(
        state=ReportState.ACCEPTED, criterion__in=[report.criterion for report in waiting]
    )
    replaced.update(state=ReportState.REPLACED)
    for report in waiting:
        report.state = ReportState.ACCEPTED
        report.decided_at, report.decided_by = at, by
    Report.objects.bulk_update(waiting, ["state", "decided_at", "decided_by"])
    _record(CityTrailEvent.REPORTS_ACCEPTED, unit, year, waiting, by=by, at=at)
    return waiting


@deed
def return_report(*, report_id: int, reason: str, by: User, at: datetime) -> Report:
    """Give a report that waits back, with what is to be put right.

    Raises PermissionDenied, ValidationError (`reason`, `nik`, `decided`).
    """
    unit_id = Report.objects.values_list("unit", flat=True).get(pk=report_id)
    unit = held_unit(unit_id, Permission.REVIEW_UNIT_REPORTS, by=by)
    reason = reason.strip()
    if not reason:
        raise ValidationError(
            _("Tuliskan apa yang harus diperbaiki, agar wilayah tahu apa yang dikerjakan."),
            code="reason",
        )
    require_no_nik(reason)
    report = Report.objects.get(pk=report_id)
    if report.state != ReportState.SENT:
        raise ValidationError(
            _("Laporan ini tidak lagi menunggu (%(state)s). Muat ulang halamannya."),
            code="decided",
            params={"state": report.get_state_display()},
        )
    report.state, report.reason = ReportState.RETURNED, reason
    report.decided_at, report.decided_by = at, by
    report.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    told = {"criteria": report.criterion, "year": str(report.year), "reason": reason}
    entry = NewEntry(CityTrailEvent.REPORT_RETURNED, unit.name, {}, told)
    record(entry, city=unit.city, by=by, at=at)
    return report


def _reports(unit: Unit, year: int, criteria: CriteriaSet) -> QuerySet[Report]:
    return Report.objects.filter(unit=unit, year=year, criteria=criteria.code)


def _last_reports(unit: Unit, year: int, criteria: CriteriaSet) -> dict[str, Report]:
    """The newest report to each criterion."""
    rows = _reports(unit, year, criteria).order_by("pk")
    return {report.criterion: report for report in rows}


def _require_no_others(last: Iterable[Report], seen: datetime | None, *, by: User) -> None:
    """Raises ValidationError (`conflict`) where somebody else wrote meanwhile; the unit is held."""
    newer = [one for one in last if seen and one.written_at > seen and one.written_by_id != by.pk]
    if newer:
        raise ValidationError(
            _(
                "%(name)s mengisi kriteria %(codes)s sesudah halaman Anda dibuka. Bandingkan"
                " isiannya, lalu simpan lagi bila isian Anda yang benar."
            ),
            code="conflict",
            params={
                "name": newer[-1].written_by,
                "codes": ", ".join(one.criterion for one in newer),
            },
        )


def _checked(criteria: CriteriaSet, code: str, entry: Entry) -> Entry:
    criterion: Criterion | None = criteria.get(code)
    if criterion is None:
        raise ValidationError(
            _("Kriteria ini tidak dikenal. Muat ulang halamannya."), code="unknown"
        )
    require_no_nik(entry.source)
    if not entry.said.is_empty:
        require_complete(criterion, entry.said)
    return entry


def _write(
    unit: Unit,
    year: int,
    criteria: CriteriaSet,
    code: str,
    entry: Entry,
    last: Report | None,
    *,
    by: User,
    at: datetime,
) -> bool:
    is_draft = last is not None and last.state == ReportState.DRAFT
    if last is not None and last.said == entry.said and last.source == entry.source.strip():
        return False
    if entry.said.is_empty:
        if last is not None and is_draft:
            last.delete()
        return is_draft
    if last is not None and last.state == ReportState.SENT:
        raise ValidationError(
            _("Laporan ini sudah terkirim dan menunggu diperiksa. Perbaiki sesudah diputuskan."),
            code="waiting",
        )
    report = drafted(unit, year, criteria, code, entry, last)
    report.written_at, report.written_by = at, by
    report.save()
    return True


def drafted(
    unit: Unit, year: int, criteria: CriteriaSet, code: str, entry: Entry, last: Report | None
) -> Report:
    """The draft with that answer, not yet stored: the last one written again, or a new one."""
    is_draft = last is not None and last.state == ReportState.DRAFT
    report = last if last is not None and is_draft else Report(unit=unit, year=year)
    report.criteria, report.criterion = criteria.code, code
    for name in FIGURES:
        setattr(report, name, getattr(entry.said, name))
    report.source = entry.source.strip()
    return report


def _record(
    event: CityTrailEvent,
    unit: Unit,
    year: int,
    reports: list[Report],
    *,
    by: User,
    at: datetime,
) -> None:
    criteria = ", ".join(report.criterion for report in reports)
    entry = NewEntry(event, unit.name, {}, {"criteria": criteria, "year": str(year)})
    record(entry, city=unit.city, by=by, at=at)
