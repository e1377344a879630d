"""What the pages of a year tell, and to whom."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.choices import AnswerState, ScoreKind, Stage
from assessments.models import Assessment
from assessments.services.answers import import_points
from assessments.services.review import accept_evidence
from tests.assessments.situations import (
    NOW,
    city_with_opds,
    claim,
    computed_scores,
    hand_in,
    secretary_of,
    set_stage,
    staff_of,
    working_year,
)
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db


def page(name, year, *args):
    return reverse(f"assessments:{name}", args=[year.city.slug, *args])


def of_year(name, year, *args):
    return page(name, year, year.year, *args)


@pytest.fixture
def leader(client, year):
    """Who may look at everything and change nothing, signed in."""
    member = MembershipFactory(pimpinan=True, city=year.city)
    client.force_login(member.user)
    return member


# --- Dashboard --------------------------------------------------------------------------------


def fill(year):
    person, reviewer = secretary_of(year), secretary_of(year)
    for code, points in (("1.1", "30"), ("1.2", "19.81"), ("2a.1", "15"), ("2a.2", "15")):
        claim(answer_of(year, code), points, by=person)
    [evidence] = hand_in(answer_of(year, "1.2"), by=person)
    accept_evidence(evidence_id=evidence.pk, granted_points=Decimal("13.2"), by=reviewer, at=NOW)
    import_points(
        assessment=year,
        kind=ScoreKind.VA,
        points={"1.1": Decimal("20.5")},
        overwrite=False,
        by=person,
        at=NOW,
    )


@pytest.mark.parametrize("name", ["city_dashboard", "assessment_detail"])
def test_a_number_on_the_dashboard_is_the_number_of_the_arithmetic(client, leader, year, name):
    fill(year)
    url = page(name, year) if name == "city_dashboard" else of_year(name, year)

    response = client.get(url)

    board = response.context["overview"].standing
    for kind, standing in (
        (ScoreKind.CLAIMED, board.claimed),
        (ScoreKind.EVIDENCED, board.evidenced),
    ):
        total, predikat, in_gap, answered = computed_scores(year, kind)["total"]
        assert (standing.points, standing.predikat or None) == (total, predikat)
        assert (standing.in_gap, standing.answered) == (in_gap, answered)
    assert "Terbukti <strong>13,2</strong> dari 100" in response.text
    assert "Diklaim <strong>74,81</strong>: Madya" in response.text
    assert "Hasil resmi Verifikasi administrasi: 20,5" in response.text


def test_the_dashboard_says_how_far_the_target_is(client):
    year = working_year()
    target = year.instrument.bands.get(predikat="Madya")
    Assessment.objects.update(target=target)
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    fill(year)

    text = client.get(page("city_dashboard", year)).text

    assert "Untuk target Madya masih perlu 47,8 poin terbukti." in text
    assert "36,8 poin lagi menuju Pratama." in text


def test_the_dashboard_lists_what_waits_for_somebody(client, leader, year):
    EvidenceFactory(answer=answer_of(year, "1.2"), document__opd=year.city.opds.get(code="DISDIK"))
    EvidenceFactory(answer=answer_of(year, "1.2"), document__opd=None)
    EvidenceFactory(answer=answer_of(year, "2a.2"), returned=True)
    year.answers.get(question__code="1.1").assignments.update(
        due_on=timezone.localdate() - timedelta(days=1)
    )

    actions = client.get(page("city_dashboard", year)).context["actions"]

    assert [(action.label, action.count) for action in actions if action.count] == [
        ("dokumen menunggu pemeriksaan", 2),
        ("pertanyaan dengan dokumen dikembalikan", 1),
        ("pertanyaan melewati tenggat", 1),
        ("pertanyaan tanpa penanggung jawab", 1),
    ]
    for action in actions:
        assert not action.url or client.get(action.url).status_code == 200


def test_a_city_without_a_year_is_told_what_to_do(client):
    admin = MembershipFactory(admin_kota=True)
    AwardFactory(city=admin.city, year=2023, predikat="Nindya")
    client.force_login(admin.user)

    response = client.get(reverse("assessments:city_dashboard", args=[admin.city.slug]))

    assert reverse("assessments:assessment_open", args=[admin.city.slug]) in response.text
    assert "Nindya" in response.text


# --- Tasks ------------------------------------------------------------------------------------


def task_page(client, member, year):
    client.force_login(member.user)
    return client.get(page("task_list", year))


def test_an_opd_without_questions_and_a_city_without_a_year_say_so(client, year):
    idle = MembershipFactory(of_opd=True, city=year.city)
    lonely = MembershipFactory(of_opd=True)
    client.force_login(lonely.user)

    without_year = client.get(reverse("assessments:task_list", args=[lonely.city.slug]))

    assert "Belum ada penilaian yang dibuka" in without_year.text
    assert "Belum ada pertanyaan untuk OPD Anda" in task_page(client, idle, year).text


# --- Questions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("narrowed", "codes"),
    [
        ({}, ["1.1", "1.2", "2a.1", "2a.2", "2b.1"]),
        ({"klaster": "klaster-1"}, ["2a.1", "2a.2", "2b.1"]),
        ({"indikator": "2a"}, ["2a.1", "2a.2"]),
        ({"opd": "DP3A"}, ["1.1", "1.2"]),
        ({"keadaan": AnswerState.WAITING}, ["1.2"]),
        ({"keadaan": AnswerState.ANSWERED}, ["1.1"]),
        ({"keadaan": "terlambat"}, ["2b.1"]),
        ({"keadaan": "tanpa-penanggung-jawab"}, ["2a.1"]),
        ({"q": "2A"}, ["2a.1", "2a.2"]),
        ({"q": "yaan 1"}, ["1.1", "1.2"]),
        ({"opd": "DP3A", "keadaan": AnswerState.WAITING}, ["1.2"]),
        ({"q": "tak ada"}, []),
        (
            {"klaster": "lain", "opd": "\x00", "halaman": "x"},
            ["1.1", "1.2", "2a.1", "2a.2", "2b.1"],
        ),
    ],
)
@pytest.mark.usefixtures("leader")
def test_the_list_of_questions_is_narrowed_by_its_address(client, year, narrowed, codes):
    EvidenceFactory(answer=answer_of(year, "1.2"))
    claim(answer_of(year, "1.1"), "5")
    yesterday = timezone.localdate() - timedelta(days=1)
    answer_of(year, "2b.1").assignments.update(due_on=yesterday)

    response = client.get(of_year("question_list", year), narrowed)

    shown = [answer.question.code for answer in response.context["page_obj"]]
    assert shown == codes


def test_a_question_leads_to_its_neighbours_among_those_one_sees(client, year):
    client.force_login(staff_of(year, "DP3A").user)

    answer = client.get(of_year("question_detail", year, "1.2")).context["answer"]

    assert (answer.previous, answer.following) == ("1.1", None)


@pytest.mark.usefixtures("leader")
def test_a_code_that_no_database_can_look_up_is_not_found(client, year):
    assert client.get(of_year("question_list", year) + "%00/").status_code == 404
    assert client.get(of_year("question_list", year) + "9.9/").status_code == 404


@pytest.mark.usefixtures("leader")
def test_a_year_that_never_was_is_not_found(client, year):
    url = page("assessment_list", year)

    answers = [client.get(f"{url}{number}/").status_code for number in (2025, 0, 10**30)]
    assert answers == [404, 404, 404]


# --- A closed year ----------------------------------------------------------------------------


def test_a_closed_year_is_read_and_not_written(client, year):
    secretariat = MembershipFactory(gugus_tugas=True, city=year.city)
    evidence = EvidenceFactory(answer=answer_of(year, "1.2"))
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)
    client.force_login(secretariat.user)

    question = client.get(of_year("question_detail", year, "1.2"))
    review = client.get(of_year("evidence_review", year, evidence.pk))

    forms = [question.context[name] for name in ("claim_form", "upload_form", "grant_form")]
    assert [*forms, review.context["form"]] == [None] * 4
    assert "sudah ditutup" in question.text
    assert "sudah ditutup" in review.text
    assert question.context["comment_form"] is not None


# --- Comments ---------------------------------------------------------------------------------


def test_what_is_said_stands_in_the_conversation(client, year):
    member = MembershipFactory(pendamping=True, city=year.city)
    client.force_login(member.user)
    url = of_year("comment_add", year, "1.2")

    answer = client.post(url, {"text": "Mohon <b>tanda tangan</b>"})

    [comment] = answer_of(year, "1.2").comments.all()
    assert answer.url == f"{of_year('question_detail', year, '1.2')}#percakapan"
    assert (comment.by, comment.text) == (member.user, "Mohon <b>tanda tangan</b>")
    assert "Mohon &lt;b&gt;tanda tangan&lt;/b&gt;" in client.get(answer.url).text


def test_an_empty_message_is_not_sent(client, year):
    client.force_login(MembershipFactory(pendamping=True, city=year.city).user)

    response = client.post(of_year("comment_add", year, "1.2"), {"text": "  "})

    assert response.context["comment_form"].errors.keys() == {"text"}
    assert answer_of(year, "1.2").comments.count() == 0


def test_the_list_of_years_shows_each_with_its_totals(client):
    city = city_with_opds()
    older, newer = working_year(city=city, year=2025), working_year(city=city)
    claim(answer_of(newer, "1.1"), "30")
    client.force_login(MembershipFactory(pimpinan=True, city=city).user)

    rows = client.get(page("assessment_list", newer)).context["rows"]

    assert [(year, claimed.points, proven.points) for year, claimed, proven in rows] == [
        (newer, 30, 0),
        (older, 0, 0),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [2026, 2025, 2024]),
        ({"urut": "lama"}, [2024, 2025, 2026]),
        ({"urut": "tenggat"}, [2025, 2026, 2024]),
        ({"q": "25"}, [2025]),
        ({"q": "kecil"}, [2026, 2025, 2024]),
        ({"q": "tidak ada"}, []),
        ({"tahap": "closed"}, [2024]),
        ({"tahap": "kapan saja"}, [2026, 2025, 2024]),
    ],
)
def test_the_list_of_years_is_searched_and_ordered(client, query, expected):
    city = city_with_opds()
    newest = working_year(city=city, deadline=date(2026, 5, 1))
    working_year(city=city, year=2025, deadline=date(2025, 5, 1))
    closed = working_year(city=city, year=2024)
    Assessment.objects.filter(pk=closed.pk).update(stage=Stage.CLOSED)
    working_year(year=2023)  # of another city
    client.force_login(MembershipFactory(pimpinan=True, city=city).user)

    rows = client.get(page("assessment_list", newest), query).context["rows"]

    assert [year.year for year, _claimed, _proven in rows] == expected
