"""What the page of one question tells, beside the answer itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict

from django.db.models import QuerySet

from assessments.choices import TrailEvent
from assessments.models import (
    Activity,
    Answer,
    Assignment,
    Comment,
    RescueWindow,
    SupportingDocument,
)
from assessments.queries.documents import (
    OfferedDocument,
    offered_documents,
    reusable_documents,
)
from assessments.queries.last_deeds import LastSent, last_sent
from assessments.queries.points import PointsHistory, points_history
from assessments.queries.rescue import rescue_of
from assessments.queries.tasks import AskedKind, asked_kinds
from cities.models import Membership


class QuestionPage(TypedDict):
    """By the names that the template knows."""

    late: bool
    assignments: QuerySet[Assignment]
    asked: list[AskedKind]
    settled: int  # how many of the kinds asked for are accepted or waived
    documents: list[OfferedDocument]  # newest first
    reusable: list[SupportingDocument] | None  # None where nobody has looked for any
    rescue: RescueWindow | None
    comments: QuerySet[Comment]
    activities: QuerySet[Activity]  # without the comments, which stand beside them
    points_history: PointsHistory
    sent: LastSent
    previous: str | None  # codes of the questions before and after this one
    following: str | None


def question_page_of(
    answer: Answer,
    member: Membership,
    *,
    may_hand_in: bool,
    term: str | None,
    at: datetime,
    today: date,
) -> QuestionPage:
    """Everything in a fixed number of queries; the answer comes `with_state` and `with_due_on`.

    With a `term` (“” looks for anything) documents of the city that could be offered again are
    looked for, if the member may hand in.
    """
    evidence = answer.evidence.select_related(
        "document__uploaded_by",
        "document__opd",
        "document__city",
        "document__rendition",
        "kind",
        "decided_by",
    )
    waivers = answer.waivers.select_related("by")
    asked = asked_kinds(answer.question.evidence_kinds.all(), evidence, waivers)
    reusable = None
    if may_hand_in and term is not None:
        reusable = reusable_documents(member, answer, term)
    previous, following = _neighbours(member, answer)
    return QuestionPage(
        late=answer.is_late(today),
        assignments=answer.assignments.select_related("opd"),
        asked=asked,
        settled=sum(kind.is_settled for kind in asked),
        documents=offered_documents(
            evidence, answer.assessment, member, may_change=may_hand_in, today=today
        ),
        reusable=reusable,
        rescue=rescue_of(answer, at=at),
        comments=answer.comments.select_related("by").prefetch_related("mentions__opd"),
        # What people wrote stands in the conversation beside it.
        activities=answer.activities.exclude(deed=TrailEvent.COMMENT_ADDED).select_related("by"),
        points_history=points_history(answer),
        sent=last_sent(answer, member.user),
        previous=previous,
        following=following,
    )


def _neighbours(member: Membership, answer: Answer) -> tuple[str | None, str | None]:
    """The codes of the questions before and after this one, among those the member sees."""
    seen = Answer.objects.visible_to(member).filter(assessment=answer.assessment_id)
    position = answer.question.position
    before = seen.filter(question__position__lt=position).order_by("-question__position")
    after = seen.filter(question__position__gt=position).order_by("question__position")
    return (
        before.values_list("question__code", flat=True).first(),
        after.values_list("question__code", flat=True).first(),
    )
