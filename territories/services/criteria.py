"""A city's own criteria sets: copied, edited, published; and which set a year reports by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import City, CityTrailEvent, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from territories.criteria import CriteriaSet, Criterion, packaged_set
from territories.criteria_faults import counted_wrongly
from territories.models import CityCriteriaSet, CriteriaChoice, Report
from territories.models.criteria import criterion_as_json
from territories.services.units import require_open_past
from texts.languages import deed

MOST = 200  # criteria of a set


@deed
def copy_set(*, city: City, code: str, title: str, by: User, at: datetime) -> CityCriteriaSet:
    """Begin a draft of the city's own with the criteria of another set.

    Raises PermissionDenied, ValidationError (`unknown`, and what the model refuses).
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_CRITERIA)
    source = _known(city, code)
    last = CityCriteriaSet.objects.filter(city=city).aggregate(Max("number"))["number__max"] or 0
    draft = CityCriteriaSet(
        city=city,
        number=last + 1,
        code=f"{city.code}-{last + 1}",
        title=" ".join(title.split()),
        instrument=source.instrument,
        based_on=source.code,
        criteria=[criterion_as_json(one) for one in source.criteria],
        made_at=at,
        made_by=by,
    )
    draft.full_clean()
    draft.save()
    told = {"title": draft.title, "source": source.title, "count": str(len(draft.criteria))}
    _record(CityTrailEvent.CRITERIA_DRAFTED, draft, {}, told, by=by, at=at)
    return draft


@deed
def save_criterion(
    *, set_id: int, criterion: Criterion, was: str = "", by: User, at: datetime
) -> CityCriteriaSet:
    """Put a criterion into a draft: in the place of the one with the code `was`, else at its end.

    Raises PermissionDenied, ValidationError (`published`, `unknown`, `code_taken`, `too_many`).
    """
    draft = _held_draft(set_id, by=by)
    rows = list(draft.as_set().criteria)
    places = {one.code: place for place, one in enumerate(rows)}
    if was and was not in places:
        raise ValidationError(
            _lazy("Kriteria ini sudah dihapus. Muat ulang halamannya."), code="unknown"
        )
    if criterion.code != was and criterion.code in places:
        raise ValidationError(
            _lazy("Kode %(code)s sudah dipakai dalam set ini. Pakai kode lain."),
            code="code_taken",
            params={"code": criterion.code},
        )
    if not was and len(rows) >= MOST:
        raise ValidationError(
            _lazy("Satu set paling banyak memuat %(most)d kriteria."),
            code="too_many",
            params={"most": MOST},
        )
    before = rows[places[was]] if was else None
    if before is not None:
        rows[places[was]] = replace(criterion, certainty=before.certainty)
    else:
        rows.append(criterion)
    _write(draft, rows, before, criterion, by=by, at=at)
    return draft


@deed
def remove_criterion(*, set_id: int, code: str, by: User, at: datetime) -> CityCriteriaSet:
    """Raises PermissionDenied, ValidationError (`published`, `unknown`)."""
    draft = _held_draft(set_id, by=by)
    criteria = draft.as_set()
    gone = criteria.get(code)
    if gone is None:
        raise ValidationError(
            _lazy("Kriteria ini sudah dihapus. Muat ulang halamannya."), code="unknown"
        )
    _write(draft, [one for one in criteria.criteria if one != gone], gone, None, by=by, at=at)
    return draft


@deed
def publish_set(*, set_id: int, by: User, at: datetime) -> CityCriteriaSet:
    """Close a draft for good, so that a year can report by it.

    Raises PermissionDenied, ValidationError (`published`, `faults`).
    """
    draft = _held_draft(set_id, by=by)
    faults = counted_wrongly(draft.as_set())
    if faults:
        raise ValidationError(
            [ValidationError(f"{one.place}: {one.message}", code="faults") for one in faults]
        )
    draft.published_at, draft.published_by = at, by
    draft.save(update_fields=["published_at", "published_by"])
    told = {"title": draft.title, "count": str(len(draft.criteria))}
    _record(CityTrailEvent.CRITERIA_PUBLISHED, draft, {}, told, by=by, at=at)
    return draft


@deed
def discard_set(*, set_id: int, by: User, at: datetime) -> None:
    """Throw a draft away. Raises PermissionDenied, ValidationError (`published`)."""
    draft = _held_draft(set_id, by=by)
    told = {"title": draft.title, "count": str(len(draft.criteria))}
    _record(CityTrailEvent.CRITERIA_DRAFTED, draft, told, {}, by=by, at=at)
    draft.delete()


@deed
def choose_set(*, city: City, year: int, code: str, by: User, at: datetime) -> CriteriaChoice:
    """Let the units report by this set for the year of data.

    A year to which units have written by another set keeps that one. Raises PermissionDenied,
    ValidationError (`unknown`, `draft`, `closed_year`, `has_reports`).
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_CRITERIA)
    require_open_past(city, date(year, 12, 31))
    chosen = _known(city, code)
    own = CityCriteriaSet.objects.filter(city=city, code=code).first()
    if own is not None and own.is_draft:
        raise ValidationError(_lazy("Terbitkan dulu set kriteria ini."), code="draft")
    written = Report.objects.filter(unit__city=city, year=year).exclude(criteria=chosen.code)
    if written.exists():
        raise ValidationError(
            _lazy(
                "Wilayah sudah mengisi laporan %(year)d menurut set lain, jadi tahun itu tetap"
                " memakainya. Pilih set ini untuk tahun berikutnya."
            ),
            code="has_reports",
            params={"year": year},
        )
    before = CriteriaChoice.objects.filter(city=city, year=year).first()
    choice, _is_new = CriteriaChoice.objects.update_or_create(
        city=city,
        year=year,
        defaults={"criteria": chosen.code, "own": own, "kept": None, "at": at, "by": by},
    )
    was = {"criteria": before.criteria} if before else {}
    target = _("Set kriteria %(year)d") % {"year": year}
    told = {"criteria": chosen.code, "title": chosen.title}
    entry = NewEntry(CityTrailEvent.CRITERIA_CHOSEN, target, was, told)
    record(entry, city=city, by=by, at=at)
    return choice


def _known(city: City, code: str) -> CriteriaSet:
    """A packaged set, or one of the city. Raises ValidationError (`unknown`)."""
    own = CityCriteriaSet.objects.filter(city=city, code=code).first()
    found = own.as_set() if own else packaged_set(code)
    if found is None:
        raise ValidationError(
            _lazy("Set kriteria ini tidak dikenal. Muat ulang halamannya."), code="unknown"
        )
    return found


def _held_draft(set_id: int, *, by: User) -> CityCriteriaSet:
    """Read again once the city is held. Raises PermissionDenied, ValidationError (`published`)."""
    one = CityCriteriaSet.objects.select_related("city").get(pk=set_id)
    held_city(one.city, by=by, permission=Permission.MANAGE_CRITERIA)
    draft = CityCriteriaSet.objects.select_related("city").filter(pk=set_id).first()
    if draft is None or not draft.is_draft:
        raise ValidationError(
            _lazy("Set ini sudah terbit dan tidak berubah lagi. Salin menjadi versi baru."),
            code="published",
        )
    return draft


def _write(
    draft: CityCriteriaSet,
    rows: list[Criterion],
    before: Criterion | None,
    after: Criterion | None,
    *,
    by: User,
    at: datetime,
) -> None:
    draft.criteria = [criterion_as_json(one) for one in rows]
    draft.save(update_fields=["criteria"])
    was, now = (_told(one) if one else {} for one in (before, after))
    if was != now:
        _record(CityTrailEvent.CRITERIA_DRAFTED, draft, was, now, by=by, at=at)


def _told(one: Criterion) -> dict[str, object]:
    bound = f"{one.direction.label} {one.threshold}" if one.direction else None
    return {
        "criteria": f"{one.code} {one.text}",
        "level": str(one.level.label),
        "kind": str(one.kind.label),
        "target": bound,
        "note": _("merugikan") if one.adverse else None,
        "link": one.evidence,
    }


def _record(
    event: CityTrailEvent,
    one: CityCriteriaSet,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    by: User,
    at: datetime,
) -> None:
    record(NewEntry(event, str(one), before, after), city=one.city, by=by, at=at)
