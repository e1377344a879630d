"""Meetings and what they decided, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.answers.meetings import AddendumEntry, DecisionEntry, MeetingEntry
from cities.models import Membership
from cities.roles import Permission
from meetings.choices import MeetingKind
from meetings.models import Addendum, Decision, Meeting
from meetings.queries.subjects import told_decisions


def meeting_entries(
    meetings: Sequence[Meeting], member: Membership, *, today: date
) -> list[MeetingEntry]:
    """Each with the decisions that the member may see; two queries and those of `told_decisions`."""
    decisions = Decision.objects.visible_to(member).filter(meeting__in=meetings).order_by("pk")
    by_meeting: dict[int, list[Decision]] = {}
    for one in told_decisions(decisions, member):
        by_meeting.setdefault(one.meeting_id, []).append(one)
    addenda: dict[int, list[AddendumEntry]] = {}
    closed = [one for one in meetings if one.is_closed]
    for said in Addendum.objects.filter(meeting__in=closed).select_related("by"):
        told = AddendumEntry(said.text, said.by.name, said.at)
        addenda.setdefault(said.meeting_id, []).append(told)
    writes = member.may(Permission.MANAGE_TASKFORCE)
    return [
        MeetingEntry(
            id=one.pk,
            kind=MeetingKind(one.kind),
            title=one.title,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            place=one.place,
            chair=one.chair,
            agenda=one.agenda_items,
            closed_at=one.closed_at,
            minutes=one.minutes if one.is_closed or writes else "",
            decisions=[_decision(decision, today) for decision in by_meeting.get(one.pk, ())],
            addenda=addenda.get(one.pk, []),
        )
        for one in meetings
    ]


def _decision(one: Decision, today: date) -> DecisionEntry:
    return DecisionEntry(
        id=one.pk,
        text=one.text,
        owner=one.owner,
        opd=one.owner_opd.code if one.owner_opd else None,
        due_on=one.due_on,
        about=one.subject.title if one.subject else "",
        is_done=one.is_done,
        is_late=one.is_late_on(today),
        done_at=one.done_at,
        done_note=one.done_note,
        done_address=one.done_address,
    )
