"""Whether what is stored still is what was handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import Storage
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Rendition, SupportingDocument
from assessments.models.rendition import RenditionState, rendition_name
from cities.models import City

ROOT, SHOWN = "documents", "renditions"
CHUNK = 1024 * 1024
BATCH = 500


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
        set()
        if city is not None
        else {*_stored_paths(storage, ROOT), *_stored_paths(storage, SHOWN)}
    )
    checked, findings = 0, []
    for record in _records(city):
        checked += 1
        paths.discard(record.path)
        damage = _damage(record, storage)
        if damage is not None:
            findings.append(Finding(damage, record.path, record.about))
    lasting = _still_recorded(findings)
    return Checkup(checked, [*lasting, *_still_orphaned(paths, storage)])


@dataclass(frozen=True, slots=True)
class _Record:
    """What our records say of one stored file."""

    path: str
    size: int
    sha256: str
    about: str


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
        yield _Record(document.file.name or "", document.size, document.sha256, about)
    for shown in renditions.iterator(chunk_size=BATCH):
        about = _("%(city)s, pratinjau “%(title)s”") % {
            "city": shown.document.city,
            "title": shown.document.title,
        }
        yield _Record(shown.file.name or "", shown.size, shown.sha256, about)


def _damage(record: _Record, storage: Storage) -> Damage | None:
    digest, size = hashlib.sha256(), 0
    try:
        with storage.open(record.path, "rb") as file:
            while piece := file.read(CHUNK):
                digest.update(piece)
                size += len(piece)
    except FileNotFoundError:
        return Damage.MISSING
    except OSError:
        return Damage.UNREADABLE
    if size != record.size:
        return Damage.SIZE
    return None if digest.hexdigest() == record.sha256 else Damage.CONTENT


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


def _stored_paths(storage: Storage, folder: str) -> Iterator[str]:
    """Every file below the folder, as records name them."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever handed in
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _stored_paths(storage, f"{folder}/{name}")
