"""The hash of an entry depends on nothing but what it says."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from trail import hash_chain

AT = datetime(2026, 3, 2, 3, 0, 0, 1, tzinfo=UTC)
VALUES = {"position": 1, "deed": "opd_created", "before": {}, "after": {"name": "Dinas é"}}


def test_the_hash_of_the_same_values_is_the_same_for_ever():
    assert hash_chain.digest(VALUES, at=AT) == (
        "3c9c027b50c88eee134b099020d0f3069e739bd04ee5f28498a96ee776b35b66"
    )


def test_neither_the_order_of_values_nor_the_zone_of_the_moment_matters():
    turned = dict(reversed(VALUES.items()))
    in_jakarta = AT.astimezone(timezone(timedelta(hours=7)))

    assert hash_chain.digest(turned, at=in_jakarta) == hash_chain.digest(VALUES, at=AT)


@pytest.mark.parametrize(
    "changed",
    [
        {"position": 2},
        {"position": "1"},
        {"deed": "opd_changed"},
        {"before": {"name": None}},
        {"after": {"name": "Dinas e"}},
        {"address": None},
    ],
)
def test_every_value_and_its_type_matters(changed):
    assert hash_chain.digest(VALUES | changed, at=AT) != hash_chain.digest(VALUES, at=AT)


def test_a_microsecond_matters():
    later = AT + timedelta(microseconds=1)

    assert hash_chain.digest(VALUES, at=later) != hash_chain.digest(VALUES, at=AT)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", AT])
def test_what_json_cannot_hold_is_refused_rather_than_hashed_somehow(value):
    with pytest.raises(TypeError):
        hash_chain.digest(VALUES | {"after": {"value": value}}, at=AT)
    with pytest.raises(TypeError):
        json.dumps(value)
