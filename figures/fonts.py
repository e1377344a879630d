"""The letters of our PDF and pictures: DejaVu Sans, which comes with node_modules.

It has ≥ ≤ ✓, Latin with dots below and more; each PDF carries only what it uses.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from texts.folding import visible

FOLDER = Path(settings.NPM_ROOT) / "dejavu-fonts-ttf" / "ttf"
# The condensed cut is as wide as Helvetica, so that tables keep their columns.
REGULAR, BOLD = "DejaVuSansCondensed", "DejaVuSansCondensed-Bold"
PAPER_FILES = {name: FOLDER / f"{name}.ttf" for name in (REGULAR, BOLD)}
PICTURE_FILES = [FOLDER / "DejaVuSans.ttf", FOLDER / "DejaVuSans-Bold.ttf"]
PICTURE_FAMILY = "DejaVu Sans"


def missing_files() -> list[Path]:
    """Files without which no PDF and no picture can be made."""
    return [file for file in (*PAPER_FILES.values(), *PICTURE_FILES) if not file.is_file()]


def register() -> None:
    """Make the fonts known to the library that prints; nothing where they are not installed."""
    for name, file in PAPER_FILES.items():
        if file.is_file() and name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, file))
    if not missing_files():
        pdfmetrics.registerFontFamily(
            REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
        )


def printable_text(text: str) -> str:
    """The text composed; a run of signs that the font lacks is said in words."""
    plain = visible(text)
    if plain.isascii():
        return plain
    known = pdfmetrics.getFont(REGULAR).face.charToGlyph
    parts = []
    for is_known, run in groupby(plain, lambda sign: sign.isspace() or ord(sign) in known):
        drawn = "".join(run)
        parts.append(drawn if is_known else _in_words(drawn))
    return "".join(parts)


def _in_words(run: str) -> str:
    """Controls and joiners are not meant to be seen; anything else is named as missing."""
    if all(unicodedata.category(sign) in ("Cc", "Cf", "Mn") for sign in run):
        return ""
    return _("[aksara tidak dapat dicetak]")


register()
