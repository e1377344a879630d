"""How our PDF look: margins, letters, colours of lines."""

from __future__ import annotations

from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from figures.fonts import BOLD, REGULAR, printable_text

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
LINE = colors.HexColor("#7d8f92")
TINT = colors.HexColor("#f4f8f7")

BODY = ParagraphStyle("body", fontName=REGULAR, fontSize=9, leading=12)
CELL = ParagraphStyle("cell", BODY, fontSize=8, leading=10)
HEAD = ParagraphStyle("head", CELL, fontName=BOLD)
RIGHT = ParagraphStyle("right", CELL, alignment=TA_RIGHT)
RIGHT_HEAD = ParagraphStyle("right-head", HEAD, alignment=TA_RIGHT)
TITLE = ParagraphStyle("title", BODY, fontName=BOLD, fontSize=16, leading=20)
SECTION = ParagraphStyle("section", BODY, fontName=BOLD, fontSize=11, leading=14, spaceBefore=10)


def printable(text: str) -> str:
    """The same for a paragraph, which takes its text for markup."""
    return escape(printable_text(text))
