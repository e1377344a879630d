"""What a year no longer needs once it has been closed for long enough.

Each rule has a query that says what would go, and a deed that removes just that and writes it into
the trail of the year. Points, verdicts, reasons and the trail itself never go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from assessments.choices import Stage, TrailEvent
from assessments.models import (
    Assessment,
    Evidence,
    Notification,
    Rendition,
    Snapshot,
    SupportingDocument,
)
from assessments.models.rendition import RenditionState, rendition_name
from assessments.services.activity import record
from assessments.services.renditions import remove_files_of
from assessments.services.years import hold
from cities.models import User
from cities.permissions import require_site_admin
from texts.languages import deed


def closed_by(moment: datetime) -> QuerySet[Assessment]:
    """Years that are closed and were last closed at that moment or before."""
    closings = Snapshot.objects.filter(assessment=OuterRef("pk"), stage=Stage.CLOSED)
    later = closings.filter(at__gt=moment)
    return Assessment.objects.filter(Exists(closings), ~Exists(later), stage=Stage.CLOSED)


def notices_until(moment: datetime) -> QuerySet[Notification]:
    """Notifications written at that moment or before, read or not."""
    return Notification.objects.filter(created_at__lte=moment)


def documents_until(moment: datetime) -> QuerySet[SupportingDocument]:
    """Documents with a file, offered in no year but those closed at that moment or before.

    Without those that packages above still need; the setting `KLA_DOCUMENTS_IN_USE` names them.
    """
    offers = Evidence.objects.filter(document=OuterRef("pk"))
    needed = offers.exclude(answer__assessment__in=closed_by(moment))
    found = SupportingDocument.objects.exclude(file="").filter(Exists(offers), ~Exists(needed))
    for path in settings.KLA_DOCUMENTS_IN_USE:
        found = found.exclude(pk__in=import_string(path)())
    return found


def renditions_until(moment: datetime) -> QuerySet[Rendition]:
    """What pages show of those documents."""
    made = Rendition.objects.filter(state=RenditionState.READY)
    return made.filter(document__in=documents_until(moment).values("pk"))


@deed
def remove_notices(*, until: datetime, by: User, at: datetime) -> int:
    """Delete old notifications. Raises PermissionDenied."""
    require_site_admin(by)
    rows = notices_until(until)
    counts = Counter(rows.values_list("assessment", flat=True))
    for assessment_id in sorted(counts):
        detail = _("%(count)d pemberitahuan") % {"count": counts[assessment_id]}
        _record(assessment_id, detail, by=by, at=at)
    rows.delete()
    return counts.total()


@deed
def remove_renditions(*, until: datetime, by: User, at: datetime) -> int:
    """Delete what pages show of documents of long closed years; the originals stay.

    Raises PermissionDenied.
    """
    require_site_admin(by)
    rows = list(renditions_until(until).select_related("document"))
    for assessment_id, count in _by_year(row.document for row in rows):
        detail = _("%(count)d pratinjau") % {"count": count}
        _record(assessment_id, detail, by=by, at=at)
    named = [(row.file.storage, rendition_name(row, "")) for row in rows]
    Rendition.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=RenditionState.REMOVED, file="", size=0, attachments=[], held_until=None
    )

    def remove() -> None:
        for storage, name in named:
            storage.delete(name)

    transaction.on_commit(remove)
    return len(rows)


@deed
def remove_documents(*, until: datetime, by: User, at: datetime) -> int:
    """Delete the files of documents of long closed years, with what pages show of them.

    Title, facts, SHA-256 and verdicts stay, so totals and frozen years stay as they are. Raises
    PermissionDenied.
    """
    require_site_admin(by)
    rows = list(documents_until(until))
    newest = _newest_years(rows)
    for document in rows:
        _record(newest[document.pk], document.title, by=by, at=at, sha256=document.sha256)
        remove_files_of(document)
    keys = [row.pk for row in rows]
    SupportingDocument.objects.filter(pk__in=keys).update(file="", removed_at=at)
    Rendition.objects.filter(document__in=keys).update(
        state=RenditionState.REMOVED, file="", size=0, attachments=[], held_until=None
    )
    return len(rows)


def _by_year(documents: Iterable[SupportingDocument]) -> list[tuple[int, int]]:
    """The newest year of each document, with how many documents; always in one order."""
    return sorted(Counter(_newest_years(documents).values()).items())


def _newest_years(documents: Iterable[SupportingDocument]) -> dict[object, int]:
    offers = Evidence.objects.filter(document__in=[row.pk for row in documents])
    years = offers.order_by("document", "answer__assessment__year")
    return dict(years.values_list("document", "answer__assessment"))


def _record(
    assessment_id: int, detail: str, *, by: User, at: datetime, sha256: str | None = None
) -> None:
    record(
        TrailEvent.DATA_REMOVED,
        assessment=hold(assessment_id),
        by=by,
        at=at,
        detail=detail,
        before={"sha256": sha256} if sha256 else {},
    )
