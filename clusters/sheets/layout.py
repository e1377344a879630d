"""Which column of the workbook holds which key of the document, and the values to choose from."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum, auto

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from clusters.choices import AnswerType, ClusterKind, Direction, Measure
from clusters.labels import number
from clusters.spec import plain_number
from workbooks.reading import Cell, Twofold, Uncomputed

COVER = "Sampul"
CLUSTER, INDICATOR, QUESTION = PARTS = ("Klaster", "Indikator", "Pertanyaan")
YES, NO = "ya", "tidak"


@dataclass(frozen=True, slots=True)
class InstrumentColumn:
    """A column of a sheet: one key for each part that uses it; `has_numbers` of any kind."""

    header: str
    width: int
    keys: Mapping[str, str]
    has_numbers: bool = False


def _everywhere(key: str) -> dict[str, str]:
    return dict.fromkeys(PARTS, key)


COLUMNS = (
    InstrumentColumn("Baris", 12, {}),
    InstrumentColumn("Kode", 12, _everywhere("code")),
    InstrumentColumn(
        "Label atau nomor", 14, {CLUSTER: "label", INDICATOR: "number"}, has_numbers=True
    ),
    InstrumentColumn(
        "Nama atau pertanyaan", 60, {CLUSTER: "name", INDICATOR: "name", QUESTION: "text"}
    ),
    InstrumentColumn(
        "Dalam bahasa Inggris",
        40,
        {CLUSTER: "name_en", INDICATOR: "name_en", QUESTION: "text_en"},
    ),
    InstrumentColumn("Poin maksimum", 10, _everywhere("max_points"), has_numbers=True),
    InstrumentColumn("Termasuk 24", 10, {INDICATOR: "counts_among_24"}),
    InstrumentColumn(
        "Jenis klaster atau bentuk jawaban", 16, {CLUSTER: "kind", QUESTION: "answer_type"}
    ),
    InstrumentColumn("Pilihan jawaban", 40, {QUESTION: "options"}),
    InstrumentColumn("Bagian poin yang lazim", 16, {QUESTION: "usual_fractions"}),
    InstrumentColumn("Arah", 16, {QUESTION: "direction"}),
    InstrumentColumn("Catatan", 40, {INDICATOR: "note", QUESTION: "note"}),
    InstrumentColumn("Dokumen yang diminta", 24, {QUESTION: "evidence"}),
    InstrumentColumn("Perangkat daerah", 24, {QUESTION: "agencies"}),
)
REQUIRED = {
    CLUSTER: {"code", "label", "name", "kind", "max_points"},
    INDICATOR: {"code", "number", "name", "max_points", "counts_among_24"},
    QUESTION: {"code", "text", "max_points", "answer_type"},
}

# --- The cover: a table of what is said of the instrument and what its rows may name -----------

COVER_COLUMNS = (
    InstrumentColumn("Bagian", 18, {}),
    InstrumentColumn("Kode atau butir", 22, {}),
    InstrumentColumn("Isi", 80, {}),
    InstrumentColumn("Batas bawah", 12, {}, has_numbers=True),
    InstrumentColumn("Batas atas", 12, {}, has_numbers=True),
)
FILE, HEAD, LAW, BAND, STAGE, AGENCY, EVIDENCE = COVER_PARTS = (
    "Berkas",
    "Instrumen",
    "Dasar hukum",
    "Rentang predikat",
    "Tahap",
    "Perangkat daerah",
    "Jenis dokumen",
)
FILE_ITEMS = {"schema": "Skema", "exported": "Kode keaslian saat diekspor"}
HEAD_ITEMS = {
    "code": "Kode",
    "title": "Judul",
    "title_en": "Judul dalam bahasa Inggris",
    "provenance": "Asal-usul",
    "measure": "Satuan nilai",
    "corrects": "Membetulkan instrumen",
    "correction_note": "Yang dibetulkan",
    "max_points": "Poin maksimum",
    "bands_note": "Catatan predikat",
}
REQUIRED_ITEMS = {
    "schema": (FILE, "Skema"),
    "instrument.code": (HEAD, "Kode"),
    "instrument.title": (HEAD, "Judul"),
    "instrument.max_points": (HEAD, "Poin maksimum"),
}
# Codes with names: the part of the cover, and where the list stands in the document
NAMED = {STAGE: "instrument.stages", AGENCY: "agencies", EVIDENCE: "evidence_kinds"}
# Lists that have no cell of their own while they are empty, as people call them
LISTS = {"instrument.stages": STAGE, "clusters": CLUSTER}

# --- Values ------------------------------------------------------------------------------------


class Kind(Enum):
    TEXT = auto()
    NUMBER = auto()
    FLAG = auto()
    CHOICE = auto()
    LINES = auto()  # texts, one a line
    CODES = auto()  # separated by commas
    NUMBERS = auto()  # separated by semicolons, because a comma is a decimal mark


CHOICES: dict[str, type[TextChoices]] = {
    "kind": ClusterKind,
    "answer_type": AnswerType,
    "direction": Direction,
    "measure": Measure,
}
KINDS = {
    **dict.fromkeys(CHOICES, Kind.CHOICE),
    **dict.fromkeys(("max_points", "number", "min", "max", "schema"), Kind.NUMBER),
    "counts_among_24": Kind.FLAG,
    "options": Kind.LINES,
    "usual_fractions": Kind.NUMBERS,
    "evidence": Kind.CODES,
    "agencies": Kind.CODES,
}

# 0,75 and 0.75, but not 1.000, which is a thousand to one reader and one to the other
NUMBER = re.compile(r"-?[0-9]+(?:,[0-9]+|\.[0-9]{1,2}|\.[0-9]{4,})?")


class CellError(ValueError):
    """A cell that cannot mean what its column is for; the text is a sentence for people."""


def kind_of(key: str) -> Kind:
    return KINDS.get(key, Kind.TEXT)


def as_cell(key: str, value: object) -> str | Decimal | None:
    """A value of the document as a cell shows it; None where there is nothing to show."""
    kind = kind_of(key)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return _joined(kind, value) or None
    if kind is Kind.CHOICE and value:
        return next((str(c.label) for c in CHOICES[key] if c.value == value), str(value))
    return value if isinstance(value, str | Decimal) else None


def _joined(kind: Kind, values: Sequence[object]) -> str:
    if kind is Kind.NUMBERS:
        return "; ".join(number(value) for value in values if isinstance(value, Decimal))
    return ("\n" if kind is Kind.LINES else ", ").join(map(str, values))


def as_value(key: str, cell: Cell) -> object:
    """What a filled cell means in the document. Raises CellError.

    A text that is no number or no known word is handed on: the check of the whole document
    says so with its place.
    """
    if isinstance(cell, Uncomputed):
        raise CellError(_("Rumus tanpa hasil; ganti dengan nilainya."))
    if isinstance(cell, Twofold):
        raise CellError(cell.fault)
    if isinstance(cell, date | time | timedelta):
        raise CellError(_("Terbaca sebagai tanggal atau waktu; beri format Teks lalu ketik ulang."))
    if key in CHOICES:
        return _choice(CHOICES[key], _text(cell))
    return READERS[kind_of(key)](cell)


def _flag(cell: Cell) -> bool:
    word = cell if isinstance(cell, bool) else str(cell).strip().casefold()
    if word in (True, YES):
        return True
    if word in (False, NO):
        return False
    raise CellError(_("Tulis “ya” atau “tidak”."))


def _number(cell: Cell) -> object:
    text = cell.strip() if isinstance(cell, str) else ""
    return Decimal(text.replace(",", ".")) if NUMBER.fullmatch(text) else cell


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Decimal) and cell == cell.to_integral():
        return plain_number(cell)
    # 1.10 typed into a cell for numbers has already become 1.1
    raise CellError(_("Terbaca sebagai angka; beri sel format Teks lalu ketik ulang."))


def _choice(choices: type[TextChoices], word: str) -> str:
    """The code of a label; a code is returned unchanged."""
    codes = {str(choice.label).casefold(): str(choice.value) for choice in choices}
    return codes.get(word.strip().casefold(), word)


def _numbers(cell: Cell) -> list[object]:
    return [cell] if isinstance(cell, Decimal) else [_number(part) for part in _split(cell, ";")]


def _split(cell: Cell, marks: str = "") -> list[str]:
    """The parts of a text between line breaks and the given marks, without empty ones."""
    parts = re.split(f"[\n{marks}]", str(cell))
    return [part.strip() for part in parts if part.strip()]


READERS: dict[Kind, Callable[[Cell], object]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.LINES: lambda cell: _split(_text(cell)),
    Kind.CODES: lambda cell: _split(_text(cell), ",;"),
    Kind.NUMBERS: _numbers,
}
