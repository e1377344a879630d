"""The site with a replica that follows by streaming: what may be old is read there, and says so."""

import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from scripts.with_postgres import OWNER, hand_over
from tests.faults.cluster import Cluster, Site, last_line
from tests.faults.test_workers import until

pytestmark = pytest.mark.engines

CSRF = "k" * 32
AGE = "Angka per"
# A city with a year, and the sessions of two people who may see its totals.
PEOPLE = """
import django, json
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from tests.assessments.situations import working_year
from tests.factories.cities import MembershipFactory
year = working_year()
keys = []
for role in ("gugus_tugas", "pimpinan"):
    user = MembershipFactory(city=year.city, **{role: True}).user
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    keys.append(session.session_key)
print(json.dumps([*keys, reverse("plans:forecast_detail", args=[year.city.slug, 2026])]))
"""
NEW_CITY = """
import django
django.setup()
from tests.factories.assessments import AwardFactory
AwardFactory(city__name="{name}", city__code="91.01", city__slug="kota-baru")
"""


class Replica(Cluster):
    """Begun from a copy of the primary, following it through its socket."""

    def __init__(self, primary):
        self.folder = Path(tempfile.mkdtemp(prefix="kla-replica-"))
        self.data = self.folder / "data"
        self.programs, self.as_user = primary.programs, primary.as_user
        if self.as_user:
            hand_over(self.folder, "nobody")
        self.call("pg_basebackup", "-h", primary.folder, "-U", OWNER, "-R", "-c", "fast")


@pytest.fixture(scope="module")
def primary():
    cluster = Cluster(is_migrated=True)
    cluster.start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def site(primary, tmp_path_factory):
    var = tmp_path_factory.mktemp("site")
    replica = Replica(primary)
    replica.start()
    site = Site(var, primary.address(), DATABASE_REPLICA_URL=replica.address(), KLA_WORKERS="1")
    site.doer, site.reader, site.forecast = last_line(site.run("-c", PEOPLE))
    site.replica = replica
    site.start()
    yield site
    site.kill()
    replica.remove()


def page(site, session, path="/peringkat/"):
    status, _headers, text, _seconds = site.get(path, Cookie=f"sessionid={session}")
    assert status == 200
    return text


def mark_all_read(site, session):
    """The least of deeds."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
    connection.request("POST", "/kotak-masuk/dibaca/", headers=headers)
    assert connection.getresponse().status == 302
    connection.close()


def test_national_pages_and_the_forecast_say_as_of_when_they_are(site):
    until(lambda: AGE in page(site, site.reader))

    assert AGE in page(site, site.reader, site.forecast)
    assert AGE not in page(site, site.reader, "/kotak-masuk/")


def test_whoever_has_done_something_reads_nothing_older_than_that(site):
    site.replica.execute("SELECT pg_wal_replay_pause()")
    site.run("-c", NEW_CITY.format(name="Kota Sesudah Jeda"))
    mark_all_read(site, site.doer)

    for_doer, for_reader = (page(site, one) for one in (site.doer, site.reader))
    site.replica.execute("SELECT pg_wal_replay_resume()")

    assert ("Kota Sesudah Jeda" in for_doer, AGE in for_doer) == (True, False)
    assert ("Kota Sesudah Jeda" in for_reader, AGE in for_reader) == (False, True)
    until(lambda: "Kota Sesudah Jeda" in page(site, site.reader))


def test_a_replica_that_dies_stops_no_page_and_is_read_again_when_it_is_back(site):
    site.replica.stop()
    begun = time.monotonic()
    without = [page(site, site.reader) for _time in range(3)]
    seconds = time.monotonic() - begun

    assert [AGE in text for text in without] == [False] * 3
    assert seconds < 10
    assert "The replica does not answer" in site.log()
    site.replica.start()
    until(lambda: AGE in page(site, site.reader))
