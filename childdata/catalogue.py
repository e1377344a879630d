"""Variables about children as Satu Data describes them: a file, and its faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.utils.translation import gettext as _

from clusters.checking import SLUG, Check
from clusters.plain_yaml import Fault, UnreadableError, read_plain

SCHEMA = 1
PACKAGED = resources.files("childdata") / "variables"
CERTAINTIES = ("2+", "1", "inf", "open")
BREAKDOWNS = ("sex", "age", "disability", "unit")
CLUSTERS = ("I", "II", "III", "IV", "V")
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Variable:
    """What is counted. `within` is the variable that it is part of: its rate's denominator."""

    code: str
    title: str
    concept: str
    definition: str
    formula: str
    unit: str
    cluster: str
    producer: str  # as people call the OPD; which one of the city it is, the city says
    period: str
    breakdowns: tuple[str, ...]
    ages: str  # code of the bands; empty where it has none
    within: str
    questions: tuple[str, ...]
    certainty: str
    note: str


@dataclass(frozen=True, slots=True)
class AgeBands:
    code: str
    bands: tuple[str, ...]
    certainty: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    ages: Mapping[str, AgeBands]
    variables: Mapping[str, Variable]

    def of_cluster(self, cluster: str) -> list[Variable]:
        return [one for one in self.variables.values() if one.cluster == cluster]

    def bands_of(self, variable: Variable) -> tuple[str, ...]:
        return self.ages[variable.ages].bands if variable.ages else ()


class CatalogueError(Exception):
    """A file that is not used, with every reason why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@cache
def catalogue() -> Catalogue:
    """The variables that come with the project. Raises CatalogueError."""
    return read_catalogue((PACKAGED / "indonesia.yaml").read_text(encoding="utf-8"))


def read_catalogue(text: str) -> Catalogue:
    """The catalogue in the YAML `text`; raises CatalogueError with every fault."""
    try:
        document, faults = read_plain(text)
    except UnreadableError as error:
        raise CatalogueError([error.fault]) from error
    check = Check(faults)
    top = check.mapping(document, "", required="schema ages variables")
    if "schema" in top and top["schema"] != SCHEMA:
        check.fault("schema", _("Hanya skema %(schema)d yang dikenal."), schema=SCHEMA)
    ages = {one.code: one for one in _ages(check, top)}
    read = list(_variables(check, top, ages))
    variables = {one.code: one for _path, one in read}
    for path, one in read:
        _check_whole(check, path, one, variables)
    if check.faults:
        raise CatalogueError(check.faults)
    return Catalogue(ages, variables)


def _ages(check: Check, top: dict[str, object]) -> Iterator[AgeBands]:
    seen: dict[str, str] = {}
    for path, item in check.items(top, "ages", ""):
        row = check.mapping(item, path, required="code bands certainty")
        code = check.code(row, path, pattern=SLUG)
        check.once(seen, code, path)
        bands = _texts(check, row, "bands", path)
        if len(set(bands)) != len(bands):
            check.fault(path, _("Kelompok umur tertulis lebih dari sekali."))
        yield AgeBands(code, bands, check.choice(row, "certainty", path, among=CERTAINTIES))


def _variables(
    check: Check, top: dict[str, object], ages: Mapping[str, AgeBands]
) -> Iterator[tuple[str, Variable]]:
    seen: dict[str, str] = {}
    for path, item in check.items(top, "variables", ""):
        row = check.mapping(
            item,
            path,
            required="code title concept definition unit cluster producer period breakdowns certainty",
            optional="formula ages within questions note",
        )
        code = check.code(row, path, pattern=SLUG)
        check.once(seen, code, path)
        found = Variable(
            code=code,
            title=check.text(row, "title", path),
            concept=check.text(row, "concept", path, longest=LONGEST),
            definition=check.text(row, "definition", path, longest=LONGEST),
            formula=check.text(row, "formula", path, longest=LONGEST),
            unit=check.text(row, "unit", path),
            cluster=check.choice(row, "cluster", path, among=CLUSTERS),
            producer=check.text(row, "producer", path),
            period=check.text(row, "period", path),
            breakdowns=_texts(check, row, "breakdowns", path, among=BREAKDOWNS),
            ages=check.text(row, "ages", path),
            within=check.text(row, "within", path),
            questions=_texts(check, row, "questions", path),
            certainty=check.choice(row, "certainty", path, among=CERTAINTIES),
            note=check.text(row, "note", path, longest=LONGEST),
        )
        if found.ages and found.ages not in ages:
            check.unknown(path, found.ages)
        if bool(found.ages) != ("age" in found.breakdowns):
            check.fault(path, _("ages dan rincian age harus ada keduanya, atau tidak sama sekali."))
        yield path, found


def _check_whole(check: Check, path: str, one: Variable, known: Mapping[str, Variable]) -> None:
    """What would give a rate that means nothing: an unknown whole, itself, or no formula beside."""
    if one.within and one.within not in known:
        check.unknown(path, one.within)
    if one.within == one.code:
        check.fault(path, _("Variabel tidak dapat menjadi bagian dari dirinya sendiri."))
    if bool(one.within) != bool(one.formula):
        check.fault(path, _("within dan formula harus ada keduanya, atau tidak sama sekali."))


def _texts(
    check: Check, row: dict[str, object], key: str, above: str, *, among: tuple[str, ...] = ()
) -> tuple[str, ...]:
    found = [
        (path, check.sentence(item, path))
        for path, item in check.items(row, key, above, may_be_empty=True)
    ]
    for path, text in found:
        if text and among and text not in among:
            check.unknown(path, text)
    return tuple(text for _path, text in found)
