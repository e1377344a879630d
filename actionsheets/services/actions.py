"""A table of actions and their years beside the plan, and how it is taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from actionplan.funds import funds_fault, read_funds
from actionplan.models import Action, ActionPlan, ActionYear
from actionplan.services.actions import OWN, ActionFacts, YearFacts, write_action, write_year
from actionsheets.columns import ACTION_COLUMNS, YEAR_FIELDS
from actionsheets.lines import line_of, rows_of
from actionsheets.queries import action_values, actions_of, opds_by_code, plan_of, year_values
from cities.models import Membership, Opd
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from clusters.models import Indicator
from imports.lines import Line
from imports.models import StagedImport
from imports.services.staged import Confirmed, ImportKind
from nomenclature.codes import CodeBook, look_up_in
from nomenclature.models import Nomenclature
from workbooks.records import JOINT, Record


def _lines(staged: StagedImport, _member: Membership) -> Iterator[Line]:
    """A fixed number of queries."""
    plan = plan_of(staged)
    actions, books = actions_of(plan), Nomenclature.objects.filter(city=plan.city_id).books()
    first: dict[str, Record] = {}
    for row in rows_of(staged):
        number, year = map(int, row.key)
        action = actions.get(number)
        own = {name: text for name, text in row.values.items() if name not in YEAR_FIELDS}
        before = first.get(row.key[0], row)
        fault = _action_fault(plan, action, own, year, before) or _funds_fault(action, row)
        if not fault:
            first.setdefault(row.key[0], row)
        stored = action_values(action) if action else {}
        told = {
            "name": " · ".join([*row.key, own.get("name") or stored.get("name", "")]),
            "note": code_note(own.get("code") or stored.get("code", ""), books, year),
            "fault": fault,
        }
        if action is None:
            yield line_of(row, ACTION_COLUMNS, None, **told)
            continue
        known = next((one for one in action.years.all() if one.year == year), None)
        here = stored | (year_values(known) if known else {})
        changes_own = any(stored.get(name, "") != text for name, text in own.items())
        is_new = known is None and not changes_own
        yield line_of(row, ACTION_COLUMNS, None if is_new else here, **told)


def _action_fault(
    plan: ActionPlan, action: Action | None, own: Mapping[str, str], year: int, before: Record
) -> str:
    if year not in plan.years:
        words = _("Tahun %(year)d di luar masa RAD %(first)d–%(last)d.")
        return words % {"year": year, "first": plan.first_year, "last": plan.last_year}
    if action is None and not {"indicator", "name"} <= before.values.keys():
        return _("Aksi baru memerlukan indikator dan aksi.")
    if any(before.values.get(name, text) != text for name, text in own.items()):
        words = _("Aksi ini ditulis berbeda pada baris %(line)d. Samakan dahulu.")
        return words % {"line": before.line}
    return ""


def _funds_fault(action: Action | None, row: Record) -> str:
    """Of what would stand there once the line was taken."""
    years = action.years.all() if action else ()
    stored = next((one for one in years if str(one.year) == row.key[1]), None)
    told = (year_values(stored) if stored else {}) | row.values
    if "funds" in row.values and "ceiling" not in row.values:
        return ""  # the sources say the ceiling
    ceiling = int(told["ceiling"]) if "ceiling" in told else None
    return funds_fault(read_funds(told.get("funds")), ceiling)


def code_note(code: str, books: Sequence[CodeBook], year: int) -> str:
    """What became of a code for that year, with its successors; empty where it holds."""
    answer = look_up_in(code, books, year=year)
    return f"{code}: {answer.change}" if answer.is_gone else ""


# --- Taking over ------------------------------------------------------------------------------


def _take(confirmed: Confirmed) -> None:
    city, by, at = confirmed.city, confirmed.by, confirmed.at
    plan = plan_of(confirmed.staged)
    actions, opds = actions_of(plan), opds_by_code(city)
    indicators = {
        one.code: one
        for one in Indicator.objects.filter(cluster__instrument=plan.instrument_id).select_related(
            "cluster"
        )
    }
    entries = []
    for row in (line.item for line in confirmed.lines):
        number, year = map(int, row.key)
        action = actions.setdefault(number, Action(plan=plan))
        stored = action_values(action) if action.pk else {}
        merged = stored | row.values
        own = {name: text for name, text in merged.items() if name not in YEAR_FIELDS}
        if own != stored:
            facts = _action_facts(number, own, indicators, opds)
            entries.append(write_action(action, city, facts, by=by, at=at))
        entries.append(_take_year(action, year, row))
    record(*entries, city=city, by=by, at=at)


def _take_year(action: Action, year: int, said: Record) -> NewEntry:
    row = ActionYear.objects.filter(action=action, year=year).first()
    stored = {name: getattr(row, name) for name in YEAR_FIELDS} if row else {}
    told = {name: _typed(name, said.values[name]) for name in YEAR_FIELDS
            if name in said.values}  # fmt: skip
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


ACTIONS = ImportKind("actionplan.actions", Permission.MANAGE_ACTIONS, _lines, _take)
