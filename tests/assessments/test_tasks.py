"""An OPD's tasks: what presses first, what folds, what the address narrows, and the way back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from assessments.choices import AnswerState, TaskStep
from assessments.forms.filters import TaskListForm
from assessments.models import Answer, Assessment, Assignment
from assessments.queries import task_board, task_list
from assessments.queries.tasks import FIRST, IN_FULL, SOON
from assessments.services.document_counts import refresh_counts
from clusters.models import EvidenceKind, Question
from tests.assessments.situations import checked, claim, hand_in, staff_of, working_year
from tests.factories.assessments import EvidenceFactory, answer_of, granted
from tests.factories.clusters import small_spec

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)


def tasks_of(year, code, today=TODAY):
    member = staff_of(year, code)
    answers = Answer.objects.visible_to(member).filter(assessment=year)
    return task_list(answers, member.opd, today=today)


def codes(rows):
    return [row.answer.question.code for row in rows]


def due(code, day):
    Assignment.objects.filter(answer__question__code=code).update(due_on=day)


def paper(answer, **traits):
    """A paper of the instrument's first kind, also for a question that asks for none."""
    kind = EvidenceKind.objects.filter(instrument=answer.assessment.instrument).first()
    return EvidenceFactory(answer=answer, kind=traits.pop("kind", kind), **traits)


def wide_year(count, **fields):
    """A year with so many questions for DP3A in its first indicator, each worth as much."""
    spec = small_spec()
    cluster, *others = spec.clusters
    indicator, *more = cluster.indicators
    pattern = indicator.questions[0]
    questions = tuple(
        replace(pattern, code=f"1.{number}", evidence=("perda",)) for number in range(1, count + 1)
    )
    first = replace(cluster, indicators=(replace(indicator, questions=questions), *more))
    return working_year(spec=replace(spec, clusters=(first, *others)), **fields)


# --- The order --------------------------------------------------------------------------------


def test_what_was_returned_comes_first_then_what_is_due_soon_then_the_most_points(year):
    for code in ("1.1", "1.2", "2a.1", "2a.2", "2b.1"):
        Assignment.objects.get_or_create(
            answer=answer_of(year, code), opd=year.city.opds.get(code="DP3A")
        )
    paper(answer_of(year, "2a.1"), returned=True)
    paper(answer_of(year, "1.1"))
    due("2a.2", TODAY + timedelta(days=2))

    rows = tasks_of(year, "DP3A").rows

    # 1.1 is worth most and waits for a reviewer; 2b.1 is worth 25, 1.2 is worth 20.
    assert codes(rows) == ["2a.1", "2a.2", "2b.1", "1.2", "1.1"]
    assert [row.step for row in rows] == [*[TaskStep.TO_DO] * 4, TaskStep.WAITING]


@pytest.mark.parametrize("returned", [True, False])
def test_among_equals_what_the_opd_leads_comes_first(year, returned):
    """DP3A leads 1.1 and contributes to 1.2, which is returned first."""
    Question.objects.update(max_points=20)
    if returned:
        for code in ("1.2", "1.1"):
            paper(answer_of(year, code), returned=True)

    rows = tasks_of(year, "DP3A").rows

    assert [(row.answer.question.code, row.is_lead) for row in rows] == [
        ("1.1", True),
        ("1.2", False),
    ]


@pytest.mark.parametrize(
    ("days", "soon"), [(-1, True), (0, True), (SOON, True), (SOON + 1, False), (None, False)]
)
def test_a_date_presses_from_a_week_before_until_something_is_handed_in(year, days, soon):
    due("1.1", None if days is None else TODAY + timedelta(days=days))

    def row():
        return next(r for r in tasks_of(year, "DP3A").rows if r.answer.question.code == "1.1")

    assert (row().is_due_soon, row().days_left) == (soon, days)
    paper(answer_of(year, "1.1"))
    assert not row().is_due_soon


def test_of_what_is_due_soon_the_earlier_date_comes_first_whatever_it_is_worth(year):
    due("2a.2", TODAY + timedelta(days=1))
    due("2b.1", TODAY + timedelta(days=2))

    assert codes(tasks_of(year, "DINKES").rows) == ["2a.2", "2b.1"]


# --- One row ----------------------------------------------------------------------------------


def test_points_of_a_question_that_another_leads_are_not_ones_own(year):
    tasks = tasks_of(year, "DP3A")

    assert (len(tasks.rows), tasks.points_left) == (2, 30)


def test_what_is_proven_is_no_longer_at_stake(year):
    answer = answer_of(year, "2a.2")
    paper(answer, accepted=True)
    granted(answer, "10")

    tasks = tasks_of(year, "DINKES")

    assert tasks.points_left == 5 + 25
    assert {row.state for row in tasks.rows} == {AnswerState.EMPTY, AnswerState.ACCEPTED}


def test_a_date_of_ones_own_makes_a_task_late(year):
    answer_of(year, "1.2").assignments.filter(opd__code="DP3A").update(due_on=YESTERDAY)

    assert [tasks_of(year, code).late for code in ("DP3A", "DISDIK")] == [1, 0]


def test_returned_papers_come_with_their_reason_until_they_are_replaced(year, answer):
    old = paper(answer, returned=True)
    paper(answer, accepted=True)
    before = tasks_of(year, "DISDIK").returned

    hand_in(answer, kind=old.kind, files=[checked(b"baru")])

    assert [row.returned for row in before] == [[old]]
    assert tasks_of(year, "DISDIK").returned == []


def test_a_kind_counts_by_the_best_of_its_papers_and_not_by_those_replaced(year, answer):
    perda, foto = answer.question.evidence_kinds.order_by("position")
    for traits in ({"accepted": True}, {"returned": True}, {}):
        paper(answer, kind=perda, **traits)
    gone = paper(answer, kind=foto)
    gone.superseded_by = paper(answer, kind=foto, returned=True)
    gone.save()
    refresh_counts([answer.pk])

    [row] = tasks_of(year, "DISDIK").rows

    assert [kind.state for kind in row.asked] == ["accepted", "returned"]
    assert row.settled == 1


def test_tasks_take_five_queries_however_many_documents_there_are(year, django_assert_num_queries):
    member = staff_of(year, "DP3A")
    answers = Answer.objects.visible_to(member).filter(assessment=year)
    for _number in range(20):
        paper(answer_of(year, "1.2"), returned=True)

    with django_assert_num_queries(5):
        rows = task_list(answers, member.opd, today=TODAY).rows

    assert (len(rows[0].returned), rows[0].unnamed) == (3, 17)


# --- The parts of the page --------------------------------------------------------------------


def test_each_question_stands_in_one_part_of_the_page():
    year = wide_year(FIRST + IN_FULL + 2)
    paper(answer_of(year, "1.2"))

    rows = tasks_of(year, "DP3A").rows
    board = task_board(rows, with_first=True)

    shown = [*board.first, *board.led, *board.supported]
    folded = [row for group in (*board.rest, *board.handed_in) for row in group.rows]
    assert sorted(codes([*shown, *folded])) == sorted(codes(rows))
    assert (len(board.first), len(shown)) == (FIRST, FIRST + IN_FULL)
    assert [(group.code, len(group.rows)) for group in board.rest] == [("1", 1)]
    assert [(group.code, group.counts) for group in board.handed_in] == [
        ("1", [(TaskStep.WAITING, 1)])
    ]


def test_what_the_opd_leads_stands_before_what_it_supports(year):
    board = task_board(tasks_of(year, "DP3A").rows, with_first=False)

    assert (board.first, codes(board.led), codes(board.supported)) == ([], ["1.1"], ["1.2"])


def test_what_is_handed_in_folds_by_indicator_in_the_order_of_the_instrument(year):
    for code, traits in (("2b.1", {"accepted": True}), ("2a.2", {})):
        paper(answer_of(year, code), **traits)

    board = task_board(tasks_of(year, "DINKES").rows, with_first=True)

    assert (board.first, board.led, board.supported, board.rest) == ([], [], [], [])
    assert [(group.code, group.counts) for group in board.handed_in] == [
        ("2a", [(TaskStep.WAITING, 1)]),
        ("2b", [(TaskStep.DONE, 1)]),
    ]


# --- What the address narrows -----------------------------------------------------------------


@pytest.fixture
def rows(year):
    """DP3A with 1.1, which it leads, to do; 1.2 waiting; 2a.1 accepted."""
    opd = year.city.opds.get(code="DP3A")
    Assignment.objects.create(answer=answer_of(year, "2a.1"), opd=opd)
    paper(answer_of(year, "1.2"))
    paper(answer_of(year, "2a.1"), accepted=True)
    return tasks_of(year, "DP3A").rows


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["1.1", "1.2", "2a.1"]),
        ({"keadaan": "kerjakan"}, ["1.1"]),
        ({"keadaan": "menunggu"}, ["1.2"]),
        ({"keadaan": "selesai"}, ["2a.1"]),
        ({"peran": "penanggung-jawab"}, ["1.1"]),
        ({"keadaan": "selesai", "peran": "penanggung-jawab"}, []),
        ({"indikator": "1"}, ["1.1", "1.2"]),
        ({"q": "2A.1"}, ["2a.1"]),
        ({"q": "1.2 pértanyaan"}, ["1.2"]),
        ({"q": "tak ada"}, []),
        ({"q": "  "}, ["1.1", "1.2", "2a.1"]),
        ({"keadaan": "\x00", "peran": "ketua", "indikator": ""}, ["1.1", "1.2", "2a.1"]),
    ],
)
def test_the_address_narrows_the_tasks(rows, asked, found):
    assert codes(TaskListForm(asked).shown(rows)) == found


@pytest.mark.parametrize(
    ("asked", "chips"),
    [
        (
            {},
            [
                ("?keadaan=kerjakan", 1),
                ("?keadaan=menunggu", 1),
                ("?keadaan=selesai", 1),
                ("?peran=penanggung-jawab", 1),
            ],
        ),
        (
            {"keadaan": "menunggu"},
            [
                ("?keadaan=kerjakan", 1),
                ("?", 1),
                ("?keadaan=selesai", 1),
                ("?keadaan=menunggu&peran=penanggung-jawab", 0),
            ],
        ),
        (
            {"peran": "penanggung-jawab", "q": "yaan"},
            [
                ("?peran=penanggung-jawab&q=yaan&keadaan=kerjakan", 1),
                ("?peran=penanggung-jawab&q=yaan&keadaan=menunggu", 0),
                ("?peran=penanggung-jawab&q=yaan&keadaan=selesai", 0),
                ("?q=yaan", 1),
            ],
        ),
    ],
)
def test_a_chip_counts_what_it_leaves_and_a_set_one_takes_itself_away(rows, asked, chips):
    shown = TaskListForm(asked).chips(rows)

    assert [(chip.address, chip.count) for chip in shown] == chips
    for chip in shown:
        there = TaskListForm(QueryDict(chip.address.removeprefix("?")))
        assert chip.is_set == (len(there.wanted) < len(asked))
        if not chip.is_set:
            assert len(there.shown(rows)) == chip.count


# --- The page ---------------------------------------------------------------------------------


@pytest.fixture
def opened(client, year):
    """The page of DP3A's tasks, with what its address asks for."""
    member = staff_of(year, "DP3A")
    client.force_login(member.user)

    def open_page(**asked):
        return client.get(reverse("assessments:task_list", args=[year.city.slug]), asked)

    return open_page


def test_the_first_screen_says_why_each_of_the_first_presses(opened, year):
    due("1.2", timezone.localdate() + timedelta(days=3))

    assert "3 hari lagi." in opened().text
    paper(answer_of(year, "1.2"), returned=True, reason="Tanpa tanda tangan")
    text = opened().text

    assert "30 poin masih dapat diraih." in text
    assert text.index("Tanpa tanda tangan") < text.index("masih dapat diraih.")
    due("1.1", timezone.localdate() - timedelta(days=3))
    assert "sudah lewat." in opened().text


def test_a_question_is_one_link_and_no_button(opened, year):
    text = opened(keadaan="kerjakan").text

    for code in ("1.1", "1.2"):
        assert text.count(f'href="{answer_of(year, code).get_absolute_url()}"') == 1


def test_a_date_is_told_where_it_is_not_the_years(opened, year):
    Assessment.objects.update(deadline=timezone.localdate() + timedelta(days=90))
    due("1.1", timezone.localdate() + timedelta(days=60))

    text = opened(keadaan="kerjakan").text

    assert text.count("Tenggat ") == 1


def test_one_step_stands_in_one_list_of_pages(client):
    year = wide_year(27)
    for answer in year.answers.filter(question__indicator__code="1"):
        paper(answer)
    client.force_login(staff_of(year, "DP3A").user)
    address = reverse("assessments:task_list", args=[year.city.slug])

    counts = [
        len(client.get(address, {"keadaan": "menunggu", "halaman": page}).context["page_obj"])
        for page in (1, 2)
    ]

    assert counts == [25, 2]


def test_a_filter_that_leaves_nothing_says_so(opened):
    assert "Tidak ada pertanyaan yang cocok" in opened(q="tak ada").text
    assert "Tidak ada pertanyaan yang cocok" in opened(keadaan="selesai").text
    assert "Tidak ada pertanyaan yang cocok" not in opened().text


def test_another_opd_s_questions_are_not_among_the_tasks(opened, year):
    claim(answer_of(year, "2b.1"), "5")

    assert "2b.1" not in opened().text
    assert "2b.1" not in opened(indikator="2b").text


# --- The way back -----------------------------------------------------------------------------


def test_a_question_leads_back_to_the_tasks_as_they_were_left(client, opened, year):
    place = reverse("assessments:task_list", args=[year.city.slug])
    question = answer_of(year, "1.2").get_absolute_url()
    assert client.get(question).context["tasks_url"] == f"{place}#tugas-1.2"

    opened(keadaan="kerjakan", q="yaan 1")

    assert client.get(question).context["tasks_url"] == (
        f"{place}?keadaan=kerjakan&q=yaan+1#tugas-1.2"
    )
    opened()
    assert client.get(question).context["tasks_url"] == f"{place}#tugas-1.2"


def test_the_filters_of_one_person_are_not_those_of_another(client, opened, year):
    opened(keadaan="selesai")
    client.force_login(staff_of(year, "DISDIK").user)

    context = client.get(answer_of(year, "1.2").get_absolute_url()).context

    assert "selesai" not in context["tasks_url"]


def test_looking_again_with_the_same_filters_writes_nothing(opened, django_assert_num_queries):
    opened(keadaan="kerjakan")

    response = opened(keadaan="kerjakan")

    assert not response.wsgi_request.session.modified
