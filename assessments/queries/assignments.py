"""The questions of one cluster by indicator, with who holds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from assessments.models import Answer
from clusters.models import Indicator

FEW = 15  # questions that are shown without folds


@dataclass(frozen=True, slots=True)
class AssignedIndicator:
    """An indicator with its questions; `is_open` says whether they are seen at first."""

    indicator: Indicator
    answers: Sequence[Answer]
    is_open: bool

    @property
    def without_lead(self) -> int:
        return sum(1 for answer in self.answers if not has_lead(answer))


def has_lead(answer: Answer) -> bool:
    """Of an answer whose assignments are at hand; makes no query then."""
    return any(one.is_lead for one in answer.assignments.all())


def assigned_indicators(
    answers: Sequence[Answer], *, ticked: Collection[int]
) -> list[AssignedIndicator]:
    """In the order of the answers. What is ticked is always seen."""
    groups = [list(rows) for _pk, rows in groupby(answers, key=_indicator_of)]
    return [
        AssignedIndicator(
            indicator=rows[0].question.indicator,
            answers=rows,
            is_open=len(answers) <= FEW or any(answer.pk in ticked for answer in rows),
        )
        for rows in groups
    ]


def _indicator_of(answer: Answer) -> int:
    return answer.question.indicator_id
