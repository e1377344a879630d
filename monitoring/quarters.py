"""Quarters of a year: when each ends, and until when it is to be reported. Knows no Django."""

from __future__ import annotations

from datetime import date, timedelta

QUARTERS = (1, 2, 3, 4)
LAST_DAYS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


def begins(year: int, quarter: int) -> date:
    return date(year, 3 * quarter - 2, 1)


def ends(year: int, quarter: int) -> date:
    return date(year, *LAST_DAYS[quarter])


def due_on(year: int, quarter: int, *, grace_days: int) -> date:
    """The last day for the report, so many days after the quarter."""
    return ends(year, quarter) + timedelta(days=grace_days)


def last_due(year: int, *, today: date, grace_days: int) -> int:
    """The last quarter of the year whose deadline has passed; 0 where there is none."""
    passed = (q for q in QUARTERS if due_on(year, q, grace_days=grace_days) < today)
    return max(passed, default=0)
