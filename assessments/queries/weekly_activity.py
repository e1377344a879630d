"""How often each deed was done in a year, this week and the week before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.choices import TrailEvent
from assessments.models import Activity, Assessment
from assessments.queries.trail import midnight
from figures.values import Chart, ChartColumn, Unit

WEEK = 7


@dataclass(frozen=True, slots=True)
class DeedCount:
    """How often something was done in the last seven days and in the seven before."""

    deed: TrailEvent
    now: int
    before: int


def week(assessment: Assessment, *, today: date) -> list[DeedCount]:
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
    lines = [DeedCount(TrailEvent(deed), now, before) for deed, now, before in rows]
    return sorted(lines, key=lambda line: (-line.now, -line.before, line.deed))


def week_chart(lines: list[DeedCount]) -> Chart:
    now = sum(line.now for line in lines)
    before = sum(line.before for line in lines)
    words = _("%(now)d kegiatan dalam 7 hari terakhir, %(before)d dalam 7 hari sebelumnya.")
    return Chart(
        key="pekan",
        title=_("Perubahan pekan ini"),
        sentence=words % {"now": now, "before": before},
        columns=(
            ChartColumn(_("Kegiatan")),
            ChartColumn(_("7 hari terakhir"), Unit.COUNT),
            ChartColumn(_("7 hari sebelumnya"), Unit.COUNT),
        ),
        rows=[(capfirst(str(line.deed.label)), line.now, line.before) for line in lines],
    )
