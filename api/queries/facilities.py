"""Facilities, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.answers.facilities import CertificateEntry, FacilityEntry, FacilityFact
from cities.models import Membership
from facilities.choices import CredentialKind
from facilities.models import Credential, Facility, FacilityQuerySet
from facilities.queries.boards import facts_of
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
