"""Decisions across meetings: what is open, who owns it, and what an OPD is told of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Model, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.task_notes import TaskNote
from cities.models import Membership
from cities.roles import Permission
from facilities.models import Facility
from figures.numbers import format_date
from meetings.models import Decision
from meetings.models.meetings import DecisionQuerySet
from meetings.queries.subjects import told_decisions
from meetings.subjects import facility_is_mended, unit_has_reported


@dataclass(frozen=True, slots=True)
class DecisionRow:
    decision: Decision
    is_late: bool
    may_settle: bool


@dataclass(frozen=True, slots=True)
class FollowUpBoard:
    """Open decisions, late ones first, and those that are done, the latest first."""

    waiting: Sequence[DecisionRow]
    done: Sequence[DecisionRow]

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.waiting)


@dataclass(frozen=True, slots=True)
class WaitingDecisions:
    """How many are open, and how many of them are late."""

    count: int
    late: int


def decision_rows(
    decisions: DecisionQuerySet, member: Membership, *, today: date
) -> list[DecisionRow]:
    """With what they are about."""
    return [
        DecisionRow(one, one.is_late_on(today), may_settle=_may_settle(one, member))
        for one in told_decisions(decisions, member)
    ]


def follow_up_board(
    decisions: DecisionQuerySet, member: Membership, *, today: date
) -> FollowUpBoard:
    """Without those of meetings that go on."""
    rows = decision_rows(decisions.decided().late_first(), member, today=today)
    done = [row for row in rows if row.decision.is_done]
    done.sort(key=lambda row: row.decision.done_at or row.decision.meeting.starts_at, reverse=True)
    return FollowUpBoard([row for row in rows if not row.decision.is_done], done)


def waiting_decisions(decisions: DecisionQuerySet, *, today: date) -> WaitingDecisions:
    """The twin in SQL of what `follow_up_board` has as waiting; one query."""
    late = Count("pk", filter=Q(due_on__lt=today))
    return WaitingDecisions(
        **decisions.decided().still_open().aggregate(count=Count("pk"), late=late)
    )


def _may_settle(decision: Decision, member: Membership) -> bool:
    if decision.is_done or not decision.meeting.is_closed:
        return False
    if member.may(Permission.MANAGE_TASKFORCE):
        return True
    owning = {decision.owner_opd_id, decision.owner_member and decision.owner_member.opd_id}
    may = member.may(Permission.SETTLE_DECISIONS)
    return may and member.opd_id is not None and member.opd_id in owning


def open_decisions(member: Membership, *, done_there: Q, **about: object) -> list[TaskNote]:
    """What closed meetings decided about something and is not done, for its page; one query.

    `done_there` is the rule by which things of that kind say that it was done.
    """
    if not member.may(Permission.VIEW_TASKFORCE):
        return []
    of_city = Decision.objects.filter(meeting__city=member.city_id).decided()
    waiting = of_city.filter(**about).still_open(done_there).late_first()
    rows = waiting.select_related("meeting__city", "owner_opd", "owner_member")
    words = _("Keputusan rapat, tenggat %(date)s: %(text)s (%(owner)s)")
    return [
        TaskNote(
            words % {"date": format_date(one.due_on), "text": one.text, "owner": one.owner},
            one.meeting.get_absolute_url(),
        )
        for one in rows
    ]


def decisions_about_place(place: Model, member: Membership) -> list[TaskNote]:
    """For `KLA_PLACE_NOTES`."""
    if isinstance(place, Facility):
        return open_decisions(member, done_there=facility_is_mended(), facility=place)
    return open_decisions(member, done_there=unit_has_reported(), unit=place)


def own_decisions_note(member: Membership) -> TaskNote | None:
    """What the meetings still expect of the person's OPD, for the page of its tasks."""
    if member.opd is None or not member.may(Permission.SETTLE_DECISIONS):
        return None
    own = Decision.objects.visible_to(member).of_opd(member.opd)
    waiting = waiting_decisions(own, today=timezone.localdate())
    if not waiting.count:
        return None
    facts = {"count": waiting.count, "late": waiting.late}
    said = _("%(count)d tindak lanjut rapat menunggu OPD Anda") % facts
    if waiting.late:
        said += _(", %(late)d terlambat") % facts
    url = reverse("meetings:decision_list", args=[member.city.slug])
    return TaskNote(said, f"{url}?opd={member.opd_id}")
