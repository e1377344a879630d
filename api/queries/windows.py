"""Windows of the field verification, as the interface tells of them."""

from __future__ import annotations

from datetime import datetime

from api.answers.questions import AskedDocument, CompletionWindow, WindowQuestion
from assessments.choices import AnswerState
from assessments.models import Answer, Assessment
from assessments.queries.rescue import RescueBoard, RescueRow, rescue_boards
from cities.models import Membership


def completion_windows(
    member: Membership, assessment: Assessment, *, at: datetime
) -> list[CompletionWindow]:
    """As their page: the open ones first, and none without a question that the member may see.

    Seven queries.
    """
    answers = Answer.objects.visible_to(member).filter(assessment=assessment)
    return [_window(board) for board in rescue_boards(assessment, answers, at=at)]


def _window(board: RescueBoard) -> CompletionWindow:
    window = board.window
    return CompletionWindow(
        id=window.pk,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        cancelled_at=window.cancelled_at,
        is_open=board.is_open,
        note=window.note,
        opened_by=window.by.name,
        questions=[_question(row) for row in board.rows],
    )


def _question(row: RescueRow) -> WindowQuestion:
    return WindowQuestion(
        code=row.answer.question.code,
        state=AnswerState(row.state),
        points=row.points,
        leads=row.leads,
        kinds=[AskedDocument(one.code, one.name, one.state) for one in row.asked],
    )
