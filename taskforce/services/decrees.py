"""Decrees of the Gugus Tugas: recorded, changed, filled with members and their certificates.

Every service holds the city and leaves an entry in its trail.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import City, CityTrailEvent, Opd, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from figures.numbers import format_date
from taskforce.models import Certificate, Decree, TaskForceMember
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class DecreeFacts:
    """What a decree says of itself."""

    number: str
    signed_on: date
    valid_from: date
    valid_to: date | None = None
    signatory: str = ""


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A seat in the Gugus Tugas; `name` may be unknown, `until` is the last day."""

    post: str
    institution: str
    element: str
    role: str
    since: date
    field: str = ""
    opd: Opd | None = None
    name: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    training: str
    issued_on: date
    number: str = ""
    valid_to: date | None = None


@deed
def record_decree(
    *, city: City, facts: DecreeFacts, copy_from: Decree | None, by: User, at: datetime
) -> Decree:
    """Record a decree; `copy_from` names the one whose present members go on, with certificates.

    Raises ValidationError (`foreign`; or where the number is recorded already).
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_TASKFORCE)
    if copy_from is not None and copy_from.city_id != city.pk:
        raise ValidationError(_lazy("Hanya SK kota ini yang dapat disalin."), code="foreign")
    decree = Decree(city=city, at=at, by=by)
    _write(decree, facts)
    copied = _copy_members(copy_from, decree) if copy_from is not None else 0
    told = _of_decree(decree) | {"note": _("%d anggota disalin") % copied if copied else None}
    record(
        NewEntry(CityTrailEvent.DECREE_RECORDED, str(decree), after=told), city=city, by=by, at=at
    )
    return decree


@deed
def change_decree(*, decree: Decree, facts: DecreeFacts, by: User, at: datetime) -> Decree:
    """Correct what is recorded. Raises ValidationError as `record_decree` does."""
    city = held_city(decree.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    decree = Decree.objects.select_related("city").get(pk=decree.pk)
    target, before = str(decree), _of_decree(decree)
    _write(decree, facts)
    after = _of_decree(decree)
    if before != after:
        entry = NewEntry(CityTrailEvent.DECREE_CHANGED, target, before, after)
        record(entry, city=city, by=by, at=at)
    return decree


@deed
def add_member(*, decree: Decree, facts: MemberFacts, by: User, at: datetime) -> TaskForceMember:
    """Raises ValidationError (`foreign`, `outside`)."""
    city = held_city(decree.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    decree = Decree.objects.get(pk=decree.pk)
    member = TaskForceMember(decree=decree)
    _write_member(member, decree, city, facts)
    _record_member(city, member, {}, by=by, at=at)
    return member


@deed
def correct_member(
    *, member: TaskForceMember, facts: MemberFacts, by: User, at: datetime
) -> TaskForceMember:
    """Correct what is recorded; a change of official is `replace_official`."""
    city = held_city(member.decree.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    member = TaskForceMember.objects.select_related("decree", "opd").get(pk=member.pk)
    before = _of_member(member)
    _write_member(member, member.decree, city, facts)
    _record_member(city, member, before, by=by, at=at)
    return member


@deed
def replace_official(
    *, member: TaskForceMember, name: str, on: date, by: User, at: datetime
) -> TaskForceMember:
    """Let somebody else hold the post from the day `on`; the row before ends the day before.

    Raises ValidationError (`left`, `too_early`, `nameless`).
    """
    city = held_city(member.decree.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    member = TaskForceMember.objects.select_related("decree", "opd").get(pk=member.pk)
    if member.until is not None and member.until < on:
        raise ValidationError(
            _lazy("%(post)s sudah berakhir pada %(date)s. Muat ulang halamannya."),
            code="left",
            params={"post": member.post, "date": format_date(member.until)},
        )
    if on <= member.since:
        raise ValidationError(
            _lazy("Pejabat baru mulai sesudah %(date)s, hari pertama pejabat sebelumnya."),
            code="too_early",
            params={"date": format_date(member.since)},
        )
    if not name.strip():
        raise ValidationError(_lazy("Isi nama pejabat yang baru."), code="nameless")
    before, last_day = _of_member(member), member.until
    member.until = on - timedelta(days=1)
    member.save(update_fields=["until"])
    _record_member(city, member, before, by=by, at=at)
    successor = TaskForceMember(**_copied(member), decree=member.decree)
    successor.name, successor.since, successor.until = " ".join(name.split()), on, last_day
    successor.full_clean()
    successor.save()
    _record_member(city, successor, {}, by=by, at=at)
    return successor


@deed
def add_certificate(
    *, member: TaskForceMember, facts: CertificateFacts, by: User, at: datetime
) -> Certificate:
    """A training of the person who holds the seat. Raises ValidationError (`nameless`)."""
    city = held_city(member.decree.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    member = TaskForceMember.objects.get(pk=member.pk)
    if not member.name:
        raise ValidationError(
            _lazy("Isi nama pejabatnya dahulu: sertifikat KHA milik orang, bukan jabatan."),
            code="nameless",
        )
    certificate = Certificate(member=member)
    _fill(certificate, facts)
    entry = NewEntry(
        CityTrailEvent.TASKFORCE_CHANGED, str(member), after={"certificate": str(certificate)}
    )
    record(entry, city=city, by=by, at=at)
    return certificate


@deed
def remove_certificate(*, certificate: Certificate, by: User, at: datetime) -> None:
    city = held_city(certificate.member.decree.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    found = Certificate.objects.select_related("member").filter(pk=certificate.pk).first()
    if found is None:
        return
    entry = NewEntry(
        CityTrailEvent.TASKFORCE_CHANGED, str(found.member), before={"certificate": str(found)}
    )
    record(entry, city=city, by=by, at=at)
    found.delete()


def _fill(row: Decree | TaskForceMember | Certificate, facts: object) -> None:
    """Store the facts, each text without spaces around it."""
    for field in fields(facts):  # type: ignore[arg-type]
        value = getattr(facts, field.name)
        setattr(row, field.name, " ".join(value.split()) if isinstance(value, str) else value)
    row.full_clean()
    row.save()


def _write(decree: Decree, facts: DecreeFacts) -> None:
    _fill(decree, facts)


def _write_member(member: TaskForceMember, decree: Decree, city: City, facts: MemberFacts) -> None:
    if facts.opd is not None and facts.opd.city_id != city.pk:
        raise ValidationError(_lazy("Pilih OPD kota ini."), code="foreign")
    if facts.since < decree.valid_from:
        raise ValidationError(
            _lazy("SK ini baru berlaku mulai %(date)s; keanggotaan tidak dapat lebih awal."),
            code="outside",
            params={"date": format_date(decree.valid_from)},
        )
    _fill(member, facts)


def _copied(member: TaskForceMember) -> dict[str, object]:
    names = ("post", "institution", "opd", "element", "role", "field", "name")
    return {name: getattr(member, name) for name in names}


def _copy_members(source: Decree, decree: Decree) -> int:
    """Who is in it on the day before the new one begins goes on from its first day."""
    day = decree.valid_from - timedelta(days=1)
    going_on = list(source.members.on(day).prefetch_related("certificates"))
    for member in going_on:
        copy = TaskForceMember.objects.create(
            **_copied(member), decree=decree, since=decree.valid_from
        )
        for one in member.certificates.all():
            Certificate.objects.create(
                member=copy,
                training=one.training,
                number=one.number,
                issued_on=one.issued_on,
                valid_to=one.valid_to,
            )
    return len(going_on)


def _record_member(
    city: City, member: TaskForceMember, before: dict[str, object], *, by: User, at: datetime
) -> None:
    after = _of_member(member)
    if before != after:
        entry = NewEntry(CityTrailEvent.TASKFORCE_CHANGED, member.post, before, after)
        record(entry, city=city, by=by, at=at)


def _of_decree(decree: Decree) -> dict[str, object]:
    return {
        "number": decree.number,
        "signed_on": format_date(decree.signed_on),
        "effective_on": format_date(decree.valid_from),
        "ends_on": format_date(decree.valid_to) if decree.valid_to else None,
        "signatory": decree.signatory or None,
    }


def _of_member(member: TaskForceMember) -> dict[str, object]:
    return {
        "post": member.post,
        "person": member.name or None,
        "institution": member.institution,
        "opd": str(member.opd) if member.opd else None,
        "element": member.get_element_display(),
        "role": member.get_role_display(),
        "field": member.get_field_display() or None,
        "since": format_date(member.since),
        "until": format_date(member.until) if member.until else None,
    }
