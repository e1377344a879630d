"""Numbers of persons, which must not stand in what is written about children."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# A NIK has 16 digits; people set spaces, dots and hyphens into it, also more than one, and a copied
# one brings spaces that don't break and dashes that are no hyphens.
BETWEEN = r"[\s.\-\u2010-\u2015\u200b]*"
NIK = re.compile(rf"(?<!\d)\d(?:{BETWEEN}\d){{15,}}")


def looks_like_nik(text: str) -> bool:
    """Whether `text` holds 16 digits or more with nothing but spaces, dots or dashes between them.

    Longer rows count too: two numbers behind one another must not slip through.
    """
    return NIK.search(text) is not None


def require_no_nik(text: str) -> None:
    """Refuse what looks like a person's number. Raises ValidationError (`nik`)."""
    if looks_like_nik(text):
        raise ValidationError(
            _("Isian ini memuat 16 angka seperti NIK. Jangan tulis nama atau NIK anak di sini."),
            code="nik",
        )
