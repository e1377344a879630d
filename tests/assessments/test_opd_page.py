"""What one OPD holds, and who may see whose."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.choices import ScoreKind
from assessments.models import Assessment, StageScore
from assessments.queries.opd import opd_charts, opd_dashboard
from assessments.services.scores import refresh_all
from cities.models import Opd
from tests.assessments.situations import NOW, claim, staff_of
from tests.csv_files import csv_rows
from tests.factories.assessments import EvidenceFactory, answer_of, granted
from tests.factories.cities import MembershipFactory, OpdFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


@pytest.fixture
def leader(year):
    return MembershipFactory(pimpinan=True, city=year.city)


def shown(year, code, member, today=TODAY):
    opd = Opd.objects.get(city=year.city, code=code)
    return opd_dashboard(Assessment.objects.get(pk=year.pk), opd, member, today=today)


def prove(answer, points):
    EvidenceFactory(answer=answer, accepted=True)
    granted(answer, points)
    refresh_all(assessment_id=answer.assessment_id)


def test_its_points_are_those_of_the_questions_it_leads(year, leader):
    claim(answer_of(year, "2b.1"), "20")
    prove(answer_of(year, "2a.2"), "10")

    board = shown(year, "DINKES", leader)

    row = board.row
    assert (row.led, row.maximum, row.claimed, row.proven, row.held) == (2, 40, 20, 10, 30)
    assert board.share == 40  # of the instrument's hundred


def test_what_the_stages_gave_its_questions_is_added_up(year, leader):
    signed = {"entered_at": NOW, "entered_by": UserFactory()}
    for code, points in (("2a.2", 3), ("2b.1", 4), ("1.2", 9)):
        row = {"answer": answer_of(year, code), "kind": ScoreKind.VA, "points": points}
        StageScore.objects.create(**row, **signed)

    assert shown(year, "DINKES", leader).official == [(ScoreKind.VA, 7)]


def test_tasks_it_leads_come_first_by_points_and_accepted_ones_are_none(year, leader):
    prove(answer_of(year, "2a.2"), "10")

    tasks = {
        code: [
            (task.answer.question.code, task.is_lead, task.points)
            for task in shown(year, code, leader).tasks
        ]
        for code in ("DP3A", "DINKES")
    }

    assert tasks == {
        "DP3A": [("1.1", True, 30), ("1.2", False, 20)],
        "DINKES": [("2b.1", True, 25)],
    }


def test_a_task_is_late_by_the_opds_own_date(year, leader):
    answer = answer_of(year, "1.2")
    answer.assignments.filter(opd__code="DP3A").update(due_on=TODAY - timedelta(days=1))

    assert [shown(year, code, leader).late for code in ("DP3A", "DISDIK")] == [1, 0]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("", ["1.1", "1.2"]),
        ("empty", ["1.1"]),
        ("returned", ["1.2"]),
        ("waiting", []),
        ("terlambat", ["1.2"]),
        ("apa-saja", ["1.1", "1.2"]),
    ],
)
def test_tasks_are_narrowed_by_the_address(client, year, leader, asked, codes):
    answer = answer_of(year, "1.2")
    EvidenceFactory(answer=answer, returned=True)
    answer.assignments.filter(opd__code="DP3A").update(due_on=date(2026, 1, 1))
    client.force_login(leader.user)
    opd = Opd.objects.get(city=year.city, code="DP3A")
    url = reverse("assessments:opd_detail", args=[year.city.slug, 2026, opd.pk])

    board = client.get(url, {"keadaan": asked}).context["dashboard"]

    assert [task.answer.question.code for task in board.tasks] == codes
    assert (board.open, board.late) == (2, 1)


def test_the_file_of_narrowed_tasks_has_those_alone(client, year, leader):
    EvidenceFactory(answer=answer_of(year, "1.2"), returned=True)
    client.force_login(leader.user)
    opd = Opd.objects.get(city=year.city, code="DP3A")
    url = reverse("assessments:opd_detail", args=[year.city.slug, 2026, opd.pk])

    page = client.get(url, {"keadaan": "returned"}).content.decode()
    file = client.get(url, {"keadaan": "returned", "data": "tugas", "format": "csv"})

    assert "?keadaan=returned&amp;data=tugas&amp;format=csv" in page
    assert [row[0] for row in csv_rows(file)][1:] == ["1.2"]


def test_opds_stand_in_order_of_what_is_accepted_with_their_weekly_pace(year, leader):
    prove(answer_of(year, "2a.2"), "10")
    OpdFactory(city=year.city, name="Dinas tanpa tugas")

    board = shown(year, "DISDIK", leader)

    assert [(one.row.opd.code, one.row.accepted_share, one.weekly) for one in board.others] == [
        ("DINKES", 50, Decimal("0.25")),
        ("DISDIK", 0, 0),
        ("DP3A", 0, 0),
    ]
    assert opd_charts(board)["banding"].sentence == (
        "Urutan 2 dari 3 OPD menurut bagian pertanyaan yang diterima."
    )


def test_staff_of_an_opd_get_no_others(year):
    board = shown(year, "DINKES", staff_of(year, "DINKES"))

    assert (board.others, board.row.questions) == ([], 2)
    assert set(opd_charts(board)) == {"tugas", "laju"}


def test_its_own_numbers_are_the_same_for_its_staff_and_for_the_city(year, leader):
    prove(answer_of(year, "2a.2"), "10")

    own, citys = (shown(year, "DINKES", member) for member in (staff_of(year, "DINKES"), leader))

    assert (own.row, own.share, own.tasks, own.pace) == (
        citys.row,
        citys.share,
        citys.tasks,
        citys.pace,
    )


def test_an_opd_without_questions_has_an_empty_page(client, year, leader):
    opd = OpdFactory(city=year.city)
    client.force_login(leader.user)

    response = client.get(reverse("assessments:opd_detail", args=[year.city.slug, 2026, opd.pk]))

    assert response.status_code == 200
    assert response.context["dashboard"].tasks == []
    assert "OPD ini belum ditugasi pada tahun ini." in response.content.decode()


def test_staff_cannot_download_what_the_page_does_not_show(client, year):
    member = staff_of(year, "DINKES")
    client.force_login(member.user)
    url = reverse("assessments:opd_detail", args=[year.city.slug, 2026, member.opd.pk])

    assert client.get(f"{url}?data=banding&format=csv").status_code == 404
    assert "Dinas DP3A" not in client.get(url).content.decode()


def test_the_file_has_the_rows_of_the_page(client, year, leader):
    client.force_login(leader.user)
    opd = Opd.objects.get(city=year.city, code="DP3A")
    url = reverse("assessments:opd_detail", args=[year.city.slug, 2026, opd.pk])

    response = client.get(f"{url}?data=tugas&format=csv")

    assert [(row[0], row[3], row[5]) for row in csv_rows(response)[1:]] == [
        ("1.1", "Penanggung jawab", "30,000"),
        ("1.2", "Pendukung", "20,000"),
    ]


def test_the_numbers_take_six_queries(year, leader, django_assert_num_queries):
    assessment = Assessment.objects.current(year.city)
    opd = Opd.objects.get(city=year.city, code="DP3A")

    with django_assert_num_queries(6):
        opd_dashboard(assessment, opd, leader, today=TODAY)
