"""The forecast of a real year: what it reads from documents and finished years, and its page."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.choices import ScoreKind, Stage
from assessments.models import (
    Answer,
    Assessment,
    OfficialIndicatorScore,
    StageScore,
)
from assessments.services.scores import refresh_all
from clusters.library import packaged
from plans.experience import Condition
from plans.queries.claims import year_claims
from plans.queries.forecast import forecast_board
from tests.assessments.situations import (
    secretary_of,
    working_year,
)
from tests.csv_files import csv_rows
from tests.factories.assessments import NOW, EvidenceFactory, answer_of, granted, open_year
from tests.factories.cities import CityFactory, UserFactory
from tests.factories.clusters import generous_spec

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
FULL = {"1.1": 30, "1.2": 20, "2a.1": 15, "2a.2": 15, "2b.1": 25}


def claimed(year, points):
    for code, worth in points.items():
        Answer.objects.filter(pk=answer_of(year, code).pk).update(claimed_points=worth)


def board(year):
    return forecast_board(year, today=TODAY)


def condition(year, code="1.1"):
    now, _past = year_claims(year, today=TODAY)
    return next(claim.condition for claim in now.claims if claim.code == code)


def finished(city, number, points, verified, *, kind=ScoreKind.VF, stage=Stage.CLOSED):
    """A year of the city with its claims accepted, and what verification made of each."""
    year = working_year(city=city, spec=generous_spec(), year=number)
    claimed(year, points)
    for code, worth in verified.items():
        StageScore.objects.create(
            answer=answer_of(year, code),
            kind=kind,
            points=worth,
            entered_at=NOW,
            entered_by=UserFactory(),
        )
    for code in points:
        EvidenceFactory(answer=answer_of(year, code), accepted=True)
    Assessment.objects.filter(pk=year.pk).update(stage=stage)
    refresh_all(assessment_id=year.pk)
    return year


# --- What documents say -----------------------------------------------------------------------


@pytest.fixture
def sure(year):
    """A year whose question 1.1 is claimed, granted in full and proven."""
    claimed(year, {"1.1": 30})
    EvidenceFactory(answer=answer_of(year, "1.1"), accepted=True)
    return year


def test_an_accepted_document_leaves_no_doubt(sure):
    assert condition(sure) == Condition.ACCEPTED
    granted(answer_of(sure, "1.1"), "30")
    assert condition(sure) == Condition.ACCEPTED


def test_a_claim_without_a_document_is_missing_one(year):
    claimed(year, {"1.1": 30})
    EvidenceFactory(answer=answer_of(year, "1.2"), accepted=True)

    assert condition(year) == Condition.MISSING


def test_one_returned_document_outweighs_the_accepted_ones(sure):
    EvidenceFactory(answer=answer_of(sure, "1.1"), returned=True)

    assert condition(sure) == Condition.RETURNED


def test_fewer_points_granted_than_claimed_are_told(sure):
    granted(answer_of(sure, "1.1"), "29.999")

    assert condition(sure) == Condition.LOWERED


def test_granted_points_without_proof_tell_nothing(year):
    claimed(year, {"1.1": 30})
    granted(answer_of(year, "1.1"), "5")
    EvidenceFactory(answer=answer_of(year, "1.1"))

    assert condition(year) == Condition.WAITING


@pytest.mark.parametrize(
    ("valid_until", "told"),
    [(date(2026, 1, 1), Condition.STALE), (TODAY, Condition.WAITING)],
)
def test_documents_that_are_all_out_of_date_are_stale(year, valid_until, told):
    claimed(year, {"1.1": 30})
    EvidenceFactory(answer=answer_of(year, "1.1"), document__valid_until=valid_until)

    assert condition(year) == told


def test_one_document_in_date_is_enough(year):
    claimed(year, {"1.1": 30})
    for valid_until in (date(2026, 1, 1), None):
        EvidenceFactory(answer=answer_of(year, "1.1"), document__valid_until=valid_until)

    assert condition(year) == Condition.WAITING


@pytest.mark.parametrize(
    ("others", "told"),
    [(("1.2", "2b.1"), Condition.REUSED), (("1.2",), Condition.ACCEPTED)],
)
def test_a_document_that_stands_for_many_questions_is_doubted(sure, others, told):
    document = answer_of(sure, "1.1").evidence.get().document
    for code in others:
        EvidenceFactory(answer=answer_of(sure, code), document=document)

    assert condition(sure) == told


@pytest.mark.parametrize("returned", [True, False])
def test_documents_are_read_only_where_the_state_leaves_a_doubt(year, returned):
    claimed(year, {"1.1": 30})
    EvidenceFactory(answer=answer_of(year, "1.1"), returned=returned)

    with CaptureQueriesContext(connection) as queries:
        told = condition(year)

    assert told == (Condition.RETURNED if returned else Condition.WAITING)
    read = [one for one in queries if "valid_until" in one["sql"]]
    assert len(read) == (0 if returned else 1)


def test_documents_that_look_alike_say_what_one_of_them_says(sure):
    answer = answer_of(sure, "1.1")
    once = condition(sure)
    for _number in range(3):
        EvidenceFactory(answer=answer, accepted=True)

    assert (once, condition(sure)) == (Condition.ACCEPTED, Condition.ACCEPTED)


def test_what_was_returned_and_mended_is_remembered(sure):
    answer = answer_of(sure, "1.1")
    EvidenceFactory(answer=answer, returned=True, superseded_by=answer.evidence.get())

    assert condition(sure) == Condition.RETURNED_BEFORE


@pytest.mark.parametrize(
    ("kind", "told"), [(ScoreKind.VF, Condition.UNRECORDED), (ScoreKind.EM, Condition.MISSING)]
)
def test_a_judged_year_without_any_document_kept_them_elsewhere(year, kind, told):
    claimed(year, {"1.1": 30})
    StageScore.objects.create(
        answer=answer_of(year, "1.1"),
        kind=kind,
        points=24,
        entered_at=NOW,
        entered_by=UserFactory(),
    )

    assert condition(year) == told
    EvidenceFactory(answer=answer_of(year, "1.2"))
    assert condition(year) == Condition.MISSING


# --- What finished years say ------------------------------------------------------------------


def past_of(year):
    _now, past = year_claims(year, today=TODAY)
    return [(one.assessment.year, one.stage, one.verified) for one in past]


def test_the_furthest_stage_of_an_earlier_year_is_its_last_word(year):
    before = finished(year.city, 2025, {"1.1": 30}, {"1.1": 27}, kind=ScoreKind.VA)
    StageScore.objects.create(
        answer=answer_of(before, "1.1"),
        kind=ScoreKind.VF,
        points=24,
        entered_at=NOW,
        entered_by=UserFactory(),
    )
    refresh_all(assessment_id=before.pk)

    assert past_of(year) == [(2025, ScoreKind.VF, 24)]


@pytest.mark.parametrize(
    ("kind", "stage", "counts"),
    [
        (ScoreKind.VF, Stage.FINAL, True),
        (ScoreKind.VL, Stage.CLOSED, True),
        (ScoreKind.VL, Stage.FIELD, False),
        (ScoreKind.EM, Stage.CLOSED, False),
    ],
)
def test_a_year_teaches_once_no_stage_can_follow(year, kind, stage, counts):
    finished(year.city, 2025, {"1.1": 30}, {"1.1": 24}, kind=kind, stage=stage)

    assert len(past_of(year)) == counts


@pytest.mark.parametrize(("untold", "counts"), [("3.333", True), ("3.334", False)])
def test_a_year_with_less_than_nine_tenths_told_teaches_nothing(year, untold, counts):
    finished(year.city, 2025, {"1.1": 30, "1.2": Decimal(untold)}, {"1.1": 24})

    assert len(past_of(year)) == counts


def test_later_years_and_other_cities_teach_nothing(year):
    finished(year.city, 2027, FULL, FULL)
    finished(CityFactory(), 2025, FULL, FULL)

    assert past_of(year) == []


def test_an_own_score_stands_in_for_a_claim_that_was_never_entered(year):
    finished(year.city, 2025, {"1.1": None}, {"1.1": 30}, kind=ScoreKind.EM)
    before = Assessment.objects.get(city=year.city, year=2025)
    StageScore.objects.create(
        answer=answer_of(before, "1.1"),
        kind=ScoreKind.VF,
        points=15,
        entered_at=NOW,
        entered_by=UserFactory(),
    )
    refresh_all(assessment_id=before.pk)

    [one] = year_claims(year, today=TODAY)[1]
    assert [(outcome.claimed, outcome.verified) for outcome in one.outcomes] == [(30, 15)]


def test_the_total_of_an_indicator_counts_where_its_questions_have_none(year):
    claims = {"1.1": 30, "1.2": 2, "2a.1": 15, "2a.2": 15}
    before = finished(year.city, 2025, claims, {"1.1": 24})
    for code, points in (("1", 40), ("2a", 20)):
        OfficialIndicatorScore.objects.create(
            assessment=before,
            indicator=before.instrument.clusters.get(indicators__code=code).indicators.get(
                code=code
            ),
            kind=ScoreKind.VF,
            points=points,
            why="Berita acara",
            at=NOW,
            by=secretary_of(year),
        )

    [one] = year_claims(year, today=TODAY)[1]
    told = {tuple(claim.code for claim in o.claims): o.verified for o in one.outcomes}
    assert told == {("1.1",): 24, ("2a.1", "2a.2"): 20}


def test_own_years_draw_the_forecast_towards_what_they_kept(year):
    claimed(year, FULL)
    for code in FULL:
        EvidenceFactory(answer=answer_of(year, code), accepted=True)
    without = board(year).expected.total

    half = {code: Decimal(worth) / 2 for code, worth in FULL.items()}
    for number in (2023, 2024, 2025):
        finished(year.city, number, FULL, half)

    with_own = board(year)
    assert with_own.years == 3
    assert 50 < with_own.expected.total < without


# --- The board --------------------------------------------------------------------------------


def test_where_nothing_is_claimed_nothing_is_known(year):
    shown = board(year)

    assert (shown.low, shown.expected, shown.high) == (None, None, None)
    assert (shown.unclaimed, shown.unclaimed_points, shown.risks) == (5, 105, [])


def test_a_claim_of_nothing_is_known_and_at_no_risk(year):
    claimed(year, {"1.1": 0, "1.2": 20})

    shown = board(year)

    assert (shown.unclaimed, [row.answer.question.code for row in shown.risks]) == (3, ["1.2"])


def test_the_questions_that_lose_most_come_first_with_their_cause(year):
    claimed(year, {"1.1": 30, "2b.1": 25})
    EvidenceFactory(answer=answer_of(year, "1.1"), accepted=True)

    shown = board(year)

    assert [
        (row.answer.question.code, row.claimed, row.expected, row.loss, row.why, row.seen)
        for row in shown.risks
    ] == [
        ("2b.1", 25, 6, 19, "Belum ada dokumen", ""),
        ("1.1", 30, 24, 6, "Dokumen diterima", ""),
    ]
    assert [(row.condition, row.count, row.loss, row.seen) for row in shown.conditions] == [
        (Condition.MISSING, 1, 19, 0),
        (Condition.ACCEPTED, 1, 6, 0),
    ]
    assert shown.expected.total == 30
    assert shown.low.total < 30 < shown.high.total


def test_what_became_of_the_same_kind_is_told(year):
    finished(year.city, 2025, {"1.1": 30}, {"1.1": 15})
    claimed(year, {"1.1": 30})

    [row] = board(year).risks

    assert row.seen == "pada tahun-tahun lalu jenis ini mempertahankan 50% dari 30 poin"


def test_an_indicator_is_never_expected_to_exceed_its_maximum(year):
    claimed(year, {"2a.1": 15, "2a.2": 15})
    for code in ("2a.1", "2a.2"):
        EvidenceFactory(answer=answer_of(year, code), accepted=True)

    whole, _first, cluster = board(year).spreads

    assert (cluster.claimed, cluster.expected, cluster.high) == (25, 24, 25)
    assert (whole.claimed, whole.high) == (25, 25)


def test_finished_years_are_forecast_from_the_ones_before_them(year):
    kept = {code: Decimal(worth) * Decimal("0.8") for code, worth in FULL.items()}
    lost = {code: Decimal(worth) / 10 for code, worth in FULL.items()}
    finished(year.city, 2024, FULL, kept)
    finished(year.city, 2025, FULL, lost)

    shown = board(year)

    assert [(one.year.assessment.year, one.claimed, one.verified) for one in shown.replays] == [
        (2024, 100, 84),
        (2025, 100, Decimal("10.5")),
    ]
    assert [one.holds for one in shown.replays] == [True, False]
    assert (shown.held, shown.years) == (1, 2)


# --- Page, files, command ---------------------------------------------------------------------


@pytest.fixture
def page(client, year, secretariat):
    client.force_login(secretariat.user)

    def get(query=""):
        return client.get(reverse("plans:forecast_detail", args=[year.city.slug, 2026]) + query)

    return get


def test_the_page_says_that_nothing_is_known_and_offers_no_number(page):
    text = page().content.decode()

    assert "Belum diketahui: belum ada klaim yang dapat diverifikasi." in text
    assert "data=risiko" not in text


def test_the_page_tells_the_range_and_its_predikat(page, year):
    claimed(year, FULL)
    for code in FULL:
        EvidenceFactory(answer=answer_of(year, code), accepted=True)

    response = page()

    shown, text = response.context["board"], " ".join(response.content.decode().split())
    assert (shown.expected.total, shown.expected.predikat) == (84, "Madya")
    assert "diperkirakan tersisa <strong>84</strong>" in text
    assert len(response.context["risks"]) == 5


def test_claims_at_risk_come_in_pages_of_ten(client):
    whole = open_year(city=CityFactory(), spec=packaged("kla-2023"))
    worth = Answer.objects.filter(assessment=whole, question__max_points__gte=1)
    count = worth.update(claimed_points=1)
    client.force_login(secretary_of(whole))
    url = reverse("plans:forecast_detail", args=[whole.city.slug, whole.year])

    first, second = (client.get(f"{url}?halaman={number}").context["risks"] for number in (1, 2))

    assert [len(first), len(second), first.paginator.count] == [10, 10, count]
    assert {row.answer.pk for row in first} & {row.answer.pk for row in second} == set()


def shown(cell):
    """A value of a chart as the file has it: numbers with a decimal comma."""
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else str(cell)


@pytest.mark.parametrize("key", ["perkiraan", "risiko", "uji"])
def test_its_figures_go_out_as_they_stand(page, year, key):
    claimed(year, {"1.1": 30})
    finished(year.city, 2025, FULL, FULL)

    chart = page().context["charts"][key]
    rows = csv_rows(page(f"?data={key}&format=csv"))

    assert rows[0] == chart.header
    assert rows[1:] == [[shown(cell) for cell in row] for row in chart.rows]
    assert len(rows) > 1


def test_the_command_reports_every_finished_year_and_how_many_held(year, capsys):
    kept = {code: Decimal(worth) * Decimal("0.8") for code, worth in FULL.items()}
    finished(year.city, 2025, FULL, kept)
    other = finished(CityFactory(), 2025, FULL, dict.fromkeys(FULL, 0))

    call_command("replay_forecast")
    both = capsys.readouterr().out.splitlines()
    call_command("replay_forecast", "--city", other.city.slug)
    alone = capsys.readouterr().out.splitlines()

    assert both[-1] == "1 dari 2 tahun di dalam rentang 80%."
    assert len(both) == 3
    assert f"{year.city.slug} 2025: klaim 100," in "\n".join(both)
    assert alone[0].endswith("terverifikasi 0, di luar rentang")
    assert alone[1:] == ["0 dari 1 tahun di dalam rentang 80%."]


def test_the_command_says_when_there_is_nothing_to_compare(year, capsys):
    call_command("replay_forecast")

    assert capsys.readouterr().out == "Belum ada tahun selesai yang dapat diuji.\n"
    with pytest.raises(CommandError):
        call_command("replay_forecast", "--city", "tidak-ada")


def test_more_finished_years_cost_no_more_queries(page, year):
    def queries():
        page()  # the instrument is read once a process
        with CaptureQueriesContext(connection) as seen:
            page()
        return len(seen)

    finished(year.city, 2025, FULL, FULL)
    few = queries()
    for number in range(2020, 2025):
        finished(year.city, number, FULL, FULL)

    assert queries() == few
