"""Whether what is stored still is what was handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import Storage
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from cities.models import City

ROOT = "documents"
CHUNK = 1024 * 1024
BATCH = 500


class Damage(models.TextChoices):
    MISSING = "missing", _("hilang")
    UNREADABLE = "unreadable", _("tidak terbaca")
    SIZE = "size", _("berubah ukuran")
    CONTENT = "content", _("berubah isi")
    ORPHAN = "orphan", _("tanpa pemilik")


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

    A link of which no copy was kept has nothing to read. A file that no record names belongs to no city, so only the check of all looks for those.
    What people hand in or take back meanwhile is no damage: a missing or surplus file counts
    only while the records still say so at the end. At most three queries.
    """
    paths = set(_stored_paths(storage)) if city is None else set()
    documents = SupportingDocument.objects.exclude(file="").select_related("city").order_by("pk")
    if city is not None:
        documents = documents.filter(city=city)
    checked, findings = 0, []
    for document in documents.iterator(chunk_size=BATCH):
        checked += 1
        path = document.file.name or ""
        paths.discard(path)
        damage = _damage(document, storage)
        if damage is not None:
            findings.append(Finding(damage, path, f"{document.city}, “{document.title}”"))
    lasting = _still_recorded(documents, findings)
    return Checkup(checked, [*lasting, *_still_orphaned(paths, storage)])


def _damage(document: SupportingDocument, storage: Storage) -> Damage | None:
    digest, size = hashlib.sha256(), 0
    try:
        with storage.open(document.file.name or "", "rb") as file:
            while piece := file.read(CHUNK):
                digest.update(piece)
                size += len(piece)
    except FileNotFoundError:
        return Damage.MISSING
    except OSError:
        return Damage.UNREADABLE
    if size != document.size:
        return Damage.SIZE
    return None if digest.hexdigest() == document.sha256 else Damage.CONTENT


def _still_recorded(
    documents: QuerySet[SupportingDocument], findings: list[Finding]
) -> list[Finding]:
    """Without the files that were taken back, with their record, while we were reading."""
    if not any(finding.damage == Damage.MISSING for finding in findings):
        return findings
    recorded = set(documents.order_by().values_list("file", flat=True))
    return [finding for finding in findings if finding.path in recorded]


def _still_orphaned(paths: set[str], storage: Storage) -> list[Finding]:
    """Without the files whose record was written while we were reading."""
    if not paths:
        return []
    names = SupportingDocument.objects.values_list("file", flat=True)
    orphans = paths.difference(names.iterator(chunk_size=BATCH))
    return [Finding(Damage.ORPHAN, path) for path in sorted(orphans) if storage.exists(path)]


def _stored_paths(storage: Storage, folder: str = ROOT) -> Iterator[str]:
    """Every file below the folder, as records name them."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever handed in
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _stored_paths(storage, f"{folder}/{name}")
