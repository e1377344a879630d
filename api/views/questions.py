"""Questions of a year, and what is said at them."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.questions import CommentEntry, QuestionDetail, QuestionEntry
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries.questions import answers_of, question_detail, question_entry
from assessments.models import Answer, Comment
from assessments.views.lookups import get_assessment_or_404
from cities.roles import Permission


def answer_or_404(call: Call, year: int, code: str) -> Answer:
    """The question with its year, if the member may see it; what it tells of itself is at hand."""
    rows = answers_of(call.member, get_assessment_or_404(call.member, year))
    answer = rows.select_related("assessment__city").filter(question__code=code).first()
    if answer is None:
        raise Http404
    return answer


def detail_of(call: Call, year: int, code: str) -> QuestionDetail:
    answer = answer_or_404(call, year, code)
    return question_detail(answer, call.member, today=timezone.localdate())


def comment_entry(comment: Comment) -> CommentEntry:
    return CommentEntry(comment.pk, comment.text, comment.by.name, comment.at)


def _questions(call: Call, year: int) -> Page[QuestionEntry]:
    today = timezone.localdate()

    def shown(found: Sequence[Answer]) -> list[QuestionEntry]:
        return [question_entry(one, today=today) for one in found]

    rows = answers_of(call.member, get_assessment_or_404(call.member, year))
    return page_of(call.request, rows, key="question__position", shown=shown)


def _comments(call: Call, year: int, code: str) -> Page[CommentEntry]:
    rows = answer_or_404(call, year, code).comments.select_related("by")
    return page_of(
        call.request, rows, key="pk", shown=lambda found: [comment_entry(one) for one in found]
    )


questions = resource(
    get=Endpoint(
        _questions,
        _("Pertanyaan dengan klaim dan keadaannya"),
        permission=Permission.VIEW_QUESTION,
        returns=QuestionEntry,
        is_page=True,
    )
)
question = resource(
    get=Endpoint(
        detail_of,
        _("Satu pertanyaan dengan dokumennya"),
        permission=Permission.VIEW_QUESTION,
        returns=QuestionDetail,
    )
)
READ_COMMENTS = Endpoint(
    _comments,
    _("Diskusi sebuah pertanyaan"),
    permission=Permission.VIEW_QUESTION,
    returns=CommentEntry,
    is_page=True,
)
