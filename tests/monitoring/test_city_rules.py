"""The rules that a city changes: its lights, its quarters, and what it supposes of ceilings."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from cities.models import City, CityTrailEvent
from monitoring.choices import Light
from monitoring.models import OF_CITY, CityRules, rules_of
from monitoring.queries.board import monitoring
from monitoring.rules import packaged_rules
from monitoring.services.rules import RuleFacts, rule_facts, set_rules
from tests.actionplan.test_plans import trail
from tests.assessments.situations import NOW, later
from tests.at_once import done_at_once
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.monitoring import CityRulesFactory, RealisationFactory

LATE = RuleFacts(
    green=90, yellow=60, first=10, second=30, third=60, child_share=Decimal("12.5"), source="SK 12"
)
PACKAGED = RuleFacts(green=76, yellow=51, first=25, second=50, third=75)
APRIL = date(2026, 4, 20)


def decide(city, by, facts=LATE, at=NOW, seen=None):
    """From the version in force, unless told."""
    version = CityRules.objects.version(city.pk) if seen is None else seen
    return set_rules(city=city, facts=facts, seen=version, by=by, at=at)


def in_force(city):
    return rules_of(City.objects.get(pk=city.pk))


def test_a_city_without_rules_of_its_own_follows_the_file(city):
    CityRulesFactory(city=CityFactory())

    assert in_force(city) is packaged_rules()
    assert rule_facts(in_force(city)) == PACKAGED


def test_a_city_follows_what_it_decided_and_the_trail_says_what(city, secretary):
    decide(city, secretary)

    rules = in_force(city)
    assert rules.source == "SK 12"
    assert rules.expected == {1: 10, 2: 30, 3: 60, 4: 100}
    assert rules.lights == ((Light.GREEN, 90), (Light.YELLOW, 60), (Light.RED, 0))
    assert rules.child_share == Decimal("12.5")
    assert rule_facts(rules) == LATE
    [stored] = CityRules.objects.all()
    assert (stored.city, stored.by, stored.at) == (city, secretary, NOW)
    assert trail(city) == [
        (
            CityTrailEvent.ACTION_PLAN_CHANGED,
            "Aturan pemantauan",
            {},
            {"criteria": "90%, 60%", "target": "10%, 30%, 60%", "share": "12,5", "source": "SK 12"},
        )
    ]


def test_a_second_decision_takes_the_place_of_the_first(city, secretary):
    decide(city, secretary)
    decide(city, secretary, replace(LATE, green=95, child_share=None), at=later())

    [stored] = CityRules.objects.all()
    assert (stored.green, stored.child_share, stored.at) == (95, None, later())
    _first, (_deed, _target, before, after) = trail(city)
    assert (before["criteria"], after["criteria"]) == ("90%, 60%", "95%, 60%")
    assert (before["share"], after["share"]) == ("12,5", None)


def test_the_same_again_leaves_no_line(city, secretary):
    decide(city, secretary)
    decide(city, secretary, at=later())

    assert len(trail(city)) == 1


def test_the_figures_of_the_file_take_the_citys_own_away(city, secretary):
    decide(city, secretary)

    assert decide(city, secretary, replace(PACKAGED, source="SK 13")) is packaged_rules()

    assert not CityRules.objects.exists()
    _first, (_deed, _target, before, after) = trail(city)
    assert (before["source"], after) == ("SK 12", {})


def test_the_figures_of_the_file_leave_no_line_where_nothing_was_changed(city, secretary):
    decide(city, secretary, replace(PACKAGED, source="SK 13"))

    assert (trail(city), CityRules.objects.count()) == ([], 0)


def test_the_figures_of_the_file_with_a_supposed_share_are_the_citys_own(city, secretary):
    decide(city, secretary, replace(PACKAGED, child_share=Decimal(0), source="SK 13"))

    assert CityRules.objects.get().child_share == 0


def test_what_is_said_of_the_source_loses_its_spare_spaces(city, secretary):
    decide(city, secretary, replace(LATE, source="  SK   12 "))

    assert CityRules.objects.get().source == "SK 12"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"green": 60, "yellow": 60}, "__all__"),
        ({"green": 50, "yellow": 60}, "__all__"),
        ({"first": 31, "second": 30}, "__all__"),
        ({"second": 61, "third": 60}, "__all__"),
        ({"green": 101}, "green"),
        ({"yellow": 0}, "yellow"),
        ({"first": 0}, "first"),
        ({"third": 101}, "third"),
        ({"child_share": Decimal("100.01")}, "child_share"),
        ({"child_share": Decimal("-0.01")}, "child_share"),
        ({"source": "  "}, "source"),
        ({"source": "x" * 301}, "source"),
    ],
)
def test_rules_that_cannot_be_are_refused_and_the_ones_before_stay(city, secretary, facts, field):
    decide(city, secretary)

    with pytest.raises(ValidationError) as error:
        decide(city, secretary, replace(LATE, **facts))

    assert field in error.value.message_dict
    assert rule_facts(in_force(city)) == LATE
    assert len(trail(city)) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"green": 60},
        {"green": 101},
        {"yellow": 0},
        {"first": 0},
        {"second": 9},
        {"third": 29},
        {"third": 101},
        {"child_share": Decimal("100.01")},
    ],
)
def test_the_database_holds_the_order_too(city, facts):
    CityRulesFactory(city=CityFactory())

    with pytest.raises(IntegrityError), transaction.atomic():
        CityRulesFactory(city=city, **facts)

    assert CityRules.objects.count() == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"green": 2, "yellow": 1},
        {"green": 100, "yellow": 99},
        {"first": 1, "second": 1, "third": 1},
        {"first": 100, "second": 100, "third": 100},
        {"child_share": Decimal(0)},
        {"child_share": Decimal(100)},
    ],
)
def test_bounds_may_stand_at_their_ends(city, secretary, facts):
    decide(city, secretary, replace(LATE, **facts))

    assert rule_facts(in_force(city)) == replace(LATE, **facts)


@pytest.mark.parametrize("role", ["opd", "pimpinan", "verifikator"])
def test_who_does_not_plan_decides_no_rules(city, dinkes, role):
    person = dinkes if role == "opd" else MembershipFactory(city=city, **{role: True})

    with pytest.raises(PermissionDenied):
        decide(city, person.user)

    assert (CityRules.objects.count(), trail(city)) == (0, [])


def test_the_secretariat_of_one_city_decides_nothing_in_another(secretary):
    other = CityFactory()

    with pytest.raises(PermissionDenied):
        decide(other, secretary)

    assert (CityRules.objects.count(), trail(other)) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_leave_one_set_of_rules(city, secretary):
    other = replace(LATE, green=99)

    told = done_at_once(
        lambda: decide(city, secretary, seen=""),
        lambda: decide(city, secretary, other, at=later(), seen=""),
    )

    assert sorted(told) == ["done", "moved"]
    assert (CityRules.objects.get().green, len(trail(city))) in ((90, 1), (99, 1))


# --- What they change -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("physical", "quarter", "light"),
    [
        ("9", 1, Light.GREEN),  # 90 percent of the 10 that should be done
        ("8.99", 1, Light.YELLOW),
        ("6", 1, Light.YELLOW),
        ("5.99", 1, Light.RED),
        ("27", 2, Light.GREEN),
        ("26.99", 2, Light.YELLOW),
        ("54", 3, Light.GREEN),
        ("36", 3, Light.YELLOW),
        ("35.99", 3, Light.RED),
        ("90", 4, Light.GREEN),
        ("89.99", 4, Light.YELLOW),
        ("59.99", 4, Light.RED),
    ],
)
def test_a_light_changes_at_the_bound_of_the_city(db, physical, quarter, light):
    rules = CityRulesFactory.build().as_rules()

    assert rules.light(Decimal(physical), quarter, is_due=True) == light


@pytest.mark.parametrize(("is_due", "light"), [(True, Light.MISSING), (False, Light.AWAITED)])
def test_what_was_not_reported_is_none_of_the_citys_bounds(is_due, light):
    assert CityRulesFactory.build().as_rules().light(None, 1, is_due=is_due) == light


def test_the_matrix_of_a_city_has_its_own_lights_and_anothers_does_not(plan, action_year):
    RealisationFactory(action_year=action_year, physical=9)
    foreign = ActionPlanFactory(city=CityFactory(), instrument=plan.instrument)
    theirs = ActionYearFactory(action=ActionFactory(plan=foreign))
    RealisationFactory(action_year=theirs, physical=9)
    CityRulesFactory(city=plan.city)

    def lights(plan):
        member = MembershipFactory(pimpinan=True, city=plan.city)
        board = monitoring(plan, member, 2026, today=APRIL)
        return board.rules.source, [row.quarters[0].light for row in board.rows]

    assert lights(plan) == ("Keputusan Wali Kota 12/2025", [Light.GREEN])
    assert lights(foreign) == (packaged_rules().source, [Light.RED])


@pytest.mark.parametrize(
    ("share", "ceiling", "rupiah"),
    [
        (None, 1_000, 0),
        ("0", 1_000, 0),
        ("12.5", 1_000, 125),
        ("12.5", 7, 0),  # 0.875, rounded down
        ("33.33", 10**15, 333_300_000_000_000),
        ("99.99", 10**15 - 1, 999_899_999_999_999),
        ("100", 999_999_999_999_999, 999_999_999_999_999),
    ],
)
def test_what_is_supposed_of_a_ceiling_is_whole_rupiah(share, ceiling, rupiah):
    share = None if share is None else Decimal(share)

    assert CityRulesFactory.build(child_share=share).as_rules().supposed(ceiling) == rupiah


def test_rules_that_a_colleague_changed_meanwhile_are_not_written_over_unseen(city, secretary):
    decide(city, secretary, seen="")

    with pytest.raises(ValidationError) as refused:
        decide(city, secretary, PACKAGED, at=later(), seen="")

    assert refused.value.code == "moved"
    assert rule_facts(in_force(city)) == LATE


def test_whoever_read_the_refusal_may_store_theirs_all_the_same(coordinator, city, secretary):
    url = reverse("actionplan:rules_edit", args=[city.slug])
    mine = {"green": 95, "yellow": 60, "first": 10, "second": 30, "third": 60, "source": "SK 13"}
    decide(city, secretary)

    refused = coordinator.post(url, mine | {"seen": ""})
    newest = refused.context["form"]["seen"].value()
    stored = coordinator.post(url, mine | {"seen": newest})

    assert "Orang lain mengubah aturan ini sesudah Anda membukanya." in refused.text
    assert (stored.status_code, CityRules.objects.get().green) == (302, 95)


def test_rules_that_came_with_the_city_are_not_read_again(db, django_assert_num_queries):
    with_rules, without = CityFactory(), CityFactory()
    decide(with_rules, MembershipFactory(gugus_tugas=True, city=with_rules).user)
    first, second = (
        City.objects.select_related(OF_CITY)
        .filter(pk__in=[with_rules.pk, without.pk])
        .order_by("pk")
    )

    with django_assert_num_queries(0):
        told = rules_of(first), rules_of(second)

    assert told == (in_force(with_rules), packaged_rules())
    assert rule_facts(told[0]) == LATE
