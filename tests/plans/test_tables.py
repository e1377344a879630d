"""What the pages of planning show, as files: every figure of the page and no other."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tests.csv_files import csv_rows, decimal_point
from tests.factories.assessments import answer_of
from tests.factories.plans import (
    PlanFactory,
    PlanStepFactory,
    ScenarioFactory,
    ScenarioOutcomeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordinator(client, secretariat):
    client.force_login(secretariat.user)


def asked(client, year, name, *args, query=""):
    address = reverse(f"plans:{name}", args=[year.city.slug, year.year, *args])
    return client.get(f"{address}?{query}")


def test_the_way_goes_out_as_the_page_lists_it(client, year):
    query = "total=55&tujuan=total"
    rows = asked(client, year, "pathway_detail", query=query).context["board"].best.rows

    header, *lines = csv_rows(
        asked(client, year, "pathway_detail", query=f"{query}&data=jalan&format=csv")
    )

    assert header == ["Kode", "Pertanyaan", "Penanggung jawab", "Tambahan poin", "Upaya"]
    assert [(line[0], Decimal(decimal_point(line[3])), int(line[4])) for line in lines] == [
        (row.facts.code, row.gain, row.facts.effort) for row in rows
    ]
    assert rows


def test_a_plan_goes_out_with_what_was_planned_and_what_has_come_of_it(client, year):
    plan = PlanFactory(assessment=year, name="=Rencana")
    PlanStepFactory(plan=plan, answer=answer_of(year, "1.1"))

    page = asked(client, year, "plan_detail", plan.pk)
    _header, *lines = csv_rows(
        asked(client, year, "plan_detail", plan.pk, query="data=langkah&format=csv")
    )

    assert [(line[0], line[3], *map(Decimal, map(decimal_point, line[4:]))) for line in lines] == [
        ("1.1", "", page.context["board"].planned, 0, 3)
    ]


def test_scenarios_go_out_side_by_side_beside_today(client, year):
    scenarios = [ScenarioFactory(assessment=year, name=name) for name in ("A", "B")]
    ScenarioOutcomeFactory(scenario=scenarios[1], answer=answer_of(year, "1.1"))
    query = "&".join(f"s={one.pk}" for one in scenarios)

    header, *lines = csv_rows(
        asked(client, year, "scenario_compare", query=f"{query}&data=banding&format=csv")
    )

    assert header == ["Klaster", "Sekarang", "B", "A"]  # the newest first
    assert [[line[0], *map(Decimal, map(decimal_point, line[1:]))] for line in lines] == [
        ["Total", 0, 30, 0],
        ["Kelembagaan", 0, 30, 0],
        ["Klaster I", 0, 0, 0],
    ]


@pytest.mark.parametrize("query", ["data=lain&format=csv", "data=jalan&format=pdf"])
def test_a_table_that_there_is_not_is_not_found(client, year, query):
    assert asked(client, year, "pathway_detail", query=query).status_code == 404
