"""What the page of one question tells, beside the answer itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.db.models import FilteredRelation, Prefetch, QuerySet, prefetch_related_objects

from assessments.advice import advice
from assessments.choices import AnswerState, TrailEvent, Verdict
from assessments.models import (
    Activity,
    Answer,
    Assignment,
    Comment,
    SupportingDocument,
)
from assessments.queries.documents import (
    OfferedDocument,
    first_documents,
    offered_documents,
    reusable_documents,
)
from assessments.queries.tasks import AskedKind, asked_with_best, kinds_with_best
from cities.models import Membership, Opd
from cities.roles import Permission


@dataclass(frozen=True, slots=True)
class Owed:
    """What a question still asks of those who answer it."""

    asked: list[AskedKind]
    returned: list[OfferedDocument]  # the newest to be put right
    to_put_right: int  # all that were returned
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
    documents: list[OfferedDocument]  # the newest returned and others, newest first
    others: list[OfferedDocument]  # those of them that were not returned
    reusable: list[SupportingDocument] | None  # None where nobody has looked for any
    comments: list[Comment]


def question_page_of(
    answer: Answer,
    member: Membership,
    *,
    may_hand_in: bool,
    term: str | None,
    today: date,
) -> QuestionPage:
    """Everything in a fixed number of queries; the answer comes as `get_question_or_404` has it.

    With a `term` (“” looks for anything) documents of the city that could be offered again are
    looked for, if the member may hand in.
    """
    # The forms of the page read them again.
    kinds = Prefetch("question__evidence_kinds", kinds_with_best(answer))
    prefetch_related_objects([answer], kinds)
    asked = asked_with_best(answer.question.evidence_kinds.all())
    reusable = None
    if may_hand_in and term is not None:
        reusable = reusable_documents(member, answer, term)
    assignments = list(answer.assignments.select_related("opd"))
    documents = offered_documents(
        first_documents(answer), answer.assessment, member, may_change=may_hand_in, today=today
    )
    returned = [item for item in documents if item.evidence.verdict == Verdict.RETURNED]
    return QuestionPage(
        late=answer.is_late(today),
        assignments=assignments,
        lead=next((one.opd for one in assignments if one.is_lead), None),
        supporting=[one.opd for one in assignments if not one.is_lead],
        owed=Owed(
            asked, returned, answer.returned, advice((kind.code, kind.name) for kind in asked)
        ),
        documents=documents,
        others=[item for item in documents if item.evidence.verdict != Verdict.RETURNED],
        reusable=reusable,
        comments=conversation(answer),
    )


def conversation(answer: Answer) -> list[Comment]:
    """What was said at a question, each with those it `calls` upon; one query."""
    found = answer.comments.annotate(call=FilteredRelation("mentions"))
    rows = found.select_related("by", "call__opd")  # type: ignore[misc]  # no filtered relation
    said: dict[int, Comment] = {}
    # A comment that calls upon several comes with each of them.
    for row in rows.order_by("at", "pk", "call__pk"):
        comment = said.setdefault(row.pk, row)
        calls = [row.call] if hasattr(row, "call") else []
        comment.calls = [*getattr(comment, "calls", ()), *calls]
    return list(said.values())


def deeds_of(answer: Answer, member: Membership) -> QuerySet[Activity]:
    """What was done at a question, newest first; what was said stands in its conversation."""
    hidden = {TrailEvent.COMMENT_ADDED}
    if not member.may(Permission.READ_SENSITIVE):
        hidden.add(TrailEvent.SENSITIVE_OPENED)  # who read it concerns those who guard it
    return answer.activities.exclude(deed__in=hidden).select_related("by")
