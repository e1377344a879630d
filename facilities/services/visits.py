"""Checklists filled on a visit: what is met, what required is missing, how many points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import CityTrailEvent, User
from cities.services.activity import NewEntry, record
from facilities.choices import Said
from facilities.models import Facility, Visit
from facilities.services.facilities import held_facility
from facilities.types import Checklist
from figures.numbers import format_date, format_number
from texts.identities import require_no_nik
from texts.languages import deed

PLACES = Decimal("0.0001")  # of a degree


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: item by item, or the result of the official paper."""

    answers: Mapping[str, str]
    score: Decimal | None = None
    missing: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a phone was, in degrees of latitude (-90 to 90) and of longitude (-180 to 180)."""

    latitude: Decimal
    longitude: Decimal

    @property
    def rounded(self) -> tuple[Decimal, Decimal]:
        """With four places, which is some 10 metres: the building, not the room."""
        return self.latitude.quantize(PLACES), self.longitude.quantize(PLACES)


@dataclass(frozen=True, slots=True)
class Result:
    score: Decimal
    maximum: Decimal | None
    missing: int


def result_of(checklist: Checklist, found: Findings) -> Result:
    """Points of what is met out of those that apply; a required item that is not met is missing.

    An item without points counts one. Raises ValidationError (`incomplete`, `impossible`).
    """
    if not checklist.items:
        return _official(checklist, found)
    unanswered = [item for item in checklist.items if found.answers.get(item.code) not in set(Said)]
    if unanswered:
        raise ValidationError(
            _lazy("%(count)d butir belum diisi, mulai dari “%(text)s”."),
            code="incomplete",
            params={"count": len(unanswered), "text": unanswered[0].text},
        )
    asked = [one for one in checklist.items if found.answers[one.code] != Said.NOT_APPLICABLE]
    met = [one for one in asked if found.answers[one.code] == Said.YES]
    one_point = Decimal(1)
    return Result(
        score=sum((_points(one.points, one_point) for one in met), Decimal(0)),
        maximum=sum((_points(one.points, one_point) for one in asked), Decimal(0)),
        missing=sum(one.required and one not in met for one in asked),
    )


def _points(points: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if points is None else points


def _official(checklist: Checklist, found: Findings) -> Result:
    if found.score is None:
        raise ValidationError(_lazy("Isi nilai hasil pemeriksaan resmi."), code="incomplete")
    if checklist.required_items is not None and found.missing is None:
        raise ValidationError(
            _lazy("Isi berapa butir wajib yang belum terpenuhi; 0 bila tidak ada."),
            code="incomplete",
        )
    most, required = checklist.maximum, checklist.required_items
    is_too_high = most is not None and found.score > most
    if is_too_high or (required is not None and (found.missing or 0) > required):
        raise ValidationError(
            _lazy("Nilai paling banyak %(most)s dan butir wajib paling banyak %(required)s."),
            code="impossible",
            params={
                "most": "–" if most is None else format_number(most),
                "required": "–" if required is None else required,
            },
        )
    return Result(found.score, most, found.missing or 0)


@deed
def record_visit(
    *,
    facility_id: int,
    checklist: str,
    on: date,
    found: Findings,
    note: str,
    seen: int | None = None,
    position: Position | None = None,
    key: UUID | None = None,
    by: User,
    at: datetime,
) -> Visit:
    """Keep what was found on a day. `seen` is the newest visit that whoever fills the list knew of.

    What came under a `key` of the phone before is not kept again: the visit of then comes back.
    Raises PermissionDenied, ValidationError (`unknown`, `nik`, `in_future`, `conflict`, and those of
    `result_of`).
    """
    facility, member = held_facility(facility_id, by=by)
    before = facility.visits.filter(key=key).first() if key else None
    if before is not None:
        return before
    asked = _asked(facility, checklist)
    require_no_nik(note)
    if on > at.astimezone(facility.city.zone).date():
        raise ValidationError(_lazy("Tanggal kunjungan belum tiba."), code="in_future")
    latitude, longitude = position.rounded if position else (None, None)
    result = result_of(asked, found)
    _require_no_other(facility, asked, seen, by=by)
    known = {item.code for item in asked.items}
    visit = Visit.objects.create(
        facility=facility,
        checklist=asked.code,
        version=asked.version,
        on=on,
        answers={code: said for code, said in found.answers.items() if code in known},
        score=result.score,
        maximum=result.maximum,
        missing=result.missing,
        note=note.strip(),
        latitude=latitude,
        longitude=longitude,
        key=key,
        at=at,
        by=member.user,
    )
    _record(visit, asked, by=member.user, at=at)
    return visit


def _asked(facility: Facility, checklist: str) -> Checklist:
    asked = facility.sort.checklist(checklist)
    if asked is None or asked not in facility.sort.checklists_of(facility.kind):
        raise ValidationError(
            _lazy("Daftar periksa ini bukan untuk fasilitas ini."), code="unknown"
        )
    return asked


def _record(visit: Visit, asked: Checklist, *, by: User, at: datetime) -> None:
    told = {
        "checklist": asked.title,
        "issued_on": format_date(visit.on),
        "result": _("nilai %(score)s, %(missing)d butir wajib belum terpenuhi")
        % {"score": format_number(visit.score), "missing": visit.missing},
    }
    entry = NewEntry(CityTrailEvent.FACILITY_VISITED, visit.facility.name, {}, told)
    record(entry, city=visit.facility.city, by=by, at=at)


def _require_no_other(
    facility: Facility, checklist: Checklist, seen: int | None, *, by: User
) -> None:
    """Raises ValidationError (`conflict`) where somebody else visited meanwhile; the city is held."""
    if seen is None:
        return
    newer = facility.visits.filter(checklist=checklist.code, pk__gt=seen).exclude(by=by)
    other = newer.select_related("by").first()
    if other is not None:
        raise ValidationError(
            _lazy(
                "%(name)s sudah mencatat daftar ini untuk %(day)s: nilai %(score)s, %(missing)d butir"
                " wajib belum terpenuhi. Bandingkan, lalu simpan lagi bila hasil Anda perlu dicatat"
                " di sampingnya."
            ),
            code="conflict",
            params={
                "name": other.by,
                "day": format_date(other.on),
                "score": format_number(other.score),
                "missing": other.missing,
            },
        )
