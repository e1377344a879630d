"""Dates by which the questions of a cluster are handed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Assessment, ClusterDeadline
from assessments.services.activity import record
from assessments.services.years import held_for
from assessments.stages import StageAction
from cities.models import User
from cities.roles import Permission
from clusters.models import Cluster
from texts.languages import deed


@deed
def set_cluster_deadlines(
    *, assessment_id: int, dates: Mapping[Cluster, date | None], by: User, at: datetime
) -> None:
    """Set or, with None, take away the dates of the clusters named; others stay.

    Raises ValidationError (`closed`, `foreign_cluster`).
    """
    assessment = held_for(
        assessment_id,
        StageAction.CHANGE_YEAR,
        by=by,
        permission=Permission.MANAGE_ASSESSMENT,
        at=at,
    )
    _require_own_clusters(assessment, dates)
    held = {row.cluster_id: row.due_on for row in assessment.cluster_deadlines.all()}
    changed = {c: due_on for c, due_on in dates.items() if held.get(c.pk) != due_on}
    if not changed:
        return
    assessment.cluster_deadlines.filter(cluster__in=changed).delete()
    ClusterDeadline.objects.bulk_create(
        ClusterDeadline(assessment=assessment, cluster=cluster, due_on=due_on)
        for cluster, due_on in changed.items()
        if due_on is not None
    )
    detail = "; ".join(f"{cluster.label}: {due_on or '–'}" for cluster, due_on in changed.items())
    record(TrailEvent.ASSESSMENT_CHANGED, assessment=assessment, by=by, at=at, detail=detail)


def _require_own_clusters(assessment: Assessment, dates: Mapping[Cluster, date | None]) -> None:
    for cluster in dates:
        if cluster.instrument_id != assessment.instrument_id:
            raise ValidationError(
                _("%(cluster)s bukan klaster instrumen tahun ini. Pilih dari daftar."),
                code="foreign_cluster",
                params={"cluster": cluster.label},
            )
