"""What packages above add to the page of a question; the settings name them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from assessments.models import Answer


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A template, and what it is given as `part`."""

    template: str
    part: object


def question_parts(answer: Answer, *, may_claim: bool) -> list[QuestionPart]:
    """What each function of `KLA_QUESTION_PARTS` has to say to the question, without the silent."""
    found = [
        import_string(path)(answer, may_claim=may_claim) for path in settings.KLA_QUESTION_PARTS
    ]
    return [part for part in found if part is not None]
