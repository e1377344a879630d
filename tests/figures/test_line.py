"""Where lines go, and the table behind them."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory

from figures.layout.line import line_drawing, steps_to
from figures.templatetags.figures import chart_table
from figures.values import (
    AxisMark,
    Chart,
    ChartColumn,
    Lines,
    LineSeries,
    Stroke,
    Unit,
    format_cell,
)

CHART = Chart(
    "laju",
    "Laju <baru>",
    "Sepuluh dari seratus.",
    (
        ChartColumn("Hari", Unit.DATE),
        ChartColumn("Diterima", Unit.COUNT),
        ChartColumn("Nilai", Unit.POINTS),
    ),
    ((date(2026, 3, 2), 1200, Decimal("7.50")), (date(2026, 3, 3), None, Decimal(1200))),
)
LINES = Lines(
    start=0,
    end=10,
    top=100,
    series=[
        LineSeries("Diterima", Stroke.STRONG, [(0, 0), (5, 50), (10, 100)], dots=True),
        LineSeries("Dijawab", Stroke.LIGHT, [(0, 10), (2, 20)]),
        LineSeries("Dijawab", Stroke.LIGHT, [(4, 20), (10, 30)]),
    ],
    ticks=[AxisMark(0, "1 Mar"), AxisMark(5, "6 Mar"), AxisMark(10, "11 Mar")],
    marks=[AxisMark(9, "Tenggat")],
    band=[(5, 50, 50), (10, 80, 100)],
    band_label="Perkiraan",
)


def shapes(style, lines=LINES, size=(158, 160)):
    """The shapes of a style; the frame of that size is 100 by 100."""
    return [shape for shape in line_drawing(lines, size).shapes if shape.style == style]


def test_lines_run_from_the_left_edge_to_the_right_one_and_from_the_ground_to_the_top():
    points = ((44, 130), (94, 80), (144, 30))

    assert [line.points for line in shapes("line line--strong")] == [points]
    assert [(dot.x, dot.y) for dot in shapes("dot dot--strong")] == list(points)
    [band] = shapes("line-plot__band")
    assert band.points == ((94, 80), (144, 30), (144, 50), (94, 80))


def test_two_series_of_one_label_are_not_joined():
    assert [line.points for line in shapes("line line--light")] == [
        ((44, 120), (64, 110)),
        ((84, 110), (144, 100)),
    ]
    assert shapes("dot dot--light") == []


def test_words_at_the_ends_are_written_inwards():
    words = shapes("line-plot__word", size=(760, 300))
    marks = shapes("line-plot__word line-plot__word--mark", size=(760, 300))

    assert [word.anchor for word in words if word.y == 292] == ["start", "middle", "end"]
    assert [(word.text, word.anchor) for word in marks] == [("Tenggat", "middle")]


@pytest.mark.parametrize(
    ("top", "step"), [(1, 1), (3, 1), (9, 2), (100, 20), (274, 50), (Decimal(1000), 200), (0, 1)]
)
def test_the_axis_is_divided_into_round_steps(top, step):
    assert steps_to(top) == step


def test_nothing_to_draw_is_an_empty_frame():
    drawing = line_drawing(Lines(0, 0, 0, [], []), (158, 160))

    assert [shape.style for shape in drawing.shapes] == ["line-plot__rung", "line-plot__word"]
    assert drawing.shapes[1].text == "0"


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
    assert format_cell(value, unit) == text


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
    html = rendered("{% load figures %}{% line_plot chart lines %}", lines=LINES)

    assert html.count("<desc>Sepuluh dari seratus.</desc>") == 2  # for a desk and for a phone
    assert html.partition("<figcaption")[2].count("Dijawab") == 1
    assert html.partition("<figcaption")[2].count("Perkiraan") == 1
