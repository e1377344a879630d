"""What a sheet says of one unit and criterion, and how that stands to the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from territories.criteria import Said
from territories.sheets.layout import said_digest
from workbooks.merging import merged


@dataclass(frozen=True, slots=True)
class FileRow:
    """One answer of the file. `seen` is the digest of what was exported; "" of a sheet of one's own."""

    unit: str  # code
    criterion: str
    said: Said
    source: str
    sheet: str
    line: int
    seen: str = ""

    @property
    def key(self) -> str:
        return f"{self.unit}:{self.criterion}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> FileRow:
        return cls(**{**data, "said": Said(**data["said"])})


def stands(row: FileRow, site: Said) -> tuple[bool, bool]:
    """Whether the file changes what the site holds, and whether both changed it to something else.

    Without what was exported, only what is empty is filled without asking.
    """
    base, held, given = row.seen or said_digest(Said()), said_digest(site), said_digest(row.said)
    result, is_disputed = merged(given, base, held, equal=str.__eq__)
    return result != held, is_disputed
