"""Which job this thread is doing, for whoever writes a line in the log meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

job_id: ContextVar[int | None] = ContextVar("job_id", default=None)


@contextmanager
def doing(pk: int) -> Iterator[None]:
    """The primary key of the job's row, until its end; the one around it afterwards."""
    before = job_id.set(pk)
    try:
        yield
    finally:
        job_id.reset(before)
