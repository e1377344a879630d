"""The rules that hold a year against what was taken from registers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext as _

from assessments.models import Answer
from plans.checked import CheckedYear, Finding, claimed
from registers.contract import shown_value


class Gap(StrEnum):
    """What stands between an answer and the register that could stand behind it."""

    OTHER = "other"
    NOT_TAKEN = "not_taken"
    INCOMPLETE = "incomplete"


class Taken(Protocol):
    """What was taken last: its value, and how many were not known then."""

    @property
    def value(self) -> Decimal: ...
    @property
    def missing(self) -> int: ...


def gaps(
    *, points: Decimal | None, value: Decimal | None, taken: Taken | None, tolerance: Decimal
) -> frozenset[Gap]:
    """Of an answer that a register can give: its claim of `points` with the figure `value`.

    A figure may differ by `tolerance` from what was taken, in its own unit. Units that were
    silent when it was taken are in the whole.
    """
    if taken is None:
        return frozenset({Gap.NOT_TAKEN} if points else ())
    found = {Gap.INCOMPLETE} if taken.missing else set()
    if value is not None and abs(value - taken.value) > tolerance:
        found.add(Gap.OTHER)
    return frozenset(found)


def other_than_register(year: CheckedYear) -> Iterator[Finding]:
    """A figure that was changed after it had been taken from a register, by more than allowed."""
    for answer in _with(year, Gap.OTHER):
        taken = year.taken[answer.pk]
        words = _("Jawaban %(value)s, register %(taken)s.")
        shown = shown_value(answer.value, taken.kind)
        yield Finding(words % {"value": shown, "taken": taken.told}, answer)


def not_from_register(year: CheckedYear) -> Iterator[Finding]:
    """A claim that a register could stand behind, and none does."""
    for answer in _with(year, Gap.NOT_TAKEN):
        words = _("Diklaim %(points)s poin, angkanya belum diambil dari register.")
        yield Finding(words % {"points": claimed(answer)}, answer)


def taken_with_silence(year: CheckedYear) -> Iterator[Finding]:
    """Some did not report when the value was taken; units among them are in the whole."""
    for answer in _with(year, Gap.INCOMPLETE):
        taken = year.taken[answer.pk]
        words = _("%(missing)d belum diketahui ketika nilai diambil: %(taken)s.")
        yield Finding(words % {"missing": taken.missing, "taken": taken.told}, answer)


def _with(year: CheckedYear, gap: Gap) -> Iterator[Answer]:
    for answer in year.answers:
        taken = year.taken.get(answer.pk)
        if taken is None and answer.question.code not in year.answerable:
            continue
        if gap in gaps(
            points=answer.claimed_points,
            value=answer.value,
            taken=taken,
            tolerance=year.tolerance,
        ):
            yield answer
