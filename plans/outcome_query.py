"""Supposed outcomes as they stand in the address: h=2.1-t is question 2.1 accepted.

Short, for an address holds no more than some four thousand letters and a year has 274 questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from urllib.parse import urlencode

from plans.choices import Outcome

FIELD = "h"
NOT_FULL = "belum-penuh"  # what the address calls questions that can still bring points
LETTERS = {Outcome.ACCEPTED: "t", Outcome.HALF: "s", Outcome.RETURNED: "k"}
OUTCOMES = {letter: outcome for outcome, letter in LETTERS.items()}


def written(code: str, outcome: Outcome) -> str:
    return f"{code}-{LETTERS[outcome]}"


def read(values: Iterable[str], known: Collection[str]) -> dict[str, Outcome]:
    """Outcomes by question code; what is not understood supposes nothing."""
    found: dict[str, Outcome] = {}
    for value in values:
        code, _dash, letter = value.rpartition("-")
        if code in known and letter in OUTCOMES:
            found[code] = OUTCOMES[letter]
    return found


def query(outcomes: Mapping[str, Outcome]) -> str:
    return "?" + urlencode([(FIELD, written(*one)) for one in outcomes.items()])
