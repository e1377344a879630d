"""How a row of a file stands to what the site holds: three sides, compared value by value."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.sheets import Scope
from assessments.worksheets.layout import same_text
from assessments.worksheets.rows import (
    ComparedRow,
    FileRow,
    Held,
    compare,
    counted,
    fingerprint,
)
from workbooks.merging import Standing

UNCHANGED, CHANGED, CONFLICT = Standing.UNCHANGED, Standing.CHANGED, Standing.CONFLICT


def held(points, note=""):
    return Held(None if points is None else Decimal(points), note)


def row_of(given, seen=None, **fields):
    return FileRow("1.1", given, "Klaster I", 6, seen, **fields)


@pytest.mark.parametrize(
    ("seen", "site", "file", "standing", "result"),
    [
        # nobody changed anything
        (held(5), held(5), held(5), UNCHANGED, held(5)),
        (held(None), held(None), held(None), UNCHANGED, held(None)),
        (held("5.00"), held("5.000"), held(5), UNCHANGED, held(5)),
        # only the file did
        (held(5), held(5), held(7), CHANGED, held(7)),
        (held(5), held(5), held(None), CHANGED, held(None)),
        (held(None), held(None), held(0), CHANGED, held(0)),
        (held(5, "a"), held(5, "a"), held(5, "b"), CHANGED, held(5, "b")),
        (held(5, "a"), held(5, "a"), held(5, ""), CHANGED, held(5, "")),
        # only the site did
        (held(5), held(6), held(5), UNCHANGED, held(6)),
        (held(5, "a"), held(5, "b"), held(5, "a"), UNCHANGED, held(5, "b")),
        # both, to the same
        (held(5), held(7), held(7), UNCHANGED, held(7)),
        # both, to different ones
        (held(5), held(6), held(7), CONFLICT, held(7)),
        (held(5), held(None), held(7), CONFLICT, held(7)),
        (held(5, "a"), held(5, "b"), held(5, "c"), CONFLICT, held(5, "c")),
        # each another value: both stay
        (held(5, "a"), held(6, "a"), held(5, "c"), CHANGED, held(6, "c")),
        (held(5, "a"), held(5, "b"), held(7, "a"), CHANGED, held(7, "b")),
        (held(5, "a"), held(6, "b"), held(7, "a"), CONFLICT, held(7, "b")),
    ],
)
def test_a_row_of_a_working_sheet(seen, site, file, standing, result):
    row = row_of(file, seen)

    assert compare(row, site) == ComparedRow(row, site, standing, result)


@pytest.mark.parametrize(
    ("site", "file", "standing", "result"),
    [
        (held(None), Held(Decimal(7)), CHANGED, held(7)),
        (held(7), Held(Decimal(7)), UNCHANGED, held(7)),
        (held(6, "a"), Held(Decimal(7)), CONFLICT, held(7, "a")),
    ],
)
def test_a_table_that_knows_no_former_value_only_fills_what_is_empty(site, file, standing, result):
    row = row_of(file)

    assert compare(row, site) == ComparedRow(row, site, standing, result)


def test_an_official_table_changes_what_is_there():
    row = row_of(Held(Decimal(7)))

    assert compare(row, Held(Decimal(6)), replaces=True).standing == CHANGED
    assert compare(row, Held(Decimal(7)), replaces=True).standing == UNCHANGED


points = st.none() | st.integers(0, 3).map(Decimal)
helds = st.builds(Held, points, st.sampled_from(["", "a", "b", "=c", "'=c", "a\r\nb", "a\nb"]))


@given(seen=helds, site=helds, file=helds)
def test_no_value_that_somebody_changed_on_the_site_goes_without_a_conflict(seen, site, file):
    compared = compare(row_of(file, seen), site)

    site_moved = seen.points != site.points
    loses_points = compared.changes_points and site_moved
    note_moved = not same_text(seen.note, site.note)
    loses_note = compared.changes_note and note_moved
    assert (compared.standing == CONFLICT) == (loses_points or loses_note)
    changes = compared.changes_points or compared.changes_note
    assert (compared.standing == UNCHANGED) == (not changes)


@given(seen=st.none() | helds, file=helds, scope=st.sampled_from(Scope))
def test_a_row_survives_being_kept(seen, file, scope):
    row = row_of(file, seen, scope=scope)

    assert FileRow.of_json(json.loads(json.dumps(row.as_json()))) == row


def test_a_preview_has_another_fingerprint_once_the_site_moves():
    rows = [row_of(held(7), held(5))]
    before = fingerprint(compare(row, held(5)) for row in rows)

    assert fingerprint(compare(row, held("5.000")) for row in rows) == before
    others = [held(6), held(None), held(5, "a")]
    found = {fingerprint(compare(row, site) for row in rows) for site in others}
    assert len(found - {before}) == 3


def test_standings_are_counted():
    rows = [compare(row_of(held(p), held(5)), held(5)) for p in (5, 6, 7)]

    assert counted(rows) == {UNCHANGED: 1, CHANGED: 2, CONFLICT: 0}
