"""Tables of actions, realisations and codes: read, looked at, then taken over; twice is once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from actionplan.choices import SheetKind
from actionplan.funds import read_funds
from actionplan.models import (
    Action,
    ActionPlan,
    ActionYear,
    KeptSheet,
)
from actionplan.queries.sheets import (
    SheetLine,
    Standing,
    action_values,
    actions_of,
    opds_by_code,
    sheet_lines,
    stored_years,
)
from actionplan.services.actions import OWN, ActionFacts, YearFacts, write_action, write_year
from actionplan.sheets import YEAR_FIELDS
from cities.models import City, Membership, Opd, User
from cities.permissions import lock_city, require_permission
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from clusters.models import Indicator
from monitoring.services.realisations import QuarterFacts, latest_of, may_report, write_report
from nomenclature.services import write_codes
from workbooks.records import JOINT, Records, fingerprint

ASKED = {
    SheetKind.ACTIONS: Permission.MANAGE_ACTIONS,
    SheetKind.REALISATIONS: Permission.REPORT_ACTIONS,
    SheetKind.NOMENCLATURE: Permission.MANAGE_ACTIONS,
}


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    added: int
    changed: int


@transaction.atomic
def keep_sheet(
    *,
    city: City,
    plan: ActionPlan | None,
    kind: SheetKind,
    reading: Records,
    name: str,
    about: Mapping[str, str] | None = None,
    by: User,
    at: datetime,
) -> KeptSheet:
    """Keep what a table says to be looked at; it takes the place of the person's one before."""
    require_permission(by, city, ASKED[kind])
    if plan is not None and plan.city_id != city.pk:
        raise PermissionDenied
    KeptSheet.objects.filter(city=city, by=by).delete()
    return KeptSheet.objects.create(
        city=city,
        plan=plan,
        kind=kind,
        name=name[:150],
        about=dict(about or {}),
        rows=[row.as_json() for row in reading.rows],
        faults=reading.faults,
        at=at,
        by=by,
    )


def seen_of(lines: list[SheetLine]) -> str:
    """The fingerprint of a preview: what it would change as things stand now."""
    return fingerprint([one.standing, one.row.as_json(), one.here, one.fault] for one in lines)


@transaction.atomic
def take_sheet(
    *, kept_id: int, city: City, ticked: Collection[int], seen: str, by: User, at: datetime
) -> SheetOutcome:
    """Add what is new, and of what differs the lines that somebody ticked (by their place).

    All of it or nothing. `seen` is `seen_of` the preview that the person looked at. Raises
    PermissionDenied, ValidationError (`gone`, `moved`, `nothing`, and what writing raises).
    """
    kept = KeptSheet.objects.select_related("plan__city", "plan__instrument")
    sheet = kept.filter(pk=kept_id, city=city, by=by).first()
    if sheet is None:
        raise ValidationError(
            _("Lembar ini sudah disimpan atau diganti. Unggah lagi bila perlu."), code="gone"
        )
    member = require_permission(by, city, ASKED[SheetKind(sheet.kind)])
    city = lock_city(city.pk)
    lines = sheet_lines(sheet, member)
    if seen_of(lines) != seen:
        raise ValidationError(
            _("Isi RAD berubah sejak pratinjau dibuat. Periksa pratinjau terbaru, lalu simpan."),
            code="moved",
        )
    taken = [
        one
        for one in lines
        if one.standing == Standing.NEW
        or (one.standing == Standing.DIFFERENT and one.place in ticked)
    ]
    if not taken:
        raise ValidationError(_("Tidak ada yang dipilih untuk disimpan."), code="nothing")
    take = {
        SheetKind.ACTIONS: _take_actions,
        SheetKind.REALISATIONS: _take_realisations,
        SheetKind.NOMENCLATURE: _take_codes,
    }[SheetKind(sheet.kind)]
    record(*take(sheet, taken, member, city, at), city=city, by=by, at=at)
    sheet.delete()
    added = sum(one.standing == Standing.NEW for one in taken)
    return SheetOutcome(added, len(taken) - added)


# --- Actions ----------------------------------------------------------------------------------


def _take_actions(
    sheet: KeptSheet, lines: list[SheetLine], member: Membership, city: City, at: datetime
) -> list[NewEntry]:
    plan = sheet.plan
    assert plan is not None  # noqa: S101  # a table of actions is always of a plan
    actions, opds = actions_of(plan), opds_by_code(city)
    indicators = {
        one.code: one
        for one in Indicator.objects.filter(cluster__instrument=plan.instrument_id).select_related(
            "cluster"
        )
    }
    entries = []
    for line in lines:
        number, year = map(int, line.row.key)
        action = actions.setdefault(number, Action(plan=plan))
        stored = action_values(action) if action.pk else {}
        merged = stored | line.row.values
        own = {name: text for name, text in merged.items() if name not in YEAR_FIELDS}
        if own != stored:
            facts = _action_facts(number, own, indicators, opds)
            entries.append(write_action(action, city, facts, by=member.user, at=at))
        entries.append(_take_year(action, year, line))
    return entries


def _take_year(action: Action, year: int, line: SheetLine) -> NewEntry:
    row = ActionYear.objects.filter(action=action, year=year).first()
    stored = {name: getattr(row, name) for name in YEAR_FIELDS} if row else {}
    told = {name: _typed(name, line.row.values[name]) for name in YEAR_FIELDS
            if name in line.row.values}  # fmt: skip
    if "funds" in told and "ceiling" not in told:
        told["ceiling"] = None  # the sources say it
    return write_year(action, year, YearFacts(**stored | told))[1]


def _action_facts(
    number: int,
    values: Mapping[str, str],
    indicators: Mapping[str, Indicator],
    opds: Mapping[str, Opd],
) -> ActionFacts:
    several = {name: tuple(part for part in values.get(name, "").split(JOINT) if part)
               for name in ("supporting", "questions")}  # fmt: skip
    plain: dict[str, Any] = {name: text for name, text in values.items() if name in OWN}
    return ActionFacts(
        **plain
        | {
            "number": number,
            "indicator": indicators[values["indicator"]],
            "baseline": _typed("baseline", values.get("baseline", "")),
            "lead": opds.get(values.get("lead", "")),
            "supporting": tuple(opds[code] for code in several["supporting"]),
            "questions": several["questions"],
        }
    )


def _typed(name: str, text: str) -> Any:
    if name == "funds":
        return read_funds(text)
    if name == "ceiling":
        return int(text) if text else None
    if name in ("target", "child_share", "baseline"):
        return Decimal(text) if text else None
    return text


# --- Realisations and codes -------------------------------------------------------------------


def _take_realisations(
    sheet: KeptSheet, lines: list[SheetLine], member: Membership, city: City, at: datetime
) -> list[NewEntry]:
    """In the order of the quarters, for the figures count from the beginning of the year."""
    rows = stored_years(sheet)
    entries = []
    for line in sorted(lines, key=lambda one: int(one.row.key[2])):
        number, year, quarter = map(int, line.row.key)
        row = rows[number, year]
        if not may_report(member, row):
            raise PermissionDenied
        last = latest_of(row).get(quarter)
        stored = {one.name: getattr(last, one.name) for one in fields(QuarterFacts)} if last else {}
        told = line.row.values | {
            "physical": Decimal(line.row.values["physical"]),
            "money": int(line.row.values["money"]),
        }
        facts = QuarterFacts(**stored | told)
        seen = last.revision if last else 0
        entry, _report = write_report(
            row, quarter, facts, seen=seen, city=city, by=member.user, at=at
        )
        if entry is not None:
            entries.append(entry)
    return entries


def _take_codes(
    sheet: KeptSheet, lines: list[SheetLine], member: Membership, city: City, at: datetime
) -> list[NewEntry]:
    decree, since = sheet.about["decree"], date.fromisoformat(sheet.about["valid_from"])
    rows = (line.row for line in lines)
    return [write_codes(city, decree, since, rows, by=member.user, at=at)]
