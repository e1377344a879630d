"""The sheet of facilities: its columns, and reading the rows of one. Knows no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from facilities.types import Catalogue, FacilityType, catalogue
from texts.days import day_from
from texts.languages import in_indonesian
from workbooks.faults import SheetFault, shown
from workbooks.reading import Cell, Twofold, Uncomputed, plain
from workbooks.tables import Columns, Row, TableColumn, read_table

YES, NO = "ya", "tidak"
# By field of a row: the title of its column, and how long its text may be.
TITLES: dict[str, tuple[str, int]] = {
    "sort": ("jenis", 150),
    "code": ("kode", 30),
    "name": ("nama", 150),
    "unit": ("kode wilayah", 13),
    "opd": ("opd", 150),
    "address": ("alamat", 200),
    "contact": ("kontak", 100),
    "provides": ("tersedia", 5),
    "staff": ("petugas", 9),
    "trained": ("terlatih", 9),
    "active_from": ("ada sejak", 10),
    "active_to": ("ada sampai", 10),
    "scheme": ("skema", 150),
    "level": ("tingkat", 50),
    "number": ("nomor surat", 100),
    "issued_on": ("terbit", 10),
    "expires_on": ("berlaku sampai", 10),
}
NEEDED = ("sort", "name")
COLUMNS = Columns(
    tuple(TableColumn((title,), name in NEEDED) for name, (title, _most) in TITLES.items())
)
DAYS = ("active_from", "active_to", "issued_on", "expires_on")
NUMBERS = ("staff", "trained")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A facility, and one paper of it, as a sheet says; empty is what it does not say.

    `sort` is type.kind, days are as in ISO 8601, `scheme` and `unit` are codes.
    """

    line: int
    sort: str = ""
    code: str = ""
    name: str = ""
    unit: str = ""
    opd: str = ""
    address: str = ""
    contact: str = ""
    provides: str = ""
    staff: str = ""
    trained: str = ""
    active_from: str = ""
    active_to: str = ""
    scheme: str = ""
    level: str = ""
    number: str = ""
    issued_on: str = ""
    expires_on: str = ""

    @property
    def type(self) -> str:
        return self.sort.partition(".")[0]

    @property
    def kind(self) -> str:
        return self.sort.partition(".")[2]


def sorts() -> dict[str, str]:
    """What a facility can be: type.kind, or the type alone where it has no kinds, and its name."""
    found = {}
    for one in catalogue().types.values():
        for kind in one.kinds:
            found[f"{one.code}.{kind.code}"] = f"{one.title}, {kind.title}"
        if not one.kinds:
            found[one.code] = one.title
    return found


@in_indonesian
def read_rows(content: bytes, name: str) -> tuple[list[SheetRow], list[str]]:
    """The rows that can be used, and a sentence for each fault. Raises UnreadableError."""
    table = read_table(content, name, columns=COLUMNS)
    faults: list[SheetFault] = [*table.faults]
    rows = []
    for row in table.rows:
        said = dict(zip(TITLES, row.cells, strict=True))
        if not any(said.values()):
            continue
        found = [*_faults_of(row, said)]
        faults += found
        if not found:
            rows.append(_row_of(row.line, said))
    return rows, [str(fault) for fault in faults]


def _row_of(line: int, said: dict[str, Cell]) -> SheetRow:
    texts = {name: _text(cell) for name, cell in said.items()}
    texts["sort"] = _sort(texts["sort"]) or ""
    for name in DAYS:
        texts[name] = _day(said[name]) or ""
    texts["provides"] = texts["provides"].casefold()
    found = catalogue().types[texts["sort"].partition(".")[0]]
    texts["scheme"] = _scheme(texts["scheme"], found, catalogue()) or ""
    return SheetRow(line=line, **texts)


def _faults_of(row: Row, said: dict[str, Cell]) -> Iterator[SheetFault]:
    """What keeps a row from being used, each with its cell."""
    for name, message in _messages(said):
        yield row.fault(list(TITLES).index(name), message)


def _messages(said: dict[str, Cell]) -> Iterator[tuple[str, str]]:
    texts = {name: _text(cell) for name, cell in said.items()}
    for name, cell in said.items():
        if isinstance(cell, Twofold):
            yield name, cell.fault
        elif isinstance(cell, Uncomputed):
            yield name, _("Rumus belum dihitung; tulis isinya.")
        elif len(texts[name]) > TITLES[name][1] and name not in DAYS:
            yield name, _("Paling panjang %(most)d karakter.") % {"most": TITLES[name][1]}
        elif name in DAYS and cell is not None and texts[name] and _day(cell) is None:
            yield name, _("Tulis tanggal sebagai hari-bulan-tahun, misalnya 21-11-2026.")
        elif name in NUMBERS and texts[name] and not texts[name].isdecimal():
            yield name, _("Isi dengan bilangan bulat.")
    if not texts["name"]:
        yield "name", _("Nama kosong; isi nama fasilitasnya.")
    if texts["provides"].casefold() not in ("", YES, NO):
        yield "provides", _("Isi ya atau tidak, atau kosongkan.")
    sort = _sort(texts["sort"])
    if sort is None:
        yield (
            "sort",
            _("Jenis %(sort)s tidak dikenal; pilih dari lembar Pilihan.")
            % {"sort": shown(texts["sort"])},
        )
        return
    yield from _paper_messages(texts, said, sort)


def _paper_messages(
    texts: dict[str, str], said: dict[str, Cell], sort: str
) -> Iterator[tuple[str, str]]:
    """A paper has a scheme of the type, a number and the day of its issue; or there is none."""
    if not any(texts[name] for name in ("scheme", "level", "number", "issued_on", "expires_on")):
        return
    found = catalogue().types[sort.partition(".")[0]]
    if _scheme(texts["scheme"], found, catalogue()) is None:
        yield (
            "scheme",
            _("Skema %(scheme)s bukan untuk jenis ini; pilih dari lembar Pilihan.")
            % {"scheme": shown(texts["scheme"])},
        )
    if not texts["number"]:
        yield "number", _("Nomor surat kosong.")
    if _day(said["issued_on"]) is None:
        yield "issued_on", _("Tanggal terbit kosong.")


def _sort(text: str) -> str | None:
    wanted = text.casefold()
    return next(
        (sort for sort, title in sorts().items() if wanted in (sort, title.casefold())), None
    )


def _scheme(text: str, found: FacilityType, known: Catalogue) -> str | None:
    wanted = text.casefold()
    return next(
        (one.code for one in known.schemes_of(found) if wanted in (one.code, one.title.casefold())),
        None,
    )


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return plain(cell)
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return "" if cell is None else " ".join(str(cell).split())


def _day(cell: Cell) -> str | None:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    day = day_from(cell) if isinstance(cell, str) else None
    return day.isoformat() if day else None


def row_from(data: dict[str, object]) -> SheetRow:
    """A row that was kept as JSON."""
    known = {field.name for field in fields(SheetRow)}
    return SheetRow(**{name: value for name, value in data.items() if name in known})  # type: ignore[arg-type]
