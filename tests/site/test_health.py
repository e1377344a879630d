from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job
from jobs.running import ask


@pytest.mark.django_db
def test_health_needs_no_account_and_says_that_the_database_answers(client):
    response = client.get(reverse("health"))

    assert (response.status_code, response.text) == (200, "sehat\n")


def test_health_is_503_when_the_database_is_away(client, monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr("kla.health.connection.cursor", away)

    response = client.get(reverse("health"))

    assert (response.status_code, response.text) == (503, "basis data tidak menjawab\n")


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [0, 12])
def test_it_says_when_a_worker_was_last_seen(client, minutes):
    ask("tests.jobs.examples.example", at=timezone.now())
    Job.objects.update(started_at=timezone.now() - timedelta(minutes=minutes, seconds=1))

    response = client.get(reverse("health"))

    assert response.text == f"sehat\npekerjaan latar terakhir: {minutes} menit lalu\n"


def test_health_changes_nothing(client):
    assert client.post(reverse("health")).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "line"),
    [(0, "cadangan terakhir: 0 jam lalu\n"), (26, "cadangan terakhir: 26 jam lalu\n")],
)
def test_it_says_how_old_the_last_backup_is(client, settings, hours, line):
    made_at = timezone.now() - timedelta(hours=hours, minutes=1)
    settings.KLA_BACKUP_STAMP.write_text(made_at.isoformat())

    assert client.get("/sehat/").text == f"sehat\n{line}"


@pytest.mark.django_db
def test_a_stamp_that_makes_no_sense_is_told_and_breaks_nothing(client, settings):
    settings.KLA_BACKUP_STAMP.write_text("kemarin")

    response = client.get("/sehat/")

    assert (response.status_code, response.text) == (
        200,
        "sehat\ncadangan terakhir: tidak terbaca\n",
    )
