"""Documents that wait for a decision, by the days since they were handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, Q, Sum
from django.utils.translation import gettext as _

from assessments.models import Assessment, DocumentCount
from figures.values import Chart, ChartColumn, Unit
from trail.forms import midnight

AGES = (0, 3, 8, 15)  # the youngest of each group, in days


@dataclass(frozen=True, slots=True)
class AgeGroup:
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ReviewBacklog:
    """Documents that nobody has decided on, by the days since they were handed in."""

    total: int
    oldest: int | None
    groups: list[AgeGroup]


def waiting(assessment: Assessment, *, today: date) -> ReviewBacklog:
    """One query; days are the city's own."""
    zone = assessment.city.zone
    # A document of age n was handed in before the end of the day n days ago.
    ends = [midnight(today - timedelta(days=age - 1), zone) for age in AGES]
    older = {
        f"from_{age}": Sum("number", filter=Q(waiting_since__lt=end), default=0)
        for age, end in zip(AGES, ends, strict=True)
    }
    rows = DocumentCount.objects.waiting().filter(answer__assessment=assessment)
    found = rows.aggregate(Sum("number", default=0), Min("waiting_since"), **older)
    counts = [found[f"from_{age}"] for age in AGES] + [0]
    first: datetime | None = found["waiting_since__min"]
    return ReviewBacklog(
        total=found["number__sum"],
        oldest=None if first is None else (today - first.astimezone(zone).date()).days,
        groups=[
            AgeGroup(_age_label(index), counts[index] - counts[index + 1])
            for index in range(len(AGES))
        ],
    )


def _age_label(index: int) -> str:
    if index == len(AGES) - 1:
        return _("%(days)d hari atau lebih") % {"days": AGES[index]}
    return _("%(first)d–%(last)d hari") % {"first": AGES[index], "last": AGES[index + 1] - 1}


def waiting_chart(shown: ReviewBacklog) -> Chart:
    sentence = _("Tidak ada dokumen yang menunggu pemeriksaan.")
    if shown.oldest is not None:
        words = _("%(count)d dokumen menunggu pemeriksaan, yang terlama %(days)d hari.")
        sentence = words % {"count": shown.total, "days": shown.oldest}
    return Chart(
        key="menunggu",
        title=_("Dokumen menunggu pemeriksaan"),
        sentence=sentence,
        columns=(ChartColumn(_("Umur")), ChartColumn(_("Dokumen"), Unit.COUNT)),
        rows=[(group.label, group.count) for group in shown.groups],
    )
