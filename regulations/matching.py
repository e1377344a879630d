"""Whether a document that was handed in is the text of a recorded regulation. Pure."""

from __future__ import annotations

import re

from regulations.choices import RegulationKind
from texts.folding import folded

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
_PREFIX = re.compile(r"^(?:nomor|no)\b\.?\s*:?\s*")


def evidence_of_kind(kind: str) -> str:
    """The code of the kind of evidence that the text of such a regulation is; nothing where of none."""
    return _EVIDENCE_OF_KIND.get(kind, "")


def same_number(written: str, *, number: str, year: int) -> bool:
    """Whether the number on a document is this one: “3 Tahun 2019”, “No. 3/2019”,
    “463/KEP.12/2019” where that is the number, or “3” with nothing to contradict it is not enough.
    """
    said, wanted = _PREFIX.sub("", folded(written).strip()), folded(number).strip()
    if not said or not wanted:
        return False
    if said == wanted:
        return str(year) in said
    match = _OF_YEAR.fullmatch(said) or _STROKE.fullmatch(said)
    return match is not None and match["number"] == wanted and int(match["year"]) == year
