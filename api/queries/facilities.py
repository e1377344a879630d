"""Facilities, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.answers.facilities import (
    CertificateEntry,
    FacilityDetail,
    FacilityDocument,
    FacilityEntry,
    FacilityFact,
    UseEntry,
    VisitEntry,
)
from assessments.models import SupportingDocument
from cities.models import Membership
from facilities.choices import CredentialKind
from facilities.models import Credential, Facility, FacilityQuerySet, Visit
from facilities.queries.boards import facility_page, facts_of
from facilities.queries.standing import Standing, standings


def facilities_of(member: Membership) -> FacilityQuerySet:
    """Those that the member may see, also those that are gone; one query."""
    return Facility.objects.visible_to(member).select_related("unit", "opd")


def facility_entries(facilities: Sequence[Facility], day: date) -> list[FacilityEntry]:
    """As their pages show them on that day; two queries for any number."""
    return [_entry(one) for one in standings(facilities, day)]


def _entry(standing: Standing) -> FacilityEntry:
    one = standing.facility
    return FacilityEntry(
        id=one.pk,
        type=one.type,
        type_name=one.sort.title,
        kind=one.kind,
        kind_name=one.sort.kind_title(one.kind),
        name=one.name,
        code=one.code,
        unit=one.unit.code if one.unit else None,
        unit_name=one.unit.name if one.unit else None,
        opd=one.opd.code if one.opd else None,
        address=one.address,
        contact=one.contact,
        provides=one.provides,
        staff=one.staff,
        trained=one.trained,
        active_from=one.active_from,
        active_to=one.active_to,
        facts=[FacilityFact(fact.label, fact.says, fact.counts) for fact in facts_of(standing)],
        certificates=[_certificate(paper, standing.day) for paper in standing.papers],
    )


def _certificate(paper: Credential, day: date) -> CertificateEntry:
    return CertificateEntry(
        id=paper.pk,
        scheme=paper.scheme,
        title=paper.scheme_title,
        kind=CredentialKind(paper.kind),
        level=paper.level,
        number=paper.number,
        issuer=paper.issuer,
        issued_on=paper.issued_on,
        valid_until=paper.expires_on,
        holds=paper.holds_on(day),
        monitoring_on=paper.monitoring_on,
        people=paper.people,
    )


def facility_detail(facility: Facility, day: date) -> FacilityDetail:
    """What its page shows beside its documents and findings; the queries of `facility_page`."""
    page = facility_page(facility, day)
    return FacilityDetail(
        facility=_entry(page.standing),
        missing=page.missing,
        visits=[_visit(one) for one in page.visits],
        uses=[UseEntry(one.year, one.boys, one.girls, one.special) for one in page.uses],
    )


def _visit(visit: Visit) -> VisitEntry:
    return VisitEntry(
        id=visit.pk,
        checklist=visit.checklist,
        on=visit.on,
        score=visit.score,
        maximum=visit.maximum,
        missing=visit.missing,
        note=visit.note,
        findings=visit.found or 0,  # type: ignore[attr-defined]  # counted by `facility_page`
        latitude=visit.latitude,
        longitude=visit.longitude,
        by=visit.by.name,
    )


def facility_documents(facility: Facility, member: Membership) -> list[FacilityDocument]:
    """The files of its papers, then its photos, each the newest first; two queries, one more where
    any of them is sensitive."""
    papers = facility.credentials.exclude(document=None).select_related("document__rendition")
    found: list[tuple[SupportingDocument, Credential | None]] = [
        (paper.document, paper) for paper in papers if paper.document is not None
    ]
    found += [(one.document, None) for one in facility.photos.select_related("document__rendition")]
    openable = SupportingDocument.objects.openable_keys([one for one, _paper in found], member)
    return [
        FacilityDocument(
            id=document.pk,
            certificate=paper.pk if paper else None,
            title=str(paper) if paper else document.title,
            is_ready=document.preview is not None,
            is_openable=document.pk in openable,
        )
        for document, paper in found
    ]
