"""Which pages read the replica, and when they do not. With a real one: tests/engines."""

from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.core.cache import cache
from django.db import OperationalError, router
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from cities import replica
from cities.models import City
from cities.replica import CLOCKS, note_deed, on_primary, reading, reads_replica, replica_for
from tests.factories.cities import UserFactory

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def followed(monkeypatch, settings):
    """A replica that has everything until the moment that is returned."""
    at = timezone.now()
    settings.DATABASE_ROUTERS = ["cities.replica.ReplicaRouter"]
    monkeypatch.setattr(replica, "has_replica", lambda: True)
    monkeypatch.setattr(replica, "replayed_until", lambda: at)
    monkeypatch.setattr(replica._Away, "until", 0.0)
    return at


@pytest.fixture
def asked():
    request = RequestFactory().get("/")
    request.user = UserFactory()
    return request


@reads_replica
def told(request):
    return HttpResponse(f"{router.db_for_read(City)} {request.figures_at}")


def said(request):
    return told(request).content.decode()


def test_without_the_setting_nothing_changes(asked):
    note_deed(asked.user, at=timezone.now())

    assert said(asked) == "default None"
    assert not hasattr(site_settings, "DATABASE_ROUTERS") or site_settings.DATABASE_ROUTERS == []
    assert "kla.middleware.noted_deeds" not in site_settings.MIDDLEWARE
    assert cache.get(f"deed:{asked.user.pk}") is None


def test_a_page_reads_it_and_nothing_else_does(followed, asked):
    assert said(asked) == f"replica {followed}"
    assert router.db_for_read(City) == router.db_for_write(City) == "default"
    with reading("replica"):
        assert (router.db_for_read(City), router.db_for_write(City)) == ("replica", "default")
        with on_primary():
            assert router.db_for_read(City) == "default"
        assert router.db_for_read(City) == "replica"


@pytest.mark.parametrize(("before", "is_read"), [(CLOCKS, True), (CLOCKS - SECOND, False)])
def test_it_has_whatever_the_person_did_or_is_not_read(followed, asked, before, is_read):
    note_deed(asked.user, at=followed - before)
    note_deed(UserFactory(), at=followed + SECOND)  # of somebody else

    assert (replica_for(asked.user) == followed) is is_read


def test_one_that_follows_nobody_is_not_read(followed, asked, monkeypatch):
    monkeypatch.setattr(replica, "replayed_until", lambda: None)

    assert said(asked) == "default None"


def test_one_that_fails_in_the_middle_is_left_alone_for_a_moment(
    followed, asked, monkeypatch, caplog
):
    class Closed(dict):
        def __getitem__(self, _alias):
            return self

        def close(self):
            pass

    monkeypatch.setattr(replica, "connections", Closed())
    places = []

    @reads_replica
    def page(request):
        places.append(router.db_for_read(City))
        if places[-1] == "replica":
            raise OperationalError("canceled for recovery of Kota Rahasia")
        return HttpResponse(str(request.figures_at))

    assert page(asked).content == b"None"
    assert page(asked).content == b"None"

    assert places == ["replica", "default", "default"]
    assert "OperationalError" in caplog.text
    assert "Rahasia" not in caplog.text
    monkeypatch.setattr(replica._Away, "until", 0.0)
    assert said(asked) == f"replica {followed}"
