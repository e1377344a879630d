"""The rules about style sheets, as tests over every file."""

import re
from pathlib import Path

import pytest

SHEETS = sorted((Path(__file__).parent.parent / "static" / "css").glob("*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_block_that_opens_closes_before_the_next_heading(sheet):
    """A browser throws away all that follows an open block, and tells nobody."""
    unclosed = [
        part.strip().partition("\n")[0]
        for part in re.split(r"(?=/\* --- )", sheet.read_text())
        if (rules := COMMENT.sub("", part)).count("{") != rules.count("}")
    ]

    assert unclosed == []
