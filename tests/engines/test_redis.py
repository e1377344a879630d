"""The cache on a real Redis, which is killed, held and started again under a real site."""

import re
import shutil
import signal
import time
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
import redis

from tests.engines.engines import PATIENCE, Redis
from tests.faults.cluster import ROOT, Site
from tests.faults.server import migrated_database

pytestmark = pytest.mark.engines

CSRF = "k" * 32
TOO_MANY = "Terlalu banyak percobaan masuk"
TABLE = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT COUNT(*) FROM kla_cache")
    print(cursor.fetchone()[0])
"""
CHURN = """
import django
django.setup()
from django.core.cache import cache
for number in range(5_000):
    cache.set(f"churn {number}", "x" * 200, 1)
"""


@pytest.fixture(scope="module")
def engine():
    engine = Redis()
    engine.start()
    yield engine
    engine.remove()


@pytest.fixture(scope="module")
def site(engine, tmp_path_factory):
    """Two web processes, whose cache is on that Redis."""
    var = tmp_path_factory.mktemp("site")
    shutil.copy(migrated_database(), var)
    site = Site(var, f"sqlite:///{var / 'kla.sqlite3'}", REDIS_URL=engine.address)
    site.manage("prepare")
    site.start()
    yield site
    site.kill()


@pytest.fixture
def client(engine):
    with redis.Redis.from_url(engine.address) as client:
        client.flushall()
        yield client


class OfCompose(Redis):
    """With the file that compose gives it, but for the file of its password and its folder."""

    def command(self):
        auth, settings = self.folder / "auth", self.folder / "redis.conf"
        auth.write_text("requirepass secret\n")
        text = (ROOT / "deploy" / "redis" / "redis.conf").read_text()
        text = text.replace("/run/secrets/redis_auth", str(auth))
        settings.write_text(text.replace("dir /tmp", f"dir {self.folder}"))
        return ["redis-server", str(settings), "--port", str(self.port)]

    def greets(self):
        return self.talk(b"PING\r\n").startswith(b"-NOAUTH")


def guess(site, email):
    """Status, page and seconds of one attempt with a wrong password."""
    form = {"login": email, "password": "wrong-password", "csrfmiddlewaretoken": CSRF}
    headers = {
        "Cookie": f"csrftoken={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    begun = time.monotonic()
    connection = HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    try:
        connection.request("POST", "/masuk/", urlencode(form), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), time.monotonic() - begun
    finally:
        connection.close()


def refused_at(site, email):
    """At which of eleven attempts the throttle stepped in; None where it never did."""
    for number in range(1, 12):
        status, page, _seconds = guess(site, email)
        assert status == 200, page
        if TOO_MANY in page:
            return number
    return None


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.2)


def rows_in_the_database(site):
    return int(site.run("-c", TABLE).stdout)


def test_attempts_to_sign_in_are_counted_on_redis_over_all_processes(site, client):
    assert refused_at(site, "ani@example.id") == 11

    keys = client.keys("*")
    assert len(keys) > 1
    assert all(key.startswith(b"kla:") for key in keys)
    assert all(client.ttl(key) > 0 for key in keys), "what never ends would fill the memory"
    assert rows_in_the_database(site) == 0


def test_memory_returns_to_where_it_was(site, client):
    site.run("-c", CHURN)
    site.run("-c", CHURN)
    until(lambda: client.dbsize() == 0)
    before = client.info("memory")["used_memory"]

    for _round in range(3):
        site.run("-c", CHURN)
    until(lambda: client.dbsize() == 0)

    assert client.info("memory")["used_memory"] < before * 1.1


def test_killed_redis_the_throttle_counts_on_in_the_database(site, engine, client):
    engine.kill()

    assert refused_at(site, "budi@example.id") == 11
    assert site.get("/masuk/")[0] == 200
    assert rows_in_the_database(site) > 0
    said = re.findall(r"Redis does not answer \(\w+\); the cache is in the database", site.log())
    assert 1 <= len(said) <= 12, "told once in a while, not for each of dozens of askings"
    assert engine.address not in site.log()

    engine.start()

    def is_counted_there():
        assert guess(site, "citra@example.id")[0] == 200
        return client.keys("*")

    until(is_counted_there)
    assert "Redis answers again" in site.log()


def test_a_redis_that_hangs_costs_a_moment_and_not_the_page(site, engine, client):
    engine.send(signal.SIGSTOP)
    try:
        first, second = (guess(site, "dewi@example.id") for _number in range(2))
    finally:
        engine.send(signal.SIGCONT)

    assert (first[0], second[0]) == (200, 200)
    # Two waits of half a second in each of two processes, and the work itself.
    assert first[2] + second[2] < 10


def test_the_redis_of_compose_wants_a_password_and_keeps_what_ends_last():
    engine = OfCompose()
    try:
        engine.start()
        with redis.Redis(port=engine.port, password="secret") as client:
            said = client.config_get("maxmemory*")
    finally:
        engine.remove()

    assert (said["maxmemory-policy"], said["maxmemory"]) == ("volatile-ttl", str(200 * 1024**2))
