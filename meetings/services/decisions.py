"""What meetings decide, and saying that it was done."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer
from cities.models import City, CityTrailEvent, Opd, User
from cities.permissions import held_city, require_permission
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from facilities.models import Facility
from figures.numbers import format_date, format_zoned_moment
from meetings.models import Decision, Meeting
from meetings.services.meetings import open_meeting
from meetings.subjects import subject_sources
from taskforce.models import TaskForceMember
from territories.models import Unit
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """Owner and day may wait until the minutes are closed. It is about one thing at most."""

    text: str
    owner_opd: Opd | None = None
    owner_member: TaskForceMember | None = None
    due_on: date | None = None
    answer: Answer | None = None
    facility: Facility | None = None
    unit: Unit | None = None
    subject_kind: str = ""
    subject_id: int | None = None
    address: str = ""


@deed
def add_decision(*, meeting: Meeting, facts: DecisionFacts, by: User, at: datetime) -> Decision:
    """Raises ValidationError (`closed`, `foreign`; or for two owners or two things)."""
    city = held_city(meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(meeting)
    decision = Decision(meeting=meeting)
    _write(decision, city, facts)
    _record(city, decision, {}, by=by, at=at)
    return decision


@deed
def change_decision(
    *, decision: Decision, facts: DecisionFacts, by: User, at: datetime
) -> Decision:
    """Raises ValidationError as `add_decision` does."""
    city = held_city(decision.meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(decision.meeting)
    decision = _again(meeting, decision)
    before = _of_decision(decision)
    _write(decision, city, facts)
    _record(city, decision, before, by=by, at=at)
    return decision


@deed
def remove_decision(*, decision: Decision, by: User, at: datetime) -> None:
    """Take out what was written wrongly. Raises ValidationError (`closed`)."""
    city = held_city(decision.meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(decision.meeting)
    found = meeting.decisions.filter(pk=decision.pk).first()
    if found is None:
        return
    entry = NewEntry(CityTrailEvent.DECISION_CHANGED, str(meeting), before=_of_decision(found))
    record(entry, city=city, by=by, at=at)
    found.delete()


@deed
def settle_decision(
    *, decision: Decision, note: str, address: str, by: User, at: datetime
) -> Decision:
    """Say that a decision of a closed meeting was done, with what shows it.

    An OPD only what is its own. Raises PermissionDenied and ValidationError (`open`, `settled`,
    `note`).
    """
    city = held_city(decision.meeting.city, by=by, permission=Permission.SETTLE_DECISIONS)
    member = require_permission(by, city, Permission.SETTLE_DECISIONS)
    decision = Decision.objects.select_related("meeting", "owner_member", "done_by").get(
        pk=decision.pk
    )
    owning = Decision.objects.visible_to(member).filter(pk=decision.pk)
    if not member.may(Permission.MANAGE_TASKFORCE):
        owning = owning.of_opd(member.opd) if member.opd is not None else owning.none()
    if not owning.exists():
        raise PermissionDenied
    if not decision.meeting.is_closed:
        raise ValidationError(
            _("Notula rapatnya belum ditutup, jadi keputusan ini belum tetap."), code="open"
        )
    if decision.done_at is not None:
        raise ValidationError(
            _("Keputusan ini sudah diselesaikan %(name)s pada %(moment)s."),
            code="settled",
            params={"name": decision.done_by, "moment": format_zoned_moment(decision.done_at)},
        )
    if not note.strip():
        raise ValidationError(_("Tuliskan apa yang sudah dikerjakan."), code="note")
    decision.done_at, decision.done_by = at, by
    decision.done_note, decision.done_address = note.strip(), address
    decision.full_clean(exclude=["meeting"])
    decision.save(update_fields=["done_at", "done_by", "done_note", "done_address"])
    facts = {"note": decision.done_note, "address": decision.done_address or None}
    entry = NewEntry(CityTrailEvent.DECISION_DONE, str(decision), after=facts)
    record(entry, city=city, by=by, at=at)
    return decision


def _again(meeting: Meeting, decision: Decision) -> Decision:
    found = (
        meeting.decisions.select_related(
            "owner_opd", "owner_member", "answer__question", "facility", "unit"
        )
        .filter(pk=decision.pk)
        .first()
    )
    if found is None:
        raise ValidationError(_("Keputusan ini sudah dihapus."), code="removed")
    return found


def _write(decision: Decision, city: City, facts: DecisionFacts) -> None:
    cities = {
        *([facts.owner_opd.city_id] if facts.owner_opd else []),
        *([facts.owner_member.decree.city_id] if facts.owner_member else []),
        *([facts.answer.assessment.city_id] if facts.answer else []),
        *(place.city_id for place in (facts.facility, facts.unit) if place),
    }
    if cities - {city.pk} or not _is_offered(city, facts):
        raise ValidationError(_("Pilih dari kota ini."), code="foreign")
    for field in fields(facts):
        setattr(decision, field.name, getattr(facts, field.name))
    decision.full_clean(exclude=["meeting"])
    decision.save()


def _is_offered(city: City, facts: DecisionFacts) -> bool:
    """Whether what a package above has is of this city, where the decision is about such a thing."""
    if facts.subject_id is None:
        return True
    groups = [
        group
        for source in subject_sources()
        if source.kind == facts.subject_kind
        for group in source.offered(city).values()
    ]
    return any(pk == facts.subject_id for group in groups for pk, _words in group)


def _record(
    city: City, decision: Decision, before: dict[str, object], *, by: User, at: datetime
) -> None:
    after = _of_decision(decision)
    if before != after:
        entry = NewEntry(CityTrailEvent.DECISION_CHANGED, str(decision.meeting), before, after)
        record(entry, city=city, by=by, at=at)


def _of_decision(decision: Decision) -> dict[str, object]:
    return {
        "title": decision.text,
        "owner": decision.owner or None,
        "due_on": format_date(decision.due_on) if decision.due_on else None,
        "topics": decision.answer.question.code if decision.answer else None,
        "link": _link(decision),
        "address": decision.address or None,
    }


def _link(decision: Decision) -> str | None:
    """The name of what the decision is about, where it is no question."""
    if decision.subject_id is not None:
        [source] = [one for one in subject_sources() if one.kind == decision.subject_kind]
        found = source.named([decision.subject_id], None).get(decision.subject_id)
        return found.title if found else None
    if decision.unit is not None:
        return decision.unit.full_name
    return decision.facility.name if decision.facility else None
