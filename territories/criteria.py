"""Criteria sets: what a unit is asked, and when its answer counts. Files and rules."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clusters.checking import SLUG, Check
from clusters.plain_yaml import Fault, UnreadableError, read_plain
from clusters.spec import MAX_CODE
from figures.numbers import format_number
from territories.choices import CriterionKind, CriterionLevel, Direction

SCHEMA = 1
PACKAGED = resources.files("territories") / "criteria_sets"
WHOLE = Decimal(100)  # per cent
COMPARED: Mapping[Direction, Callable[[Decimal, Decimal], bool]] = {
    Direction.MORE_THAN: operator.gt,
    Direction.AT_LEAST: operator.ge,
    Direction.AT_MOST: operator.le,
    Direction.LESS_THAN: operator.lt,
}
CERTAINTIES = ("2+", "1", "inf", "open")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What every unit of a level is asked. The threshold of a ratio is in per cent.

    A unit that meets an `adverse` one has what no city wants, such as a case of malnutrition.
    """

    code: str
    level: CriterionLevel
    text: str
    kind: CriterionKind
    evidence: str
    required: bool
    threshold: Decimal | None = None
    direction: Direction | None = None
    adverse: bool = False
    certainty: str = ""  # how sure it is that this is asked so: 2+, 1, inf, open; empty as its set


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    code: str
    version: str
    title: str
    instrument: str  # whose questions it answers; empty where it answers none
    criteria: tuple[Criterion, ...]
    source: str = ""

    def of(self, level: CriterionLevel) -> list[Criterion]:
        return [one for one in self.criteria if one.level == level]

    def get(self, code: str) -> Criterion | None:
        return next((one for one in self.criteria if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Said:
    """What a unit says to one criterion. `nil` says explicitly that there was none."""

    yes: bool | None = None
    part: int | None = None
    whole: int | None = None
    count: int | None = None
    boys: int | None = None
    girls: int | None = None
    nil: bool = False

    @property
    def is_empty(self) -> bool:
        figures = (self.yes, self.part, self.whole, self.count, self.boys, self.girls)
        return not self.nil and all(figure is None for figure in figures)

    @property
    def total(self) -> int:
        """How many there were; 0 only where it was said that there were none."""
        return (self.count or 0) + (self.boys or 0) + (self.girls or 0)


class CriteriaError(Exception):
    """A file that is not used, with every reason why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


# --- Rules ------------------------------------------------------------------------------------


def meets(criterion: Criterion, said: Said) -> bool:
    """Whether a complete answer (`require_complete`) counts; exact, without dividing."""
    if criterion.kind == CriterionKind.YES_NO:
        return said.yes is True
    if criterion.threshold is None or criterion.direction is None:
        return False
    if criterion.kind == CriterionKind.RATIO:
        figure = WHOLE * (said.part or 0)
        return _lies(figure, criterion.direction, criterion.threshold * (said.whole or 0))
    return _lies(Decimal(said.total), criterion.direction, criterion.threshold)


def is_favourable(criterion: Criterion, said: Said) -> bool:
    """Whether a complete answer speaks for the unit: it meets what is wanted, or lacks what is not."""
    return meets(criterion, said) != criterion.adverse


def _lies(figure: Decimal, direction: Direction, threshold: Decimal) -> bool:
    return COMPARED[direction](figure, threshold)


def require_complete(criterion: Criterion, said: Said) -> None:
    """Refuse an answer that could be read in two ways.

    Raises ValidationError (`incomplete`, `impossible`, `nil`). Silence is not zero: none is said
    by `nil`, and with figures beside it nobody knows which of both is meant.
    """
    if criterion.kind == CriterionKind.YES_NO:
        if said.yes is None:
            raise _refusal("incomplete", _("%(text)s: pilih ya atau tidak."), criterion)
        return
    if criterion.kind == CriterionKind.RATIO:
        _require_ratio(criterion, said)
        return
    figures = [said.boys, said.girls] if criterion.kind == CriterionKind.BY_SEX else [said.count]
    if any(figure is not None and figure < 0 for figure in figures):
        raise _refusal("impossible", _("%(text)s: jumlah tidak boleh kurang dari 0."), criterion)
    if said.nil and said.total:
        message = _("%(text)s: nihil dicentang, tetapi ada jumlah. Pilih salah satu.")
        raise _refusal("nil", message, criterion)
    if not said.nil and not said.total:
        if any(figure == 0 for figure in figures):
            message = _("%(text)s: bila memang tidak ada, centang nihil.")
            raise _refusal("nil", message, criterion)
        raise _refusal("incomplete", _("%(text)s: isi jumlahnya atau centang nihil."), criterion)
    if not said.nil and None in figures:
        message = _("%(text)s: isi laki-laki dan perempuan; 0 bila tidak ada.")
        raise _refusal("incomplete", message, criterion)


def _require_ratio(criterion: Criterion, said: Said) -> None:
    if said.part is None or said.whole is None:
        raise _refusal("incomplete", _("%(text)s: isi kedua jumlahnya."), criterion)
    if said.part < 0 or said.whole < 1 or said.part > said.whole:
        message = _(
            "%(text)s: jumlah pertama antara 0 dan jumlah kedua, jumlah kedua paling sedikit 1."
        )
        raise _refusal("impossible", message, criterion)


def _refusal(code: str, message: str, criterion: Criterion) -> ValidationError:
    return ValidationError(message, code=code, params={"text": criterion.text})


def said_in_words(criterion: Criterion, said: Said) -> str:
    """An answer as a person reads it; nothing for an empty one."""
    if said.is_empty:
        return ""
    if said.nil:
        return _("nihil")
    if criterion.kind == CriterionKind.YES_NO:
        return _("ya") if said.yes else _("tidak")
    if criterion.kind == CriterionKind.RATIO:
        part, whole = _count(said.part), _count(said.whole)
        return _("%(part)s dari %(whole)s") % {"part": part, "whole": whole}
    if criterion.kind == CriterionKind.BY_SEX:
        boys, girls = _count(said.boys), _count(said.girls)
        return _("L %(boys)s, P %(girls)s") % {"boys": boys, "girls": girls}
    return _count(said.count)


def _count(value: int | None) -> str:
    return format_number(Decimal(value or 0))


# --- Files ------------------------------------------------------------------------------------


@cache
def packaged_sets() -> tuple[CriteriaSet, ...]:
    """The sets that come with the project. Raises CriteriaError."""
    files = sorted(
        (entry for entry in PACKAGED.iterdir() if entry.name.endswith(".yaml")),
        key=lambda entry: entry.name,
    )
    return tuple(read_set(entry.read_text(encoding="utf-8")) for entry in files)


def set_for(*instruments: str) -> CriteriaSet:
    """The set that belongs to an instrument, by its codes, else the newest: units report anyway."""
    sets = [one for one in packaged_sets() if one.instrument]
    named = (one for code in instruments for one in sets if one.instrument == code)
    return next(named, sets[-1])


def packaged_set(code: str) -> CriteriaSet | None:
    return next((one for one in packaged_sets() if one.code == code), None)


def criterion_at(key: str) -> tuple[CriteriaSet, Criterion] | None:
    """The criterion that a key such as kla-2023/26.4 names."""
    name, _slash, code = key.partition("/")
    for one in packaged_sets():
        criterion = one.get(code)
        if one.code == name and criterion is not None:
            return one, criterion
    return None


def read_set(text: str) -> CriteriaSet:
    """The set in the YAML `text`; raises CriteriaError with every fault."""
    try:
        document, faults = read_plain(text)
    except UnreadableError as error:
        raise CriteriaError([error.fault]) from error
    check = Check(faults)
    top = check.mapping(document, "", required="schema set criteria")
    if "schema" in top and top["schema"] != SCHEMA:
        check.fault("schema", _("Hanya skema %(schema)d yang dikenal."), schema=SCHEMA)
    head = check.mapping(
        top.get("set", {}), "set", required="code version title", optional="instrument source"
    )
    criteria = tuple(_criteria(check, top))
    if check.faults:
        raise CriteriaError(check.faults)
    found = CriteriaSet(
        code=check.code(head, "set", pattern=SLUG),
        version=check.text(head, "version", "set", longest=MAX_CODE),
        title=check.text(head, "title", "set"),
        instrument=check.text(head, "instrument", "set", longest=MAX_CODE),
        criteria=criteria,
        source=check.text(head, "source", "set"),
    )
    if check.faults:
        raise CriteriaError(check.faults)
    return found


def _criteria(check: Check, top: dict[str, object]) -> Iterator[Criterion]:
    seen: dict[str, str] = {}
    for path, item in check.items(top, "criteria", ""):
        row = check.mapping(
            item,
            path,
            required="code level text kind evidence required",
            optional="threshold direction adverse certainty",
        )
        code = check.code(row, path)
        check.once(seen, code, path)
        level = check.choice(row, "level", path, among=CriterionLevel.values)
        kind = check.choice(row, "kind", path, among=CriterionKind.values)
        direction = check.choice(row, "direction", path, among=Direction.values)
        text, evidence = check.text(row, "text", path), check.text(row, "evidence", path)
        threshold = check.number(row, "threshold", path)
        for name in ("required", "adverse"):
            if not isinstance(row.get(name, False), bool):
                check.fault(path, _("%(name)s harus true atau false."), name=name)
        if level in CriterionLevel.values and kind in CriterionKind.values and not check.faults:
            yield Criterion(
                code=code,
                level=CriterionLevel(level),
                text=text,
                kind=CriterionKind(kind),
                evidence=evidence,
                required=row["required"] is True,
                threshold=threshold,
                direction=Direction(direction) if direction else None,
                adverse=row.get("adverse") is True,
                certainty=check.choice(row, "certainty", path, among=CERTAINTIES),
            )
