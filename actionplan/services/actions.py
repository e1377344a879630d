"""Recording, changing and removing actions, and what each is to reach and may cost in a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from actionplan.choices import Direction, FundSource, Reach
from actionplan.models import Action, ActionPlan, ActionQuestion, ActionYear
from actionplan.services.plans import held_plan, require_own_opds
from cities.models import City, CityTrailEvent, Opd, User
from cities.services.activity import NewEntry, record
from clusters.models import Indicator, Question
from figures.numbers import format_rupiah
from texts.languages import deed
from workbooks.records import figure, joined


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What an action says of itself; `questions` are codes of the plan's instrument."""

    number: int
    indicator: Indicator
    name: str
    problem: str = ""
    reach: str = Reach.DIRECT
    code: str = ""
    measure: str = ""
    unit: str = ""
    direction: str = Direction.UP
    baseline: Decimal | None = None
    place: str = ""
    lead: Opd | None = None
    supporting: tuple[Opd, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class YearFacts:
    """What an action is to reach in a year; `ceiling` in whole rupiah, None where nobody said.

    `funds` are rupiah by source. They say the source, and the ceiling where that is None.
    """

    target: Decimal | None = None
    ceiling: int | None = None
    source: str = ""
    child_share: Decimal | None = None
    child_reason: str = ""
    funds: Mapping[str, int] = field(default_factory=dict)


OWN = [one.name for one in fields(ActionFacts) if one.name not in ("supporting", "questions")]


@deed
def record_action(*, plan_id: int, facts: ActionFacts, by: User, at: datetime) -> Action:
    """Add an action. Raises ValidationError (`foreign`, `unknown_question`; or if data do not fit)."""
    plan, city = held_plan(plan_id, by=by)
    action = Action(plan=plan)
    record(write_action(action, city, facts, by=by, at=at), city=city, by=by, at=at)
    return action


@deed
def change_action(*, action_id: int, facts: ActionFacts, by: User, at: datetime) -> Action:
    """Correct an action. Raises ValidationError as `record_action` does, and `removed`."""
    action, city = held_action(action_id, by=by)
    record(write_action(action, city, facts, by=by, at=at), city=city, by=by, at=at)
    return action


@deed
def remove_action(*, action_id: int, by: User, at: datetime) -> None:
    """Take out an action that was recorded by mistake. Raises ValidationError (`reported`)."""
    action, city = held_action(action_id, by=by)
    entry = NewEntry(CityTrailEvent.ACTION_REMOVED, str(action), before=_of_action(action))
    try:
        action.delete()
    except ProtectedError as error:
        raise ValidationError(
            _("Aksi ini sudah punya laporan realisasi, jadi tetap tersimpan."), code="reported"
        ) from error
    record(entry, city=city, by=by, at=at)


@deed
def set_year(*, action_id: int, year: int, facts: YearFacts, by: User, at: datetime) -> ActionYear:
    """Say what an action is to reach and may cost in a year of its plan.

    Raises ValidationError (`outside`, `removed`; or if the figures do not fit).
    """
    action, city = held_action(action_id, by=by)
    row, entry = write_year(action, year, facts)
    record(entry, city=city, by=by, at=at)
    return row


def held_action(action_id: int, *, by: User) -> tuple[Action, City]:
    """The action now that its city is held. Raises ValidationError (`removed`)."""
    plan_id = Action.objects.filter(pk=action_id).values_list("plan", flat=True).first()
    if plan_id is None:
        raise _removed()
    plan, city = held_plan(plan_id, by=by)
    action = plan.actions.select_related("plan", "indicator", "lead").filter(pk=action_id).first()
    if action is None:
        raise _removed()
    return action, city


def write_action(
    action: Action, city: City, facts: ActionFacts, *, by: User, at: datetime
) -> NewEntry:
    """The part of the deeds above after their question was asked; its entry for the trail."""
    require_own_opds(city, facts.lead, *facts.supporting)
    questions = _questions(action.plan, facts)
    is_new = action.pk is None
    before = {} if is_new else _of_action(action)
    if is_new:
        action.at, action.by = at, by
    for name in OWN:
        setattr(action, name, getattr(facts, name))
    action.name = " ".join(facts.name.split())
    action.full_clean()
    action.save()
    action.supporting.set(facts.supporting)
    action.questions.exclude(question__in=questions).delete()
    known = set(action.questions.values_list("question", flat=True))
    ActionQuestion.objects.bulk_create(
        ActionQuestion(action=action, question=one) for one in questions if one.pk not in known
    )
    deed = CityTrailEvent.ACTION_RECORDED if is_new else CityTrailEvent.ACTION_CHANGED
    return NewEntry(deed, str(action), before, _of_action(action))


def write_year(action: Action, year: int, facts: YearFacts) -> tuple[ActionYear, NewEntry]:
    """The part of `set_year` after its question was asked. Raises ValidationError (`outside`)."""
    if year not in action.plan.years:
        raise ValidationError(
            _("RAD ini berlaku %(first)d–%(last)d, bukan %(year)d."),
            code="outside",
            params={"first": action.plan.first_year, "last": action.plan.last_year, "year": year},
        )
    row = ActionYear.objects.filter(action=action, year=year).first()
    before = _of_year(row) if row else {}
    row = row or ActionYear(action=action, year=year)
    for one in fields(facts):
        setattr(row, one.name, getattr(facts, one.name))
    if facts.funds:
        row.funds = dict(facts.funds)
        row.source = FundSource.MIXED if len(row.funds) > 1 else next(iter(row.funds))
        row.ceiling = sum(row.funds.values()) if facts.ceiling is None else facts.ceiling
    row.full_clean()
    row.save()
    target = f"{action} ({year})"
    return row, NewEntry(CityTrailEvent.ACTION_CHANGED, target, before, _of_year(row))


def _questions(plan: ActionPlan, facts: ActionFacts) -> list[Question]:
    instrument = facts.indicator.cluster.instrument_id
    found = list(Question.objects.filter(indicator=facts.indicator, code__in=facts.questions))
    if instrument != plan.instrument_id or len(found) != len(set(facts.questions)):
        raise ValidationError(
            _(
                "Indikator dan pertanyaan harus dari instrumen RAD ini, pertanyaan dari indikatornya."
            ),
            code="unknown_question",
        )
    return found


def _removed() -> ValidationError:
    return ValidationError(_("Aksi ini sudah dihapus."), code="removed")


def _of_action(action: Action) -> dict[str, object]:
    return {
        "action": action.name,
        "indicator": action.indicator.code,
        "topics": joined(one.question.code for one in _asked(action)) or None,
        "budget_code": action.code or None,
        "measure": action.measure or None,
        "baseline": figure(action.baseline) or None,
        "place": action.place or None,
        "opd": str(action.lead) if action.lead else None,
        "supporting": joined(action.supporting.order_by().values_list("code", flat=True)) or None,
    }


def _asked(action: Action) -> list[ActionQuestion]:
    return list(action.questions.select_related("question"))


def _of_year(row: ActionYear) -> dict[str, object]:
    return {
        "target": figure(row.target) or None,
        "ceiling": None if row.ceiling is None else format_rupiah(row.ceiling),
        "source": row.funds_told or row.source or None,
        "share": figure(row.child_share) or None,
        "reason": row.child_reason or None,
    }
