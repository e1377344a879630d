"""The queue: which documents, in which order, and how one goes through them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.services.review import return_evidence
from cities.models import Opd
from clusters.models import EvidenceKind
from tests.assessments.situations import reviewer_of, working_year
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory


def queue_url(year, query=""):
    return reverse("assessments:review_queue", args=[year.city.slug, year.year]) + query


def review_url(year, evidence, query=""):
    where = [year.city.slug, year.year, evidence.pk]
    return reverse("assessments:evidence_review", args=where) + query


def offer(year, code, title, *, days=0, opd=None, kind="foto", **fields):
    """A document waiting since some days; of nobody's OPD unless told."""
    instrument = year.instrument
    return EvidenceFactory(
        answer=answer_of(year, code),
        document__title=title,
        document__opd=opd and Opd.objects.get(city=year.city, code=opd),
        kind=EvidenceKind.objects.get(instrument=instrument, code=kind),
        offered_at=timezone.now() - timedelta(days=days, minutes=1),
        **fields,
    )


@pytest.fixture
def waiting(year):
    """Points 20, 15, 25 and 30; a day, a week, a fortnight and no time at all."""
    return {
        "a": offer(year, "1.2", "A", days=1, opd="DISDIK", kind="perda"),
        "b": offer(year, "2a.2", "B", days=7, opd="DINKES"),
        "c": offer(year, "2b.1", "C", days=14),
        "d": offer(year, "1.1", "D", opd="DISDIK"),
    }


@pytest.fixture
def desk(client, reviewer, waiting):
    client.force_login(reviewer.user)
    return client


def titles(response):
    return "".join(evidence.document.title for evidence in response.context["page_obj"])


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "DCAB"),
        ("?urut=umur", "CBAD"),
        ("?urut=pertanyaan", "DABC"),
        ("?klaster=klaster-1", "CB"),
        ("?indikator=2a", "B"),
        ("?jenis=perda", "A"),
        ("?umur=3", "CB"),
        ("?umur=7", "CB"),
        ("?umur=14", "C"),
        ("?poin=20", "DCA"),
        ("?poin=20,5", "DC"),
        ("?klaster=kelembagaan&urut=umur", "AD"),
        ("?klaster=klaster-1&umur=14&poin=26", ""),
    ],
)
def test_the_address_says_which_documents_come_and_in_which_order(desk, year, query, shown):
    assert titles(desk.get(queue_url(year, query))) == shown


@pytest.mark.parametrize(
    ("opd", "shown"),
    [("DISDIK", "DA"), ("DINKES", "CB"), ("DP3A", "")],
)
def test_an_opds_documents_are_its_own_and_those_for_its_questions_without_an_opd(
    desk, year, opd, shown
):
    """C was handed in by nobody's staff for a question that DINKES leads."""
    assert titles(desk.get(queue_url(year, f"?opd={opd}"))) == shown


@pytest.mark.parametrize(
    "query",
    ["?klaster=tidak-ada", "?umur=4", "?poin=banyak", "?poin=1e999", "?urut=acak", "?opd=x&jenis="],
)
def test_an_unknown_value_in_the_address_narrows_nothing(desk, year, query):
    assert titles(desk.get(queue_url(year, query))) == "DCAB"


def test_an_opd_of_another_city_with_the_same_code_shows_nothing_of_it(desk, year):
    other = working_year(year=2026)
    offer(other, "1.2", "X", opd="DISDIK")

    assert titles(desk.get(queue_url(year, "?opd=DISDIK"))) == "DA"


def test_a_document_waiting_exactly_so_long_is_not_yet_older(client, year, reviewer):
    client.force_login(reviewer.user)
    evidence = offer(year, "1.2", "A")
    evidence.offered_at = timezone.now() - timedelta(days=3) + timedelta(minutes=1)
    evidence.save()

    assert titles(client.get(queue_url(year, "?umur=3"))) == ""


def test_every_link_keeps_the_filter(desk, year, waiting):
    query = "?klaster=klaster-1&urut=umur"

    text = desk.get(queue_url(year, query)).content.decode()

    for name in "cb":
        address = review_url(year, waiting[name], query).replace("&", "&amp;")
        assert f'href="{address}"' in text


def test_next_and_previous_follow_the_filtered_order(desk, year, waiting):
    query = "?klaster=klaster-1"

    first = desk.get(review_url(year, waiting["c"], query)).context["place"]
    second = desk.get(review_url(year, waiting["b"], query)).context["place"]

    assert (first.number, first.length) == (1, 2)
    assert (first.previous, first.following) == (None, waiting["b"].pk)
    assert (second.number, second.length) == (2, 2)
    assert (second.previous, second.following) == (waiting["c"].pk, None)


def test_the_page_tells_the_place_in_the_queue(desk, year, waiting):
    page = desk.get(review_url(year, waiting["a"]))

    assert "(3 dari 4)" in page.content.decode()


def decide(desk, address):
    return desk.post(address, {"verdict": "returned", "reason": "Buram"})


def test_a_decision_leads_on_to_the_next_of_the_filtered_queue(desk, year, waiting):
    query = "?urut=umur"

    answer = decide(desk, review_url(year, waiting["b"], query))

    assert answer.url == review_url(year, waiting["a"], query)


def test_after_the_last_one_the_first_that_is_left_comes(desk, year, waiting):
    answer = decide(desk, review_url(year, waiting["b"], "?klaster=klaster-1"))

    assert answer.url == review_url(year, waiting["c"], "?klaster=klaster-1")


def test_after_the_only_one_the_queue_says_that_nothing_matches(desk, year, waiting):
    answer = decide(desk, review_url(year, waiting["b"], "?indikator=2a"))

    assert answer.url == queue_url(year, "?indikator=2a")
    assert "Tidak ada dokumen yang cocok" in desk.get(answer.url).content.decode()


def test_who_came_second_learns_who_decided_and_does_not_lose_the_place(desk, year, waiting):
    faster = reviewer_of(year, user__name="Siti Aminah")
    return_evidence(evidence_id=waiting["c"].pk, reason="Buram", by=faster.user, at=timezone.now())

    page = desk.post(
        review_url(year, waiting["c"], "?klaster=klaster-1"),
        {"verdict": "accepted", "granted_points": "5"},
    )

    assert page.status_code == 409
    assert "sudah diputuskan oleh Siti Aminah" in page.content.decode()
    assert page.context["place"].following == waiting["b"].pk


def test_undoing_keeps_the_filter(desk, year, waiting):
    evidence, query = waiting["a"], "?urut=umur"
    decide(desk, review_url(year, evidence, query))

    undo = reverse("assessments:verdict_undo", args=[year.city.slug, year.year, evidence.pk])
    answer = desk.post(undo + query)

    assert answer.url == review_url(year, evidence, query)


def test_ones_own_documents_are_not_in_ones_queue(client, year):
    member = MembershipFactory(gugus_tugas=True, city=year.city)
    offer(year, "1.2", "A", document__uploaded_by=member.user)
    offer(year, "2b.1", "B")
    client.force_login(member.user)

    assert titles(client.get(queue_url(year))) == "B"


def test_the_queue_costs_the_same_for_1_and_for_30(
    client, year, reviewer, django_assert_num_queries
):
    client.force_login(reviewer.user)
    offer(year, "1.2", "A", opd="DISDIK")
    with django_assert_num_queries(11):
        client.get(queue_url(year, "?opd=DISDIK&urut=umur"))

    for number in range(29):
        offer(year, "1.2", f"B{number}", opd="DISDIK")
    with django_assert_num_queries(11):
        client.get(queue_url(year, "?opd=DISDIK&urut=umur"))


def test_the_smallest_number_of_points_is_typed_with_a_comma(desk, year):
    form = desk.get(queue_url(year, "?poin=7,5")).context["form"]

    assert form.wanted == {"poin": Decimal("7.5")}
    assert form.query == "?poin=7%2C5"
