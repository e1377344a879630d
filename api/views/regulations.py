"""The legal register of a city."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.regulations import RegulationEntry
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries.regulations import regulation_entries, regulations_of
from assessments.models import Assessment
from cities.roles import Permission
from regulations.models import Regulation
from regulations.queries.register import day_of_force


def _regulations(call: Call) -> Page[RegulationEntry]:
    current = Assessment.objects.current(call.member.city)
    day = day_of_force(current, today=timezone.localdate())

    def shown(found: Sequence[Regulation]) -> list[RegulationEntry]:
        return regulation_entries(found, day)

    return page_of(call.request, regulations_of(call.member), key="pk", shown=shown)


regulations = resource(
    get=Endpoint(
        _regulations,
        _("Produk hukum dengan keadaan dan topiknya"),
        permission=Permission.VIEW_CITY,
        returns=RegulationEntry,
        is_page=True,
    )
)
