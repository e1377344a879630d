"""Facilities, their papers and who uses them: recorded, changed, told in the city's trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import City, CityTrailEvent, Membership, Opd, User
from cities.permissions import lock_city, require_permission
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from facilities.choices import CredentialKind
from facilities.models import Credential, Facility, FacilityUse
from facilities.types import Scheme, catalogue
from figures.numbers import format_date
from territories.models import Unit
from texts.identities import require_no_nik
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """What is said of a facility; `type` and `kind` are codes of the catalogue."""

    type: str
    kind: str
    name: str
    code: str = ""
    unit: Unit | None = None
    opd: Opd | None = None
    address: str = ""
    contact: str = ""
    provides: bool | None = None
    staff: int | None = None
    trained: int | None = None
    active_from: date | None = None
    active_to: date | None = None


@dataclass(frozen=True, slots=True)
class CredentialFacts:
    """What a paper says. Without `expires_on` the scheme's own years count, where it has any."""

    scheme: str
    number: str
    issued_on: date
    level: str = ""
    issuer: str = ""
    expires_on: date | None = None
    monitoring_on: date | None = None
    people: int | None = None


@deed
def record_facility(*, city: City, facts: FacilityFacts, by: User, at: datetime) -> Facility:
    """Record a facility; an OPD records its own, the people of a unit what lies in it.

    Raises PermissionDenied, ValidationError (`unknown_type`, `nik`, `foreign`, and what the rows
    themselves refuse).
    """
    member = require_permission(by, city, Permission.MANAGE_FACILITIES)
    return add_facility(lock_city(city.pk), member, facts, at=at)


@deed
def change_facility(*, facility_id: int, facts: FacilityFacts, by: User, at: datetime) -> Facility:
    """Change what is said of a facility; its type stays. Raises as `record_facility` does."""
    facility, member = held_facility(facility_id, by=by)
    return rewrite_facility(facility, member, facts, at=at)


def held_facility(facility_id: int, *, by: User) -> tuple[Facility, Membership]:
    """The facility, its city held, and with which membership. Raises PermissionDenied."""
    city = City.objects.get(facilities=facility_id)
    member = require_permission(by, city, Permission.MANAGE_FACILITIES)
    if not Facility.objects.visible_to(member).filter(pk=facility_id).exists():
        raise PermissionDenied
    lock_city(city.pk)
    return Facility.objects.select_related("city", "unit", "opd").get(pk=facility_id), member


def add_facility(city: City, member: Membership, facts: FacilityFacts, *, at: datetime) -> Facility:
    """Write a new one; the city is held."""
    facility = Facility(city=city, at=at, by=member.user)
    facility.type, facility.kind = facts.type, facts.kind
    _write(facility, member, facts)
    after = said_of(facility)
    entry = NewEntry(CityTrailEvent.FACILITY_RECORDED, facility.name, {}, after)
    record(entry, city=city, by=member.user, at=at)
    return facility


def rewrite_facility(
    facility: Facility, member: Membership, facts: FacilityFacts, *, at: datetime
) -> Facility:
    """Write over one that is held; nothing is told where nothing differs."""
    before = said_of(facility)
    _write(facility, member, facts)
    after = said_of(facility)
    if before != after:
        entry = NewEntry(CityTrailEvent.FACILITY_CHANGED, facility.name, before, after)
        record(entry, city=facility.city, by=member.user, at=at)
    return facility


def _write(facility: Facility, member: Membership, facts: FacilityFacts) -> None:
    _require_own(member, facts)
    _require_known(facility)
    require_no_nik(f"{facts.name}\n{facts.address}\n{facts.contact}")
    for field in fields(facts):
        if field.name not in ("type", "kind"):
            setattr(facility, field.name, getattr(facts, field.name))
    facility.name = " ".join(facts.name.split())
    for owned in (facts.unit, facts.opd):
        if owned is not None and owned.city_id != facility.city_id:
            raise ValidationError(_lazy("Pilih wilayah dan OPD dari kota ini."), code="foreign")
    if not facility.sort.provides:
        facility.provides = None
    facility.full_clean()
    facility.save()


def _require_own(member: Membership, facts: FacilityFacts) -> None:
    """An OPD gives a facility to no other, the people of a unit to no other unit."""
    if member.may(Permission.VIEW_ASSESSMENT):
        return
    if member.opd_id is not None:
        is_own = facts.opd is not None and facts.opd.pk == member.opd_id
    else:
        units = Unit.objects.visible_to(member)
        is_own = facts.unit is not None and units.filter(pk=facts.unit.pk).exists()
    if not is_own:
        raise PermissionDenied


def _require_known(facility: Facility) -> None:
    found = catalogue().types.get(facility.type)
    kinds = [kind.code for kind in found.kinds] if found else []
    if found is None or (facility.kind not in kinds if kinds else facility.kind):
        raise ValidationError(_lazy("Jenis fasilitas ini tidak dikenal."), code="unknown_type")


def said_of(facility: Facility) -> dict[str, object]:
    """What the trail tells of it, under the keys of `CityActivity.LABELS`."""
    provides = {True: _("ya"), False: _("tidak"), None: None}[facility.provides]
    return {
        "kind": facility.sort_title,
        "name": facility.name,
        "code": facility.code or None,
        "unit": str(facility.unit) if facility.unit else None,
        "opd": str(facility.opd) if facility.opd else None,
        "address": facility.address or None,
        "contact": facility.contact or None,
        "provides": provides,
        "staff": _number(facility.staff),
        "trained": _number(facility.trained),
        "active_from": _day(facility.active_from),
        "active_to": _day(facility.active_to),
    }


# --- Papers -----------------------------------------------------------------------------------


@deed
def record_credential(
    *, facility_id: int, facts: CredentialFacts, by: User, at: datetime
) -> Credential:
    """Record a paper of a facility. The same paper again writes nothing.

    Raises PermissionDenied, ValidationError (`unknown_scheme`, `too_late`).
    """
    facility, member = held_facility(facility_id, by=by)
    return add_credential(facility, member, facts, at=at)


def add_credential(
    facility: Facility, member: Membership, facts: CredentialFacts, *, at: datetime
) -> Credential:
    """Write a new paper, or return the one that is there; the facility is held."""
    scheme = _scheme(facility, facts.scheme)
    known = facility.credentials.filter(
        scheme=facts.scheme, number=facts.number.strip(), issued_on=facts.issued_on
    ).first()
    if known is not None:
        return known
    credential = Credential(facility=facility, kind=scheme.kind, at=at, by=member.user)
    _fill(credential, facts, scheme)
    _record_paper(facility, {}, said_of_paper(credential), by=member.user, at=at)
    return credential


@deed
def change_credential(
    *, credential_id: int, facts: CredentialFacts, by: User, at: datetime
) -> Credential:
    """Put a paper right. Raises PermissionDenied, ValidationError as `record_credential` does."""
    facility_id = Credential.objects.values_list("facility", flat=True).get(pk=credential_id)
    facility, member = held_facility(facility_id, by=by)
    credential = facility.credentials.get(pk=credential_id)
    before, ended = said_of_paper(credential), credential.expires_on
    scheme = _scheme(facility, facts.scheme)
    credential.kind = scheme.kind
    _fill(credential, facts, scheme)
    if credential.expires_on != ended:
        Credential.objects.filter(pk=credential.pk).update(told=None)
    _record_paper(facility, before, said_of_paper(credential), by=member.user, at=at)
    return credential


@deed
def remove_credential(*, credential_id: int, by: User, at: datetime) -> None:
    """Take out a paper that was recorded by mistake; one that ended stays, with its end."""
    facility_id = Credential.objects.values_list("facility", flat=True).get(pk=credential_id)
    facility, member = held_facility(facility_id, by=by)
    credential = facility.credentials.get(pk=credential_id)
    _record_paper(facility, said_of_paper(credential), {}, by=member.user, at=at)
    credential.delete()


def _scheme(facility: Facility, code: str) -> Scheme:
    if code not in facility.sort.schemes:
        raise ValidationError(
            _lazy("Skema ini bukan untuk %(type)s."),
            code="unknown_scheme",
            params={"type": facility.sort.title},
        )
    return catalogue().schemes[code]


def _fill(credential: Credential, facts: CredentialFacts, scheme: Scheme) -> None:
    require_no_nik(f"{facts.level}\n{facts.issuer}")
    for field in fields(facts):
        setattr(credential, field.name, getattr(facts, field.name))
    credential.number = facts.number.strip()
    if facts.expires_on is None:
        credential.expires_on = proposed_end(scheme, facts.issued_on)
    if scheme.kind != CredentialKind.TRAINING:
        credential.people = None
    credential.full_clean(exclude=["document"])
    credential.save()


def proposed_end(scheme: Scheme, issued_on: date) -> date | None:
    """The same day as many years later as the scheme says; of 29 February the day before."""
    if scheme.valid_years is None:
        return None
    year = issued_on.year + scheme.valid_years
    leap = issued_on.month == 2 and issued_on.day == 29
    return issued_on.replace(year=year, day=28) if leap else issued_on.replace(year=year)


def said_of_paper(credential: Credential) -> dict[str, object]:
    return {
        "scheme": credential.scheme_title,
        "number": credential.number,
        "level": credential.level or None,
        "issuer": credential.issuer or None,
        "issued_on": _day(credential.issued_on),
        "expires_on": _day(credential.expires_on),
        "monitoring_on": _day(credential.monitoring_on),
        "people": _number(credential.people),
    }


def _record_paper(
    facility: Facility,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    by: User,
    at: datetime,
) -> None:
    if before != after:
        entry = NewEntry(CityTrailEvent.CREDENTIAL_CHANGED, facility.name, before, after)
        record(entry, city=facility.city, by=by, at=at)


# --- Users ------------------------------------------------------------------------------------


@deed
def record_use(
    *, facility_id: int, year: int, boys: int, girls: int, special: int, by: User, at: datetime
) -> FacilityUse:
    """Note how many children used a facility in a year; the number of before is written over."""
    facility, member = held_facility(facility_id, by=by)
    known = facility.uses.filter(year=year).first()
    use = known or FacilityUse(facility=facility, year=year)
    before = _of_use(use) if known else {}
    use.boys, use.girls, use.special = boys, girls, special
    use.full_clean()
    use.save()
    after = _of_use(use)
    if before != after:
        entry = NewEntry(CityTrailEvent.FACILITY_USED, f"{facility.name} {year}", before, after)
        record(entry, city=facility.city, by=member.user, at=at)
    return use


def _of_use(use: FacilityUse) -> dict[str, object]:
    return {name: str(getattr(use, name)) for name in ("boys", "girls", "special")}


def _day(day: date | None) -> str | None:
    return format_date(day) if day else None


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)
