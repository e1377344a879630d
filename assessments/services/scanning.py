"""Nobody opens a file that a scanner has not found clean, where the site has a scanner.

A new file waits (`ScanState.WAITING`) and is scanned behind the request that stored it; what the
scanner could not answer goes on waiting and is asked again by the clock.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import IO, BinaryIO, cast
from uuid import UUID

from assessments import scanner
from assessments.choices import ScanState, TrailEvent
from assessments.models import Evidence, Rendition, SupportingDocument
from assessments.models.rendition import RenditionState
from assessments.services.activity import record
from assessments.services.document_counts import refresh_counts
from assessments.services.integrity import Damage, note_damaged
from assessments.services.notifications import tell_infected
from assessments.services.renditions import JOB as RENDITION_JOB
from assessments.services.years import hold
from jobs.running import ask
from texts.languages import deed

logger = logging.getLogger(__name__)

JOB = "assessments.jobs.scan_document"


class Outcome(StrEnum):
    """What came of asking about one document."""

    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"  # no answer about this one
    AWAY = "away"  # no answer about any
    GONE = "gone"  # taken back meanwhile


class _Hashed:
    """A file that is hashed while the scanner's client reads it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


def plan_scan(document: SupportingDocument) -> None:
    """Ask for the scan of one that waits for it, in the transaction that stores it."""
    if document.scan_state == ScanState.WAITING:
        ask(JOB, str(document.pk), at=document.uploaded_at)


def scan_document(document_id: UUID, *, at: datetime) -> Outcome:
    """Ask the scanner about one stored file. Without a clear answer everything stays as it was."""
    document = SupportingDocument.objects.exclude(file="").filter(pk=document_id).first()
    if document is None:
        return Outcome.GONE
    try:
        finding = _finding(document, at=at)
    except (scanner.ScannerError, OSError) as error:
        logger.warning(
            "Document %s could not be scanned, it stays as it is: %s", document_id, error
        )
        is_away = isinstance(error, scanner.ScannerAwayError)
        return Outcome.AWAY if is_away else Outcome.FAILED
    if finding:
        _quarantine(document, finding, at=at)
        return Outcome.INFECTED
    _release(document, at=at)
    return Outcome.CLEAN


def scan_waiting(*, at: datetime, everything: bool = False) -> Counter[Outcome]:
    """Scan what waits, oldest first; with `everything` each stored file once more.

    Ends early where the scanner is away. Returns how many came to which outcome.
    """
    documents = SupportingDocument.objects.exclude(file="").order_by("uploaded_at", "pk")
    if not everything:
        documents = documents.filter(scan_state=ScanState.WAITING)
    outcomes: Counter[Outcome] = Counter()
    for document_id in list(documents.values_list("pk", flat=True)):
        outcome = scan_document(document_id, at=at)
        outcomes[outcome] += 1
        if outcome == Outcome.AWAY:
            break
    return outcomes


def waiting_since() -> tuple[int, datetime | None]:
    """How many files wait for the scanner, and since when the first of them does."""
    stored = SupportingDocument.objects.exclude(file="")
    waiting = stored.filter(scan_state=ScanState.WAITING)
    moments = list(waiting.order_by("uploaded_at").values_list("uploaded_at", flat=True))
    return len(moments), moments[0] if moments else None


def _finding(document: SupportingDocument, *, at: datetime) -> str:
    """What the scanner found; "" only for the very content that was handed in."""
    try:
        with document.file.open("rb") as file:
            content = _Hashed(file)
            finding = scanner.scan(cast("BinaryIO", content))
    except FileNotFoundError:
        note_damaged(document, Damage.MISSING, at=at)
        raise
    if not finding and content.digest.hexdigest() != document.sha256:
        note_damaged(document, Damage.CONTENT, at=at)
        raise scanner.ScannerError("the stored file is not what was handed in")
    return finding


@deed
def _quarantine(document: SupportingDocument, finding: str, *, at: datetime) -> None:
    """Shut the document for everybody, and tell people, the trails and the operator of it, once."""
    _hold_years(document)
    sound = SupportingDocument.objects.filter(pk=document.pk).exclude(scan_state=ScanState.INFECTED)
    if not sound.update(scan_state=ScanState.INFECTED, scan_finding=finding[:100], scanned_at=at):
        return
    _recount(document)
    logger.error(
        "Document %s, handed in by user %s, is infected (%s); nobody can open it",
        document.pk,
        document.uploaded_by_id,
        finding,
    )
    for offer in _record(TrailEvent.DOCUMENT_INFECTED, document, finding, at=at):
        tell_infected(offer, assessment=offer.answer.assessment, at=at)


@deed
def _release(document: SupportingDocument, *, at: datetime) -> None:
    """Open the document for those who may; one that was thought infected is told of."""
    _hold_years(document)
    rows = SupportingDocument.objects.filter(pk=document.pk)
    before = rows.values_list("scan_state", flat=True).first()
    rows.update(scan_state=ScanState.CLEAN, scan_finding="", scanned_at=at)
    _recount(document)
    if before == ScanState.INFECTED:
        logger.warning("Document %s is no longer thought infected; it opens again", document.pk)
        _record(TrailEvent.DOCUMENT_RELEASED, document, "", at=at)
    if Rendition.objects.filter(document=document, state=RenditionState.PENDING).exists():
        ask(RENDITION_JOB, str(document.pk), at=at)


def _hold_years(document: SupportingDocument) -> None:
    offers = Evidence.objects.filter(document=document).order_by("answer__assessment")
    for assessment_id in list(offers.values_list("answer__assessment", flat=True).distinct()):
        hold(assessment_id)


def _recount(document: SupportingDocument) -> None:
    offers = Evidence.objects.filter(document=document)
    refresh_counts(list(offers.values_list("answer", flat=True)))


def _record(
    deed: TrailEvent, document: SupportingDocument, finding: str, *, at: datetime
) -> list[Evidence]:
    """Into the trail of each question, under the name of whoever handed the file in."""
    offers = Evidence.objects.filter(document=document).select_related(
        "answer__question", "answer__assessment__city", "document__uploaded_by"
    )
    found = list(offers.order_by("answer__assessment", "pk"))
    for offer in found:
        record(
            deed,
            assessment=offer.answer.assessment,
            answer=offer.answer,
            by=offer.document.uploaded_by,
            at=at,
            detail=offer.document.title,
            after={"document": str(document.pk), "finding": finding or "–"},
        )
    return found
