"""Compares a file with the stored year, question by question: new, unchanged, or in conflict.

Knows no database. Rows are kept as JSON between the preview and its confirmation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessments.sheets import Scope
from assessments.worksheets.layout import same_text
from clusters.spec import plain_number
from workbooks.merging import Standing, digest_of, merged


@dataclass(frozen=True, slots=True)
class Held:
    """Points and note; no note where a table has none to say."""

    points: Decimal | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the file: what it says and, of a working sheet, what was exported."""

    code: str
    given: Held
    sheet: str
    line: int
    seen: Held | None = None
    scope: Scope = Scope.QUESTION

    @property
    def key(self) -> str:
        return f"{self.scope}:{self.code}"

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "scope": self.scope.value,
            "sheet": self.sheet,
            "line": self.line,
            "given": _held_as_json(self.given),
            "seen": None if self.seen is None else _held_as_json(self.seen),
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> FileRow:
        return cls(
            code=data["code"],
            given=_held_of_json(data["given"]),
            sheet=data["sheet"],
            line=data["line"],
            seen=None if data["seen"] is None else _held_of_json(data["seen"]),
            scope=Scope(data["scope"]),
        )


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row of the file beside what the site holds now.

    `result` is what the site would hold with the file's side taken; each of points and note
    that the file leaves as exported stays as the site has it.
    """

    row: FileRow
    site: Held
    standing: Standing
    result: Held

    @property
    def changes_points(self) -> bool:
        return self.result.points != self.site.points

    @property
    def changes_note(self) -> bool:
        return not _same_note(self.result.note, self.site.note)


def compare(row: FileRow, site: Held, *, replaces: bool = False) -> ComparedRow:
    """How one row of the file stands to the site.

    A row without what was exported can only fill what is empty: another value on the site is
    a conflict, unless the table `replaces` what is there, as an official one does.
    """
    base = row.seen or (site if replaces else Held(None, None if row.given.note is None else ""))
    points, is_disputed = merged(row.given.points, base.points, site.points, equal=_same_points)
    note, is_note_disputed = site.note, False
    if row.given.note is not None:
        note, is_note_disputed = merged(row.given.note, base.note, site.note, equal=_same_note)
    result = Held(points, note)
    compared = ComparedRow(row, site, Standing.UNCHANGED, result)
    if is_disputed or is_note_disputed:
        standing = Standing.CONFLICT
    elif compared.changes_points or compared.changes_note:
        standing = Standing.CHANGED
    else:
        standing = Standing.UNCHANGED
    return ComparedRow(row, site, standing, result)


def fingerprint(rows: Iterable[ComparedRow]) -> str:
    """Of what a preview shows: another one means that the site moved in the meantime."""
    return digest_of(
        [row.row.key, row.standing, *_told(row.site), *_told(row.result)] for row in rows
    )


def counted(rows: Sequence[ComparedRow]) -> dict[Standing, int]:
    return {one: sum(row.standing == one for row in rows) for one in Standing}


def _same_points(one: Decimal | None, other: Decimal | None) -> bool:
    return one == other


def _same_note(one: str | None, other: str | None) -> bool:
    return same_text(one or "", other or "")


def _told(held: Held) -> list[str]:
    return ["" if held.points is None else plain_number(held.points), held.note or ""]


def _held_as_json(held: Held) -> dict[str, str | None]:
    points = None if held.points is None else plain_number(held.points)
    return {"points": points, "note": held.note}


def _held_of_json(data: Mapping[str, str | None]) -> Held:
    points = data["points"]
    return Held(None if points is None else Decimal(points), data["note"])
