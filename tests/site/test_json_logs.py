"""Lines for programs: each says which request or job wrote it, and none says anything of people."""

import io
import json
import logging
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from cities.models import User
from jobs.current import job_id
from jobs.models import Job
from jobs.running import Outcome, ask, carry_out
from kla import slow_queries
from kla.json_logs import JsonLines
from kla.request_ids import Ids, request_id
from tests.factories.cities import UserFactory
from tests.jobs import examples

NAME = "Siti Rahmawati"
EMAIL = "siti.rahmawati@kota-contoh.example"
NOW = timezone.now()
FIELDS = {"time", "level", "logger", "message", "request_id", "job_id"}
logger = logging.getLogger("tests.json_logs")


@pytest.fixture
def lines():
    """What the site would write from here on."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    handler.addFilter(Ids())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("kla.requests").setLevel(logging.INFO)

    def read():
        text = written.getvalue()
        assert NAME not in text
        assert EMAIL not in text
        assert "siti" not in text.casefold()
        return [json.loads(line) for line in text.splitlines()]

    yield read
    root.removeHandler(handler)
    root.setLevel(level)
    logging.getLogger("kla.requests").setLevel(logging.NOTSET)


def told_by(found, name):
    return [line for line in found if line["logger"] == name]


def failing(*_args, **_kwargs):
    raise ValidationError(f"{NAME} <{EMAIL}> is known already", code="known")


def test_a_line_has_these_fields_and_no_other(lines):
    logger.warning("Document %s is away", 7, extra={"user": NAME, "request": f"?q={EMAIL}"})

    [line] = lines()
    assert line.keys() == FIELDS
    assert (line["level"], line["logger"], line["message"]) == (
        "WARNING",
        "tests.json_logs",
        "Document 7 is away",
    )
    assert (line["request_id"], line["job_id"]) == (None, None)
    assert line["time"].endswith("+00:00")


def test_an_address_in_a_message_is_blotted_out(lines):
    logger.error("550 <%s>: Recipient refused; %s, budi+kla@a.id", EMAIL, EMAIL.upper())

    assert lines()[0]["message"] == ("550 <[e-mail]>: Recipient refused; [e-mail], [e-mail]")


@pytest.mark.parametrize("words", ["Unreadable: %s", "Unreadable at %s"])
def test_an_exception_in_a_message_is_told_by_its_kind(lines, words):
    logger.warning(words, ValueError(NAME))

    assert lines()[0]["message"] == words % "ValueError"


@pytest.mark.django_db
def test_a_page_that_fails_tells_kind_and_place_and_what_was_asked_for_by_its_pattern(
    lines, monkeypatch
):
    monkeypatch.setattr("kla.health.connection.cursor", failing)
    client = Client(raise_request_exception=False)

    response = client.get("/sehat/", {"q": NAME, "email": EMAIL}, HTTP_REFERER=f"/?q={EMAIL}")

    [line] = told_by(lines(), "django.request")
    assert response.status_code == 500
    assert line["message"] == "Internal Server Error: /sehat/"
    assert line["status_code"] == 500
    [error] = line["error"]
    assert error["kind"] == "django.core.exceptions.ValidationError"
    assert error["code"] == "known"
    assert error["at"][-1].endswith(" failing")


@pytest.mark.django_db
def test_an_address_that_nobody_knows_is_not_repeated(lines):
    Client().get(f"/{NAME}/{EMAIL}/")

    [line] = told_by(lines(), "django.request")
    assert line["message"] == "Not Found: -"


@pytest.mark.django_db
def test_a_request_is_one_line_without_the_secret_of_its_address(lines):
    response = Client().get("/undangan/rahasia-dari-siti/", {"email": EMAIL})

    [line] = told_by(lines(), "kla.requests")
    assert line["message"] == f"GET /undangan/<str:token>/ {response.status_code}"
    assert line["request_id"] == response["X-Request-ID"]
    assert 0 <= line["milliseconds"] < 60_000


@pytest.mark.django_db
def test_every_line_of_a_request_has_its_name_and_none_has_it_afterwards(lines, monkeypatch):
    monkeypatch.setattr("kla.health.connection.cursor", failing)
    client = Client(raise_request_exception=False)

    first, second = client.get("/sehat/"), client.get("/sehat/")
    logger.info("afterwards")

    names = [line["request_id"] for line in lines()]
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert set(names[:-1]) == {first["X-Request-ID"], second["X-Request-ID"]}
    assert names[-1] is None
    assert request_id.get() is None


@pytest.mark.parametrize(
    ("proxies", "given", "is_believed"),
    [
        (1, "0af7651916cd43dd8448eb211c80319c", True),
        (0, "0af7651916cd43dd8448eb211c80319c", False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "siti.rahmawati@a.id", False),
        (1, "with\nline", False),
    ],
)
def test_a_name_is_taken_from_our_proxy_alone(client, settings, proxies, given, is_believed):
    settings.PROXIES = proxies

    response = client.get("/sehat/hidup/", headers={"X-Request-ID": given})

    assert (response["X-Request-ID"] == given) == is_believed
    assert len(response["X-Request-ID"]) == 32


@pytest.mark.django_db
def test_a_failing_job_has_its_row_in_each_line(lines):
    examples.forget()
    examples.faults.append(ValueError(f"{NAME} {EMAIL}"))
    ask("tests.jobs.examples.example", at=NOW)
    job = Job.objects.get()

    outcome = carry_out(job.key, now=lambda: NOW + timedelta(seconds=1))

    found = lines()
    assert outcome == Outcome.FAILED
    assert [(line["message"], line["job_id"]) for line in told_by(found, "jobs.running")] == [
        (f"Job {job.key} failed", job.pk)
    ]
    assert found[-1]["error"][0]["kind"] == "builtins.ValueError"
    assert job_id.get() is None


@pytest.mark.django_db
def test_a_rule_of_the_database_is_named_without_the_row_that_broke_it(lines):
    UserFactory(email=EMAIL, name=NAME)

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        User.objects.filter(pk=UserFactory().pk).update(email=EMAIL)
    logger.error("Storing failed", exc_info=caught.value)

    kinds = [error["kind"].rpartition(".")[2] for error in lines()[-1]["error"]]
    assert kinds[0] == "IntegrityError"
    if connection.vendor == "postgresql":
        assert lines()[-1]["error"][-1]["sqlstate"] == "23505"


@pytest.mark.django_db
def test_a_slow_query_is_told_without_its_values(lines, settings):
    settings.KLA_SLOW_QUERY_MS = 1
    slow = _slow_for(settings.KLA_SLOW_QUERY_MS)

    with connection.execute_wrapper(slow_queries._timed), connection.execute_wrapper(slow):
        assert not User.objects.filter(email=EMAIL, name=NAME).exists()

    [line] = told_by(lines(), "kla.slow_queries")
    assert line["statement"].startswith("SELECT ")
    assert line["statement"].count("%s") >= 2
    assert line["milliseconds"] >= 1
    assert line["message"] == f"Slow query, {line['milliseconds']} ms: {line['statement']}"


@pytest.mark.django_db
def test_a_quick_query_is_not_told(lines, settings):
    settings.KLA_SLOW_QUERY_MS = 60_000

    with connection.execute_wrapper(slow_queries._timed):
        User.objects.exists()

    assert told_by(lines(), "kla.slow_queries") == []


def _slow_for(milliseconds):
    """As a database that takes its time."""

    def wrapper(execute, sql, params, many, context):
        end = timezone.now() + timedelta(milliseconds=milliseconds + 1)
        while timezone.now() < end:
            pass
        return execute(sql, params, many, context)

    return wrapper
