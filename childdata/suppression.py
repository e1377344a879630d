"""Small numbers that the public must not see, and what must go with them. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    hidden = _small(grid, threshold)
    while (cell := _open_to_sums(grid, hidden, len(grid))) is not None:
        hidden.update(_cheapest(grid, hidden, _squares(grid, cell, len(grid))))
    return frozenset(hidden)


def hidden_below_totals(counts: Sequence[Sequence[int]], threshold: int) -> frozenset[Cell] | None:
    """The same for a table whose last row, of totals, another table shows: none of it is hidden.

    Each hidden cell can then differ while the totals stay, so any number of such tables beside one
    that shows the totals give nothing more away than each alone. None where a number cannot be
    hidden below those totals: then the table is not published at all.
    """
    if not counts or not counts[0]:
        return frozenset()
    grid = with_totals(counts)
    hidden, rows = _small(grid, threshold), len(counts)
    if any(row == rows for row, _column in hidden):
        return None
    while (cell := _open_to_sums(grid, hidden, rows)) is not None:
        squares = list(_squares(grid, cell, rows))
        if not squares:
            return None
        hidden.update(_cheapest(grid, hidden, squares))
    return frozenset(hidden)


def _small(grid: Grid, threshold: int) -> set[Cell]:
    every = product(range(len(grid)), range(len(grid[0])))
    return {(row, column) for row, column in every if 0 < grid[row][column] < threshold}


def _open_to_sums(grid: Grid, hidden: set[Cell], rows: int) -> Cell | None:
    """The first hidden cell that no square within so many rows protects."""
    for cell in sorted(hidden):
        if not any(hidden.issuperset(square) for square in _squares(grid, cell, rows)):
            return cell
    return None


def _cheapest(
    grid: Grid, hidden: set[Cell], squares: Iterable[tuple[Cell, ...]]
) -> tuple[Cell, ...]:
    """The square that hides least besides what is hidden; the one with the grand total always is."""

    def cost(square: tuple[Cell, ...]) -> tuple[int, int]:
        more = [grid[row][column] for row, column in square if (row, column) not in hidden]
        return sum(more), len(more)

    return min(squares, key=cost)


def _squares(grid: Grid, cell: Cell, rows: int) -> Iterator[tuple[Cell, ...]]:
    """Four cells of the first `rows`, `cell` among them, that can all change by one while every sum
    stays right.
    """
    row, column = cell
    for other_row, other_column in product(range(rows), range(len(grid[0]))):
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
