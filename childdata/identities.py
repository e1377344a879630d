"""Numbers of persons that must not stand in a note about children. Knows no Django."""

from __future__ import annotations

import re

# A NIK has 16 digits; people set spaces, dots and hyphens into it, also more than one, and a copied
# one brings spaces that don't break and dashes that are no hyphens.
BETWEEN = r"[\s.\-\u2010-\u2015\u200b]*"
NIK = re.compile(rf"(?<!\d)\d(?:{BETWEEN}\d){{15,}}")


def looks_like_nik(text: str) -> bool:
    """Whether `text` holds 16 digits or more with nothing but spaces, dots or dashes between them.

    Longer rows count too: two numbers behind one another must not slip through.
    """
    return NIK.search(text) is not None
