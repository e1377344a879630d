"""How a year goes: its pace, what is left of it, and the sheet of its leaders."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.figures import Leadership, RemainingEntry, YearPace
from api.endpoints import Call, Endpoint, resource
from api.queries.figures import leadership_sheet, remaining_entries, year_pace
from assessments.models import Assessment
from assessments.views.lookups import get_assessment_or_404
from cities.roles import Permission


def _pace(call: Call, year: int) -> YearPace:
    return year_pace(get_assessment_or_404(call.member, year), today=timezone.localdate())


def _remaining(call: Call, year: int) -> list[RemainingEntry]:
    return remaining_entries(get_assessment_or_404(call.member, year), today=timezone.localdate())


def _leadership(call: Call) -> Leadership:
    current = Assessment.objects.current(call.member.city)
    if current is None:
        return Leadership(None)
    return Leadership(leadership_sheet(current, today=timezone.localdate()))


pace = resource(
    get=Endpoint(
        _pace,
        _("Laju pengerjaan satu tahun, perkiraannya pada tenggat, dan antrean pemeriksaan"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=YearPace,
    )
)
remaining = resource(
    get=Endpoint(
        _remaining,
        _("Poin yang belum terbukti menurut indikator dan keadaan pertanyaannya"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=RemainingEntry,
        is_list=True,
    )
)
leadership = resource(
    get=Endpoint(
        _leadership,
        _("Lembar pimpinan: di mana kota berdiri dan apa yang perlu diputuskan"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=Leadership,
    )
)
