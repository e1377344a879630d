"""Naming the stored document behind a decree or a commitment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from cities.models import CityTrailEvent, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from taskforce.models import Commitment, Decree
from texts.languages import deed


@deed
def file_paper(
    *, paper_of: Decree | Commitment, document_id: UUID | None, by: User, at: datetime
) -> None:
    """Say which stored document is its signed paper; None takes it away, the document stays.

    Raises ValidationError (`foreign`) for a document of another city.
    """
    city = held_city(paper_of.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    document = None
    if document_id is not None:
        document = SupportingDocument.objects.filter(pk=document_id, city=city).first()
        if document is None:
            raise ValidationError(
                _("Dokumen itu tidak ditemukan di kota ini. Pilih dari daftar."), code="foreign"
            )
    before = str(paper_of.document or "") or None
    paper_of.document = document
    paper_of.save(update_fields=["document"])
    is_decree = isinstance(paper_of, Decree)
    deed = CityTrailEvent.DECREE_CHANGED if is_decree else CityTrailEvent.COMMITMENT_CHANGED
    after = None if document is None else str(document)
    record(
        NewEntry(deed, str(paper_of), {"file": before}, {"file": after}), city=city, by=by, at=at
    )
