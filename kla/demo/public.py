"""The public page of the demonstration: last year, released, and what its readers wrote."""

from __future__ import annotations

from datetime import datetime, timedelta

from assessments.models import Assessment
from cities.models import User
from cities.permissions import require_permission
from cities.roles import Permission
from public.choices import MessageState
from public.queries.contents import draft_of, frozen_year
from public.sections import Section
from public.services.messages import send_message, settle_message
from public.services.releases import release_section
from territories.models import Unit

MESSAGES = (
    "Lampu di jalan dekat sekolah kami mati. Kalau pulang sore jadi takut.",
    "Di sini belum ada taman. Kami bermain di pinggir jalan.",
    "Perpustakaan tutup hari Minggu. Padahal hari itu kami libur.",
)


def fill_public(last_year: Assessment, *, by: User, at: datetime) -> None:
    """Every part of which there is something; of the RAD there was nothing yet in that year."""
    assessment = Assessment.objects.select_related("city", "instrument", "band_table").get(
        pk=last_year.pk
    )
    member = require_permission(by, assessment.city, Permission.RELEASE_PUBLIC)
    year = frozen_year(member, assessment)
    if year is None:
        return
    for section in Section:
        draft = draft_of(section, year)
        if not draft.is_empty:
            release_section(
                assessment=assessment, section=section, seen=draft.checksum, by=by, at=at
            )
    units = Unit.objects.filter(city=assessment.city).exclude(parent=None).order_by("code")
    for days, (unit, text) in enumerate(zip(units, MESSAGES, strict=False), 1):
        on = (at - timedelta(days=days)).date()
        message = send_message(city_id=assessment.city_id, unit=unit, text=text, on=on)
        if days > 1:  # the newest still waits for somebody to read it
            settle_message(message=message, state=MessageState.PASSED_ON, by=by, at=at)
