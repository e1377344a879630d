"""Photos of a facility and the files of its papers, kept as stored documents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from assessments.services.documents import (
    CheckedFile,
    DocumentFacts,
    files_or_nothing,
    require_new_in_city,
    store_in_city,
)
from assessments.services.renditions import remove_unused
from cities.models import CityTrailEvent, User
from cities.services.activity import NewEntry, record
from facilities.models import Credential, Facility, FacilityPhoto
from facilities.services.facilities import held_facility
from texts.identities import require_no_nik
from texts.languages import deed

MOST_PHOTOS = 12


def add_photo(
    *,
    facility_id: int,
    file: CheckedFile,
    caption: str,
    key: UUID | None = None,
    by: User,
    at: datetime,
) -> FacilityPhoto:
    """Store a photo of a facility; pages show its rendition, without the place it was taken.

    What came under a `key` of the phone before is not stored again: the photo of then comes back.
    Raises PermissionDenied, ValidationError (`not_a_photo`, `nik`, `too_many`, `already_stored`,
    `storage`) and leaves nothing behind.
    """
    with files_or_nothing() as stored, transaction.atomic():
        facility, _member = held_facility(facility_id, by=by)
        before = facility.photos.filter(key=key).first() if key else None
        if before is not None:
            return before
        require_photo(file)
        require_no_nik(caption)
        if facility.photos.count() >= MOST_PHOTOS:
            raise ValidationError(
                _("Paling banyak %(most)d foto setiap fasilitas. Hapus yang lama dahulu."),
                code="too_many",
                params={"most": MOST_PHOTOS},
            )
        document = store_file(
            facility, file, caption.strip() or facility.name, stored, by=by, at=at
        )
        photo = FacilityPhoto.objects.create(facility=facility, document=document, key=key)
        _record(facility, {}, {"file": document.title}, by=by, at=at)
        return photo


def file_credential(*, credential_id: int, file: CheckedFile, by: User, at: datetime) -> Credential:
    """Store the paper itself; one that was stored before gives way to it. Raises as `add_photo`."""
    facility_id = Credential.objects.values_list("facility", flat=True).get(pk=credential_id)
    with files_or_nothing() as stored, transaction.atomic():
        facility, _member = held_facility(facility_id, by=by)
        credential = facility.credentials.select_related("document").get(pk=credential_id)
        earlier = credential.document
        credential.document = store_file(facility, file, str(credential), stored, by=by, at=at)
        credential.save(update_fields=["document"])
        _record(facility, _named(earlier), _named(credential.document), by=by, at=at)
        if earlier is not None:
            remove_unused(earlier)
        return credential


@deed
def remove_photo(*, photo_id: int, by: User, at: datetime) -> None:
    """Take a photo out, with its file. Raises PermissionDenied."""
    facility_id = FacilityPhoto.objects.values_list("facility", flat=True).get(pk=photo_id)
    facility, _member = held_facility(facility_id, by=by)
    photo = facility.photos.select_related("document").get(pk=photo_id)
    _record(facility, _named(photo.document), {}, by=by, at=at)
    photo.delete()
    remove_unused(photo.document)


def require_photo(file: CheckedFile) -> None:
    """Raises ValidationError (`not_a_photo`)."""
    if not file.facts.media_type.startswith("image/"):
        raise ValidationError(_("Berkas ini bukan foto. Pilih JPG atau PNG."), code="not_a_photo")


def store_file(
    facility: Facility,
    file: CheckedFile,
    title: str,
    stored: list[SupportingDocument],
    *,
    by: User,
    at: datetime,
) -> SupportingDocument:
    """A file as a document of the facility's OPD. Raises ValidationError (`already_stored`, …)."""
    require_new_in_city(facility.city_id, file.facts.sha256, file.file.name or "")
    said = DocumentFacts(title=title[:200])
    return store_in_city(facility.city, file, said, facility.opd, stored, by=by, at=at)


def _named(document: SupportingDocument | None) -> dict[str, object]:
    return {"file": document.title if document else None}


def _record(
    facility: Facility,
    before: dict[str, object],
    after: dict[str, object],
    *,
    by: User,
    at: datetime,
) -> None:
    entry = NewEntry(CityTrailEvent.FACILITY_PHOTO, facility.name, before, after)
    record(entry, city=facility.city, by=by, at=at)
