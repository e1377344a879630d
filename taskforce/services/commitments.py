"""Commitments of the six parties: recorded, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cities.models import City, CityTrailEvent, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from figures.numbers import format_date
from taskforce.choices import CommitmentState
from taskforce.models import Commitment
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class CommitmentFacts:
    """Who promises what until when; a state other than running needs its outcome."""

    sector: str
    party: str
    text: str
    made_on: date
    signatory: str = ""
    due_on: date | None = None
    occasion: str = ""
    state: str = CommitmentState.RUNNING
    outcome: str = ""


@deed
def record_commitment(*, city: City, facts: CommitmentFacts, by: User, at: datetime) -> Commitment:
    """Raises ValidationError (`early`; or where the outcome is missing)."""
    city = held_city(city, by=by, permission=Permission.MANAGE_TASKFORCE)
    commitment = Commitment(city=city, at=at, by=by)
    _write(commitment, facts, {}, by=by, at=at)
    return commitment


@deed
def change_commitment(
    *, commitment: Commitment, facts: CommitmentFacts, by: User, at: datetime
) -> Commitment:
    """Raises ValidationError as `record_commitment` does."""
    held_city(commitment.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    commitment = Commitment.objects.select_related("city").get(pk=commitment.pk)
    _write(commitment, facts, _of_commitment(commitment), by=by, at=at)
    return commitment


def _write(
    commitment: Commitment,
    facts: CommitmentFacts,
    before: dict[str, object],
    *,
    by: User,
    at: datetime,
) -> None:
    if facts.due_on is not None and facts.due_on < facts.made_on:
        raise ValidationError(
            _("Tenggat komitmen tidak boleh sebelum tanggalnya, %(date)s."),
            code="early",
            params={"date": format_date(facts.made_on)},
        )
    for field in fields(facts):
        setattr(commitment, field.name, getattr(facts, field.name))
    commitment.full_clean()
    commitment.save()
    after = _of_commitment(commitment)
    if before != after:
        entry = NewEntry(CityTrailEvent.COMMITMENT_CHANGED, str(commitment), before, after)
        record(entry, city=commitment.city, by=by, at=at)


def _of_commitment(commitment: Commitment) -> dict[str, object]:
    return {
        "kind": commitment.get_sector_display(),
        "institution": commitment.party,
        "signatory": commitment.signatory or None,
        "title": commitment.text,
        "since": format_date(commitment.made_on),
        "occasion": commitment.occasion or None,
        "due_on": format_date(commitment.due_on) if commitment.due_on else None,
        "state": commitment.get_state_display(),
        "note": commitment.outcome or None,
    }
