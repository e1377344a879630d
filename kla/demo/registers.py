"""What the demonstration has taken from registers: the figure of two questions, each with its paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from assessments.models import Answer, Assessment, Assignment, SupportingDocument
from cities.models import Membership
from kla.demo.diary import Diary
from registers.registry import answer_from, sight_of, source_for
from registers.services.taking import take_value

TAKEN = ("26.4", "14.5")  # shares of kelurahan and of offices
DAYS_AGO = 6  # working days; the reports were accepted before


def take_from_registers(
    assessment: Assessment,
    *,
    members: Mapping[str, Membership],
    stored: list[SupportingDocument],
    at: datetime,
) -> None:
    """As the OPD that leads the question does on its page; points and earlier documents stay."""
    staff = {member.opd_id: member.user for member in members.values() if member.opd_id}
    leading = Assignment.objects.leading().filter(answer__assessment=assessment)
    opds = dict(leading.values_list("answer", "opd"))
    diary = Diary(at, assessment.city.zone)
    answers = Answer.objects.filter(assessment=assessment).select_related("question")
    for number, code in enumerate(TAKEN):
        answer = answers.get(question__code=code)
        source = source_for(answer, assessment)
        if source is None:
            continue
        taken = take_value(
            answer_id=answer.pk,
            seen=sight_of(source, answer_from(source, assessment)),
            by=staff[opds[answer.pk]],
            at=diary.moment(DAYS_AGO, number),
        )
        if taken.document is not None:
            stored.append(taken.document)
