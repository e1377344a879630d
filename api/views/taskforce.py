"""The Gugus Tugas: its decrees and the commitments of its parties."""

from __future__ import annotations

from collections.abc import Sequence

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.taskforce import CommitmentEntry, DecreeDetail, DecreeEntry
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries import taskforce as told
from cities.roles import Permission
from taskforce.models import Commitment, Decree


def _decrees(call: Call) -> Page[DecreeEntry]:
    today = timezone.localdate()

    def shown(found: Sequence[Decree]) -> list[DecreeEntry]:
        return told.decree_entries(found, call.member, today=today)

    return page_of(call.request, Decree.objects.visible_to(call.member), key="pk", shown=shown)


def _decree(call: Call, decree: int) -> DecreeDetail:
    rows = Decree.objects.visible_to(call.member).select_related("city")
    return told.decree_detail(get_object_or_404(rows, pk=decree), today=timezone.localdate())


def _commitments(call: Call) -> Page[CommitmentEntry]:
    today = timezone.localdate()

    def shown(found: Sequence[Commitment]) -> list[CommitmentEntry]:
        return told.commitment_entries(found, today=today)

    return page_of(call.request, Commitment.objects.visible_to(call.member), key="pk", shown=shown)


decrees = resource(
    get=Endpoint(
        _decrees,
        _("SK Gugus Tugas dengan masa berlakunya"),
        permission=Permission.VIEW_TASKFORCE,
        returns=DecreeEntry,
        is_page=True,
    )
)
decree = resource(
    get=Endpoint(
        _decree,
        _("Satu SK Gugus Tugas dengan susunan dan kekurangannya"),
        permission=Permission.VIEW_TASKFORCE,
        returns=DecreeDetail,
    )
)
commitments = resource(
    get=Endpoint(
        _commitments,
        _("Komitmen para pihak dan hasilnya"),
        permission=Permission.VIEW_TASKFORCE,
        returns=CommitmentEntry,
        is_page=True,
    )
)
