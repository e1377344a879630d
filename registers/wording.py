"""What a register says, in one sentence: the same on pages, in checks and in trails."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from figures.numbers import format_points
from registers.contract import AnswerKind, Count, RegisterAnswer, YearCount, shown_value


def told(
    value: Decimal | None, kind: str, numerator: int, denominator: int | None, noun: str = ""
) -> str:
    """38 dari 40 kelurahan (95%); of a count 12 puskesmas, its whole stands in the table."""
    if kind == AnswerKind.COUNT or denominator is None:
        return f"{shown_value(value, kind)} {noun}".rstrip()
    facts = {
        "count": format_points(numerator),
        "all": f"{format_points(denominator)} {noun}".rstrip(),
        "share": shown_value(value, kind),
    }
    return _("%(count)s dari %(all)s (%(share)s)") % facts


def told_of(answer: RegisterAnswer) -> str:
    return told(answer.value, answer.kind, answer.numerator, answer.denominator, answer.noun)


def year_line(one: YearCount) -> str:
    """2025: 12 (L 7, P 5) dari 20 (60%), as far as each is known."""
    if one.counted is None:
        return _("%(year)d: belum diketahui") % {"year": one.year}
    line = f"{one.year}: {count_told(one.counted)}"
    if one.whole is None:
        return line
    share = shown_value(one.value, AnswerKind.SHARE)
    return _("%(counted)s dari %(whole)s (%(share)s)") % {
        "counted": line,
        "whole": count_told(one.whole),
        "share": share,
    }


def count_told(count: Count) -> str:
    """12 (L 7, P 5); the number alone where it was not counted by sex."""
    if count.male is None:
        return format_points(count.total)
    sexes = {"male": format_points(count.male), "female": format_points(count.female)}
    return f"{format_points(count.total)} ({_('L %(male)s, P %(female)s') % sexes})"
