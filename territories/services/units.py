"""The units of a city: which there are, who heads them, who speaks for them, what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import Stage
from assessments.matrices.specs import evaluated_years
from assessments.models import Assessment
from cities.models import City, CityTrailEvent, District, Membership, User, Village
from cities.permissions import held_city, lock_city, require_permission
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from figures.numbers import format_date
from territories.choices import ChangeKind, UnitLevel
from territories.models import Unit, UnitChange, UnitSeat
from texts.identities import require_no_nik
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that begins with a change; its parent is that of the first that ends."""

    code: str
    name: str
    level: UnitLevel


def held_unit(unit_id: int, permission: Permission, *, by: User) -> Unit:
    """The unit, held so that nobody else writes or decides meanwhile. Raises PermissionDenied.

    Whoever fills must speak for the unit or for the kecamatan above it. The city is held first, as
    by every deed that writes into its trail, so that no two ever wait for each other.
    """
    unit = Unit.objects.select_related("city").get(pk=unit_id)
    member = require_permission(by, unit.city, permission)
    if not Unit.objects.visible_to(member).filter(pk=unit_id).exists():
        raise PermissionDenied
    lock_city(unit.city_id)
    Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit_id)
    return unit


@deed
def load_units(*, city: City, by: User, at: datetime) -> int:
    """Make a unit of every kecamatan, kelurahan and desa of the city's list; how many are new.

    What is there keeps its name and everything else. What joins units that are there already
    begins after the closed years, whose shares it must not change. Raises ValidationError
    (`no_regions`).
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_MEMBERS)
    districts = list(District.objects.filter(city=city, is_listed=True))
    if not districts:
        raise ValidationError(
            _("Daftar wilayah kota ini masih kosong. Muat dulu dari daftar resmi di menu Wilayah."),
            code="no_regions",
        )
    known = set(Unit.objects.filter(city=city).values_list("code", flat=True))
    closed = closed_until(city) if known else None
    begins = closed and closed + timedelta(days=1)
    new = [
        Unit(
            city=city,
            code=row.code,
            name=row.name,
            level=UnitLevel.KECAMATAN,
            active_from=begins,
        )
        for row in districts
        if row.code not in known
    ]
    Unit.objects.bulk_create(new)
    parents = {unit.code: unit for unit in Unit.objects.filter(city=city, parent=None)}
    villages = Village.objects.filter(district__in=districts, is_listed=True)
    below = [
        Unit(
            city=city,
            code=row.code,
            name=row.name,
            level=UnitLevel(row.kind),
            parent=parents[row.district.code],
            active_from=begins,
        )
        for row in villages.select_related("district")
        if row.code not in known
    ]
    Unit.objects.bulk_create(below)
    added = len(new) + len(below)
    if added:
        counts = {"districts": str(len(new)), "villages": str(len(below))}
        entry = NewEntry(CityTrailEvent.UNITS_LOADED, str(city), {}, counts)
        record(entry, city=city, by=by, at=at)
    return added


@deed
def change_unit(
    *, unit_id: int, head: str, contact: str, members: Iterable[int], by: User, at: datetime
) -> Unit:
    """Note who heads the unit and which members (their ids) speak for it.

    Raises ValidationError (`nik`, `not_of_role`): only people of the role Wilayah have a seat.
    """
    unit = Unit.objects.select_related("city").get(pk=unit_id)
    held_city(unit.city, by=by, permission=Permission.MANAGE_MEMBERS)
    unit.refresh_from_db(fields=["head", "contact"])
    wanted = list(Membership.objects.filter(pk__in=set(members), city=unit.city))
    if any(not member.may(Permission.FILL_UNIT_REPORTS) for member in wanted):
        raise ValidationError(
            _("Petugas wilayah harus anggota dengan peran Kecamatan atau kelurahan."),
            code="not_of_role",
        )
    require_no_nik(f"{head}\n{contact}")
    before = {"head": unit.head or None, "contact": unit.contact or None}
    unit.head, unit.contact = head.strip(), contact.strip()
    unit.save(update_fields=["head", "contact"])
    after = {"head": unit.head or None, "contact": unit.contact or None}
    entries = []
    if before != after:
        entries.append(NewEntry(CityTrailEvent.UNIT_CHANGED, unit.name, before, after))
    entries += _seat(unit, wanted)
    if entries:
        record(*entries, city=unit.city, by=by, at=at)
    return unit


def _seat(unit: Unit, wanted: Sequence[Membership]) -> list[NewEntry]:
    """Put exactly these people on the seats of the unit; who sat elsewhere leaves there."""
    before = list(UnitSeat.objects.filter(unit=unit).select_related("membership__user"))
    gone = [seat for seat in before if seat.membership not in wanted]
    UnitSeat.objects.filter(pk__in=[seat.pk for seat in gone]).delete()
    for member in wanted:
        UnitSeat.objects.update_or_create(membership=member, defaults={"unit": unit})
    was = ", ".join(sorted(str(seat.membership.user) for seat in before)) or None
    now = ", ".join(sorted(str(member.user) for member in wanted)) or None
    if was == now:
        return []
    seated = CityTrailEvent.UNIT_SEATED
    return [NewEntry(seated, unit.name, {"person": was}, {"person": now})]


@deed
def rename_unit(
    *, unit_id: int, name: str, on: date, basis: str, by: User, at: datetime
) -> UnitChange:
    """Give a unit another name and keep the old one with its day and its legal basis.

    Years before the day show the old one (`queries.names`). Raises ValidationError (`same_name`,
    `basis`, `closed_year`).
    """
    unit = Unit.objects.select_related("city").get(pk=unit_id)
    city = held_city(unit.city, by=by, permission=Permission.MANAGE_MEMBERS)
    unit.refresh_from_db(fields=["name"])
    name = name.strip()
    if not name or name == unit.name:
        raise ValidationError(_("Tuliskan nama yang baru."), code="same_name")
    _require_basis(basis)
    require_open_past(city, on)
    former, unit.name = unit.name, name
    unit.save(update_fields=["name"])
    change = UnitChange.objects.create(
        city=city,
        kind=ChangeKind.RENAMED,
        on=on,
        basis=basis.strip(),
        former_name=former,
        by=by,
        at=at,
    )
    change.before.set([unit])
    change.after.set([unit])
    _record_change(change, {"name": former}, {"name": name}, by=by, at=at)
    return change


@deed
def succeed_units(
    *,
    kind: ChangeKind,
    before: Sequence[int],
    after: Sequence[NewUnit],
    on: date,
    basis: str,
    by: User,
    at: datetime,
) -> UnitChange:
    """End units (their ids) and begin others on the day `on`: a split, a merger, a promotion.

    A unit that goes on under its own code is not ended. What lay below an ended kecamatan moves
    below the first that follows. Raises ValidationError (`numbers`, `ended`, `other_city`,
    `basis`, `code_taken`, `closed_year`).
    """
    ending = list(Unit.objects.filter(pk__in=set(before)).select_related("city", "parent"))
    if not ending or len({unit.city_id for unit in ending}) != 1:
        raise ValidationError(_("Pilih wilayah dari satu kota."), code="other_city")
    city = held_city(ending[0].city, by=by, permission=Permission.MANAGE_MEMBERS)
    _require_numbers(kind, len(ending), len(after))
    _require_basis(basis)
    require_open_past(city, on)
    _require_existing(ending, on)
    following = _begin(city, ending, after, on)
    going = [unit for unit in ending if unit.pk not in {row.pk for row in following}]
    last_day = on - timedelta(days=1)
    Unit.objects.filter(pk__in=[unit.pk for unit in going]).update(active_to=last_day)
    Unit.objects.filter(parent__in=going, active_to=None).update(parent=following[0])
    change = UnitChange.objects.create(
        city=city, kind=kind, on=on, basis=basis.strip(), by=by, at=at
    )
    change.before.set(ending)
    change.after.set(following)
    was, now = ({"names": _named(units)} for units in (ending, following))
    _record_change(change, was, now, by=by, at=at)
    return change


@deed
def end_unit(*, unit_id: int, on: date, basis: str, by: User, at: datetime) -> UnitChange:
    """Close a unit down: from the day `on` it is no more, and nothing follows it.

    It stays in the years before, with its reports. Raises ValidationError (`basis`, `ended`,
    `closed_year`, `below`: what lies below it is still there on that day).
    """
    unit = Unit.objects.select_related("city").get(pk=unit_id)
    city = held_city(unit.city, by=by, permission=Permission.MANAGE_MEMBERS)
    _require_basis(basis)
    require_open_past(city, on)
    _require_existing([unit], on)
    if Unit.objects.filter(parent=unit).active_on(on).exists():
        raise ValidationError(
            _(
                "Masih ada kelurahan atau desa di bawah kecamatan ini. Catat dulu apa yang terjadi "
                "dengannya."
            ),
            code="below",
        )
    Unit.objects.filter(pk=unit.pk).update(active_to=on - timedelta(days=1))
    change = UnitChange.objects.create(
        city=city, kind=ChangeKind.ENDED, on=on, basis=basis.strip(), by=by, at=at
    )
    change.before.set([unit])
    _record_change(change, {"names": _named([unit])}, {"names": None}, by=by, at=at)
    return change


def closed_until(city: City) -> date | None:
    """The reference date of the newest closed year: what units were until then is settled."""
    closed = Assessment.objects.filter(city=city, stage=Stage.CLOSED)
    year = closed.order_by("-year").values_list("year", flat=True).first()
    return None if year is None else date(evaluated_years(year)[1], 12, 31)


def require_open_past(city: City, on: date) -> None:
    """A change on or before the reference date of a closed year would alter its shares."""
    closed = closed_until(city)
    if closed is not None and on <= closed:
        raise ValidationError(
            _(
                "Penilaian dengan data sampai %(day)s sudah ditutup dan tidak boleh berubah. "
                "Pakai tanggal sesudahnya."
            ),
            code="closed_year",
            params={"day": format_date(closed)},
        )


def _require_existing(units: Sequence[Unit], on: date) -> None:
    """Each began before the day and has no end yet; read again, now that the city is held."""
    rows = Unit.objects.filter(pk__in=[unit.pk for unit in units])
    late = rows.filter(Q(active_to__isnull=False) | Q(active_from__gte=on))
    if late.exists():
        raise ValidationError(
            _("Wilayah ini sudah berakhir, atau baru ada sesudah tanggal itu. Periksa tanggalnya."),
            code="ended",
        )


def _begin(city: City, ending: Sequence[Unit], after: Sequence[NewUnit], on: date) -> list[Unit]:
    """The units after the change: those that go on under their code, and new rows."""
    going_on = {unit.code: unit for unit in ending}
    new = [row for row in after if row.code not in going_on]
    if Unit.objects.filter(city=city, code__in=[row.code for row in new]).exists():
        raise ValidationError(
            _("Kode wilayah baru sudah dipakai di kota ini. Periksa kodenya."), code="code_taken"
        )
    parent = ending[0].parent
    made = {
        row.code: Unit.objects.create(
            city=city,
            code=row.code,
            name=row.name.strip(),
            level=row.level,
            parent=None if row.level == UnitLevel.KECAMATAN else parent,
            active_from=on,
        )
        for row in new
    }
    return [going_on.get(row.code) or made[row.code] for row in after]


def _require_numbers(kind: ChangeKind, before: int, after: int) -> None:
    fits = {
        ChangeKind.SPLIT: before == 1 and after > 1,
        ChangeKind.MERGED: before > 1 and after == 1,
        ChangeKind.PROMOTED: before == after == 1,
        ChangeKind.RENAMED: False,
        ChangeKind.ENDED: False,
    }
    if not fits[kind]:
        raise ValidationError(
            _(
                "Pemekaran mengubah satu wilayah menjadi beberapa, penggabungan beberapa menjadi "
                "satu, dan perubahan status satu menjadi satu. Periksa jumlahnya."
            ),
            code="numbers",
        )


def _require_basis(basis: str) -> None:
    if not basis.strip():
        raise ValidationError(
            _("Sebutkan dasar hukumnya, misalnya nomor peraturan daerah."), code="basis"
        )


def _named(units: Iterable[Unit]) -> str:
    return ", ".join(f"{unit.code} {unit.name}" for unit in units)


def _record_change(
    change: UnitChange,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    by: User,
    at: datetime,
) -> None:
    event = CityTrailEvent.UNIT_SUCCEEDED
    target = f"{ChangeKind(change.kind).label} {change.on.isoformat()}"
    record(NewEntry(event, target, before, after), city=change.city, by=by, at=at)
