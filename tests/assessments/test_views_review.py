"""Working through the queue of documents."""

from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from assessments.choices import Verdict
from assessments.models import Activity, Evidence
from assessments.services.review import return_evidence
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    claim,
    everything,
    secretary_of,
    working_year,
)
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import UserFactory

pytestmark = pytest.mark.django_db


def url(name, year, *args):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, *args])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def review_client(client, reviewer):
    client.force_login(reviewer.user)
    return client


@pytest.fixture
def queue(year):
    """Three documents waiting: two at the question worth 20, the older first, one at 15."""
    small = EvidenceFactory(answer=answer_of(year, "2a.2"), document__title="Kecil")
    first = EvidenceFactory(answer=answer_of(year, "1.2"), document__title="Pertama")
    second = EvidenceFactory(answer=answer_of(year, "1.2"), document__title="Kedua")
    return first, second, small


def decide(client, year, evidence, verdict, /, **data):
    return client.post(url("evidence_review", year, evidence.pk), {"verdict": verdict, **data})


def accept(client, year, evidence, points="12"):
    return decide(client, year, evidence, "accepted", granted_points=points)


def test_the_queue_begins_with_the_most_points_and_leaves_out_ones_own(
    review_client, year, reviewer, queue
):
    answer = answer_of(year, "1.2")
    EvidenceFactory(answer=answer, document__uploaded_by=reviewer.user)
    EvidenceFactory(answer=answer, accepted=True)
    EvidenceFactory(answer=answer, returned=True)
    EvidenceFactory(answer=answer_of(working_year(), "1.2"))

    shown = list(review_client.get(url("review_queue", year)).context["page_obj"])

    assert shown == list(queue)


def test_an_empty_queue_says_so(review_client, year):
    response = review_client.get(url("review_queue", year))

    assert "Tidak ada dokumen yang menunggu" in response.text


def test_each_decision_leads_to_the_next_document_and_the_last_to_the_queue(
    review_client, year, queue
):
    first, second, small = queue

    onwards = [
        accept(review_client, year, second).url,
        decide(review_client, year, small, "returned", reason="Buram").url,
        accept(review_client, year, first).url,
    ]

    assert onwards == [
        url("evidence_review", year, small.pk),
        url("evidence_review", year, first.pk),
        url("review_queue", year),
    ]
    assert_scores_are_right(year)


def test_an_accepted_document_is_told_and_its_points_granted(review_client, year, reviewer, queue):
    response = accept(review_client, year, queue[0], "13,2")

    answer = answer_of(year, "1.2")
    queue[0].refresh_from_db()
    assert said(response) == ["“Pertama” diterima."]
    assert (queue[0].verdict, queue[0].decided_by) == (Verdict.ACCEPTED, reviewer.user)
    assert (answer.granted_points, answer.granted_by) == (Decimal("13.2"), reviewer.user)


def test_a_returned_document_carries_the_reason_to_the_opd(
    review_client, client, year, queue, staff
):
    decide(review_client, year, queue[0], "returned", reason="Halaman 2 <hilang>")

    client.force_login(staff.user)
    text = client.get(url("question_detail", year, "1.2")).text

    assert "Halaman 2 &lt;hilang&gt;" in text


def test_the_points_are_prefilled_with_the_claim_or_with_what_was_granted(
    review_client, year, queue
):
    first, second, _small = queue
    claim(answer_of(year, "1.2"), "13.2")

    from_claim = review_client.get(url("evidence_review", year, first.pk)).context["form"]
    accept(review_client, year, first, "10")
    from_grant = review_client.get(url("evidence_review", year, second.pk)).context["form"]

    assert from_claim["granted_points"].value() == Decimal("13.2")
    assert from_grant["granted_points"].value() == 10


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"granted_points": "5"}, "verdict"),
        ({"verdict": "waiting", "granted_points": "5"}, "verdict"),
        ({"verdict": "accepted", "granted_points": ""}, "granted_points"),
        ({"verdict": "accepted", "granted_points": "20,5"}, "granted_points"),
        ({"verdict": "accepted", "granted_points": "-1"}, "granted_points"),
        ({"verdict": "returned", "reason": "  "}, "reason"),
    ],
)
def test_half_a_decision_is_refused_on_the_form(review_client, year, queue, data, field):
    before = everything()

    response = review_client.post(url("evidence_review", year, queue[0].pk), data)

    assert list(response.context["form"].errors) == [field]
    assert everything() == before


def test_a_document_of_ones_own_offers_no_form_and_takes_no_decision(review_client, year, reviewer):
    own = EvidenceFactory(answer=answer_of(year, "1.2"), document__uploaded_by=reviewer.user)
    before = everything()

    page = review_client.get(url("evidence_review", year, own.pk))
    response = accept(review_client, year, own)

    assert (page.context["form"], page.context["is_own"]) == (None, True)
    assert "orang lain harus memeriksanya" in response.context["refusals"][0]
    assert everything() == before


def test_who_comes_second_reads_who_was_first(review_client, year, queue):
    colleague = secretary_of(year, name="Ibu Sari")
    return_evidence(evidence_id=queue[0].pk, reason="Buram", by=colleague, at=NOW)
    before = everything(but=[Activity])

    response = accept(review_client, year, queue[0])

    assert response.status_code == 409
    assert "sudah diputuskan oleh Ibu Sari pada 2 Maret 2026 10.00" in response.text
    assert (response.context["form"], response.context["evidence"].reason) == (None, "Buram")
    assert everything(but=[Activity]) == before


def test_a_decision_is_undone_on_the_page(review_client, year, queue):
    accept(review_client, year, queue[0])

    response = review_client.post(url("verdict_undo", year, queue[0].pk))

    assert response.url == url("evidence_review", year, queue[0].pk)
    assert Evidence.objects.get(pk=queue[0].pk).verdict == Verdict.WAITING
    assert_scores_are_right(year)


def test_what_cannot_be_undone_is_told(review_client, year, queue):
    response = review_client.post(url("verdict_undo", year, queue[0].pk))

    assert said(response) == ["Dokumen ini belum diputuskan, jadi tidak ada yang dibatalkan."]


def test_nothing_can_be_slipped_into_a_decision(review_client, year, reviewer, queue):
    slipped = {
        "decided_by": UserFactory().pk,
        "evidence": queue[2].pk,
        "answer": answer_of(year, "2a.2").pk,
        "claimed_points": "20",
        "predikat": "Utama",
    }

    decide(review_client, year, queue[0], "accepted", granted_points="5", **slipped)

    verdicts = [Evidence.objects.get(pk=one.pk).verdict for one in queue]
    assert verdicts == [Verdict.ACCEPTED, Verdict.WAITING, Verdict.WAITING]
    assert Evidence.objects.get(pk=queue[0].pk).decided_by == reviewer.user
    assert answer_of(year, "1.2").claimed_points is None


def test_the_page_shows_where_it_stands_in_the_queue(review_client, year, queue):
    first, second, small = queue

    context = review_client.get(url("evidence_review", year, second.pk)).context

    place = context["place"]
    assert (place.number, place.length) == (2, 3)
    assert (place.previous, place.following) == (first.pk, small.pk)
    assert [other.pk for other in context["others"]] == [first.pk]
