"""Which job this thread is doing: for its lines in the log, and for work that takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

job_id: ContextVar[int | None] = ContextVar("job_id", default=None)
_hold: ContextVar[Callable[[datetime], object] | None] = ContextVar("hold", default=None)


@contextmanager
def doing(pk: int) -> Iterator[None]:
    """The primary key of the job's row, until its end; the one around it afterwards."""
    before = job_id.set(pk)
    try:
        yield
    finally:
        job_id.reset(before)


@contextmanager
def held_by(hold: Callable[[datetime], object]) -> Iterator[None]:
    """`hold` keeps the job of this thread from other workers for as long again."""
    before = _hold.set(hold)
    try:
        yield
    finally:
        _hold.reset(before)


def hold_on(*, at: datetime) -> None:
    """Say that the work goes on: the job stays this worker's. Outside of a job nothing happens."""
    hold = _hold.get()
    if hold is not None:
        hold(at)
