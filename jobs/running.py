"""Asking for a job, and doing it once, whatever happens to workers and to the queue.

The row is written in the transaction of whoever asks; the queue (`TASKS`, of Django's own
interface) is told after it. A worker takes the row by one short statement and holds it while it
works. What is asked again meanwhile is done once more afterwards.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from jobs.current import doing, held_by
from jobs.kinds import Clock, JobKind, key_of, kind_at
from jobs.models import Job, JobQuerySet

logger = logging.getLogger(__name__)

FAULT_CHARACTERS = 1000
FIRST_HOLD = timedelta(minutes=1)  # long enough to find out which kind it is
# Of another release, perhaps a newer one whose worker is about to start.
UNKNOWN = JobKind(lambda: None, "", timedelta(), 4)
ANEW = {
    "done_at": None,
    "parked_at": None,
    "failed_at": None,
    "delivered_at": None,
    "attempts": 0,
    "fault": "",
}


class Outcome(Enum):
    DONE = "done"
    AGAIN = "again"  # done, and asked for anew meanwhile
    FAILED = "failed"  # rests, then is tried again
    PARKED = "parked"
    NOTHING = "nothing"  # done already, pausing, or held by another worker


def ask(name: str, *arguments: Any, at: datetime) -> None:
    """Have a job done soon after the transaction of the caller. Arguments are plain JSON.

    By its name, for jobs stand above the services that ask for them: `cities.jobs.send_…`.
    """
    key = key_of(name, arguments)
    fresh = Job(key=key, name=name, arguments=list(arguments), asked_at=at, next_try_at=at)
    Job.objects.bulk_create([fresh], ignore_conflicts=True)
    Job.objects.filter(key=key).update(asked_at=at, next_try_at=at, **ANEW)
    transaction.on_commit(partial(deliver, [key], at=at))


def deliver(keys: Iterable[str], *, at: datetime) -> None:
    """Tell the queue. Where it is away, the schedule tells it again (`jobs.schedule.tick`)."""
    told = []
    for key in keys:
        try:
            work.enqueue(key)
        except Exception:  # whatever the queue's client raises: the row is safe
            logger.exception("Job %s could not be queued; it is queued again soon", key)
        else:
            told.append(key)
    Job.objects.filter(key__in=told).update(delivered_at=at)


@task()
def work(key: str) -> str:
    """What the queue calls."""
    return carry_out(key, now=timezone.now).value


def carry_out(key: str, *, now: Clock) -> Outcome:
    """Do the job if it is due and nobody holds it. Raises nothing that the job raises."""
    taken = _taken(key, at=now())
    if taken is None:
        return Outcome.NOTHING
    with doing(taken.pk):
        return _outcome(taken, now=now)


def _outcome(taken: Job, *, now: Clock) -> Outcome:
    mine = Job.objects.filter(pk=taken.pk, held_by=taken.held_by)
    kind = UNKNOWN
    try:
        kind = kind_at(taken.name)
        # Held anew from here for as long as this kind may take.
        hold = partial(_hold, mine, kind)
        hold(now())
        with held_by(hold):
            kind.function(*taken.arguments, now=now)
    except Exception as error:
        logger.exception("Job %s failed", taken.key)
        return _failed(taken, kind, error, at=now())
    free = {"held_by": None, "held_until": None, "attempts": 0, "failed_at": None, "fault": ""}
    if mine.filter(asked_at=taken.asked_at).update(done_at=now(), **free):
        return Outcome.DONE
    if not mine.update(**free):
        logger.warning("Job %s took longer than it is held for; another worker has it", taken.key)
        return Outcome.NOTHING
    deliver([taken.key], at=now())
    return Outcome.AGAIN


def _hold(mine: JobQuerySet, kind: JobKind, at: datetime) -> None:
    mine.update(held_until=at + kind.hold)


def _taken(key: str, *, at: datetime) -> Job | None:
    claim = uuid.uuid4()
    due = Job.objects.filter(key=key).due(at)
    due.update(held_by=claim, held_until=at + FIRST_HOLD, started_at=at)
    return Job.objects.filter(key=key, held_by=claim).first()


def _failed(taken: Job, kind: JobKind, error: Exception, *, at: datetime) -> Outcome:
    """Let it rest; after the last try park it. What was asked anew meanwhile begins anew."""
    attempts = taken.attempts + 1
    pause = kind.pause(attempts)
    mine = Job.objects.filter(pk=taken.pk, held_by=taken.held_by)
    free = {"held_by": None, "held_until": None, "delivered_at": None}
    mine.exclude(asked_at=taken.asked_at).update(**free)
    said = f"{type(error).__name__}: {error}"[:FAULT_CHARACTERS]
    mine.update(
        attempts=attempts,
        failed_at=taken.failed_at or at,
        next_try_at=at + pause if pause else F("next_try_at"),
        parked_at=None if pause else at,
        fault=said,
        **free,
    )
    if pause is None:
        logger.error("Job %s is parked after %s tries", taken.key, attempts)
    return Outcome.FAILED if pause else Outcome.PARKED


def try_again(*, job_id: int, by: Any, at: datetime) -> Job | None:
    """Let a parked job begin anew; None where it is parked no more.

    Raises PermissionDenied for anybody but site administrators.
    """
    if not (by.is_active and by.is_superuser):
        raise PermissionDenied
    if not Job.objects.filter(pk=job_id).parked().update(next_try_at=at, **ANEW):
        return None
    found = Job.objects.get(pk=job_id)
    transaction.on_commit(partial(deliver, [found.key], at=at))
    return found
