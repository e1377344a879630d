"""Facilities of a sheet: read, looked at against what is recorded, then taken over; nothing twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cities.models import City, Membership, Opd, User
from cities.permissions import lock_city, require_permission
from cities.roles import Permission
from facilities.models import Credential, Facility, FacilityImport
from facilities.services.facilities import (
    CredentialFacts,
    FacilityFacts,
    add_credential,
    add_facility,
    change_credential,
    rewrite_facility,
)
from facilities.sheets import YES, SheetRow, read_rows, row_from
from figures.numbers import format_date
from territories.models import Unit
from texts.folding import folded
from workbooks.faults import UnreadableError

Identity = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the site and the sheet tell differently."""

    label: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row beside what is recorded of it; `refused` says why it can't be taken."""

    row: SheetRow
    known: Facility | None
    facts: FacilityFacts
    paper: CredentialFacts | None
    known_paper: Credential | None
    differences: tuple[Difference, ...] = ()
    refused: str = ""
    is_again: bool = False  # further rows of a facility that the sheet adds above

    @property
    def is_new(self) -> bool:
        return self.known is None and not self.is_again and not self.refused

    @property
    def brings_paper(self) -> bool:
        return self.paper is not None and self.known_paper is None and not self.refused


@dataclass(frozen=True, slots=True)
class Outcome:
    added: int
    changed: int
    papers: int


@dataclass(slots=True)
class _Known:
    """What a city has, to be found by what sheets call it."""

    facilities: dict[Identity, Facility]
    by_code: dict[tuple[str, str], Facility]
    units: dict[str, Unit]
    opds: dict[str, Opd]
    papers: dict[tuple[int, str, str, date], Credential]
    visible: set[int]
    units_visible: set[int]
    added: set[Identity] = field(default_factory=set)


@transaction.atomic
def keep_sheet(*, city: City, content: bytes, name: str, by: User, at: datetime) -> FacilityImport:
    """Read a sheet and keep it to be looked at; it takes the place of the person's one before.

    Raises PermissionDenied, ValidationError (`unreadable`).
    """
    require_permission(by, city, Permission.MANAGE_FACILITIES)
    try:
        rows, faults = read_rows(content, name)
    except UnreadableError as error:
        told = " ".join(str(fault) for fault in error.faults)
        raise ValidationError(told, code="unreadable") from error
    FacilityImport.objects.filter(city=city, by=by).delete()
    return FacilityImport.objects.create(
        city=city, rows=[asdict(row) for row in rows], faults=faults, at=at, by=by
    )


def preview_of(kept: FacilityImport, member: Membership) -> list[PreviewRow]:
    """How each row stands to what is recorded now; a fixed number of queries."""
    known = _known(kept.city_id, member)
    return [_preview(row_from(data), known, member) for data in kept.rows]


@transaction.atomic
def take_sheet(
    *, kept_id: int, city: City, lines: Collection[int], by: User, at: datetime
) -> Outcome:
    """Add what is new, and of what differs the `lines` that somebody ticked.

    What the sheet does not say, the site keeps. Raises PermissionDenied, ValidationError (`taken`
    where that was done already or a newer sheet took its place; and what a row itself refuses).
    """
    member = require_permission(by, city, Permission.MANAGE_FACILITIES)
    city = lock_city(city.pk)
    kept = FacilityImport.objects.filter(pk=kept_id, city=city, by=by, taken_at=None).first()
    if kept is None:
        raise ValidationError(
            _("Lembar ini sudah diambil atau diganti. Unggah lagi bila perlu."), code="taken"
        )
    made: dict[Identity, Facility] = {}
    added = changed = papers = 0
    for one in preview_of(kept, member):
        if one.refused:
            continue
        try:
            ticked = one.row.line in lines
            facility = one.known or made.get(_identity(one.facts))
            if facility is None:
                facility = made[_identity(one.facts)] = add_facility(city, member, one.facts, at=at)
                added += 1
            elif one.differences and ticked:
                _apply(one, facility, member, by=by, at=at)
                changed += 1
            if one.brings_paper and one.paper is not None:
                add_credential(facility, member, one.paper, at=at)
                papers += 1
        except ValidationError as error:
            message = _("Baris %(line)d: %(fault)s")
            raise ValidationError(
                message % {"line": one.row.line, "fault": " ".join(error.messages)}, code="row"
            ) from error
    kept.taken_at = at
    kept.save(update_fields=["taken_at"])
    return Outcome(added, changed, papers)


def _apply(
    one: PreviewRow, facility: Facility, member: Membership, *, by: User, at: datetime
) -> None:
    rewrite_facility(facility, member, one.facts, at=at)
    if one.paper is not None and one.known_paper is not None:
        change_credential(credential_id=one.known_paper.pk, facts=one.paper, by=by, at=at)


# --- Finding ----------------------------------------------------------------------------------


def _known(city_id: int, member: Membership) -> _Known:
    rows = Facility.objects.filter(city=city_id).select_related("city", "unit", "opd")
    facilities = list(rows)
    visible = Facility.objects.visible_to(member).values_list("pk", flat=True)
    units = list(Unit.objects.filter(city=city_id))
    opds: dict[str, Opd] = {}
    for opd in Opd.objects.filter(city=city_id):
        opds[opd.name.casefold()] = opds[opd.code.casefold()] = opd
    papers = Credential.objects.filter(facility__city=city_id)
    return _Known(
        facilities={_identity_of(one): one for one in facilities},
        by_code={(one.type, one.code): one for one in facilities if one.code},
        units={unit.code: unit for unit in units},
        opds=opds,
        papers={(one.facility_id, one.scheme, one.number, one.issued_on): one for one in papers},
        visible=set(visible),
        units_visible=set(Unit.objects.visible_to(member).values_list("pk", flat=True)),
    )


def _identity_of(one: Facility) -> Identity:
    return one.type, folded(one.name), one.unit.code if one.unit else ""


def _identity(facts: FacilityFacts) -> Identity:
    return facts.type, folded(facts.name), facts.unit.code if facts.unit else ""


def _preview(row: SheetRow, known: _Known, member: Membership) -> PreviewRow:
    """By its code, else by type, name and unit."""
    unit, opd = known.units.get(row.unit), known.opds.get(row.opd.casefold())
    said = _facts(row, unit, opd)
    if not row.opd and member.opd is not None:
        said = replace(said, opd=member.opd)
    found = known.by_code.get((row.type, row.code)) if row.code else None
    found = found or known.facilities.get(_identity(said))
    facts = _with_known(said, row, found) if found else said
    paper = _paper(row)
    known_paper = None
    if found and paper:
        place = (found.pk, paper.scheme, paper.number, paper.issued_on)
        known_paper = known.papers.get(place)
        paper = _paper_with_known(paper, row, known_paper)
    refused = "".join(list(_refusals(row, facts, found, known, member))[:1])
    identity = _identity(facts)
    is_again = found is None and identity in known.added
    if not refused:
        known.added.add(identity)
    return PreviewRow(
        row=row,
        known=found,
        facts=facts,
        paper=paper,
        known_paper=known_paper,
        differences=tuple(_differences(found, facts, known_paper, paper)) if found else (),
        refused=refused,
        is_again=is_again,
    )


def _refusals(
    row: SheetRow, facts: FacilityFacts, found: Facility | None, known: _Known, member: Membership
) -> Iterator[str]:
    if row.unit and facts.unit is None:
        yield _("kode wilayah tidak dikenal di kota ini")
    if row.opd and facts.opd is None:
        yield _("OPD tidak dikenal di kota ini; pakai kode atau namanya")
    if found is not None and found.pk not in known.visible:
        yield _("fasilitas ini bukan milik OPD atau wilayah Anda")
    if member.may(Permission.VIEW_ASSESSMENT):
        return
    if member.opd_id is not None and facts.opd is not None and facts.opd.pk != member.opd_id:
        yield _("OPD baris ini bukan OPD Anda")
    if member.opd_id is None and (facts.unit is None or facts.unit.pk not in known.units_visible):
        yield _("wilayah baris ini bukan wilayah Anda")


def _facts(row: SheetRow, unit: Unit | None, opd: Opd | None) -> FacilityFacts:
    return FacilityFacts(
        type=row.type,
        kind=row.kind,
        name=row.name,
        code=row.code,
        unit=unit,
        opd=opd,
        address=row.address,
        contact=row.contact,
        provides=row.provides == YES if row.provides else None,
        staff=int(row.staff) if row.staff else None,
        trained=int(row.trained) if row.trained else None,
        active_from=_day(row.active_from),
        active_to=_day(row.active_to),
    )


SAID = [
    "code",
    "address",
    "contact",
    "provides",
    "staff",
    "trained",
    "active_from",
    "active_to",
    "unit",
    "opd",
]


def _with_known(facts: FacilityFacts, row: SheetRow, found: Facility) -> FacilityFacts:
    """Of what the sheet does not say, what is known; type and kind stay."""
    unsaid = {name: getattr(found, name) for name in SAID if not getattr(row, name)}
    return replace(facts, type=found.type, kind=found.kind, **unsaid)


def _paper(row: SheetRow) -> CredentialFacts | None:
    issued_on = _day(row.issued_on)
    if issued_on is None:
        return None
    expires_on = _day(row.expires_on)
    return CredentialFacts(row.scheme, row.number, issued_on, row.level, expires_on=expires_on)


def _paper_with_known(
    paper: CredentialFacts, row: SheetRow, known: Credential | None
) -> CredentialFacts:
    if known is None:
        return paper
    return replace(
        paper,
        level=paper.level or known.level,
        expires_on=paper.expires_on or known.expires_on,
        issuer=known.issuer,
        monitoring_on=known.monitoring_on,
        people=known.people,
    )


def _differences(
    found: Facility,
    facts: FacilityFacts,
    known_paper: Credential | None,
    paper: CredentialFacts | None,
) -> Iterator[Difference]:
    labels = {
        field.name: str(field.verbose_name)
        for field in Facility._meta.fields
        if field.name in ("name", *SAID)
    }
    pairs = [(label, getattr(found, name), getattr(facts, name)) for name, label in labels.items()]
    if known_paper is not None and paper is not None:
        pairs.append((_("tingkat"), known_paper.level, paper.level))
        pairs.append((_("berlaku sampai"), known_paper.expires_on, paper.expires_on))
    for label, here, there in pairs:
        if here != there:
            yield Difference(label.capitalize(), _words(here), _words(there))


def _words(value: object) -> str:
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    return "–" if value in (None, "") else str(value)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def counts_of(rows: Sequence[PreviewRow]) -> dict[str, int]:
    """How many rows bring a facility, a paper, a difference, nothing, and how many are refused."""
    bringing = [one for one in rows if not one.refused]
    return {
        "new": sum(one.is_new for one in bringing),
        "papers": sum(one.brings_paper for one in bringing),
        "different": sum(bool(one.differences) for one in bringing),
        "refused": len(rows) - len(bringing),
    }
