"""Rows of a city by what stands in the address; what a member may not see does not exist."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments.models import Answer, Assessment, Evidence
from cities.models import Membership

_AT_HAND = ("city", "instrument", "target", "band_table")


def get_assessment_or_404(member: Membership, year: int) -> Assessment:
    years = Assessment.objects.select_related(*_AT_HAND)
    return get_object_or_404(years, city=member.city, year=year)


def get_assessment_and_earlier_or_404(
    member: Membership, year: int
) -> tuple[Assessment, Assessment | None]:
    """The year and the one that the city had last before it, in one query."""
    years = Assessment.objects.filter(city=member.city, year__lte=year).order_by("-year")
    found = list(years.select_related(*_AT_HAND)[:2])
    if not found or found[0].year != year:
        raise Http404
    return found[0], found[1] if len(found) > 1 else None


def get_answer_or_404(member: Membership, assessment: Assessment, code: str) -> Answer:
    return get_object_or_404(
        Answer.objects.visible_to(member)
        .with_state()
        .with_due_on(member.opd)
        .select_related("question__indicator__cluster", "claimed_by", "granted_by"),
        assessment=assessment,
        question__code=code,
    )


def get_question_or_404(member: Membership, year: int, code: str) -> Answer:
    """The answer for the page of its question, with its year, in one query."""
    at_hand = (f"assessment__{name}" for name in _AT_HAND)
    return get_object_or_404(
        Answer.objects.visible_to(member)
        .with_state()
        .with_due_on(member.opd)
        .with_neighbours(member)
        .with_document_counts()
        .select_related(
            "question__indicator__cluster",
            "question__changed_source",
            "claimed_by",
            "granted_by",
            "assessment",
            *at_hand,
        ),
        assessment__year=year,
        question__code=code,
    )


def get_evidence_or_404(member: Membership, assessment: Assessment, pk: int) -> Evidence:
    return get_object_or_404(
        Evidence.objects.visible_to(member).select_related(
            "document__uploaded_by",
            "document__opd",
            "document__city",
            "document__rendition",
            "superseded_by__document__revision_of",
            "kind",
            "decided_by",
            "answer__question__indicator__cluster",
        ),
        pk=pk,
        answer__assessment=assessment,
    )
