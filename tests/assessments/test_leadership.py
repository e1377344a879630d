"""What a mayor is told to decide: at most five things, each from the facts of the year."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.choices import Stage
from assessments.models import Assessment, Assignment
from assessments.queries.leadership import Matter, decisions
from assessments.queries.year import year_dashboard
from assessments.services.scores import refresh_all
from tests.assessments.situations import NOW, claim, set_stage, working_year
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of, granted
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.clusters import make_instrument

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 10)  # eight days after NOW


@pytest.fixture
def year(db):
    """A year with a target and a date; nobody holds 2a.1."""
    target = make_instrument().bands.get(predikat="Madya")
    return working_year(target=target, deadline=TODAY + timedelta(days=30))


def told(year, today=TODAY):
    year = Assessment.objects.get(pk=year.pk)
    return decisions(year, year_dashboard(year, today=today), today=today)


def matters(year, today=TODAY):
    return [one.matter for one in told(year, today)]


def prove(answer, points):
    kind = answer.assessment.instrument.evidence_kinds.first()
    EvidenceFactory(answer=answer, kind=kind, accepted=True)
    granted(answer, points)
    refresh_all(assessment_id=answer.assessment_id)


def everybody_leads(year):
    Assignment.objects.create(
        answer=answer_of(year, "2a.1"), opd=year.city.opds.get(code="DP3A"), is_lead=True
    )


def test_a_fresh_year_is_told_who_must_lead_and_where_the_points_are(year):
    assert [(one.matter, one.title, one.fact) for one in told(year)] == [
        (
            Matter.LEAD,
            "Tunjuk OPD penanggung jawab.",
            "1 pertanyaan belum dipegang siapa pun.",
        ),
        (
            Matter.OPD,
            "Dorong Dinas DINKES.",
            "Masih menahan 40 poin pada 2 pertanyaan yang dipimpinnya.",
        ),
        (
            Matter.CLUSTER,
            "Pusatkan upaya pada Kelembagaan.",
            "Di sana paling banyak tersisa: 50 dari 50 poin.",
        ),
    ]


def test_documents_come_with_the_points_that_depend_on_them(year):
    everybody_leads(year)
    EvidenceFactory(answer=answer_of(year, "1.2"), returned=True)
    EvidenceFactory(answer=answer_of(year, "2a.2"))

    found = {one.matter: one.fact for one in told(year)}

    assert list(found) == [Matter.REVIEW, Matter.RETURNED, Matter.OPD, Matter.CLUSTER]
    assert found[Matter.REVIEW] == (
        "1 dokumen menunggu, terlama 8 hari; 15 poin bergantung padanya."
    )
    assert found[Matter.RETURNED] == "1 pertanyaan menunggu perbaikan; nilainya 20 poin."


def test_what_was_never_fixed_comes_first(year):
    Assessment.objects.update(target=None, deadline=None)

    assert matters(year)[:3] == [Matter.TARGET, Matter.DEADLINE, Matter.LEAD]


@pytest.mark.parametrize(("days", "is_told"), [(-1, True), (0, False), (1, False)])
def test_a_deadline_is_told_from_the_day_after_it(year, days, is_told):
    Assessment.objects.update(deadline=TODAY + timedelta(days=days))

    assert (Matter.DEADLINE in matters(year)) == is_told


def test_there_are_never_more_than_five(year):
    Assessment.objects.update(target=None, deadline=None)
    EvidenceFactory(answer=answer_of(year, "1.2"), returned=True)
    EvidenceFactory(answer=answer_of(year, "2a.2"))

    assert matters(year) == [
        Matter.TARGET,
        Matter.DEADLINE,
        Matter.LEAD,
        Matter.REVIEW,
        Matter.RETURNED,
    ]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (Stage.SUBMITTED, []),
        (Stage.FIELD, [Matter.LEAD]),
        (Stage.CLOSED, []),
    ],
)
def test_a_stage_asks_only_for_what_it_allows(year, stage, expected):
    EvidenceFactory(answer=answer_of(year, "1.2"), returned=True)
    claim(answer_of(year, "1.1"), "30")
    set_stage(assessment_id=year.pk, stage=stage, at=NOW)

    assert matters(year) == expected


def opened(client, year, role):
    client.force_login(MembershipFactory(**{role: True}, city=year.city).user)
    return client.get(reverse("assessments:city_leadership", args=[year.city.slug]))


def test_the_sheet_says_where_the_city_stands(client, year):
    prove(answer_of(year, "2b.1"), "25")
    prove(answer_of(year, "1.1"), "30")
    AwardFactory(city=year.city, year=2023, predikat="Pratama")
    AwardFactory(year=2022, predikat="Utama")  # another city's

    response = opened(client, year, "pimpinan")

    board = response.context["dashboard"]
    assert (board.evidenced.points, board.evidenced.predikat) == (55, "Pratama")
    assert (board.evidenced.next_points, board.evidenced.target_points) == (6, 6)
    assert [award.year for award in response.context["awards"]] == [2023]


def test_links_lead_only_where_the_reader_may_go(client, year):
    Assessment.objects.update(target=None)
    edit = reverse("assessments:assessment_edit", args=[year.city.slug, 2026])

    urls = {
        role: opened(client, year, role).context["decisions"][0].url
        for role in ("pimpinan", "admin_kota")
    }

    assert urls == {"pimpinan": "", "admin_kota": edit}


def test_every_decision_leads_to_its_facts(client, year):
    Assessment.objects.update(deadline=timezone.localdate() + timedelta(days=30))
    EvidenceFactory(answer=answer_of(year, "1.2"), returned=True)
    EvidenceFactory(answer=answer_of(year, "2a.2"))

    response = opened(client, year, "pimpinan")
    answers = [client.get(one.url).status_code for one in response.context["decisions"]]

    assert answers == [200] * 5  # who leads, review, returned, an OPD, a cluster


def test_a_city_without_a_year_says_what_will_stand_here(client):
    city = CityFactory()
    client.force_login(MembershipFactory(pimpinan=True, city=city).user)

    page = client.get(reverse("assessments:city_leadership", args=[city.slug]))

    assert "Belum ada penilaian" in page.content.decode()
