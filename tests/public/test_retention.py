"""Messages of the public go once their time is over, and the trail tells how many."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied

from cities.models import CityActivity, CityTrailEvent, User
from public.choices import MessageState
from public.jobs import remove_messages as nightly
from public.models import PublicMessage
from public.services.retention import messages_until, remove_messages
from tests.factories.cities import CityFactory, MembershipFactory, SiteAdminFactory
from tests.factories.public import PublicMessageFactory

pytestmark = pytest.mark.django_db

UNTIL = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
NOW = UNTIL.replace(year=2027)
MARKED = [state for state in MessageState if state != MessageState.NEW]


@pytest.fixture
def admin():
    return SiteAdminFactory()


def marked(at=UNTIL, state=MessageState.PASSED_ON, **fields):
    """Long before it was marked, it came."""
    return PublicMessageFactory(state=state, settled_at=at, **fields)


def unread(on=date(2026, 3, 9), **fields):
    return PublicMessageFactory(on=on, **fields)


def told():
    found = CityActivity.objects.filter(deed=CityTrailEvent.DATA_REMOVED).order_by("city", "pk")
    return list(found.values_list("city", "target"))


@pytest.mark.parametrize("state", MARKED)
def test_what_was_marked_counts_from_then(state):
    old, _young = marked(state=state), marked(UNTIL + timedelta(seconds=1), state=state)

    assert list(messages_until(UNTIL)) == [old]


def test_what_nobody_marked_counts_from_the_day_that_it_came():
    old, _young = unread(), unread(on=date(2026, 3, 10))

    assert list(messages_until(UNTIL)) == [old]


def test_they_go_and_each_city_is_told_how_many_and_how_many_were_unread(admin):
    one, other = CityFactory(), CityFactory()
    for message in (marked, marked, unread):
        message(city=one)
    marked(city=other, text="Rahasia keluarga kami")
    kept = [marked(NOW, city=one), unread(on=NOW.date(), city=one), unread(on=NOW.date())]

    assert remove_messages(until=UNTIL, by=admin, at=NOW) == 4

    assert set(PublicMessage.objects.all()) == set(kept)
    assert told() == [
        (one.pk, "3 pesan warga, 1 di antaranya belum dibaca"),
        (other.pk, "1 pesan warga, 0 di antaranya belum dibaca"),
    ]
    lines = str(list(CityActivity.objects.values()))
    assert "Rahasia" not in lines


def test_a_second_run_finds_and_tells_nothing(admin):
    unread()
    remove_messages(until=UNTIL, by=admin, at=NOW)
    before = told()

    assert remove_messages(until=UNTIL, by=admin, at=NOW) == 0
    assert (told(), len(before)) == (before, 1)


def test_only_a_site_administrator_removes_them():
    message = unread()
    by = MembershipFactory(admin_kota=True, city=message.city).user

    with pytest.raises(PermissionDenied):
        remove_messages(until=UNTIL, by=by, at=NOW)

    assert (PublicMessage.objects.count(), told()) == (1, [])


@pytest.mark.parametrize(("years", "gone"), [("", False), ("2", False), ("1", True)])
def test_the_clock_removes_what_is_as_old_as_the_installation_says(admin, settings, years, gone):
    settings.KLA_RETENTION = settings.KLA_RETENTION | {"messages": years}
    message = unread()

    for _run in range(2):
        nightly.function(now=lambda: NOW)

    assert PublicMessage.objects.exists() is not gone
    assert told() == [(message.city_id, "1 pesan warga, 1 di antaranya belum dibaca")] * gone


def test_without_an_administrator_nobody_would_answer_for_it():
    User.objects.filter(is_superuser=True).update(is_active=False)
    nightly.function(now=lambda: NOW)  # nothing to answer for
    unread()

    with pytest.raises(ImproperlyConfigured, match="Belum ada administrator situs yang aktif"):
        nightly.function(now=lambda: NOW)

    assert PublicMessage.objects.count() == 1


def test_a_year_is_what_an_installation_keeps_that_says_nothing(settings):
    assert settings.KLA_RETENTION["messages"] == "1"
