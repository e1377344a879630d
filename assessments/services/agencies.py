"""Which OPDs of a city stand for an instrument's agencies, with the work that this moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Assignment, Evidence, SupportingDocument
from assessments.services.assignment import hand_over
from assessments.services.years import hold
from assessments.stages import StageAction
from cities.models import City, Opd, User
from cities.permissions import require_permission
from cities.roles import Permission
from cities.services.agencies import AgencyChoice, AgencyState, settle_agencies
from texts.languages import deed


@deed
def settle_agencies_of(
    *, city: City, choices: Sequence[AgencyChoice], by: User, at: datetime
) -> list[tuple[Opd, Opd]]:
    """Make the city's OPDs what the choices say, and hand on what a merged one holds.

    In years whose stage still lets questions be assigned; other years keep its name. Returns
    the pairs of OPDs that became one. Raises ValidationError (`closed`, `has_documents`, `has_work`, and
    those of `cities.services.agencies.settle_agencies`) and changes nothing.
    """
    require_permission(by, city, Permission.MANAGE_MEMBERS)
    open_years = [
        year.pk for year in city.assessments.order_by("pk") if StageAction.ASSIGN in year.actions
    ]
    years = [hold(pk) for pk in open_years]  # a year is always held before its city
    _refuse_busy(city, choices, years)
    pairs = settle_agencies(city, choices=choices, by=by, at=at)
    for year in years:
        for old, new in pairs:
            hand_over(year, old=old, new=new, by=by, at=at)
    return pairs


def _refuse_busy(city: City, choices: Sequence[AgencyChoice], years: Sequence[Assessment]) -> None:
    """What an OPD handed in stays its own; and nobody's questions are dropped in passing."""
    part = {choice.code: choice.part for choice in choices if choice.part != AgencyState.OWN}
    going = list(city.opds.active().filter(code__in=part))
    handed_in = {
        *SupportingDocument.objects.filter(opd__in=going).values_list("opd", flat=True),
        *Evidence.objects.filter(opd__in=going).values_list("opd", flat=True),
    }
    held = Assignment.objects.filter(opd__in=going, answer__assessment__in=years)
    busy = set(held.values_list("opd", flat=True))
    for opd in going:
        if opd.pk in handed_in:
            raise ValidationError(
                _(
                    "%(opd)s sudah menyerahkan dokumen, jadi tidak dapat digabung atau dihapus. "
                    "Alihkan pertanyaannya di halaman penugasan, lalu nonaktifkan OPD-nya."
                ),
                code="has_documents",
                params={"opd": opd.name},
            )
        if opd.pk in busy and part[opd.code] == AgencyState.ABSENT:
            raise ValidationError(
                _(
                    "%(opd)s masih memegang pertanyaan. Gabungkan dengan OPD lain, atau alihkan "
                    "dahulu di halaman penugasan."
                ),
                code="has_work",
                params={"opd": opd.name},
            )
