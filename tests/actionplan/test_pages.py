"""The pages of a plan: what they show and take, and to whom."""

import re

import pytest
from django.urls import reverse

from actionplan.lights import LightRules, Proof, light_rules
from actionplan.models import Action, ActionPlan, ActionYear, Realisation, YearGoal
from assessments.models import Evidence
from tests.actionplan.test_actions import indicator
from tests.factories.actionplan import (
    ActionFactory,
    ActionQuestionFactory,
    ActionYearFactory,
    RealisationFactory,
)
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory
from tests.factories.nomenclature import NomenclatureCodeFactory, NomenclatureFactory
from tests.factories.plans import PlanFactory, PlanStepFactory


@pytest.fixture
def coordinator(client, secretary):
    client.force_login(secretary)
    return client


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


def test_a_code_that_was_replaced_names_its_successor_on_the_page(coordinator, action):
    Action.objects.update(code="2.08.02")
    old = NomenclatureFactory(city=action.plan.city, valid_from="2023-01-01")
    NomenclatureCodeFactory(nomenclature=old, code="2.08.02", name="Koordinasi")
    new = NomenclatureFactory(city=action.plan.city, decree="Kepmen baru")
    NomenclatureCodeFactory(nomenclature=new, code="2.08.09", name="Sinkron", previous="2.08.02")

    told = text(coordinator.get(page(action.plan, "action_detail", 1)))

    assert "2.08.02 (program) Koordinasi Diganti oleh Kepmen baru: 2.08.09 Sinkron" in told


def test_an_opd_sees_its_own_actions_and_no_budget_of_the_whole(client, plan, action, dinkes):
    foreign = ActionFactory(plan=plan, number=2, name="Milik dinas lain")
    ActionYearFactory(action=foreign, ceiling=7_777_777)
    client.force_login(dinkes.user)

    told = text(client.get(page(plan, "plan_detail"), {"tahun": "2026"}))

    assert action.name in told
    assert "Milik dinas lain" not in told
    assert "pagu Rp1.250.000.000" in told
    assert client.get(page(plan, "action_detail", 2)).status_code == 404
    assert client.get(page(plan, "budget", 2026)).status_code == 403
    assert b"7.777.777" not in client.get(page(plan, "monitoring", 2026)).content
    answer = client.get(page(plan, "monitoring", 2026), {"data": "pemantauan", "format": "csv"})
    assert b"Milik dinas lain" not in answer.content


def test_an_opd_reports_a_quarter_and_corrects_it(client, action, dinkes):
    client.force_login(dinkes.user)
    url = page(action.plan, "realisation_edit", 1, 2026, 1)
    said = {"physical": "12,5", "money": "312.500.000", "obstacle": "Lelang", "seen": "0"}
    client.post(url, said)

    shown = client.get(url).content.decode()
    assert 'value="12,5"' in shown
    assert 'value="312.500.000"' in shown
    answer = client.post(url, said | {"physical": "13", "seen": "1"}, follow=True)

    assert "Laporan triwulan 1 tersimpan." in text(answer)
    assert [str(one.physical) for one in Realisation.objects.all()] == ["12.50", "13.00"]


def test_a_report_upon_an_unseen_one_comes_back_with_its_words(client, action, dinkes):
    RealisationFactory(action_year=action.years.get())
    client.force_login(dinkes.user)
    said = {"physical": "90", "money": "1", "obstacle": "Panjang sekali", "seen": "0"}

    answer = client.post(page(action.plan, "realisation_edit", 1, 2026, 1), said)

    assert "sudah dilaporkan orang lain" in text(answer)
    assert "Panjang sekali" in answer.content.decode()
    assert Realisation.objects.count() == 1


def test_the_matrix_goes_out_as_paper_and_as_workbook(coordinator, action):
    pdf = coordinator.get(page(action.plan, "monitoring_pdf", 2026))
    book_of = coordinator.get(
        page(action.plan, "monitoring", 2026), {"data": "pemantauan", "format": "xlsx"}
    )

    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert book_of.status_code == 200
    assert b"".join(book_of.streaming_content)[:2] == b"PK"


def test_the_matrix_is_handed_in_for_the_question_that_asks_for_it(
    coordinator, action, year, monkeypatch
):
    rules = light_rules()
    proofs = {year.instrument.code: Proof("1.2", "foto")}
    proving = LightRules(rules.source, rules.expected, rules.lights, proofs)
    monkeypatch.setattr("actionplan.services.matrices.light_rules", lambda: proving)

    answer = coordinator.post(page(action.plan, "monitoring_file", 2026), follow=True)

    evidence = Evidence.objects.get()
    assert answer.redirect_chain == [(answer_of(year, "1.2").get_absolute_url(), 302)]
    assert evidence.document.title == "Matriks pemantauan RAD 2026"
    assert evidence.kind.code == "foto"


def test_where_no_question_asks_for_the_matrix_nothing_is_stored(coordinator, action):
    answer = coordinator.post(page(action.plan, "monitoring_file", 2026), follow=True)

    assert "tidak meminta matriks" in text(answer)
    assert not Evidence.objects.exists()


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


def test_an_action_says_which_points_it_should_bring_but_not_to_an_opd(
    client, secretary, action, year, dinkes
):
    question = answer_of(year, "1.2").question
    ActionQuestionFactory(action=action, question=question, planned_in=year, goal=7)
    url = page(action.plan, "action_detail", 1)

    client.force_login(secretary)
    assert "Direncanakan +7 poin dari 2026; belum ada penilaian berikutnya." in text(
        client.get(url)
    )
    client.force_login(dinkes.user)
    assert "Direncanakan +7" not in text(client.get(url))


def test_a_target_is_set_by_coordinators_only(client, secretary, city):
    url = reverse("actionplan:targets", args=[city.slug])
    said = {"year": "2027", "predikat": "Madya", "source": "RPJMD"}
    client.force_login(MembershipFactory(pimpinan=True, city=city).user)
    assert client.post(url, said).status_code == 403
    assert "Simpan target" not in text(client.get(url))
    client.force_login(secretary)

    answer = client.post(url, said, follow=True)

    assert (YearGoal.objects.get().predikat, YearGoal.objects.get().source) == ("Madya", "RPJMD")
    assert "Target terakhir: Madya pada 2027." in text(answer)


def test_the_checks_lead_to_where_things_are_mended(coordinator, action):
    shown = coordinator.get(page(action.plan, "checks", 2026)).content.decode()

    for url in re.findall(r'<li><a href="(/kota/[^"#]+)', shown):
        assert coordinator.get(url.replace("&amp;", "&")).status_code == 200
    assert "RAD ini belum dikaitkan dengan RPJMD" in shown


@pytest.mark.parametrize("asked", ["2026", "1999", "abc", "99999999"])
def test_a_year_in_the_address_is_taken_to_the_nearest_of_the_plan(coordinator, plan, asked):
    assert coordinator.get(page(plan, "plan_detail"), {"tahun": asked}).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_pages_its_actions_and_narrows_them(coordinator, plan, count):
    for number in range(1, count + 1):
        ActionFactory(plan=plan, number=number, name=f"Aksi ke-{number}")

    shown = coordinator.get(page(plan, "plan_detail"))
    found = coordinator.get(page(plan, "plan_detail"), {"q": f"ke-{count}"})

    assert len(shown.context["page_obj"].object_list) == min(count, 12)
    assert [row.action.number for row in found.context["page_obj"]] == [count]
