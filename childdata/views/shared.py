"""What the pages of children's data share."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone

from assessments.matrices.specs import evaluated_years
from assessments.models import Assessment
from childdata.models import FIRST_YEAR
from cities.models import Membership
from cities.roles import Permission

SHOWN_YEARS = 4  # that the overview leads to


def current_year(assessment: Assessment | None) -> int:
    """The later of the two years that the evaluation looks at; without one the last full year."""
    if assessment is None:
        return timezone.localdate().year - 1
    return evaluated_years(assessment.year)[1]


def require_year(year: int) -> int:
    """Raises Http404 for a year that no city has numbers of."""
    if not FIRST_YEAR < year <= timezone.localdate().year:
        raise Http404
    return year


def context_of(member: Membership, **more: Any) -> dict[str, Any]:
    return {
        "member": member,
        "page": "childdata",
        "may_manage": member.may(Permission.MANAGE_CHILD_DATA),
        "sees_all": member.may(Permission.VIEW_ASSESSMENT),
        **more,
    }
