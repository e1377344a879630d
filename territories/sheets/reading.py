"""Reads a filled sheet of reports: what it says, or every fault with sheet and cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.sheets import SheetError
from territories.choices import CriterionKind, CriterionLevel
from territories.criteria import (
    CriteriaSet,
    Criterion,
    Said,
    require_complete,
)
from territories.sheets.layout import (
    CODE,
    MARK,
    MOST,
    NIL,
    SOURCE,
    FigureColumn,
    Identity,
    digests_of,
    figure_columns,
    unknown_criteria,
)
from territories.sheets.rows import FileRow
from texts.folding import as_title
from texts.identities import require_no_nik
from texts.languages import in_indonesian
from workbooks.faults import SheetFault, UnreadableError, shown
from workbooks.reading import Cell, Limits, Twofold, Uncomputed, is_empty, plain
from workbooks.tables import Columns, Heading, Row, Table, TableColumn, read_table

YES = {"ya", "y", "ada", "1"}
NO = {"tidak", "t", "tidak ada", "0"}
MAX_SOURCE = 200


class _CellError(Exception):
    """The sentence for people."""


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit of which the person may report."""

    code: str
    name: str
    level: CriterionLevel


@in_indonesian
def read_reports(
    content: bytes,
    name: str,
    *,
    identity: Identity,
    criteria: CriteriaSet,
    units: Mapping[str, KnownUnit],
) -> list[FileRow]:
    """Every answer of the sheet; an empty cell says nothing. Raises SheetError with every fault."""
    figures = figure_columns(criteria.criteria)
    wanted = [
        TableColumn((CODE, "kode wilayah")),
        TableColumn((SOURCE,), is_needed=False),
        TableColumn((MARK,), is_needed=False),
        *(TableColumn((as_title(one.title),), is_needed=False) for one in figures),
    ]
    columns = Columns(wanted, one_of=range(3, len(wanted)))
    limits = Limits(columns=max(40, 2 * len(wanted)))
    try:
        table = read_table(content, name, columns=columns, limits=limits)
    except UnreadableError as error:
        raise SheetError(error.faults) from error
    reader = _Reader(identity, criteria, units, figures)
    rows = reader.rows(table)
    if reader.faults:
        raise SheetError(reader.faults)
    if not rows:
        raise SheetError([SheetFault(0, _("Tidak ada isian di lembar ini."))])
    return rows


class _Reader:
    def __init__(
        self,
        identity: Identity,
        criteria: CriteriaSet,
        units: Mapping[str, KnownUnit],
        figures: Sequence[FigureColumn],
    ) -> None:
        self.identity, self.criteria, self.units = identity, criteria, units
        self.places = {(one.criterion.code, one.figure): at for at, one in enumerate(figures, 3)}
        self.found: dict[str, str] = {}  # where each unit was first met
        self.faults: list[SheetFault] = []

    def rows(self, table: Table) -> list[FileRow]:
        self.faults += table.faults
        for heading in table.headings:
            self.faults += self.unknown_columns(heading)
        return [one for row in table.rows for one in self.line(row)]

    def unknown_columns(self, heading: Heading) -> Iterator[SheetFault]:
        titles = {
            place: as_title(cell)
            for place, cell in enumerate(heading.cells)
            if isinstance(cell, str)
        }
        for place, code in unknown_criteria(titles, self.criteria).items():
            message = _("Kriteria %(code)s tidak ada dalam set kriteria tahun ini.")
            yield heading.fault(place, message % {"code": shown(code)})

    def line(self, row: Row) -> Iterator[FileRow]:
        """The answers in one line; none of it where unit or mark are wrong."""
        if all(is_empty(cell) for cell in row.cells):
            return
        unit = self.unit(row)
        if unit is None:
            return
        asked = self.criteria.of(unit.level)
        source = self.source(row)
        seen = self.seen(row, unit, asked)
        if seen is None:
            return
        self.faults += self.of_other_level(row, unit)
        for criterion, digest in zip(asked, seen, strict=True):
            said = self.said(row, criterion)
            if said is not None and not said.is_empty:
                yield FileRow(
                    unit.code, criterion.code, said, source, row.sheet, row.line, seen=digest
                )

    def unit(self, row: Row) -> KnownUnit | None:
        code = _text(row.cells[0])
        if not code:
            self.faults.append(row.fault(0, _("Baris terisi tanpa kode wilayah.")))
            return None
        unit = self.units.get(code)
        if unit is None:
            message = _("%(code)s bukan kode wilayah yang dapat Anda laporkan untuk tahun ini.")
            self.faults.append(row.fault(0, message % {"code": shown(code)}))
            return None
        here = row.fault(0, "").place
        first = self.found.setdefault(code, here)
        if first != here:
            message = _("%(name)s sudah ada di %(first)s; satu wilayah hanya satu baris.")
            self.faults.append(row.fault(0, message % {"name": shown(unit.name), "first": first}))
            return None
        return unit

    def source(self, row: Row) -> str:
        text = _text(row.cells[1])
        if len(text) > MAX_SOURCE:
            message = _("Sumber %(length)d karakter, paling banyak %(limit)d.")
            facts = {"length": len(text), "limit": MAX_SOURCE}
            self.faults.append(row.fault(1, message % facts))
        try:
            require_no_nik(text)
        except ValidationError as error:
            self.faults.append(row.fault(1, error.messages[0]))
        return text

    def seen(self, row: Row, unit: KnownUnit, asked: Sequence[Criterion]) -> list[str] | None:
        mark = _text(row.cells[2])
        if not mark:
            return [""] * len(asked)
        try:
            return digests_of(mark, self.identity, unit.code, asked)
        except ValueError:
            message = _(
                "Tanda tidak cocok: baris dipindahkan, atau lembar ini dari kota, tahun, atau set "
                "kriteria lain. Unduh lembar yang baru."
            )
            self.faults.append(row.fault(2, message))
            return None

    def of_other_level(self, row: Row, unit: KnownUnit) -> Iterator[SheetFault]:
        for criterion in self.criteria.criteria:
            if criterion.level == unit.level:
                continue
            for figure in ("yes", "part", "whole", "count", "boys", "girls"):
                place = self.places.get((criterion.code, figure))
                if place is not None and not is_empty(row.cells[place]):
                    message = _("Kriteria %(code)s tidak ditanyakan kepada %(name)s.")
                    facts = {"code": criterion.code, "name": shown(unit.name)}
                    yield row.fault(place, message % facts)

    def said(self, row: Row, criterion: Criterion) -> Said | None:
        """What the cells of a criterion say; None after a fault."""
        cells = {
            figure: row.cells[place]
            for (code, figure), place in self.places.items()
            if code == criterion.code and not is_empty(row.cells[place])
        }
        if not cells:
            return Said()
        first = self.places[criterion.code, next(iter(cells))]
        figures: dict[str, Any] = {}
        try:
            for figure, cell in cells.items():
                first = self.places[criterion.code, figure]
                _read_figure(criterion, figure, cell, figures)
            said = Said(**figures)
            require_complete(criterion, said)
        except _CellError as error:
            self.faults.append(row.fault(first, str(error)))
        except ValidationError as error:
            self.faults.append(row.fault(first, error.messages[0]))
        else:
            return said
        return None


def _read_figure(criterion: Criterion, figure: str, cell: Cell, into: dict[str, Any]) -> None:
    if figure == "yes":
        into["yes"] = _yes_or_no(cell)
    elif criterion.kind != CriterionKind.RATIO and _text(cell).casefold() == NIL:
        into["nil"] = True
    else:
        into[figure] = _whole_number(cell)


def _yes_or_no(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    text = _text(cell).casefold()
    if text in YES or text in NO:
        return text in YES
    raise _CellError(_("%(text)s bukan ya atau tidak.") % {"text": shown(str(cell))})


def _whole_number(cell: Cell) -> int:
    if isinstance(cell, Uncomputed):
        raise _CellError(_("Rumus belum dihitung; buka dan simpan ulang, atau tulis angkanya."))
    if isinstance(cell, Twofold):
        raise _CellError(cell.fault)
    text = _text(cell)
    if not (text.isascii() and text.isdecimal()):
        message = _("%(text)s bukan bilangan bulat; tulis tanpa titik atau koma, misalnya 1250.")
        raise _CellError(message % {"text": shown(str(cell))})
    if len(text) > len(str(MOST)) or int(text) > MOST:
        raise _CellError(_("%(text)s terlalu besar.") % {"text": shown(text)})
    return int(text)


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return plain(cell)
    return cell.strip() if isinstance(cell, str) else ""
