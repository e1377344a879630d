"""Facilities of a sheet beside what is recorded of them, and how they are taken over; nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cities.models import Membership, Opd
from cities.roles import Permission
from facilities.models import Credential, Facility
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
from imports.lines import Difference, Line, Standing
from imports.models import StagedImport
from imports.services.staged import Confirmed, ImportKind, Reading
from territories.models import Unit
from texts.folding import folded

Identity = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SheetItem:
    """What a line is about: a facility, or a paper of it where `paper` is there."""

    row: SheetRow
    facts: FacilityFacts
    known: Facility | None
    paper: CredentialFacts | None = None
    known_paper: Credential | None = None


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


def read_sheet(content: bytes, name: str) -> Reading:
    """Raises UnreadableError."""
    rows, faults = read_rows(content, name)
    return Reading([asdict(row) for row in rows], faults)


def _lines(staged: StagedImport, member: Membership) -> Iterator[Line]:
    """A line for each facility and for each of its papers; a fixed number of queries."""
    known = _known(staged.city_id, member)
    for data in staged.rows:
        yield from _lines_of(row_from(data), known, member)


def _take(confirmed: Confirmed) -> None:
    """What the sheet does not say, the site keeps. Raises ValidationError (`row`) with the line."""
    made: dict[Identity, Facility] = {}
    for line in confirmed.lines:
        try:
            _take_item(line.item, made, confirmed)
        except ValidationError as error:
            facts = {"line": line.item.row.line, "fault": " ".join(error.messages)}
            message = _("Baris %(line)d: %(fault)s")
            raise ValidationError(message % facts, code="row") from error


def _take_item(item: SheetItem, made: dict[Identity, Facility], confirmed: Confirmed) -> None:
    member, at = confirmed.member, confirmed.at
    if item.paper is None and item.known is None:
        identity = _identity(item.facts)
        made[identity] = add_facility(confirmed.city, member, item.facts, at=at)
    elif item.paper is None and item.known is not None:
        rewrite_facility(item.known, member, item.facts, at=at)
    elif item.paper is not None and item.known_paper is not None:
        key = item.known_paper.pk
        change_credential(credential_id=key, facts=item.paper, by=confirmed.by, at=at)
    elif item.paper is not None:
        facility = item.known or made[_identity(item.facts)]
        add_credential(facility, member, item.paper, at=at)


FACILITIES = ImportKind("facilities", Permission.MANAGE_FACILITIES, _lines, _take)


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


def _lines_of(row: SheetRow, known: _Known, member: Membership) -> Iterator[Line]:
    """By its code, else by type, name and unit."""
    unit, opd = known.units.get(row.unit), known.opds.get(row.opd.casefold())
    said = _facts(row, unit, opd)
    if not row.opd and member.opd is not None:
        said = replace(said, opd=member.opd)
    found = known.by_code.get((row.type, row.code)) if row.code else None
    found = found or known.facilities.get(_identity(said))
    facts = _with_known(said, row, found) if found else said
    key = str(row.line)
    refused = next(_refusals(row, facts, found, known, member), "")
    if refused:
        name = _("Baris %(line)d, %(name)s") % {"line": row.line, "name": row.name}
        yield Line(key, name, Standing.REFUSED, note=refused)
        return
    identity = _identity(facts)
    item = SheetItem(row, facts, found)
    if found is not None:
        different = _differences(found, facts)
        yield Line(key, str(found), _standing(different), different, item=item)
    elif identity not in known.added:
        name = f"{row.name}, {facts.unit.name}" if facts.unit else row.name
        yield Line(key, name, Standing.NEW, item=item)
    known.added.add(identity)
    if paper := _paper(row):
        yield _paper_line(replace(item, paper=paper), paper, known)


def _paper_line(item: SheetItem, paper: CredentialFacts, known: _Known) -> Line:
    key = f"{item.row.line}-surat"
    name = f"{item.row.name}: {paper.number}, {format_date(paper.issued_on)}"
    place = (item.known.pk if item.known else 0, paper.scheme, paper.number, paper.issued_on)
    stored = known.papers.get(place)
    if stored is None:
        return Line(key, name, Standing.NEW, item=item)
    told = _paper_with_known(paper, stored)
    pairs = [
        (_("Tingkat"), stored.level, told.level),
        (_("Berlaku sampai"), stored.expires_on, told.expires_on),
    ]
    different = _differing(pairs)
    item = replace(item, paper=told, known_paper=stored)
    return Line(key, name, _standing(different), different, item=item)


def _standing(different: list[Difference]) -> Standing:
    return Standing.CONFLICT if different else Standing.SAME


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


def _paper_with_known(paper: CredentialFacts, known: Credential) -> CredentialFacts:
    return replace(
        paper,
        level=paper.level or known.level,
        expires_on=paper.expires_on or known.expires_on,
        issuer=known.issuer,
        monitoring_on=known.monitoring_on,
        people=known.people,
    )


def _differences(found: Facility, facts: FacilityFacts) -> list[Difference]:
    labels = {
        field.name: str(field.verbose_name)
        for field in Facility._meta.fields
        if field.name in ("name", *SAID)
    }
    return _differing(
        (label.capitalize(), getattr(found, name), getattr(facts, name))
        for name, label in labels.items()
    )


def _differing(triples: Iterable[tuple[str, object, object]]) -> list[Difference]:
    return [
        Difference(label, _words(here), _words(there))
        for label, here, there in triples
        if here != there
    ]


def _words(value: object) -> str:
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    return "–" if value in (None, "") else str(value)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
