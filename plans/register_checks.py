"""The rules that hold a year against what was taken from registers."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from plans.checked import CheckedYear, Finding, claimed
from registers.contract import shown_value


def other_than_register(year: CheckedYear) -> Iterator[Finding]:
    """A figure that was changed after it had been taken from a register, by more than allowed."""
    for answer in year.answers:
        taken = year.taken.get(answer.pk)
        if taken is None or answer.value is None:
            continue
        if abs(answer.value - taken.value) > year.tolerance:
            words = _("Jawaban %(value)s, register %(taken)s.")
            shown = shown_value(answer.value, taken.kind)
            yield Finding(words % {"value": shown, "taken": taken.told}, answer)


def not_from_register(year: CheckedYear) -> Iterator[Finding]:
    """A claim that a register could stand behind, and none does."""
    for answer in year.answers:
        can_be = answer.question.code in year.answerable and answer.pk not in year.taken
        if can_be and answer.claimed_points:
            words = _("Diklaim %(points)s poin, angkanya belum diambil dari register.")
            yield Finding(words % {"points": claimed(answer)}, answer)


def taken_with_silence(year: CheckedYear) -> Iterator[Finding]:
    """Some did not report when the value was taken; units among them are in the whole."""
    for answer in year.answers:
        taken = year.taken.get(answer.pk)
        if taken is not None and taken.missing:
            words = _("%(missing)d belum diketahui ketika nilai diambil: %(taken)s.")
            yield Finding(words % {"missing": taken.missing, "taken": taken.told}, answer)
