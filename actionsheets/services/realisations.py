"""A table of quarters beside what was reported of them, and how it is reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from actionsheets.columns import REALISATION_COLUMNS
from actionsheets.lines import line_of, rows_of
from actionsheets.queries import stored_years
from cities.models import Membership
from cities.roles import Permission, Role
from cities.services.activity import record
from imports.lines import Line
from imports.models import StagedImport
from imports.services.staged import Confirmed, ImportKind
from monitoring.models import Realisation
from monitoring.services.realisations import QuarterFacts, latest_of, may_report, write_report
from workbooks.records import figure


def _lines(staged: StagedImport, member: Membership) -> Iterator[Line]:
    years = stored_years(staged)
    for row in rows_of(staged):
        number, year, quarter = map(int, row.key)
        name = _("%(number)d, tahun %(year)d, triwulan %(quarter)d")
        told = name % {"number": number, "year": year, "quarter": quarter}
        known = years.get((number, year))
        is_own = known is not None and (
            member.role != Role.OPD or known.action.lead_id == member.opd_id
        )
        if known is None or not is_own:  # a stranger's action does not exist for them
            fault = _("Tidak ada aksi nomor %(number)d tahun %(year)d pada OPD Anda.")
            facts = {"number": number, "year": year}
            yield line_of(row, REALISATION_COLUMNS, None, name=told, fault=fault % facts)
            continue
        reports = [one for one in known.realisations.all() if one.quarter == quarter]
        last = max(reports, key=lambda one: one.revision, default=None)
        yield line_of(row, REALISATION_COLUMNS, _report_values(last) if last else None, name=told)


def _report_values(report: Realisation) -> dict[str, str]:
    return {
        "physical": figure(report.physical),
        "money": str(report.money),
        "obstacle": report.obstacle,
        "follow_up": report.follow_up,
    }


def _take(confirmed: Confirmed) -> None:
    """In the order of the quarters, for the figures count from the beginning of the year."""
    city, by, at = confirmed.city, confirmed.by, confirmed.at
    rows = stored_years(confirmed.staged)
    entries = []
    for line in sorted(confirmed.lines, key=lambda one: int(one.item.key[2])):
        number, year, quarter = map(int, line.item.key)
        row = rows[number, year]
        if not may_report(confirmed.member, row):
            raise PermissionDenied
        last = latest_of(row).get(quarter)
        stored = {one.name: getattr(last, one.name) for one in fields(QuarterFacts)} if last else {}
        told = line.item.values | {
            "physical": Decimal(line.item.values["physical"]),
            "money": int(line.item.values["money"]),
        }
        facts = QuarterFacts(**stored | told)
        seen = last.revision if last else 0
        entry, _report = write_report(row, quarter, facts, seen=seen, city=city, by=by, at=at)
        if entry is not None:
            entries.append(entry)
    record(*entries, city=city, by=by, at=at)


REALISATIONS = ImportKind("actionplan.realisations", Permission.REPORT_ACTIONS, _lines, _take)
