"""What the public says is missing, and what the city's people make of it."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import CityTrailEvent, User
from cities.permissions import held_city, lock_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from public.choices import MessageState
from public.models import PublicMessage
from public.personal import ADDRESS, faults_of
from territories.models import Unit
from texts.languages import deed

MOST_WAITING = 300  # unread ones of a city: nobody fills a disk, and nobody reads more


@deed
def send_message(*, city_id: int, unit: Unit | None, text: str, on: date) -> PublicMessage:
    """Keep what somebody without an account says; only the people of the city read it.

    Raises ValidationError (`personal`, `address`, `full`).
    """
    text = text.strip()
    if faults := list(faults_of(text)):
        raise ValidationError(
            _lazy("Pesanmu memuat %(fault)s. Hapus dahulu, supaya tidak ada yang dikenali."),
            code="personal",
            params={"fault": faults[0]},
        )
    if ADDRESS.search(text):
        raise ValidationError(_lazy("Hapus dahulu alamat situs dari pesanmu."), code="address")
    city = lock_city(city_id)
    waiting = PublicMessage.objects.filter(city=city, state=MessageState.NEW)
    if waiting.count() >= MOST_WAITING:
        raise ValidationError(
            _lazy("Masih banyak pesan yang sedang dibaca. Coba lagi beberapa hari lagi."),
            code="full",
        )
    message = PublicMessage(city=city, unit=unit, text=text, on=on)
    message.full_clean(exclude=["city", "unit"])
    message.save()
    return message


@deed
def settle_message(
    *, message: PublicMessage, state: MessageState, by: User, at: datetime
) -> PublicMessage:
    """Say what became of it. A later word replaces an earlier one; the trail keeps both."""
    city = held_city(message.city, by=by, permission=Permission.READ_PUBLIC_MESSAGES)
    found = PublicMessage.objects.get(pk=message.pk)
    before = {"state": found.get_state_display()}
    found.state, found.settled_at, found.settled_by = state, at, by
    found.save(update_fields=["state", "settled_at", "settled_by"])
    entry = NewEntry(
        CityTrailEvent.PUBLIC_MESSAGE_SETTLED,
        _("pesan warga nomor %(number)d") % {"number": found.pk},
        before=before,
        after={"state": found.get_state_display()},
    )
    record(entry, city=city, by=by, at=at)
    return found
