"""Keeping by which criteria and rules the units of a closed year were counted.

Both may come from files of the project, which a later version may change; a closed year keeps
those that it had.
"""

from __future__ import annotations

from datetime import datetime

from assessments.choices import Stage
from assessments.matrices.specs import evaluated_years
from assessments.models import Assessment
from cities.models import User
from territories.criteria import set_for
from territories.models import CityRatingRules, CriteriaChoice
from territories.models.criteria import kept_of


def keep_rules(assessment: Assessment, *, by: User, at: datetime) -> None:
    """A part of closing the year (`KLA_CLOSING`); what was kept before a reopening stays."""
    city_id, year = assessment.city_id, evaluated_years(assessment.year)[1]
    choice = CriteriaChoice.objects.of_year(city_id, year)
    if choice is not None and choice.kept:
        return
    criteria = (choice and choice.as_set()) or set_for(*assessment.instrument.codes)
    choice = choice or CriteriaChoice(
        city_id=city_id, year=year, criteria=criteria.code, at=at, by=by
    )
    choice.kept = kept_of(criteria, CityRatingRules.objects.in_force(city_id, year))
    choice.save()


def keep_rules_of_closed_years(*, at: datetime) -> None:
    """The same for years that were closed before this was kept; signed by who closed them."""
    closed = Assessment.objects.filter(stage=Stage.CLOSED).select_related("instrument", "opened_by")
    for assessment in closed.order_by("pk"):
        last = assessment.snapshots.select_related("by").last()
        keep_rules(assessment, by=last.by if last else assessment.opened_by, at=at)
