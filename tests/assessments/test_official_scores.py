"""Official points, entered per question, per indicator or from a sheet."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import scoring
from assessments.choices import OFFICIAL_KINDS, ScoreKind, Stage, TrailEvent
from assessments.models import (
    IndicatorScore,
    OfficialIndicatorScore,
    PointsRecord,
    StageScore,
    TotalScore,
)
from assessments.services.official import (
    IndicatorEntry,
    enter_official,
    enter_official_indicators,
    official_indicator_points,
)
from assessments.services.scores import refresh_all
from clusters.models import Indicator
from clusters.services import spec_of
from tests.assessments.situations import (
    claim,
    history,
    later,
    refused,
    secretary_of,
    set_stage,
    working_year,
)
from tests.factories.assessments import NOW, answer_of
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.clusters import small_spec

pytestmark = pytest.mark.django_db

CODES = ("1.1", "1.2", "2a.1", "2a.2", "2b.1")
INDICATORS = ("1", "2a", "2b")


def enter(answer, points, *, kind=ScoreKind.VA, why="BA 12/2026", by=None, at=NOW):
    return enter_official(
        answer_id=answer.pk,
        kind=kind,
        points=None if points is None else Decimal(points),
        why=why,
        by=by or secretary_of(answer),
        at=at,
    )


def entry(assessment, code, points, *, kind=ScoreKind.VA, seen=None):
    indicators = Indicator.objects.filter(cluster__instrument=assessment.instrument)
    return IndicatorEntry(
        indicator=indicators.select_related("cluster").get(code=code),
        kind=kind,
        seen=None if seen is None else Decimal(seen),
        points=None if points is None else Decimal(points),
    )


def enter_indicators(assessment, *entries, why="BA 12/2026", by=None, at=NOW):
    return enter_official_indicators(
        assessment_id=assessment.pk,
        entries=entries,
        why=why,
        by=by or secretary_of(assessment),
        at=at,
    )


def total_of(assessment, kind=ScoreKind.VA):
    return TotalScore.objects.get(assessment=assessment, kind=kind).points


def indicator_of(assessment, code, kind=ScoreKind.VA):
    row = IndicatorScore.objects.get(assessment=assessment, kind=kind, indicator__code=code)
    return row.points, row.answered


# --- Per question -----------------------------------------------------------------------------


def test_points_of_a_stage_count_in_its_own_total_at_once(year, answer):
    by = secretary_of(year)
    claim(answer, "20", by=by)
    enter(answer, "12.5", by=by, at=later())

    totals = {row.kind: row.points for row in TotalScore.objects.filter(assessment=year)}
    assert totals == {kind: Decimal(0) for kind in ScoreKind} | {
        ScoreKind.CLAIMED: Decimal(20),
        ScoreKind.VA: Decimal("12.5"),
    }
    assert history(year)[-1] == (
        TrailEvent.OFFICIAL_ENTERED,
        "VA: – → 12,5; BA 12/2026",
        by,
        later(),
    )


def test_a_correction_takes_the_place_of_the_points_but_not_of_their_record(year, answer):
    first, second = secretary_of(year), secretary_of(year)
    enter(answer, "12", by=first)
    enter(answer, "9", by=second, at=later(), why="Ralat")

    score = StageScore.objects.get(answer=answer)
    assert (score.points, score.entered_by, score.entered_at) == (Decimal(9), second, later())
    records = PointsRecord.objects.filter(answer=answer).order_by("pk")
    assert [(r.points, r.why, r.by, r.at) for r in records] == [
        (Decimal(12), "BA 12/2026", first, NOW),
        (Decimal(9), "Ralat", second, later()),
    ]
    assert total_of(year) == Decimal(9)


def test_taking_points_back_leaves_the_record_and_the_total_without_them(year, answer):
    enter(answer, "12")
    enter(answer, None, at=later(), why="Salah tahap")

    assert list(StageScore.objects.filter(answer=answer)) == []
    points = PointsRecord.objects.filter(answer=answer).values_list("points", flat=True)
    assert list(points.order_by("pk")) == [Decimal(12), None]
    assert total_of(year) == 0


def test_the_same_points_again_are_no_deed(year, answer):
    enter(answer, "12")
    before = history(year)

    enter(answer, "12", at=later())

    assert (history(year), PointsRecord.objects.count()) == (before, 1)


@pytest.mark.parametrize(
    ("points", "fields", "code"),
    [
        ("12", {"why": ""}, "source"),
        ("12", {"why": "  "}, "source"),
        (None, {"why": ""}, "source"),
        ("20.001", {}, "over_maximum"),
        ("-1", {}, "negative"),
        ("1.0001", {}, "too_precise"),
        ("12", {"kind": ScoreKind.CLAIMED}, "not_official"),
        ("12", {"kind": ScoreKind.EVIDENCED}, "not_official"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_whole(answer, points, fields, code):
    with refused(code):
        enter(answer, points, by=answer.assessment.opened_by, **fields)


def test_a_closed_year_takes_no_official_points(year, answer):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)
    by = secretary_of(year)

    with refused("closed"):
        enter(answer, "12", by=by)
    with refused("closed"):
        enter_indicators(year, entry(year, "2a", "12"), by=by)


# --- Per indicator ----------------------------------------------------------------------------


def test_an_indicators_total_counts_without_any_question(year):
    by = secretary_of(year)
    changed = enter_indicators(
        year,
        entry(year, "1", "40"),
        entry(year, "2a", "20.5"),
        entry(year, "2a", "18", kind=ScoreKind.VF),
        by=by,
    )

    assert changed == 3
    assert indicator_of(year, "1") == (Decimal(40), 0)
    assert (total_of(year), total_of(year, ScoreKind.VF)) == (Decimal("60.5"), Decimal(18))
    total = TotalScore.objects.get(assessment=year, kind=ScoreKind.VA)
    assert (total.predikat, total.in_gap, total.answered) == ("Pratama", True, 0)
    row = year.activities.order_by("-position").first()
    assert (row.deed, row.detail, row.before, row.after) == (
        TrailEvent.OFFICIAL_ENTERED,
        "VF indikator 2a: – → 18; BA 12/2026",
        {"points": None},
        {"points": "18"},
    )


def test_points_of_questions_win_over_the_indicators_total_and_give_it_back(year):
    enter_indicators(year, entry(year, "1", "40"), entry(year, "2b", "5"))
    answer = answer_of(year, "1.2")

    enter(answer, "12")
    assert (indicator_of(year, "1"), total_of(year)) == ((Decimal(12), 1), Decimal(17))

    enter(answer, None, at=later())
    assert (indicator_of(year, "1"), total_of(year)) == ((Decimal(40), 0), Decimal(45))


def test_points_of_another_stage_do_not_push_an_indicators_total_aside(year):
    enter_indicators(year, entry(year, "1", "40"))
    enter(answer_of(year, "1.2"), "12", kind=ScoreKind.VF)

    assert (total_of(year), total_of(year, ScoreKind.VF)) == (Decimal(40), Decimal(12))


def test_zero_points_of_a_question_win_as_well(year):
    enter_indicators(year, entry(year, "1", "40"))
    enter(answer_of(year, "1.2"), "0")

    assert total_of(year) == 0


def test_taking_an_indicators_total_back(year):
    enter_indicators(year, entry(year, "1", "40"))
    enter_indicators(year, entry(year, "1", None, seen="40"), why="Salah baris")

    assert list(OfficialIndicatorScore.objects.all()) == []
    assert total_of(year) == 0


def test_only_what_differs_is_a_deed(year):
    enter_indicators(year, entry(year, "1", "40"))
    before = history(year)

    assert enter_indicators(year, entry(year, "1", "40", seen="40")) == 0
    assert history(year) == before


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"points": "50.001"}, "over_maximum"),
        ({"points": "-0.5"}, "negative"),
        ({"points": "1.2345"}, "too_precise"),
        ({"points": "5", "kind": ScoreKind.EVIDENCED}, "not_official"),
        ({"points": "5", "seen": "4"}, "stale"),
    ],
)
def test_one_cell_that_cannot_be_refuses_all_of_them(year, fields, code):
    by = secretary_of(year)
    entries = [entry(year, "2a", "20"), entry(year, "1", **fields)]

    with refused(code):
        enter_indicators(year, *entries, by=by)


def test_a_source_is_required(year):
    by = secretary_of(year)
    with refused("source"):
        enter_indicators(year, entry(year, "1", "5"), why=" ", by=by)


def test_an_indicator_of_another_instrument_is_refused(year):
    other = working_year(spec=small_spec("lain-2026"), year=2027)
    by = secretary_of(year)

    with refused("foreign_indicator"):
        enter_indicators(year, entry(other, "1", "5"), by=by)


def test_a_total_that_somebody_else_entered_meanwhile_is_not_overwritten_unseen(year):
    enter_indicators(year, entry(year, "1", "40"))
    by = secretary_of(year)

    with refused("stale") as refusal:
        enter_indicators(year, entry(year, "1", "30"), by=by)

    assert refusal.value.messages[0].startswith(
        "Nilai VA indikator 1 sudah diubah orang lain menjadi 40."
    )


def test_recomputing_a_year_finds_nothing_to_mend(year):
    enter_indicators(year, entry(year, "1", "40"), entry(year, "2a", "25"))
    enter(answer_of(year, "2a.1"), "15")

    assert refresh_all(assessment_id=year.pk) == []


# --- Whatever is entered ----------------------------------------------------------------------

thousandths = st.integers(0, 50_000).map(lambda number: Decimal(number) / 1000)
deeds = st.one_of(
    st.tuples(st.sampled_from(CODES), st.none() | thousandths),
    st.tuples(st.sampled_from(INDICATORS), st.none() | thousandths),
)


def spread(spec, code, points):
    """An indicator's total as points of its questions, filled one after the other."""
    indicator = next(i for cluster in spec.clusters for i in cluster.indicators if i.code == code)
    given = {}
    for question in indicator.questions:
        given[question.code] = min(points, question.max_points)
        points -= given[question.code]
    return given


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(deeds, max_size=10), kind=st.sampled_from(OFFICIAL_KINDS))
def test_the_official_total_is_what_the_arithmetic_makes_of_questions_and_indicators(
    year, steps, kind
):
    """An indicator without questions counts as if its total were spread over them."""
    spec = spec_of(year.instrument)
    by, questions, totals = year.opened_by, {}, {}
    for code in CODES:  # an example begins with nothing of the one before it
        enter(answer_of(year, code), None, kind=kind, by=by)
    stored = official_indicator_points(year)
    for (pk, stage), points in stored.items():
        code = Indicator.objects.get(pk=pk).code
        enter_indicators(year, entry(year, code, None, kind=ScoreKind(stage), seen=points), by=by)

    for code, wanted in steps:
        if code in CODES:
            answer = answer_of(year, code)
            points = None if wanted is None else min(wanted, answer.question.max_points)
            enter(answer, points, kind=kind, by=by)
            questions[code] = points
        else:
            maximum = Indicator.objects.get(code=code).max_points
            points = None if wanted is None else min(wanted, maximum)
            cell = entry(year, code, points, kind=kind, seen=totals.get(code))
            enter_indicators(year, cell, by=by)
            totals[code] = points

    given_points = {code: points for code, points in questions.items() if points is not None}
    for code, points in totals.items():
        of_indicator = spread(spec, code, Decimal(0) if points is None else points)
        if points is not None and not set(of_indicator) & set(given_points):
            given_points |= of_indicator
    expected = scoring.score(spec, given_points)
    row = TotalScore.objects.get(assessment=year, kind=kind)
    assert (row.points, row.predikat or None, row.in_gap) == (
        expected.total,
        expected.predikat,
        expected.in_gap,
    )
    assert refresh_all(assessment_id=year.pk) == []


# --- Pages ------------------------------------------------------------------------------------


@pytest.fixture
def admin(year, client):
    member = MembershipFactory(admin_kota=True, city=year.city)
    client.force_login(member.user)
    return member


def url_of(name, assessment, *args):
    return reverse(f"assessments:{name}", args=[assessment.city.slug, assessment.year, *args])


@pytest.mark.parametrize("page", [("official_edit", "1.2"), ("official_indicators",)])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("admin_kota", 200),
        ("gugus_tugas", 200),
        ("verifikator", 403),
        ("of_opd", 403),
        ("pimpinan", 403),
        ("pendamping", 403),
    ],
)
def test_who_may_enter_official_points(client, year, page, role, status):
    client.force_login(MembershipFactory(city=year.city, **{role: True}).user)
    name, *args = page

    assert client.get(url_of(name, year, *args)).status_code == status


def test_another_citys_year_is_not_there(client, year, answer):
    stranger = MembershipFactory(admin_kota=True, city=CityFactory())
    client.force_login(stranger.user)
    own = [stranger.city.slug, year.year]

    urls = [
        url_of("official_edit", year, "1.2"),
        url_of("official_indicators", year),
        reverse("assessments:official_edit", args=[*own, "1.2"]),
        reverse("assessments:official_indicators", args=own),
    ]
    sent = {"kind": "VA", "points": "5", "why": "x", "VA-1": "5"}
    assert [client.post(url, sent).status_code for url in urls] == [404] * 4
    assert StageScore.objects.count() == OfficialIndicatorScore.objects.count() == 0


def test_entering_points_of_a_question(client, year, answer, admin):
    sent = {"kind": "VL", "points": "12,5", "why": "BA lapangan"}

    response = client.post(url_of("official_edit", year, "1.2"), sent)

    assert response.url == answer.get_absolute_url()
    record = PointsRecord.objects.get(answer=answer)
    assert (record.kind, record.points, record.why, record.by) == (
        ScoreKind.VL,
        Decimal("12.5"),
        "BA lapangan",
        admin.user,
    )


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"kind": "VA", "points": "5"}, "why"),
        ({"kind": "VA", "points": "", "why": "BA"}, "points"),
        ({"kind": "VA", "points": "20,5", "why": "BA"}, "points"),
        ({"kind": "claimed", "points": "5", "why": "BA"}, "kind"),
    ],
)
def test_a_form_with_a_fault_stores_nothing_and_says_where(
    client, year, answer, admin, sent, wrong
):
    response = client.post(url_of("official_edit", year, "1.2"), sent)

    assert list(response.context["form"].errors) == [wrong]
    assert PointsRecord.objects.count() == 0


def test_the_table_stores_only_the_cells_that_were_changed(client, year, admin):
    enter_indicators(year, entry(year, "1", "40"), entry(year, "2b", "7"))
    url = url_of("official_indicators", year)
    page = client.get(url).content.decode()
    assert page.count('name="initial-VA-1"') == 1
    sent = {
        "VA-1": "41,5",
        "initial-VA-1": "40",
        "VA-2b": "7",
        "initial-VA-2b": "7",
        "VF-2a": "3",
        "initial-VF-2a": "",
        "why": "BA akhir",
    }

    response = client.post(url, sent)

    assert response.url == url
    rows = OfficialIndicatorScore.objects.order_by("kind", "indicator__code")
    assert [(r.kind, r.indicator.code, r.points, r.why) for r in rows] == [
        ("VA", "1", Decimal("41.5"), "BA akhir"),
        ("VA", "2b", Decimal(7), "BA 12/2026"),
        ("VF", "2a", Decimal(3), "BA akhir"),
    ]


def test_clusters_after_the_first_are_folded_unless_something_is_wrong(client, year, admin):
    url = url_of("official_indicators", year)

    pages = [client.get(url), client.post(url, {"why": ""})]

    folds = [
        re.findall(r'<details class="folding" id="[^"]+"\s+((?:data-fold|open| )+)>', page.text)
        for page in pages
    ]
    assert folds == [["data-fold open", "data-fold"], ["open", "open"]]


def test_a_table_filled_from_an_old_page_is_refused(client, year, admin):
    enter_indicators(year, entry(year, "1", "40"))
    sent = {"VA-1": "30", "initial-VA-1": "", "why": "BA"}

    response = client.post(url_of("official_indicators", year), sent)

    assert [e.code for e in response.context["form"].non_field_errors().as_data()] == ["stale"]
    assert OfficialIndicatorScore.objects.get().points == Decimal(40)


def test_an_unchanged_table_is_told_so(client, year, admin):
    response = client.post(url_of("official_indicators", year), {"why": "BA"})

    assert response.context["form"].non_field_errors() == ["Belum ada nilai yang diubah."]


def test_where_questions_say_it_the_table_has_no_field(client, year, admin):
    enter_indicators(year, entry(year, "1", "40"))
    enter(answer_of(year, "1.2"), "12")

    page = client.get(url_of("official_indicators", year)).content.decode()

    assert 'name="VA-1"' not in page
    assert page.count("dari 1 pertanyaan") == page.count("jumlah 40 tidak dihitung") == 1
    assert page.count('name="EM-1"') == 1


def test_the_table_needs_no_more_queries_for_more_results(
    client, year, admin, django_assert_num_queries
):
    url = url_of("official_indicators", year)
    with django_assert_num_queries(8):
        client.get(url)
    enter_indicators(
        year, *(entry(year, code, "5", kind=k) for code in INDICATORS for k in OFFICIAL_KINDS)
    )
    enter(answer_of(year, "1.2"), "12")
    with django_assert_num_queries(8):
        client.get(url)
