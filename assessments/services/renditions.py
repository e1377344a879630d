"""What pages show of a document, made after the document was stored and outside its request."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import QUARANTINED, TrailEvent
from assessments.filetypes.kinds import EXTENSIONS, PREVIEW_TASKS
from assessments.models import Evidence, Rendition, SupportingDocument
from assessments.models.rendition import ANEW, RenditionState, rendition_name
from assessments.renditions.limited import Limits, UnshowableError, WorkFailedError, run
from assessments.services.activity import record
from assessments.services.integrity import Damage, damage_in, note_damaged
from assessments.services.upload_storage import is_full
from assessments.validators import safe_name
from cities.models import Membership, User
from cities.permissions import require_permission
from cities.roles import Permission
from jobs.running import ask
from texts.languages import deed

logger = logging.getLogger(__name__)

RULES = 2  # raised when the makers change, so that `make_renditions` makes all anew
ATTEMPTS = 3
OUTPUT = 200 * 1024 * 1024  # bytes
CHUNK = 1024 * 1024
JOB = "assessments.jobs.make_rendition"
SHOWN_TEXT = 20_000  # bytes of a text that stand on a page; the rest is in the file


def limits() -> Limits:
    return Limits(settings.KLA_RENDITION_MEMORY, settings.KLA_RENDITION_SECONDS, OUTPUT)


def plan_rendition(document: SupportingDocument) -> None:
    """Note that it needs a rendition and ask for it, in the transaction that stores it."""
    if not document.file:
        return
    row = _planned(document)
    row.save(force_insert=True)
    if row.state == RenditionState.PENDING and not document.is_quarantined:
        ask(JOB, str(document.pk), at=document.uploaded_at)


def _planned(document: SupportingDocument) -> Rendition:
    shown = task_for(document.media_type) is not None
    state = RenditionState.PENDING if shown else RenditionState.NONE
    return Rendition(document=document, state=state)


def task_for(media_type: str) -> str | None:
    """Which maker shows a file of this type; None where it stays an attachment."""
    task = PREVIEW_TASKS.get(media_type)
    return None if task == "office" and not settings.KLA_LIBREOFFICE else task


def make_rendition(document_id: UUID, *, at: datetime) -> RenditionState | None:
    """Make the rendition of one document; None where somebody else is making it just now.

    None too while the document is quarantined: what nobody has scanned is not taken apart.

    The lease counts from here. A maker that dies in between gives the document free by
    itself. A file that cannot be shown has failed at once, a fault of the machine after three
    tries, and a full disk never; the reason is kept for operators.
    """
    lease = at + timedelta(seconds=2 * settings.KLA_RENDITION_SECONDS)
    free = (
        Rendition.objects.filter(document=document_id, state=RenditionState.PENDING)
        .filter(Q(held_until=None) | Q(held_until__lte=at))
        .exclude(document__scan_state__in=QUARANTINED)
    )
    if not free.update(held_until=lease):
        return None
    row = Rendition.objects.select_related("document").get(document=document_id)
    task = task_for(row.document.media_type)
    if task is None:
        _settle(row, lease, state=RenditionState.NONE)
        return RenditionState.NONE
    try:
        return _make(row, task, lease, at=at)
    except (WorkFailedError, OSError) as error:
        logger.warning("The rendition of document %s failed: %s", document_id, error)
        attempts = row.attempts + (not is_full(error))  # there will be room again
        is_over = isinstance(error, UnshowableError) or attempts >= ATTEMPTS
        state = RenditionState.FAILED if is_over else RenditionState.PENDING
        if is_over:
            row.file.storage.delete(rendition_name(row, ""))  # of older rules
        _settle(row, lease, state=state, attempts=attempts, fault=str(error))
        return state


def _make(row: Rendition, task: str, lease: datetime, *, at: datetime) -> RenditionState:
    """Write the file, then the row; of two that end at once the first one's file stays."""
    document = row.document
    storage = row.file.storage
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        source_sha256 = copied(document, source)
        if source_sha256 != document.sha256:
            note_damaged(document, Damage.CONTENT, at=at)
            raise UnshowableError("the stored original is not what was handed in")
        made = run(task, source, target, limits=limits(), **_options(task, document))
        with target.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
            name = rendition_name(row, "")
            storage.delete(name)
            try:
                stored = storage.save(name, File(file))
            except OSError:
                storage.delete(name)  # half of it
                raise
    is_mine = _settle(
        row,
        lease,
        state=RenditionState.READY,
        file=stored,
        media_type=made.media_type,
        size=size,
        sha256=sha256,
        source_sha256=source_sha256,
        changes=dict(made.changes),
        attachments=[safe_name(name) for name in made.attachments],
        rules=RULES,
        made_at=at,
        fault="",
    )
    if not is_mine:
        # Taken back meanwhile, or made anew by somebody after our lease ended.
        if not Rendition.objects.filter(file=stored).exists():
            storage.delete(stored)
        return RenditionState.PENDING
    return RenditionState.READY


def _options(task: str, document: SupportingDocument) -> dict[str, Any]:
    if task != "office":
        return {}
    extension = EXTENSIONS[document.media_type]
    return {"program": settings.KLA_LIBREOFFICE, "extension": extension}


def _settle(row: Rendition, lease: datetime, **values: Any) -> bool:
    """Write the outcome, if the row still is the one that was taken."""
    mine = Rendition.objects.filter(pk=row.pk, held_until=lease)
    return bool(mine.update(held_until=None, **values))


def copied(document: SupportingDocument, path: Path) -> str:
    """The original as a file of this machine, wherever it is stored. Returns its SHA-256."""
    digest = hashlib.sha256()
    with document.file.open("rb") as original, path.open("wb") as copy:
        while piece := original.read(CHUNK):
            digest.update(piece)
            copy.write(piece)
    return digest.hexdigest()


def make_pending(*, at: datetime, most: int | None = None) -> int:
    """Make what is pending, documents from before there were renditions included."""
    without = SupportingDocument.objects.filter(rendition=None).exclude(file="")
    for document in without.iterator(chunk_size=500):
        Rendition.objects.get_or_create(
            document=document, defaults={"state": _planned(document).state}
        )
    keys = Rendition.objects.filter(state=RenditionState.PENDING).order_by("pk")
    made = 0
    for document_id in list(keys.values_list("document", flat=True)[:most]):
        made += make_rendition(document_id, at=at) == RenditionState.READY
    return made


def plan_again(*, everything: bool) -> int:
    """Have renditions of older rules made anew, or all of them. Returns how many.

    Until a new one is ready, pages say that it is being made; its file is written over.
    """
    again = Rendition.objects.exclude(state__in=[RenditionState.PENDING, RenditionState.REMOVED])
    if not everything:
        again = again.exclude(rules=RULES)
    return again.update(**ANEW)


def preview_text(document: SupportingDocument, *, at: datetime) -> str:
    """The beginning of a text for the page itself; empty for other kinds."""
    shown = document.preview
    if shown is None or document.preview_family != "text":
        return ""
    with shown.file.open("rb") as file:
        if damage_in(file, size=shown.size, sha256=shown.sha256):
            remake(shown, at=at)
            return ""
        return file.read(SHOWN_TEXT).decode(errors="ignore")


def remake(shown: Rendition, *, at: datetime) -> None:
    """Have a damaged rendition made anew from its original; pages say so until it is there."""
    logger.error("The rendition %s is damaged; it is made anew", shown.file.name)
    Rendition.objects.filter(pk=shown.pk, sha256=shown.sha256).update(**ANEW)
    ask(JOB, str(shown.document_id), at=at)


def may_open_original(document: SupportingDocument, member: Membership) -> bool:
    """Whoever may review, and the OPD that handed it in; others see the rendition.

    A kind of file that pages cannot show has no rendition to stand in for it: whoever may see
    the question gets the original. The row itself was found among what the member may see.
    """
    if document.file and task_for(document.media_type) is None:
        return True
    if member.may(Permission.REVIEW_EVIDENCE) or member.may(Permission.CLEAR_ORIGINALS):
        return True
    return member.opd_id is not None and member.opd_id == document.opd_id


@deed
def clear_original(*, evidence_id: int, by: User, at: datetime) -> SupportingDocument:
    """Let the original of a locked document be fetched, for good.

    Raises ValidationError (`not_locked`) and PermissionDenied. Stands in the trail of the year.
    """
    evidence = Evidence.objects.select_related("answer__assessment__city").get(pk=evidence_id)
    assessment = evidence.answer.assessment
    member = require_permission(by, assessment.city, Permission.CLEAR_ORIGINALS)
    if member.pk is None:
        raise PermissionDenied  # of the city itself: no right of a site administrator
    document = SupportingDocument.objects.select_for_update().get(pk=evidence.document_id)
    if not document.is_locked:
        raise ValidationError(
            _("Berkas asli dokumen ini tidak terkunci, atau sudah dibuka oleh orang lain."),
            code="not_locked",
        )
    document.cleared_at, document.cleared_by = at, by
    document.save(update_fields=["cleared_at", "cleared_by"])
    record(
        TrailEvent.ORIGINAL_CLEARED,
        assessment=assessment,
        answer=evidence.answer,
        by=by,
        at=at,
        detail=document.title,
    )
    return document


def remove_files_of(document: SupportingDocument) -> None:
    """Remove the original and its rendition once the transaction that took them back is done."""
    named = [(document.file.storage, document.file.name or "")] if document.file else []
    # By its name rather than its record: while it is made anew the file of before still lies there.
    rows = Rendition.objects.filter(document=document)
    named += [(row.file.storage, rendition_name(row, "")) for row in rows]

    def remove() -> None:
        for storage, name in named:
            storage.delete(name)

    # Robust: where the storage is away they stay, and a check finds them without an owner.
    transaction.on_commit(remove, robust=True)


def remove_unused(document: SupportingDocument) -> None:
    """Remove a document that was let go of, with its files; one that anything else names stays."""
    with suppress(ProtectedError), transaction.atomic():
        remove_files_of(document)
        document.delete()
