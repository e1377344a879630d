"""A sheet of reports taken over in two steps: shown against the site, then applied as shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import City, CityTrailEvent, User
from cities.permissions import held_city, require_permission
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from territories.choices import ReportState
from territories.criteria import CriteriaSet, Criterion, Said, said_in_words
from territories.models import FIGURES, Report, ReportImport, Unit
from territories.services.reports import Entry, drafted
from territories.sheets.rows import FileRow, stands
from workbooks.merging import Standing, digest_of


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """An answer of the file beside what the site holds; `why` says what is in the way."""

    row: FileRow
    unit: Unit
    criterion: Criterion
    latest: Report | None
    standing: Standing | None  # None: it can't be taken now at all
    why: str = ""

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def code(self) -> str:
        return f"{self.unit.name}, {self.criterion.code}"

    @property
    def site(self) -> Said:
        return self.latest.said if self.latest else Said()

    @property
    def site_words(self) -> str:
        return said_in_words(self.criterion, self.site)

    @property
    def file_words(self) -> str:
        return said_in_words(self.criterion, self.row.said)


@dataclass(frozen=True, slots=True)
class Preview:
    rows: list[PreviewRow]

    @property
    def fingerprint(self) -> str:
        return digest_of(
            [
                one.key,
                str(one.standing),
                repr(one.row.said),
                str(one.latest and (one.latest.pk, one.latest.state)),
                repr(one.site),
            ]
            for one in self.rows
        )

    def of(self, standing: Standing | None) -> list[PreviewRow]:
        return [one for one in self.rows if one.standing == standing]

    @property
    def conflicts(self) -> list[PreviewRow]:
        return self.of(Standing.CONFLICT)

    @property
    def changes(self) -> list[PreviewRow]:
        return self.of(Standing.CHANGED)

    @property
    def unchanged(self) -> list[PreviewRow]:
        return self.of(Standing.UNCHANGED)

    @property
    def blocked(self) -> list[PreviewRow]:
        return self.of(None)


@transaction.atomic
def keep_import(
    *,
    city: City,
    year: int,
    criteria: CriteriaSet,
    rows: Sequence[FileRow],
    name: str,
    by: User,
    at: datetime,
) -> ReportImport:
    """Keep what a sheet says until its person has seen what it would change.

    An earlier one of the same person in this city goes, as does what nobody confirmed in a day.
    Raises PermissionDenied.
    """
    require_permission(by, city, Permission.IMPORT_UNIT_REPORTS)
    ReportImport.objects.filter(city=city, user=by).delete()
    ReportImport.objects.expired(at).delete()
    return ReportImport.objects.create(
        city=city,
        user=by,
        year=year,
        criteria=criteria.code,
        name=name[:150],
        rows=[row.as_json() for row in rows],
        created_at=at,
    )


def preview_of(kept: ReportImport, criteria: CriteriaSet, units: Collection[Unit]) -> Preview:
    """How each answer of the file stands to the site now; one query.

    `units` are those of which the person may report. A row of another one has no place any more.
    """
    known = {unit.code: unit for unit in units}
    reports = Report.objects.filter(
        unit__in=known.values(), year=kept.year, criteria=criteria.code
    ).select_related("written_by")
    latest = {(one.unit_id, one.criterion): one for one in reports.order_by("pk")}
    shown = []
    for row in (FileRow.of_json(data) for data in kept.rows):
        unit, criterion = known.get(row.unit), criteria.get(row.criterion)
        if unit is not None and criterion is not None:
            last = latest.get((unit.pk, row.criterion))
            standing, why = _standing(row, last)
            shown.append(PreviewRow(row, unit, criterion, last, standing, why))
    return Preview(shown)


def _standing(row: FileRow, last: Report | None) -> tuple[Standing | None, str]:
    changes, is_disputed = stands(row, last.said if last else Said())
    if not changes:
        return Standing.UNCHANGED, ""
    if last is not None and last.state == ReportState.SENT:
        return None, _("Sudah terkirim dan menunggu diperiksa.")
    if is_disputed:
        return Standing.CONFLICT, _("Isian di situs berbeda dari saat lembar diunduh.")
    if last is not None and last.state == ReportState.ACCEPTED:
        return Standing.CONFLICT, _("Sudah diterima; isi berkas menjadi perbaikan.")
    return Standing.CHANGED, ""


@transaction.atomic
def apply_import(
    *,
    import_id: UUID,
    criteria: CriteriaSet,
    from_file: Collection[str],
    seen: str,
    sends: bool,
    by: User,
    at: datetime,
) -> int:
    """Write what the preview showed as drafts, and send them where asked; how many answers.

    `seen` is the fingerprint of the preview that the person looked at, `from_file` the conflicts in
    which the file wins. Raises PermissionDenied, ValidationError (`gone`, `moved`, `nothing`).
    """
    kept = (
        ReportImport.objects.select_for_update(of=("self",))
        .select_related("city")
        .filter(pk=import_id, user=by)
        .first()
    )
    if kept is None:
        message = gettext_lazy("Impor ini sudah disimpan atau dibuang. Unggah lembarnya lagi.")
        raise ValidationError(message, code="gone")
    held_city(kept.city, by=by, permission=Permission.IMPORT_UNIT_REPORTS)
    units = held_units(kept.city, by=by)
    preview = preview_of(kept, criteria, units)
    if preview.fingerprint != seen:
        message = gettext_lazy(
            "Isi situs berubah sejak pratinjau ini dibuat, jadi belum ada yang disimpan. "
            "Periksa pratinjau terbaru di bawah ini, lalu simpan."
        )
        raise ValidationError(message, code="moved")
    taken = [*preview.changes, *(row for row in preview.conflicts if row.key in from_file)]
    if not taken:
        message = gettext_lazy("Tidak ada yang berubah: pilih setidaknya satu baris dari berkas.")
        raise ValidationError(message, code="nothing")
    _store(kept, criteria, taken, sends=sends, by=by, at=at)
    kept.delete()
    return len(taken)


def held_units(city: City, *, by: User) -> list[Unit]:
    """The units that the person may report for by a sheet, held in the order of their rows."""
    member = require_permission(by, city, Permission.IMPORT_UNIT_REPORTS)
    rows = Unit.objects.visible_to(member).select_for_update(of=("self",), no_key=True)
    return list(rows.order_by("pk"))


def discard_import(*, import_id: UUID, by: User) -> None:
    ReportImport.objects.filter(pk=import_id, user=by).delete()


def _store(
    kept: ReportImport,
    criteria: CriteriaSet,
    taken: Sequence[PreviewRow],
    *,
    sends: bool,
    by: User,
    at: datetime,
) -> None:
    new: list[Report] = []
    old: list[Report] = []
    of_unit: dict[int, list[Report]] = {}
    for one in taken:
        entry = Entry(one.row.said, one.row.source or (one.latest.source if one.latest else ""))
        report = drafted(one.unit, kept.year, criteria, one.row.criterion, entry, one.latest)
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
                "year": str(kept.year),
                "file": kept.name,
            },
        )
        for reports in of_unit.values()
    ]
    record(*entries, city=kept.city, by=by, at=at)
