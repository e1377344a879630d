"""A deadline hour in small: two web processes, a worker and people at work, on the embedded default
and on PostgreSQL.

`make load` plays it longer and tells how the two compare: KLA_LOAD_SECONDS, KLA_LOAD_PEOPLE,
KLA_LOAD_CITIES.
"""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time

import psutil
import pytest

from tests.faults.cluster import ROOT, Cluster, Site, last_line
from tests.faults.server import migrated_database
from tests.faults.test_workers import Worker, until

pytestmark = pytest.mark.engines

SECONDS = int(os.environ.get("KLA_LOAD_SECONDS", "15"))
PEOPLE = int(os.environ.get("KLA_LOAD_PEOPLE", "12"))
CITIES = int(os.environ.get("KLA_LOAD_CITIES", "3"))
MOST_GROWTH = 1.1 if SECONDS >= 120 else 1.5  # a short hour is all beginning
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


@pytest.fixture(scope="module", params=["embedded default", "PostgreSQL"])
def site(request, tmp_path_factory):
    var, cluster = tmp_path_factory.mktemp("site"), None
    if request.param == "PostgreSQL":
        cluster = Cluster(is_migrated=True)
        cluster.start()
        address = cluster.address()
    else:
        address = f"sqlite:///{shutil.copy(migrated_database(), var)}"
    # Nobody hands in two hundred papers an hour, but few play many here.
    site = Site(var, address, KLA_PERSON_HOURLY_FILES="0", KLA_PERSON_HOURLY_BYTES="0")
    site.engine = request.param
    site.people = last_line(site.run("-c", POPULATE.replace("CITIES", str(CITIES))))
    site.start()
    site.worker = Worker(site, var / "worker.log")
    yield site
    if site.worker.process.poll() is None:
        site.worker.end(signal.SIGKILL)
    site.kill()
    if cluster is not None:
        cluster.remove()


@pytest.fixture(scope="module")
def figures():
    """What each engine did, for the next to be compared with."""
    return {}


def memory_of(process):
    """Of a process and those it started, in bytes; what they share counts once for each."""
    whole = psutil.Process(process.pid)
    return sum(one.memory_info().rss for one in (whole, *whole.children(recursive=True)))


def hour(site, folder, *, seconds):
    """What people were answered while they worked for so long, and how the server's memory grew.

    That is its last quarter to its second one: in the first it reads what it keeps.
    """
    people, answers = folder / "people.json", folder / "answers.json"
    people.write_text(json.dumps(site.people))
    held = []
    with (folder / "locust").open("wb") as log:
        locust = subprocess.Popen(
            [
                *LOCUST,
                *("-f", "tests/engines/deadline.py", "--headless", "--skip-log"),
                *f"-u {PEOPLE} -r {PEOPLE} -t {seconds}s --stop-timeout 20".split(),
                *("-H", f"http://127.0.0.1:{site.port}", "--exit-code-on-error", "0"),
            ],
            cwd=ROOT,
            env=os.environ
            | {"PYTHONPATH": str(ROOT), "KLA_PEOPLE": str(people), "KLA_ANSWERS": str(answers)},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        while locust.poll() is None:
            held.append(memory_of(site.server))
            time.sleep(0.5)
    assert answers.exists(), (folder / "locust").read_text()
    _first, second, _third, last = (
        statistics.median(held[len(held) * part // 4 : len(held) * (part + 1) // 4])
        for part in range(4)
    )
    return json.loads(answers.read_text()), last / second


def test_a_deadline_hour_loses_nothing_and_leaves_right_totals(site, figures, tmp_path):
    seen, grown = hour(site, tmp_path, seconds=SECONDS)

    times = sorted(seen["milliseconds"])
    middle, slow = (times[int(len(times) * share)] for share in (0.5, 0.95))
    figures[site.engine] = {"answers": len(times), "half within": middle, "95 % within": slow}
    first = figures["embedded default"]
    ratios = {name: round(value / first[name], 2) for name, value in figures[site.engine].items()}
    print(  # noqa: T201 -- the figures of `make load`
        f"\n{site.engine}: {PEOPLE} people, {CITIES} cities, {SECONDS} s: {len(times)} answers,"
        f" {len(times) / SECONDS:.1f} a second; half within {middle:.0f} ms, 95 % within {slow:.0f} ms;"
        f" {len(seen['handed_in'])} papers, {len(seen['decided'])} decisions; memory × {grown:.2f};"
        f" to the embedded default {ratios}"
    )
    assert grown < MOST_GROWTH
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
