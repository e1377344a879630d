"""The demonstration data as a whole: built once, then left to those who try it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.models import Activity, Assessment, Award, Notification, SupportingDocument
from cities.models import City, Membership, Province, User, Zone
from cities.services.cities import create_city
from cities.services.members import add_member
from cities.services.opds import create_opds
from clusters.models import Instrument
from kla.demo import cast
from kla.demo.actionplan import fill_action_plan
from kla.demo.children import fill_children
from kla.demo.facilities import fill_facilities
from kla.demo.last_year import fill_last_year
from kla.demo.public import fill_public
from kla.demo.registers import take_from_registers
from kla.demo.regulations import fill_register
from kla.demo.taskforce import fill_taskforce
from kla.demo.territories import fill_territories
from kla.demo.year import fill_year
from territories.models import Report

INSTRUMENT = "kla-2023"
NEWS_DAYS = 5


class NotReadyError(Exception):
    """Something that the demonstration stands on has not been loaded."""


@dataclass(frozen=True, slots=True)
class Account:
    role: str
    email: str
    has_password: bool  # still the one that was asked for


def is_built() -> bool:
    return City.objects.filter(code=cast.CITY_CODE).exists()


def build(*, password: str, at: datetime) -> Assessment:
    """Make the demonstration city with its year at work and the closed one before.

    An account that exists already keeps its password. Raises NotReadyError without the
    instrument; a failure leaves nothing, neither rows nor files.
    """
    stored: list[SupportingDocument] = []
    try:
        with transaction.atomic():
            instrument = _instrument()
            admin = _site_admin(password)
            city, members = _get_or_create_city(password, by=admin, at=at)
            last_year = fill_last_year(
                city=city, instrument=instrument, members=members, stored=stored, at=at
            )
            year = fill_year(
                city=city, instrument=instrument, members=members, stored=stored, at=at
            )
            fill_territories(year, members=members, at=at)
            fill_facilities(year, members=members, at=at)
            fill_children(year, members=members, at=at)
            fill_register(city=city, instrument=instrument, by=admin, at=at)
            secretary = members[cast.SECRETARIAT.email].user
            take_from_registers(year, members=members, stored=stored, at=at)
            rad = fill_action_plan(last_year=last_year, by=secretary, at=at)
            fill_taskforce(year, rad, by=secretary, at=at)
            fill_public(last_year, by=secretary, at=at)
            _leave_only_the_news(at)
            _close_guides(city, at)
            return year
    except BaseException:
        for document in stored:
            document.file.delete(save=False)
        raise


def _leave_only_the_news(at: datetime) -> None:
    """What happened longer ago has been read; an inbox of sixty teaches nobody anything."""
    past = Notification.objects.filter(created_at__lt=at - timedelta(days=NEWS_DAYS))
    past.update(read_at=at)


def _close_guides(city: City, at: datetime) -> None:
    """Whoever has worked here needs to be told no longer what somebody of the role does."""
    busy = Activity.objects.filter(assessment__city=city).values("by")
    reporting = Report.objects.filter(unit__city=city).values("written_by")
    working = city.memberships.filter(Q(user__in=busy) | Q(user__in=reporting))
    working.update(guide_closed_at=at)


def accounts(password: str) -> Iterator[Account]:
    """The demonstration accounts that exist and may sign in, in the order of their roles."""
    emails = [person.email for person in cast.EVERYBODY]
    users = User.objects.filter(email__in=emails, is_active=True).in_bulk(field_name="email")
    matches: dict[str, bool] = {}  # they share one hash, which is slow to check on purpose
    for person in cast.EVERYBODY:
        user = users.get(person.email)
        if user is None:
            continue
        encoded = user.password
        if encoded not in matches:
            matches[encoded] = check_password(password, encoded)
        role = person.role.label if person.role else _("Administrator situs")
        if person.opd:
            role = f"{role} {person.opd}"
        yield Account(str(role), person.email, matches[encoded])


def _instrument() -> Instrument:
    instrument = Instrument.objects.published().filter(code=INSTRUMENT).first()
    if instrument is None:
        raise NotReadyError(
            _("Instrumen %(code)s belum dimuat. Jalankan load_instrument %(code)s dahulu.")
            % {"code": INSTRUMENT}
        )
    return instrument


def _site_admin(password: str) -> User:
    email = cast.SITE_ADMIN.email
    known = User.objects.filter(email=email).first()
    return known or User.objects.create_superuser(email, password, name=cast.SITE_ADMIN.name)


def _get_or_create_city(
    password: str, *, by: User, at: datetime
) -> tuple[City, dict[str, Membership]]:
    """The fictional city with its OPDs and members; the members by e-mail."""
    province, _created = Province.objects.get_or_create(
        code=cast.PROVINCE_CODE, defaults={"name": cast.PROVINCE_NAME}
    )
    city = create_city(
        province=province, code=cast.CITY_CODE, name=cast.CITY_NAME, zone=Zone.WIB, by=by, at=at
    )
    create_opds(city=city, rows=cast.OPDS.items(), by=by, at=at)
    Award.objects.create(city=city, year=2023, predikat="Madya", source="data peragaan")
    return city, _add_members(city, password, by=by, at=at)


def _add_members(city: City, password: str, *, by: User, at: datetime) -> dict[str, Membership]:
    opds = {opd.code: opd for opd in city.opds.all()}
    members: dict[str, Membership] = {}
    new: list[int] = []
    for person in cast.MEMBERS:
        membership, is_new = add_member(
            city=city,
            email=person.email,
            name=person.name,
            role=str(person.role),
            opd=opds.get(person.opd),
            by=by,
            at=at,
        )
        members[person.email] = membership
        if is_new:
            new.append(membership.user_id)
    # One hash for all: it takes a third of a second on purpose.
    User.objects.filter(pk__in=new).update(password=make_password(password))
    return members
