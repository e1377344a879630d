"""The sheet of numbers of children: its columns, and reading the rows of one. Knows no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from childdata.catalogue import Variable, catalogue
from childdata.choices import Sex
from childdata.tables import Cell, Line, lines_of, sexes_of
from texts.identities import require_no_nik
from texts.languages import in_indonesian
from workbooks.faults import SheetFault, shown
from workbooks.reading import Cell as Given
from workbooks.reading import Twofold, Uncomputed, plain
from workbooks.tables import Columns, Row, TableColumn, read_table

# By field of a row: the title of its column, and how long its text may be.
TITLES: dict[str, tuple[str, int]] = {
    "variable": ("variabel", 150),
    "year": ("tahun", 4),
    "unit": ("kode wilayah", 13),
    "line": ("rincian", 60),
    "male": ("laki-laki", 8),
    "female": ("perempuan", 8),
    "all": ("jumlah", 8),
    "source": ("sumber", 200),
    "note": ("catatan", 500),
}
NEEDED = ("variable", "year", "line")
COLUMNS = Columns(
    tuple(TableColumn((title,), name in NEEDED) for name, (title, _most) in TITLES.items())
)
SEX_OF = {"male": Sex.MALE.value, "female": Sex.FEMALE.value, "all": ""}


@dataclass(slots=True)
class SheetTable:
    """What a sheet says of a variable at a place in a year; without a unit, of the city itself."""

    row: int  # of its first line in the sheet
    variable: str
    year: int
    unit: str = ""
    counts: dict[Cell, int] = field(default_factory=dict)
    source: str = ""
    note: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "row": self.row, "variable": self.variable, "year": self.year, "unit": self.unit,
            "source": self.source, "note": self.note,
            "counts": [
                [cell.sex, cell.age, cell.disability, count] for cell, count in self.counts.items()
            ],
        }  # fmt: skip


def table_from(data: Mapping[str, object]) -> SheetTable:
    """What `as_json` wrote."""
    told = dict(data)
    counts = {Cell(sex, age, disability): count for sex, age, disability, count in told["counts"]}  # type: ignore[attr-defined]
    return SheetTable(**(told | {"counts": counts}))  # type: ignore[arg-type]


def header() -> list[str]:
    return [title for title, _most in TITLES.values()]


def lines_out(
    variable: Variable, year: int, unit: str, counts: Mapping[Cell, int], source: str, note: str
) -> Iterator[list[str | int]]:
    """The rows of a table as they go out: a row for each line, empty where nothing is known."""
    for line in lines_of(variable):
        told = dict(zip(line.sexes, (counts.get(cell, "") for cell in line.cells), strict=True))
        numbers = [told.get(sex, "") for sex in SEX_OF.values()]
        yield [variable.title, year, unit, line.label, *numbers, source, note]


@in_indonesian
def read_tables(content: bytes, name: str) -> tuple[list[SheetTable], list[str]]:
    """The tables that can be used, and a sentence for each fault. Raises UnreadableError.

    A row with a fault takes its whole table with it: half of one would be another number. Rows
    without a number say nothing.
    """
    table = read_table(content, name, columns=COLUMNS)
    faults: list[SheetFault] = [*table.faults]
    tables: dict[tuple[str, int, str], SheetTable] = {}
    spoilt: set[tuple[str, int, str]] = set()
    for row in table.rows:
        said = dict(zip(TITLES, row.cells, strict=True))
        texts = {name: _text(cell) for name, cell in said.items()}
        if not any(texts[name] for name in SEX_OF):
            continue
        place = (texts["variable"].casefold(), _number(texts["year"]) or 0, texts["unit"])
        found = list(_faults_of(row, said, texts, tables.get(place)))
        faults += found
        if found:
            spoilt.add(place)
        else:
            _add(tables, place, row, texts)
    return [one for place, one in tables.items() if place not in spoilt], [*map(str, faults)]


def _add(
    tables: dict[tuple[str, int, str], SheetTable],
    place: tuple[str, int, str],
    row: Row,
    texts: Mapping[str, str],
) -> None:
    variable = _variable(texts["variable"])
    line = _line(variable, texts["line"]) if variable else None
    if variable is None or line is None:
        return
    one = tables.setdefault(place, SheetTable(row.line, variable.code, place[1], place[2]))
    one.source, one.note = one.source or texts["source"], one.note or texts["note"]
    for name, sex in SEX_OF.items():
        count = _number(texts[name])
        if count is not None:
            one.counts[Cell(sex, line.age, line.disability)] = count


def _faults_of(
    row: Row, said: Mapping[str, Given], texts: Mapping[str, str], before: SheetTable | None
) -> Iterator[SheetFault]:
    for name, message in _messages(said, texts, before):
        yield row.fault(list(TITLES).index(name), message)


def _messages(
    said: Mapping[str, Given], texts: Mapping[str, str], before: SheetTable | None
) -> Iterator[tuple[str, str]]:
    for name, cell in said.items():
        yield from ((name, message) for message in _cell_messages(name, cell, texts[name]))
    if _number(texts["year"]) is None:
        yield "year", _("Tahun kosong.")
    variable = _variable(texts["variable"])
    if variable is None:
        name = shown(texts["variable"])
        yield "variable", _("Variabel %(name)s tidak dikenal.") % {"name": name}
        return
    line = _line(variable, texts["line"])
    if line is None:
        labels = "; ".join(one.label for one in lines_of(variable))
        yield "line", _("Rincian tidak dikenal; pilih: %(labels)s.") % {"labels": labels}
        return
    for name, sex in SEX_OF.items():
        if not texts[name]:
            continue
        if sex not in sexes_of(variable):
            yield (
                name,
                _("Kolom ini tidak dipakai untuk variabel %(name)s.") % {"name": variable.title},
            )
        elif before and Cell(sex, line.age, line.disability) in before.counts:
            yield name, _("Rincian ini tertulis lebih dari sekali.")


def _cell_messages(name: str, cell: Given, text: str) -> Iterator[str]:
    if isinstance(cell, Twofold):
        yield cell.fault
    elif isinstance(cell, Uncomputed):
        yield _("Rumus belum dihitung; tulis isinya.")
    elif len(text) > TITLES[name][1]:
        yield _("Paling panjang %(most)d karakter.") % {"most": TITLES[name][1]}
    elif name in {"year", *SEX_OF} and text and _number(text) is None:
        yield _("Isi dengan bilangan bulat tanpa titik, misalnya 1250.")
    try:
        require_no_nik(text)
    except ValidationError as error:
        yield error.messages[0]


def _variable(text: str) -> Variable | None:
    wanted = text.casefold()
    found: Iterable[Variable] = catalogue().variables.values()
    return next((one for one in found if wanted in (one.code, one.title.casefold())), None)


def _line(variable: Variable, text: str) -> Line | None:
    wanted = text.casefold()
    return next((one for one in lines_of(variable) if one.label.casefold() == wanted), None)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


def _text(cell: Given) -> str:
    if isinstance(cell, Decimal):
        return plain(cell)
    return "" if cell is None else " ".join(str(cell).split())
