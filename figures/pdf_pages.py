"""Pages of long PDF: their frame, and below it what it is and the number of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from figures.fonts import REGULAR, printable_text
from figures.pdf_styles import MARGIN

FOOT = 6 * mm


def numbered_page(name: str, size: tuple[float, float], foot: str) -> PageTemplate:
    """A page of `size` points with `foot` and its number at the bottom."""
    width, height = size
    frame = Frame(
        MARGIN,
        MARGIN + FOOT,
        width - 2 * MARGIN,
        height - 2 * MARGIN - FOOT,
        leftPadding=0,
        rightPadding=0,
    )

    def footer(canvas: Canvas, paper: BaseDocTemplate) -> None:
        canvas.setFont(REGULAR, 7)
        canvas.drawString(MARGIN, MARGIN, printable_text(foot))
        number = _("Halaman %(page)d") % {"page": paper.page}
        canvas.drawRightString(width - MARGIN, MARGIN, number)

    return PageTemplate(name, [frame], onPage=footer, pagesize=size)
