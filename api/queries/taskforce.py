"""The Gugus Tugas, as the interface tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.answers.taskforce import (
    CommitmentEntry,
    DecreeDetail,
    DecreeEntry,
    FormerSeat,
    SeatEntry,
)
from cities.models import Membership
from taskforce.choices import CommitmentState, DecreeState, Element, Field, Sector, TaskForceRole
from taskforce.composition import decree_state
from taskforce.models import Commitment, Decree, TaskForceMember
from taskforce.queries.composition import MemberRow, composition_board, newest_of


def decree_entries(
    decrees: Sequence[Decree], member: Membership, *, today: date
) -> list[DecreeEntry]:
    """As of today; one query, for the decree that replaces the others."""
    newest = newest_of(Decree.objects.visible_to(member), today)
    return [_decree(one, decree_state(one, day=today, is_newest=one == newest)) for one in decrees]


def decree_detail(decree: Decree, *, today: date) -> DecreeDetail:
    """What its page shows today; three queries."""
    board = composition_board(decree, Decree.objects.filter(city=decree.city_id), day=today)
    state = board.state or DecreeState.NOT_YET  # None of no decree alone
    return DecreeDetail(
        decree=_decree(decree, state),
        trained=board.trained,
        lacks=list(board.faults),
        members=[_seat(row) for row in board.rows],
        former=[_former(one, one.until) for one in board.former if one.until],
    )


def _decree(one: Decree, state: DecreeState) -> DecreeEntry:
    return DecreeEntry(
        id=one.pk,
        number=one.number,
        state=state,
        signed_on=one.signed_on,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        signatory=one.signatory,
        document=one.document_id,
    )


def _seat(row: MemberRow) -> SeatEntry:
    one = row.member
    return SeatEntry(
        post=one.post,
        institution=one.institution,
        name=one.name,
        element=Element(one.element),
        role=TaskForceRole(one.role),
        field=Field(one.field) if one.field else None,
        trained=row.certificate is not None,
        trained_to=row.certificate.valid_to if row.certificate else None,
        expired_on=row.expired.valid_to if row.expired else None,
    )


def _former(one: TaskForceMember, until: date) -> FormerSeat:
    return FormerSeat(one.post, one.institution, one.name, one.since, until)


def commitment_entries(commitments: Sequence[Commitment], *, today: date) -> list[CommitmentEntry]:
    """Without a query."""
    return [
        CommitmentEntry(
            id=one.pk,
            sector=Sector(one.sector),
            party=one.party,
            signatory=one.signatory,
            text=one.text,
            made_on=one.made_on,
            occasion=one.occasion,
            due_on=one.due_on,
            state=CommitmentState(one.state),
            is_late=one.is_late_on(today),
            outcome=one.outcome,
            document=one.document_id,
        )
        for one in commitments
    ]
