"""The rules that hold a year against what was taken from registers."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from figures.numbers import format_number
from plans.checked import CheckedYear, Finding, claimed


def other_than_register(year: CheckedYear) -> Iterator[Finding]:
    """A figure that was changed after it had been taken from a register, by more than allowed."""
    for answer in year.answers:
        taken = year.taken.get(answer.pk)
        if taken is None or answer.value is None:
            continue
        if abs(answer.value - taken.value) > year.tolerance:
            words = _("Jawaban %(value)s, register %(taken)s (%(count)d dari %(all)d).")
            facts = words % {
                "value": format_number(answer.value),
                "taken": format_number(taken.value),
                "count": taken.numerator,
                "all": taken.denominator,
            }
            yield Finding(facts, answer)


def not_from_register(year: CheckedYear) -> Iterator[Finding]:
    """A claim that a register could stand behind, and none does."""
    for answer in year.answers:
        can_be = answer.question.code in year.answerable and answer.pk not in year.taken
        if can_be and answer.claimed_points:
            words = _("Diklaim %(points)s poin, angkanya belum diambil dari register.")
            yield Finding(words % {"points": claimed(answer)}, answer)


def taken_with_silence(year: CheckedYear) -> Iterator[Finding]:
    """Some did not report when the value was taken; they are in the whole and count as no."""
    for answer in year.answers:
        taken = year.taken.get(answer.pk)
        if taken is not None and taken.missing:
            words = _("%(missing)d dari %(all)d belum diketahui ketika nilai diambil.")
            facts = words % {"missing": taken.missing, "all": taken.denominator}
            yield Finding(facts, answer)
