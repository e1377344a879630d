"""Rows of a city by what stands in the address; what a member may not see does not exist."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from assessments.models import Answer, Assessment, Evidence
from cities.models import Membership


def get_assessment_or_404(member: Membership, year: int) -> Assessment:
    return get_object_or_404(
        Assessment.objects.select_related("city", "instrument", "target", "band_table"),
        city=member.city,
        year=year,
    )


def get_answer_or_404(member: Membership, assessment: Assessment, code: str) -> Answer:
    return get_object_or_404(
        Answer.objects.visible_to(member)
        .with_state()
        .with_due_on(member.opd)
        .select_related("question__indicator__cluster", "claimed_by", "granted_by"),
        assessment=assessment,
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
