"""A line of a table beside what is stored, both as text by field. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from figures.numbers import NOTHING, format_rupiah
from imports.lines import Difference, Line, Standing
from imports.models import StagedImport
from imports.services.staged import Reading
from workbooks.records import Record, RecordColumn, Records


def reading_of(records: Records) -> Reading:
    return Reading([row.as_json() for row in records.rows], records.faults)


def rows_of(staged: StagedImport) -> list[Record]:
    return [Record.of_json(data) for data in staged.rows]


def line_of(
    row: Record,
    columns: Sequence[RecordColumn],
    here: Mapping[str, str] | None,
    *,
    name: str,
    fault: str = "",
    note: str = "",
) -> Line:
    """`here` is what is stored of it, None where there is nothing; its item is the row."""
    key = "-".join(row.key)
    if fault:
        name = _("Baris %(line)d, %(name)s") % {"line": row.line, "name": name}
        return Line(key, name, Standing.REFUSED, note=fault, item=row)
    if here is None:
        return Line(key, name, Standing.NEW, note=note, item=row)
    titles = {one.field: one.title for one in columns}
    differences = [
        Difference(titles[field], _shown(field, here.get(field, "")), _shown(field, text))
        for field, text in row.values.items()
        if here.get(field, "") != text
    ]
    standing = Standing.CONFLICT if differences else Standing.SAME
    return Line(key, name, standing, differences, note, row)


def _shown(field: str, text: str) -> str:
    if field in ("ceiling", "money") and text:
        return format_rupiah(int(text))
    return text.replace(".", ",") if field in ("target", "baseline") else text or NOTHING
