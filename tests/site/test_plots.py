"""Where lines go, and the table behind them."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory

from assessments.charts import Chart, Column, Lines, Mark, Series, Stroke, Unit, written
from assessments.choices import AnswerState
from assessments.queries.scores import HeatCell, HeatRow
from kla.plots import line_plot, steps_to
from kla.templatetags.plots import chart_table
from tests.factories.assessments import open_year

CHART = Chart(
    "laju",
    "Laju <baru>",
    "Sepuluh dari seratus.",
    (Column("Hari", Unit.DATE), Column("Diterima", Unit.COUNT), Column("Nilai", Unit.POINTS)),
    ((date(2026, 3, 2), 1200, Decimal("7.50")), (date(2026, 3, 3), None, Decimal(1200))),
)
LINES = Lines(
    start=0,
    end=10,
    top=100,
    series=[
        Series("Diterima", Stroke.STRONG, [(0, 0), (5, 50), (10, 100)], dots=True),
        Series("Dijawab", Stroke.LIGHT, [(0, 10), (2, 20)]),
        Series("Dijawab", Stroke.LIGHT, [(4, 20), (10, 30)]),
    ],
    ticks=[Mark(0, "1 Mar"), Mark(5, "6 Mar"), Mark(10, "11 Mar")],
    marks=[Mark(9, "Tenggat")],
    band=[(5, 50, 50), (10, 80, 100)],
    band_label="Perkiraan",
)


def test_lines_run_from_the_left_edge_to_the_right_one_and_from_the_ground_to_the_top():
    plot = line_plot(LINES, width=158, height=160)  # the frame is 100 by 100

    assert plot.lines[0].points == "44,130 94,80 144,30"
    assert plot.lines[0].dots == ((44, 130), (94, 80), (144, 30))
    assert plot.band == "94,80 144,30 144,50 94,80"


def test_two_series_of_one_label_are_not_joined():
    plot = line_plot(LINES, width=158, height=160)

    assert [line.points for line in plot.lines[1:]] == ["44,120 64,110", "84,110 144,100"]
    assert [line.dots for line in plot.lines[1:]] == [(), ()]


def test_words_at_the_ends_are_written_inwards():
    plot = line_plot(LINES, width=760, height=300)

    assert [word.anchor for word in plot.ticks] == ["start", "middle", "end"]
    assert [(word.text, word.anchor) for word in plot.marks] == [("Tenggat", "middle")]


@pytest.mark.parametrize(
    ("top", "step"), [(1, 1), (3, 1), (9, 2), (100, 20), (274, 50), (Decimal(1000), 200), (0, 1)]
)
def test_the_axis_is_divided_into_round_steps(top, step):
    assert steps_to(top) == step


def test_nothing_to_draw_is_an_empty_frame():
    plot = line_plot(Lines(0, 0, 0, [], []), width=158, height=160)

    assert (plot.lines, plot.band, [rung.text for rung in plot.rungs]) == ((), "", ["0"])


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("642.500"), Unit.POINTS, "642,5"),
        (Decimal(1200), Unit.POINTS, "1.200"),
        (Decimal("43.2"), Unit.PERCENT, "43,2%"),
        (None, Unit.PERCENT, "–"),
        ("", Unit.TEXT, "–"),
        (date(2026, 11, 21), Unit.DATE, "21 November 2026"),
        (2026, Unit.YEAR, "2026"),
        (1200, Unit.COUNT, "1200"),
    ],
)
def test_a_cell_is_written_as_people_read_it(value, unit, text):
    assert written(value, unit) == text


def test_the_table_names_its_rows_and_escapes_its_words():
    html = chart_table(CHART)

    assert 'aria-label="Laju &lt;baru&gt;"' in html
    assert html.count('<th scope="col"') == 3
    assert html.count('<th scope="row"') == 2
    assert '<td class="num">7,5</td>' in html


def rendered(source, **context):
    request = RequestFactory().get("/kota/?klaster=k1&halaman=3")
    return Template(source).render(RequestContext(request, {"chart": CHART, **context}))


def test_the_files_keep_the_filters_of_the_page():
    html = rendered('{% include "components/chart_data.html" with chart=chart only %}')

    assert 'href="?klaster=k1&amp;data=laju&amp;format=csv"' in html
    assert 'href="?klaster=k1&amp;data=laju&amp;format=xlsx"' in html


def test_a_plot_tells_its_sentence_and_each_label_once():
    html = rendered("{% load plots %}{% line_plot chart lines %}", lines=LINES)

    assert html.count("<desc>Sepuluh dari seratus.</desc>") == 2  # for a desk and for a phone
    assert html.partition("<figcaption")[2].count("Dijawab") == 1
    assert html.partition("<figcaption")[2].count("Perkiraan") == 1


@pytest.mark.django_db
def test_a_heat_map_links_its_rows_and_cells_and_escapes_what_people_named():
    year = open_year()
    cell = HeatCell(AnswerState.WAITING, Decimal("12.500"), 5)
    row = HeatRow("2a", "<b>Nama", [cell, HeatCell(AnswerState.EMPTY, Decimal(0), 0)], Decimal(9))

    html = rendered("{% load plots %}{% heat_map rows chart year %}", rows=[row], year=year)

    base = f"/kota/{year.city.slug}/penilaian/2026/"
    assert f'<a href="{base}indikator/2a/">' in html
    assert f'<a href="{base}pertanyaan/?indikator=2a&amp;keadaan=waiting">12,5</a>' in html
    assert html.count("heat__cell--") == 1
    assert "&lt;b&gt;Nama" in html
