"""Whether what is stored still is what was handed in."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from django.core.files.storage import Storage
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Rendition, SupportingDocument
from assessments.models.rendition import ANEW, RenditionState, rendition_name
from cities.models import City

logger = logging.getLogger(__name__)

ROOT, SHOWN = "documents", "renditions"
CHUNK = 1024 * 1024
BATCH = 500
# Up to here a file is read once more before its first byte leaves, in bytes: at 400 MB/s or more
# that takes a sixth of a second. Larger ones are compared on the way out.
WHOLE_FIRST = 64 * 1024 * 1024


class Damage(models.TextChoices):
    MISSING = "missing", gettext_lazy("hilang")
    UNREADABLE = "unreadable", gettext_lazy("tidak terbaca")
    SIZE = "size", gettext_lazy("berubah ukuran")
    CONTENT = "content", gettext_lazy("berubah isi")
    ORPHAN = "orphan", gettext_lazy("tanpa pemilik")


@dataclass(frozen=True, slots=True)
class Finding:
    """One file that is not as it should be; `about` names the document and its city."""

    damage: Damage
    path: str
    about: str = ""
    document: UUID | None = None
    is_rendition: bool = False


class DamagedError(Exception):
    """A file turned out to be damaged while it was sent; the answer must not end well."""


@dataclass(frozen=True, slots=True)
class Checkup:
    checked: int
    findings: list[Finding]


def check_documents(*, storage: Storage, city: City | None = None) -> Checkup:
    """Read every stored file of the city, or of all, and compare it with its record.

    Originals and renditions alike; a link without a copy has nothing to compare. A file that
    no record names belongs to no city, so only the check of all looks for those. What people
    hand in or take back meanwhile is no damage: a missing or surplus file counts only while
    the records still say so at the end. At most six queries.
    """
    paths = (
        set() if city is not None else {*stored_paths(storage, ROOT), *stored_paths(storage, SHOWN)}
    )
    checked, findings = 0, []
    for record in _records(city):
        checked += 1
        paths.discard(record.path)
        damage = _damage(record, storage)
        if damage is not None:
            findings.append(
                Finding(damage, record.path, record.about, record.document, record.is_rendition)
            )
    lasting = _still_recorded(findings)
    return Checkup(checked, [*lasting, *_still_orphaned(paths, storage)])


@dataclass(frozen=True, slots=True)
class _Record:
    """What our records say of one stored file."""

    path: str
    size: int
    sha256: str
    about: str
    document: UUID
    is_rendition: bool


def _records(city: City | None) -> Iterator[_Record]:
    documents = SupportingDocument.objects.exclude(file="").select_related("city").order_by("pk")
    renditions = (
        Rendition.objects.exclude(file="").select_related("document__city").order_by("document")
    )
    if city is not None:
        documents = documents.filter(city=city)
        renditions = renditions.filter(document__city=city)
    for document in documents.iterator(chunk_size=BATCH):
        about = f"{document.city}, “{document.title}”"
        name = document.file.name or ""
        yield _Record(name, document.size, document.sha256, about, document.pk, False)
    for shown in renditions.iterator(chunk_size=BATCH):
        about = _("%(city)s, pratinjau “%(title)s”") % {
            "city": shown.document.city,
            "title": shown.document.title,
        }
        name = shown.file.name or ""
        yield _Record(name, shown.size, shown.sha256, about, shown.document_id, True)


def _damage(record: _Record, storage: Storage) -> Damage | None:
    try:
        with storage.open(record.path, "rb") as file:
            return damage_in(file, size=record.size, sha256=record.sha256)
    except FileNotFoundError:
        return Damage.MISSING
    except OSError:
        return Damage.UNREADABLE


def damage_in(file: IO[bytes], *, size: int, sha256: str) -> Damage | None:
    """What is wrong with the content of an open file, which then stands at its beginning again."""
    digest, found = hashlib.sha256(), 0
    try:
        while piece := file.read(CHUNK):
            digest.update(piece)
            found += len(piece)
        file.seek(0)
    except OSError:
        return Damage.UNREADABLE
    if found != size:
        return Damage.SIZE
    return None if digest.hexdigest() == sha256 else Damage.CONTENT


def checked_pieces(
    file: IO[bytes], document: SupportingDocument, *, at: datetime
) -> Iterator[bytes]:
    """The content in pieces, of which the last leaves only when the whole was right.

    Raises DamagedError instead, so that the receiver sees a download that broke off.
    """
    digest, held = hashlib.sha256(), b""
    with file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            if held:
                yield held
            held = piece
    if digest.hexdigest() != document.sha256:
        note_damaged(document, Damage.CONTENT, at=at)
        raise DamagedError(document.file.name)
    yield held


def note_damaged(document: SupportingDocument, damage: Damage, *, at: datetime) -> None:
    """Mark the document for people and tell the operator; the first moment stays."""
    logger.error(
        "The file %s of document %s is damaged (%s); bring it back from a backup",
        document.file.name,
        document.pk,
        damage.value,
    )
    SupportingDocument.objects.filter(pk=document.pk, damaged_since=None).update(damaged_since=at)


def note_whole(documents: models.QuerySet[SupportingDocument]) -> None:
    """Take the mark back from documents whose file is right again, and show them anew."""
    keys = list(documents.exclude(damaged_since=None).values_list("pk", flat=True))
    if keys:
        SupportingDocument.objects.filter(pk__in=keys).update(damaged_since=None)
        failed = Rendition.objects.filter(document__in=keys, state=RenditionState.FAILED)
        failed.update(**ANEW)


def note_checkup(checkup: Checkup, *, city: City | None = None, at: datetime) -> None:
    """Mark what a check found damaged, have such renditions made anew, unmark what is whole."""
    originals = [one.document for one in checkup.findings if one.document and not one.is_rendition]
    renditions = [one.document for one in checkup.findings if one.document and one.is_rendition]
    looked_at = SupportingDocument.objects.filter(uploaded_at__lte=at)
    if city is not None:
        looked_at = looked_at.filter(city=city)
    for start in range(0, len(originals), BATCH):
        found = looked_at.filter(pk__in=originals[start : start + BATCH], damaged_since=None)
        found.update(damaged_since=at)
    for start in range(0, len(renditions), BATCH):
        batch = renditions[start : start + BATCH]
        Rendition.objects.filter(document__in=batch, state=RenditionState.READY).update(**ANEW)
    marked = set(looked_at.exclude(damaged_since=None).values_list("pk", flat=True))
    note_whole(looked_at.filter(pk__in=marked.difference(originals)))


def _recorded() -> Iterator[str]:
    originals = SupportingDocument.objects.order_by().values_list("file", flat=True)
    yield from originals.iterator(chunk_size=BATCH)
    for shown in Rendition.objects.order_by().only("file", "state", "document").iterator(BATCH):
        # While it is made anew the file of before still lies there, to be written over.
        is_pending = shown.state == RenditionState.PENDING
        yield rendition_name(shown, "") if is_pending else shown.file.name or ""


def _still_recorded(findings: list[Finding]) -> list[Finding]:
    """Without the files that were taken back, with their record, while we were reading."""
    if not any(finding.damage == Damage.MISSING for finding in findings):
        return findings
    recorded = set(_recorded())
    return [finding for finding in findings if finding.path in recorded]


def _still_orphaned(paths: set[str], storage: Storage) -> list[Finding]:
    """Without the files whose record was written while we were reading."""
    if not paths:
        return []
    orphans = paths.difference(_recorded())
    return [Finding(Damage.ORPHAN, path) for path in sorted(orphans) if storage.exists(path)]


def stored_paths(storage: Storage, folder: str) -> Iterator[str]:
    """Every file below the folder, as records name them."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever handed in
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from stored_paths(storage, f"{folder}/{name}")
