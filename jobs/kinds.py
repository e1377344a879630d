"""What a job is: a function of a package's `jobs.py`, a thin call of one service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.module_loading import import_string

Clock = Callable[[], datetime]

# After the first failure, the second …; the last one repeats.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))


@dataclass(frozen=True, slots=True)
class JobKind:
    """`function(*arguments, now=clock)`, safe to run twice and to be cut off anywhere.

    `hold` is longer than it ever takes: after that a worker that has died is replaced. After
    `tries` failures one after the other it is parked until an operator looks at it.
    """

    function: Callable[..., object]
    label: str | Promise  # what an operator reads
    hold: timedelta
    tries: int

    @property
    def path(self) -> str:
        return f"{self.function.__module__}.{self.function.__qualname__}"

    def pause(self, attempts: int) -> timedelta | None:
        """How long it rests after so many failures; None when that was the last try."""
        return None if attempts >= self.tries else PAUSES[min(attempts, len(PAUSES)) - 1]


def job(
    label: str | Promise, *, hold: timedelta = timedelta(minutes=15), tries: int = 8
) -> Callable[[Callable[..., object]], JobKind]:
    """Make a job of a function at the top of a module."""
    return lambda function: JobKind(function, label, hold, tries)


def key_of(path: str, arguments: Iterable[object] = ()) -> str:
    """Asked for twice with the same arguments it is one job."""
    return ":".join([path, *map(str, arguments)])


def kind_at(path: str) -> JobKind:
    """The job of that name.

    Raises ImportError for one that this release does not know, TypeError for what is no job.
    """
    found = import_string(path)
    if not isinstance(found, JobKind):
        raise TypeError(f"{path} is no job")
    return found
