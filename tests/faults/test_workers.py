"""Real workers on a real PostgreSQL, killed and started: each job's effect comes once."""

import signal
import subprocess
import sys
import time

import pytest

from tests.faults.cluster import PATIENCE, ROOT, last_line

pytestmark = pytest.mark.faults

ASK = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from jobs.running import ask
for number in range({count}):
    ask("tests.faults.slow_jobs.note", number, at=timezone.now())
"""
STATE = """
import django, json
django.setup()
from jobs.models import Job
jobs = Job.objects.filter(name="tests.faults.slow_jobs.note")
print(json.dumps([jobs.exclude(done_at=None).count(), jobs.exclude(held_by=None).count()]))
"""
FREE = """
import django
django.setup()
from jobs.models import Job
from django.utils import timezone
Job.objects.filter(held_until__gt=timezone.now()).update(held_until=timezone.now())
Job.objects.update(delivered_at=None)
"""
FORGET = """
import django
django.setup()
from jobs.models import Job
Job.objects.all().delete()
"""


class Worker:
    def __init__(self, site, path):
        with path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "work"],
                cwd=ROOT,
                env=site.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def end(self, with_signal):
        self.process.send_signal(with_signal)
        return self.process.wait(PATIENCE)


@pytest.fixture
def notes(site, tmp_path):
    """A file that each job writes its number to."""
    path = tmp_path / "notes"
    path.touch()
    site.environment |= {"KLA_TEST_NOTES": str(path)}
    yield lambda: [int(line) for line in path.read_text().split()]
    site.run("-c", FORGET)


@pytest.fixture
def worker(site, notes, tmp_path):
    started = []

    def start():
        started.append(Worker(site, tmp_path / "log"))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)


def until(condition, seconds=180):
    """A try that failed, as while a server was away, is made again only after a pause."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)


def test_three_workers_do_each_of_thirty_jobs_once(site, notes, worker):
    site.run("-c", ASK.format(count=30))

    for _time in range(3):
        worker()
    until(lambda: len(notes()) >= 30)

    until(lambda: last_line(site.run("-c", STATE)) == [30, 0])
    assert sorted(notes()) == list(range(30))


def test_what_a_killed_worker_held_is_done_by_the_next_one(site, notes, worker):
    site.run("-c", ASK.format(count=6))
    first = worker()
    until(lambda: len(notes()) >= 2)

    first.end(signal.SIGKILL)
    done_by_first = len(notes())
    site.run("-c", FREE)  # as if the hold of what it was doing had ended
    worker()

    until(lambda: last_line(site.run("-c", STATE)) == [6, 0])
    assert sorted(set(notes())) == list(range(6))
    # Only the one that it was doing may have been written by both.
    assert len(notes()) in {6, 7}
    assert done_by_first >= 2


def test_a_worker_that_is_asked_to_stop_finishes_what_it_does(site, notes, worker):
    site.run("-c", ASK.format(count=5))
    first = worker()
    until(notes)

    code = first.end(signal.SIGTERM)

    done, held = last_line(site.run("-c", STATE))
    assert (code, held) == (0, 0)
    assert done == len(notes()) < 5


def test_a_database_that_goes_and_comes_back_stops_no_worker(site, cluster, notes, worker):
    one = worker()
    site.run("-c", ASK.format(count=1))
    until(lambda: notes() == [0])

    cluster.stop()
    time.sleep(3)
    cluster.start()
    site.run("-c", FORGET)
    site.run("-c", ASK.format(count=2))

    until(lambda: notes() == [0, 0, 1])
    assert one.process.poll() is None
