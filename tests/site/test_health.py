import pytest
from django.db import OperationalError
from django.urls import reverse


@pytest.mark.django_db
def test_health_needs_no_account_and_says_that_the_database_answers(client):
    response = client.get(reverse("health"))

    assert (response.status_code, response.text) == (200, "sehat\n")


def test_health_is_503_when_the_database_is_away(client, monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr("kla.views.connection.cursor", away)

    response = client.get(reverse("health"))

    assert (response.status_code, response.text) == (503, "basis data tidak menjawab\n")


def test_health_changes_nothing(client):
    assert client.post(reverse("health")).status_code == 405
