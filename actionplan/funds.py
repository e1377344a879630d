"""The sources of a year's ceiling, each with its whole rupiah. Knows no database.

Written the same on pages and in tables: “APBD kabupaten/kota: 1.000.000.000; APBN: 250.000.000”.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from actionplan.choices import FundSource
from figures.numbers import format_rupiah
from workbooks.codes import CellError
from workbooks.faults import shown
from workbooks.money import MOST, read_rupiah
from workbooks.reading import Cell, is_empty
from workbooks.records import JOINT, choice_cell

SEVERAL = re.compile(r"[;\n]")
NAMED = [one for one in FundSource if one != FundSource.MIXED]
_source = choice_cell(FundSource)


def read_funds(cell: Cell) -> dict[str, int]:
    """Rupiah by source; none of an empty cell. Raises CellError with the sentence for people."""
    if is_empty(cell):
        return {}
    funds: dict[str, int] = {}
    for part in SEVERAL.split(cell) if isinstance(cell, str) else [str(cell)]:
        if not part.strip():
            continue
        name, colon, amount = part.partition(":")
        rupiah = read_rupiah(amount.strip()) if colon else None
        if rupiah is None:
            raise CellError(
                _("%(text)s tidak terbaca. Tulis seperti APBN: 250.000.000.")
                % {"text": shown(part.strip())}
            )
        source = _source(name.strip(), None)
        if source not in NAMED or source in funds:
            raise CellError(
                _("%(text)s: sebut tiap sumber dana satu kali.") % {"text": shown(part.strip())}
            )
        funds[source] = rupiah
    return funds


def spell_funds(funds: Mapping[str, int], *, between: str = JOINT) -> str:
    """As it is read back, in the order of the sources."""
    told = [one for one in NAMED if one.value in funds]
    return between.join(f"{one.label}: {format_rupiah(funds[one.value])}" for one in told)


def funds_fault(funds: Mapping[str, int], ceiling: int | None) -> str:
    """What is wrong with the sources of a ceiling; empty where nothing is."""
    known = {one.value for one in NAMED}
    if any(name not in known or not 0 <= amount <= MOST for name, amount in funds.items()):
        return _("Sumber dana atau jumlahnya tidak dikenal.")
    total = sum(funds.values())
    if funds and total != ceiling:
        return _("Sumber dana berjumlah %(total)s, pagu %(ceiling)s. Samakan keduanya.") % {
            "total": format_rupiah(total),
            "ceiling": format_rupiah(ceiling),
        }
    return ""


def funds_cell(cell: Cell, _known: object) -> str:
    return spell_funds(read_funds(cell))
