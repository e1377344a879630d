"""Submitting a year: what is still missing, the confirmation, and what is frozen."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.choices import AnswerState, ScoreKind, Stage, TrailEvent
from assessments.models import Assessment, Assignment, Snapshot
from assessments.queries.readiness import readiness
from assessments.services.review import accept_evidence
from assessments.services.transitions import submit_assessment
from cities.roles import Role
from tests.assessments.situations import (
    claim,
    hand_in,
    history,
    later,
    secretary_of,
    working_year,
)
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def half_done(year):
    """1.1 claimed without paper, 1.2 proven in part, 2a.1 claimed as 0, 2a.2 returned, 2b.1 empty."""
    by = secretary_of(year)
    claim(answer_of(year, "1.1"), "30", by=by)
    claim(answer_of(year, "1.2"), "20", by=by)
    claim(answer_of(year, "2a.1"), "0", by=by)
    claim(answer_of(year, "2a.2"), "15", by=by)
    proof = hand_in(answer_of(year, "1.2"), by=by)[0]
    accept_evidence(
        evidence_id=proof.pk, granted_points=Decimal(12), by=secretary_of(year), at=later()
    )
    EvidenceFactory(answer=answer_of(year, "2a.2"), returned=True)
    return year


def page(year, name="assessment_submit"):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year])


def test_what_is_missing_is_counted_with_the_points_that_hang_on_it(half_done):
    ready = readiness(half_done)

    assert [(lack.filter, lack.count, lack.points) for lack in ready.lacks] == [
        ("tanpa-klaim", 1, Decimal(25)),
        ("klaim-tanpa-dokumen", 1, Decimal(30)),
        (AnswerState.WAITING, 0, Decimal(0)),
        (AnswerState.RETURNED, 1, Decimal(15)),
        ("tanpa-penanggung-jawab", 1, Decimal(15)),
    ]
    assert (ready.questions, ready.claimed, ready.evidenced, ready.at_risk) == (5, 65, 12, 53)


def test_a_waiting_document_counts_until_it_is_decided(half_done):
    EvidenceFactory(answer=answer_of(half_done, "1.2"))

    waiting = [lack for lack in readiness(half_done).lacks if lack.filter == AnswerState.WAITING]

    assert [(lack.count, lack.points) for lack in waiting] == [(1, Decimal(8))]


def test_each_link_leads_to_as_many_questions_as_its_count_says(client, half_done):
    EvidenceFactory(answer=answer_of(half_done, "1.2"))
    Assignment.objects.filter(answer__question__code="2b.1").delete()
    client.force_login(MembershipFactory(gugus_tugas=True, city=half_done.city).user)

    lacks = client.get(page(half_done)).context["lacks"]

    listed = [client.get(lack.url).context["page_obj"].paginator.count for lack in lacks]
    assert listed == [lack.count for lack in lacks] == [1, 1, 1, 1, 2]


def test_what_is_missing_takes_the_same_queries_however_much_it_is(
    half_done, django_assert_num_queries
):
    empty = working_year(year=2027, city=half_done.city)

    for year in (half_done, empty):
        with django_assert_num_queries(3):
            readiness(year)


def test_submitting_locks_the_year_and_freezes_what_it_says(half_done):
    by = secretary_of(half_done)

    snapshot = submit_assessment(assessment_id=half_done.pk, by=by, at=later(5))

    assert Assessment.objects.get().stage == Stage.SUBMITTED
    detail = "Evaluasi mandiri → Diajukan"
    assert history(half_done)[-1] == (TrailEvent.ASSESSMENT_SUBMITTED, detail, by, later(5))
    assert Snapshot.objects.get() == snapshot
    points = {kind: total["points"] for kind, total in snapshot.content["totals"].items()}
    assert points == dict.fromkeys(ScoreKind, "0.000") | {
        ScoreKind.CLAIMED: "65.000",
        ScoreKind.EVIDENCED: "12.000",
    }


def test_a_year_with_everything_missing_may_still_be_submitted(year):
    submit_assessment(assessment_id=year.pk, by=secretary_of(year), at=later())

    assert Assessment.objects.get().stage == Stage.SUBMITTED


@pytest.mark.parametrize("role", [Role.GUGUS_TUGAS, Role.ADMIN_KOTA])
def test_the_page_submits_after_an_explicit_confirmation(client, year, role):
    client.force_login(MembershipFactory(city=year.city, role=role).user)

    unconfirmed = client.post(page(year), {})
    assert list(unconfirmed.context["form"].errors) == ["is_sure"]
    assert (Assessment.objects.get().stage, Snapshot.objects.count()) == (Stage.SELF_ASSESSMENT, 0)

    confirmed = client.post(page(year), {"is_sure": "on"})
    assert confirmed.url == Snapshot.objects.get().get_absolute_url()
    assert Assessment.objects.get().stage == Stage.SUBMITTED


def test_an_empty_post_is_not_a_confirmation(client, year, secretariat):
    client.force_login(secretariat.user)

    response = client.post(page(year), {"is_sure": ""})

    assert response.context["form"].errors["is_sure"] == [
        "Centang pernyataan ini untuk mengajukan."
    ]


def test_the_second_to_submit_is_told_that_it_has_been_done(client, year, secretariat):
    submit_assessment(assessment_id=year.pk, by=secretary_of(year), at=later())
    client.force_login(secretariat.user)

    response = client.post(page(year), {"is_sure": "on"})

    assert response.context["form"] is None
    assert "Tahap penilaian sudah berubah menjadi diajukan" in response.text
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize("role", [Role.VERIFIKATOR, Role.PIMPINAN, Role.PENDAMPING])
def test_others_do_not_submit(client, year, role):
    client.force_login(MembershipFactory(city=year.city, role=role).user)

    assert client.get(page(year)).status_code == 403
    assert client.post(page(year), {"is_sure": "on"}).status_code == 403
    assert Assessment.objects.get().stage == Stage.SELF_ASSESSMENT


def test_a_year_is_submitted_under_its_own_city_only(client, year):
    member = MembershipFactory(gugus_tugas=True)  # of another city, which has no such year
    client.force_login(member.user)

    own = reverse("assessments:assessment_submit", args=[member.city.slug, year.year])

    assert [client.post(url, {"is_sure": "on"}).status_code for url in (own, page(year))] == [
        404,
        404,
    ]
    assert Assessment.objects.get(pk=year.pk).stage == Stage.SELF_ASSESSMENT
