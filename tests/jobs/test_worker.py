"""The worker's command, on the queue in the database; and people who collide, on real threads."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from jobs.models import Job
from jobs.running import Outcome, ask, carry_out
from jobs.schedule import Every, tick
from tests.at_once import at_once
from tests.jobs import examples
from tests.jobs.examples import example

NAME = example.path
NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
NOTHING = ()
SCHEDULE = (Every(example, timedelta(minutes=10)),)


@pytest.fixture
def database_queue(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    settings.KLA_SCHEDULE = "tests.jobs.test_worker.SCHEDULE"


@pytest.mark.django_db(transaction=True)
def test_one_round_does_what_is_due_and_what_waits(database_queue):
    ask(NAME, "dari orang", at=timezone.now())

    call_command("work", "--once")
    call_command("work", "--once")

    assert sorted(arguments for arguments, _at in examples.done) == [(), ("dari orang",)]
    assert Job.objects.open().count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_leaves_the_next_one_alone(database_queue):
    ask(NAME, 1, at=timezone.now())
    ask(NAME, 2, at=timezone.now())
    examples.faults.append(OSError("disk"))

    call_command("work", "--once")

    assert len(examples.done) == 2  # the other one and the schedule's
    assert list(Job.objects.open().values_list("fault", flat=True)) == ["OSError: disk"]


def test_jobs_of_another_queue_are_left_to_its_own_workers():
    with pytest.raises(CommandError, match="another queue"):
        call_command("work")


def test_cron_does_not_reach_into_the_queue_on_rabbitmq(settings):
    settings.TASKS = {"default": {"BACKEND": "jobs.rabbitmq.CeleryBackend", "QUEUES": []}}
    with pytest.raises(CommandError, match="another queue"):
        call_command("work", "--once")


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_with_the_same_message_one_does_the_job():
    ask(NAME, at=NOW)

    outcomes = at_once(*[lambda: carry_out(NAME, now=lambda: NOW)] * 8)

    assert sorted(outcome.value for outcome in outcomes) == ["done"] + ["nothing"] * 7
    assert len(examples.done) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_that_look_at_the_clock_one_asks():
    told = at_once(*[lambda: tick(SCHEDULE, at=NOW)] * 8)

    assert sorted(map(len, told)) == [0] * 7 + [1]


@pytest.mark.django_db(transaction=True)
def test_what_eight_people_ask_for_while_it_runs_is_done_once_more():
    ask(NAME, at=NOW)
    running, asked = threading.Event(), threading.Event()

    def wait():
        running.set()
        assert asked.wait(20)

    examples.meanwhile.append(wait)
    outcomes = []

    def first():
        outcomes.append(carry_out(NAME, now=lambda: NOW))
        connection.close()

    worker = threading.Thread(target=first)
    worker.start()
    assert running.wait(20)
    at_once(*[lambda: ask(NAME, at=timezone.now())] * 8)
    asked.set()
    worker.join()

    later = timezone.now() + timedelta(minutes=1)
    outcomes += [carry_out(NAME, now=lambda: later) for _time in range(2)]
    assert outcomes == [Outcome.AGAIN, Outcome.DONE, Outcome.NOTHING]
