"""The pages of a plan: what they show and take, and to whom."""

import re

import pytest
from django.urls import reverse

from actionplan.models import Action, ActionPlan, ActionYear
from tests.actionplan.test_actions import indicator
from tests.factories.assessments import answer_of
from tests.factories.cities import CityFactory
from tests.factories.nomenclature import NomenclatureCodeFactory, NomenclatureFactory
from tests.factories.plans import PlanFactory, PlanStepFactory


def page(plan, name, *args):
    return reverse(f"actionplan:{name}", args=[plan.city.slug, plan.pk, *args])


def text(answer):
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(words.split())


def test_a_plan_is_recorded_on_its_page_with_the_instrument_of_the_year(coordinator, year):
    answer = coordinator.post(
        reverse("actionplan:plan_create", args=[year.city.slug]),
        {"title": "RAD KLA", "first_year": "2025", "last_year": "2030", "grace_days": "10"},
        follow=True,
    )

    plan = ActionPlan.objects.get()
    assert answer.redirect_chain == [(plan.get_absolute_url(), 302)]
    assert (plan.instrument, plan.grace_days) == (year.instrument, 10)
    assert "Belum ada aksi" in text(answer)


def test_children_without_a_source_are_refused_at_their_field(coordinator, plan):
    said = {"title": "RAD", "first_year": "2025", "last_year": "2030", "grace_days": "14"}

    answer = coordinator.post(page(plan, "plan_edit"), said | {"children": "100"})

    assert "Tuliskan sumber jumlah anak." in text(answer)
    plan.refresh_from_db()
    assert plan.children is None


def test_an_action_and_its_ceiling_are_typed_the_indonesian_way(coordinator, plan):
    coordinator.post(
        page(plan, "action_create"),
        {
            "number": "1",
            "indicator": indicator(plan).pk,
            "name": "Latih anggota",
            "reach": "langsung",
            "direction": "naik",
            "baseline": "12,5",
            "questions": "1.1; 1.2",
        },
    )
    answer = coordinator.post(
        page(plan, "year_edit", 1, 2026),
        {"target": "60", "ceiling": "Rp 1.250.000.001", "source": "apbd kota"},
        follow=True,
    )

    row = ActionYear.objects.get()
    assert (row.ceiling, str(row.action.baseline)) == (1_250_000_001, "12.500")
    assert [one.question.code for one in row.action.questions.all()] == ["1.1", "1.2"]
    assert "Rp1.250.000.001" in text(answer)


@pytest.mark.parametrize("typed", ["Rp 1,25 M", "1,250,000", "-5"])
def test_an_amount_with_two_readings_comes_back_with_its_reason(coordinator, action, typed):
    answer = coordinator.post(page(action.plan, "year_edit", 1, 2026), {"ceiling": typed})

    assert "lebih dari satu cara" in text(answer)
    assert f'value="{typed}"' in answer.content.decode()
    assert action.years.get().ceiling == 1_250_000_000


def test_the_form_of_a_year_shows_what_is_stored_as_it_takes_it(coordinator, action):
    shown = coordinator.get(page(action.plan, "year_edit", 1, 2026)).content.decode()

    assert 'value="1.250.000.000"' in shown
    assert 'value="60"' in shown


def test_the_way_becomes_actions_with_one_button(coordinator, plan, year):
    way = PlanFactory(assessment=year)
    step = PlanStepFactory(plan=way, answer=answer_of(year, "2a.2"))
    url = reverse("actionplan:from_plan", args=[year.city.slug, year.year, way.pk])
    assert f'name="langkah" value="{step.pk}" checked' in coordinator.get(url).content.decode()

    answer = coordinator.post(url, {"langkah": [step.pk]}, follow=True)

    assert "1 langkah menjadi aksi 2027. Isi pagunya." in text(answer)
    assert "Sudah menjadi aksi 1" in text(coordinator.get(url))
    assert b'name="langkah"' not in coordinator.get(url).content


def test_without_a_plan_for_next_year_the_way_says_what_to_do(coordinator, year):
    way = PlanFactory(assessment=year)
    url = reverse("actionplan:from_plan", args=[year.city.slug, year.year, way.pk])

    assert "Belum ada RAD untuk 2027" in text(coordinator.get(url))
    assert coordinator.post(url).status_code == 200


@pytest.fixture
def replaced(action):
    """The action's code, 2.08.02, gave way to 2.08.09 when 2025 began."""
    Action.objects.update(code="2.08.02")
    old = NomenclatureFactory(city=action.plan.city, valid_from="2023-01-01")
    NomenclatureCodeFactory(nomenclature=old, code="2.08.02", name="Koordinasi")
    new = NomenclatureFactory(city=action.plan.city, decree="Kepmen baru")
    NomenclatureCodeFactory(nomenclature=new, code="2.08.09", name="Sinkron", previous="2.08.02")
    return action


def test_the_form_of_an_action_says_at_its_code_what_took_its_place(coordinator, replaced):
    shown = coordinator.get(page(replaced.plan, "action_edit", 1)).content.decode()

    helped = re.search(r'<input[^>]*name="code"[^>]*aria-describedby="(\w+)"', shown)[1]
    told = re.search(rf'id="{helped}"[^>]*>([^<]*)<', shown)[1]
    assert told.strip() == "2.08.02: Diganti oleh Kepmen baru: 2.08.09 Sinkron."


def test_a_refused_form_still_says_what_took_the_place_of_the_code(coordinator, replaced):
    answer = coordinator.post(page(replaced.plan, "action_edit", 1), {"code": "2.08.09"})

    assert answer.status_code == 200
    assert "2.08.02: Diganti oleh Kepmen baru: 2.08.09 Sinkron." in text(answer)


@pytest.mark.parametrize("code", ["", "2.08.09", "9.99.99"])
def test_a_code_that_did_not_change_has_nothing_beside_it(coordinator, replaced, code):
    Action.objects.update(code=code)

    shown = coordinator.get(page(replaced.plan, "action_edit", 1)).content.decode()

    assert "Kepmen baru" not in shown


def test_another_citys_decree_says_nothing_of_our_code(coordinator, action):
    Action.objects.update(code="2.08.02")
    foreign = NomenclatureFactory(city=CityFactory(), valid_from="2023-01-01")
    NomenclatureCodeFactory(nomenclature=foreign, code="2.08.02", name="Milik kota lain")
    later = NomenclatureFactory(city=foreign.city, decree="Kepmen baru")
    NomenclatureCodeFactory(nomenclature=later, code="2.08.09", previous="2.08.02")

    shown = coordinator.get(page(action.plan, "action_edit", 1)).content.decode()

    assert "Kepmen baru" not in shown
