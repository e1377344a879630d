"""What the page of one question tells, beside the answer itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from assessments.advice import advice
from assessments.choices import AnswerState, TrailEvent, Verdict
from assessments.models import (
    Activity,
    Answer,
    Assignment,
    Comment,
    RescueWindow,
    SupportingDocument,
    Waiver,
)
from assessments.queries.documents import (
    OfferedDocument,
    offered_documents,
    reusable_documents,
)
from assessments.queries.points import PointsHistory, points_history
from assessments.queries.rescue import rescue_of
from assessments.queries.tasks import AskedKind, asked_kinds
from cities.models import Membership, Opd
from cities.roles import Permission


@dataclass(frozen=True, slots=True)
class Owed:
    """What a question still asks of those who answer it."""

    asked: list[AskedKind]
    returned: list[OfferedDocument]  # to be put right, newest first
    advice: str  # ours, not the ministry's

    @property
    def settled(self) -> int:
        """How many of the kinds asked for are accepted or waived."""
        return sum(kind.is_settled for kind in self.asked)

    @property
    def missing(self) -> int:
        """Of how many kinds nothing was handed in."""
        return sum(kind.state == AnswerState.EMPTY for kind in self.asked)

    @property
    def is_complete(self) -> bool:
        return bool(self.asked) and self.settled == len(self.asked)


class QuestionPage(TypedDict):
    """By the names that the template knows."""

    late: bool
    assignments: list[Assignment]
    lead: Opd | None
    supporting: list[Opd]
    owed: Owed
    documents: list[OfferedDocument]  # newest first
    others: list[OfferedDocument]  # those of them that were not returned
    reusable: list[SupportingDocument] | None  # None where nobody has looked for any
    rescue: RescueWindow | None
    comments: QuerySet[Comment]
    activities: list[Activity]  # without the comments, which stand beside them
    points_history: PointsHistory
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
    # The forms of the page read both again.
    in_words = Waiver.objects.select_related("by", "kind")
    prefetch_related_objects(
        [answer], "question__evidence_kinds", Prefetch("waivers", queryset=in_words)
    )
    evidence = answer.evidence.select_related(
        "document__uploaded_by",
        "document__opd",
        "document__city",
        "document__rendition",
        "kind",
        "decided_by",
    )
    waivers = answer.waivers.all()
    answering = [
        one for one in evidence if one.verdict != Verdict.WAITING or not one.document.is_infected
    ]
    asked = asked_kinds(answer.question.evidence_kinds.all(), answering, waivers)
    reusable = None
    if may_hand_in and term is not None:
        reusable = reusable_documents(member, answer, term)
    previous, following = _neighbours(member, answer)
    assignments = list(answer.assignments.select_related("opd"))
    lines = list(answer.activities.select_related("by"))
    documents = offered_documents(
        evidence, answer.assessment, member, may_change=may_hand_in, today=today
    )
    hidden = {TrailEvent.COMMENT_ADDED}
    if not member.may(Permission.READ_SENSITIVE):
        hidden.add(TrailEvent.SENSITIVE_OPENED)  # who read it concerns those who guard it
    returned = [item for item in documents if item.evidence.verdict == Verdict.RETURNED]
    return QuestionPage(
        late=answer.is_late(today),
        assignments=assignments,
        lead=next((one.opd for one in assignments if one.is_lead), None),
        supporting=[one.opd for one in assignments if not one.is_lead],
        owed=Owed(asked, returned, advice((kind.code, kind.name) for kind in asked)),
        documents=documents,
        others=[item for item in documents if item.evidence.verdict != Verdict.RETURNED],
        reusable=reusable,
        rescue=rescue_of(answer, at=at),
        comments=answer.comments.select_related("by").prefetch_related("mentions__opd"),
        # What people wrote stands in the conversation beside it.
        activities=[line for line in lines if line.deed not in hidden],
        points_history=points_history(answer),
        previous=previous,
        following=following,
    )


def _neighbours(member: Membership, answer: Answer) -> tuple[str | None, str | None]:
    """The codes of the questions before and after this one, among those the member sees."""
    seen = Answer.objects.visible_to(member).filter(assessment=answer.assessment_id)
    codes = list(seen.in_order().values_list("question__code", flat=True))
    here = codes.index(answer.question.code)
    return (
        codes[here - 1] if here else None,
        codes[here + 1] if here + 1 < len(codes) else None,
    )
