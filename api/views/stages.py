"""The stages of a year and its snapshots."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from api.answers.stages import SnapshotDetail, SnapshotEntry, YearStages
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries import stages as told
from assessments.views.lookups import get_assessment_or_404
from assessments.views.stages import get_snapshot_or_404
from cities.roles import Permission


def _stages(call: Call, year: int) -> YearStages:
    return told.year_stages(get_assessment_or_404(call.member, year))


def _snapshots(call: Call, year: int) -> Page[SnapshotEntry]:
    rows = get_assessment_or_404(call.member, year).snapshots.select_related("by").defer("content")
    return page_of(call.request, rows, key="number", shown=told.snapshot_entries)


def _snapshot(call: Call, year: int, snapshot: int) -> SnapshotDetail:
    assessment = get_assessment_or_404(call.member, year)
    return told.snapshot_detail(get_snapshot_or_404(assessment, snapshot))


stages = resource(
    get=Endpoint(
        _stages,
        _("Tahap penilaian satu tahun, yang dapat dilakukan di dalamnya, dan riwayatnya"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=YearStages,
    )
)
snapshots = resource(
    get=Endpoint(
        _snapshots,
        _("Rekaman satu tahun dengan SHA-256-nya"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=SnapshotEntry,
        is_page=True,
    )
)
snapshot = resource(
    get=Endpoint(
        _snapshot,
        _("Isi satu rekaman: nilai total, klaster, jawaban, dan nilai resmi yang dibekukan"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=SnapshotDetail,
    )
)
