"""Which OPD of a city produces the numbers that the catalogue says an agency holds."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F

from childdata.catalogue import Variable
from cities.models import City, Membership, Opd
from cities.roles import Permission


def producers_of(city: City) -> dict[str, Opd]:
    """By the agency code of the instrument; the city's own mapping first. One query."""
    rows = list(Opd.objects.filter(city=city).annotate(agency=F("agency_aliases__code")))
    found = {opd.code: opd for opd in rows if opd.is_active}
    return found | {opd.agency: opd for opd in rows if opd.agency}


def is_producer(member: Membership, variable: Variable, producers: Mapping[str, Opd]) -> bool:
    """Whether the variable is theirs; everything is for those who see the whole city."""
    if member.may(Permission.VIEW_ASSESSMENT):
        return True
    opd = producers.get(variable.producer)
    return opd is not None and opd.pk == member.opd_id
