"""Files with tables of bands of other sources, as text that can be reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from django.utils.translation import gettext as _

from clusters.checking import SLUG, Check
from clusters.library import MAX_TEXT, InstrumentError
from clusters.plain_yaml import UnreadableError, read_plain
from clusters.spec import MAX_CODE, BandSpec

SCHEMA = 1
PACKAGED = resources.files("clusters") / "bands"


@dataclass(frozen=True, slots=True)
class BandTableSpec:
    """The bands of one source; `version` distinguishes editions of it."""

    code: str
    title: str
    version: str
    source: str
    bands: tuple[BandSpec, ...]


def packaged_tables() -> list[BandTableSpec]:
    """The tables that come with the project."""
    files = sorted(PACKAGED.iterdir(), key=lambda entry: entry.name)
    return [
        read_table(entry.read_text(encoding="utf-8"))
        for entry in files
        if entry.name.endswith(".yaml")
    ]


def read_table(text: str) -> BandTableSpec:
    """The table in the YAML `text`; raises InstrumentError with every fault."""
    try:
        document, faults = read_plain(text)
    except UnreadableError as error:
        raise InstrumentError([error.fault]) from error
    check = Check(faults)
    top = check.mapping(document, "", required="schema table")
    if "schema" in top and top["schema"] != SCHEMA:
        check.fault("schema", _("Hanya skema %(schema)d yang dikenal."), schema=SCHEMA)
    entry = check.mapping(top.get("table", {}), "table", required="code title version source bands")
    spec = BandTableSpec(
        code=check.code(entry, "table", pattern=SLUG),
        title=check.text(entry, "title", "table"),
        version=check.text(entry, "version", "table", longest=MAX_CODE),
        source=check.text(entry, "source", "table", longest=MAX_TEXT),
        bands=tuple(_bands(check, entry)),
    )
    if check.faults:
        raise InstrumentError(check.faults)
    return spec


def _bands(check: Check, entry: dict[str, object]) -> Iterator[BandSpec]:
    for path, item in check.items(entry, "bands", "table"):
        row = check.mapping(item, path, required="predikat min max")
        predikat = check.text(row, "predikat", path)
        minimum, maximum = check.number(row, "min", path), check.number(row, "max", path)
        if minimum is not None and maximum is not None:
            yield BandSpec(predikat, minimum, maximum)
