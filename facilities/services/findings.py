"""What is to be mended at a facility: recorded on a visit, given a day and an OPD, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from assessments.services.documents import CheckedFile, files_or_nothing
from cities.models import CityTrailEvent, Membership, Opd, User
from cities.permissions import lock_city, require_permission
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from facilities.models import Facility, Finding
from facilities.services.facilities import held_facility
from facilities.services.photos import require_photo, store_file
from figures.numbers import format_date
from texts.identities import require_no_nik
from texts.languages import deed

USUAL_DAYS = 30  # to mend it, where nobody said otherwise


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """What is said of a finding. `opd` settles it, None stands for the facility itself.

    Without `found_on` it was found today, without `due_on` it is due USUAL_DAYS later.
    """

    sentence: str
    spot: str = ""
    opd: Opd | None = None
    found_on: date | None = None
    due_on: date | None = None
    visit_key: UUID | None = None


def record_finding(
    *,
    facility_id: int,
    facts: FindingFacts,
    file: CheckedFile | None,
    key: UUID | None = None,
    by: User,
    at: datetime,
) -> Finding:
    """Keep what is to be mended, with a photo if there is one.

    What came under a `key` of the phone before is not kept again: the finding of then comes back.
    One photo may show several findings of a facility; it is stored once. Raises PermissionDenied,
    ValidationError (`empty`, `nik`, `in_future`, `due_before`, `foreign`, `not_a_photo`,
    `already_stored`, `storage`) and leaves nothing behind.
    """
    with files_or_nothing() as stored, transaction.atomic():
        facility, member = held_facility(facility_id, by=by)
        before = facility.findings.filter(key=key).first() if key else None
        if before is not None:
            return before
        finding = Finding(facility=facility, key=key, at=at, by=member.user)
        _fill(finding, facts, member)
        finding.document = _photo_of(facility, file, finding.sentence, stored, by=by, at=at)
        finding.save(force_insert=True)
        after = {"finding": finding.sentence, "place": finding.spot or None, **_planned(finding)}
        _record(CityTrailEvent.FINDING_RECORDED, facility, {}, after, by=by, at=at)
        return finding


def _fill(finding: Finding, facts: FindingFacts, member: Membership) -> None:
    """Write what was said into a new one, or refuse it."""
    today = finding.at.astimezone(finding.facility.city.zone).date()
    finding.sentence, finding.spot = facts.sentence.strip(), facts.spot.strip()
    finding.opd, finding.visit_key = facts.opd, facts.visit_key
    finding.found_on = facts.found_on or today
    finding.due_on = facts.due_on or finding.found_on + timedelta(days=USUAL_DAYS)
    require_no_nik(f"{finding.sentence}\n{finding.spot}")
    if not finding.sentence:
        raise ValidationError(_("Tulis temuannya dalam satu kalimat."), code="empty")
    if finding.found_on > today:
        raise ValidationError(_("Hari temuan belum tiba."), code="in_future")
    _require_due_after(finding.found_on, finding.due_on)
    _require_own(finding.facility, facts.opd, member)


@deed
def plan_finding(
    *, finding_id: int, due_on: date, opd: Opd | None, by: User, at: datetime
) -> Finding:
    """Give an open finding another last day or another OPD; the coordinator alone does.

    Raises PermissionDenied, ValidationError (`closed`, `due_before`, `foreign`).
    """
    finding, member = _held_open(finding_id, by=by)
    if not member.may(Permission.VIEW_ASSESSMENT):
        raise PermissionDenied
    _require_due_after(finding.found_on, due_on)
    _require_own(finding.facility, opd, member)
    before = _planned(finding)
    finding.due_on, finding.opd = due_on, opd
    finding.save(update_fields=["due_on", "opd"])
    after = _planned(finding)
    if before != after:
        told: dict[str, object] = {"finding": finding.sentence}
        event, facility = CityTrailEvent.FINDING_CHANGED, finding.facility
        _record(event, facility, told | before, told | after, by=by, at=at)
    return finding


@deed
def close_finding(*, finding_id: int, done: str, by: User, at: datetime) -> Finding:
    """Say what was done; the finding stays as it is from then on.

    Raises PermissionDenied, ValidationError (`closed`, `empty`, `nik`).
    """
    finding, member = _held_open(finding_id, by=by)
    if not done.strip():
        raise ValidationError(_("Tulis apa yang dilakukan."), code="empty")
    require_no_nik(done)
    finding.done, finding.closed_at, finding.closed_by = done.strip(), at, member.user
    finding.save(update_fields=["done", "closed_at", "closed_by"])
    after: dict[str, object] = {"finding": finding.sentence, "done": finding.done}
    _record(CityTrailEvent.FINDING_CLOSED, finding.facility, {}, after, by=by, at=at)
    return finding


def _held_open(finding_id: int, *, by: User) -> tuple[Finding, Membership]:
    """The finding with its city held. Raises PermissionDenied, ValidationError (`closed`)."""
    rows = Finding.objects.select_related("facility__city", "opd", "closed_by")
    city = rows.get(pk=finding_id).facility.city
    member = require_permission(by, city, Permission.MANAGE_FACILITIES)
    if not Finding.objects.visible_to(member).filter(pk=finding_id).exists():
        raise PermissionDenied
    lock_city(city.pk)
    finding = rows.get(pk=finding_id)
    if finding.closed_at is not None:
        raise ValidationError(
            _("%(name)s sudah menyelesaikan temuan ini pada %(day)s: %(done)s"),
            code="closed",
            params={
                "name": finding.closed_by,
                "day": format_date(finding.closed_at.astimezone(city.zone).date()),
                "done": finding.done,
            },
        )
    return finding, member


def _require_due_after(found_on: date, due_on: date) -> None:
    if due_on < found_on:
        raise ValidationError(
            _("Tenggat tidak boleh sebelum hari temuan, %(day)s."),
            code="due_before",
            params={"day": format_date(found_on)},
        )


def _require_own(facility: Facility, opd: Opd | None, member: Membership) -> None:
    """An OPD or a unit hands work to nobody else; the coordinator may, within the city."""
    if opd is None or opd.pk in (facility.opd_id, member.opd_id):
        return
    if opd.city_id != facility.city_id or not member.may(Permission.VIEW_ASSESSMENT):
        raise ValidationError(
            _("Pilih OPD fasilitas ini, atau biarkan fasilitas yang menyelesaikan."), code="foreign"
        )


def _photo_of(
    facility: Facility,
    file: CheckedFile | None,
    title: str,
    stored: list[SupportingDocument],
    *,
    by: User,
    at: datetime,
) -> SupportingDocument | None:
    if file is None:
        return None
    require_photo(file)
    same = facility.findings.filter(document__sha256=file.facts.sha256).first()
    if same is not None:
        return same.document
    return store_file(facility, file, title, stored, by=by, at=at)


def _planned(finding: Finding) -> dict[str, object]:
    return {"due_on": format_date(finding.due_on), "owner": finding.settled_by}


def _record(
    event: CityTrailEvent,
    facility: Facility,
    before: dict[str, object],
    after: dict[str, object],
    *,
    by: User,
    at: datetime,
) -> None:
    entry = NewEntry(event, facility.name, before, after)
    record(entry, city=facility.city, by=by, at=at)
