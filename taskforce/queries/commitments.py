"""The commitments as one page shows them: party by party, those without any too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from taskforce.choices import CommitmentState, Sector
from taskforce.models import Commitment
from taskforce.models.commitments import CommitmentQuerySet


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    commitment: Commitment
    is_late: bool


@dataclass(frozen=True, slots=True)
class SectorRows:
    sector: Sector
    rows: Sequence[CommitmentRow]


@dataclass(frozen=True, slots=True)
class CommitmentBoard:
    """All six parties in their order."""

    sectors: Sequence[SectorRows]

    @property
    def rows(self) -> list[CommitmentRow]:
        return [row for sector in self.sectors for row in sector.rows]

    @property
    def kept(self) -> int:
        return sum(row.commitment.state == CommitmentState.KEPT for row in self.rows)

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.rows)

    @property
    def silent(self) -> list[str]:
        """Parties that have promised nothing yet."""
        return [str(one.sector.label) for one in self.sectors if not one.rows]


def commitment_board(commitments: CommitmentQuerySet, *, today: date) -> CommitmentBoard:
    """In one query."""
    rows = [
        CommitmentRow(one, one.is_late_on(today))
        for one in commitments.select_related("city", "document__city")
    ]
    return CommitmentBoard(
        [
            SectorRows(sector, [row for row in rows if row.commitment.sector == sector])
            for sector in Sector
        ]
    )
