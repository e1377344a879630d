"""Which claims of a year do not stand on the register that could answer them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Answer, Assessment
from assessments.models.answer import AnswerQuerySet
from assessments.stages import StageAction
from assessments.year_notes import YearNote
from cities.models import Membership
from plans.register_checks import Gap, gaps
from registers.models import TakenValue
from registers.registry import with_source

WORDS = {
    Gap.OTHER: gettext_lazy("angkanya berbeda dari register"),
    Gap.NOT_TAKEN: gettext_lazy("angkanya belum diambil dari register"),
    Gap.INCOMPLETE: gettext_lazy("register belum lengkap ketika nilai diambil"),
}


@dataclass(frozen=True, slots=True)
class LastTaken:
    value: Decimal
    missing: int


def with_last_taken(answers: AnswerQuerySet) -> AnswerQuerySet:
    """Annotate what `gaps_of` needs: what was taken last, and how many were not known then."""
    last = TakenValue.objects.filter(answer=OuterRef("pk")).order_by("-at", "-pk")
    return answers.annotate(
        taken_value=Subquery(last.values("value")[:1]),
        taken_missing=Subquery(last.values("missing")[:1]),
    )


def gaps_of(answer: Any) -> frozenset[Gap]:
    """Of an answer `with_last_taken` that a register can give."""
    value, missing = answer.taken_value, answer.taken_missing
    return gaps(
        points=answer.claimed_points,
        value=answer.value,
        taken=None if value is None else LastTaken(value, missing),
        tolerance=settings.KLA_REGISTER_TOLERANCE,
    )


def register_gaps(assessment: Assessment) -> dict[int, frozenset[Gap]]:
    """By answer that has any; one query."""
    answers = Answer.objects.filter(with_source(assessment.instrument), assessment=assessment)
    found = {
        answer.pk: gaps_of(answer)
        for answer in with_last_taken(answers).only("claimed_points", "value")
    }
    return {pk: of_answer for pk, of_answer in found.items() if of_answer}


def gaps_told(of_answers: Iterable[frozenset[Gap]]) -> str:
    """3 angkanya belum diambil dari register, 1 …: how many of each; empty without any."""
    counts = Counter(gap for of_answer in of_answers for gap in of_answer)
    return ", ".join(f"{counts[gap]} {WORDS[gap]}" for gap in Gap if counts[gap])


def register_note(member: Membership, assessment: Assessment) -> YearNote | None:
    """For the first page of a year, as long as its claims may change."""
    found = register_gaps(assessment) if StageAction.CLAIM in assessment.actions else {}
    if not found:
        return None
    return YearNote(
        count=len(found),
        label=ngettext(
            "pertanyaan belum cocok dengan register",
            "pertanyaan belum cocok dengan register",
            len(found),
        ),
        fact=f"{gaps_told(found.values())}.",
        url=reverse("plans:check_list", args=[member.city.slug, assessment.year]),
        button=_("Lihat"),
    )
