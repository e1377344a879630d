"""What was answered and accepted by when, what waits, and what the week brought."""

from datetime import date, timedelta

import pytest

from assessments.choices import TrailEvent
from assessments.models import Answer, Assessment
from assessments.pace import Forecast, Unknown
from assessments.queries.answer_points import answer_facts
from assessments.queries.pace import milestones, pace, pace_chart, pace_lines
from assessments.queries.review_backlog import waiting, waiting_chart
from assessments.queries.weekly_activity import week, week_chart
from assessments.services.activity import record
from figures.values import Stroke
from tests.assessments.situations import (
    NOW,
    claim,
    secretary_of,
    set_stage,
    working_year,
)
from tests.factories.assessments import EvidenceFactory, answer_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


def days(count):
    return timedelta(days=count)


def pace_of(year, today=TODAY):
    year = Assessment.objects.get(pk=year.pk)
    facts = answer_facts(Answer.objects.filter(assessment=year), today)
    return pace(year, milestones(year, facts), facts.keys(), today=today)


def accepted_on(answer, at):
    kind = answer.assessment.instrument.evidence_kinds.first()
    return EvidenceFactory(answer=answer, kind=kind, accepted=True, decided_at=at)


def test_a_question_counts_from_the_day_it_was_first_answered_and_first_accepted(year):
    answer = answer_of(year, "1.2")
    first = claim(answer, "10", at=NOW + days(1))
    claim(answer, "12", at=NOW + days(4), seen_at=first.claimed_at)
    accepted_on(answer, NOW + days(5))
    accepted_on(answer, NOW + days(3))

    shown = pace_of(year, TODAY + days(5))

    assert shown.days == [TODAY + days(number) for number in range(6)]
    assert (shown.answered, shown.accepted) == ([0, 1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1])
    assert shown.total == 5


def test_a_question_with_something_undecided_is_not_accepted(year):
    accepted_on(answer_of(year, "1.2"), NOW)
    EvidenceFactory(answer=answer_of(year, "1.2"))

    assert pace_of(year).accepted == [0]


def test_a_claim_that_was_taken_back_is_not_answered(year):
    answer = answer_of(year, "1.2")
    first = claim(answer, "10")
    claim(answer, None, seen_at=first.claimed_at)

    assert pace_of(year).answered == [0]


def test_the_day_is_the_citys_own(year):
    late_evening = NOW.replace(hour=16, minute=59)  # 23.59 WIB
    accepted_on(answer_of(year, "1.2"), late_evening)
    accepted_on(answer_of(year, "1.1"), late_evening + timedelta(minutes=1))

    assert pace_of(year, TODAY + days(1)).accepted == [1, 2]


def test_other_cities_do_not_count(year):
    accepted_on(answer_of(working_year(), "1.2"), NOW)

    assert pace_of(year).accepted == [0]


def test_a_year_that_is_no_longer_open_ends_with_its_work(year):
    accepted_on(answer_of(year, "1.2"), NOW + days(2))
    set_stage(assessment_id=year.pk, stage="submitted", at=NOW + days(3))

    shown = pace_of(year, TODAY + days(90))

    assert (len(shown.days), shown.forecast) == (3, Unknown.PAST)


def at_an_even_pace(year):
    Assessment.objects.filter(pk=year.pk).update(deadline=TODAY + days(30))
    for number, code in enumerate(["1.1", "1.2", "2a.1"]):
        accepted_on(answer_of(year, code), NOW + days(5 * number + 4))
    return pace_of(year, TODAY + days(20))


def test_the_forecast_is_drawn_from_today_to_the_deadline(year):
    shown = at_an_even_pace(year)

    lines = pace_lines(shown)

    assert isinstance(shown.forecast, Forecast)
    today, deadline = (TODAY + days(20)).toordinal(), (TODAY + days(30)).toordinal()
    assert (lines.end, [mark.label for mark in lines.marks]) == (deadline, ["Tenggat"])
    ahead = lines.series[-1]
    assert (ahead.stroke, ahead.points) == (
        Stroke.DASHED,
        [(today, 3), (deadline, shown.forecast.expected)],
    )
    assert lines.band == [(today, 3, 3), (deadline, shown.forecast.low, shown.forecast.high)]


def test_the_sentence_tells_the_forecast_and_how_sure_it_is(year):
    shown = at_an_even_pace(year)

    assert pace_chart(shown).sentence == (
        "Sampai kini 0 dijawab dan 3 diterima dari 5. Dengan laju 0,1 pertanyaan diterima "
        "sehari, pada tenggat diperkirakan 4 dari 5 pertanyaan diterima; kemungkinan 80% "
        "antara 3 dan 5."
    )


def test_without_enough_to_go_by_it_says_so_and_draws_nothing_ahead(year):
    Assessment.objects.filter(pk=year.pk).update(deadline=TODAY + days(30))
    shown = pace_of(year)

    assert "Belum cukup data" in pace_chart(shown).sentence
    assert (pace_lines(shown).band, len(pace_lines(shown).series)) == ([], 2)


def test_the_table_has_the_days_on_which_something_changed(year):
    shown = at_an_even_pace(year)

    assert pace_chart(shown).rows == [
        (TODAY, 0, 0),
        (TODAY + days(4), 0, 1),
        (TODAY + days(9), 0, 2),
        (TODAY + days(14), 0, 3),
        (TODAY + days(20), 0, 3),
    ]


# --- What waits -------------------------------------------------------------------------------


def test_documents_wait_in_groups_of_their_age(year):
    answer = answer_of(year, "1.2")
    for age in (0, 2, 3, 7, 8, 14, 15, 40):
        EvidenceFactory(answer=answer, offered_at=NOW - days(age))
    EvidenceFactory(answer=answer, offered_at=NOW - days(99), accepted=True)
    EvidenceFactory(answer=answer_of(working_year(), "1.2"), offered_at=NOW - days(99))

    shown = waiting(year, today=TODAY)

    assert [(group.label, group.count) for group in shown.groups] == [
        ("0–2 hari", 2),
        ("3–7 hari", 2),
        ("8–14 hari", 2),
        ("15 hari atau lebih", 2),
    ]
    assert (shown.total, shown.oldest) == (8, 40)
    assert waiting_chart(shown).sentence == (
        "8 dokumen menunggu pemeriksaan, yang terlama 40 hari."
    )


def test_nothing_that_waits_has_no_age(year):
    shown = waiting(year, today=TODAY)

    assert (shown.total, shown.oldest) == (0, None)
    assert waiting_chart(shown).sentence == "Tidak ada dokumen yang menunggu pemeriksaan."


# --- What the week brought --------------------------------------------------------------------


def test_the_week_is_compared_with_the_one_before(year):
    person = secretary_of(year)
    for ago in (0, 6, 7, 13, 14):
        at = NOW + days(20 - ago)
        record(TrailEvent.EVIDENCE_ACCEPTED, assessment=year, by=person, at=at)
    record(TrailEvent.CLAIM_SAVED, assessment=year, by=person, at=NOW + days(20))
    record(TrailEvent.CLAIM_SAVED, assessment=working_year(), by=person, at=NOW + days(20))

    lines = week(year, today=TODAY + days(20))

    assert [(line.deed, line.now, line.before) for line in lines] == [
        (TrailEvent.EVIDENCE_ACCEPTED, 2, 2),
        (TrailEvent.CLAIM_SAVED, 1, 0),
    ]
    chart = week_chart(lines)
    assert chart.sentence == "3 kegiatan dalam 7 hari terakhir, 2 dalam 7 hari sebelumnya."
    assert chart.rows[0] == ("Menerima dokumen", 2, 2)
