"""Reads the workbook of an instrument; every fault is named with its sheet and cell."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clusters.library import InstrumentError, read_document
from clusters.plain_yaml import Fault
from clusters.sheets.layout import (
    BAND,
    CLUSTER,
    COLUMNS,
    COVER,
    COVER_COLUMNS,
    COVER_PARTS,
    FILE,
    FILE_ITEMS,
    HEAD,
    HEAD_ITEMS,
    INDICATOR,
    LAW,
    LISTS,
    NAMED,
    PARTS,
    REQUIRED,
    REQUIRED_ITEMS,
    CellError,
    InstrumentColumn,
    as_value,
)
from clusters.spec import InstrumentSpec
from texts.folding import as_title
from texts.languages import in_indonesian
from workbooks.reading import Cell, Sheet, SheetFault, UnreadableError, is_empty, read_workbook

# A path in the document inside a sentence: “… sudah dipakai di clusters[0].code.”
PLACE = re.compile(
    r"(?<= di )(?:agencies|clusters|evidence_kinds|instrument)(?:\[\d+\])?(?:\.[a-z0-9_]+(?:\[\d+\])?)+"
)
MISSING: Any = ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, and from which content it was once exported ("" if it does not tell)."""

    spec: InstrumentSpec
    exported: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell, a line or a sheet, to which a fault is attached."""

    sheet: Sheet
    line: int = 0
    column: int | None = None

    def fault(self, message: str) -> SheetFault:
        return self.sheet.fault(self.line, self.column, message)


@in_indonesian
def read_sheets(content: bytes, name: str, *, leaving: Collection[str] = ()) -> Reading:
    """The instrument in an XLSX file as `draw` lays it out.

    Faults whose finding is among `leaving` are let pass, as `library.read` does. Raises
    UnreadableError with every fault.
    """
    table = _Table(read_workbook(content, name))
    try:
        spec = read_document(table.document, [], leaving=leaving)
    except InstrumentError as error:
        raise UnreadableError(*table.faults, *table.told(error.faults)) from error
    if table.faults:
        raise UnreadableError(*table.faults)
    exported = table.document.get("exported", "")
    return Reading(spec, exported if isinstance(exported, str) else "")


class _Table:
    """Turns rows into the document, remembering from which cell each value came."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.faults: list[SheetFault] = []
        self.spots: dict[str, Spot] = {}
        self.document: dict[str, Any] = {
            "instrument": {"legal_basis": [], "bands": [], "stages": []},
            "agencies": [],
            "evidence_kinds": [],
            "clusters": [],
        }
        self.read_cover(sheets)
        for sheet in sheets:
            if sheet.name != COVER and sheet.rows:
                self.read_cluster(sheet)

    # --- Cells ----------------------------------------------------------------------------

    def fault(self, spot: Spot, message: str) -> None:
        self.faults.append(spot.fault(message))

    def value(self, key: str, cell: Cell, spot: Spot) -> object:
        """What the cell means; a fault is noted and leaves the value out."""
        try:
            return as_value(key, cell)
        except CellError as error:
            self.fault(spot, str(error))
            return MISSING

    def rows(
        self, sheet: Sheet, columns: Sequence[InstrumentColumn]
    ) -> Iterator[tuple[Spot, list[tuple[Spot, Cell]]]]:
        """Below the header: the line of each row and its cells in the order of the columns."""
        line, header = sheet.rows[0]
        names = [as_title(cell) if isinstance(cell, str) else "" for cell in header]
        wanted = [as_title(column.header) for column in columns]
        if not set(wanted) & set(names):
            message = _("Lembar ini tidak dikenal; pindahkan ke berkas lain.")
            self.fault(Spot(sheet), message)
            return
        for column, name in zip(columns, wanted, strict=True):
            if names.count(name) != 1:
                message = _("Kolom “%(name)s” harus ada tepat satu kali.")
                self.fault(Spot(sheet, line), message % {"name": column.header})
        if any(names.count(name) != 1 for name in wanted):
            return
        indexes = [names.index(name) for name in wanted]
        self.faults += sheet.merged_below(line, indexes)
        for number, cells in sheet.rows[1:]:
            found = [cells[index] if index < len(cells) else None for index in indexes]
            spots = [Spot(sheet, number, index) for index in indexes]
            if not all(is_empty(cell) for cell in found):
                yield Spot(sheet, number), list(zip(spots, found, strict=True))

    # --- The cover ------------------------------------------------------------------------

    def read_cover(self, sheets: Sequence[Sheet]) -> None:
        cover = next((sheet for sheet in sheets if sheet.name == COVER and sheet.rows), None)
        if cover is None:
            message = _("Lembar “%(name)s” tidak ada.") % {"name": COVER}
            raise UnreadableError(SheetFault(0, message))
        self.spots[""] = self.spots["instrument"] = Spot(cover)
        for row, cells in self.rows(cover, COVER_COLUMNS):
            self.read_cover_row(row, cells)
        for path, (part, item) in REQUIRED_ITEMS.items():
            if path not in self.spots:
                message = _("Baris “%(part)s”, “%(item)s” tidak ada atau kosong.")
                self.fault(Spot(cover), message % {"part": part, "item": item})

    def read_cover_row(self, row: Spot, cells: list[tuple[Spot, Cell]]) -> None:
        part, rest = _word(cells[0][1]), cells[1:]
        if part in (FILE, HEAD):
            self.read_item(part, rest)
        elif part == LAW:
            self.read_entry("instrument.legal_basis", {"": rest[1]})
        elif part == BAND:
            keys = {"predikat": rest[1], "min": rest[2], "max": rest[3]}
            self.read_entry("instrument.bands", keys)
        elif part in NAMED:
            self.read_entry(NAMED[part], {"code": rest[0], "name": rest[1]})
        else:
            self.fault(
                cells[0][0], _("Tulis salah satu: %(parts)s.") % {"parts": _list(COVER_PARTS)}
            )

    def read_item(self, part: str, cells: list[tuple[Spot, Cell]]) -> None:
        (item_spot, item), (spot, cell) = cells[0], cells[1]
        items, into, prefix = (
            (FILE_ITEMS, self.document, "")
            if part == FILE
            else (HEAD_ITEMS, self.document["instrument"], "instrument.")
        )
        key = next((key for key, name in items.items() if name == _word(item)), None)
        if key is None:
            message = _("Tulis salah satu: %(parts)s.") % {"parts": _list(items.values())}
            self.fault(item_spot, message)
        elif f"{prefix}{key}" in self.spots:
            self.fault(item_spot, _("Butir ini tertulis dua kali."))
        elif not is_empty(cell):
            self.spots[f"{prefix}{key}"] = spot
            into[key] = self.value(key, cell, spot)

    def read_entry(self, path: str, cells: dict[str, tuple[Spot, Cell]]) -> None:
        """One more entry of a list: a mapping of the keys, or with the key "" a bare text."""
        into: Any = self.document
        for step in path.split("."):
            into = into[step]
        here = f"{path}[{len(into)}]"
        values: dict[str, object] = {}
        for key, (spot, cell) in cells.items():
            self.spots[f"{here}.{key}" if key else here] = spot
            self.spots.setdefault(here, spot)
            values[key] = "" if is_empty(cell) else self.value(key, cell, spot)
        into.append(values[""] if "" in cells else values)

    # --- The clusters ---------------------------------------------------------------------

    def read_cluster(self, sheet: Sheet) -> None:
        clusters = self.document["clusters"]
        before = len(clusters)
        for row, cells in self.rows(sheet, COLUMNS):
            part = _word(cells[0][1])
            if part == CLUSTER:
                self.put(clusters, "clusters", part, cells, "indicators")
            elif part not in PARTS:
                self.fault(cells[0][0], _("Tulis salah satu: %(parts)s.") % {"parts": _list(PARTS)})
            elif len(clusters) == before:
                self.fault(row, _("Baris “Klaster” harus mendahului isinya."))
            elif part == INDICATOR:
                path = f"clusters[{len(clusters) - 1}].indicators"
                self.put(clusters[-1]["indicators"], path, part, cells, "questions")
            elif not clusters[-1]["indicators"]:
                self.fault(row, _("Baris “Indikator” harus mendahului pertanyaannya."))
            else:
                indicators = clusters[-1]["indicators"]
                path = f"clusters[{len(clusters) - 1}].indicators[{len(indicators) - 1}].questions"
                self.put(indicators[-1]["questions"], path, part, cells, "")

    def put(
        self,
        into: list[Any],
        path: str,
        part: str,
        cells: list[tuple[Spot, Cell]],
        below: str,
    ) -> None:
        here = f"{path}[{len(into)}]"
        self.spots[here] = cells[0][0]
        entry: dict[str, Any] = {below: []} if below else {}
        for column, (spot, cell) in zip(COLUMNS[1:], cells[1:], strict=True):
            key = column.keys.get(part)
            if key is None and not is_empty(cell):
                message = _("Kolom ini tidak dipakai di baris “%(part)s”; kosongkan.")
                self.fault(spot, message % {"part": part})
            elif key:
                self.spots[f"{here}.{key}"] = spot
                if not is_empty(cell):
                    entry[key] = self.value(key, cell, spot)
                elif key in REQUIRED[part]:
                    entry[key] = ""
        into.append(entry)

    # --- Telling --------------------------------------------------------------------------

    def told(self, faults: list[Fault]) -> Iterator[SheetFault]:
        """The faults of the document at their cells; a cell whose fault is known is left out."""
        known = {(fault.sheet, fault.line, fault.column) for fault in self.faults}
        for fault in faults:
            spot = self.spot(fault.place)
            message = PLACE.sub(self.named, fault.message)
            if fault.place in LISTS:
                yield spot.fault(f"{LISTS[fault.place]}: {message}")
            elif (spot.sheet.name, spot.line, spot.column) not in known:
                yield spot.fault(message)

    def spot(self, path: str) -> Spot:
        """The cell of that path, or of the nearest thing around it."""
        while path and path not in self.spots:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.spots[path]

    def named(self, match: re.Match[str]) -> str:
        """A path in the document inside a sentence, as its cell."""
        return self.spot(match[0]).fault("").place


def _word(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)
