"""What a register is: something that answers a question with its rows. Knows no Django."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from figures.numbers import NOTHING, format_number

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One thing that was counted, or that belongs to the whole and was not.

    `counts` is None where the register does not know: it is missing, not a no.
    """

    code: str
    name: str
    group: str
    says: str
    counts: bool | None


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """What a register says to a question on a reference date, with everything behind it."""

    title: str
    noun: str  # what is counted, as people say it: kelurahan
    as_of: date
    rows: tuple[RegisterRow, ...]
    url: str  # where the rows are looked at
    silence: str = "belum melapor"  # what those say that count neither way

    @property
    def numerator(self) -> int:
        return sum(row.counts is True for row in self.rows)

    @property
    def denominator(self) -> int:
        return len(self.rows)

    @property
    def missing(self) -> tuple[RegisterRow, ...]:
        return tuple(row for row in self.rows if row.counts is None)

    @property
    def value(self) -> Decimal | None:
        """The share in per cent, to a hundredth; None of nothing."""
        if not self.rows:
            return None
        share = Decimal(100 * self.numerator) / self.denominator
        return share.quantize(HUNDREDTH, ROUND_HALF_UP)

    @property
    def share(self) -> str:
        """The value as people read it: 95% or 97,37%; a dash of nothing."""
        return shown_share(self.value)

    @property
    def fingerprint(self) -> str:
        """Changes with anything that the answer rests on (SHA-256 in hexadecimal)."""
        return fingerprint_of(self.as_of, [asdict(row) for row in self.rows])


def shown_share(value: Decimal | None) -> str:
    return NOTHING if value is None else f"{format_number(value)}%"


def fingerprint_of(as_of: date, rows: Iterable[dict[str, object]]) -> str:
    told = json.dumps([as_of.isoformat(), list(rows)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


class Register(Protocol):
    """A package that counts something implements this and is named in `KLA_REGISTERS`."""

    code: str

    def knows(self, key: str) -> bool:
        """Whether there is something to count under that key."""
        ...

    def answer(self, *, city_id: int, city_slug: str, year: int, key: str) -> RegisterAnswer:
        """The answer for the evaluation of `year`. Raises LookupError for an unknown key."""
        ...

    def faults(self) -> list[str]:
        """What is odd in the register's own data files, for the linter."""
        ...
