"""The pages of planning, through the browser's addresses and forms."""

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from assessments.models import Assessment
from cities.models import Opd
from clusters.library import packaged
from clusters.models import Band
from plans.choices import Basis
from plans.models import Effort, Plan, Scenario
from tests.assessments.situations import everything
from tests.factories.assessments import EvidenceFactory, answer_of, granted, open_year
from tests.factories.cities import MembershipFactory
from tests.factories.clusters import generous_spec
from tests.factories.plans import EffortFactory, PlanFactory, PlanStepFactory, ScenarioFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordinator(client, secretariat):
    client.force_login(secretariat.user)
    return secretariat


def url(name, year, *args):
    return reverse(f"plans:{name}", args=[year.city.slug, year.year, *args])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def way(client, year, query=""):
    return client.get(url("pathway_detail", year) + query).context["board"]


def codes(board):
    return list(board.best.way.questions)


# --- The way ----------------------------------------------------------------------------------


def test_without_an_address_the_goal_is_the_next_predikat(client, year):
    board = way(client, year)

    assert (board.query.predikat, board.query.total, board.query.basis) == (
        "Pratama",
        50,
        Basis.PROVEN,
    )
    granted(answer_of(year, "1.1"), "30")
    granted(answer_of(year, "2b.1"), "25")
    for code in ("1.1", "2b.1"):
        EvidenceFactory(answer=answer_of(year, code), accepted=True)
    assert way(client, year).query.predikat == "Madya"


def test_at_the_top_the_goal_is_the_highest_predikat_and_nothing_is_left_to_do(client, year):
    for answer in year.answers.all():
        granted(answer, str(answer.question.max_points))
        EvidenceFactory(answer=answer, accepted=True)

    board = way(client, year)

    assert (board.query.predikat, codes(board), board.rest) == ("Madya", [], [])


def test_an_instrument_without_bands_is_asked_for_a_total(client, year, coordinator):
    spec = replace(generous_spec(), code="tanpa-predikat", bands=())
    bare = open_year(city=year.city, spec=spec, year=2025)

    assert (way(client, bare).query.predikat, way(client, bare).query.total) == ("", 100)


@pytest.mark.parametrize("written", ["30", "30,0", "30.0"])
def test_any_total_can_be_the_goal(client, year, written):
    board = way(client, year, f"?tujuan=total&total={written}")

    assert (board.query.total, codes(board)) == (30, ["1.1"])


@pytest.mark.parametrize(
    "query",
    [
        "?tujuan=total",
        "?tujuan=total&total=0",
        "?tujuan=total&total=100,001",
        "?tujuan=total&total=banyak",
        "?tujuan=Paripurna",
        "?dasar=ramalan",
    ],
)
def test_a_goal_that_is_none_is_told_on_the_form(client, year, query):
    response = client.get(url("pathway_detail", year) + query)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert "board" not in response.context


def test_the_target_of_the_city_is_marked_among_the_goals(client, year):
    Assessment.objects.filter(pk=year.pk).update(
        target=Band.objects.get(instrument=year.instrument, predikat="Madya")
    )

    choices = client.get(url("pathway_detail", year)).context["form"].fields["tujuan"].choices

    assert [str(label) for _value, label in choices] == [
        "Pratama, mulai 50",
        "Madya, mulai 61 (target kota)",
        "Total tertentu",
    ]


def test_every_question_brings_the_addresses_that_lock_it_leave_it_out_or_free_it(client, year):
    context = client.get(
        url("pathway_detail", year) + "?tujuan=Pratama&kunci=1.2&kecuali=2b.1&kunci=9.9&kunci=1.2"
    ).context

    assert codes(context["board"]) == ["1.1", "1.2"]
    first, second = context["lines"]
    base = "?tujuan=Pratama&dasar=terbukti"
    assert first.lock_query == f"{base}&kunci=1.2&kunci=1.1&kecuali=2b.1"
    assert first.exclude_query == f"{base}&kunci=1.2&kecuali=2b.1&kecuali=1.1"
    assert second.release_query == f"{base}&kecuali=2b.1"
    assert [line.release_query for line in context["excluded"]] == [f"{base}&kunci=1.2"]
    for line in (first, second):
        assert client.get(url("pathway_detail", year) + line.exclude_query).status_code == 200


def test_the_best_bargains_of_the_other_questions_come_first_and_all_by_cluster_when_asked(
    client, year
):
    whole = open_year(city=year.city, spec=packaged("kla-2023"), year=2025)

    few = client.get(url("pathway_detail", whole)).context
    every = client.get(url("pathway_detail", whole) + "?lainnya=semua").context

    assert (len(few["rest"]), few["is_whole"]) == (20, False)
    assert (len(every["rest"]), every["is_whole"]) == (few["rest_count"], True)
    bargains = [bargain(line) for line in few["rest"]]
    assert bargains == sorted(bargains, reverse=True)
    places = [(cluster_of(line).position, -bargain(line)) for line in every["rest"]]
    assert places == sorted(places)


def bargain(line):
    return line.row.gain / line.row.facts.effort


def cluster_of(line):
    return line.row.facts.answer.question.indicator.cluster


def test_who_only_looks_gets_no_form_and_no_link_to_the_efforts(client, year):
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    PlanStepFactory(plan=PlanFactory(assessment=year, name="A"), answer=answer_of(year, "1.1"))

    for page in ("pathway_detail", "whatif"):
        text = client.get(url(page, year)).content.decode()
        assert 'method="post" action="/kota' not in text
        assert "/upaya/" not in text
    text = client.get(url("plan_detail", year, Plan.objects.get().pk)).content.decode()
    assert 'method="post" action="/kota' not in text


# --- Plans ------------------------------------------------------------------------------------

GOAL = "?tujuan=total&total=30&dasar=terbukti"


def save(client, year, name="Menuju Pratama", questions=("1.1",), query=GOAL):
    data = {"name": name, "questions": questions}
    return client.post(url("plan_create", year) + query, data)


def test_what_was_shown_is_saved_as_a_plan(client, year):
    EffortFactory(city=year.city, question=answer_of(year, "1.1").question, value=2)

    response = save(client, year)

    plan = Plan.objects.get()
    assert response.url == url("plan_detail", year, plan.pk)
    assert said(response) == ["Rencana “Menuju Pratama” tersimpan."]
    assert (plan.goal, plan.predikat, plan.basis, plan.start) == (30, "", Basis.PROVEN, 0)
    [row] = plan.steps.all()
    assert (row.answer, row.start, row.goal, row.effort) == (answer_of(year, "1.1"), 0, 30, 2)


def test_a_way_that_has_changed_meanwhile_is_shown_again_and_not_saved(client, year):
    before = everything()

    response = save(client, year, questions=["2b.1"])

    assert response.url == url("pathway_detail", year) + GOAL
    assert said(response) == [
        "Nilai atau upaya berubah sejak halaman dibuka. Periksa jalan yang baru di bawah."
    ]
    assert everything() == before


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_a_plan_without_a_fitting_name_is_not_saved(client, year, name):
    before = everything()

    response = save(client, year, name=name)

    assert said(response) == ["Beri rencana sebuah nama, paling panjang 100 huruf."]
    assert everything() == before


def test_a_name_that_is_taken_is_told(client, year):
    save(client, year)

    response = save(client, year)

    assert said(response)[-1] == "Sudah ada rencana bernama “Menuju Pratama”. Pilih nama lain."
    assert Plan.objects.count() == 1


def test_ticked_steps_are_handed_to_an_opd_with_a_date(client, year):
    plan = PlanFactory(assessment=year)
    ticked, left = answer_of(year, "2a.1"), answer_of(year, "1.1")
    for answer in (ticked, left):
        PlanStepFactory(plan=plan, answer=answer)
    opd = Opd.objects.get(city=year.city, code="DISDIK")
    data = {"answers": [ticked.pk], "opd": opd.pk, "part": "lead", "due_on": "2026-06-30"}

    response = client.post(url("plan_assign", year, plan.pk), data)

    assert response.url == url("plan_detail", year, plan.pk)
    assert said(response) == ["1 langkah ditugaskan kepada Dinas DISDIK."]
    [assignment] = ticked.assignments.all()
    assert (assignment.opd, assignment.is_lead, assignment.due_on) == (opd, True, date(2026, 6, 30))
    assert [one.opd.code for one in left.assignments.all()] == ["DP3A"]


def test_a_question_that_is_no_step_is_not_handed_out_here(client, year):
    plan = PlanFactory(assessment=year)
    PlanStepFactory(plan=plan, answer=answer_of(year, "1.1"))
    opd = Opd.objects.get(city=year.city, code="DISDIK")
    other = answer_of(year, "2a.1")
    before = everything()

    response = client.post(
        url("plan_assign", year, plan.pk), {"answers": [other.pk], "opd": opd.pk, "part": "lead"}
    )

    assert response.status_code == 200
    assert "answers" in response.context["form"].errors
    assert everything() == before


def test_a_closed_year_hands_out_nothing_and_says_so(client, year):
    plan = PlanFactory(assessment=year)
    answer = answer_of(year, "1.1")
    PlanStepFactory(plan=plan, answer=answer)
    Assessment.objects.filter(pk=year.pk).update(stage="closed")
    opd = Opd.objects.get(city=year.city, code="DISDIK")

    assert client.get(url("plan_detail", year, plan.pk)).context["may_assign"] is False
    response = client.post(
        url("plan_assign", year, plan.pk), {"answers": [answer.pk], "opd": opd.pk, "part": "lead"}
    )

    assert response.context["form"].has_error("__all__", "closed")


def test_a_plan_is_removed(client, year):
    plan = PlanFactory(assessment=year, name="Lama")

    response = client.post(url("plan_remove", year, plan.pk))

    assert response.url == url("plan_list", year)
    assert said(response) == ["Rencana “Lama” dihapus. Penugasan dan dokumennya tetap ada."]
    assert Plan.objects.count() == 0


# --- Efforts ----------------------------------------------------------------------------------


def test_an_effort_is_set_and_leads_back_to_the_way_it_came_from(client, year):
    data = {"value": "4", "note": "Sudah di DPRD"}

    response = client.post(url("effort_edit", year, "1.1") + GOAL, data)

    assert response.url == url("pathway_detail", year) + GOAL
    effort = Effort.objects.get()
    assert (effort.city, effort.question.code, effort.value, effort.note) == (
        year.city,
        "1.1",
        4,
        "Sudah di DPRD",
    )
    form = client.get(url("effort_edit", year, "1.1")).context["form"]
    assert form.initial == {"value": 4, "note": "Sudah di DPRD"}


def test_an_empty_effort_goes_back_to_the_estimate(client, year):
    EffortFactory(city=year.city, question=answer_of(year, "1.1").question)

    client.post(url("effort_edit", year, "1.1"), {"value": "", "note": ""})

    assert Effort.objects.count() == 0


@pytest.mark.parametrize("value", ["0", "21", "2,5", "banyak"])
def test_an_effort_outside_its_scale_is_told_on_the_form(client, year, value):
    response = client.post(url("effort_edit", year, "1.1"), {"value": value})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["value"]
    assert Effort.objects.count() == 0


def test_a_question_that_is_none_has_no_effort(client, year):
    assert client.get(url("effort_edit", year, "9.9")).status_code == 404


# --- Scenarios --------------------------------------------------------------------------------


def test_the_outcomes_of_the_address_are_saved_as_a_scenario(client, year):
    response = client.post(
        url("scenario_create", year) + "?h=1.1-t&h=1.2-s&h=9.9-t", {"name": "Berani"}
    )

    assert response.url == url("whatif", year) + "?h=1.1-t&h=1.2-s"
    assert said(response) == ["Skenario “Berani” tersimpan."]
    scenario = Scenario.objects.get()
    assert (scenario.name, scenario.total) == ("Berani", 40)
    [(listed, query)] = client.get(url("whatif", year)).context["scenarios"]
    assert (listed, query) == (scenario, "?h=1.1-t&h=1.2-s")


@pytest.mark.parametrize(
    ("query", "name", "sentence"),
    [
        ("?h=1.1-t", "", "Beri skenario sebuah nama, paling panjang 100 huruf."),
        (
            "",
            "Kosong",
            "Belum ada hasil yang diandaikan. Pilih hasil untuk sedikitnya satu pertanyaan.",
        ),
        ("?h=1.1-t", "Ada", "Sudah ada skenario bernama “Ada”. Pilih nama lain."),
    ],
)
def test_what_keeps_a_scenario_from_being_saved_is_told(client, year, query, name, sentence):
    ScenarioFactory(assessment=year, name="Ada")
    before = everything()

    response = client.post(url("scenario_create", year) + query, {"name": name})

    assert said(response) == [sentence]
    assert everything() == before


def test_a_scenario_is_removed(client, year):
    scenario = ScenarioFactory(assessment=year, name="Lama")

    response = client.post(url("scenario_remove", year, scenario.pk))

    assert response.url == url("whatif", year)
    assert said(response) == ["Skenario “Lama” dihapus."]
    assert Scenario.objects.count() == 0
