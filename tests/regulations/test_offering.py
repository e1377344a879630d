"""The stored text of a regulation is offered for each of its topics without another upload."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Evidence
from cities.models import Membership
from regulations.queries import coverage
from regulations.queries.coverage import coverage_board
from regulations.services.offering import offer_regulation
from regulations.topics import Topics
from tests.assessments.situations import (
    checked,
    hand_in,
    secretary_of,
    staff_of,
    working_year,
)
from tests.factories.assessments import answer_of
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.regulations import CoverageFactory, RegulationFactory, RelationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(db):
    """1.1 and 1.2 stand for topics: both ask for a Perda."""
    year = working_year()
    perda = year.instrument.evidence_kinds.get(code="perda")
    for code in ("1.1", "1.2"):
        answer_of(year, code).question.evidence_kinds.add(perda)
    return year


@pytest.fixture
def rule(year):
    """A Perda about both topics, whose text was handed in for 1.1."""
    offer = stored_for(year, "1.1")
    rule = RegulationFactory(city=year.city, number="4", document=offer.document)
    for code in ("1.1", "1.2"):
        CoverageFactory(regulation=rule, question=answer_of(year, code).question)
    return rule


def stored_for(year, code, content=b"perda"):
    answer = answer_of(year, code)
    kind = answer.question.evidence_kinds.get(code="perda")
    (offer,) = hand_in(answer, kind=kind, files=[checked(content)])
    return offer


def offered(rule, answer, by):
    return offer_regulation(regulation=rule, answer=answer, by=by, at=timezone.now())


def refusal(deed):
    with pytest.raises(ValidationError) as caught:
        deed()
    return caught.value.code, caught.value.messages


def about(answer):
    rows = Evidence.objects.filter(answer=answer).order_by("pk")
    return [(one.document_id, one.kind.code, one.verdict) for one in rows]


def test_it_stands_on_both_questions_as_one_document(year, rule):
    answer = answer_of(year, "1.2")

    offered(rule, answer, secretary_of(year))

    assert about(answer) == [(rule.document_id, "perda", "waiting")]
    assert about(answer_of(year, "1.1")) == [(rule.document_id, "perda", "waiting")]


def test_it_is_not_offered_twice(year, rule):
    answer, by = answer_of(year, "1.2"), secretary_of(year)
    offered(rule, answer, by)

    assert refusal(lambda: offered(rule, answer, by))[0] == "already_offered"
    assert len(about(answer)) == 1


def test_a_rule_that_does_not_hold_is_refused_with_what_became_of_it(year, rule):
    RelationFactory(
        source=RegulationFactory(city=year.city, number="9", promulgated_on=date(2024, 1, 2)),
        target=rule,
    )

    assert refusal(lambda: offered(rule, answer_of(year, "1.2"), secretary_of(year))) == (
        "not_in_force",
        [
            "Peraturan daerah Nomor 4 Tahun 2020 tidak dapat diajukan: dicabut pada tahun yang dinilai."
        ],
    )


def test_a_rule_about_something_else_is_refused(year, rule):
    rule.coverages.filter(question=answer_of(year, "1.2").question).delete()

    assert refusal(lambda: offered(rule, answer_of(year, "1.2"), secretary_of(year)))[0] == (
        "not_about"
    )


def test_a_rule_of_another_city_is_refused(year, rule):
    other = RegulationFactory(city=CityFactory(), document=rule.document)
    CoverageFactory(regulation=other, question=answer_of(year, "1.2").question)

    assert refusal(lambda: offered(other, answer_of(year, "1.2"), secretary_of(year)))[0] == (
        "not_about"
    )


def test_a_rule_without_a_text_is_refused(year, rule):
    rule.document = None
    rule.save()

    assert refusal(lambda: offered(rule, answer_of(year, "1.2"), secretary_of(year))) == (
        "no_text",
        [
            "Berkas Peraturan daerah Nomor 4 Tahun 2020 belum ditetapkan atau tidak terbuka bagi Anda."
        ],
    )


def test_a_question_that_asks_for_no_such_kind_is_named(year, rule):
    answer = answer_of(year, "1.2")
    answer.question.evidence_kinds.remove(answer.question.evidence_kinds.get(code="perda"))

    assert refusal(lambda: offered(rule, answer, secretary_of(year))) == (
        "wrong_kind",
        ["Pertanyaan 1.2 tidak meminta peraturan daerah."],
    )


def test_an_opd_offers_only_a_text_that_it_may_see(year, rule):
    """1.2 lies with Disdik, 1.1 with DP3A alone."""
    answer, member = answer_of(year, "1.2"), staff_of(year, "DISDIK")
    assert refusal(lambda: offered(rule, answer, member.user))[0] == "no_text"

    rule.document.opd = member.opd
    rule.document.save()
    offered(rule, answer, member.user)

    assert about(answer) == [(rule.document_id, "perda", "waiting")]


@pytest.mark.parametrize("role", ["pimpinan", "pendamping", "verifikator"])
def test_whoever_answers_no_question_offers_nothing(year, rule, role):
    someone = MembershipFactory(city=year.city, **{role: True}).user

    with pytest.raises(PermissionDenied):
        offered(rule, answer_of(year, "1.2"), someone)

    assert about(answer_of(year, "1.2")) == []


# --- The page of the topics -----------------------------------------------------------------------


@pytest.fixture
def topics(monkeypatch):
    """Both questions ask for a regulation, as far as the page is concerned."""

    monkeypatch.setattr(coverage, "topics_of", lambda *_codes: Topics(policy=("1.1", "1.2")))


def may_offer(year, user):
    member = Membership.objects.select_related("user", "city", "opd").get(user=user)
    return {row.answer.question.code: row.may_offer for row in coverage_board(year, member).policy}


def test_the_page_has_a_button_where_a_text_is_to_offer(year, rule, topics):
    client = Client(enforce_csrf_checks=True)
    client.force_login(secretary_of(year))
    page = reverse("regulations:coverage_detail", args=[year.city.slug, year.year])
    url = reverse("regulations:regulation_offer", args=[year.city.slug, year.year, rule.pk, "1.2"])
    content = client.get(page).content.decode()
    assert content.count("Ajukan berkasnya</button>") == 1
    form = content.partition(f'action="{url}"')[2].partition("</form>")[0]
    sent = {"csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]}

    answered = client.post(url, sent, follow=True)

    assert [str(one) for one in answered.context["messages"]] == [
        "Peraturan daerah Nomor 4 Tahun 2020 diajukan untuk pertanyaan 1.2 dan menunggu pemeriksaan."
    ]
    assert answered.redirect_chain == [(page, 302)]
    assert "Ajukan berkasnya" not in answered.content.decode()

    again = client.post(url, sent, follow=True)
    assert "sudah diajukan untuk pertanyaan ini" in str(next(iter(again.context["messages"])))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"is_draft": True}, False),
        ({"document": None}, False),
        ({"kind": "perkada"}, False),  # which the question does not ask for
        ({"ends_on": date(2021, 1, 1)}, False),
    ],
)
def test_only_what_the_deed_would_take_has_a_button(year, rule, topics, change, expected):
    secretary, answer = secretary_of(year), answer_of(year, "1.2")
    for name, value in change.items():
        setattr(rule, name, value)
    rule.save()

    assert may_offer(year, secretary) == {"1.1": False, "1.2": expected}
    if expected:
        offered(rule, answer, secretary)
    else:
        refusal(lambda: offered(rule, answer, secretary))


def test_whoever_answers_no_question_sees_no_button(year, rule, topics):
    someone = MembershipFactory(city=year.city, pimpinan=True).user

    assert may_offer(year, someone) == {"1.1": False, "1.2": False}


def test_the_page_costs_the_same_with_one_text_and_with_ten(year, rule, topics):
    member = Membership.objects.select_related("user", "city", "opd").get(user=secretary_of(year))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            coverage_board(year, member)
        return len(queries)

    one = cost()
    for number in range(10):
        offer = stored_for(year, "1.1", content=f"perda {number}".encode())
        more = RegulationFactory(city=year.city, number=f"1{number}", document=offer.document)
        CoverageFactory(regulation=more, question=answer_of(year, "1.2").question)

    assert (one, cost()) == (4, 4)
