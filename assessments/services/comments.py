"""The conversation about a question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.mentions import COORDINATOR, mention_pattern
from assessments.models import Answer, Comment, Mention
from assessments.services.activity import record
from assessments.services.notifications import tell_coordinator, tell_mentioned, tell_replied
from assessments.services.years import lock, require_action, require_answer_permission
from assessments.stages import StageAction
from cities.models import Opd, User
from cities.roles import Permission
from texts.languages import deed


@deed
def add_comment(*, answer: Answer, text: str, by: User, at: datetime) -> Comment:
    """Add a line to the conversation about a question; a closed year can still be discussed.

    An OPD named as @KODE is told, and the Gugus Tugas of every message of an OPD or where it is
    named; its answer is told to the OPDs that wrote since it did.
    Raises ValidationError (`closed`, `not_assigned`): an OPD that does not hold the question, for
    it could not read what it is asked.
    """
    answer, _member = require_answer_permission(answer.pk, by=by, permission=Permission.COMMENT)
    lock(answer.assessment_id)
    require_action(answer.assessment, StageAction.COMMENT, at=at)
    called = _called_upon(text, answer.assessment.city.opds.all())
    _require_assigned(answer, called.values())
    replied_to = list(Comment.objects.filter(answer=answer).unanswered())
    comment = Comment.objects.create(answer=answer, text=text, by=by, at=at)
    Mention.objects.bulk_create(
        Mention(comment=comment, opd=opd, code=code) for code, opd in called.items()
    )
    record(
        TrailEvent.COMMENT_ADDED,
        assessment=answer.assessment,
        answer=answer,
        by=by,
        at=at,
        after={"text": text},
    )
    if called:
        tell_mentioned(comment, called.values(), by=by, at=at)
    is_called = mention_pattern([COORDINATOR]).search(text) is not None
    tell_coordinator(comment, is_called=is_called, by=by, at=at)
    tell_replied(comment, replied_to, besides=called.values(), by=by, at=at)
    return comment


def _called_upon(text: str, opds: Iterable[Opd]) -> dict[str, Opd]:
    """The OPDs that the text names as @KODE, by the code as written. Any other @ is just text."""
    by_code = {opd.code.lower(): opd for opd in opds}
    if "@" not in text or not by_code:
        return {}
    found: dict[Opd, str] = {}
    for written in mention_pattern(by_code).findall(text):
        found.setdefault(by_code[written.lower()], written)
    return {written: opd for opd, written in found.items()}


def _require_assigned(answer: Answer, opds: Iterable[Opd]) -> None:
    holding = set(answer.assignments.values_list("opd", flat=True))
    strangers = sorted(opd.name for opd in opds if opd.pk not in holding)
    if strangers:
        raise ValidationError(
            _(
                "%(names)s tidak ditugasi untuk pertanyaan ini, jadi tidak dapat membaca pesan "
                "Anda. Sebut OPD yang ditugasi, atau minta Gugus Tugas menugaskannya dahulu."
            ),
            code="not_assigned",
            params={"names": ", ".join(strangers)},
        )
