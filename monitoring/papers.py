"""The monitoring matrix on paper: A4 on its side, with room for three signatures."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from figures.numbers import format_points, format_rupiah
from figures.pdf_styles import BODY, MARGIN, TITLE, printable
from figures.pdf_tables import pdf_table
from figures.values import Cell, ChartColumn
from monitoring.quarters import QUARTERS
from monitoring.queries.board import Monitoring, YearRow, quarter_words

WIDTHS = tuple(width * mm for width in (8, 16, 58, 34, 22, 27, 13, 13, 13, 13, 27, 22))
ROOM = 22 * mm  # for a signature and a stamp


def matrix_pdf(board: Monitoring, *, moment: str) -> bytes:
    """The matrix of a year; `moment` is when its figures were read, in the city's own time."""
    file = io.BytesIO()
    title = _("Matriks pemantauan dan evaluasi RAD %(year)d") % {"year": board.year}
    paper = SimpleDocTemplate(
        file, pagesize=landscape(A4), title=title, author=board.plan.city.name, lang="id",
        invariant=1, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
    )  # fmt: skip
    sums = _("Pagu %(ceiling)s, realisasi %(spent)s. Keadaan %(moment)s.") % {
        "ceiling": format_rupiah(board.ceiling),
        "spent": format_rupiah(board.spent),
        "moment": moment,
    }
    paper.build(
        [
            Paragraph(printable(title), TITLE),
            Paragraph(printable(f"{board.plan.city.name}: {board.plan.title}"), BODY),
            Paragraph(printable(sums), BODY),
            Spacer(0, 4 * mm),
            pdf_table(_columns(), [_row(row) for row in board.rows], WIDTHS),
            KeepTogether([Spacer(0, 8 * mm), _signatures(board)]),
        ]
    )
    return file.getvalue()


def _columns() -> list[ChartColumn]:
    names = [_("No"), _("Indikator"), _("Aksi"), _("OPD"), _("Target"), _("Pagu")]
    quarters = [_("TW %(quarter)d") % {"quarter": quarter} for quarter in QUARTERS]
    return [ChartColumn(name) for name in (*names, *quarters, _("Realisasi"), _("Keadaan"))]


def _row(row: YearRow) -> list[Cell]:
    target = f"{format_points(row.year.target)} {row.action.unit}".strip() if row.year else ""
    return [
        row.action.number,
        row.action.indicator.code,
        row.action.name,
        str(row.action.lead or ""),
        target,
        _ceiling(row),
        *(quarter_words(cell) for cell in row.quarters),
        format_rupiah(row.spent),
        str(row.light.label),
    ]


def _ceiling(row: YearRow) -> str:
    """With its sources where there are several."""
    whole = format_rupiah(row.ceiling)
    return f"{whole} ({row.year.funds_told})" if row.year and row.year.funds else whole


def _signatures(board: Monitoring) -> Table:
    people = [_("Ketua Gugus Tugas KLA"), _("Kepala Bappeda"), _("Sekretariat Gugus Tugas")]
    line = "." * 40
    place = f"{board.plan.city.name}, {'.' * 25}"
    table = Table(
        [["", "", printable(place)], [*people], ["", "", ""], [line] * 3, [_("NIP")] * 3],
        colWidths=[sum(WIDTHS) / 3] * 3,
        rowHeights=[None, None, ROOM, None, None],
    )
    font = (BODY.fontName, BODY.fontSize)
    table.setStyle(TableStyle([("FONT", (0, 0), (-1, -1), *font)]))
    return table
