"""Error pages: the right status, a sentence for people, and no need of a database."""

import errno
import logging

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse

from tests.factories.cities import UserFactory


@pytest.fixture
def failing_health(monkeypatch):
    """Make the health page raise something, as any view might."""

    def fail_with(error):
        def cursor(*args):
            raise error

        monkeypatch.setattr("kla.health.connection.cursor", cursor)
        return Client(raise_request_exception=False).get(reverse("health"))

    logging.disable(logging.CRITICAL)
    yield fail_with
    logging.disable(logging.NOTSET)


def test_an_unknown_address_is_404_with_a_way_back(client):
    response = client.get("/tidak/ada/")

    assert response.status_code == 404
    assert "Halaman tidak ditemukan" in response.text
    assert 'href="/"' in response.text


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (SuspiciousOperation(), 400, "Permintaan tidak dapat dibaca"),
        (PermissionDenied(), 403, "Anda tidak berwenang membuka halaman ini"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "Tempat penyimpanan penuh"),
        (OSError(errno.EACCES, "Permission denied"), 500, "Ada kesalahan di pihak kami"),
        (ZeroDivisionError(), 500, "Ada kesalahan di pihak kami"),
    ],
)
def test_each_failure_has_its_own_page(failing_health, error, status, heading):
    response = failing_health(error)

    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in response.text
    assert not response.has_header("Retry-After")


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_page_whose_database_is_away_is_503_and_says_when_to_come_back(
    client, monkeypatch, error
):
    def away(*args, **kwargs):
        raise error

    client.force_login(UserFactory())
    client.raise_request_exception = False
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", away)
    logging.disable(logging.CRITICAL)

    response = client.get(reverse("account_change_password"))

    logging.disable(logging.NOTSET)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Basis data tidak menjawab" in response.text


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_advice():
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("account_login"), {"login": "a@b.id", "password": "x"})

    assert response.status_code == 403
    assert "Formulir ini tidak dapat diterima" in response.text
    assert "muat ulang, lalu kirim lagi" in response.text
