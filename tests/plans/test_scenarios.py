"""Suppositions: equal to what really comes of the same verdicts, and without a trace."""

from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import scoring
from assessments.choices import ScoreKind, TrailEvent, Verdict
from assessments.models import Evidence, TotalScore
from assessments.services.review import (
    accept_evidence,
    grant_points,
    return_evidence,
    undo_verdict,
)
from plans import outcome_query
from plans.choices import Outcome
from plans.models import Scenario
from plans.queries import supposing
from plans.queries.questions import planning_year
from plans.queries.scenarios import comparison, whatif_board
from plans.services.scenarios import remove_scenario, save_scenario
from tests.assessments.situations import (
    NOW,
    checked,
    claim,
    everything,
    hand_in,
    history,
    later,
    refused,
    secretary_of,
    stored_scores,
    working_year,
)
from tests.factories.assessments import EvidenceFactory, answer_of, granted, open_year
from tests.factories.cities import MembershipFactory
from tests.factories.clusters import generous_spec, small_spec

pytestmark = pytest.mark.django_db

MAXIMA = {question.code: question.max_points for question in generous_spec().questions()}
BEFORE = ("nothing", "waiting", "accepted", "returned")


def thousandths(most):
    return st.integers(0, int(most * 1000)).map(lambda units: Decimal(units) / 1000)


@st.composite
def years(draw):
    """For each question a claim, papers in some state, and what is supposed of it."""
    return {
        code: {
            "claim": draw(st.none() | thousandths(most)),
            "papers": draw(st.sampled_from(BEFORE)),
            "points": draw(thousandths(most)),
            "outcome": draw(st.none() | st.sampled_from(Outcome)),
        }
        for code, most in MAXIMA.items()
    }


def lived(year, drawn, *, staff, reviewer):
    """Bring the year to what was drawn, through the deeds of people."""
    for code, facts in drawn.items():
        answer = answer_of(year, code)
        claim(answer, facts["claim"], by=staff)
        if facts["papers"] == "nothing":
            continue
        [evidence] = hand_in(answer, by=staff, files=[checked(f"untuk {code}".encode())])
        signed = {"evidence_id": evidence.pk, "by": reviewer, "at": later()}
        if facts["papers"] == "accepted":
            accept_evidence(granted_points=facts["points"], **signed)
        elif facts["papers"] == "returned":
            return_evidence(reason="Buram", **signed)


def decide(year, code, outcome, points, *, staff, reviewer):
    """Give the verdicts that the supposition was about."""
    answer = answer_of(year, code)
    papers = Evidence.objects.filter(answer=answer)
    signed = {"by": reviewer, "at": later(5)}
    if outcome == Outcome.RETURNED:
        for evidence in papers.exclude(verdict=Verdict.RETURNED):
            if evidence.verdict == Verdict.ACCEPTED:
                undo_verdict(evidence_id=evidence.pk, **signed)
            return_evidence(evidence_id=evidence.pk, reason="Buram", **signed)
    elif papers.filter(verdict=Verdict.ACCEPTED).exists():
        grant_points(answer_id=answer.pk, granted_points=points, **signed)
    else:
        files = [checked(f"baru untuk {code}".encode())]
        paper = papers.waiting().first() or hand_in(answer, by=staff, files=files)[0]
        accept_evidence(evidence_id=paper.pk, granted_points=points, **signed)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(years())
def test_a_scenario_comes_true_to_the_last_digit_once_its_verdicts_are_given(drawn):
    with transaction.atomic():
        year = working_year(spec=generous_spec())
        people = {"staff": secretary_of(year), "reviewer": secretary_of(year)}
        lived(year, drawn, **people)
        outcomes = {code: facts["outcome"] for code, facts in drawn.items() if facts["outcome"]}
        if outcomes:
            scenario = save_scenario(
                assessment_id=year.pk, name="Andai", outcomes=outcomes, by=people["staff"], at=NOW
            )
            supposed = whatif_board(planning_year(year), outcomes)

            for row in scenario.outcomes.select_related("answer__question"):
                decide(year, row.answer.question.code, row.outcome, row.points, **people)

            real = stored_scores(year, ScoreKind.EVIDENCED)
            total, predikat, in_gap, _answered = real["total"]
            assert scenario.total == supposed.after.total == total
            assert (supposed.standing.predikat, supposed.standing.in_gap) == (predikat, in_gap)
            assert {c.code: c.after for c in supposed.clusters} == real["clusters"]
            assert comparison(planning_year(year), [scenario]).columns[1].total == total
        transaction.set_rollback(True)


# --- The page that stores nothing -------------------------------------------------------------


def address(name, year, *args):
    return reverse(f"plans:{name}", args=[year.city.slug, year.year, *args])


def test_supposing_leaves_the_database_the_files_and_the_exports_as_they_were(client, year):
    client.force_login(MembershipFactory(admin_kota=True, city=year.city).user)
    answer = answer_of(year, "1.1")
    claim(answer, "12.5")
    hand_in(answer)
    place = {"city_slug": year.city.slug, "year": year.year}
    table = reverse("assessments:trail_csv", kwargs=place)
    questions = reverse("assessments:question_list", kwargs=place)
    totals = list(TotalScore.objects.order_by("pk").values())

    def exported():
        answer = client.get(table)
        return answer.getvalue() if answer.streaming else answer.content

    before, sheet, shown = everything(), exported(), body(client.get(questions))
    for query in ("?h=1.1-t&h=1.2-s&h=2a.1-k", "?h=1.1-k", "?h=2b.1-t&klaster=klaster-1"):
        assert client.get(address("whatif", year) + query).status_code == 200
    assert client.get(address("pathway_detail", year)).status_code == 200

    assert everything() == before
    assert list(TotalScore.objects.order_by("pk").values()) == totals
    assert exported() == sheet
    assert body(client.get(questions)) == shown


def body(response):
    """The page without the token that is new in every answer."""
    lines = response.content.decode().splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_the_page_tells_what_the_arithmetic_makes_of_the_outcomes(client, year):
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    claim(answer_of(year, "1.1"), "25.5")
    granted(answer_of(year, "2b.1"), "20")
    EvidenceFactory(answer=answer_of(year, "2b.1"), accepted=True)
    outcomes = {"1.1": Outcome.ACCEPTED, "1.2": Outcome.HALF, "2a.1": Outcome.ACCEPTED}
    outcomes |= {"2a.2": Outcome.ACCEPTED}

    board = client.get(address("whatif", year) + outcome_query.query(outcomes)).context["board"]

    # 25.5 and half of 20; 15 and 15 in an indicator worth 25; 20 were proven before.
    assert (board.before.total, board.after.total) == (Decimal(20), Decimal("80.5"))
    assert board.standing.predikat == "Madya"
    assert [(c.code, c.before, c.after) for c in board.clusters] == [
        ("kelembagaan", Decimal(0), Decimal("35.5")),
        ("klaster-1", Decimal(20), Decimal(45)),
    ]
    assert board.after == scoring.score(
        generous_spec(),
        {"1.1": Decimal("25.5"), "1.2": Decimal(10), "2a.1": Decimal(15)}
        | {"2a.2": Decimal(15), "2b.1": Decimal(20)},
    )


def test_a_returned_question_loses_what_was_proven(year):
    granted(answer_of(year, "2b.1"), "20")
    EvidenceFactory(answer=answer_of(year, "2b.1"), accepted=True)

    board = whatif_board(planning_year(year), {"2b.1": Outcome.RETURNED})

    assert (board.before.total, board.after.total, board.change) == (20, 0, -20)


class FormFields(HTMLParser):
    """What a browser sends of the page's form: hidden fields, chosen options, no button."""

    def __init__(self, page):
        super().__init__()
        text = page.content.decode()
        self.sent, self.buttons, self.select = [], {}, None
        self.feed(text[text.index("data-whatif-form") : text.index("whatif-side")])

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "select":
            self.select = given["name"]
        elif tag == "option" and "selected" in given:
            self.sent.append((self.select, given["value"]))
        elif tag == "input":
            self.sent.append((given["name"], given.get("value", "")))
        elif tag == "button" and "formaction" in given:
            self.buttons[given["formaction"]] = given["name"], given["value"]


SUPPOSED = {"1.1-t", "1.2-s", "2a.1-k", "2b.1-t"}


@pytest.fixture
def long_page(client, year, monkeypatch):
    """Opens the page of an instrument whose questions are many."""
    monkeypatch.setattr(supposing, "FEW", 0)
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)

    def opened(query):
        return client.get(f"{address('whatif', year)}?{urlencode(query)}")

    return opened


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ([], []),
        ([("klaster", "kelembagaan")], ["1.1", "1.2"]),
        ([("klaster", "klaster-1")], ["2a.1", "2a.2", "2b.1"]),
        ([("klaster", "klaster-1"), ("opd", "DINKES")], ["2a.2", "2b.1"]),
        ([("klaster", "klaster-1"), ("q", "2B.")], ["2b.1"]),
        ([("klaster", "klaster-1"), ("q", "tidak ada")], []),
        ([("klaster", "x")], []),
    ],
)
def test_whatever_is_folded_goes_along_when_the_form_is_sent(long_page, filters, codes):
    page = long_page([*(("h", one) for one in SUPPOSED), *filters])

    sent = FormFields(page).sent

    assert [row.facts.code for row in page.context["rows"]] == codes
    assert sorted(value for name, value in sent if name == "h" and value) == sorted(SUPPOSED)


def test_one_walks_through_all_clusters_and_loses_nothing(long_page):
    """By the buttons alone, as without script, changing something in every cluster."""
    page = long_page([("h", one) for one in SUPPOSED])
    for cluster, change in (("kelembagaan", ("1.2-s", "1.2-k")), ("klaster-1", ("2a.1-k", ""))):
        form = FormFields(page)
        form = FormFields(long_page([*form.sent, form.buttons[f"#{cluster}"]]))
        before, after = change
        sent = [(name, after if value == before else value) for name, value in form.sent]
        page = long_page([*sent, ("klaster", cluster)])
    folded = FormFields(page).buttons["#klaster-1"]

    assert folded == ("klaster", "")  # pressed again it folds
    assert outcome_query.read(
        [value for name, value in FormFields(page).sent if name == "h"],
        {"1.1", "1.2", "2a.1", "2a.2", "2b.1"},
    ) == {"1.1": Outcome.ACCEPTED, "1.2": Outcome.RETURNED, "2b.1": Outcome.ACCEPTED}


def test_a_folded_cluster_tells_its_sum_and_how_much_is_supposed_in_it(long_page):
    page = long_page([("h", "1.1-t"), ("h", "2a.1-t"), ("klaster", "klaster-1")])

    folded, opened = page.context["clusters"]
    assert (folded.is_open, folded.count, folded.supposed, folded.change.after) == (
        False,
        2,
        1,
        30,
    )
    assert [(one.code, one.sum.after, one.is_open) for one in opened.indicators] == [
        ("2a", 15, True),  # something is supposed there
        ("2b", 0, False),
    ]


def test_only_what_is_not_full_is_shown_on_request(client, year):
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    granted(answer_of(year, "2b.1"), "20.5")
    EvidenceFactory(answer=answer_of(year, "2b.1"), accepted=True)
    granted(answer_of(year, "1.2"), answer_of(year, "1.2").question.max_points)
    EvidenceFactory(answer=answer_of(year, "1.2"), accepted=True)

    page = client.get(address("whatif", year), {"keadaan": "belum-penuh"})

    rows = {row.facts.code: row.now for row in page.context["rows"]}
    assert "1.2" not in rows
    assert {"1.1", "2a.1", "2a.2", "2b.1"} == rows.keys()


def test_filters_hide_questions_and_keep_what_is_supposed_of_them(client, year):
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    EvidenceFactory(answer=answer_of(year, "2b.1"))
    supposed = "?h=1.1-t&h=2b.1-k"

    def shown(filters):
        context = client.get(address("whatif", year) + supposed + filters).context
        return [row.facts.code for row in context["rows"]], context["kept"], context["board"]

    everywhere = shown("")
    of_cluster, of_opd = shown("&klaster=klaster-1"), shown("&opd=DINKES")
    waiting = shown("&keadaan=waiting")

    assert everywhere[:2] == (["1.1", "1.2", "2a.1", "2a.2", "2b.1"], [])
    assert of_cluster[:2] == (["2a.1", "2a.2", "2b.1"], ["1.1-t"])
    assert of_opd[:2] == (["2a.2", "2b.1"], ["1.1-t"])
    assert waiting[:2] == (["2b.1"], ["1.1-t"])
    assert {one[2].after.total for one in (everywhere, of_cluster, of_opd, waiting)} == {30}


# --- Scenarios --------------------------------------------------------------------------------


def save(year, outcomes, name="Andai", *, by=None, at=NOW):
    return save_scenario(
        assessment_id=year.pk, name=name, outcomes=outcomes, by=by or secretary_of(year), at=at
    )


def test_a_scenario_keeps_its_outcomes_and_leaves_a_line(year):
    author = secretary_of(year)
    claim(answer_of(year, "1.1"), "12.5", by=author)

    scenario = save(year, {"1.1": Outcome.ACCEPTED, "1.2": Outcome.HALF}, by=author)

    rows = [(row.answer.question.code, row.outcome, row.points) for row in scenario.outcomes.all()]
    assert rows == [("1.1", "accepted", Decimal("12.5")), ("1.2", "half", Decimal(10))]
    assert (scenario.total, scenario.by, scenario.at) == (Decimal("22.5"), author, NOW)
    detail = "Andai: 2 pertanyaan, 22,5 poin"
    assert history(year)[-1] == (TrailEvent.SCENARIO_SAVED, detail, author, NOW)


def test_a_scenario_needs_a_name_of_its_own_and_an_outcome_of_this_year(year):
    save(year, {"1.1": Outcome.ACCEPTED})
    with refused("name"):
        save(year, {"1.1": Outcome.ACCEPTED}, name="  ")
    with refused("name_taken"):
        save(year, {"1.1": Outcome.ACCEPTED}, name="Andai ")
    with refused("no_outcome"):
        save(year, {}, name="Kosong")
    with refused("unknown_question"):
        save(year, {"1.1": Outcome.ACCEPTED, "9.9": Outcome.HALF}, name="Asing")


def test_a_scenario_is_removed_and_leaves_a_line(year):
    author = secretary_of(year)
    gone, kept = save(year, {"1.1": Outcome.HALF}), save(year, {"1.1": Outcome.HALF}, name="B")

    remove_scenario(scenario_id=gone.pk, by=author, at=later())

    assert list(Scenario.objects.all()) == [kept]
    assert history(year)[-1] == (TrailEvent.SCENARIO_REMOVED, "Andai", author, later())
    with refused("removed"):
        remove_scenario(scenario_id=gone.pk, by=author, at=later())


def test_scenarios_stand_side_by_side_on_the_points_of_today(client, year):
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    bold = save(year, {"1.1": Outcome.ACCEPTED, "2b.1": Outcome.ACCEPTED}, "Berani", at=later())
    shy = save(year, {"1.1": Outcome.HALF}, "Hati-hati")
    granted(answer_of(year, "1.2"), "10")  # after they were saved
    EvidenceFactory(answer=answer_of(year, "1.2"), accepted=True)

    url = f"{address('scenario_compare', year)}?s={shy.pk}&s={bold.pk}"
    found = client.get(url).context["comparison"]

    assert [(c.scenario, c.total, c.predikat) for c in found.columns] == [
        (None, Decimal(10), ""),
        (bold, Decimal(65), "Madya"),
        (shy, Decimal(25), ""),
    ]
    assert [c.scenario.total for c in found.columns[1:]] == [Decimal(55), Decimal(15)]
    assert [(label, cells) for label, _name, cells in found.clusters] == [
        ("Kelembagaan", [10, 40, 25]),
        ("Klaster I", [0, 25, 0]),
    ]
    assert [(line.facts.code, line.outcomes) for line in found.lines] == [
        ("1.1", [Outcome.ACCEPTED, Outcome.HALF]),
        ("2b.1", [Outcome.ACCEPTED, None]),
    ]


@pytest.mark.parametrize(("count", "is_compared"), [(1, False), (2, True), (4, True), (5, False)])
def test_two_to_four_scenarios_are_compared(client, year, count, is_compared):
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    made = [save(year, {"1.1": Outcome.HALF}, f"Skenario {i}") for i in range(count)]

    query = "&".join(f"s={scenario.pk}" for scenario in made)
    context = client.get(f"{address('scenario_compare', year)}?{query}").context

    assert ("comparison" in context) is is_compared


def test_a_scenario_of_another_city_is_not_compared(client, year):
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    other = open_year(spec=small_spec("lain"))
    mine, theirs = (save(one, {"1.1": Outcome.HALF}) for one in (year, other))

    url = f"{address('scenario_compare', year)}?s={mine.pk}&s={theirs.pk}&s=x"
    context = client.get(url).context

    assert context["chosen"] == {mine.pk}
    assert context["scenarios"] == [mine]


def test_the_comparison_costs_as_many_queries_for_four_as_for_two(
    client, year, django_assert_num_queries
):
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    made = [save(year, dict.fromkeys(MAXIMA, Outcome.HALF), f"S{i}") for i in range(4)]
    year.bands()  # read once in a process

    for scenarios in (made[:2], made):
        query = "&".join(f"s={scenario.pk}" for scenario in scenarios)
        with django_assert_num_queries(7):
            client.get(f"{address('scenario_compare', year)}?{query}")
