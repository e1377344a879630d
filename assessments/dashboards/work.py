"""What waits for a reviewer and for how long, and what was done this week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.choices import Deed
from assessments.dashboards.trail import midnight
from assessments.models import Activity, Assessment, Evidence
from figures.values import Chart, Column, Unit

WEEK = 7
AGES = (0, 3, 8, 15)  # the youngest of each group, in days


@dataclass(frozen=True, slots=True)
class AgeGroup:
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Documents that nobody has decided on, by the days since they were handed in."""

    total: int
    oldest: int | None
    groups: list[AgeGroup]


def waiting(assessment: Assessment, *, today: date) -> Waiting:
    """One query; days are the city's own."""
    zone = assessment.city.zone
    # A document of age n was handed in before the end of the day n days ago.
    ends = [midnight(today - timedelta(days=age - 1), zone) for age in AGES]
    older = {
        f"from_{age}": Count("pk", filter=Q(offered_at__lt=end))
        for age, end in zip(AGES, ends, strict=True)
    }
    rows = Evidence.objects.waiting().filter(answer__assessment=assessment)
    found = rows.aggregate(Count("pk"), Min("offered_at"), **older)
    counts = [found[f"from_{age}"] for age in AGES] + [0]
    first: datetime | None = found["offered_at__min"]
    return Waiting(
        total=found["pk__count"],
        oldest=None if first is None else (today - first.astimezone(zone).date()).days,
        groups=[
            AgeGroup(_age_label(place), counts[place] - counts[place + 1])
            for place in range(len(AGES))
        ],
    )


def _age_label(place: int) -> str:
    if place == len(AGES) - 1:
        return _("%(days)d hari atau lebih") % {"days": AGES[place]}
    return _("%(first)d–%(last)d hari") % {"first": AGES[place], "last": AGES[place + 1] - 1}


def waiting_chart(shown: Waiting) -> Chart:
    sentence = _("Tidak ada dokumen yang menunggu pemeriksaan.")
    if shown.oldest is not None:
        words = _("%(count)d dokumen menunggu pemeriksaan, yang terlama %(days)d hari.")
        sentence = words % {"count": shown.total, "days": shown.oldest}
    return Chart(
        key="menunggu",
        title=_("Dokumen menunggu pemeriksaan"),
        sentence=sentence,
        columns=(Column(_("Umur")), Column(_("Dokumen"), Unit.COUNT)),
        rows=[(group.label, group.count) for group in shown.groups],
    )


@dataclass(frozen=True, slots=True)
class WeekLine:
    """How often something was done in the last seven days and in the seven before."""

    deed: Deed
    now: int
    before: int


def week(assessment: Assessment, *, today: date) -> list[WeekLine]:
    """What the trail says of the last two weeks, today included, in one query."""
    zone = assessment.city.zone
    since = midnight(today - timedelta(days=WEEK - 1), zone)
    start = midnight(today - timedelta(days=2 * WEEK - 1), zone)
    end = midnight(today + timedelta(days=1), zone)
    rows = (
        Activity.objects.filter(assessment=assessment, at__gte=start, at__lt=end)
        .order_by()
        .values_list("deed")
        .annotate(
            now=Count("pk", filter=Q(at__gte=since)), before=Count("pk", filter=Q(at__lt=since))
        )
    )
    lines = [WeekLine(Deed(deed), now, before) for deed, now, before in rows]
    return sorted(lines, key=lambda line: (-line.now, -line.before, line.deed))


def week_chart(lines: list[WeekLine]) -> Chart:
    now = sum(line.now for line in lines)
    before = sum(line.before for line in lines)
    words = _("%(now)d kegiatan dalam 7 hari terakhir, %(before)d dalam 7 hari sebelumnya.")
    return Chart(
        key="pekan",
        title=_("Perubahan pekan ini"),
        sentence=words % {"now": now, "before": before},
        columns=(
            Column(_("Kegiatan")),
            Column(_("7 hari terakhir"), Unit.COUNT),
            Column(_("7 hari sebelumnya"), Unit.COUNT),
        ),
        rows=[(capfirst(str(line.deed.label)), line.now, line.before) for line in lines],
    )
