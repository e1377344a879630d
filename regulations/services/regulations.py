"""Recording, changing, relating and removing regulations, and what they are about.

Every service holds the city and leaves an entry in its trail.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assessments.models import SupportingDocument
from cities.models import City, CityTrailEvent, Opd, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from clusters.models import Instrument, Question
from figures.numbers import format_date
from regulations.choices import RegulationKind, RelationKind
from regulations.models import Coverage, Regulation, Relation
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class RegulationFacts:
    """What a regulation says of itself. Dates may be missing; a draft is no regulation yet."""

    kind: str
    number: str
    year: int
    title: str
    is_draft: bool = False
    signed_on: date | None = None
    promulgated_on: date | None = None
    effective_on: date | None = None
    ends_on: date | None = None
    signatory: str = ""
    initiator: Opd | None = None
    address: str = ""
    jdih_id: str = ""


@deed
def record_regulation(*, city: City, facts: RegulationFacts, by: User, at: datetime) -> Regulation:
    """Add a regulation. Raises ValidationError where one of that kind, number and year exists."""
    city = held_city(city, by=by, permission=Permission.MANAGE_REGULATIONS)
    return add_regulation(city, facts, by=by, at=at)


def add_regulation(city: City, facts: RegulationFacts, *, by: User, at: datetime) -> Regulation:
    """The part of `record_regulation` after its question was asked; the city is held."""
    _require_own_opd(city, facts.initiator)
    regulation = Regulation(city=city, at=at, by=by)
    _write(regulation, facts)
    entry = NewEntry(
        CityTrailEvent.REGULATION_RECORDED, str(regulation), after=_of_regulation(regulation)
    )
    record(entry, city=city, by=by, at=at)
    return regulation


@deed
def change_regulation(
    *, regulation: Regulation, facts: RegulationFacts, by: User, at: datetime
) -> Regulation:
    """Correct what is recorded. Raises ValidationError as `record_regulation` does."""
    city = held_city(regulation.city, by=by, permission=Permission.MANAGE_REGULATIONS)
    return rewrite_regulation(_again(regulation), city, facts, by=by, at=at)


def rewrite_regulation(
    regulation: Regulation, city: City, facts: RegulationFacts, *, by: User, at: datetime
) -> Regulation:
    """The part of `change_regulation` after its question was asked; the city is held."""
    _require_own_opd(city, facts.initiator)
    target, before = str(regulation), _of_regulation(regulation)
    _write(regulation, facts)
    after = _of_regulation(regulation)
    if before != after:
        entry = NewEntry(CityTrailEvent.REGULATION_CHANGED, target, before, after)
        record(entry, city=city, by=by, at=at)
    return regulation


@deed
def remove_regulation(*, regulation: Regulation, by: User, at: datetime) -> None:
    """Take one out that was recorded by mistake; one that no longer holds is revoked instead.

    Raises ValidationError (`related`) while another regulation refers to it.
    """
    city = held_city(regulation.city, by=by, permission=Permission.MANAGE_REGULATIONS)
    regulation = _again(regulation)
    others = [relation.source for relation in regulation.relations_to_it.select_related("source")]
    if others:
        raise ValidationError(
            _lazy("%(others)s merujuk produk hukum ini. Hapus hubungannya lebih dahulu."),
            code="related",
            params={"others": ", ".join(map(str, others))},
        )
    entry = NewEntry(
        CityTrailEvent.REGULATION_REMOVED, str(regulation), before=_of_regulation(regulation)
    )
    record(entry, city=city, by=by, at=at)
    regulation.delete()


@deed
def relate(
    *, source: Regulation, target: Regulation, kind: RelationKind, by: User, at: datetime
) -> Relation:
    """Record what `source` does to `target`.

    Raises ValidationError (`foreign`, `in_circle`; or if it is recorded already).
    """
    city = held_city(source.city, by=by, permission=Permission.MANAGE_REGULATIONS)
    source, target = _again(source), _again(target)
    if target.city_id != source.city_id:
        raise ValidationError(
            _lazy("Hanya produk hukum kota yang sama dapat dihubungkan."), code="foreign"
        )
    if Relation.objects.filter(source=target, target=source, kind=kind).exists():
        raise ValidationError(
            _lazy(
                "%(target)s sudah tercatat %(verb)s %(source)s. Hapus hubungan itu lebih dahulu."
            ),
            code="in_circle",
            params={"target": target, "source": source, "verb": kind.label},
        )
    relation = Relation(source=source, target=target, kind=kind)
    relation.full_clean()
    relation.save()
    entry = NewEntry(
        CityTrailEvent.REGULATION_RELATED, str(source), after={"relation": _words(relation)}
    )
    record(entry, city=city, by=by, at=at)
    return relation


@deed
def unrelate(*, relation: Relation, by: User, at: datetime) -> None:
    city = held_city(relation.source.city, by=by, permission=Permission.MANAGE_REGULATIONS)
    found = Relation.objects.select_related("source", "target").filter(pk=relation.pk).first()
    if found is None:
        return
    entry = NewEntry(
        CityTrailEvent.REGULATION_RELATED, str(found.source), before={"relation": _words(found)}
    )
    record(entry, city=city, by=by, at=at)
    found.delete()


@deed
def cover(
    *,
    regulation: Regulation,
    instrument: Instrument,
    codes: Collection[str],
    by: User,
    at: datetime,
) -> None:
    """Say which questions of an instrument a regulation is about: these and no others of it."""
    city = held_city(regulation.city, by=by, permission=Permission.MANAGE_REGULATIONS)
    cover_with(_again(regulation), instrument, codes, city=city, by=by, at=at)


def cover_with(
    regulation: Regulation,
    instrument: Instrument,
    codes: Collection[str],
    *,
    city: City,
    by: User,
    at: datetime,
) -> None:
    """The part of `cover` after its question was asked; the city is held."""
    before = _topics(regulation)
    of_instrument = Question.objects.filter(indicator__cluster__instrument=instrument)
    wanted = of_instrument.filter(code__in=codes)
    regulation.coverages.filter(question__in=of_instrument).exclude(question__in=wanted).delete()
    known = regulation.coverages.values("question")
    Coverage.objects.bulk_create(
        Coverage(regulation=regulation, question=question)
        for question in wanted.exclude(pk__in=known)
    )
    after = _topics(regulation)
    if before != after:
        entry = NewEntry(
            CityTrailEvent.REGULATION_CHANGED,
            str(regulation),
            {"topics": before},
            {"topics": after},
        )
        record(entry, city=city, by=by, at=at)


@deed
def file_regulation(
    *, regulation: Regulation, document_id: UUID | None, by: User, at: datetime
) -> Regulation:
    """Say which stored document is its text; None takes it away. The document stays where it is.

    Raises ValidationError (`foreign`) for a document of another city.
    """
    city = held_city(regulation.city, by=by, permission=Permission.MANAGE_REGULATIONS)
    regulation = _again(regulation)
    document = None
    if document_id is not None:
        document = SupportingDocument.objects.filter(pk=document_id, city=city).first()
        if document is None:
            raise ValidationError(
                _lazy("Dokumen itu tidak ditemukan di kota ini. Pilih dari daftar."), code="foreign"
            )
    before = str(regulation.document or "") or None
    regulation.document = document
    regulation.save(update_fields=["document"])
    after = None if document is None else str(document)
    entry = NewEntry(
        CityTrailEvent.REGULATION_CHANGED, str(regulation), {"file": before}, {"file": after}
    )
    record(entry, city=city, by=by, at=at)
    return regulation


def _again(regulation: Regulation) -> Regulation:
    """The row as it is now that the city is held. Raises ValidationError (`removed`)."""
    found = Regulation.objects.select_related("city", "document").filter(pk=regulation.pk).first()
    if found is None:
        raise ValidationError(_lazy("Produk hukum ini sudah dihapus."), code="removed")
    return found


def _require_own_opd(city: City, opd: Opd | None) -> None:
    if opd is not None and opd.city_id != city.pk:
        raise ValidationError(_lazy("Pemrakarsa harus OPD kota ini."), code="foreign")


def _write(regulation: Regulation, facts: RegulationFacts) -> None:
    for field in fields(facts):
        setattr(regulation, field.name, getattr(facts, field.name))
    regulation.number = " ".join(facts.number.split())
    regulation.title = " ".join(facts.title.split())
    regulation.full_clean()
    regulation.save()


def _of_regulation(regulation: Regulation) -> dict[str, object]:
    days = {
        name: format_date(value) if (value := getattr(regulation, name)) else None
        for name in ("signed_on", "promulgated_on", "effective_on", "ends_on")
    }
    return {
        "kind": str(RegulationKind(regulation.kind).label),
        "number": regulation.number,
        "year": str(regulation.year),
        "title": regulation.title,
        "draft": _("Rancangan") if regulation.is_draft else None,
        **days,
        "signatory": regulation.signatory or None,
        "opd": str(regulation.initiator) if regulation.initiator else None,
        "address": regulation.address or None,
    }


def _topics(regulation: Regulation) -> str | None:
    topics = regulation.coverages.order_by("question__indicator__cluster__instrument", "question")
    return ", ".join(topics.values_list("question__code", flat=True)) or None


def _words(relation: Relation) -> str:
    return f"{RelationKind(relation.kind).label} {relation.target}"
