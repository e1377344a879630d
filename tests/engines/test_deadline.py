"""A deadline hour in small: two web processes and a worker on PostgreSQL, and people at work.

`make load` plays it longer: KLA_LOAD_SECONDS, KLA_LOAD_PEOPLE, KLA_LOAD_CITIES.
"""

import json
import os
import signal
import subprocess
import sys

import psutil
import pytest

from tests.faults.cluster import ROOT, Cluster, Site, last_line
from tests.faults.test_workers import Worker, until

pytestmark = pytest.mark.engines

SECONDS = int(os.environ.get("KLA_LOAD_SECONDS", "15"))
PEOPLE = int(os.environ.get("KLA_LOAD_PEOPLE", "12"))
CITIES = int(os.environ.get("KLA_LOAD_CITIES", "3"))
LOCUST = (sys.executable, "-m", "locust")
POPULATE = """
import django, json
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from tests.assessments.situations import reviewer_of, staff_of, working_year
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory

def person(member, year, **more):
    session = SessionStore()
    session[SESSION_KEY] = str(member.user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.save()
    return {"session": session.session_key, "year": year.get_absolute_url(), **more}

people = {"opd": [], "reviewer": [], "leader": []}
for _city in range(int("CITIES")):
    year = working_year()
    tasks = reverse("assessments:task_list", args=[year.city.slug])
    for code, question in (("DISDIK", "1.2"), ("DINKES", "2a.2")):
        kind = answer_of(year, question).question.evidence_kinds.first().code
        for _number in range(2):
            member = staff_of(year, code)
            people["opd"].append(person(member, year, question=question, kind=kind, tasks=tasks))
    for _number in range(2):
        people["reviewer"].append(person(reviewer_of(year), year))
    people["leader"].append(person(MembershipFactory(pimpinan=True, city=year.city), year))
print(json.dumps(people))
"""
COUNT = """
import django, json
django.setup()
from assessments.models import Evidence
from jobs.models import Job
titles = list(Evidence.objects.values_list("document__title", flat=True))
decided = list(Evidence.objects.filter(verdict="accepted").values_list("pk", flat=True))
print(json.dumps([titles, decided, Job.objects.open().exclude(name__contains="scan").count(), Job.objects.parked().count()]))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    cluster = Cluster(is_migrated=True)
    cluster.start()
    var = tmp_path_factory.mktemp("site")
    # Nobody hands in two hundred papers an hour, but few play many here.
    site = Site(var, cluster.address(), KLA_PERSON_HOURLY_FILES="0", KLA_PERSON_HOURLY_BYTES="0")
    site.people = last_line(site.run("-c", POPULATE.replace("CITIES", str(CITIES))))
    site.start()
    site.worker = Worker(site, var / "worker.log")
    yield site
    if site.worker.process.poll() is None:
        site.worker.end(signal.SIGKILL)
    site.kill()
    cluster.remove()


def memory_of(process):
    """Of a process and those it started, in bytes; what they share counts once for each."""
    whole = psutil.Process(process.pid)
    return sum(one.memory_info().rss for one in (whole, *whole.children(recursive=True)))


def hour(site, folder, *, seconds):
    """What people were answered while they worked for so long."""
    people, answers = folder / "people.json", folder / "answers.json"
    people.write_text(json.dumps(site.people))
    done = subprocess.run(
        [
            *LOCUST,
            *("-f", "tests/engines/deadline.py", "--headless", "--skip-log"),
            *("-u", str(PEOPLE), "-r", str(PEOPLE), "-t", f"{seconds}s", "--stop-timeout", "20"),
            *("-H", f"http://127.0.0.1:{site.port}", "--exit-code-on-error", "0"),
        ],
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "KLA_PEOPLE": str(people), "KLA_ANSWERS": str(answers)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answers.exists(), done.stderr
    return json.loads(answers.read_text())


def test_a_deadline_hour_loses_nothing_and_leaves_right_totals(site, tmp_path):
    before = memory_of(site.server)
    seen = hour(site, tmp_path, seconds=SECONDS)
    grown = memory_of(site.server) / before

    times = sorted(seen["milliseconds"])
    middle, slow = (round(times[int(len(times) * share)]) for share in (0.5, 0.95))
    print(  # noqa: T201 -- the figures of `make load`
        f"\n{PEOPLE} people, {CITIES} cities, {SECONDS} s: {len(times)} answers, {len(times) / SECONDS:.1f}"
        f" a second; half within {middle} ms, 95 % within {slow} ms; {len(seen['handed_in'])} papers,"
        f" {len(seen['decided'])} decisions; memory × {grown:.2f}"
    )
    assert set(seen["statuses"]) <= {"200", "302", "404", "409"}, seen["statuses"]
    assert len(seen["handed_in"]) > 0
    assert len(seen["decided"]) > 0
    until(lambda: last_line(site.run("-c", COUNT))[2] == 0)
    titles, decided, _open, parked = last_line(site.run("-c", COUNT))
    assert set(seen["handed_in"]) <= set(titles)
    assert len(titles) == len(set(titles))
    assert {int(key) for key in seen["decided"]} <= set(decided)
    assert parked == 0
    assert "Tidak ada selisih." in site.manage("refresh_scores", "--dry-run").stdout
    site.manage("verify_trail")
    site.manage("verify_documents")
