"""What a RAD leads to, by the interface: planning documents, questions with the points they were to
bring, codes of the nomenclature, and what verifiers criticise."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from actionplan.choices import LinkKind
from monitoring.queries.board import monitoring
from monitoring.queries.checks import check_plan
from tests.assessments.situations import working_year
from tests.factories.actionplan import (
    ActionFactory,
    ActionQuestionFactory,
    ActionYearFactory,
    PlanLinkFactory,
)
from tests.factories.assessments import SupportingDocumentFactory, answer_of
from tests.factories.clusters import small_spec
from tests.factories.nomenclature import NomenclatureCodeFactory, NomenclatureFactory
from tests.monitoring.test_outcomes import proven

TODAY = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)


def ask(world, who, rest):
    answer = world.ask(who, f"{world.city}action-plans/{world.action.plan_id}/{rest}")
    return answer.json() if answer.status_code == 200 else answer.status_code


def actions(world, who="pimpinan"):
    return ask(world, who, "actions/")["items"]


# --- Planning documents -----------------------------------------------------------------------


def test_a_plan_tells_what_it_is_tied_to_and_where_that_stands(world):
    plan = world.action.plan
    address = "https://bappeda.example.go.id/rkpd.pdf"
    document = SupportingDocumentFactory(city=world.assessment.city)
    bare = PlanLinkFactory(plan=plan)
    linked = PlanLinkFactory(plan=plan, kind=LinkKind.RKPD, address=address)
    stored = PlanLinkFactory(plan=plan, kind=LinkKind.DPA, document=document, address=address)

    def line(one, name, address=None, document=None):
        return {
            "id": one.pk, "kind": one.kind, "kind_name": name, "title": one.title,
            "address": address, "document": document,
        }  # fmt: skip

    told = {"items": None, "next": None} | {
        "items": [
            line(bare, "RPJMD"),
            line(linked, "RKPD", address),
            line(stored, "DPA", None, str(document.pk)),
        ]
    }
    assert ask(world, "pimpinan", "links/") == ask(world, "opd_other", "links/") == told


def test_a_document_that_a_plan_is_tied_to_opens_for_whoever_sees_it_at_its_question(world):
    tied = PlanLinkFactory(plan=world.action.plan, document=world.evidence.document)
    loose = PlanLinkFactory(
        plan=world.action.plan, document=SupportingDocumentFactory(city=world.assessment.city)
    )

    def opened(who, link):
        return world.ask(who, f"{world.city}documents/{link.document_id}/").status_code

    who = ("pimpinan", "opd_own", "opd_other")
    assert [opened(one, tied) for one in who] == [200, 200, 404]
    assert [opened(one, loose) for one in who] == [404, 404, 404]


# --- Questions --------------------------------------------------------------------------------


def test_an_action_tells_its_questions_and_what_the_next_year_proves_of_their_points(world):
    year = world.assessment
    before = working_year(city=year.city, year=2025)
    proven(year, "1.2", "3")
    kept = answer_of(year, "1.2").question
    for question, facts in (
        (kept, {"planned_in": before, "start": 1, "goal": Decimal("2.5")}),
        (answer_of(year, "1.1").question, {"planned_in": year, "start": 0, "goal": 2}),
        (answer_of(year, "2a.2").question, {}),
    ):
        ActionQuestionFactory(action=world.action, question=question, **facts)
    other = ActionFactory(plan=world.action.plan)

    told = {one["number"]: one["questions"] for one in actions(world)}

    def line(code, **facts):
        names = ("planned_in", "planned", "told_in", "reached", "is_kept")
        return {"question": code} | dict.fromkeys(names) | facts

    assert told == {
        world.action.number: [
            line("1.1", planned_in=2026, planned="2"),
            line("1.2", planned_in=2025, planned="1.5", told_in=2026, reached="2", is_kept=True),
            line("2a.2"),
        ],
        other.number: [],
    }


def test_questions_are_told_to_whoever_sees_the_year_as_on_the_page_of_the_action(world, client):
    ActionQuestionFactory(action=world.action, question=world.answer.question)
    page = {}
    for who in ("pimpinan", "opd_own"):
        client.force_login(world.people[who])
        page[who] = "Poin yang diharapkan" in client.get(world.action.get_absolute_url()).text

    told = {who: actions(world, who)[0]["questions"] is not None for who in page}

    assert told == page == {"pimpinan": True, "opd_own": False}


# --- Codes ------------------------------------------------------------------------------------


def test_a_code_tells_its_name_and_what_became_of_it_in_the_citys_own_nomenclature(world):
    city, plan = world.assessment.city, world.action.plan
    old = NomenclatureFactory(city=city, valid_from=date(2024, 1, 1))
    new = NomenclatureFactory(city=city, decree="Kepmen 1/2026", valid_from=date(2026, 1, 1))
    for book in (old, new):
        NomenclatureCodeFactory(nomenclature=book, code="2.08.01", name="Tetap")
    NomenclatureCodeFactory(nomenclature=old, code="2.08.02", name="Lama")
    NomenclatureCodeFactory(nomenclature=new, code="2.08.09", name="Baru", previous="2.08.02")
    theirs = working_year(spec=small_spec(code="lain-2026")).city
    NomenclatureCodeFactory(
        nomenclature=NomenclatureFactory(city=theirs), code="2.08.05", name="Bocor"
    )
    codes = ("2.08.01", "2.08.02", "2.08.05", "")
    numbers = [ActionFactory(plan=plan, code=code).number for code in codes]

    told = {one["number"]: one for one in actions(world)}

    assert [
        tuple(told[number][f"code{name}"] for name in ("", "_year", "_state", "_name", "_change"))
        for number in numbers
    ] == [
        ("2.08.01", 2026, "valid", "Tetap", ""),
        ("2.08.02", 2026, "replaced", "Lama", "Diganti oleh Kepmen 1/2026: 2.08.09 Baru."),
        ("2.08.05", 2026, "unknown", "", ""),
        ("", 2026, None, "", ""),
    ]


# --- What verifiers criticise -----------------------------------------------------------------


def test_the_checks_of_a_plan_are_those_of_its_page(world):
    ActionFactory(plan=world.action.plan)  # of nobody
    plan = world.action.plan
    member = world.people["pimpinan"].memberships.get()
    board = monitoring(plan, member, 2026, today=TODAY.date())
    expected = [
        {"rule": group.key, "title": group.title, "sentence": one.sentence}
        for group in check_plan(board, today=TODAY.date())
        for one in group.findings
    ]

    told = ask(world, "pimpinan", "years/2026/checks/")

    assert told == expected
    assert told[0] == {
        "rule": "rpjmd",
        "title": "RAD tidak terkait RPJMD",
        "sentence": "RAD ini belum dikaitkan dengan RPJMD. Tambahkan bab dan halamannya.",
    }
    assert {one["rule"] for one in told} >= {"rpjmd", "dasar", "opd"}


def test_the_checks_are_for_whoever_sees_the_whole_plan_and_for_its_years_alone(world):
    assert ask(world, "opd_own", "years/2026/checks/") == 403
    assert ask(world, "pimpinan", "years/2031/checks/") == 404


# --- What it costs ----------------------------------------------------------------------------


def test_a_budget_tells_what_is_planned_by_cluster_opd_and_source_and_for_each_child(world):
    plan, action = world.action.plan, world.action
    type(plan).objects.filter(pk=plan.pk).update(children=1000, children_source="SIAK")
    action.years.update(child_share=Decimal(40), child_reason="Peserta")
    nobody = ActionFactory(plan=plan)
    ActionYearFactory(action=nobody, ceiling=1_000_000, source="")
    ActionYearFactory(action=nobody, year=2027, ceiling=9_999_999)

    told = ask(world, "pimpinan", "years/2026/budget/")

    supposed = told["total"]["supposed"]
    line = {"actions": 1, "ceiling": 1_250_000_000, "spent": 250_000_000}
    line |= {"for_children": 500_000_000, "unsaid": 0, "supposed": 0}
    bare = {"actions": 1, "ceiling": 1_000_000, "spent": 0}
    bare |= {"for_children": 0, "unsaid": 1, "supposed": supposed}
    both = {name: line[name] + bare[name] for name in line}
    assert told == {
        "total": {"name": "Seluruhnya"} | both,
        "clusters": [{"name": action.indicator.cluster.label} | both],
        "opds": [{"name": str(action.lead)} | line, {"name": "Tanpa OPD"} | bare],
        "sources": [
            {"name": "APBD kabupaten/kota", "rupiah": 1_250_000_000},
            {"name": "Belum disebut", "rupiah": 1_000_000},
        ],
        "children": 1000,
        "children_source": "SIAK",
        "per_child": 1_251_000,
        "share_per_child": (500_000_000 + supposed) // 1000,
    }
    assert 0 <= supposed <= 1_000_000


def test_without_a_number_of_children_nothing_is_told_for_each(world):
    told = ask(world, "pimpinan", "years/2026/budget/")

    names = ("children", "children_source", "per_child", "share_per_child")
    assert [told[name] for name in names] == [None, "", None, None]
    assert ask(world, "opd_own", "years/2026/budget/") == 403
    assert ask(world, "pimpinan", "years/2031/budget/") == 404
