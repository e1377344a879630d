"""A plan over years, and what it is tied to."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actionplan.choices import LinkKind
from actionplan.models import ActionPlan, PlanLink
from actionplan.services.plans import (
    PlanFacts,
    add_link,
    change_plan,
    record_plan,
    remove_link,
)
from cities.models import CityTrailEvent
from tests.assessments.situations import NOW
from tests.factories.actionplan import ActionPlanFactory, ActionYearFactory
from tests.factories.assessments import SupportingDocumentFactory
from tests.factories.cities import CityFactory
from tests.factories.regulations import RegulationFactory

FACTS = PlanFacts(title="RAD  KLA 2025–2030", first_year=2025, last_year=2030)


def refusal(deed, **arguments):
    with pytest.raises(ValidationError) as error:
        deed(**arguments, at=NOW)
    return error.value.code if hasattr(error.value, "code") else error.value.message_dict


def trail(city):
    return [
        (one.deed, one.target, one.before, one.after)
        for one in city.activities.order_by("position")
    ]


def test_a_plan_is_recorded_with_its_basis_and_a_line_in_the_trail(year, secretary):
    basis = RegulationFactory(city=year.city, number="31", year=2021)

    plan = record_plan(
        city=year.city,
        instrument=year.instrument,
        facts=PlanFacts("RAD", 2025, 2030, basis, children=58_214, children_source="Profil anak"),
        by=secretary,
        at=NOW,
    )

    stored = ActionPlan.objects.get()
    assert (stored, stored.legal_basis, stored.children) == (plan, basis, 58_214)
    assert list(stored.years) == [2025, 2026, 2027, 2028, 2029, 2030]
    [(deed, target, before, after)] = trail(year.city)
    assert (deed, target, before) == (CityTrailEvent.ACTION_PLAN_RECORDED, "RAD", {})
    assert after == {
        "name": "RAD",
        "period": "2025–2030",
        "basis": "Peraturan daerah Nomor 31 Tahun 2021",
        "children": "58214",
        "source": "Profil anak",
    }


def test_spaces_in_a_title_are_put_right(year, secretary):
    plan = record_plan(
        city=year.city, instrument=year.instrument, facts=FACTS, by=secretary, at=NOW
    )

    assert plan.title == "RAD KLA 2025–2030"


@pytest.mark.parametrize(
    "facts",
    [
        PlanFacts("RAD", 2030, 2025),
        PlanFacts("RAD", 2020, 2030),
        PlanFacts("RAD", 2025, 2030, children=100),
        PlanFacts("RAD", 1999, 2001),
        PlanFacts("", 2025, 2030),
    ],
)
def test_a_plan_that_cannot_be_is_refused(year, secretary, facts):
    with pytest.raises(ValidationError):
        record_plan(city=year.city, instrument=year.instrument, facts=facts, by=secretary, at=NOW)

    assert not ActionPlan.objects.exists()
    assert trail(year.city) == []


def test_ten_years_are_the_longest_plan(year, secretary):
    facts = PlanFacts("RAD", 2021, 2030)

    plan = record_plan(
        city=year.city, instrument=year.instrument, facts=facts, by=secretary, at=NOW
    )

    assert len(plan.years) == 10


def test_the_basis_must_be_a_rule_of_the_city(year, secretary):
    foreign = RegulationFactory(city=CityFactory())

    code = refusal(
        record_plan,
        city=year.city,
        instrument=year.instrument,
        facts=PlanFacts("RAD", 2025, 2030, foreign),
        by=secretary,
    )

    assert code == "foreign"
    assert not ActionPlan.objects.exists()


def test_two_plans_of_one_title_are_one_too_many(plan, secretary):
    with pytest.raises(ValidationError, match="sudah tercatat"):
        record_plan(
            city=plan.city,
            instrument=plan.instrument,
            facts=PlanFacts(plan.title, 2025, 2030),
            by=secretary,
            at=NOW,
        )


def test_a_year_in_which_actions_stand_cannot_be_cut_off(action, secretary):
    plan = action.plan
    ActionYearFactory(action=action, year=2030)

    code = refusal(
        change_plan, plan_id=plan.pk, facts=PlanFacts(plan.title, 2025, 2029), by=secretary
    )

    plan.refresh_from_db()
    assert (code, plan.last_year) == ("used_year", 2030)


def test_a_change_says_what_was_before_and_no_change_says_nothing(plan, secretary):
    same = PlanFacts(plan.title, 2025, 2030)
    change_plan(plan_id=plan.pk, facts=same, by=secretary, at=NOW)
    assert trail(plan.city) == []

    change_plan(plan_id=plan.pk, facts=PlanFacts("Baru", 2025, 2031), by=secretary, at=NOW)

    [(_deed, target, before, after)] = trail(plan.city)
    assert (target, before["period"], after["period"]) == (plan.title, "2025–2030", "2025–2031")


def test_a_plan_is_tied_to_a_document_once(plan, secretary):
    paper = SupportingDocumentFactory(city=plan.city)
    told = {
        "plan_id": plan.pk,
        "kind": LinkKind.RPJMD,
        "title": "RPJMD  bab IV",
        "address": "",
        "document_id": paper.pk,
        "by": secretary,
        "at": NOW,
    }

    link = add_link(**told)

    assert (link.title, link.document) == ("RPJMD bab IV", paper)
    with pytest.raises(ValidationError, match="sudah tercatat"):
        add_link(**told)
    assert plan.links.count() == 1


def test_a_document_of_another_city_ties_nothing(plan, secretary):
    paper = SupportingDocumentFactory(city=CityFactory())

    code = refusal(
        add_link,
        plan_id=plan.pk,
        kind=LinkKind.DPA,
        title="DPA",
        address="",
        document_id=paper.pk,
        by=secretary,
    )

    assert (code, PlanLink.objects.count()) == ("foreign", 0)


def test_a_tie_is_loosened_once(plan, secretary):
    link = PlanLink.objects.create(plan=plan, kind=LinkKind.RPJMD, title="RPJMD")
    other = PlanLink.objects.create(
        plan=ActionPlanFactory(city=plan.city, instrument=plan.instrument),
        kind=LinkKind.RPJMD,
        title="RPJMD",
    )

    for pk in (link.pk, link.pk, other.pk):  # the other is of another plan
        remove_link(plan_id=plan.pk, link_id=pk, by=secretary, at=NOW)

    assert list(PlanLink.objects.all()) == [other]
    assert len(trail(plan.city)) == 1


def test_a_plan_that_is_gone_says_so(secretary):
    assert refusal(change_plan, plan_id=99, facts=FACTS, by=secretary) == "removed"


def test_an_opd_changes_no_plan(plan, dinkes):
    with pytest.raises(PermissionDenied):
        change_plan(plan_id=plan.pk, facts=FACTS, by=dinkes.user, at=NOW)
