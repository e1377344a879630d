"""The columns of a working sheet, and the hidden mark by which each row is recognised.

The mark ties a row to its year, its question and what was exported, so that on the way back
nothing is taken for the export that was not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clusters.spec import plain_number
from texts.folding import composed
from workbooks.writing import inert

FORMAT = "lembar-kerja-kla/1"
COVER = "Sampul"
HEADER_ROW = 4
MARK_LENGTH = 24
LONGEST_TEXT = 32_767  # characters in a cell
LONGEST_NAME = 31  # characters in the name of a sheet
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
# A spreadsheet's ways of writing the end of a line inside a cell
LINE_END = re.compile(r"_x000D_\n?|\r\n?")

QUESTION_ROW, INDICATOR_ROW, TOTAL_ROW = "pertanyaan", "indikator", "jumlah"


@dataclass(frozen=True, slots=True)
class WorksheetColumn:
    title: str | Promise
    width: int
    is_open: bool = False  # whether people write in it
    is_number: bool = False
    is_hidden: bool = False


CODE = WorksheetColumn("Kode", 9)
TEXT = WorksheetColumn(_("Pertanyaan"), 46)
MAXIMUM = WorksheetColumn(_("Maksimum"), 10, is_number=True)
CLAIM = WorksheetColumn("Klaim", 10, is_open=True, is_number=True)
GRANTED = WorksheetColumn(_("Ditetapkan"), 11, is_number=True)
OPDS = WorksheetColumn(_("OPD"), 26)
STATE = WorksheetColumn(_("Keadaan"), 15)
REASONS = WorksheetColumn(_("Alasan pengembalian"), 34)
NOTE = WorksheetColumn("Catatan", 34, is_open=True)
SEEN_CLAIM = WorksheetColumn("Klaim saat diunduh", 10, is_number=True, is_hidden=True)
SEEN_NOTE = WorksheetColumn("Catatan saat diunduh", 10, is_hidden=True)
MARK = WorksheetColumn("Tanda versi", 10, is_hidden=True)
KIND = WorksheetColumn("Jenis baris", 10, is_hidden=True)

COLUMNS = (
    CODE,
    TEXT,
    MAXIMUM,
    CLAIM,
    GRANTED,
    OPDS,
    STATE,
    REASONS,
    NOTE,
    SEEN_CLAIM,
    SEEN_NOTE,
    MARK,
    KIND,
)
# By these a sheet that comes back is known, wherever people moved them.
READ = (CODE, CLAIM, NOTE, SEEN_CLAIM, SEEN_NOTE, MARK, KIND)

# The lines of the cover that tell to what the file belongs; (label, key)
IDENTITY = (
    (_("Format"), "format"),
    (_("Alamat kota"), "city"),
    (_("Tahun"), "year"),
    (_("Kode instrumen"), "instrument"),
    (_("Kode keaslian instrumen"), "checksum"),
)


@dataclass(frozen=True, slots=True)
class Identity:
    """To which year of which city a working sheet belongs, and on what instrument."""

    city: str  # its slug
    year: int
    instrument: str
    checksum: str

    def values(self) -> dict[str, str]:
        return {
            "format": FORMAT,
            "city": self.city,
            "year": str(self.year),
            "instrument": self.instrument,
            "checksum": self.checksum,
        }


def as_written(text: str) -> str:
    """A text as it stands in a cell: never a formula, with plain ends of lines, not too long."""
    return str(inert(LINE_END.sub("\n", composed(text))))[:LONGEST_TEXT]


def as_typed(text: str) -> str:
    """A text out of a cell as a person meant it: without the mark that made it harmless."""
    flat = LINE_END.sub("\n", text).strip()
    return flat[1:] if flat[:1] == "'" and inert(flat[1:]) == flat else flat


def same_text(one: str, other: str) -> bool:
    return as_written(one).strip() == as_written(other).strip()


def mark_of(identity: Identity, code: str, claim: Decimal | None, note: str) -> str:
    """What nobody but this site can make for these exported values."""
    told = "" if claim is None else plain_number(claim)
    values = [*identity.values().values(), code, told, as_written(note).strip()]
    digest = salted_hmac("assessments.worksheets", "\x1f".join(values), algorithm="sha256")
    return digest.hexdigest()[:MARK_LENGTH]


def sheet_names(labels: Iterable[str]) -> list[str]:
    """A name for the sheet of each cluster: allowed, short enough, and each only once."""
    names: list[str] = []
    taken = {COVER.casefold()}
    for label in labels:
        plain = NOT_IN_NAMES.sub(" ", label).strip(" '")[:LONGEST_NAME].strip() or "Klaster"
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            ending = f" ({number})"
            name = plain[: LONGEST_NAME - len(ending)] + ending
        taken.add(name.casefold())
        names.append(name)
    return names
