"""What was changed: kept without what stayed the same, and readable."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from trail.changes import FieldChange, differing, field_changes, recorded

LABELS = {"name": "Nama", "opd": "OPD"}

texts = st.text(alphabet="abé1, ", max_size=3)
plain = st.none() | st.booleans() | st.integers() | texts
points = st.decimals(0, 1000, places=3)
values = st.dictionaries(
    texts, plain | points | st.dates() | st.lists(plain, max_size=2), max_size=3
)


def test_each_key_of_either_side_is_one_change_under_its_label():
    before, after = {"name": "Dinas A"}, {"name": "Dinas B", "1.2": "5"}

    assert field_changes(before, after, LABELS) == [
        FieldChange("Nama", "Dinas A", "Dinas B"),
        FieldChange("1.2", "–", "5"),
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), ("", "–"), ([], "–"), (["A", "B"], "A, B"), (0, "0"), (False, "False")],
)
def test_only_what_is_empty_is_a_dash(value, shown):
    assert field_changes({"name": value}, {}, LABELS) == [FieldChange("Nama", shown, "–")]


def test_nothing_changed_is_no_change():
    assert field_changes({}, {}, LABELS) == []
    assert differing({"name": "A", "opd": None}, {"name": "A"}) == ({}, {})


@given(values, values)
def test_what_differs_is_kept_on_the_side_that_has_it_and_nothing_else(before, after):
    kept_before, kept_after = differing(before, after)

    changed = {key for key in {**before, **after} if before.get(key) != after.get(key)}
    assert kept_before == {key: before[key] for key in changed & before.keys()}
    assert kept_after == {key: after[key] for key in changed & after.keys()}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("13.200"), "13,2"),
        (Decimal(1000), "1000"),
        (Decimal("0.660"), "0,66"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.000"), "0"),
        (date(2026, 4, 1), "2026-04-01"),
        (gettext_lazy("Aktif"), "Aktif"),
        ((Decimal("1.50"), None), ["1,5", None]),
        (True, True),
        (12, 12),
        (None, None),
    ],
)
def test_a_value_is_kept_in_one_form(value, kept):
    assert recorded({"value": value}) == {"value": kept}


@given(values)
def test_what_is_kept_comes_back_from_json_as_it_went_in_and_is_not_changed_again(given_values):
    kept = recorded(given_values)

    assert json.loads(json.dumps(kept)) == kept
    assert recorded(kept) == kept
