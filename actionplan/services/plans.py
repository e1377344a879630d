"""Recording and changing a plan, and what it is tied to.

Every service holds the city and leaves an entry in its trail.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actionplan.choices import LinkKind
from actionplan.models import ActionPlan, ActionYear, PlanLink
from assessments.models import SupportingDocument
from cities.models import City, CityTrailEvent, Opd, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from clusters.models import Instrument
from regulations.models import Regulation
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a plan says of itself; `children` with the source that counted them."""

    title: str
    first_year: int
    last_year: int
    legal_basis: Regulation | None = None
    grace_days: int = 14
    children: int | None = None
    children_source: str = ""


@deed
def record_plan(
    *, city: City, instrument: Instrument, facts: PlanFacts, by: User, at: datetime
) -> ActionPlan:
    """Add a plan. Raises ValidationError (`foreign`; or where its data do not fit)."""
    city = held_city(city, by=by, permission=Permission.MANAGE_ACTIONS)
    plan = ActionPlan(city=city, instrument=instrument, at=at, by=by)
    _write(plan, facts)
    entry = NewEntry(CityTrailEvent.ACTION_PLAN_RECORDED, plan.title, after=_of_plan(plan))
    record(entry, city=city, by=by, at=at)
    return plan


@deed
def change_plan(*, plan_id: int, facts: PlanFacts, by: User, at: datetime) -> ActionPlan:
    """Correct a plan. Raises ValidationError (`foreign`, `used_year`, `removed`)."""
    plan, city = held_plan(plan_id, by=by)
    outside = ActionYear.objects.filter(action__plan=plan).exclude(
        year__range=(facts.first_year, facts.last_year)
    )
    if used := sorted(set(outside.values_list("year", flat=True))):
        raise ValidationError(
            _("Ada aksi pada tahun %(years)s. Masa RAD harus memuatnya."),
            code="used_year",
            params={"years": ", ".join(map(str, used))},
        )
    target, before = plan.title, _of_plan(plan)
    _write(plan, facts)
    after = _of_plan(plan)
    if before != after:
        entry = NewEntry(CityTrailEvent.ACTION_PLAN_CHANGED, target, before, after)
        record(entry, city=city, by=by, at=at)
    return plan


@deed
def add_link(
    *,
    plan_id: int,
    kind: LinkKind,
    title: str,
    address: str,
    document_id: UUID | None,
    by: User,
    at: datetime,
) -> PlanLink:
    """Tie a plan to a planning document. Raises ValidationError (`foreign`; or if it is already)."""
    plan, city = held_plan(plan_id, by=by)
    document = None
    if document_id is not None:
        document = SupportingDocument.objects.filter(pk=document_id, city=city).first()
        if document is None:
            raise ValidationError(
                _("Dokumen itu tidak ditemukan di kota ini. Pilih dari daftar."), code="foreign"
            )
    words = " ".join(title.split())
    link = PlanLink(plan=plan, kind=kind, title=words, address=address, document=document)
    link.full_clean()
    link.save()
    entry = NewEntry(CityTrailEvent.ACTION_PLAN_CHANGED, plan.title, after={"link": str(link)})
    record(entry, city=city, by=by, at=at)
    return link


@deed
def remove_link(*, plan_id: int, link_id: int, by: User, at: datetime) -> None:
    """Loosen a tie; nothing where that was done already."""
    plan, city = held_plan(plan_id, by=by)
    link = plan.links.filter(pk=link_id).first()
    if link is None:
        return
    entry = NewEntry(CityTrailEvent.ACTION_PLAN_CHANGED, plan.title, before={"link": str(link)})
    record(entry, city=city, by=by, at=at)
    link.delete()


def held_plan(plan_id: int, *, by: User) -> tuple[ActionPlan, City]:
    """The plan as it is now that its city is held. Raises ValidationError (`removed`)."""
    plan = ActionPlan.objects.select_related("city", "instrument").filter(pk=plan_id).first()
    if plan is None:
        raise ValidationError(_("RAD ini sudah tidak ada."), code="removed")
    city = held_city(plan.city, by=by, permission=Permission.MANAGE_ACTIONS)
    plan.refresh_from_db()
    return plan, city


def require_own_opds(city: City, *opds: Opd | None) -> None:
    if any(opd is not None and opd.city_id != city.pk for opd in opds):
        raise ValidationError(_("Pilih OPD kota ini."), code="foreign")


def _write(plan: ActionPlan, facts: PlanFacts) -> None:
    if facts.legal_basis is not None and facts.legal_basis.city_id != plan.city_id:
        raise ValidationError(_("Dasar hukum harus produk hukum kota ini."), code="foreign")
    for one in fields(facts):
        setattr(plan, one.name, getattr(facts, one.name))
    plan.title = " ".join(facts.title.split())
    plan.full_clean()
    plan.save()


def _of_plan(plan: ActionPlan) -> dict[str, object]:
    return {
        "name": plan.title,
        "period": f"{plan.first_year}–{plan.last_year}",
        "basis": str(plan.legal_basis) if plan.legal_basis else None,
        "children": str(plan.children) if plan.children else None,
        "source": plan.children_source or None,
    }
