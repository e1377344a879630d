"""The predikat that a city wants to reach in a year."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from cities.models import CityTrailEvent
from monitoring.models import YearGoal
from monitoring.services.goals import set_year_goal
from tests.actionplan.test_plans import trail
from tests.assessments.situations import NOW
from tests.at_once import done_at_once
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.monitoring import YearGoalFactory


def test_the_target_of_a_year_is_set_changed_and_taken_away(city, secretary):
    signed = {"city": city, "year": 2027, "by": secretary, "at": NOW}

    set_year_goal(**signed, predikat="Madya", source="RPJMD")
    set_year_goal(**signed, predikat="Nindya", source="RPJMD")
    set_year_goal(**signed, predikat="Nindya", source="RPJMD")  # nothing new
    assert str(YearGoal.objects.get()) == "2027: Nindya"
    set_year_goal(**signed, predikat="", source="")
    set_year_goal(**signed, predikat="", source="")

    assert not YearGoal.objects.exists()
    assert [
        (before.get("predikat"), after.get("predikat")) for _d, _t, before, after in trail(city)
    ] == [
        (None, "Madya"),
        ("Madya", "Nindya"),
        ("Nindya", None),
    ]


def goal(city, by, **said):
    facts = {"year": 2027, "predikat": "Madya", "source": "RPJMD"} | said
    return set_year_goal(city=city, by=by, at=NOW, **facts)


def test_a_target_says_who_set_it_and_where_it_stands(city, secretary):
    stored = goal(city, secretary, source="  RPJMD 2025 ")

    assert (stored.city, stored.by, stored.at) == (city, secretary, NOW)
    assert (stored.predikat, stored.source) == ("Madya", "RPJMD 2025")
    [(deed, target, before, after)] = trail(city)
    assert (deed, target) == (CityTrailEvent.YEAR_GOAL_SET, "2027")
    assert (before, after) == ({}, {"predikat": "Madya", "source": "RPJMD 2025"})


def test_every_year_has_one_target(city, secretary):
    for year in (2026, 2027, 2027):
        goal(city, secretary, year=year)

    assert [one.year for one in YearGoal.objects.filter(city=city)] == [2026, 2027]
    with pytest.raises(IntegrityError), transaction.atomic():
        YearGoalFactory(city=city, year=2027)


@pytest.mark.parametrize(
    "said", [{"year": 2005}, {"year": 2101}, {"predikat": "x" * 301}, {"source": "x" * 301}]
)
def test_a_target_that_cannot_be_changes_nothing(city, secretary, said):
    with pytest.raises(ValidationError):
        goal(city, secretary, **said)

    assert (YearGoal.objects.count(), trail(city)) == (0, [])


@pytest.mark.parametrize("role", ["opd", "pimpinan", "verifikator", "pendamping"])
def test_who_does_not_plan_sets_no_target(city, dinkes, role):
    person = dinkes if role == "opd" else MembershipFactory(city=city, **{role: True})

    with pytest.raises(PermissionDenied):
        goal(city, person.user)

    assert (YearGoal.objects.count(), trail(city)) == (0, [])


def test_another_citys_target_of_the_year_stays(city, secretary):
    theirs = YearGoalFactory(city=CityFactory(), year=2027)

    goal(city, secretary)
    goal(city, secretary, predikat="")

    assert list(YearGoal.objects.all()) == [theirs]


@pytest.mark.django_db(transaction=True)
def test_two_who_set_a_target_at_once_leave_one(city, secretary):
    told = done_at_once(
        lambda: goal(city, secretary), lambda: goal(city, secretary, predikat="Nindya")
    )

    assert told == ["done", "done"]
    first, second = trail(city)
    assert second[2]["predikat"] == first[3]["predikat"]
    assert YearGoal.objects.get().predikat == second[3]["predikat"]
