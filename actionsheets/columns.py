"""Tables of actions and realisations. Knows no database.

An empty cell says nothing: what is stored stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from actionplan.choices import Direction, FundSource, Reach
from actionplan.funds import funds_cell
from monitoring.quarters import QUARTERS
from nomenclature.sheets import code_cell
from texts.folding import folded
from texts.languages import in_indonesian
from workbooks.codes import CellError, codes_by_number, read_code
from workbooks.faults import SheetFault, shown
from workbooks.reading import Cell, is_empty
from workbooks.records import (
    JOINT,
    RecordColumn,
    Records,
    choice_cell,
    figure_cell,
    joined,
    percent_cell,
    read_records,
    rupiah_cell,
    text_cell,
    whole_cell,
)

SEVERAL = re.compile(r"[;,\n]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What cells may name: indicators, questions with their indicators, OPDs by code or name."""

    indicators: Sequence[str] = ()
    questions: Mapping[str, str] = field(default_factory=dict)
    opds: Mapping[str, str] = field(default_factory=dict)  # folded code or name: code


def _quarter(cell: Cell, known: Vocabulary) -> str:
    roman = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
    text = cell.strip().casefold().removeprefix("tw").strip() if isinstance(cell, str) else ""
    told = roman.get(text) or (text or whole_cell(cell, known))
    if told not in {str(quarter) for quarter in QUARTERS}:
        raise CellError(_("Triwulan adalah 1 sampai 4."))
    return told


def _indicator(cell: Cell, known: Vocabulary) -> str:
    return (
        ""
        if is_empty(cell)
        else read_code(cell, known.indicators, codes_by_number(known.indicators))
    )


def _questions(cell: Cell, known: Vocabulary) -> str:
    if is_empty(cell):
        return ""
    parts: Sequence[Cell] = SEVERAL.split(cell) if isinstance(cell, str) else [cell]
    numbers = codes_by_number(known.questions)
    filled = (part for part in parts if not is_empty(part))
    return joined(read_code(part, known.questions, numbers) for part in filled)


def _opd(cell: Cell, known: Vocabulary) -> str:
    text = text_cell(cell, known)
    if not text:
        return ""
    code = known.opds.get(folded(text))
    if code is None:
        raise CellError(_("%(text)s bukan kode atau nama OPD kota ini.") % {"text": shown(text)})
    return code


def _opds(cell: Cell, known: Vocabulary) -> str:
    parts = re.split(r"[;\n]", cell) if isinstance(cell, str) else [cell]
    return joined(code for part in parts if (code := _opd(part, known)))


# --- Tables -----------------------------------------------------------------------------------

ACTION_COLUMNS = (
    RecordColumn("number", "No", whole_cell, ("no.", "nomor"), is_needed=True),
    RecordColumn("year", "Tahun", whole_cell, is_needed=True),
    RecordColumn("indicator", "Indikator", _indicator, ("indikator kla",)),
    RecordColumn("questions", "Pertanyaan", _questions),
    RecordColumn("problem", "Masalah", text_cell, ("permasalahan",), longest=1000),
    RecordColumn("name", "Aksi", text_cell, ("rencana aksi", "kegiatan aksi"), longest=1000),
    RecordColumn("reach", "Sasaran", choice_cell(Reach), ("langsung/tidak langsung",)),
    RecordColumn("code", "Kode", code_cell, ("kode sub-kegiatan", "kode sub kegiatan")),
    RecordColumn("measure", "Indikator kinerja", text_cell, longest=300),
    RecordColumn("unit", "Satuan", text_cell, longest=60),
    RecordColumn("direction", "Arah", choice_cell(Direction)),
    RecordColumn("baseline", "Keadaan awal", figure_cell, ("baseline",)),
    RecordColumn("lead", "OPD", _opd, ("penanggung jawab", "opd penanggung jawab")),
    RecordColumn("supporting", "OPD pendukung", _opds),
    RecordColumn("place", "Lokasi", text_cell, longest=300),
    RecordColumn("target", "Target", figure_cell),
    RecordColumn("ceiling", "Pagu", rupiah_cell, ("pagu (rp)", "anggaran")),
    RecordColumn("source", "Sumber dana", choice_cell(FundSource)),
    RecordColumn("funds", "Rincian dana", funds_cell, ("rincian sumber dana",)),
    RecordColumn("child_share", "Bagian anak (%)", percent_cell),
    RecordColumn("child_reason", "Alasan", text_cell, ("alasan bagian anak",), longest=300),
)
YEAR_FIELDS = ("target", "ceiling", "source", "funds", "child_share", "child_reason")
REALISATION_COLUMNS = (
    RecordColumn("number", "No", whole_cell, ("no.", "nomor"), is_needed=True),
    RecordColumn("year", "Tahun", whole_cell, is_needed=True),
    RecordColumn("quarter", "Triwulan", _quarter, ("tw",), is_needed=True),
    RecordColumn("physical", "Fisik (%)", percent_cell, ("fisik",), is_needed=True),
    RecordColumn("money", "Realisasi", rupiah_cell, ("realisasi (rp)", "uang"), is_needed=True),
    RecordColumn("obstacle", "Hambatan", text_cell, ("kendala",), longest=1000),
    RecordColumn("follow_up", "Tindak lanjut", text_cell, longest=1000),
)


@in_indonesian
def read_actions(content: bytes, name: str, known: Vocabulary) -> Records:
    """A line for each action and year. Raises UnreadableError as `read_table` does."""
    reading = read_records(content, name, ACTION_COLUMNS, known, keys=("number", "year"))
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


@in_indonesian
def read_realisations(content: bytes, name: str) -> Records:
    """A line for each action, year and quarter. Raises UnreadableError as `read_table` does."""
    keys = ("number", "year", "quarter")
    return read_records(content, name, REALISATION_COLUMNS, Vocabulary(), keys=keys)
