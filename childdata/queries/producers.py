"""Which OPD of a city produces the numbers that the catalogue says an agency holds."""

from __future__ import annotations

from collections.abc import Mapping

from childdata.catalogue import Variable
from cities.models import AgencyAlias, City, Membership, Opd
from cities.roles import Permission


def producers_of(city: City) -> dict[str, Opd]:
    """By the agency code of the instrument; the city's own mapping first. Two queries."""
    found = {opd.code: opd for opd in Opd.objects.filter(city=city, is_active=True)}
    aliases = AgencyAlias.objects.filter(city=city).merged().select_related("opd")
    return found | {one.code: one.opd for one in aliases if one.opd is not None}


def is_producer(member: Membership, variable: Variable, producers: Mapping[str, Opd]) -> bool:
    """Whether the variable is theirs; everything is for those who see the whole city."""
    if member.may(Permission.VIEW_ASSESSMENT):
        return True
    opd = producers.get(variable.producer)
    return opd is not None and opd.pk == member.opd_id
