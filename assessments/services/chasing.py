"""Reminding an OPD by a deed: its people are told at once, each by the ways that they want."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assessments.choices import NotificationKind, TrailEvent
from assessments.models import Assessment, Notification, WhatsappConsent
from assessments.services.activity import record
from assessments.services.notifications import Notice, deliver, task_url
from assessments.services.owed import OpdOwes, owed_by_opd
from assessments.services.years import lock
from cities.models import Membership, Opd, User
from cities.permissions import require_permission
from cities.roles import Permission
from figures.numbers import format_date
from outbox.gateways import configured
from texts.languages import deed

CODES_NAMED = 8


@deed
def remind_opd(*, assessment_id: int, opd: Opd, by: User, at: datetime) -> int:
    """Tell everybody of an OPD what it owes; how many people that were.

    Once a day for each OPD, so that nobody is told more often however many press. By WhatsApp only
    where a gateway is set and the person has agreed. Raises PermissionDenied and ValidationError
    (`nothing_owed`, `nobody_there`, `reminded_today`).
    """
    assessment = Assessment.objects.select_related("city").get(pk=assessment_id)
    require_permission(by, assessment.city, Permission.REMIND_OPDS)
    if opd.city_id != assessment.city_id:
        raise PermissionDenied
    lock(assessment.pk)  # two who press at once: the second is told that it was done
    today = at.astimezone(assessment.city.zone).date()
    owing = owed_by_opd(assessment, today=today, at=at, opd=opd)
    if not owing:
        raise ValidationError(
            _lazy("Tidak ada yang perlu diingatkan: OPD ini tidak menunggak."), code="nothing_owed"
        )
    key = f"reminded:{assessment.pk}:{opd.pk}:{today}"
    if Notification.objects.filter(key=key).exists():
        raise ValidationError(
            _lazy("%(opd)s sudah diingatkan hari ini. Ingatkan lagi besok, atau salin pesannya."),
            code="reminded_today",
            params={"opd": opd.name},
        )
    people = Membership.objects.filter(city=assessment.city_id, opd=opd, user__is_active=True)
    user_ids = list(people.order_by("pk").values_list("user", flat=True))
    if not user_ids:
        raise ValidationError(
            _lazy("Belum ada anggota %(opd)s di situs ini. Salin pesannya dan kirim sendiri."),
            code="nobody_there",
            params={"opd": opd.name},
        )
    agreed = _agreed(user_ids)
    kind, url, text = NotificationKind.REMINDED, task_url(assessment), _sentence(owing[0])
    notices = [Notice(user_id, kind, assessment.pk, text, url, key) for user_id in user_ids]
    deliver(notices, at=at, by_whatsapp=agreed)
    record(TrailEvent.OPD_REMINDED, assessment=assessment, by=by, at=at, detail=opd.name)
    return len(user_ids)


def _agreed(user_ids: list[int]) -> set[int]:
    if configured() is None:
        return set()
    return set(WhatsappConsent.objects.filter(user__in=user_ids).values_list("user", flat=True))


def _sentence(owes: OpdOwes) -> str:
    codes = [one.code for one in owes.questions]
    named = ", ".join(codes[:CODES_NAMED])
    if len(codes) > CODES_NAMED:
        named = _("%(codes)s, dan %(count)d lainnya") % {
            "codes": named,
            "count": len(codes) - CODES_NAMED,
        }
    facts = {"opd": owes.opd.name, "count": len(codes), "codes": named, "late": owes.late}
    said = _("Gugus Tugas mengingatkan %(opd)s: %(count)d pertanyaan belum lengkap (%(codes)s).")
    said %= facts
    dates = [one.due_on for one in owes.questions if one.due_on and not one.is_late]
    if owes.late:
        said += " " + _("%(late)d di antaranya terlambat.") % facts
    if dates:
        said += " " + _("Tenggat terdekat %(date)s.") % {"date": format_date(min(dates))}
    return said
