"""Each moment of the schedule is asked for once, by whoever looks first."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from jobs.kinds import kind_at
from jobs.models import Job
from jobs.running import ask, carry_out, work
from jobs.schedule import LOST_AFTER, Daily, Every, tick
from tests.jobs import examples
from tests.jobs.examples import example, other

NAME, OTHER = example.path, other.path
NOW = datetime(2026, 11, 28, 3, 4, tzinfo=UTC)  # 10.04 in Jakarta
TEN = timedelta(minutes=10)
SCHEDULE = (Every(example, TEN), Daily(other, time(1, 30)))


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    told = []
    monkeypatch.setattr(type(work), "enqueue", lambda _task, key: told.append(key))
    return told


@pytest.mark.parametrize(
    ("entry", "at", "last", "next_one"),
    [
        (SCHEDULE[0], "2026-11-28T03:04Z", "2026-11-28T03:00Z", "2026-11-28T03:10Z"),
        (SCHEDULE[0], "2026-11-28T03:10Z", "2026-11-28T03:10Z", "2026-11-28T03:20Z"),
        (SCHEDULE[0], "2026-11-28T03:09:59Z", "2026-11-28T03:00Z", "2026-11-28T03:10Z"),
        (SCHEDULE[1], "2026-11-28T01:29+07:00", "2026-11-27T01:30+07:00", "2026-11-28T01:30+07:00"),
        (SCHEDULE[1], "2026-11-28T01:30+07:00", "2026-11-28T01:30+07:00", "2026-11-29T01:30+07:00"),
        (SCHEDULE[1], "2026-11-27T18:31Z", "2026-11-28T01:30+07:00", "2026-11-29T01:30+07:00"),
    ],
)
def test_when_a_job_is_due(entry, at, last, next_one):
    at = datetime.fromisoformat(at)

    assert entry.last_due(at) == datetime.fromisoformat(last)
    assert entry.next_due(at) == datetime.fromisoformat(next_one)


@pytest.mark.django_db
def test_each_moment_is_asked_for_once(queue):
    looks = [0, 1, 5 * 60, 6 * 60 - 1, 6 * 60, 6 * 60 + 1, 16 * 60]

    told = []
    for seconds in looks:
        told.append(tick(SCHEDULE, at=NOW + timedelta(seconds=seconds)))
        for key in told[-1]:
            carry_out(key, now=lambda seconds=seconds: NOW + timedelta(seconds=seconds))

    assert told == [[NAME, OTHER], [], [], [], [NAME], [], [NAME]]
    assert [name for name, _at in examples.done].count("other") == 1


@pytest.mark.django_db
def test_a_site_that_was_away_for_days_does_it_once_and_not_for_each_day():
    tick(SCHEDULE, at=NOW)
    for key in (NAME, OTHER):
        carry_out(key, now=lambda: NOW)

    later = NOW + timedelta(days=5)
    assert tick(SCHEDULE, at=later) == [NAME, OTHER]
    assert [carry_out(OTHER, now=lambda: later).value for _time in range(2)] == ["done", "nothing"]


@pytest.mark.django_db
def test_a_clock_that_was_far_ahead_stops_nothing_for_long():
    tick(SCHEDULE, at=NOW + timedelta(days=400))

    assert set(tick(SCHEDULE, at=NOW)) == {NAME, OTHER}


@pytest.mark.django_db
def test_two_clocks_that_differ_by_minutes_ask_once():
    ahead, behind = NOW + TEN, NOW + timedelta(minutes=5)
    tick(SCHEDULE[:1], at=ahead)
    carry_out(NAME, now=lambda: ahead)

    assert tick(SCHEDULE[:1], at=behind) == []


@pytest.mark.django_db
def test_what_the_queue_lost_is_told_to_it_again():
    ask(NAME, 1, at=NOW)
    Job.objects.update(delivered_at=NOW)

    assert tick((), at=NOW + LOST_AFTER - timedelta(seconds=1)) == []
    assert tick((), at=NOW + LOST_AFTER) == [f"{NAME}:1"]
    assert tick((), at=NOW + LOST_AFTER) == []


@pytest.mark.django_db
def test_what_failed_is_told_again_when_its_pause_is_over():
    ask(NAME, at=NOW)
    examples.faults.append(OSError())
    carry_out(NAME, now=lambda: NOW)

    assert tick((), at=NOW + timedelta(seconds=59)) == []
    assert tick((), at=NOW + timedelta(minutes=1)) == [NAME]


@pytest.mark.django_db
def test_what_is_done_is_forgotten_after_a_day_but_never_the_schedule():
    ask(NAME, 1, at=NOW)
    carry_out(f"{NAME}:1", now=lambda: NOW)
    tick(SCHEDULE[1:], at=NOW)
    carry_out(OTHER, now=lambda: NOW)

    tick((), at=NOW + timedelta(days=1))

    assert list(Job.objects.values_list("key", flat=True)) == [OTHER]


@pytest.mark.django_db
@pytest.mark.parametrize("entries", [0, 1, 12])
def test_looking_in_vain_costs_the_same_for_any_schedule(django_assert_num_queries, entries):
    schedule = SCHEDULE[1:] * entries
    tick(schedule, at=NOW)
    Job.objects.update(done_at=NOW)

    with django_assert_num_queries(3):  # its rows, the lost ones, and sweeping
        tick(schedule, at=NOW)


# --- The schedule of the site -----------------------------------------------------------------


def test_every_entry_is_a_job_found_by_its_name_with_words_for_people():
    schedule = import_string(settings.KLA_SCHEDULE)
    kinds = [entry.kind for entry in schedule]

    assert [kind_at(kind.path) for kind in kinds] == kinds
    assert len({str(kind.label) for kind in kinds}) == len(kinds)
