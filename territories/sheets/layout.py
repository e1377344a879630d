"""Which columns a sheet of reports has, and the mark by which an exported line is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from territories.choices import CriterionKind, CriterionLevel
from territories.criteria import CriteriaSet, Criterion, Said

MOST = 10_000_000  # no city has more children
FORMAT = "laporan-wilayah-1"
MARK_LENGTH = 16  # hexadecimal digits: nobody guesses one for a line
SAID_LENGTH = 8  # of each criterion; tells two answers of one unit apart
CODE, NAME, DISTRICT, SOURCE, MARK = ("kode", "nama", "kecamatan", "sumber", "tanda")
NIL = "nihil"
# By kind: the figures asked, with what people read above each.
FIGURES: Mapping[CriterionKind, Mapping[str, Any]] = {
    CriterionKind.YES_NO: {"yes": _("ya/tidak")},
    CriterionKind.RATIO: {"part": _("bagian"), "whole": _("seluruhnya")},
    CriterionKind.COUNT: {"count": _("jumlah")},
    CriterionKind.BY_SEX: {"boys": _("laki-laki"), "girls": _("perempuan")},
}
SHEETS = {
    CriterionLevel.KECAMATAN: _("Kecamatan"),
    CriterionLevel.KELURAHAN: _("Kelurahan dan desa"),
}


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One figure of a criterion: 26.5 bagian."""

    criterion: Criterion
    figure: str  # a field of Said

    @property
    def title(self) -> str:
        return f"{self.criterion.code} {FIGURES[self.criterion.kind][self.figure]}"


@dataclass(frozen=True, slots=True)
class Identity:
    """To which city, year of data and criteria set a sheet belongs."""

    city: str  # its slug
    year: int
    criteria: str


def figure_columns(criteria: Iterable[Criterion]) -> list[FigureColumn]:
    return [
        FigureColumn(criterion, figure)
        for criterion in criteria
        for figure in FIGURES[criterion.kind]
    ]


def said_digest(said: Said) -> str:
    """Short, and another one for another answer of the same unit."""
    told = json.dumps(asdict(said), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:SAID_LENGTH]


def mark_of(identity: Identity, unit: str, said: Sequence[Said]) -> str:
    """What nobody but this site can make for an exported line: what each criterion said."""
    digests = "".join(said_digest(one) for one in said)
    return f"{_signature(identity, unit, digests)}{digests}"


def digests_of(
    mark: str, identity: Identity, unit: str, criteria: Sequence[Criterion]
) -> list[str]:
    """What was exported to each criterion. Raises ValueError for a mark of another line."""
    signature, digests = mark[:MARK_LENGTH], mark[MARK_LENGTH:]
    expected = _signature(identity, unit, digests)
    if not constant_time_compare(signature, expected):
        raise ValueError(unit)
    found = [digests[at : at + SAID_LENGTH] for at in range(0, len(digests), SAID_LENGTH)]
    if len(found) != len(criteria):
        raise ValueError(unit)
    return found


def _signature(identity: Identity, unit: str, digests: str) -> str:
    told = "\x1f".join(
        [FORMAT, identity.city, str(identity.year), identity.criteria, unit, digests]
    )
    return salted_hmac("territories.sheets", told, algorithm="sha256").hexdigest()[:MARK_LENGTH]


def unknown_criteria(titles: Mapping[int, str], criteria: CriteriaSet) -> dict[int, str]:
    """Columns whose title begins like a criterion that the set does not have, by place."""
    known = {one.code for one in criteria.criteria}
    found = {}
    for place, title in titles.items():
        first = title.partition(" ")[0]
        if first[:1].isdigit() and "." in first and first not in known:
            found[place] = first
    return found
