"""Reporting what came of an action until the end of a quarter."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from actionplan.models import ActionYear
from assessments.models import SupportingDocument
from cities.models import City, CityTrailEvent, Membership, User
from cities.permissions import lock_city, require_permission
from cities.roles import Permission, Role
from cities.services.activity import NewEntry, record
from figures.numbers import format_points, format_rupiah
from monitoring.models import Realisation
from monitoring.quarters import QUARTERS, begins
from texts.languages import deed
from workbooks.records import figure


@dataclass(frozen=True, slots=True)
class QuarterFacts:
    """What an OPD says: percent and whole rupiah since the beginning of the year."""

    physical: Decimal
    money: int
    obstacle: str = ""
    follow_up: str = ""
    document_id: UUID | None = None


@deed
def report_quarter(
    *, year_id: int, quarter: int, facts: QuarterFacts, seen: int, by: User, at: datetime
) -> Realisation:
    """Report a quarter, or correct the report; the earlier one stays.

    `seen` is the revision that the person looked at, 0 for none. Raises PermissionDenied for an
    action of another OPD, and ValidationError (`removed`, `early`, `falls`, `moved`, `foreign`).
    """
    row = (
        ActionYear.objects.select_related("action__plan__city", "action__lead")
        .filter(pk=year_id)
        .first()
    )
    if row is None:
        raise ValidationError(_("Tahun aksi ini sudah dihapus."), code="removed")
    city = row.action.plan.city
    member = require_permission(by, city, Permission.REPORT_ACTIONS)
    if not may_report(member, row):
        raise PermissionDenied
    city = lock_city(city.pk)
    entry, report = write_report(row, quarter, facts, seen=seen, city=city, by=by, at=at)
    if entry is not None:
        record(entry, city=city, by=by, at=at)
    return report


def may_report(member: Membership, row: ActionYear) -> bool:
    """Whether the action is theirs: staff of an OPD report only what that OPD leads."""
    if not member.may(Permission.REPORT_ACTIONS):
        return False
    return member.role != Role.OPD or row.action.lead_id == member.opd_id


def write_report(
    row: ActionYear,
    quarter: int,
    facts: QuarterFacts,
    *,
    seen: int,
    city: City,
    by: User,
    at: datetime,
) -> tuple[NewEntry | None, Realisation]:
    """The part of `report_quarter` after its question was asked; no entry where nothing changed."""
    latest = latest_of(row)
    last = latest.get(quarter)
    if seen != (last.revision if last else 0):
        raise ValidationError(
            _("Triwulan ini sudah dilaporkan orang lain. Periksa laporan terbaru, lalu perbaiki."),
            code="moved",
        )
    if last is not None and _facts(last) == facts:
        return None, last
    _require_begun(row.year, quarter, today=at.astimezone(city.zone).date())
    _require_rising(latest, quarter, facts)
    _require_known_document(city, facts)
    report = Realisation(
        action_year=row, quarter=quarter, revision=seen + 1, at=at, by=by, **_values(facts)
    )
    report.full_clean()
    report.save()
    target = f"{row.action} ({row.year}, TW {quarter})"
    before = _of_report(last) if last else {}
    deed = CityTrailEvent.REALISATION_REPORTED
    return NewEntry(deed, target, before, _of_report(report)), report


def latest_of(row: ActionYear) -> dict[int, Realisation]:
    """By quarter, the report that counts."""
    return {one.quarter: one for one in row.realisations.order_by("quarter", "revision")}


def _facts(report: Realisation) -> QuarterFacts:
    return QuarterFacts(**{one.name: getattr(report, one.name) for one in fields(QuarterFacts)})


def _values(facts: QuarterFacts) -> dict[str, object]:
    return {one.name: getattr(facts, one.name) for one in fields(facts)}


def _require_begun(year: int, quarter: int, *, today: date) -> None:
    if quarter not in QUARTERS or begins(year, quarter) > today:
        raise ValidationError(
            _("Triwulan itu belum dimulai, jadi belum dapat dilaporkan."), code="early"
        )


def _require_rising(latest: dict[int, Realisation], quarter: int, facts: QuarterFacts) -> None:
    """Both figures count from the beginning of the year, so neither falls from quarter to quarter."""
    for other, report in latest.items():
        before, after = (report, facts) if other < quarter else (facts, report)
        if other == quarter or (before.physical <= after.physical and before.money <= after.money):
            continue
        raise ValidationError(
            _(
                "Angka dihitung sejak awal tahun dan tidak turun. Triwulan %(other)d tercatat "
                "%(physical)s%% dan %(money)s."
            ),
            code="falls",
            params={
                "other": other,
                "physical": format_points(report.physical),
                "money": format_rupiah(report.money),
            },
        )


def _require_known_document(city: City, facts: QuarterFacts) -> None:
    if facts.document_id is None:
        return
    if not SupportingDocument.objects.filter(pk=facts.document_id, city=city).exists():
        raise ValidationError(
            _("Dokumen itu tidak ditemukan di kota ini. Pilih dari daftar."), code="foreign"
        )


def _of_report(report: Realisation) -> dict[str, object]:
    return {
        "physical": figure(report.physical),
        "money": format_rupiah(report.money),
        "obstacle": report.obstacle or None,
        "follow_up": report.follow_up or None,
        "file": str(report.document) if report.document else None,
    }
