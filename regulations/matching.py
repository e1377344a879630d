"""Whether a document that was handed in is the text of a recorded regulation. Pure."""

from __future__ import annotations

import re

from regulations.choices import RegulationKind
from texts.folding import folded

NumberOfYear = tuple[str, int]  # folded, so that the same ones are equal

# By the code of the kind of evidence; instruments have used these since 2011.
KIND_OF_EVIDENCE = {
    "perda": RegulationKind.PERDA,
    "perkada": RegulationKind.PERKADA,
    "sk": RegulationKind.KEPUTUSAN,
    "surat_edaran": RegulationKind.SURAT_EDARAN,
    "mou": RegulationKind.MOU,
}
_EVIDENCE_OF_KIND = {kind.value: code for code, kind in KIND_OF_EVIDENCE.items()}
_OF_YEAR = re.compile(r"(?P<number>.+?)\s*(?:tahun|th\.?)\s*(?P<year>(?:19|20)[0-9]{2})")
_STROKE = re.compile(r"(?P<number>[0-9]{1,4})\s*/\s*(?P<year>(?:19|20)[0-9]{2})")
_ANY_YEAR = re.compile(r"(?=([0-9]{4}))")  # wherever it stands, within longer figures too
_PREFIX = re.compile(r"^(?:nomor|no)\b\.?\s*:?\s*")


def evidence_of_kind(kind: str) -> str:
    """The code of the kind of evidence that the text of such a regulation is; nothing where of none."""
    return _EVIDENCE_OF_KIND.get(kind, "")


def same_number(written: str, *, number: str, year: int) -> bool:
    """Whether the number on a document is this one: “3 Tahun 2019”, “No. 3/2019”,
    “463/KEP.12/2019” where that is the number, or “3” with nothing to contradict it is not enough.
    """
    return number_key(number, year) in readings(written)


def number_key(number: str, year: int) -> NumberOfYear:
    return folded(number).strip(), year


def readings(written: str) -> set[NumberOfYear]:
    """Which numbers of which years the number on a document may be, as `number_key` writes them."""
    said = _PREFIX.sub("", folded(written).strip())
    meant = {(said, int(year)) for year in _ANY_YEAR.findall(said)}
    if match := _OF_YEAR.fullmatch(said) or _STROKE.fullmatch(said):
        meant.add((match["number"], int(match["year"])))
    return meant
