"""Small numbers that the public must not see, and what must go with them. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

Cell = tuple[int, int]
Grid = tuple[tuple[int, ...], ...]


def with_totals(counts: Sequence[Sequence[int]]) -> Grid:
    """The counts with a total at the end of each row, and a row of totals below."""
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def hidden_cells(counts: Sequence[Sequence[int]], threshold: int) -> frozenset[Cell]:
    """The cells (row, column) of `with_totals(counts)` to hide.

    Hidden are counts from 1 to below `threshold`, and as many others as it takes that nobody finds
    them from the totals that are shown: for each hidden cell there is another table of counts,
    none negative, that agrees with every shown cell and differs in this one. A threshold of 0 or 1
    hides nothing. It holds for one table: tables that share totals must be published as one.
    """
    if not counts or not counts[0]:
        return frozenset()
    grid = with_totals(counts)
    every = list(product(range(len(grid)), range(len(grid[0]))))
    hidden = {(row, column) for row, column in every if 0 < grid[row][column] < threshold}
    while True:
        open_to_sums = [cell for cell in sorted(hidden) if not _is_safe(grid, hidden, cell)]
        if not open_to_sums:
            return frozenset(hidden)
        hidden.update(_cheapest(grid, hidden, open_to_sums[0]))


def _is_safe(grid: Grid, hidden: set[Cell], cell: Cell) -> bool:
    return any(hidden.issuperset(square) for square in _squares(grid, cell))


def _cheapest(grid: Grid, hidden: set[Cell], cell: Cell) -> tuple[Cell, ...]:
    """The square that hides least besides what is hidden; the one with the grand total always is."""

    def cost(square: tuple[Cell, ...]) -> tuple[int, int]:
        more = [grid[row][column] for row, column in square if (row, column) not in hidden]
        return sum(more), len(more)

    return min(_squares(grid, cell), key=cost)


def _squares(grid: Grid, cell: Cell) -> Iterator[tuple[Cell, ...]]:
    """Four cells, `cell` among them, that can all change by one while every sum stays right."""
    row, column = cell
    for other_row, other_column in product(range(len(grid)), range(len(grid[0]))):
        if other_row == row or other_column == column:
            continue
        square = (cell, (row, other_column), (other_row, column), (other_row, other_column))
        if _can_change(grid, square):
            yield square


def _can_change(grid: Grid, square: tuple[Cell, ...]) -> bool:
    """Whether one more or one less goes round without a count below zero.

    A total is counted against the cells that it sums, so that its sign turns.
    """
    last_row, last_column = len(grid) - 1, len(grid[0]) - 1
    lessened: dict[int, list[int]] = {1: [], -1: []}
    for turn, (row, column) in zip((1, -1, -1, 1), square, strict=True):
        sign = turn * (-1) ** ((row == last_row) + (column == last_column))
        lessened[sign].append(grid[row][column])
    return all(lessened[1]) or all(lessened[-1])
