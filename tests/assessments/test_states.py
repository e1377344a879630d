"""How states of answers and documents look."""

import re
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError

from assessments.choices import AnswerState
from assessments.queries.scores import HeatCell, HeatRow
from figures.values import Chart, ChartColumn
from tests.factories.assessments import open_year

CHART = Chart("sisa", "Sisa", "Satu.", (ChartColumn("Indikator"),), ())


def rendered(source: str, **context: object) -> str:
    return Template("{% load states %}" + source).render(Context(context))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.parametrize(
    ("state", "icon", "word"),
    [
        ("empty", "circle", "Belum ada"),
        ("answered", "file-earmark-plus", "Perlu dokumen"),
        ("waiting", "clock", "Menunggu"),
        ("returned", "arrow-return-left", "Dikembalikan"),
        ("accepted", "check-circle-fill", "Diterima"),
        ("late", "exclamation-triangle-fill", "Terlambat"),
    ],
)
def test_a_state_is_a_shape_a_word_and_a_colour(state, icon, word):
    html = rendered("{% state_badge state %}", state=state)

    assert words(html) == word
    assert re.findall(r"bi-([\w-]+)", html) == [icon]
    assert re.findall(r"badge-state--(\w+)", html) == [state]


@pytest.mark.parametrize(
    ("state", "shown"),
    [("waiting", "Menunggu Terlambat"), ("accepted", "Diterima"), ("late", "Terlambat")],
)
def test_late_is_told_besides_the_state_unless_all_is_done(state, shown):
    assert words(rendered("{% state_badge state is_late=True %}", state=state)) == shown


def test_a_verdict_is_one_of_three():
    assert words(rendered("{% verdict_badge 'returned' %}")) == "Dikembalikan"
    with pytest.raises(TemplateSyntaxError):
        rendered("{% verdict_badge 'late' %}")


def test_an_agencys_bar_tells_its_counts_in_words():
    html = rendered("{% opd_bar done=3 waiting=1 untouched=4 %}")

    assert words(html) == (
        "3 diterima, 1 menunggu, 0 dikembalikan, 0 terlambat, 4 belum dikerjakan"
    )
    assert re.findall(r"part--(\w+)", html) == ["done", "waiting", "untouched"]


@pytest.mark.django_db
def test_a_heat_map_links_its_rows_and_cells_and_escapes_what_people_named():
    year = open_year()
    cell = HeatCell(AnswerState.WAITING, Decimal("12.500"), 5)
    row = HeatRow("2a", "<b>Nama", [cell, HeatCell(AnswerState.EMPTY, Decimal(0), 0)], Decimal(9))

    html = rendered("{% heat_map rows chart year %}", rows=[row], year=year, chart=CHART)

    base = f"/kota/{year.city.slug}/penilaian/2026/"
    assert f'<a href="{base}indikator/2a/">' in html
    assert f'<a href="{base}pertanyaan/?indikator=2a&amp;keadaan=waiting">12,5</a>' in html
    assert html.count("heat__cell--") == 1
    assert "&lt;b&gt;Nama" in html
