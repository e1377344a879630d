"""What is due by the clock. Any number of processes may look; each moment is asked for once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jobs.kinds import JobKind, key_of
from jobs.models import Job
from jobs.running import ANEW, deliver

# So long the queue has to bring a job to a worker before it is told of it again.
LOST_AFTER = timedelta(minutes=5)
REMEMBERED = timedelta(days=1)
# A moment further ahead than this was written by a clock that was wrong.
WRONG_BY = timedelta(days=1)
EPOCH = datetime.fromisoformat("1970-01-01T00:00+00:00")


class Entry(Protocol):
    @property
    def kind(self) -> JobKind: ...

    def last_due(self, at: datetime) -> datetime:
        """The newest moment, not after `at`, at which the job should run."""
        ...

    def next_due(self, at: datetime) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again; an hour is the full hour."""

    kind: JobKind
    interval: timedelta

    def last_due(self, at: datetime) -> datetime:
        return at - (at - EPOCH) % self.interval

    def next_due(self, at: datetime) -> datetime:
        return self.last_due(at) + self.interval


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at that time of Asia/Jakarta, or as soon as a worker is there."""

    kind: JobKind
    time: time

    def last_due(self, at: datetime) -> datetime:
        local = timezone.localtime(at)
        today = local.replace(hour=self.time.hour, minute=self.time.minute, second=0, microsecond=0)
        return today if today <= local else today - timedelta(days=1)

    def next_due(self, at: datetime) -> datetime:
        return self.last_due(at) + timedelta(days=1)


def tick(schedule: Iterable[Entry], *, at: datetime) -> list[str]:
    """Ask for what is due, and again for what the queue has lost. Returns the keys it told of."""
    known = dict(Job.objects.scheduled().values_list("key", "occurrence"))
    entries = [(key_of(entry.kind.path), entry) for entry in schedule]
    late = [(key, entry) for key, entry in entries if known.get(key) != entry.last_due(at)]
    keys = [key for key, entry in late if _asked(key, entry, at=at)]
    lost = Job.objects.due(at).filter(
        Q(delivered_at=None) | Q(delivered_at__lte=at - LOST_AFTER) | Q(delivered_at__gt=at)
    )
    keys += lost.exclude(key__in=keys).order_by("pk").values_list("key", flat=True)
    deliver(keys, at=at)
    Job.objects.filter(done_at__lte=at - REMEMBERED, occurrence=None).delete()
    return keys


@transaction.atomic
def _asked(key: str, entry: Entry, *, at: datetime) -> bool:
    """Whether this call was the one that asked for the moment."""
    row = Job(key=key, name=entry.kind.path, asked_at=at, next_try_at=at, done_at=at)
    Job.objects.bulk_create([row], ignore_conflicts=True)
    due = entry.last_due(at)
    older = Q(occurrence=None) | Q(occurrence__lt=due) | Q(occurrence__gt=due + WRONG_BY)
    again = Job.objects.filter(older, key=key)
    return bool(
        again.update(occurrence=due, asked_at=at, next_try_at=at, **ANEW | {"delivered_at": at})
    )
