"""Rows of planning grouped by the OPD that leads their question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from cities.models import Opd


class Led(Protocol):
    @property
    def lead(self) -> Opd | None: ...


Row = TypeVar("Row", bound=Led)


def by_lead(rows: Iterable[Row]) -> Mapping[Opd | None, list[Row]]:
    """The rows of each OPD in their order; those that nobody leads stand under None."""
    found: dict[Opd | None, list[Row]] = {}
    for row in rows:
        found.setdefault(row.lead, []).append(row)
    return found
