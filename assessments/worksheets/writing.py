"""The working sheet as a workbook, written row by row: memory does not grow with it.

People write in two columns; the rest is protected against mistakes, without a password. What
was exported stands in hidden columns beside it, and a mark that ties it together.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from assessments.worksheets.contents import ClusterSheet, IndicatorBlock, QuestionRow, WorkingSheet
from assessments.worksheets.layout import (
    CLAIM,
    CODE,
    COLUMNS,
    COVER,
    GRANTED,
    HEADER_ROW,
    IDENTITY,
    INDICATOR_ROW,
    KIND,
    MARK,
    MAXIMUM,
    NOTE,
    OPDS,
    QUESTION_ROW,
    REASONS,
    SEEN_CLAIM,
    SEEN_NOTE,
    STATE,
    TEXT,
    TOTAL_ROW,
    WorksheetColumn,
    as_written,
    mark_of,
    sheet_names,
)

PAPERS = {"a4": 9, "f4": 14}  # as spreadsheets number them; F4 is their folio
POINTS_FORMAT = "0.###"
HEAD = PatternFill("solid", fgColor="0B6E6E")
TINT = PatternFill("solid", fgColor="E6F0EF")
OPEN = PatternFill("solid", fgColor="FFF7DB")
HAIR = Border(bottom=Side("hair", color="9AA8A8"))
LETTER = {column: get_column_letter(place) for place, column in enumerate(COLUMNS, start=1)}

Values = dict[WorksheetColumn, Any]


@dataclass(frozen=True, slots=True)
class _Total:
    """Where a cluster's sums stand, for the cover."""

    sheet: str
    cluster: ClusterSheet
    line: int

    def reference(self, column: WorksheetColumn) -> str:
        return f"={quote_sheetname(self.sheet)}!{LETTER[column]}{self.line}"


def worksheet_file(sheet: WorkingSheet, *, paper: str = "a4") -> IO[bytes]:
    """The workbook in a temporary file, rewound."""
    book = Workbook(write_only=True)
    book.calculation.fullCalcOnLoad = True
    names = sheet_names(cluster.label for cluster in sheet.clusters)
    totals = [
        _Total(name, cluster, _last_line(cluster))
        for name, cluster in zip(names, sheet.clusters, strict=True)
    ]
    _cover(book.create_sheet(COVER), sheet, totals, paper)
    for total in totals:
        _cluster(book.create_sheet(total.sheet), sheet, total, paper)
    # Closed with the answer that sends it.
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return file


# --- The cover --------------------------------------------------------------------------------


def _cover(tab: Any, sheet: WorkingSheet, totals: list[_Total], paper: str) -> None:
    _set_up(tab, paper)
    for letter, width in (("A", 30), ("B", 44), ("C", 12), ("D", 12), ("E", 12)):
        tab.column_dimensions[letter].width = width
    title = _("Lembar kerja KLA %(city)s %(year)d")
    facts = {"city": sheet.city, "year": sheet.identity.year}
    tab.append([_plain(tab, title % facts, font=Font(bold=True, size=14))])
    tab.append([_plain(tab, sheet.instrument)])
    tab.append([])
    told = sheet.identity.values()
    lines = [
        *((str(label), told[key]) for label, key in IDENTITY),
        (_("Tahap"), sheet.stage),
        (_("Diunduh oleh"), sheet.exported_by),
        (_("Diunduh pada"), sheet.exported_at),
    ]
    for label, value in lines:
        tab.append([_bold(tab, label), _plain(tab, value)])
    tab.append([])
    for sentence in _advice():
        tab.append([_plain(tab, sentence)])
    tab.append([])
    _sums(tab, sheet, totals, first=len(lines) + len(_advice()) + 7)


def _advice() -> list[str]:
    return [
        _("Isi hanya kolom Klaim dan Catatan (berwarna kuning) pada lembar setiap klaster."),
        _("Jangan menghapus kolom tersembunyi; dari sana perubahan di situs dikenali."),
        _("Unggah kembali lewat “Impor lembar”: setiap perubahan ditampilkan sebelum disimpan."),
    ]


def _sums(tab: Any, sheet: WorkingSheet, totals: list[_Total], *, first: int) -> None:
    """The sums of the clusters, the header of which stands one line above `first`."""
    titles = [_("Klaster"), "", _("Maksimum"), _("Klaim"), _("Ditetapkan")]
    tab.append([_head(tab, title) for title in titles])
    for total in totals:
        cells = [
            _plain(tab, total.cluster.label),
            _plain(tab, total.cluster.name, alignment=Alignment(wrap_text=True)),
            _number(tab, total.cluster.maximum),
            _formula(tab, total.reference(CLAIM)),
            _formula(tab, total.reference(GRANTED)),
        ]
        tab.append(cells)
    last = first + len(totals)
    bold = Font(bold=True)
    tab.append(
        [
            _bold(tab, _("Jumlah")),
            None,
            _number(tab, sheet.maximum, font=bold),
            *(
                _formula(tab, f"=MIN(SUM({letter}{first}:{letter}{last - 1}),C{last})", font=bold)
                for letter in "DE"
            ),
        ]
    )


# --- A cluster --------------------------------------------------------------------------------


def _last_line(cluster: ClusterSheet) -> int:
    """The line of the cluster's sums, below all its rows."""
    rows = sum(1 + len(block.questions) for block in cluster.indicators)
    return HEADER_ROW + rows + 1


def _cluster(tab: Any, sheet: WorkingSheet, total: _Total, paper: str) -> None:
    _set_up(tab, paper)
    tab.freeze_panes = f"B{HEADER_ROW + 1}"
    tab.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    for column in COLUMNS:
        dimension = tab.column_dimensions[LETTER[column]]
        dimension.width, dimension.hidden = column.width, column.is_hidden
    _refuse_more_than_the_maximum(tab, total.line)
    cluster = total.cluster
    heading = f"{cluster.label} · {cluster.name}" if cluster.name != cluster.label else cluster.name
    tab.append([_plain(tab, heading, font=Font(bold=True, size=13))])
    tab.append([_plain(tab, f"{sheet.city} {sheet.identity.year} · {sheet.exported_at}")])
    tab.append([])
    tab.append([_head(tab, str(column.title)) for column in COLUMNS])
    line = HEADER_ROW
    for block in cluster.indicators:
        line += 1
        tab.append(_indicator_cells(tab, block, line))
        for question in block.questions:
            line += 1
            tab.append(_question_cells(tab, sheet, question))
    tab.append(_total_cells(tab, cluster, line + 1))


def _refuse_more_than_the_maximum(tab: Any, last: int) -> None:
    """Claims between 0 and what stands in the maximum's column of the same line."""
    first = HEADER_ROW + 1
    rule = DataValidation(
        type="decimal",
        operator="between",
        formula1="0",
        formula2=f"${LETTER[MAXIMUM]}{first}",
        allow_blank=True,
        errorTitle=_("Klaim"),
        error=_("Isi angka dari 0 sampai maksimum pertanyaan ini."),
    )
    rule.add(f"{LETTER[CLAIM]}{first}:{LETTER[CLAIM]}{last}")
    tab.data_validations.append(rule)


def _indicator_cells(tab: Any, block: IndicatorBlock, line: int) -> list[Any]:
    first, last = line + 1, line + len(block.questions)

    def capped(column: WorksheetColumn) -> str:
        letter = LETTER[column]
        return f"=MIN(SUM({letter}{first}:{letter}{last}),{LETTER[MAXIMUM]}{line})"

    values: Values = {
        CODE: block.code,
        TEXT: block.name,
        MAXIMUM: block.maximum,
        CLAIM: capped(CLAIM),
        GRANTED: capped(GRANTED),
        KIND: INDICATOR_ROW,
    }
    return _cells(tab, values, fill=TINT, font=Font(bold=True), computed=(CLAIM, GRANTED))


def _total_cells(tab: Any, cluster: ClusterSheet, line: int) -> list[Any]:
    kinds = f"${LETTER[KIND]}${HEADER_ROW + 1}:${LETTER[KIND]}${line - 1}"

    def capped(column: WorksheetColumn) -> str:
        letter = LETTER[column]
        points = f"{letter}{HEADER_ROW + 1}:{letter}{line - 1}"
        rows = f'SUMIF({kinds},"{INDICATOR_ROW}",{points})'
        return f"=MIN({rows},{LETTER[MAXIMUM]}{line})"

    values: Values = {
        TEXT: _("Jumlah %(cluster)s") % {"cluster": cluster.label},
        MAXIMUM: cluster.maximum,
        CLAIM: capped(CLAIM),
        GRANTED: capped(GRANTED),
        KIND: TOTAL_ROW,
    }
    return _cells(tab, values, fill=TINT, font=Font(bold=True), computed=(CLAIM, GRANTED))


def _question_cells(tab: Any, sheet: WorkingSheet, row: QuestionRow) -> list[Any]:
    note = as_written(row.note)
    values: Values = {
        CODE: row.code,
        TEXT: row.text,
        MAXIMUM: row.maximum,
        CLAIM: row.claim,
        GRANTED: row.granted,
        OPDS: _opds(row),
        STATE: row.state,
        REASONS: "\n".join(row.reasons),
        NOTE: note,
        SEEN_CLAIM: row.claim,
        SEEN_NOTE: note,
        MARK: mark_of(sheet.identity, row.code, row.claim, row.note),
        KIND: QUESTION_ROW,
    }
    return _cells(tab, values)


def _opds(row: QuestionRow) -> str:
    """Who holds the question; who leads comes first and is told so."""
    if not row.has_lead:
        return ", ".join(row.opds)
    lead, *others = row.opds
    return ", ".join([_("%(opd)s (penanggung jawab)") % {"opd": lead}, *others])


# --- Cells ------------------------------------------------------------------------------------


def _set_up(tab: Any, paper: str) -> None:
    """Landscape, as wide as the paper, and protected against slips of the hand."""
    tab.page_setup.orientation = "landscape"
    tab.page_setup.paperSize = PAPERS[paper]
    tab.page_setup.fitToWidth, tab.page_setup.fitToHeight = 1, 0
    tab.sheet_properties.pageSetUpPr.fitToPage = True
    tab.oddFooter.center.text = "&P / &N"
    tab.protection.sheet = True
    tab.protection.formatColumns = tab.protection.formatRows = False


def _cells(
    tab: Any,
    values: Values,
    *,
    fill: PatternFill | None = None,
    font: Font | None = None,
    computed: Sequence[WorksheetColumn] = (),
) -> list[Any]:
    """One line; what people may write in is open and coloured where nothing else fills it."""
    line = []
    for column in COLUMNS:
        value = values.get(column)
        if column in computed:
            cell = _formula(tab, str(value))
        elif isinstance(value, Decimal):
            cell = _number(tab, value)
        else:
            cell = _plain(tab, value or "")
        is_open = column.is_open and fill is None
        cell.protection = Protection(locked=not is_open)
        cell.alignment = Alignment(wrap_text=not column.is_hidden, vertical="top")
        cell.border = HAIR
        if column.is_number:
            cell.number_format = POINTS_FORMAT
        if fill or is_open:
            cell.fill = fill or OPEN
        if font:
            cell.font = font
        line.append(cell)
    return line


def _styled(tab: Any, value: Any, **style: Any) -> Any:
    cell = WriteOnlyCell(tab, value)
    for name, one in style.items():
        setattr(cell, name, one)
    return cell


def _plain(tab: Any, text: str, **style: Any) -> Any:
    """Text, and nothing but text, whatever it looks like."""
    return _styled(tab, as_written(text) or None, number_format="@", **style)


def _bold(tab: Any, text: str) -> Any:
    return _plain(tab, text, font=Font(bold=True))


def _head(tab: Any, text: str) -> Any:
    white = Font(bold=True, color="FFFFFF")
    wrapped = Alignment(wrap_text=True, vertical="center")
    return _plain(tab, text, font=white, fill=HEAD, alignment=wrapped)


def _number(tab: Any, value: Decimal, **style: Any) -> Any:
    return _styled(tab, value, number_format=POINTS_FORMAT, **style)


def _formula(tab: Any, formula: str, **style: Any) -> Any:
    """A formula of our own; what people typed in never comes here."""
    return _styled(tab, formula, number_format=POINTS_FORMAT, **style)
