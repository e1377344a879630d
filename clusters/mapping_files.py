"""Mapping files: how two instruments relate, as text that can be reviewed before it counts.

Each entry is one group: `same`, `reworded`, `split` and `merged` name the questions of both
sides; `new` and `gone` at the end list the rest, so that a file which forgets a question is
refused and named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from django.utils.translation import gettext as _

from clusters.checking import Check
from clusters.choices import MatchKind
from clusters.plain_yaml import NUMBER, WORDS, Fault, UnreadableError, read_plain
from clusters.spec import MAX_CODE, InstrumentSpec

SCHEMA = 1
PACKAGED = resources.files("clusters") / "matches"
PAIRED = [MatchKind.SAME, MatchKind.REWORDED, MatchKind.SPLIT, MatchKind.MERGED]


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """Questions that belong together, by their codes."""

    kind: MatchKind
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MappingSpec:
    before: str
    after: str
    groups: tuple[GroupSpec, ...]


class MappingError(Exception):
    """A mapping file that is not loaded, with every reason why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = list(faults)


def packaged() -> list[MappingSpec]:
    """The mappings that come with the project."""
    files = sorted(
        (entry for entry in PACKAGED.iterdir() if entry.name.endswith(".yaml")),
        key=lambda entry: entry.name,
    )
    return [read(entry.read_text(encoding="utf-8")) for entry in files]


def read(text: str) -> MappingSpec:
    """The mapping in the YAML `text`; raises MappingError with every fault."""
    try:
        document, faults = read_plain(text)
    except UnreadableError as error:
        raise MappingError([error.fault]) from error
    check = Check(faults)
    top = check.mapping(document, "", required="schema mapping groups new gone")
    if "schema" in top and top["schema"] != SCHEMA:
        check.fault("schema", _("Hanya skema %(schema)d yang dikenal."), schema=SCHEMA)
    head = check.mapping(top.get("mapping", {}), "mapping", required="before after")
    spec = MappingSpec(
        before=check.text(head, "before", "mapping", longest=MAX_CODE),
        after=check.text(head, "after", "mapping", longest=MAX_CODE),
        groups=(
            *_groups(check, top),
            *(GroupSpec(MatchKind.NEW, (), (code,)) for code in _codes(check, top, "new", "")),
            *(GroupSpec(MatchKind.GONE, (code,), ()) for code in _codes(check, top, "gone", "")),
        ),
    )
    if check.faults:
        raise MappingError(check.faults)
    return spec


def write(spec: MappingSpec) -> str:
    """The mapping as the text from which `read` makes the same again."""
    lines = [
        f"schema: {SCHEMA}\n",
        f"mapping:\n  before: {_text(spec.before)}\n  after: {_text(spec.after)}\n",
        "groups:" if any(group.kind in PAIRED for group in spec.groups) else "groups: []",
    ]
    lines += [
        f"  - {{kind: {group.kind.value}, before: {_flow(group.before)}, after: {_flow(group.after)}}}"
        for group in spec.groups
        if group.kind in PAIRED
    ]
    for kind in (MatchKind.NEW, MatchKind.GONE):
        codes = [
            *(code for group in spec.groups if group.kind == kind for code in group.before),
            *(code for group in spec.groups if group.kind == kind for code in group.after),
        ]
        lines.append(f"\n{kind.value}:" if codes else f"\n{kind.value}: []")
        lines += [f'  - "{code}"' for code in codes]
    return "\n".join(lines) + "\n"


def uncovered(spec: MappingSpec, before: InstrumentSpec, after: InstrumentSpec) -> list[Fault]:
    """What keeps a file from naming every question of both instruments exactly once."""
    return [
        *_side_faults(
            [code for group in spec.groups for code in group.before],
            [row.code for row in before.questions()],
            before.code,
        ),
        *_side_faults(
            [code for group in spec.groups for code in group.after],
            [row.code for row in after.questions()],
            after.code,
        ),
    ]


def _side_faults(named: Sequence[str], asked: Sequence[str], path: str) -> Iterator[Fault]:
    times = Counter(named)
    for code in asked:
        if code not in times:
            yield Fault(path, _("Pertanyaan %(code)s tidak disebut.") % {"code": code})
    for code, count in times.items():
        if count > 1:
            message = _("Pertanyaan %(code)s disebut %(count)d kali.")
            yield Fault(path, message % {"code": code, "count": count})
        if code not in asked:
            yield Fault(path, _("Tidak ada pertanyaan %(code)s.") % {"code": code})


def _groups(check: Check, top: dict[str, object]) -> Iterator[GroupSpec]:
    for path, item in check.items(top, "groups", "", may_be_empty=True):
        entry = check.mapping(item, path, required="kind before after")
        kind = check.choice(entry, "kind", path, among=[kind.value for kind in PAIRED])
        before = tuple(_codes(check, entry, "before", path))
        after = tuple(_codes(check, entry, "after", path))
        if kind in PAIRED:
            if not MatchKind(kind).fits(len(before), len(after)):
                check.fault(path, _("Jumlah pertanyaan tidak cocok dengan hubungannya."))
            yield GroupSpec(MatchKind(kind), before, after)


def _codes(check: Check, mapping: dict[str, object], key: str, path: str) -> list[str]:
    items = check.items(mapping, key, path, may_be_empty=True)
    return [check.sentence(item, item_place, longest=MAX_CODE) for item_place, item in items]


def _text(code: str) -> str:
    """The code as YAML that is read as a text: an instrument may be called 2020 or null."""
    return f'"{code}"' if NUMBER.fullmatch(code) or code in WORDS else code


def _flow(codes: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{code}"' for code in codes) + "]"
