"""What an uploaded table would change, line by line, and the same tables out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from actionplan.choices import SheetKind
from actionplan.funds import funds_fault, read_funds
from actionplan.models import (
    Action,
    ActionPlan,
    ActionYear,
    KeptSheet,
)
from actionplan.sheets import (
    ACTION_COLUMNS,
    REALISATION_COLUMNS,
    YEAR_FIELDS,
    Vocabulary,
)
from cities.models import City, Membership, Opd
from cities.roles import Role
from clusters.models import Indicator, Question
from figures.numbers import NOTHING, format_rupiah
from monitoring.models import Realisation
from nomenclature.models import NomenclatureCode
from nomenclature.sheets import NOMENCLATURE_COLUMNS
from texts.folding import folded
from workbooks.records import Record, RecordColumn, figure, joined
from workbooks.writing import Value


class Standing(StrEnum):
    """How a line stands to what is stored."""

    NEW = "new"
    DIFFERENT = "different"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of a table beside what is stored; `place` is its position in the table."""

    place: int
    row: Record
    standing: Standing
    here: Mapping[str, str]
    columns: Sequence[RecordColumn]
    fault: str = ""

    @property
    def name(self) -> str:
        return " · ".join(self.row.key)

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """Title, what is stored and what the table says, of what differs."""
        titles = {one.field: one.title for one in self.columns}
        return [
            (titles[field], _shown(field, self.here.get(field, "")), _shown(field, text))
            for field, text in self.row.values.items()
            if self.here.get(field, "") != text
        ]


def _shown(field: str, text: str) -> str:
    if field in ("ceiling", "money") and text:
        return format_rupiah(int(text))
    return text.replace(".", ",") if field in ("target", "baseline") else text or NOTHING


def opds_by_code(city: City) -> dict[str, Opd]:
    return {one.code: one for one in city.opds.all()}


def vocabulary(plan: ActionPlan) -> Vocabulary:
    """What the cells of a table of actions may name; three queries."""
    questions = Question.objects.of_instrument(plan.instrument).values_list(
        "code", "indicator__code"
    )
    indicators = Indicator.objects.filter(cluster__instrument=plan.instrument_id)
    opds = list(plan.city.opds.all())
    return Vocabulary(
        indicators=list(indicators.values_list("code", flat=True)),
        questions=dict(questions),
        opds={folded(one.name): one.code for one in opds}
        | {folded(one.code): one.code for one in opds},
    )


def actions_of(plan: ActionPlan) -> dict[int, Action]:
    """By number, with the rows that comparing and writing them needs; five queries."""
    rows = plan.actions.select_related("indicator__cluster", "lead", "plan").prefetch_related(
        "supporting", "questions__question", "years"
    )
    return {one.number: one for one in rows}


def action_values(action: Action) -> dict[str, str]:
    """An action in the spelling of a table, without what is empty."""
    values = {
        "indicator": action.indicator.code,
        "questions": joined(one.question.code for one in action.questions.all()),
        "lead": action.lead.code if action.lead else "",
        "supporting": joined(opd.code for opd in action.supporting.all()),
        "baseline": figure(action.baseline),
    }
    plain = ("problem", "name", "reach", "code", "measure", "unit", "direction", "place")
    values |= {name: getattr(action, name) for name in plain}
    return {name: text for name, text in values.items() if text}


def year_values(row: ActionYear) -> dict[str, str]:
    values = {
        "target": figure(row.target),
        "ceiling": "" if row.ceiling is None else str(row.ceiling),
        "source": row.source,
        "funds": row.funds_told,
        "child_share": figure(row.child_share),
        "child_reason": row.child_reason,
    }
    return {name: text for name, text in values.items() if text}


def stored_years(sheet: KeptSheet) -> dict[tuple[int, int], ActionYear]:
    """The years of the plan's actions by number and year, with their reports; two queries."""
    rows = ActionYear.objects.filter(action__plan=sheet.plan_id).select_related("action__lead")
    return {(one.action.number, one.year): one for one in rows.prefetch_related("realisations")}


def sheet_lines(sheet: KeptSheet, member: Membership) -> list[SheetLine]:
    """How each line of the table stands to what is stored now, in a fixed number of queries."""
    rows = [Record.of_json(data) for data in sheet.rows]
    lines = {
        SheetKind.ACTIONS: _action_lines,
        SheetKind.REALISATIONS: _realisation_lines,
        SheetKind.NOMENCLATURE: _code_lines,
    }[SheetKind(sheet.kind)](sheet, rows, member)
    return [replace(line, place=place) for place, line in enumerate(lines)]


def _line(
    row: Record,
    columns: Sequence[RecordColumn],
    here: Mapping[str, str] | None,
    fault: str = "",
) -> SheetLine:
    standing = Standing.SAME
    if fault:
        standing = Standing.REFUSED
    elif here is None:
        standing = Standing.NEW
    elif any(here.get(name, "") != text for name, text in row.values.items()):
        standing = Standing.DIFFERENT
    return SheetLine(0, row, standing, here or {}, columns, fault)


def _action_lines(
    sheet: KeptSheet, rows: Iterable[Record], _member: Membership
) -> Iterator[SheetLine]:
    plan = sheet.plan
    assert plan is not None  # noqa: S101  # a table of actions is always of a plan
    actions = actions_of(plan)
    first: dict[str, Record] = {}
    for row in rows:
        number, year = map(int, row.key)
        action = actions.get(number)
        own = {name: text for name, text in row.values.items() if name not in YEAR_FIELDS}
        before = first.get(row.key[0], row)
        fault = _action_fault(plan, action, own, year, before) or _funds_fault(action, row)
        if not fault:
            first.setdefault(row.key[0], row)
        if action is None:
            yield _line(row, ACTION_COLUMNS, None, fault)
            continue
        stored = action_values(action)
        known = next((one for one in action.years.all() if one.year == year), None)
        here = stored | (year_values(known) if known else {})
        changes_own = any(stored.get(name, "") != text for name, text in own.items())
        is_new = known is None and not changes_own
        yield _line(row, ACTION_COLUMNS, None if is_new else here, fault)


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


def _realisation_lines(
    sheet: KeptSheet, rows: Iterable[Record], member: Membership
) -> Iterator[SheetLine]:
    years = stored_years(sheet)
    for row in rows:
        number, year, quarter = map(int, row.key)
        known = years.get((number, year))
        is_own = known is not None and (
            member.role != Role.OPD or known.action.lead_id == member.opd_id
        )
        if known is None or not is_own:  # a stranger's action does not exist for them
            fault = _("Tidak ada aksi nomor %(number)d tahun %(year)d pada OPD Anda.")
            facts = {"number": number, "year": year}
            yield _line(row, REALISATION_COLUMNS, None, fault % facts)
            continue
        reports = [one for one in known.realisations.all() if one.quarter == quarter]
        last = max(reports, key=lambda one: one.revision, default=None)
        yield _line(row, REALISATION_COLUMNS, _report_values(last) if last else None)


def _report_values(report: Realisation) -> dict[str, str]:
    return {
        "physical": figure(report.physical),
        "money": str(report.money),
        "obstacle": report.obstacle,
        "follow_up": report.follow_up,
    }


def _code_lines(
    sheet: KeptSheet, rows: Iterable[Record], _member: Membership
) -> Iterator[SheetLine]:
    known = NomenclatureCode.objects.as_told(sheet.city_id, sheet.about["decree"])
    for row in rows:
        yield _line(row, NOMENCLATURE_COLUMNS, known.get(row.key[0]))


# --- Out --------------------------------------------------------------------------------------


def action_table(plan: ActionPlan) -> tuple[list[str], Iterator[list[Value]]]:
    """Header and rows of every action, a line for each of its years, as the import reads them."""
    return [one.title for one in ACTION_COLUMNS], _action_rows(plan)


def _action_rows(plan: ActionPlan) -> Iterator[list[Value]]:
    for number, action in sorted(actions_of(plan).items()):
        own = action_values(action)
        for row in action.years.all():
            values = own | year_values(row)
            cells = [_cell(one.field, values.get(one.field, "")) for one in ACTION_COLUMNS[2:]]
            yield [number, row.year, *cells]


def _cell(field: str, text: str) -> Value:
    if not text:
        return None
    if field == "ceiling":
        return int(text)
    return Decimal(text) if field in ("target", "child_share", "baseline") else text
