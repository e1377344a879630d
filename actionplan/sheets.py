"""Tables of actions, realisations and codes, read into plain text by field. Knows no database.

Every value is kept as one spelling of it ("1250000000", "12.5", "DINKES"), so that what a sheet says
and what is stored are compared as text. An empty cell says nothing: what is stored stays.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from actionplan.choices import Direction, FundSource, Reach
from actionplan.codes import read_nomenclature_code, read_previous
from actionplan.money import read_rupiah
from actionplan.quarters import QUARTERS
from texts.folding import folded
from workbooks.codes import CellError, codes_by_number, read_code
from workbooks.faults import SheetFault, shown
from workbooks.reading import Cell, Twofold, is_empty, plain
from workbooks.tables import Columns, Row, TableColumn, read_table

SEVERAL = re.compile(r"[;,\n]")
JOINT = "; "
NUMBER = re.compile(r"-?[0-9]+(?:,[0-9]+)?")
LONGEST_FIGURE = Decimal(10) ** 12  # what the database keeps of targets and baselines
SMALLEST_STEP = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What cells may name: indicators, questions with their indicators, OPDs by code or name."""

    indicators: Sequence[str] = ()
    questions: Mapping[str, str] = field(default_factory=dict)
    opds: Mapping[str, str] = field(default_factory=dict)  # folded code or name: code


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of a table: what it is about (`key`) and what it says, field by field."""

    line: int
    sheet: str
    key: tuple[str, ...]
    values: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        return {
            "line": self.line,
            "sheet": self.sheet,
            "key": list(self.key),
            "values": dict(self.values),
        }

    @classmethod
    def of_json(cls, data: Mapping[str, object]) -> SheetRow:
        return cls(data["line"], data["sheet"], tuple(data["key"]), data["values"])  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Reading:
    rows: list[SheetRow] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


Reader = Callable[[Cell, Vocabulary], str]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column by its field and its title; `also` are other titles that people give it."""

    field: str
    title: str
    read: Reader
    also: tuple[str, ...] = ()
    is_needed: bool = False


def fingerprint(rows: Iterable[object]) -> str:
    """SHA-256 of what somebody was shown, in hexadecimal."""
    return hashlib.sha256(json.dumps(list(rows), default=str).encode()).hexdigest()


def joined(values: Iterable[str]) -> str:
    """Several codes as one text: each once, in order."""
    return JOINT.join(sorted(set(values)))


# --- Cells ------------------------------------------------------------------------------------


def _text(cell: Cell, _known: Vocabulary) -> str:
    if is_empty(cell):
        return ""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, Decimal):
        return plain(cell)
    raise CellError(_("Isi sel tidak terbaca. Tulis sebagai teks."))


def read_figure(cell: Cell) -> str:
    """A number of at most three decimals: 12,5 and 12.5 as a cell; empty of nothing.

    Text with a point (“1.250”) has two readings and is refused. Raises CellError.
    """
    if is_empty(cell):
        return ""
    if isinstance(cell, Twofold):
        raise CellError(cell.fault)
    number = cell if isinstance(cell, Decimal) else None
    if isinstance(cell, str) and NUMBER.fullmatch(cell.strip()):
        number = Decimal(cell.strip().replace(",", "."))
    if number is None:
        raise CellError(
            _("%(text)s bukan angka. Tulis seperti 12,5, tanpa titik.") % {"text": shown(str(cell))}
        )
    try:
        fits = abs(number) < LONGEST_FIGURE and number == number.quantize(SMALLEST_STEP)
    except InvalidOperation:
        fits = False
    if not fits:
        raise CellError(_("Angka paling banyak dua belas digit dengan tiga desimal."))
    return figure(number)


def figure(number: Decimal | None) -> str:
    """A stored number in the spelling of `read_figure`."""
    return "" if number is None else plain(number)


def _figure(cell: Cell, _known: Vocabulary) -> str:
    return read_figure(cell)


def _percent(cell: Cell, _known: Vocabulary) -> str:
    text = read_figure(cell)
    if text and not (0 <= Decimal(text) <= 100 and Decimal(text) == round(Decimal(text), 2)):
        raise CellError(_("Isi 0 sampai 100, dengan paling banyak dua desimal."))
    return text


def _rupiah(cell: Cell, _known: Vocabulary) -> str:
    amount = read_rupiah(cell)
    return "" if amount is None else str(amount)


def _whole(cell: Cell, _known: Vocabulary) -> str:
    text = read_figure(cell)
    if text and not (text.isdecimal() and 0 < int(text) < 100_000):
        raise CellError(_("Isi dengan bilangan bulat mulai 1."))
    return text


def _quarter(cell: Cell, known: Vocabulary) -> str:
    roman = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
    text = cell.strip().casefold().removeprefix("tw").strip() if isinstance(cell, str) else ""
    told = roman.get(text) or (text or _whole(cell, known))
    if told not in {str(quarter) for quarter in QUARTERS}:
        raise CellError(_("Triwulan adalah 1 sampai 4."))
    return told


def _choice(kind: type[TextChoices]) -> Reader:
    def read(cell: Cell, known: Vocabulary) -> str:
        text = _text(cell, known).casefold()
        if not text:
            return ""
        for one in kind:
            if text in (one.value.casefold(), str(one.label).casefold()):
                return str(one.value)
        told = ", ".join(str(one.label) for one in kind)
        raise CellError(
            _("%(text)s tidak dikenal. Pilih: %(words)s.") % {"text": shown(text), "words": told}
        )

    return read


def _indicator(cell: Cell, known: Vocabulary) -> str:
    return "" if is_empty(cell) else read_code(cell, known.indicators, _numbers(known.indicators))


def _numbers(codes: Iterable[str]) -> Mapping[Decimal, list[str]]:
    return codes_by_number(codes)


def _questions(cell: Cell, known: Vocabulary) -> str:
    if is_empty(cell):
        return ""
    parts: Sequence[Cell] = SEVERAL.split(cell) if isinstance(cell, str) else [cell]
    numbers = _numbers(known.questions)
    filled = (part for part in parts if not is_empty(part))
    return joined(read_code(part, known.questions, numbers) for part in filled)


def _opd(cell: Cell, known: Vocabulary) -> str:
    text = _text(cell, known)
    if not text:
        return ""
    code = known.opds.get(folded(text))
    if code is None:
        raise CellError(_("%(text)s bukan kode atau nama OPD kota ini.") % {"text": shown(text)})
    return code


def _opds(cell: Cell, known: Vocabulary) -> str:
    parts = re.split(r"[;\n]", cell) if isinstance(cell, str) else [cell]
    return joined(code for part in parts if (code := _opd(part, known)))


def _code(cell: Cell, _known: Vocabulary) -> str:
    return read_nomenclature_code(cell)


def _previous(cell: Cell, _known: Vocabulary) -> str:
    return " ".join(read_previous(cell))


# --- Tables -----------------------------------------------------------------------------------

ACTION_COLUMNS = (
    SheetColumn("number", "No", _whole, ("no.", "nomor"), is_needed=True),
    SheetColumn("year", "Tahun", _whole, is_needed=True),
    SheetColumn("indicator", "Indikator", _indicator, ("indikator kla",)),
    SheetColumn("questions", "Pertanyaan", _questions),
    SheetColumn("problem", "Masalah", _text, ("permasalahan",)),
    SheetColumn("name", "Aksi", _text, ("rencana aksi", "kegiatan aksi")),
    SheetColumn("reach", "Sasaran", _choice(Reach), ("langsung/tidak langsung",)),
    SheetColumn("code", "Kode", _code, ("kode sub-kegiatan", "kode sub kegiatan")),
    SheetColumn("measure", "Indikator kinerja", _text),
    SheetColumn("unit", "Satuan", _text),
    SheetColumn("direction", "Arah", _choice(Direction)),
    SheetColumn("baseline", "Keadaan awal", _figure, ("baseline",)),
    SheetColumn("lead", "OPD", _opd, ("penanggung jawab", "opd penanggung jawab")),
    SheetColumn("supporting", "OPD pendukung", _opds),
    SheetColumn("place", "Lokasi", _text),
    SheetColumn("target", "Target", _figure),
    SheetColumn("ceiling", "Pagu", _rupiah, ("pagu (rp)", "anggaran")),
    SheetColumn("source", "Sumber dana", _choice(FundSource)),
    SheetColumn("child_share", "Bagian anak (%)", _percent),
    SheetColumn("child_reason", "Alasan", _text, ("alasan bagian anak",)),
)
YEAR_FIELDS = ("target", "ceiling", "source", "child_share", "child_reason")
REALISATION_COLUMNS = (
    SheetColumn("number", "No", _whole, ("no.", "nomor"), is_needed=True),
    SheetColumn("year", "Tahun", _whole, is_needed=True),
    SheetColumn("quarter", "Triwulan", _quarter, ("tw",), is_needed=True),
    SheetColumn("physical", "Fisik (%)", _percent, ("fisik",), is_needed=True),
    SheetColumn("money", "Realisasi", _rupiah, ("realisasi (rp)", "uang"), is_needed=True),
    SheetColumn("obstacle", "Hambatan", _text, ("kendala",)),
    SheetColumn("follow_up", "Tindak lanjut", _text),
)
NOMENCLATURE_COLUMNS = (
    SheetColumn("code", "Kode", _code, is_needed=True),
    SheetColumn("name", "Nama", _text, ("nomenklatur", "uraian"), is_needed=True),
    SheetColumn("previous", "Menggantikan", _previous, ("kode lama",)),
)
LONGEST = {"problem": 1000, "name": 1000, "measure": 300, "unit": 60, "place": 300,
           "child_reason": 300, "obstacle": 1000, "follow_up": 1000}  # fmt: skip


def read_actions(content: bytes, name: str, known: Vocabulary) -> Reading:
    """A line for each action and year. Raises UnreadableError as `read_table` does."""
    reading = _read(content, name, ACTION_COLUMNS, known, keys=("number", "year"))
    for row in reading.rows:
        foreign = [
            code
            for code in row.values.get("questions", "").split(JOINT)
            if code and known.questions[code] != row.values.get("indicator", known.questions[code])
        ]
        if foreign:
            message = _("Pertanyaan %(codes)s bukan dari indikator baris ini.")
            fault = SheetFault(row.line, message % {"codes": ", ".join(foreign)}, row.sheet)
            reading.faults.append(str(fault))
    return reading


def read_realisations(content: bytes, name: str) -> Reading:
    """A line for each action, year and quarter. Raises UnreadableError as `read_table` does."""
    keys = ("number", "year", "quarter")
    return _read(content, name, REALISATION_COLUMNS, Vocabulary(), keys=keys)


def read_nomenclature(content: bytes, name: str) -> Reading:
    """A line for each code. Raises UnreadableError as `read_table` does."""
    return _read(content, name, NOMENCLATURE_COLUMNS, Vocabulary(), keys=("code",))


def _read(
    content: bytes,
    name: str,
    columns: Sequence[SheetColumn],
    known: Vocabulary,
    *,
    keys: Sequence[str],
) -> Reading:
    wanted = [
        TableColumn((one.title.casefold(), *one.also), is_needed=one.is_needed) for one in columns
    ]
    table = read_table(content, name, columns=Columns(wanted))
    reading = Reading(faults=[str(fault) for fault in table.faults])
    places: dict[tuple[str, ...], int] = {}
    for line in table.rows:
        row, faults = _row(line, columns, known, keys)
        if not faults and row.key in places:
            words = _("Baris ini mengulang baris %(line)d.") % {"line": places[row.key]}
            faults = [SheetFault(line.line, words, line.sheet)]
        places.setdefault(row.key, line.line)
        if faults:
            reading.faults.extend(str(fault) for fault in faults)
        else:
            reading.rows.append(row)
    return reading


def _row(
    line: Row, columns: Sequence[SheetColumn], known: Vocabulary, keys: Sequence[str]
) -> tuple[SheetRow, list[SheetFault]]:
    values, faults = {}, []
    for which, (column, cell) in enumerate(zip(columns, line.cells, strict=True)):
        try:
            text = column.read(cell, known)
            _require_length(column, text)
        except CellError as error:
            faults.append(line.fault(which, f"{column.title}: {error}"))
            continue
        if text:
            values[column.field] = text
        elif column.is_needed:
            faults.append(line.fault(which, _("%(column)s kosong.") % {"column": column.title}))
    key = tuple(values.pop(one, "") for one in keys)
    return SheetRow(line.line, line.sheet, key, values), faults


def _require_length(column: SheetColumn, text: str) -> None:
    most = LONGEST.get(column.field)
    if most is not None and len(text) > most:
        raise CellError(
            _("Teks %(length)d huruf, paling panjang %(most)d.")
            % {"length": len(text), "most": most}
        )
