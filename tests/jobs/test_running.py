"""A job is done once, whatever happens to workers and to the queue."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from jobs.models import Job
from jobs.running import Outcome, ask, carry_out, deliver, try_again, work
from tests.factories.cities import UserFactory
from tests.jobs import examples

NAME = "tests.jobs.examples.example"
NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(monkeypatch):
    """What the queue was told, in order; where it is `away` it refuses."""
    told = []
    monkeypatch.setattr(type(work), "enqueue", lambda _task, key: told.append(key))
    return told


def after(**more):
    return lambda: NOW + timedelta(**more)


def only():
    return Job.objects.get()


# --- Asking -----------------------------------------------------------------------------------


def test_what_is_asked_for_is_told_to_the_queue_once_it_is_committed(
    queue, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ask(NAME, 17, at=NOW)
        assert queue == []

    assert queue == [f"{NAME}:17"]
    assert (only().arguments, only().delivered_at) == ([17], NOW)


def test_what_is_asked_for_in_a_deed_that_fails_was_never_asked_for(queue):
    with transaction.atomic():
        ask(NAME, at=NOW)
        transaction.set_rollback(True)

    assert (Job.objects.count(), queue) == (0, [])


def test_twenty_askings_are_one_job():
    for second in range(20):
        ask(NAME, "kota", at=NOW + timedelta(seconds=second))
    ask(NAME, "desa", at=NOW)

    outcomes = [carry_out(f"{NAME}:kota", now=after(minutes=1)) for _time in range(20)]

    assert outcomes == [Outcome.DONE] + [Outcome.NOTHING] * 19
    assert examples.done == [(("kota",), NOW + MINUTE)]


def test_a_queue_that_is_away_loses_nothing_and_stops_nobody(
    monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def away(_task, _key):
        raise ConnectionError("broker")

    monkeypatch.setattr(type(work), "enqueue", away)

    with django_capture_on_commit_callbacks(execute=True):
        ask(NAME, at=NOW)

    assert (only().delivered_at, Job.objects.due(NOW).count()) == (None, 1)
    assert "could not be queued" in caplog.text


# --- Doing ------------------------------------------------------------------------------------


def test_the_queue_calls_what_was_asked_for():
    ask(NAME, 1, at=NOW)

    assert work.call(f"{NAME}:1") == "done"

    assert [arguments for arguments, _at in examples.done] == [(1,)]


def test_a_doubled_message_finds_the_job_held():
    ask(NAME, at=NOW)
    inner = []
    examples.meanwhile.append(lambda: inner.append(carry_out(NAME, now=after(minutes=4))))

    assert carry_out(NAME, now=after()) is Outcome.DONE

    assert inner == [Outcome.NOTHING]
    assert len(examples.done) == 1


def test_what_is_asked_for_while_it_runs_is_done_once_more(queue):
    ask(NAME, at=NOW)
    examples.meanwhile.append(lambda: ask(NAME, at=NOW + MINUTE))

    first = carry_out(NAME, now=after(minutes=2))

    assert (first, queue) == (Outcome.AGAIN, [NAME])
    assert carry_out(NAME, now=after(minutes=2)) is Outcome.DONE
    assert carry_out(NAME, now=after(minutes=2)) is Outcome.NOTHING
    assert len(examples.done) == 2


def test_a_worker_that_died_is_replaced_when_its_hold_ends():
    ask(NAME, at=NOW)

    def killed():
        raise SystemExit

    examples.meanwhile.append(killed)
    with pytest.raises(SystemExit):
        carry_out(NAME, now=after())

    assert carry_out(NAME, now=after(minutes=4, seconds=59)) is Outcome.NOTHING
    assert carry_out(NAME, now=after(minutes=5)) is Outcome.DONE


def test_one_that_outlived_its_hold_signs_nothing(caplog):
    ask(NAME, at=NOW)
    examples.meanwhile.append(lambda: carry_out(NAME, now=after(minutes=6)))

    assert carry_out(NAME, now=after()) is Outcome.NOTHING

    assert only().done_at == NOW + 6 * MINUTE
    assert "longer than it is held for" in caplog.text


# --- Failing ----------------------------------------------------------------------------------


def test_a_failure_rests_longer_each_time_and_is_then_parked(caplog):
    ask(NAME, at=NOW)
    examples.faults.extend(OSError(f"disk {number}") for number in range(3))

    first = carry_out(NAME, now=after())
    too_early = carry_out(NAME, now=after(seconds=59))
    second = carry_out(NAME, now=after(minutes=1))
    paused = only()
    third = carry_out(NAME, now=after(minutes=6))

    assert (first, too_early, second, third) == (
        Outcome.FAILED,
        Outcome.NOTHING,
        Outcome.FAILED,
        Outcome.PARKED,
    )
    assert (paused.attempts, paused.next_try_at, paused.fault) == (
        2,
        NOW + 6 * MINUTE,
        "OSError: disk 1",
    )
    assert paused.delivered_at is None  # so that the schedule tells the queue again
    assert (only().failed_at, only().parked_at) == (NOW, NOW + 6 * MINUTE)
    assert carry_out(NAME, now=after(days=9)) is Outcome.NOTHING
    assert "is parked after 3 tries" in caplog.text


def test_a_success_forgets_the_failures_before_it():
    ask(NAME, at=NOW)
    examples.faults.append(OSError())
    carry_out(NAME, now=after())

    assert carry_out(NAME, now=after(minutes=1)) is Outcome.DONE

    assert (only().attempts, only().failed_at, only().fault) == (0, None, "")


def test_what_failed_but_was_asked_for_meanwhile_begins_anew():
    ask(NAME, at=NOW)
    examples.faults.append(OSError())
    examples.meanwhile.append(lambda: ask(NAME, at=NOW + MINUTE))

    carry_out(NAME, now=after())

    assert (only().attempts, only().held_by, only().next_try_at) == (0, None, NOW + MINUTE)


@pytest.mark.parametrize(
    "name", ["tests.jobs.examples.gone", "no.such.module", "tests.jobs.examples.no_job", "datetime"]
)
def test_a_name_that_this_release_does_not_know_waits_for_one_that_does(name):
    ask(name, at=NOW)

    outcomes = [carry_out(name, now=after(days=day)) for day in range(4)]

    assert outcomes == [Outcome.FAILED] * 3 + [Outcome.PARKED]
    assert examples.done == []


# --- By an operator ---------------------------------------------------------------------------


def parked():
    ask(NAME, at=NOW)
    Job.objects.update(parked_at=NOW, attempts=3, failed_at=NOW, fault="OSError: disk")
    return only()


def test_an_operator_lets_a_parked_job_begin_anew(queue, django_capture_on_commit_callbacks):
    operator = UserFactory(is_superuser=True)
    job = parked()

    with django_capture_on_commit_callbacks(execute=True):
        again = try_again(job_id=job.pk, by=operator, at=NOW + MINUTE)

    assert (again.attempts, again.fault, queue) == (0, "", [NAME])
    assert try_again(job_id=job.pk, by=operator, at=NOW + MINUTE) is None


@pytest.mark.parametrize("facts", [{}, {"is_superuser": True, "is_active": False}])
def test_nobody_else_does(facts):
    job = parked()

    with pytest.raises(PermissionDenied):
        try_again(job_id=job.pk, by=UserFactory(**facts), at=NOW)

    assert only().parked_at == NOW


def test_an_empty_delivery_tells_nobody(queue):
    deliver([], at=NOW)

    assert queue == []
