"""Telling OPD and Gugus Tugas which findings are due in 7, 3 or 1 days, or late, once each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.choices import NotificationKind
from assessments.models import Assessment
from assessments.services.notifications import Notice, deliver
from assessments.services.reminders import DAYS_A_WEEK, DAYS_BEFORE, MORNING
from cities.models import City, Membership
from cities.roles import Role
from facilities.models import Finding
from figures.numbers import format_date

NAMED = 3  # findings that a sentence names


def write_finding_reminders(*, at: datetime) -> None:
    """Write what is near its last day or late in every city; may run as often as it likes.

    From six in the city's own morning, as every reminder. A city without a year waits for one.
    """
    last = at.date() + timedelta(days=DAYS_BEFORE[-1] + 1)
    near = Finding.objects.still_open().filter(due_on__lte=last)
    for city in City.objects.filter(facilities__findings__in=near).distinct():
        local = at.astimezone(city.zone)
        assessment = Assessment.objects.current(city)
        if local.time() >= MORNING and assessment is not None:
            deliver(list(_notices(assessment, local.date())), at=at)


def _notices(assessment: Assessment, today: date) -> Iterator[Notice]:
    """For the people of each OPD what it settles, for the Gugus Tugas all; a sentence a day."""
    rows = list(
        Finding.objects.still_open()
        .filter(facility__city=assessment.city_id)
        .filter(due_on__lte=today + timedelta(days=DAYS_BEFORE[-1]))
        .select_related("facility")
    )
    members = Membership.objects.filter(city=assessment.city_id).order_by("pk")
    for user_id, opd_id, role in members.values_list("user", "opd", "role"):
        if role == Role.GUGUS_TUGAS:
            told = rows
        elif opd_id is not None:
            told = [one for one in rows if opd_id == (one.opd_id or one.facility.opd_id)]
        else:
            continue
        for due in sorted({one.due_on for one in told}):
            of_day = [one for one in told if one.due_on == due]
            yield _notice(assessment, user_id, opd_id or 0, of_day, today)


def _notice(
    assessment: Assessment, user_id: int, opd_id: int, findings: Sequence[Finding], today: date
) -> Notice:
    due = findings[0].due_on
    days = (due - today).days
    named = "; ".join(f"{one.facility.name}: {one.sentence}" for one in findings[:NAMED])
    if len(findings) > NAMED:
        named += _("; dan %(count)d lainnya") % {"count": len(findings) - NAMED}
    facts = {"count": len(findings), "day": format_date(due), "days": abs(days), "named": named}
    subject = f"finding:{assessment.pk}:{opd_id}:{due}"
    if days < 0:
        kind, step = NotificationKind.OVERDUE, f"late:{(-days - 1) // DAYS_A_WEEK}"
        text = _("%(count)d temuan terlambat %(days)d hari (%(day)s): %(named)s") % facts
    else:
        kind, step = NotificationKind.DUE_SOON, str(next(one for one in DAYS_BEFORE if days <= one))
        text = _("%(count)d temuan perlu selesai sampai %(day)s: %(named)s") % facts
    url = reverse("facilities:finding_list", args=[assessment.city.slug])
    return Notice(user_id, kind, assessment.pk, text, url, key=f"{subject}:{step}")
