"""Types of facilities, what certifies them and what is looked at: files, and their faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from django.utils.translation import gettext as _

from clusters.checking import SLUG, Check
from clusters.plain_yaml import Fault, UnreadableError, read_plain
from facilities.choices import NUMBERS, CredentialKind, Measure
from registers.contract import AnswerKind

SCHEMA = 1
PACKAGED = resources.files("facilities") / "facility_types"
CERTAINTIES = ("2+", "1", "inf", "open")
RECORDS = ("trained", "photos", "users")
WHOLE = 100  # per cent
LONGEST_NOTE = 400
SOURCED = "source certainty"


@dataclass(frozen=True, slots=True)
class Sourced:
    """Where something is known from, how sure that is, and what is not known."""

    source: str
    certainty: str
    note: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """What gives papers. Without `valid_years` nobody knows how long they hold."""

    code: str
    title: str
    kind: CredentialKind
    levels: tuple[str, ...]
    valid_years: int | None
    monitoring_months: int | None
    known: Sourced


@dataclass(frozen=True, slots=True)
class Item:
    code: str
    text: str
    required: bool
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is looked at. Where the text of the items is not known, `items` is empty: then the
    result of the official paper is entered, out of `maximum` and `required_items`.
    """

    code: str
    title: str
    version: str
    kinds: tuple[str, ...]  # of the type; empty for all
    items: tuple[Item, ...]
    components: tuple[str, ...]
    weights: tuple[int, ...]  # per cent
    maximum: Decimal | None
    required_items: int | None
    total_items: int | None
    known: Sourced


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class FacilityType:
    code: str
    title: str
    noun: str  # what is counted, as people say it
    provides: str  # what may be there or not; empty where the facility itself is the thing
    kinds: tuple[Kind, ...]
    schemes: tuple[str, ...]
    records: tuple[str, ...]
    checklists: tuple[Checklist, ...]
    known: Sourced

    def kind_title(self, code: str) -> str:
        return next((kind.title for kind in self.kinds if kind.code == code), "")

    def checklists_of(self, kind: str) -> list[Checklist]:
        return [one for one in self.checklists if not one.kinds or kind in one.kinds]

    def checklist(self, code: str) -> Checklist | None:
        return next((one for one in self.checklists if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    schemes: Mapping[str, Scheme]
    types: Mapping[str, FacilityType]

    def schemes_of(self, kind: FacilityType) -> list[Scheme]:
        return [self.schemes[code] for code in kind.schemes]


@dataclass(frozen=True, slots=True)
class Key:
    """What a register key counts: sra.tk-ra/decree a share, pka/decree/count a number."""

    type: FacilityType
    kind: str  # empty for all
    measure: Measure
    gives: AnswerKind = AnswerKind.SHARE

    @property
    def noun(self) -> str:
        """What is counted, as people say it."""
        people = {Measure.TRAINED: _("petugas"), Measure.USERS: _("anak")}
        return people.get(self.measure, self.type.noun)

    @property
    def title(self) -> str:
        kind = self.type.kind_title(self.kind)
        what = self.type.provides if self.measure == Measure.PROVIDED else self.measure.label
        return f"{self.type.title}{f', {kind}' if kind else ''}: {what}"


class TypesError(Exception):
    """A file that is not used, with every reason why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@cache
def catalogue() -> Catalogue:
    """The types that come with the project. Raises TypesError."""
    return read_catalogue((PACKAGED / "indonesia.yaml").read_text(encoding="utf-8"))


def key_of(text: str) -> Key | None:
    """What a key counts; None where nothing is counted under it."""
    sort, _slash, rest = text.partition("/")
    measure, slash, gives = rest.partition("/")
    code, _dot, kind = sort.partition(".")
    found = catalogue().types.get(code)
    if found is None or measure not in Measure.values or (slash and gives != AnswerKind.COUNT):
        return None
    if kind and not found.kind_title(kind):
        return None
    key = Key(found, kind, Measure(measure), AnswerKind(gives or AnswerKind.SHARE))
    return key if _is_counted(key, catalogue()) else None


def every_key() -> Iterator[str]:
    """What could be a key of some type, one of its kinds and a measure; `key_of` knows which is."""
    for one in catalogue().types.values():
        for sort in (one.code, *(f"{one.code}.{kind.code}" for kind in one.kinds)):
            for measure in Measure.values:
                yield from (f"{sort}/{measure}", f"{sort}/{measure}/{AnswerKind.COUNT.value}")


def _is_counted(key: Key, known: Catalogue) -> bool:
    """Whether a facility of the type can meet it at all."""
    if key.measure in NUMBERS and key.gives != AnswerKind.COUNT:
        return False
    if key.measure == Measure.PROVIDED:
        return bool(key.type.provides)
    if key.measure == Measure.ASSESSED:
        return bool(key.type.checklists_of(key.kind))
    if key.measure in (Measure.TRAINED, Measure.USERS):
        return key.measure.value in key.type.records
    kinds = [scheme.kind.value for scheme in known.schemes_of(key.type)]
    return key.measure == Measure.RECORDED or key.measure.value in kinds


# --- Reading ----------------------------------------------------------------------------------


def read_catalogue(text: str) -> Catalogue:
    """The catalogue in the YAML `text`; raises TypesError with every fault."""
    try:
        document, faults = read_plain(text)
    except UnreadableError as error:
        raise TypesError([error.fault]) from error
    check = Check(faults)
    top = check.mapping(document, "", required="schema schemes types")
    if "schema" in top and top["schema"] != SCHEMA:
        check.fault("schema", _("Hanya skema %(schema)d yang dikenal."), schema=SCHEMA)
    schemes = {one.code: one for one in _schemes(check, top)}
    types = {one.code: one for one in _types(check, top, schemes)}
    if check.faults:
        raise TypesError(check.faults)
    return Catalogue(schemes, types)


def _schemes(check: Check, top: dict[str, object]) -> Iterator[Scheme]:
    seen: dict[str, str] = {}
    optional = "levels valid_years monitoring_months note"
    for path, item in check.items(top, "schemes", ""):
        row = check.mapping(item, path, required=f"code title kind {SOURCED}", optional=optional)
        code = check.code(row, path, pattern=SLUG)
        check.once(seen, code, path)
        kind = check.choice(row, "kind", path, among=CredentialKind.values)
        yield Scheme(
            code=code,
            title=check.text(row, "title", path),
            kind=CredentialKind(kind) if kind in CredentialKind.values else CredentialKind.STANDARD,
            levels=_texts(check, row, "levels", path),
            valid_years=_whole(check, row, "valid_years", path),
            monitoring_months=_whole(check, row, "monitoring_months", path),
            known=_sourced(check, row, path),
        )


def _types(
    check: Check, top: dict[str, object], schemes: Mapping[str, Scheme]
) -> Iterator[FacilityType]:
    seen: dict[str, str] = {}
    for path, item in check.items(top, "types", ""):
        row = check.mapping(
            item,
            path,
            required=f"code title noun schemes records {SOURCED}",
            optional="provides kinds checklists note",
        )
        code = check.code(row, path, pattern=SLUG)
        check.once(seen, code, path)
        kinds = tuple(_kinds(check, row, path))
        yield FacilityType(
            code=code,
            title=check.text(row, "title", path),
            noun=check.text(row, "noun", path),
            provides=check.text(row, "provides", path),
            kinds=kinds,
            schemes=_texts(check, row, "schemes", path, among=schemes),
            records=_texts(check, row, "records", path, among=RECORDS),
            checklists=tuple(_checklists(check, row, path, [kind.code for kind in kinds])),
            known=_sourced(check, row, path),
        )


def _kinds(check: Check, top: dict[str, object], above: str) -> Iterator[Kind]:
    seen: dict[str, str] = {}
    for path, item in check.items(top, "kinds", above):
        row = check.mapping(item, path, required="code title")
        code = check.code(row, path, pattern=SLUG)
        check.once(seen, code, path)
        yield Kind(code, check.text(row, "title", path))


def _checklists(
    check: Check, top: dict[str, object], above: str, kinds: list[str]
) -> Iterator[Checklist]:
    seen: dict[str, str] = {}
    optional = "kinds items components weights maximum required_items total_items note"
    for path, item in check.items(top, "checklists", above):
        row = check.mapping(item, path, required=f"code title version {SOURCED}", optional=optional)
        code = check.code(row, path, pattern=SLUG)
        check.once(seen, code, path)
        found = Checklist(
            code=code,
            title=check.text(row, "title", path),
            version=check.text(row, "version", path),
            kinds=_texts(check, row, "kinds", path, among=kinds),
            items=tuple(_items(check, row, path)),
            components=_texts(check, row, "components", path),
            weights=tuple(_weights(check, row, path)),
            maximum=check.number(row, "maximum", path),
            required_items=_whole(check, row, "required_items", path),
            total_items=_whole(check, row, "total_items", path),
            known=_sourced(check, row, path),
        )
        for message in _checklist_faults(found):
            check.fault(path, message)
        yield found


def _items(check: Check, top: dict[str, object], above: str) -> Iterator[Item]:
    seen: dict[str, str] = {}
    for path, item in check.items(top, "items", above):
        row = check.mapping(item, path, required="code text", optional="required points")
        code = check.code(row, path)
        check.once(seen, code, path)
        required = row.get("required", False)
        if not isinstance(required, bool):
            check.fault(path, _("required harus true atau false."))
        text = check.text(row, "text", path)
        yield Item(code, text, required is True, check.number(row, "points", path))


def _weights(check: Check, top: dict[str, object], above: str) -> Iterator[int]:
    for path, item in check.items(top, "weights", above):
        if isinstance(item, Decimal) and item == item.to_integral_value():
            yield int(item)
        else:
            check.fault(path, _("Harus bilangan bulat."))


def _checklist_faults(one: Checklist) -> Iterator[str]:
    """What would count wrongly: sums that don't match, points of only some items."""
    if one.weights and sum(one.weights) != WHOLE:
        yield _("Jumlah bobot harus 100 persen.")
    if one.weights and len(one.weights) != len(one.components):
        yield _("Bobot harus sebanyak komponennya.")
    points = [item.points for item in one.items if item.points is not None]
    if points and len(points) < len(one.items):
        yield _("Poin harus ada pada semua butir, atau tidak pada satu pun.")
    if points and one.maximum is not None and sum(points) != one.maximum:
        yield _("Jumlah poin butir tidak sama dengan nilai tertinggi.")
    required = sum(item.required for item in one.items)
    if one.items and one.required_items not in (None, required):
        yield _("Jumlah butir wajib tidak sama dengan required_items.")
    if not one.items and not one.components:
        yield _("Daftar periksa memerlukan butir atau komponen.")


def _texts(
    check: Check,
    row: dict[str, object],
    key: str,
    above: str,
    *,
    among: Mapping[str, object] | list[str] | tuple[str, ...] | None = None,
) -> tuple[str, ...]:
    found = [
        (path, check.sentence(item, path))
        for path, item in check.items(row, key, above, may_be_empty=True)
    ]
    for path, text in found:
        if text and among is not None and text not in among:
            check.unknown(path, text)
    return tuple(text for _path, text in found)


def _whole(check: Check, row: dict[str, object], key: str, path: str) -> int | None:
    number = check.number(row, key, path)
    if number is not None and number != number.to_integral_value():
        check.fault(path, _("Harus bilangan bulat."))
    return None if number is None else int(number)


def _sourced(check: Check, row: dict[str, object], path: str) -> Sourced:
    return Sourced(
        source=check.text(row, "source", path),
        certainty=check.choice(row, "certainty", path, among=CERTAINTIES),
        note=check.text(row, "note", path, longest=LONGEST_NOTE),
    )
