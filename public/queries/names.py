"""Whom the site knows in a city."""

from __future__ import annotations

from cities.models import User
from taskforce.models import Commitment, TaskForceMember
from territories.models import Unit


def known_names(city: int) -> set[str]:
    """Of people whom the site knows in the city; one query."""
    people = User.objects.filter(memberships__city=city).values_list("name")
    signing = Commitment.objects.filter(city=city).values_list("signatory")
    officials = TaskForceMember.objects.filter(decree__city=city).values_list("name")
    heads = Unit.objects.filter(city=city).values_list("head")
    found = people.order_by().union(signing.order_by(), officials.order_by(), heads.order_by())
    return {name for (name,) in found}
