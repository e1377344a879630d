"""Telling OPD and Gugus Tugas what ends within 180, 90 or 30 days or has ended, once each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.choices import NotificationKind
from assessments.models import Assessment
from assessments.services.notifications import Notice, deliver
from assessments.services.reminders import MORNING
from cities.models import City, Membership
from cities.roles import Role
from facilities.choices import LAPSED, THRESHOLDS, threshold_of
from facilities.models import Credential
from figures.numbers import format_date
from texts.languages import deed

NAMED = 3  # papers that a sentence names


def write_expiry_reminders(*, at: datetime) -> None:
    """Write what is near its end in every city; may run as often as it likes.

    From six in the city's own morning, as every reminder. A city without a year waits for one.
    """
    for city in City.objects.filter(facilities__credentials__isnull=False).distinct():
        local = at.astimezone(city.zone)
        if local.time() >= MORNING:
            _remind(city, today=local.date(), at=at)


@deed
def _remind(city: City, *, today: date, at: datetime) -> None:
    """One letter a threshold and reader; each paper notes at which threshold it was told of."""
    assessment = Assessment.objects.current(city)
    if assessment is None:
        return
    papers = list(
        Credential.objects.newest()
        .filter(facility__city=city, expires_on__lte=today + timedelta(days=THRESHOLDS[-1]))
        .filter(facility__in=city.facilities.active_on(today))
        .exclude(told=LAPSED)
        .select_for_update(of=("self",))
        .select_related("facility")
    )
    due: defaultdict[int, list[Credential]] = defaultdict(list)
    for paper in papers:
        threshold = _threshold(paper, today)
        if threshold is not None and (paper.told is None or threshold < paper.told):
            paper.told = threshold
            due[threshold].append(paper)
    notices = [
        notice
        for threshold, ending in sorted(due.items())
        for notice in _notices(assessment, threshold, ending, at=at)
    ]
    deliver(notices, at=at)
    Credential.objects.bulk_update([one for rows in due.values() for one in rows], ["told"])


def _threshold(paper: Credential, today: date) -> int | None:
    return None if paper.expires_on is None else threshold_of((paper.expires_on - today).days)


def _notices(
    assessment: Assessment, threshold: int, ending: Iterable[Credential], *, at: datetime
) -> Iterator[Notice]:
    """For the people of each OPD its own papers, for the Gugus Tugas all of them."""
    rows = sorted(ending, key=lambda one: (one.expires_on or date.max, one.pk))
    url = f"{reverse('facilities:expiring_list', args=[assessment.city.slug])}?sisa={threshold}"
    members = Membership.objects.filter(city=assessment.city_id).order_by("pk")
    for user_id, opd_id, role in members.values_list("user", "opd", "role"):
        if role == Role.GUGUS_TUGAS:
            told = rows
        elif opd_id is not None:
            told = [one for one in rows if one.facility.opd_id == opd_id]
        else:
            continue
        if told:
            key = f"expiring:{assessment.pk}:{threshold}:{at.isoformat()}:{opd_id or 0}"
            yield Notice(
                user_id,
                NotificationKind.EXPIRING,
                assessment.pk,
                _sentence(told, threshold),
                url,
                key,
            )


def _sentence(papers: list[Credential], threshold: int) -> str:
    named = "; ".join(
        f"{one.facility.name}, {one.scheme_title} ({format_date(one.expires_on)})"
        for one in papers[:NAMED]
    )
    if len(papers) > NAMED:
        named += _("; dan %(count)d lainnya") % {"count": len(papers) - NAMED}
    if threshold == LAPSED:
        return _(
            "%(count)d surat fasilitas sudah berakhir dan tidak terhitung lagi: %(named)s."
        ) % {
            "count": len(papers),
            "named": named,
        }
    return _("%(count)d surat fasilitas berakhir dalam %(days)d hari: %(named)s.") % {
        "count": len(papers),
        "days": threshold,
        "named": named,
    }
