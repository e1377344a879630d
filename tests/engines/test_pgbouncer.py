"""The site behind pgbouncer in transaction mode: two connections for all of its threads."""

import json
import signal
import threading

import pytest

from tests.engines.engines import PgBouncer
from tests.faults.cluster import Cluster, Site, last_line
from tests.faults.test_workers import ASK, FORGET, STATE, Worker, until

pytestmark = pytest.mark.engines

CONNECTIONS = 2
LIMITS = """
import django, json
django.setup()
from django.db import connection
found = []
for _number in range(20):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('TimeZone')")
        found.append(cursor.fetchone())
print(json.dumps([list(one) for one in sorted(set(found))]))
"""
# Rows that are read while others write: a cursor that outlived its statement would be gone.
READ = """
import django, json
django.setup()
from django.utils import timezone
from jobs.models import Job
Job.objects.bulk_create(
    Job(key=f"read {number}", name="tests.x", asked_at=timezone.now(), next_try_at=timezone.now(),
        done_at=timezone.now())
    for number in range(1000)
)
seen = 0
for job in Job.objects.filter(name="tests.x").order_by("pk").iterator(chunk_size=10):
    seen += 1
    if seen % 50 == 0:
        Job.objects.filter(pk=job.pk).update(fault="x")
print(json.dumps(seen))
Job.objects.filter(name="tests.x").delete()
"""
BACKENDS = """
import django, json
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    print(json.dumps(cursor.fetchone()[0]))
"""


@pytest.fixture(scope="module")
def cluster():
    cluster = Cluster()
    cluster.start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def pooler(cluster):
    pooler = PgBouncer(cluster, CONNECTIONS)
    pooler.start()
    yield pooler
    pooler.remove()


@pytest.fixture(scope="module")
def site(cluster, pooler, tmp_path_factory):
    """Prepared past the pooler, as its owner; then two web processes with four threads each."""
    var = tmp_path_factory.mktemp("site")
    site = Site(var, cluster.address())
    site.manage("prepare", "-v0")
    site.environment |= {"DATABASE_URL": pooler.address, "KLA_PGBOUNCER": "1"}
    site.start()
    yield site
    site.kill()


@pytest.fixture
def notes(site, tmp_path):
    path = tmp_path / "notes"
    path.touch()
    site.environment |= {"KLA_TEST_NOTES": str(path)}
    yield lambda: [int(line) for line in path.read_text().split()]
    site.run("-c", FORGET)


def test_limits_and_clock_are_the_same_on_every_connection(site):
    assert last_line(site.run("-c", LIMITS)) == [["5s", "1min", "UTC"]]


def test_many_pages_at_once_share_the_few_connections(site, cluster):
    answers = []

    def ask():
        answers.extend(site.get("/sehat/siap/")[0] for _number in range(10))

    threads = [threading.Thread(target=ask) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 120
    straight = site.run("-c", BACKENDS, DATABASE_URL=cluster.address(), KLA_PGBOUNCER="0")
    assert json.loads(straight.stdout.splitlines()[-1]) <= CONNECTIONS + 1


def test_long_reading_goes_on_while_rows_are_written(site):
    assert last_line(site.run("-c", READ)) == 1000


def test_jobs_are_done_once_by_two_workers(site, notes, tmp_path):
    site.run("-c", ASK.format(count=15))
    workers = [Worker(site, tmp_path / "log") for _number in range(2)]
    try:
        until(lambda: last_line(site.run("-c", STATE)) == [15, 0])
    finally:
        for one in workers:
            one.end(signal.SIGKILL)

    assert sorted(notes()) == list(range(15))


def test_a_pooler_that_dies_is_told_and_pages_answer_when_it_is_back(site, pooler):
    pooler.kill()
    away = site.get("/sehat/")[:1] + site.get("/sehat/hidup/")[:1]
    pooler.start()

    until(lambda: site.get("/sehat/")[0] == 200)

    assert away == (503, 200)
    assert [site.get("/masuk/")[0] for _number in range(8)] == [200] * 8
