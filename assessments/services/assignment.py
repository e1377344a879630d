"""Who answers which question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Answer, Assessment, Assignment
from assessments.services.activity import record
from assessments.services.notifications import tell_assigned
from assessments.services.years import held_answer, held_for, require_action
from assessments.stages import StageAction
from cities.models import Opd, User
from cities.permissions import lock_city
from cities.roles import Permission
from cities.services.agencies import opds_by_agency, settled_codes
from cities.services.opds import add_opds
from clusters.models import Agency, QuestionAgency
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class DefaultsResult:
    """How many questions got their default agencies, and the codes no OPD carries."""

    questions: int
    missing_codes: tuple[str, ...]


@deed
def assign_defaults(*, assessment_id: int, by: User, at: datetime) -> DefaultsResult:
    """Hand each question that nobody holds to the OPDs that stand for the instrument's agencies.

    The first agency that the city has leads, the others contribute. Questions that
    already have somebody are left as they are. Raises ValidationError (`closed`).
    """
    assessment = held_for(
        assessment_id, StageAction.ASSIGN, by=by, permission=Permission.ASSIGN_QUESTIONS, at=at
    )
    return hand_to_default_agencies(assessment, by=by, at=at)


def hand_to_default_agencies(assessment: Assessment, *, by: User, at: datetime) -> DefaultsResult:
    """The part of `assign_defaults` after its questions were asked; the year is held."""
    opds = opds_by_agency(assessment.city)
    agencies = _agencies_by_question(assessment)
    new: list[Assignment] = []
    questions = 0
    unheld = Answer.objects.filter(assessment=assessment, assignments=None)
    for answer in unheld.select_related("question"):
        codes = [code for code in agencies[answer.question_id] if code in opds]
        holders = dict.fromkeys(opds[code] for code in codes)  # one OPD may stand for several
        new += [
            Assignment(answer=answer, opd=opd, is_lead=index == 0)
            for index, opd in enumerate(holders)
        ]
        questions += bool(holders)
    Assignment.objects.bulk_create(new)
    if new:
        detail = _("Penugasan bawaan untuk %(count)d pertanyaan") % {"count": questions}
        record(TrailEvent.QUESTIONS_ASSIGNED, assessment=assessment, by=by, at=at, detail=detail)
        tell_assigned(_by_opd(new), assessment=assessment, by=by, at=at)
    named = {code for codes in agencies.values() for code in codes}
    return DefaultsResult(questions, tuple(sorted(named - opds.keys())))


@deed
def take_over_agencies(*, assessment_id: int, by: User, at: datetime) -> list[Opd]:
    """Name the instrument's default agencies as OPDs of the city and hand out the questions.

    Raises ValidationError (`closed`).
    """
    assessment = held_for(
        assessment_id, StageAction.ASSIGN, by=by, permission=Permission.MANAGE_MEMBERS, at=at
    )
    rows = [(agency.code, agency.name) for agency in missing_agencies(assessment)]
    city = lock_city(assessment.city_id)
    created = add_opds(city, rows, by=by, at=at)
    hand_to_default_agencies(assessment, by=by, at=at)
    return created


def missing_agencies(assessment: Assessment) -> list[Agency]:
    """Default agencies of the instrument of which the city has not said who stands for them."""
    settled = settled_codes(assessment.city)
    return list(Agency.objects.filter(instrument=assessment.instrument).exclude(code__in=settled))


@deed
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
    answer, assessment = held_answer(
        answer_id, StageAction.ASSIGN, by=by, permission=Permission.ASSIGN_QUESTIONS, at=at
    )
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
        TrailEvent.QUESTIONS_ASSIGNED,
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


@deed
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
    assessment = held_for(
        assessment.pk, StageAction.ASSIGN, by=by, permission=Permission.ASSIGN_QUESTIONS, at=at
    )
    return _give_in_bulk(
        assessment, answer_ids, opd=opd, is_lead=is_lead, due_on=due_on, by=by, at=at
    )


def _give_in_bulk(
    assessment: Assessment,
    answer_ids: Iterable[int],
    *,
    opd: Opd,
    is_lead: bool,
    due_on: date | None,
    by: User,
    at: datetime,
) -> int:
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
    record(TrailEvent.QUESTIONS_ASSIGNED, assessment=assessment, by=by, at=at, detail=detail)
    tell_assigned({opd: new}, assessment=assessment, by=by, at=at)
    return len(answers)


@deed
def assign_leads(
    *, assessment: Assessment, leads: Mapping[int, Opd], by: User, at: datetime
) -> int:
    """Put an OPD in charge of each question, by primary key of its answer; return how many.

    Raises ValidationError (`closed`, `foreign_opd`).
    """
    assessment = held_for(
        assessment.pk, StageAction.ASSIGN, by=by, permission=Permission.ASSIGN_QUESTIONS, at=at
    )
    given: defaultdict[Opd, list[int]] = defaultdict(list)
    for answer_id, opd in leads.items():
        given[opd].append(answer_id)
    return sum(
        _give_in_bulk(assessment, answer_ids, opd=opd, is_lead=True, due_on=None, by=by, at=at)
        for opd, answer_ids in given.items()
    )


@deed
def hand_over(assessment: Assessment, *, old: Opd, new: Opd, by: User, at: datetime) -> int:
    """Give everything that an OPD holds in a year to another, which keeps what it has.

    Where the old one led, the new one leads; the dates go along. Returns how many questions.
    The year is held, and its permission asked. Raises ValidationError (`closed`, `foreign_opd`).
    """
    require_action(assessment, StageAction.ASSIGN, at=at)
    _require_own_opds(assessment, [old, new])
    of_year = Assignment.objects.filter(answer__assessment=assessment)
    moved = list(of_year.filter(opd=old).select_related("answer__question"))
    held = set(of_year.filter(opd=new).values_list("answer", flat=True))
    led = {row.answer_id for row in moved if row.is_lead}
    both = [row for row in moved if row.answer_id in held]
    Assignment.objects.filter(pk__in=[row.pk for row in both]).delete()
    of_year.filter(opd=new, answer__in=led).update(is_lead=True)
    of_year.filter(opd=old).update(opd=new)
    if moved:
        facts = {"old": old, "new": new, "count": len(moved)}
        detail = _("%(old)s → %(new)s: %(count)d pertanyaan") % facts
        record(TrailEvent.QUESTIONS_ASSIGNED, assessment=assessment, by=by, at=at, detail=detail)
        fresh = [row.answer for row in moved if row.answer_id not in held]
        tell_assigned({new: fresh}, assessment=assessment, by=by, at=at)
    return len(moved)


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
