"""Facilities with their papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facilities.choices import CredentialKind


@dataclass(frozen=True, slots=True)
class FacilityFact:
    """One thing that a facility is counted for; `counts` is null where nobody has looked."""

    label: str
    says: str
    counts: bool | None


@dataclass(frozen=True, slots=True)
class CertificateEntry:
    """A decree or certificate of a facility; `valid_until` is its last day, null without an end."""

    scheme: str
    title: str
    kind: CredentialKind
    level: str
    number: str
    issuer: str
    issued_on: date
    valid_until: date | None
    holds: bool
    monitoring_on: date | None
    people: int | None


@dataclass(frozen=True, slots=True)
class FacilityEntry:
    """A facility as of today, also one that is gone (`active_to`). `unit` is a code, as is `opd`."""

    id: int
    type: str
    type_name: str
    kind: str
    kind_name: str
    name: str
    code: str
    unit: str | None
    unit_name: str | None
    opd: str | None
    address: str
    contact: str
    provides: bool | None
    staff: int | None
    trained: int | None
    active_from: date | None
    active_to: date | None
    facts: list[FacilityFact]
    certificates: list[CertificateEntry]
