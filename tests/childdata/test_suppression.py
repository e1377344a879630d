"""Small numbers are hidden, and nobody finds a hidden one from the totals that are shown."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from childdata.suppression import hidden_below_totals, hidden_cells, with_totals

THRESHOLD = 5
FEW = settings(max_examples=30, derandomize=True)


@st.composite
def tables(draw, *, most_rows=6, most_columns=3, most=12):
    columns = draw(st.integers(1, most_columns))
    row = st.lists(st.integers(0, most), min_size=columns, max_size=columns)
    return draw(st.lists(row, min_size=1, max_size=most_rows))


def tables_that_fit(counts, hidden, most):
    """Every table of counts up to `most` whose shown cells are those of `counts`."""
    shown = with_totals(counts)
    height, width = len(counts), len(counts[0])
    choices = [
        range(most + 1) if (row, column) in hidden else (shown[row][column],)
        for row, column in product(range(height), range(width))
    ]
    for flat in product(*choices):
        table = with_totals([flat[start : start + width] for start in range(0, len(flat), width)])
        every = product(range(height + 1), range(width + 1))
        if all(table[r][c] == shown[r][c] for r, c in every if (r, c) not in hidden):
            yield table


def test_totals_stand_at_the_end_of_rows_and_below():
    assert with_totals([[1, 2], [3, 4]]) == ((1, 2, 3), (3, 4, 7), (4, 6, 10))


def test_a_table_without_small_numbers_is_shown_whole():
    assert hidden_cells([[5, 0], [20, 7]], THRESHOLD) == frozenset()


def test_a_count_just_below_the_threshold_is_hidden_and_one_at_it_is_not():
    assert (0, 0) in hidden_cells([[4, 9], [30, 40]], THRESHOLD)
    assert hidden_cells([[5, 9], [30, 40]], THRESHOLD) == frozenset()


def test_nothing_is_not_small():
    assert hidden_cells([[0, 0], [0, 0]], THRESHOLD) == frozenset()


def test_no_threshold_hides_nothing():
    assert hidden_cells([[1, 2], [3, 1]], 0) == frozenset()
    assert hidden_cells([[1, 2], [3, 1]], 1) == frozenset()


def test_an_empty_table_has_nothing_to_hide():
    assert hidden_cells([], THRESHOLD) == frozenset()
    assert hidden_cells([[]], THRESHOLD) == frozenset()


def test_one_small_number_takes_a_square_of_the_least_numbers_with_it():
    hidden = hidden_cells([[2, 30], [40, 50], [90, 80]], THRESHOLD)
    assert hidden == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_the_only_cell_of_a_table_takes_its_totals_with_it():
    assert hidden_cells([[3]], THRESHOLD) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_noughts_that_cannot_change_protect_nothing():
    """Hidden in a square with three noughts, a 1 would be the only count that fits."""
    counts = [[1, 0, 5], [0, 0, 5], [5, 5, 0]]
    square = {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert {table[0][0] for table in tables_that_fit(counts, square, 6)} == {1}
    hidden = hidden_cells(counts, THRESHOLD)
    assert len({table[0][0] for table in tables_that_fit(counts, hidden, 6)}) > 1


def test_a_nought_protects_where_its_total_is_hidden_too():
    hidden = hidden_cells([[3], [0], [40]], THRESHOLD)
    assert hidden == {(0, 0), (0, 1), (1, 0), (1, 1)}


@FEW
@given(tables(), st.integers(0, 8))
def test_every_small_number_is_hidden(counts, threshold):
    grid = with_totals(counts)
    small = {
        (row, column)
        for row, column in product(range(len(grid)), range(len(grid[0])))
        if 0 < grid[row][column] < threshold
    }
    assert small <= hidden_cells(counts, threshold)
    assert small or hidden_cells(counts, threshold) == frozenset()


@FEW
@given(tables(most_rows=2, most_columns=2, most=4), st.integers(2, 4))
def test_no_hidden_number_can_be_computed_from_what_is_shown(counts, threshold):
    """A plain search through all tables of counts finds at least two values for each."""
    hidden = hidden_cells(counts, threshold)
    values = {cell: set() for cell in hidden}
    for table in tables_that_fit(counts, hidden, 5):
        for row, column in hidden:
            values[row, column].add(table[row][column])
    assert [cell for cell, found in values.items() if len(found) < 2] == []


def test_below_totals_that_are_shown_two_lines_hide_each_other():
    assert hidden_below_totals([[2, 30], [40, 50]], THRESHOLD) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert hidden_below_totals([[5, 30], [40, 50]], THRESHOLD) == frozenset()
    assert hidden_below_totals([], THRESHOLD) == frozenset()


def test_a_number_that_only_hidden_totals_could_hide_keeps_its_table_back():
    assert hidden_below_totals([[2, 30]], THRESHOLD) is None
    assert hidden_below_totals([[2, 0], [0, 30]], THRESHOLD) is None  # the 2 is its own total
    assert hidden_cells([[2, 30]], THRESHOLD) != frozenset()


@FEW
@given(tables(most_rows=3, most_columns=2, most=4), st.integers(2, 4))
def test_below_totals_too_no_hidden_number_can_be_computed(counts, threshold):
    """The totals are shown, so every table that fits has the same; others beside it change nothing."""
    hidden = hidden_below_totals(counts, threshold)
    if hidden is None:
        return
    values = {cell: set() for cell in hidden}
    for table in tables_that_fit(counts, hidden, 5):
        for row, column in hidden:
            values[row, column].add(table[row][column])
    assert [cell for cell, found in values.items() if len(found) < 2] == []
    assert len(counts) not in {row for row, _column in hidden}
    assert all(
        (at, column) in hidden
        for at, row in enumerate(with_totals(counts))
        for column, count in enumerate(row)
        if 0 < count < threshold
    )
