"""What a city itself says a question takes."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.services.activity import record
from assessments.services.years import hold, require_answer_permission
from cities.models import User
from cities.roles import Permission
from plans.effort import LEAST, MOST
from plans.models import Effort
from texts.languages import deed


@deed
def set_effort(*, answer_id: int, value: int | None, note: str, by: User, at: datetime) -> None:
    """Put the city's own number in place of the estimate; None goes back to the estimate.

    It holds for the question in every year of the city. Raises ValidationError (`out_of_range`).
    """
    if value is not None and not LEAST <= value <= MOST:
        raise ValidationError(
            _("Upaya adalah angka %(least)d sampai %(most)d, bukan %(value)d."),
            code="out_of_range",
            params={"least": LEAST, "most": MOST, "value": value},
        )
    answer, _member = require_answer_permission(
        answer_id, by=by, permission=Permission.MANAGE_PLANS
    )
    assessment = hold(answer.assessment_id)
    rows = Effort.objects.filter(city=assessment.city, question=answer.question)
    before = rows.values_list("value", flat=True).first()
    if value is None:
        rows.delete()
    else:
        Effort.objects.update_or_create(
            city=assessment.city,
            question=answer.question,
            defaults={"value": value, "note": note.strip(), "at": at, "by": by},
        )
    if before == value:
        return
    record(
        TrailEvent.EFFORT_SET,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=note.strip(),
        before={"effort": before},
        after={"effort": value},
    )
