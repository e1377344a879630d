"""Jobs by a real RabbitMQ on a real PostgreSQL: brokers and workers die, each effect comes once."""

import signal
import time

import pytest

from tests.engines.engines import RabbitMQ
from tests.faults.cluster import Cluster, Site, last_line
from tests.faults.test_workers import ASK, FREE, STATE, until

pytestmark = pytest.mark.engines

# The same messages once more, as a broker delivers them after a connection broke.
DOUBLE = """
import django
django.setup()
from django_tasks import task_backends
from jobs.models import Job
from jobs.running import work
assert type(task_backends["default"]).__name__ == "CeleryBackend"
keys = list(Job.objects.filter(name="tests.faults.slow_jobs.note").values_list("key", flat=True))
for key in keys * 3:
    work.enqueue(key)
"""
TOLD = """
import django, json
django.setup()
from django_tasks_db.models import DBTaskResult
from jobs.models import Job
jobs = Job.objects.filter(name="tests.faults.slow_jobs.note")
print(json.dumps([
    jobs.count(),
    jobs.exclude(delivered_at=None).count(),
    DBTaskResult.objects.count(),
]))
"""


@pytest.fixture(scope="module")
def broker():
    broker = RabbitMQ()
    broker.start()
    yield broker
    broker.remove()


@pytest.fixture(scope="module")
def site(broker, tmp_path_factory):
    cluster = Cluster(is_migrated=True)
    cluster.start()
    var = tmp_path_factory.mktemp("site")
    site = Site(var, cluster.address(), CELERY_BROKER_URL=broker.address)
    yield site
    site.kill()
    cluster.remove()


def ask(site, count):
    site.run("-c", ASK.format(count=count))


def all_done(site, count):
    return lambda: last_line(site.run("-c", STATE)) == [count, 0]


def test_two_workers_share_the_jobs_and_a_doubled_message_finds_nothing_to_do(site, notes, worker):
    ask(site, 20)
    site.run("-c", DOUBLE)
    assert last_line(site.run("-c", TOLD)) == [20, 20, 0]

    worker()
    worker()
    until(all_done(site, 20))
    site.run("-c", DOUBLE)
    ask(site, 1)  # stands behind all of the doubled ones
    until(lambda: len(notes()) == 21)

    assert sorted(notes()) == [0, *range(20)]


def test_what_is_asked_for_while_the_broker_is_away_is_done_once(site, notes, worker, broker):
    worker()
    ask(site, 10)
    until(lambda: len(notes()) >= 2)
    broker.kill()

    begun = time.monotonic()
    ask(site, 15)  # ten anew and five more
    seconds = time.monotonic() - begun
    assert last_line(site.run("-c", TOLD))[0] == 15
    time.sleep(2)
    broker.start()
    until(all_done(site, 15))

    assert set(notes()) == set(range(15))
    assert all(notes().count(number) <= 2 for number in range(10)), "asked for twice"
    assert all(notes().count(number) == 1 for number in range(10, 15))
    assert seconds < 60


def test_a_killed_worker_loses_nothing_and_another_goes_on(site, notes, worker):
    first = worker()
    ask(site, 12)
    until(lambda: len(notes()) >= 3)
    first.end(signal.SIGKILL)
    site.run("-c", FREE)  # as when its hold had ended

    worker()
    until(all_done(site, 12))

    assert sorted(notes()) == list(range(12))


def test_a_worker_that_is_told_to_stop_finishes_what_it_does(site, notes, worker):
    only = worker()
    ask(site, 6)
    until(lambda: len(notes()) >= 1)

    assert only.end(signal.SIGTERM) == 0

    done, held = last_line(site.run("-c", STATE))
    assert (done, held) == (len(notes()), 0)
