"""Stored documents that may be the paper of a decree or a commitment."""

from __future__ import annotations

from assessments.models import SupportingDocument
from cities.models import Membership
from texts.searching import found

MOST_FOUND = 8


def matching_documents(member: Membership, words: str) -> list[SupportingDocument]:
    """Stored documents of the city whose title or number has the words, the newest first."""
    if not words.strip():
        return []
    visible = SupportingDocument.objects.visible_to(member).filter(
        pk__in=SupportingDocument.objects.newest()
    )
    named = visible.filter(found(words, "title", "number")).select_related("city")
    return list(named.order_by("-uploaded_at")[:MOST_FOUND])
