"""The site behind pgbouncer in transaction mode, as its role that owns nothing, with few connections."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engines.engines import PGBOUNCER, PgBouncer
from tests.faults.cluster import APP, Cluster, Site, last_line
from tests.faults.conftest import CITY
from tests.faults.test_workers import ASK, STATE, until

pytestmark = pytest.mark.engines

POOL = 3
GRANT = """
import django
django.setup()
from django.conf import settings
from kla.database_roles import grant_app_role
grant_app_role(settings.KLA_APP_DATABASE_URL)
"""
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


@pytest.fixture(scope="module")
def cluster():
    if not Path(PGBOUNCER).exists():
        pytest.skip("pgbouncer is not installed (apt-get install pgbouncer)")
    cluster = Cluster(is_migrated=True)
    cluster.start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def pooler(cluster):
    pooler = PgBouncer(cluster, POOL)
    yield pooler
    pooler.remove()


@pytest.fixture(scope="module")
def site(cluster, pooler, tmp_path_factory):
    """Prepared by the owner at PostgreSQL itself; at work through the pooler alone."""
    app = cluster.address(APP).replace(f"{APP}@", f"{APP}:secret@")
    owner = Site(tmp_path_factory.mktemp("owner"), cluster.address(), KLA_APP_DATABASE_URL=app)
    owner.run("-c", GRANT)
    pooler.start()
    more = {"KLA_PGBOUNCER": "1", "KLA_WORKERS": "2", "KLA_THREADS": "8"}
    site = Site(tmp_path_factory.mktemp("site"), pooler.address, **more)
    site.session, site.question = last_line(site.run("-c", CITY))
    site.start()
    yield site
    site.kill()


def test_more_people_than_connections_are_all_answered(site, cluster):
    def reads(_number):
        return [
            site.get(path, Cookie=f"sessionid={site.session}")[0]
            for path in (site.question, "/sehat/", site.question)
        ]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(reads, range(16))) == [[200] * 3] * 16
    assert 1 <= connections_of_the_site(cluster) <= POOL


def connections_of_the_site(cluster):
    return int(cluster.ask(f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{APP}'")[0][0])


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
    assert 1 <= connections_of_the_site(cluster) <= POOL


def test_long_reading_goes_on_while_rows_are_written(site):
    assert last_line(site.run("-c", READ)) == 1000


def test_jobs_are_done_once_by_two_workers(site, notes, worker):
    site.run("-c", ASK.format(count=15))
    worker()
    worker()
    until(lambda: last_line(site.run("-c", STATE)) == [15, 0])

    assert sorted(notes()) == list(range(15))


def test_a_backup_is_made_through_it_of_one_moment(site, tmp_path):
    assert " baris, " in site.manage("backup", str(tmp_path)).stdout


def test_a_pooler_that_dies_is_told_and_pages_answer_when_it_is_back(site, pooler):
    pooler.kill()
    away = site.get("/sehat/")[:1] + site.get("/sehat/hidup/")[:1]
    pooler.start()

    until(lambda: site.get("/sehat/")[0] == 200)

    assert away == (503, 200)
    assert [site.get("/masuk/")[0] for _number in range(8)] == [200] * 8
