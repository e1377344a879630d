"""The only writer: what it gives an entry, and that a refusal leaves nothing behind."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from assessments.choices import TrailEvent
from assessments.models import Activity
from assessments.services.years import lock
from cities.models import CityActivity, CityTrailEvent
from cities.services.activity import lock_city
from tests.assessments.situations import working_year
from tests.factories.cities import CityFactory, UserFactory
from trail.address import coming_from
from trail.writing import append

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


class OfCity:
    def __init__(self):
        self.city = CityFactory()
        self.entries = self.city.activities
        self.lock = lambda: lock_city(self.city.pk)

    def entry(self, **facts):
        return CityActivity(
            city=self.city, deed=CityTrailEvent.OPD_CHANGED, by=UserFactory(), at=AT, **facts
        )


class OfYear:
    def __init__(self):
        self.year = working_year()
        self.entries = self.year.activities
        self.lock = lambda: lock(self.year.pk)

    def entry(self, **facts):
        return Activity(
            assessment=self.year, deed=TrailEvent.CLAIM_SAVED, by=UserFactory(), at=AT, **facts
        )


@pytest.fixture(params=[OfCity, OfYear])
def trail(request):
    return request.param()


def write(trail, *entries, lock=None):
    append(entries, to=trail.entries.all(), lock=lock or trail.lock)


def stored(trail):
    return list(trail.entries.order_by("position"))


def test_entries_follow_the_last_one_in_the_order_given(trail):
    before = stored(trail)
    write(trail, trail.entry(after={"name": "A"}), trail.entry(after={"name": "B"}))
    write(trail, trail.entry(after={"name": "C"}))

    rows = stored(trail)
    assert [row.after["name"] for row in rows[len(before) :]] == ["A", "B", "C"]
    assert [row.position for row in rows] == list(range(1, len(before) + 4))
    assert [row.previous_hash for row in rows] == ["", *(row.hash for row in rows[:-1])]
    assert [row.hash for row in rows] == [row.compute_hash() for row in rows]


def test_what_a_caller_says_of_position_hash_and_address_counts_for_nothing(trail):
    write(trail, trail.entry())
    last = stored(trail)[-1]
    write(trail, trail.entry(position=99, hash="a", previous_hash="b", address="203.0.113.9"))

    row = stored(trail)[-1]
    assert (row.position, row.previous_hash, row.address) == (last.position + 1, last.hash, None)
    assert row.hash == row.compute_hash()


def test_values_are_kept_as_every_database_gives_them_back(trail):
    write(trail, trail.entry(after={"points": Decimal("13.200"), "due_on": date(2026, 4, 1)}))

    row = stored(trail)[-1]
    assert row.after == {"points": "13,2", "due_on": "2026-04-01"}
    assert row.hash == row.compute_hash()


@pytest.mark.parametrize(
    "address", ["203.0.113.9", "2001:DB8:0:0::1", "2001:db8::1", "::203.0.113.9"]
)
def test_the_hash_survives_the_way_the_database_spells_addresses(trail, rf, address):
    with coming_from(rf.get("/", REMOTE_ADDR=address)):
        write(trail, trail.entry())

    row = stored(trail)[-1]
    assert row.address is not None
    assert row.hash == row.compute_hash()


def test_no_entries_leave_the_trail_as_it_was(trail):
    before = stored(trail)
    write(trail)

    assert stored(trail) == before


def test_a_lock_that_is_not_had_writes_nothing(trail):
    before = stored(trail)

    def refused():
        raise TimeoutError

    with pytest.raises(TimeoutError):
        write(trail, trail.entry(), lock=refused)

    assert stored(trail) == before


def test_an_entry_that_the_database_refuses_takes_its_neighbours_along(trail):
    before = stored(trail)
    nameless = trail.entry()
    nameless.by_id = None

    with pytest.raises(IntegrityError), transaction.atomic():
        write(trail, trail.entry(), nameless)

    assert stored(trail) == before
    write(trail, trail.entry())
    assert [row.position for row in stored(trail)] == list(range(1, len(before) + 2))


def test_a_deed_that_fails_after_its_entry_leaves_no_gap(trail):
    before = stored(trail)

    def deed():
        write(trail, trail.entry())
        raise ValueError

    with pytest.raises(ValueError), transaction.atomic():  # noqa: PT011 -- whatever fails
        deed()

    write(trail, trail.entry())
    rows = stored(trail)
    assert [row.position for row in rows] == list(range(1, len(before) + 2))
    assert rows[-1].previous_hash == (before[-1].hash if before else "")
