"""A draft for its page: the sums of its parts compared with its maxima."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from clusters.linter import anchor
from clusters.spec import ClusterSpec, IndicatorSpec, InstrumentSpec


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """An indicator with what its questions add up to."""

    spec: IndicatorSpec
    total: Decimal
    is_first: bool
    is_last: bool

    @property
    def is_even(self) -> bool:
        return self.total == self.spec.max_points


@dataclass(frozen=True, slots=True)
class Section:
    """A cluster with what its indicators add up to."""

    spec: ClusterSpec
    total: Decimal
    rows: list[OutlineRow]
    is_first: bool
    is_last: bool

    @property
    def is_even(self) -> bool:
        return self.total == self.spec.max_points

    @property
    def anchor(self) -> str:
        """Where findings about the cluster point, if that is not where its code does."""
        named = anchor(self.spec.label)
        return "" if named == f"klaster-{self.spec.code}" else named


def outline(spec: InstrumentSpec) -> list[Section]:
    """The clusters in the instrument's order."""
    last = len(spec.clusters) - 1
    return [
        Section(
            spec=cluster,
            total=_total(row.max_points for row in cluster.indicators),
            rows=list(_rows(cluster)),
            is_first=index == 0,
            is_last=index == last,
        )
        for index, cluster in enumerate(spec.clusters)
    ]


def _rows(cluster: ClusterSpec) -> Iterable[OutlineRow]:
    last = len(cluster.indicators) - 1
    for index, row in enumerate(cluster.indicators):
        total = _total(question.max_points for question in row.questions)
        yield OutlineRow(spec=row, total=total, is_first=index == 0, is_last=index == last)


def _total(points: Iterable[Decimal]) -> Decimal:
    return sum(points, Decimal(0))
