"""Whole rupiah as people write them. Knows no database; never a float.

A cell with two possible readings is refused rather than guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from workbooks.codes import CellError
from workbooks.faults import shown
from workbooks.reading import Cell, Twofold, is_empty

MOST = 10**15  # a thousand trillion: more than any budget of a country, and within 64 bits
CURRENCY = re.compile(r"^rp\.?\s*", re.IGNORECASE)
PLAIN = re.compile(r"[0-9]+")
GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
NO_CENTS = re.compile(r",(?:0{1,2}|-)$")


def read_rupiah(cell: Cell) -> int | None:
    """The amount in whole rupiah; None of an empty cell or a dash.

    Raises CellError with the sentence for people: letters (“1,25 M”), fractions, marks that
    could mean two amounts (“1,250”), negative and impossible amounts.
    """
    if is_empty(cell) or (isinstance(cell, str) and cell.strip() in "-–"):
        return None
    if isinstance(cell, Twofold):
        raise CellError(cell.fault)
    if isinstance(cell, Decimal):
        return _checked(cell)
    if not isinstance(cell, str):
        raise CellError(_("Jumlah uang tidak terbaca. Tulis sebagai angka rupiah penuh."))
    text = CURRENCY.sub("", " ".join(cell.split()))
    whole = NO_CENTS.sub("", text)
    if PLAIN.fullmatch(whole) or GROUPED.fullmatch(whole):
        return _checked(Decimal(whole.replace(".", "")))
    raise CellError(
        _("%(text)s dapat dibaca lebih dari satu cara. Tulis rupiah penuh, misalnya 1.250.000.000.")
        % {"text": shown(cell)}
    )


def _checked(amount: Decimal) -> int:
    if amount != amount.to_integral_value():
        raise CellError(_("Jumlah uang harus rupiah penuh, tanpa pecahan."))
    if amount < 0:
        raise CellError(_("Jumlah uang tidak boleh kurang dari 0."))
    if amount > MOST:
        raise CellError(
            _(
                "Jumlah uang melebihi seribu triliun rupiah. Periksa jumlah nolnya, lalu tulis ulang."
            )
        )
    return int(amount)
