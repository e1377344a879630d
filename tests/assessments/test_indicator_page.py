"""One indicator: every stage side by side, its cap, its years."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.choices import ScoreKind
from assessments.models import Answer
from assessments.queries.indicator import indicator_charts, indicator_dashboard
from assessments.queries.trend import trend, trend_chart, trend_lines
from assessments.services.answers import import_points
from assessments.services.scores import refresh_all
from clusters.choices import MatchKind
from clusters.models import Indicator, Question
from tests.assessments.situations import (
    NOW,
    claim,
    secretary_of,
    staff_of,
    working_year,
)
from tests.factories.assessments import EvidenceFactory, answer_of, granted
from tests.factories.cities import MembershipFactory
from tests.factories.clusters import MappingFactory, QuestionMatchFactory, small_spec

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


def indicator_of(year, code):
    return Indicator.objects.get(cluster__instrument=year.instrument, code=code)


def shown(year, code, *, sees_whole=True):
    indicator = indicator_of(year, code)
    answers = Answer.objects.filter(assessment=year, question__indicator=indicator)
    return indicator_dashboard(year, indicator, answers, sees_whole=sees_whole, today=TODAY)


def imported(year, kind, points):
    values = {code: Decimal(value) for code, value in points.items()}
    import_points(
        assessment=year, kind=kind, points=values, overwrite=True, by=secretary_of(year), at=NOW
    )


def prove(answer, points):
    EvidenceFactory(answer=answer, accepted=True)
    granted(answer, points)
    refresh_all(assessment_id=answer.assessment_id)


# --- Its questions ----------------------------------------------------------------------------


def test_each_question_has_its_points_of_every_stage_and_its_documents(year):
    claim(answer_of(year, "2a.1"), "9")
    prove(answer_of(year, "2a.2"), "10")
    EvidenceFactory(answer=answer_of(year, "2a.2"), returned=True)
    imported(year, ScoreKind.VA, {"2a.2": "8"})

    board = shown(year, "2a")

    facts = [
        (
            row.answer.question.code,
            row.answer.claimed_points,
            row.proven,
            row.official,
            (row.accepted, row.waiting, row.returned),
        )
        for row in board.rows
    ]
    assert board.stages == [ScoreKind.VA]
    assert facts == [
        ("2a.1", 9, None, [(ScoreKind.VA, None)], (0, 0, 0)),
        ("2a.2", None, 10, [(ScoreKind.VA, 8)], (1, 0, 1)),
    ]


def test_granted_points_without_an_accepted_document_are_not_shown_as_proven(year):
    granted(answer_of(year, "2a.2"), "10")

    assert [row.proven for row in shown(year, "2a").rows] == [None, None]


def test_a_document_that_a_better_one_replaced_is_not_counted(year):
    answer = answer_of(year, "2a.2")
    better = EvidenceFactory(answer=answer)
    EvidenceFactory(answer=answer, returned=True, superseded_by=better)

    [_first, row] = shown(year, "2a").rows

    assert (row.waiting, row.returned) == (1, 0)


def test_the_cap_is_told_with_what_it_takes(year):
    imported(year, ScoreKind.CLAIMED, {"2a.1": "15", "2a.2": "15"})

    cap = shown(year, "2a").cap

    assert (cap.questions, cap.maximum, cap.bites) == (30, 25, True)
    assert cap.sums == [(ScoreKind.CLAIMED, 30, 25), (ScoreKind.EVIDENCED, 0, 0)]


def test_an_indicator_whose_questions_fit_has_no_biting_cap(year):
    assert shown(year, "2b").cap.bites is False


def test_who_sees_only_single_questions_gets_neither_sums_nor_years(year):
    board = shown(year, "2a", sees_whole=False)

    assert (board.cap, board.years) == (None, [])
    assert set(indicator_charts(board)) == {"pertanyaan"}


def test_an_opd_sees_its_own_questions_alone(client, year):
    imported(year, ScoreKind.CLAIMED, {"2a.1": "14.125", "2a.2": "13"})
    EvidenceFactory(answer=answer_of(year, "2a.1"), kind=year.instrument.evidence_kinds.first())
    client.force_login(staff_of(year, "DINKES").user)

    response = client.get(
        reverse("assessments:indicator_detail", args=[year.city.slug, 2026, "2a"])
    )

    codes = [row.answer.question.code for row in response.context["dashboard"].rows]
    assert codes == ["2a.2"]
    assert list(response.context["page_obj"]) == []
    assert "14,125" not in response.content.decode()


def test_an_opd_without_a_question_there_does_not_find_the_indicator(client, year):
    client.force_login(staff_of(year, "DISDIK").user)

    found = {
        code: client.get(
            reverse("assessments:indicator_detail", args=[year.city.slug, 2026, code])
        ).status_code
        for code in ("1", "2a", "2b", "9")
    }

    assert found == {"1": 200, "2a": 404, "2b": 404, "9": 404}


# --- Its years --------------------------------------------------------------------------------


def test_years_of_the_same_instrument_make_one_line(year):
    before = working_year(city=year.city, year=2025)
    imported(before, ScoreKind.CLAIMED, {"1.1": "15", "1.2": "10"})
    imported(before, ScoreKind.EM, {"1.1": "10"})
    imported(before, ScoreKind.VF, {"1.1": "5"})
    imported(year, ScoreKind.CLAIMED, {"1.1": "30", "1.2": "20"})
    imported(working_year(year=2024), ScoreKind.CLAIMED, {"1.1": "30"})

    years = trend(year, indicator_of(year, "1"))

    assert [(one.year, one.share(ScoreKind.CLAIMED), one.official) for one in years] == [
        (2025, 50, 10),
        (2026, 100, None),
    ]
    claims = [line for line in trend_lines(years).series if line.label == "Diklaim (%)"]
    assert [line.points for line in claims] == [[(2025, 50), (2026, 100)]]


def old_spec():
    """The same questions under other codes, one of them worth less, in one indicator."""
    spec = small_spec(code="lama-2011")
    first, second = spec.clusters
    questions = tuple(
        replace(question, code=f"L{question.code}", max_points=Decimal(10))
        for question in first.indicators[0].questions
    )
    row = replace(first.indicators[0], code="L1", questions=questions, max_points=Decimal(20))
    return replace(spec, clusters=(replace(first, indicators=(row,)), second))


@pytest.fixture
def earlier(year):
    """A year of the same city under an instrument that was mapped to this one's indicator 1."""
    return working_year(city=year.city, year=2024, spec=old_spec())


def matched(earlier, year, old, new, *, kind=MatchKind.REWORDED, confirmed=True):
    mapping = MappingFactory._meta.model.objects.get_or_create(
        before=earlier.instrument, after=year.instrument, defaults={"created_at": NOW}
    )[0]
    QuestionMatchFactory(
        mapping=mapping,
        kind=kind,
        before=Question.objects.get(indicator__cluster__instrument=earlier.instrument, code=old),
        after=Question.objects.get(indicator__cluster__instrument=year.instrument, code=new),
        confirmed_at=timezone.now() if confirmed else None,
    )


def test_a_year_of_another_instrument_follows_its_questions_and_is_not_joined(year, earlier):
    matched(earlier, year, "L1.1", "1.1")
    imported(earlier, ScoreKind.CLAIMED, {"L1.1": "4", "L1.2": "10"})
    imported(earlier, ScoreKind.VF, {"L1.1": "2"})
    imported(year, ScoreKind.CLAIMED, {"1.1": "30"})

    years = trend(year, indicator_of(year, "1"))

    told = [(one.year, one.is_mapped, one.maximum, one.share(ScoreKind.CLAIMED)) for one in years]
    assert told == [(2024, True, 10, 40), (2026, False, 50, 60)]
    assert years[0].official == 20
    lines = trend_lines(years)
    assert [line.points for line in lines.series if line.label == "Diklaim (%)"] == [
        [(2024, 40)],
        [(2026, 60)],
    ]
    assert [mark.label for mark in lines.marks] == ["instrumen lain"]
    assert "tidak disambung garis" in trend_chart(years).sentence


def test_the_way_back_is_followed_too(year, earlier):
    matched(earlier, year, "L1.1", "1.1")

    years = trend(earlier, indicator_of(earlier, "L1"))

    assert [(one.year, one.is_mapped) for one in years] == [(2024, False), (2026, True)]


def test_a_match_that_nobody_confirmed_is_not_followed(year, earlier):
    matched(earlier, year, "L1.1", "1.1", confirmed=False)

    assert [one.year for one in trend(year, indicator_of(year, "1"))] == [2026]


def test_another_citys_years_are_not_followed(year, earlier):
    matched(earlier, year, "L1.1", "1.1")
    working_year(year=2023, spec=old_spec())

    assert [one.year for one in trend(year, indicator_of(year, "1"))] == [2024, 2026]


def test_years_take_three_queries_however_many(year, earlier, django_assert_num_queries):
    matched(earlier, year, "L1.1", "1.1")
    matched(earlier, year, "L1.2", "1.2")
    for number in (2021, 2022, 2023):
        working_year(city=year.city, year=number, spec=old_spec())
    indicator = indicator_of(year, "1")

    with django_assert_num_queries(3):
        assert len(trend(year, indicator)) == 5


def test_the_page_shows_twenty_five_documents_at_a_time(client, year):
    EvidenceFactory.create_batch(30, answer=answer_of(year, "1.2"))
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)
    url = reverse("assessments:indicator_detail", args=[year.city.slug, 2026, "1"])

    counts = [len(client.get(f"{url}?halaman={page}").context["page_obj"]) for page in (1, 2)]

    assert counts == [25, 5]
