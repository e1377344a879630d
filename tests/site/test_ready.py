"""Live says that the process answers; ready says of each engine whether it does, and no secrets."""

import logging
import os

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError

ALL_ANSWER = (
    "siap\n"
    "basis data: menjawab\n"
    "cache: menjawab\n"
    "penyimpanan dokumen: menjawab\n"
    "antrean pekerjaan: menjawab\n"
)
SECRET = "redis://:rahasia@redis:6379/0"


class Away:
    """As an engine whose address has a password in it."""

    def require_answer(self):
        raise ConnectionError(SECRET)


class Forgetful:
    def set(self, *_args):
        pass

    def get(self, *_args):
        return None


def database_away():
    raise OperationalError(SECRET)


def test_live_asks_nothing_but_the_process(client, monkeypatch):
    """No database is allowed here."""
    monkeypatch.setattr("kla.health.connection.cursor", database_away)

    response = client.get("/sehat/hidup/")

    assert (response.status_code, response.text) == (200, "hidup\n")


@pytest.mark.django_db
def test_ready_names_every_engine(client):
    response = client.get("/sehat/siap/")

    assert (response.status_code, response.text) == (200, ALL_ANSWER)
    assert response["Content-Type"] == "text/plain"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sehat/hidup/", "/sehat/siap/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_they_are_asked_and_nothing_else(client, path, method):
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.django_db
def test_a_database_that_is_away_takes_the_process_out_of_service(client, monkeypatch):
    monkeypatch.setattr("kla.health.connection.cursor", database_away)

    response = client.get("/sehat/siap/")

    assert response.status_code == 503
    assert response.text == (
        "tidak siap\n"
        "basis data: tidak menjawab\n"
        "cache: menjawab\n"
        "penyimpanan dokumen: menjawab\n"
        "antrean pekerjaan: tidak menjawab\n"  # which is a table of it
    )


@pytest.mark.django_db
def test_a_cache_that_forgets_is_not_ready(client, monkeypatch):
    monkeypatch.setattr("kla.health.caches", {"default": Forgetful()})

    response = client.get("/sehat/siap/")

    assert response.status_code == 503
    assert "\ncache: tidak menjawab\n" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("engines", "line"),
    [("caches", "cache"), ("task_backends", "antrean pekerjaan")],
)
def test_what_the_database_replaces_is_told_and_stays_in_service(
    client, monkeypatch, engines, line
):
    monkeypatch.setattr(f"kla.health.{engines}", {"default": Away()})

    response = client.get("/sehat/siap/")

    said = f"{line}: tidak menjawab, digantikan basis data"
    assert response.status_code == 200
    assert response.text == ALL_ANSWER.replace(f"{line}: menjawab", said)


@pytest.mark.django_db
def test_the_folder_of_documents_is_made_with_the_first_one(client, media_root):
    assert not media_root.exists()

    assert client.get("/sehat/siap/").status_code == 200
    assert not media_root.exists(), "asking changes nothing"


@pytest.mark.django_db
def test_a_folder_that_takes_no_files_is_not_ready(client, media_root):
    media_root.write_text("not a folder")

    response = client.get("/sehat/siap/")

    assert response.status_code == 503
    assert "\npenyimpanan dokumen: tidak menjawab\n" in response.text


@pytest.mark.django_db
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_not_ready(client, media_root):
    media_root.mkdir(mode=0o500)

    assert client.get("/sehat/siap/").status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize("is_away", [False, True])
def test_a_bucket_is_asked_and_so_is_each_of_two_places(client, monkeypatch, media_root, is_away):
    class Bucket:
        def require_answer(self):
            if is_away:
                raise OSError(SECRET)

    class Both:
        places = (Bucket(), FileSystemStorage(media_root))

    monkeypatch.setattr("kla.health.default_storage", Both())

    assert client.get("/sehat/siap/").status_code == (503 if is_away else 200)


@pytest.mark.django_db
def test_neither_page_nor_log_tells_a_secret(client, monkeypatch, caplog):
    monkeypatch.setattr("kla.health.caches", {"default": Away()})
    monkeypatch.setattr("kla.health.task_backends", {"default": Away()})
    monkeypatch.setattr("kla.health.connection.cursor", database_away)

    with caplog.at_level(logging.WARNING, "kla.health"):
        response = client.get("/sehat/siap/")

    assert response.status_code == 503
    assert SECRET not in response.text
    assert [record.getMessage() for record in caplog.records if record.name == "kla.health"] == [
        "Not ready: basis data (OperationalError)",
        "Not ready: cache (ConnectionError)",
        "Not ready: antrean pekerjaan (ConnectionError)",
    ]
