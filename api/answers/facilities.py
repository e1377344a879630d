"""Facilities with their papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

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

    id: int
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


@dataclass(frozen=True, slots=True)
class FacilityDocument:
    """A photo of a facility (`certificate` null), or the file of one of its certificates, by `id`.

    Its content is the picture or paper that pages show, never the original: ready once it is made.
    """

    id: UUID
    certificate: int | None
    title: str
    is_ready: bool
    is_openable: bool


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """What somebody found with a checklist; `missing` counts required items that are not met.

    `findings` are those recorded on it. Degrees are told where the phone was asked for its place.
    """

    id: int
    checklist: str
    on: date
    score: Decimal
    maximum: Decimal | None
    missing: int
    note: str
    findings: int
    latitude: Decimal | None
    longitude: Decimal | None
    by: str


@dataclass(frozen=True, slots=True)
class UseEntry:
    """How many children used a facility in a year; `special` of them need special protection."""

    year: int
    boys: int
    girls: int
    special: int


@dataclass(frozen=True, slots=True)
class FacilityDetail:
    """A facility with its ten newest visits, the required items that the newest did not find met,
    and its users of the five newest years."""

    facility: FacilityEntry
    missing: list[str]
    visits: list[VisitEntry]
    uses: list[UseEntry]


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """Something at a facility that is to be mended by a day.

    `facility` is null where the account may not open it: its OPD settles the finding alone. `opd`
    settles it; null where the facility does so itself. `photo_ready` is null without a photo.
    """

    id: int
    facility: int | None
    facility_name: str
    sentence: str
    spot: str
    found_on: date
    found_by: str
    on_visit: bool
    opd: str | None
    due_on: date
    is_late: bool
    closed_at: datetime | None
    closed_by: str | None
    done: str
    photo_ready: bool | None


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """A route of a field verification."""

    id: int
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class ReadyEntry:
    """One thing that is looked for at a stop, in words."""

    says: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class StopEntry:
    """A stop, in order: a facility by its id or a unit by its code. `receiver` is a post."""

    position: int
    facility: int | None
    unit: str | None
    name: str
    address: str
    contact: str
    receiver: str
    is_ready: bool
    ready: list[ReadyEntry]


@dataclass(frozen=True, slots=True)
class RouteDetail:
    """A route with what is ready at each of its stops today."""

    route: RouteEntry
    stops: list[StopEntry]
