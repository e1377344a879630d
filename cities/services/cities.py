"""The cities themselves: recorded and changed; each change leaves a line in the city's trail."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from django.utils.text import slugify

from cities.models import City, CityTrailEvent, Province, User
from cities.permissions import held_city, require_site_admin
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from texts.languages import deed

# Addresses under /kota/ that are pages and can therefore not be a city.
RESERVED_SLUGS = frozenset({"siapkan", "tambah"})


SLUG_LENGTH = 90  # leaves room for a code within the field's 100


def slug_for(name: str, code: str, taken: Container[str]) -> str:
    """The city's address: its name, with its code behind it where the name is not free."""
    slug = slugify(name)[:SLUG_LENGTH].strip("-")
    if slug and slug not in RESERVED_SLUGS and slug not in taken:
        return slug
    return slugify(f"{slug} {code.replace('.', '-')}")


@deed
def create_city(
    *, province: Province, code: str, name: str, zone: str, by: User, at: datetime
) -> City:
    """Add a kabupaten or kota that the official list does not have yet.

    Raises ValidationError if the code is in use.
    """
    require_site_admin(by)
    taken = set(City.objects.values_list("slug", flat=True))
    city = City(
        province=province, code=code, name=name, timezone=zone, slug=slug_for(name, code, taken)
    )
    city.full_clean()
    city.save()
    entry = NewEntry(CityTrailEvent.CITY_CREATED, _city_name(city), after=_of_city(city))
    record(entry, city=city, by=by, at=at)
    return city


@deed
def edit_city(*, city: City, name: str, zone: str, by: User, at: datetime) -> City:
    """Change how the city is called and which clock it follows; its address stays."""
    city = held_city(city, by=by, permission=Permission.MANAGE_MEMBERS)
    target, before = _city_name(city), _of_city(city)
    city.name = name
    city.timezone = zone
    city.full_clean()
    city.save(update_fields=["name", "timezone"])
    entry = NewEntry(CityTrailEvent.CITY_CHANGED, target, before, _of_city(city))
    record(entry, city=city, by=by, at=at)
    return city


def _city_name(city: City) -> str:
    return f"{city.code} {city.name}"


def _of_city(city: City) -> dict[str, object]:
    return {"name": city.name, "zone": city.get_timezone_display()}
