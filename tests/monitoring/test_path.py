"""The city's path: target against what was reached, planned, and paid for."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.models import Assessment
from figures.layout.line import line_drawing
from figures.layout.shapes import Words
from monitoring.queries.path import path_chart, path_lines, path_sentence, target_path
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.assessments import AwardFactory
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.monitoring import YearGoalFactory
from tests.factories.plans import PlanFactory


@pytest.fixture
def told(city, year, plan):
    """Pratama in 2024 as aimed; 2026 at work with a way; 2027 aimed and paid for."""
    AwardFactory(city=city, year=2024, predikat="Pratama")
    AwardFactory(city=CityFactory(), year=2023, predikat="Madya")
    YearGoalFactory(city=city, year=2024, predikat="Pratama", source="RPJMD")
    YearGoalFactory(city=city, year=2027, predikat="Madya")
    YearGoalFactory(city=CityFactory(), year=2029, predikat="Madya")
    PlanFactory(assessment=year, predikat="Pratama")
    PlanFactory(assessment=year, predikat="Madya")
    for number, ceiling in ((1, 1), (2, 999_999_999_999_999)):
        action = ActionFactory(plan=plan, number=number)
        ActionYearFactory(action=action, year=2027, ceiling=ceiling)
    foreign = ActionPlanFactory(city=CityFactory(), instrument=plan.instrument)
    ActionYearFactory(action=ActionFactory(plan=foreign), year=2028, ceiling=5)
    return city


def path_of(city):
    return target_path(city, Assessment.objects.current(city))


def test_every_year_from_the_first_to_the_last_target_is_told(told):
    years = path_of(told).years

    assert [(one.year, one.target, one.reached, one.planned, one.ceiling) for one in years] == [
        (2024, "Pratama", "Pratama", "", None),
        (2025, "", "", "", None),
        (2026, "", "", "Madya", None),
        (2027, "Madya", "", "", 10**15),
    ]
    assert (years[0].basis, years[0].source) == ("penghargaan", "RPJMD")


def test_the_target_of_an_assessment_counts_until_the_city_says_another(told, year):
    band = year.instrument.bands.get(predikat="Madya")
    Assessment.objects.filter(pk=year.pk).update(target=band)
    assert path_of(told).years[2].target == "Madya"

    YearGoalFactory(city=told, year=2026, predikat="Pratama")

    assert path_of(told).years[2].target == "Pratama"


def test_the_sentence_counts_the_targets_that_can_be_compared(told):
    assert path_sentence(path_of(told)) == (
        "1 dari 1 target tercapai. Target terakhir: Madya pada 2027. "
        "Pagu RAD seluruhnya Rp1.000.000.000.000.000."
    )
    AwardFactory(city=told, year=2027, predikat="Pratama")
    assert path_sentence(path_of(told)).startswith("1 dari 2 target tercapai.")


def test_a_city_without_years_has_an_empty_path(db):
    path = target_path(CityFactory(), None)

    assert (path.years, path_lines(path)) == ([], None)
    assert path_sentence(path) == "Belum ada target yang sudah dapat dibandingkan dengan hasil."


def test_the_picture_names_its_steps_by_predikat(told):
    lines = path_lines(path_of(told))

    assert [(one.label, one.points) for one in lines.series] == [
        ("Target", [(2024, 1), (2027, 2)]),
        ("Dicapai", [(2024, 1)]),
    ]
    drawn = line_drawing(lines)
    words = [shape.text for shape in drawn.shapes if isinstance(shape, Words)]
    assert words == ["", "Pratama", "Madya", "2024", "2027"]


def test_a_path_of_one_year_is_no_line(city):
    YearGoalFactory(city=city, year=2027)

    assert path_lines(path_of(city)) is None


def test_the_figures_go_out_as_whole_rupiah(told):
    assert path_chart(path_of(told)).rows[-1][-1] == 10**15
    assert not isinstance(path_chart(path_of(told)).rows[-1][-1], Decimal | float)


def test_the_rank_of_a_predikat_is_read_without_its_case(told):
    path = path_of(told)

    assert [path.rank(name) for name in ("Pratama", "MADYA", "nindya")] == [1, 2, None]


def test_a_city_that_was_awarded_less_than_it_aimed_at_did_not_reach_it(told):
    AwardFactory(city=told, year=2027, predikat="Madya")
    assert path_sentence(path_of(told)).startswith("2 dari 2 target tercapai.")
    YearGoalFactory(city=told, year=2023, predikat="Madya")
    AwardFactory(city=told, year=2023, predikat="Pratama")

    assert path_sentence(path_of(told)).startswith("2 dari 3 target tercapai.")
    assert path_of(told).years[0].year == 2023


def test_a_way_without_a_predikat_is_none_to_show(city, year):
    YearGoalFactory(city=city, year=2026)
    PlanFactory(assessment=year, predikat="")

    [one] = path_of(city).years
    assert (one.planned, one.reached, one.basis, one.is_known) == ("", "", "", False)


def test_the_ceilings_of_every_plan_of_the_city_are_what_is_paid(told, plan):
    second = ActionPlanFactory(city=told, instrument=plan.instrument)
    ActionYearFactory(action=ActionFactory(plan=second), year=2027, ceiling=5)
    ActionYearFactory(action=ActionFactory(plan=second, number=99), year=2026, ceiling=None)

    assert [(one.year, one.ceiling) for one in path_of(told).years] == [
        (2024, None),
        (2025, None),
        (2026, None),
        (2027, 10**15 + 5),
    ]


def test_the_table_tells_each_year_with_what_it_rests_on(told):
    chart = path_chart(path_of(told))

    assert [str(column.name) for column in chart.columns] == [
        "Tahun",
        "Target",
        "Sumber target",
        "Dicapai",
        "Menurut",
        "Langkah yang disimpan",
        "Pagu RAD (Rp)",
    ]
    assert chart.rows[0] == (2024, "Pratama", "RPJMD", "Pratama", "penghargaan", "", None)
    assert chart.rows[1] == (2025, "", "", "", "", "", None)
    assert chart.sentence == path_sentence(path_of(told))


def test_without_a_year_at_work_there_are_no_predikats_to_draw(told):
    path = target_path(told, None)

    assert (path.predikats, path_lines(path)) == ([], None)
    assert [one.year for one in path.years] == [2024, 2025, 2026, 2027]


def test_the_sheet_for_the_mayor_shows_the_path_once_there_is_a_target(client, city, year):
    for number in (2023, 2024):
        AwardFactory(city=city, year=number, predikat="Pratama")
    client.force_login(MembershipFactory(city=city, pimpinan=True).user)
    url = reverse("assessments:city_leadership", args=[city.slug])

    pages = [client.get(url)]
    YearGoalFactory(city=city, year=2027, predikat="Madya")
    pages.append(client.get(url))

    assert [page.context["trend"].key for page in pages] == ["tahun", "jalur"]
    sentence = path_sentence(target_path(city, year))
    assert [sentence in page.text for page in pages] == [False, True]
    assert sentence.endswith("Target terakhir: Madya pada 2027.")
