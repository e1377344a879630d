"""What a register is: something that answers a question with its rows. Knows no Django."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Protocol

from figures.numbers import NOTHING, format_number

HUNDREDTH = Decimal("0.01")


class AnswerKind(StrEnum):
    """What the value of an answer is: so many per cent of a whole, or so many."""

    SHARE = "share"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Count:
    """How many, and of them male (L) and female (P) where they were counted by sex.

    Raises ValueError for what no count can be: below zero, one sex alone, sexes that do not add up.
    """

    total: int
    male: int | None = None
    female: int | None = None

    def __post_init__(self) -> None:
        sexes = [one for one in (self.male, self.female) if one is not None]
        if len(sexes) == 1 or min([self.total, *sexes]) < 0 or (sexes and sum(sexes) != self.total):
            raise ValueError(self)

    @classmethod
    def by_sex(cls, male: int, female: int) -> Count:
        return cls(male + female, male, female)

    def __add__(self, other: Count) -> Count:
        """Both together; by sex only where both are."""
        total = self.total + other.total
        if self.male is None or self.female is None or other.male is None or other.female is None:
            return Count(total)
        return Count(total, self.male + other.male, self.female + other.female)


@dataclass(frozen=True, slots=True)
class YearCount:
    """What was counted in a year, and what it is a part of.

    `counted` is None where the year was not reported: that is no zero. `whole` is None where the
    number stands alone, such as deaths.
    """

    year: int
    counted: Count | None
    whole: Count | None = None

    @property
    def value(self) -> Decimal | None:
        """The share in per cent, to a hundredth; None of nothing and where a half is unknown."""
        if self.counted is None or self.whole is None or not self.whole.total:
            return None
        share = Decimal(100 * self.counted.total) / self.whole.total
        return share.quantize(HUNDREDTH, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One thing that was counted, or that belongs to the whole and was not.

    `counts` is None where the register does not know: it is missing, not a no. `years` is what
    the row adds to the counts of an answer, the earlier year first.
    """

    code: str
    name: str
    group: str
    says: str
    counts: bool | None
    years: tuple[YearCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What is filed of an answer instead of its matrix; `content` is a whole PDF, made when asked."""

    title: str
    content: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """What a register says to a question on a reference date, with everything behind it.

    Without `years` the rows themselves are counted: a share of units. With `years`, the earlier
    first and the evaluated one last, these are the counts; `added_up` makes them of the rows.
    """

    title: str
    noun: str  # what is counted, as people say it: kelurahan
    as_of: date
    rows: tuple[RegisterRow, ...]
    url: str  # where the rows are looked at
    silence: str = "belum melapor"  # what those say that count neither way
    kind: AnswerKind = AnswerKind.SHARE
    years: tuple[YearCount, ...] = ()
    paper: Paper | None = None
    note: str = ""  # what a reader must know beside the figures, such as an explained difference

    @property
    def numerator(self) -> int:
        if self.years:
            return self.years[-1].counted.total if self.years[-1].counted else 0
        return sum(row.counts is True for row in self.rows)

    @property
    def denominator(self) -> int | None:
        """The whole; None where the number stands alone."""
        if self.years:
            return self.years[-1].whole.total if self.years[-1].whole else None
        return len(self.rows)

    @property
    def missing(self) -> tuple[RegisterRow, ...]:
        return tuple(row for row in self.rows if row.counts is None)

    @property
    def is_empty(self) -> bool:
        """Nothing is known yet, so there is nothing to take."""
        return self.value is None or len(self.missing) == len(self.rows)

    @property
    def value(self) -> Decimal | None:
        """The share in per cent, to a hundredth, or the number; None of nothing."""
        if self.kind == AnswerKind.COUNT:
            is_known = self.years and self.years[-1].counted is not None
            return Decimal(self.numerator) if is_known else None
        if self.years:
            return self.years[-1].value
        return YearCount(self.as_of.year, Count(self.numerator), Count(len(self.rows))).value

    @property
    def shown(self) -> str:
        """The value as people read it: 95%, 97,37% or 1.250; a dash of nothing."""
        return shown_value(self.value, self.kind)

    @property
    def fingerprint(self) -> str:
        """Changes with anything that the answer rests on (SHA-256 in hexadecimal)."""
        return fingerprint_of(self)


def shown_value(value: Decimal | None, kind: str) -> str:
    if value is None:
        return NOTHING
    return format_number(value) + ("%" if kind == AnswerKind.SHARE else "")


def stored_row(row: RegisterRow) -> dict[str, object]:
    """The row as it is kept: JSON, with `years` only where it has any."""
    told = asdict(row)
    if not row.years:
        del told["years"]
    return told


def read_row(stored: Mapping[str, Any]) -> RegisterRow:
    """What `stored_row` wrote."""
    return RegisterRow(**{**stored, "years": read_years(stored.get("years", ()))})


def stored_years(years: Iterable[YearCount]) -> list[dict[str, object]]:
    """Counts by year as JSON: {year, counted: {total, male, female} or null, whole: the same}."""
    return [asdict(one) for one in years]


def read_years(stored: Iterable[Mapping[str, object]]) -> tuple[YearCount, ...]:
    """What `stored_years` wrote."""
    return tuple(
        YearCount(int(str(one["year"])), _count(one["counted"]), _count(one["whole"]))
        for one in stored
    )


def _count(stored: object) -> Count | None:
    return Count(**stored) if isinstance(stored, dict) else None


def added_up(rows: Iterable[RegisterRow]) -> tuple[YearCount, ...]:
    """The counts of all rows together, year by year, the earliest first.

    What a row does not know adds nothing; a year of which no row knows anything stays unknown.
    """
    counted: dict[int, list[Count | None]] = {}
    whole: dict[int, list[Count | None]] = {}
    for row in rows:
        for one in row.years:
            counted.setdefault(one.year, []).append(one.counted)
            whole.setdefault(one.year, []).append(one.whole)
    return tuple(
        YearCount(year, _sum(counted[year]), _sum(whole[year])) for year in sorted(counted)
    )


def _sum(counts: Iterable[Count | None]) -> Count | None:
    known = [count for count in counts if count is not None]
    return sum(known[1:], start=known[0]) if known else None


def fingerprint_of(answer: RegisterAnswer) -> str:
    told: list[object] = [answer.as_of.isoformat(), [stored_row(row) for row in answer.rows]]
    if answer.years:  # a share of units keeps the fingerprint that it had before there were counts
        told += [answer.kind, stored_years(answer.years), answer.note]
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Register(Protocol):
    """A package that counts something implements this and is named in `KLA_REGISTERS`."""

    code: str
    title: str  # as people call it

    def gives(self, key: str) -> AnswerKind | None:
        """What the value under that key is; None where nothing is counted under it."""
        ...

    def keys(self) -> Mapping[str, str]:
        """Every key under which something is counted, with what that is."""
        ...

    def answer(self, *, city_id: int, city_slug: str, year: int, key: str) -> RegisterAnswer:
        """The answer for the evaluation of `year`. Raises LookupError for an unknown key."""
        ...

    def faults(self) -> list[str]:
        """What is odd in the register's own data files, for the linter."""
        ...
