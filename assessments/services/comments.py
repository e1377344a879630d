from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assessments.choices import Deed
from assessments.models import Answer, Comment
from assessments.services.activity import record
from assessments.services.years import require_act
from assessments.stages import Act
from cities.models import User


@transaction.atomic
def add_comment(*, answer: Answer, text: str, by: User, at: datetime) -> Comment:
    """Add a line to the conversation about a question; a closed year can still be discussed."""
    require_act(answer.assessment, Act.COMMENT, at=at)
    comment = Comment.objects.create(answer=answer, text=text, by=by, at=at)
    record(
        Deed.COMMENT_ADDED,
        assessment=answer.assessment,
        answer=answer,
        by=by,
        at=at,
        after={"text": text},
    )
    return comment
