"""What an OPD drafts for a topic of its own. A draft never counts; the legal office takes it on.

As soon as somebody who manages the register gives it a number or says that it is none, it is the
OPD's no more (`drafted_by`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, Assessment
from cities.models import Membership, Opd, User
from cities.permissions import held_city, require_permission
from cities.roles import Permission
from clusters.models import Question
from regulations.models import Coverage, Regulation
from regulations.services.regulations import (
    RegulationFacts,
    add_regulation,
    cover_with,
    rewrite_regulation,
)
from regulations.topics import topics_of
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """`topic` is the code of a question that asks for a regulation; `address` is where the text lies."""

    kind: str
    year: int
    title: str
    topic: str
    address: str = ""


def own_topics(assessment: Assessment, member: Membership) -> dict[str, Question]:
    """By code, the questions that ask for a regulation and are with the member's OPD; one query."""
    codes = topics_of(*assessment.instrument.codes).policy
    answers = Answer.objects.filter(
        assessment=assessment, assignments__opd=member.opd_id or 0, question__code__in=codes
    )
    questions = (answer.question for answer in answers.select_related("question").in_order())
    return {question.code: question for question in questions}


@deed
def draft_regulation(
    *, assessment: Assessment, facts: DraftFacts, by: User, at: datetime
) -> Regulation:
    """Put a draft of one's own OPD on record.

    Raises PermissionDenied, also for a topic of others, and ValidationError (`drafted_already`).
    """
    city = held_city(assessment.city, by=by, permission=Permission.DRAFT_REGULATIONS)
    _member, opd, question = _own(assessment, facts, by)
    same = Coverage.objects.filter(
        question=question,
        regulation__is_draft=True,
        regulation__initiator=opd,
        regulation__title__iexact=" ".join(facts.title.split()),
    )
    if same.exists():
        raise ValidationError(
            _("OPD Anda sudah mencatat rancangan itu untuk topik ini."), code="drafted_already"
        )
    regulation = add_regulation(city, _as_regulation(facts, opd), by=by, at=at)
    cover_with(regulation, assessment.instrument, [question.code], city=city, by=by, at=at)
    return regulation


@deed
def redraft_regulation(
    *, regulation: Regulation, assessment: Assessment, facts: DraftFacts, by: User, at: datetime
) -> Regulation:
    """Correct a draft of one's own OPD.

    Raises PermissionDenied as above and for a draft of others, and ValidationError (`taken_on`).
    """
    city = held_city(assessment.city, by=by, permission=Permission.DRAFT_REGULATIONS)
    member, opd, question = _own(assessment, facts, by)
    if regulation.city_id != city.pk or regulation.initiator_id != opd.pk:
        raise PermissionDenied
    own = Regulation.objects.drafted_by(member).select_related("city", "initiator")
    found = own.filter(pk=regulation.pk).first()
    if found is None:
        raise ValidationError(
            _("Rancangan ini sudah diteruskan atau dihapus. Hubungi Gugus Tugas."), code="taken_on"
        )
    rewrite_regulation(found, city, _as_regulation(facts, opd), by=by, at=at)
    cover_with(found, assessment.instrument, [question.code], city=city, by=by, at=at)
    return found


def _own(assessment: Assessment, facts: DraftFacts, by: User) -> tuple[Membership, Opd, Question]:
    """The person in their OPD, and its topic. Raises PermissionDenied where it is not theirs."""
    member = require_permission(by, assessment.city, Permission.DRAFT_REGULATIONS)
    question = own_topics(assessment, member).get(facts.topic)
    if member.opd is None or question is None:
        raise PermissionDenied
    return member, member.opd, question


def _as_regulation(facts: DraftFacts, opd: Opd) -> RegulationFacts:
    return RegulationFacts(
        kind=facts.kind,
        number="",
        year=facts.year,
        title=facts.title,
        is_draft=True,
        initiator=opd,
        address=facts.address,
    )
