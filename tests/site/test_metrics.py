"""Figures for Prometheus: who reads them, what they count, and that processes count together."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from assessments.choices import NotificationKind
from assessments.models import Notification, Upload
from jobs.models import Job
from kla import metrics
from kla.monitoring_settings import read_networks, read_token
from outbox.models import Letter, LetterKind
from tests.assessments.situations import secretary_of
from tests.factories.assessments import EvidenceFactory, answer_of, open_year
from tests.factories.cities import InvitationFactory

ROOT = Path(__file__).parents[2]
TOKEN = "t" * 32
NOW = timezone.now()


def figures(text):
    """Value by name and labels."""
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def standing():
    return figures(metrics.exposition().decode())


@pytest.fixture
def readable(settings):
    settings.KLA_METRICS_TOKEN = TOKEN
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.django_db
def test_where_nothing_is_set_nobody_reads_them(client):
    assert client.get("/metrik/").status_code == 404
    assert client.get("/metrik/", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 404),
        (f"Basic {TOKEN}", 404),
        (TOKEN, 404),
        ("Bearer", 404),
        ("", 404),
    ],
)
def test_whoever_has_the_token_reads_them(client, readable, given, status):
    response = client.get("/metrik/", headers={"Authorization": given})

    assert response.status_code == status
    assert ("kla_jobs" in response.text) == (status == 200)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "sender", "forwarded", "status"),
    [
        (0, "10.1.2.3", "", 200),
        (0, "::ffff:10.1.2.3", "", 200),
        (0, "fd00::7", "", 200),
        (0, "11.1.2.3", "", 404),
        (0, "11.1.2.3", "10.1.2.3", 404),  # what anybody may write
        (1, "10.1.2.3", "11.1.2.3", 404),  # our proxy is near, who asked it is not
        (1, "10.1.2.3", "10.9.9.9", 200),
    ],
)
def test_so_does_a_network_that_is_named(client, settings, proxies, sender, forwarded, status):
    env = _environment("10.0.0.0/8, fd00::/8")
    settings.KLA_METRICS_NETWORKS = read_networks(env)
    settings.PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    response = client.get("/metrik/", headers=headers, REMOTE_ADDR=sender)

    assert response.status_code == status


@pytest.mark.django_db
def test_they_are_in_the_format_of_prometheus_and_tell_of_nobody(client, readable):
    year = open_year()
    person = secretary_of(year)

    response = client.get("/metrik/", headers=readable)

    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert len(figures(response.text)) > 8
    assert person.email not in response.text
    assert year.city.slug not in response.text


@pytest.mark.django_db
def test_what_waits_is_counted_at_the_moment_of_asking(django_assert_max_num_queries):
    before = standing()
    year = open_year()
    answer = answer_of(year, "2a.2")
    waiting = EvidenceFactory(answer=answer)
    EvidenceFactory(answer=answer, returned=True)
    _uploads(answer, [(0, 10), (9, 10), (10, 10)], by=waiting.offered_by)
    InvitationFactory(city=year.city)  # its letter is out
    InvitationFactory(city=year.city, waiting=True)
    _notices(year, [True, True, False])
    _jobs()
    _letters()

    with django_assert_max_num_queries(10):
        after = standing()

    assert _differences(before, after) == {
        ("kla_jobs", "due"): 2,
        ("kla_jobs", "running"): 1,
        ("kla_jobs", "parked"): 1,
        ("kla_uploads_open",): 2,
        ("kla_reviews_waiting",): 1,
        ("kla_letters", "waiting"): 2,
        ("kla_letters", "failed"): 2,
        ("kla_letters", "given_up"): 1,
    }
    assert 600 <= after["kla_queue_age_seconds",] < 3600  # since this file was read


@pytest.mark.django_db
def test_an_empty_queue_is_of_no_age():
    assert standing()["kla_queue_age_seconds",] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [0, 30])
def test_the_age_of_the_backup_is_told_where_there_is_one(settings, hours):
    assert ("kla_backup_age_seconds",) not in standing()

    settings.KLA_BACKUP_STAMP.write_text((timezone.now() - timedelta(hours=hours)).isoformat())

    assert standing()["kla_backup_age_seconds",] == pytest.approx(hours * 3600, abs=60)


@pytest.mark.django_db
def test_requests_are_counted_by_name_of_the_page_and_never_by_address():
    before = standing()

    _ask("GET", "/sehat/", 200)
    _ask("GET", "/sehat/", 200)
    _ask("POST", "/sehat/", 405)
    _ask("BREW", "/siti@kota-contoh.example/", 404)

    after = standing()
    assert _differences(before, after, "kla_requests_total") == {
        ("kla_requests_total", "200", "GET", "health"): 2,
        ("kla_requests_total", "405", "POST", "health"): 1,
        ("kla_requests_total", "-", "-", "404"): 1,
    }
    count = ("kla_request_seconds_count",)
    assert after[count] - before.get(count, 0) == 4


COUNT = """
import os, sys
import django
django.setup()
from kla import metrics
for _number in range(int(sys.argv[1])):
    metrics.REQUESTS.labels("test", "GET", "200").inc()
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
registry = CollectorRegistry()
MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""


def test_processes_count_together_and_one_that_follows_goes_on_at_its_place(tmp_path):
    def count(place, many):
        done = subprocess.run(
            [sys.executable, "-c", COUNT, str(many)],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "DJANGO_SETTINGS_MODULE": "kla.settings",
                "KLA_LOCAL": "1",
                "KLA_VAR": str(tmp_path),
                "KLA_METRICS_TOKEN": TOKEN,
                "KLA_WORKER_PLACE": place,
            },
            capture_output=True,
            text=True,
            check=True,
        )
        return figures(done.stdout)["kla_requests_total", "200", "GET", "test"]

    assert [count("0", 3), count("1", 4), count("0", 5)] == [3, 7, 12]
    # Of each place one file of counters and one of histograms, however many processes there were.
    names = sorted(path.name for path in (tmp_path / "metrics").iterdir())
    assert names == ["counter_0.db", "counter_1.db", "histogram_0.db", "histogram_1.db"]


@pytest.mark.parametrize("token", ["", "t" * 24])
def test_a_token_is_long_or_none(token):
    assert read_token(_environment(token, "KLA_METRICS_TOKEN")) == token


def test_a_short_token_is_refused_at_the_start():
    with pytest.raises(ImproperlyConfigured, match="shorter than 24 characters"):
        read_token(_environment("t" * 23, "KLA_METRICS_TOKEN"))


@pytest.mark.parametrize("named", ["sepuluh", "10.0.0.1/8", "10.0.0.0/33"])
def test_what_is_no_network_is_refused_at_the_start(named):
    with pytest.raises(ImproperlyConfigured, match="KLA_METRICS_NETWORKS names no network"):
        read_networks(_environment(named))


def _environment(value, name="KLA_METRICS_NETWORKS"):
    from_text = environ.Env()
    from_text.ENVIRON = {name: value}
    return from_text


def _ask(method, path, status):
    request = RequestFactory().generic(method, path)
    request.resolver_match = resolve(path) if status != 404 else None
    metrics.count_requests(lambda _request: HttpResponse(status=status))(request)


def _differences(before, after, only=""):
    changed = {name: value - before.get(name, 0) for name, value in after.items()}
    aside = ("kla_queue_age_seconds", "_created", "kla_request")
    return {
        name: value
        for name, value in changed.items()
        if value and (name[0] == only if only else not any(one in name[0] for one in aside))
    }


def _uploads(answer, sizes, *, by):
    for offset, length in sizes:
        Upload.objects.create(
            answer=answer,
            user=by,
            name="sk.pdf",
            length=length,
            offset=offset,
            created_at=NOW,
            updated_at=NOW,
        )


def _jobs():
    """Two due, the older for ten minutes; one pausing, one running, one parked, one done."""
    Job.objects.all().delete()
    ago, ahead = NOW - timedelta(minutes=10), NOW + timedelta(hours=1)
    states = [
        {"next_try_at": ago},
        {"next_try_at": NOW},
        {"next_try_at": ahead},
        {"next_try_at": ago, "held_until": ahead, "started_at": ago},
        {"next_try_at": ago, "parked_at": NOW},
        {"next_try_at": ago, "done_at": NOW},
    ]
    for number, state in enumerate(states):
        Job.objects.create(key=f"job {number}", name="tests.x", asked_at=ago, **state)


def _notices(year, by_email):
    """Of one person, who gets one letter with all of them."""
    user = secretary_of(year)
    for number, wanted in enumerate(by_email):
        Notification.objects.create(
            user=user,
            assessment=year,
            kind=NotificationKind.OVERDUE,
            key=f"notice {number}",
            by_email=wanted,
            created_at=NOW,
        )


def _letters():
    """One being sent, one that failed and is tried again, one given up."""
    states = [{}, {"failed_at": NOW}, {"failed_at": NOW, "given_up_at": NOW}]
    for subject, state in enumerate(states, 1):
        Letter.objects.create(kind=LetterKind.RESET, subject=subject, **state)
