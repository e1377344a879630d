"""Who answers which question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.choices import Deed
from assessments.models import Answer, Assessment, Assignment
from assessments.services.activity import record
from assessments.services.notifications import tell_assigned
from assessments.services.years import hold_for
from assessments.stages import Act
from cities.models import Opd, User
from cities.services import create_opds
from clusters.models import Agency, QuestionAgency


@dataclass(frozen=True, slots=True)
class DefaultsResult:
    """How many questions got their default agencies, and the codes no OPD carries."""

    questions: int
    missing_codes: tuple[str, ...]


@transaction.atomic
def assign_defaults(*, assessment_id: int, by: User, at: datetime) -> DefaultsResult:
    """Hand each question that nobody holds to the city's OPDs with the instrument's codes.

    The first agency that the city has leads, the others contribute. Questions that
    already have somebody are left as they are. Raises ValidationError (`closed`).
    """
    assessment = hold_for(assessment_id, Act.ASSIGN, at=at)
    opds = {opd.code: opd for opd in Opd.objects.active().filter(city=assessment.city)}
    agencies = _agencies_by_question(assessment)
    new: list[Assignment] = []
    questions = 0
    unheld = Answer.objects.filter(assessment=assessment, assignments=None)
    for answer in unheld.select_related("question"):
        holders = [opds[code] for code in agencies[answer.question_id] if code in opds]
        new += [
            Assignment(answer=answer, opd=opd, is_lead=index == 0)
            for index, opd in enumerate(holders)
        ]
        questions += bool(holders)
    Assignment.objects.bulk_create(new)
    if new:
        detail = _("Penugasan bawaan untuk %(count)d pertanyaan") % {"count": questions}
        record(Deed.QUESTIONS_ASSIGNED, assessment=assessment, by=by, at=at, detail=detail)
        tell_assigned(_by_opd(new), assessment=assessment, by=by, at=at)
    named = {code for codes in agencies.values() for code in codes}
    return DefaultsResult(questions, tuple(sorted(named - opds.keys())))


@transaction.atomic
def take_over_agencies(*, assessment_id: int, by: User, at: datetime) -> list[Opd]:
    """Name the instrument's default agencies as OPDs of the city and hand out the questions.

    Raises ValidationError (`closed`).
    """
    assessment = hold_for(assessment_id, Act.ASSIGN, at=at)
    rows = [(agency.code, agency.name) for agency in missing_agencies(assessment)]
    created = create_opds(city=assessment.city, rows=rows, by=by, at=at)
    assign_defaults(assessment_id=assessment_id, by=by, at=at)
    return created


def missing_agencies(assessment: Assessment) -> list[Agency]:
    """Default agencies of the instrument for which the city has no OPD of that code."""
    named = assessment.city.opds.values("code")
    return list(Agency.objects.filter(instrument=assessment.instrument).exclude(code__in=named))


@transaction.atomic
def assign_question(
    *,
    answer_id: int,
    lead: Opd | None,
    contributors: Collection[Opd],
    due_on: date | None,
    by: User,
    at: datetime,
) -> None:
    """Set exactly who holds one question: one lead, any number of contributors.

    Raises ValidationError (`closed`, `foreign_opd`).
    """
    answer = Answer.objects.select_related("question").get(pk=answer_id)
    assessment = hold_for(answer.assessment_id, Act.ASSIGN, at=at)
    holders = {opd.pk: opd for opd in [*contributors, *([lead] if lead else [])]}
    _require_own_opds(assessment, holders.values())
    before = _holders_of(answer)
    held = set(answer.assignments.values_list("opd", flat=True))
    answer.assignments.all().delete()
    Assignment.objects.bulk_create(
        Assignment(answer=answer, opd=opd, is_lead=opd == lead, due_on=due_on)
        for opd in holders.values()
    )
    detail = ", ".join([f"{lead or '–'}", *sorted(o.name for o in contributors if o != lead)])
    record(
        Deed.QUESTIONS_ASSIGNED,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=detail,
        before=before,
        after=_holders_of(answer),
    )
    new = {opd: [answer] for opd in holders.values() if opd.pk not in held}
    tell_assigned(new, assessment=assessment, by=by, at=at)


@transaction.atomic
def assign_in_bulk(
    *,
    assessment: Assessment,
    answer_ids: Iterable[int],
    opd: Opd,
    is_lead: bool,
    due_on: date | None,
    by: User,
    at: datetime,
) -> int:
    """Give an OPD many questions at once and return how many.

    As lead it takes the place of the lead before it, who stays as a contributor.
    Raises ValidationError (`closed`, `foreign_opd`).
    """
    assessment = hold_for(assessment.pk, Act.ASSIGN, at=at)
    _require_own_opds(assessment, [opd])
    wanted = Answer.objects.filter(assessment=assessment, pk__in=set(answer_ids))
    answers = list(wanted.select_related("question"))
    if is_lead:
        others = Assignment.objects.filter(answer__in=answers, is_lead=True).exclude(opd=opd)
        others.update(is_lead=False)
    held = Assignment.objects.filter(answer__in=answers, opd=opd)
    already = set(held.values_list("answer", flat=True))
    held.update(due_on=due_on, **({"is_lead": True} if is_lead else {}))
    new = [answer for answer in answers if answer.pk not in already]
    Assignment.objects.bulk_create(
        Assignment(answer=answer, opd=opd, is_lead=is_lead, due_on=due_on) for answer in new
    )
    detail = _("%(opd)s: %(count)d pertanyaan") % {"opd": opd, "count": len(answers)}
    record(Deed.QUESTIONS_ASSIGNED, assessment=assessment, by=by, at=at, detail=detail)
    tell_assigned({opd: new}, assessment=assessment, by=by, at=at)
    return len(answers)


def _holders_of(answer: Answer) -> dict[str, object]:
    rows = list(answer.assignments.select_related("opd"))
    return {
        "lead": next((row.opd.name for row in rows if row.is_lead), None),
        "contributors": sorted(row.opd.name for row in rows if not row.is_lead),
        "due_on": min((row.due_on for row in rows if row.due_on), default=None),
    }


def _by_opd(assignments: Iterable[Assignment]) -> dict[Opd, list[Answer]]:
    given: defaultdict[Opd, list[Answer]] = defaultdict(list)
    for assignment in assignments:
        given[assignment.opd].append(assignment.answer)
    return given


def _agencies_by_question(assessment: Assessment) -> defaultdict[int, list[str]]:
    rows = (
        QuestionAgency.objects.filter(
            question__indicator__cluster__instrument=assessment.instrument_id
        )
        .order_by("question", "position")
        .values_list("question", "agency__code")
    )
    codes: defaultdict[int, list[str]] = defaultdict(list)
    for question_id, code in rows:
        codes[question_id].append(code)
    return codes


def _require_own_opds(assessment: Assessment, opds: Iterable[Opd]) -> None:
    foreign = [opd.name for opd in opds if opd.city_id != assessment.city_id]
    if foreign:
        raise ValidationError(
            _("%(names)s bukan OPD kota ini. Pilih OPD dari daftar."),
            code="foreign_opd",
            params={"names": ", ".join(foreign)},
        )
