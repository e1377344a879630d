"""What is to be mended at facilities, as the interface tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.answers.facilities import FindingEntry
from cities.models import Membership
from facilities.models import Facility, Finding, FindingQuerySet, Visit


def findings_of(member: Membership) -> FindingQuerySet:
    """Those that the member may see, open and closed; one query."""
    related = ("facility", "opd", "by", "closed_by", "document__rendition")
    return Finding.objects.visible_to(member).select_related(*related)


def finding_entries(
    findings: Sequence[Finding], member: Membership, *, today: date
) -> list[FindingEntry]:
    """As their pages show them; two queries for any number."""
    near = Facility.objects.visible_to(member).filter(pk__in={one.facility_id for one in findings})
    may_open = set(near.values_list("pk", flat=True))
    keys = {one.visit_key for one in findings if one.visit_key}
    of_visits = set(Visit.objects.filter(key__in=keys).values_list("facility", "key"))
    return [
        FindingEntry(
            id=one.pk,
            facility=one.facility_id if one.facility_id in may_open else None,
            facility_name=one.facility.name,
            sentence=one.sentence,
            spot=one.spot,
            found_on=one.found_on,
            found_by=one.by.name,
            on_visit=(one.facility_id, one.visit_key) in of_visits,
            opd=one.opd.code if one.opd else None,
            due_on=one.due_on,
            is_late=one.is_late(today),
            closed_at=one.closed_at,
            closed_by=one.closed_by.name if one.closed_by else None,
            done=one.done,
            photo_ready=one.document.preview is not None if one.document else None,
        )
        for one in findings
    ]
