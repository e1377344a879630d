"""The Gugus Tugas on one day: the decree, who is in it, what is missing, who is trained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cities.models import City
from figures.numbers import format_share
from taskforce.choices import DecreeState
from taskforce.composition import composition_faults, decree_state
from taskforce.models import Certificate, Decree, TaskForceMember


@dataclass(frozen=True, slots=True)
class MemberRow:
    """`certificate` is one that holds on the day; `former` are the officials before."""

    member: TaskForceMember
    certificate: Certificate | None
    expired: Certificate | None


@dataclass(frozen=True, slots=True)
class CompositionBoard:
    """A decree on `day`: its members then, those who left, and what it lacks."""

    decree: Decree | None
    state: DecreeState | None
    day: date
    rows: Sequence[MemberRow]
    former: Sequence[TaskForceMember]
    faults: Sequence[str]

    @property
    def trained(self) -> int:
        return sum(row.certificate is not None for row in self.rows)

    @property
    def trained_share(self) -> str:
        """Of all members, as people read it."""
        return format_share(self.trained / len(self.rows) if self.rows else None)


@dataclass(frozen=True, slots=True)
class Composition:
    """Who is in the Gugus Tugas on a day, and what its decree lacks then."""

    members: Sequence[TaskForceMember]
    faults: Sequence[str]


def composition_on(city: City, day: date) -> Composition:
    """Of the current decree, without certificates, in two queries."""
    decree = current_decree(city, day)
    members = list(decree.members.all()) if decree is not None else []
    present = _present(members, day)
    return Composition(present, composition_faults(decree, present, day=day))


def current_decree(city: City, day: date) -> Decree | None:
    """The one in force, else the newest there is."""
    return current_of(
        Decree.objects.filter(city=city).select_related("city", "document", "by"), day
    )


def current_of(decrees: Iterable[Decree], day: date) -> Decree | None:
    """The same of decrees that were read, the latest first."""
    decrees = list(decrees)
    return next((one for one in decrees if one.is_in_force_on(day)), next(iter(decrees), None))


def newest_of(decrees: Iterable[Decree], day: date) -> Decree | None:
    """Of the decrees of a city, the latest first: the last that has begun by that day."""
    return next((one for one in decrees if one.valid_from <= day), None)


def composition_board(
    decree: Decree | None, decrees: Iterable[Decree], *, day: date
) -> CompositionBoard:
    """In two queries, however many the members are, and the one that may read `decrees`: all of
    the city, the latest first.
    """
    if decree is None:
        faults = composition_faults(None, [], day=day)
        return CompositionBoard(None, None, day, [], [], faults)
    members = list(decree.members.select_related("opd").prefetch_related("certificates"))
    present = _present(members, day)
    return CompositionBoard(
        decree=decree,
        state=decree_state(decree, day=day, is_newest=newest_of(decrees, day) == decree),
        day=day,
        rows=[_row(one, day) for one in present],
        former=[one for one in members if _has_left(one, day)],
        faults=composition_faults(decree, present, day=day),
    )


def _present(members: Sequence[TaskForceMember], day: date) -> list[TaskForceMember]:
    return [one for one in members if one.since <= day and not _has_left(one, day)]


def _has_left(member: TaskForceMember, day: date) -> bool:
    return member.until is not None and member.until < day


def _row(member: TaskForceMember, day: date) -> MemberRow:
    certificates = list(member.certificates.all())
    holding = [one for one in certificates if one.holds_on(day)]
    expired = [one for one in certificates if one.valid_to is not None and one.valid_to < day]
    return MemberRow(
        member,
        holding[0] if holding else None,
        expired[0] if expired and not holding else None,
    )
