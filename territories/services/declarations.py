"""Declarations and decrees of kecamatan, kelurahan and desa, with their papers and photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from assessments.services.documents import (
    CheckedFile,
    DocumentFacts,
    files_or_nothing,
    require_new_in_city,
    store_in_city,
)
from assessments.services.renditions import remove_unused
from cities.models import CityTrailEvent, User
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from figures.numbers import format_date
from territories.choices import DeclarationKind
from territories.models import Declaration, DeclarationFile, Unit
from territories.services.units import held_unit
from texts.identities import require_no_nik
from texts.languages import deed

MOST_FILES = 12


@dataclass(frozen=True, slots=True)
class DeclarationFacts:
    kind: DeclarationKind
    on: date
    number: str = ""
    place: str = ""
    signatories: str = ""


def record_declaration(
    *,
    unit_id: int,
    facts: DeclarationFacts,
    files: Sequence[CheckedFile] = (),
    by: User,
    at: datetime,
) -> Declaration:
    """Record that a unit was declared or decreed, with its files; all of it or nothing.

    Raises PermissionDenied, ValidationError (`nik`, `too_early`, `too_late`, `too_many`,
    `already_stored`, `storage`, and what the model refuses: the same one twice, a decree without
    its number).
    """
    with files_or_nothing() as stored, transaction.atomic():
        unit = held_unit(unit_id, Permission.MANAGE_UNIT_PAPERS, by=by)
        declaration = Declaration(unit=unit, by=by, at=at)
        _fill(declaration, facts, at=at)
        _file(declaration, files, stored, by=by, at=at)
        _record(unit, {}, _told(declaration), by=by, at=at)
        return declaration


def change_declaration(
    *,
    declaration_id: int,
    facts: DeclarationFacts,
    files: Sequence[CheckedFile] = (),
    by: User,
    at: datetime,
) -> Declaration:
    """Put a declaration right and add files to it. Raises as `record_declaration` does."""
    with files_or_nothing() as stored, transaction.atomic():
        declaration = _held(declaration_id, by=by)
        before = _told(declaration)
        _fill(declaration, facts, at=at)
        _file(declaration, files, stored, by=by, at=at)
        after = _told(declaration)
        if before != after:
            _record(declaration.unit, before, after, by=by, at=at)
        return declaration


@deed
def remove_declaration(*, declaration_id: int, by: User, at: datetime) -> None:
    """Take out one that was recorded by mistake, with its files. Raises PermissionDenied."""
    declaration = _held(declaration_id, by=by)
    _record(declaration.unit, _told(declaration), {}, by=by, at=at)
    documents = [file.document for file in declaration.files.select_related("document")]
    declaration.delete()
    for document in documents:
        remove_unused(document)


@deed
def remove_declaration_file(*, file_id: int, by: User, at: datetime) -> None:
    """Take one file out of a declaration. Raises PermissionDenied."""
    declaration_id = DeclarationFile.objects.values_list("declaration", flat=True).get(pk=file_id)
    declaration = _held(declaration_id, by=by)
    file = declaration.files.select_related("document").get(pk=file_id)
    before = _told(declaration)
    file.delete()
    remove_unused(file.document)
    _record(declaration.unit, before, _told(declaration), by=by, at=at)


def _held(declaration_id: int, *, by: User) -> Declaration:
    unit_id = Declaration.objects.values_list("unit", flat=True).get(pk=declaration_id)
    unit = held_unit(unit_id, Permission.MANAGE_UNIT_PAPERS, by=by)
    declaration = Declaration.objects.get(pk=declaration_id)
    declaration.unit = unit
    return declaration


def _fill(declaration: Declaration, facts: DeclarationFacts, *, at: datetime) -> None:
    unit = declaration.unit
    require_no_nik(f"{facts.place}\n{facts.signatories}")
    if unit.active_from and facts.on < unit.active_from:
        raise ValidationError(
            _("%(unit)s baru ada sejak %(day)s. Periksa tanggalnya."),
            code="too_early",
            params={"unit": unit.name, "day": format_date(unit.active_from)},
        )
    if facts.on > at.astimezone(unit.city.zone).date():
        raise ValidationError(
            _("Tanggal ini belum tiba. Catat sesudah dicanangkan atau ditetapkan."),
            code="too_late",
        )
    for field in fields(facts):
        value = getattr(facts, field.name)
        setattr(declaration, field.name, value.strip() if isinstance(value, str) else value)
    declaration.full_clean()
    declaration.save()


def _file(
    declaration: Declaration,
    files: Sequence[CheckedFile],
    stored: list[SupportingDocument],
    *,
    by: User,
    at: datetime,
) -> None:
    if declaration.files.count() + len(files) > MOST_FILES:
        raise ValidationError(
            _("Paling banyak %(most)d berkas setiap pencanangan. Hapus yang lama dahulu."),
            code="too_many",
            params={"most": MOST_FILES},
        )
    unit = declaration.unit
    said = DocumentFacts(title=f"{declaration}, {unit.name}"[:200], issued_on=declaration.on)
    for file in files:
        require_new_in_city(unit.city_id, file.facts.sha256, file.file.name or "")
        document = store_in_city(unit.city, file, said, None, stored, by=by, at=at)
        DeclarationFile.objects.create(declaration=declaration, document=document)


def _told(declaration: Declaration) -> dict[str, object]:
    return {
        "kind": DeclarationKind(declaration.kind).label,
        "on": format_date(declaration.on),
        "number": declaration.number or None,
        "place": declaration.place or None,
        "signatories": declaration.signatories or None,
        "files": str(declaration.files.count()),
    }


def _record(
    unit: Unit,
    before: dict[str, object],
    after: dict[str, object],
    *,
    by: User,
    at: datetime,
) -> None:
    entry = NewEntry(CityTrailEvent.UNIT_DECLARED, unit.name, before, after)
    record(entry, city=unit.city, by=by, at=at)
