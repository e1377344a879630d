"""The city's path: target against what was reached, planned, and paid for."""

from decimal import Decimal

import pytest

from assessments.models import Assessment
from figures.layout.line import line_drawing
from figures.layout.shapes import Words
from monitoring.queries.path import path_chart, path_lines, path_sentence, target_path
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.assessments import AwardFactory
from tests.factories.cities import CityFactory
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
