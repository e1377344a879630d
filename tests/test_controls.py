"""The tables of controls tell the truth about our tests: whatever they name is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TABLES = ("security-controls.md", "forty-checks.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ANSWERS = {"ya", "sebagian", "**belum**", "tidak berlaku", "di luar situs"}


def text_of(table):
    return (ROOT / "docs" / table).read_text(encoding="utf-8")


@cache
def names_in(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def gone(text):
    """What a text names as a test that is not there."""
    return [
        f"{path}::{name}"
        for path, name in NAMED.findall(text)
        if not name.startswith("test_") or not (ROOT / path).exists() or name not in names_in(path)
    ]


def rows(text):
    """The cells of each row that begins with the number of a control."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines()]
    return [cells for cells in lines if re.fullmatch(r"[\d.–]+", cells[0])]


@pytest.mark.parametrize("table", TABLES)
def test_every_test_that_a_table_names_is_there(table):
    assert gone(text_of(table)) == []


def test_a_test_that_is_gone_is_noticed():
    here = "tests/test_controls.py"

    assert gone(f"`{here}::test_a_test_that_is_gone_is_noticed`") == []
    assert gone(f"`{here}::test_nobody_wrote` `tests/test_nowhere.py::test_it`") == [
        f"{here}::test_nobody_wrote",
        "tests/test_nowhere.py::test_it",
    ]


def test_the_forty_checks_are_forty_each_with_an_answer():
    checks = rows(text_of("forty-checks.md"))

    assert [int(cells[0]) for cells in checks] == list(range(1, 41))
    assert {cells[2] for cells in checks} <= ANSWERS
    assert [cells[0] for cells in checks if cells[2] == "ya" and "::" not in cells[-1]] == []


def test_every_control_stands_once_with_an_answer():
    controls = rows(text_of("security-controls.md"))

    numbers = [cells[0] for cells in controls]
    assert len(numbers) == len(set(numbers))
    assert {cells[2] for cells in controls} <= ANSWERS


def test_what_is_not_met_says_why():
    controls = [*rows(text_of("security-controls.md")), *rows(text_of("forty-checks.md"))]
    without = {"**belum**", "sebagian"}

    assert [
        cells[0] for cells in controls if cells[2] in without and not cells[3].strip(" |")
    ] == []
