"""Which answers a member may see, as a condition for every model that refers to answers."""

from __future__ import annotations

from django.db.models import Q

from cities.models import Membership
from cities.roles import Permission


def seen_by(member: Membership, answer: str = "") -> Q:
    """The answers a member may see, as a condition on the path `answer` ("answer__").

    Everything of the city; for a role that may not see the whole assessment, only what
    is assigned to its OPD. A membership without an OPD then sees nothing.
    """
    of_city = Q(**{f"{answer}assessment__city": member.city_id})
    if member.may(Permission.VIEW_ASSESSMENT):
        return of_city
    return of_city & Q(**{f"{answer}assignments__opd": member.opd_id or 0})
