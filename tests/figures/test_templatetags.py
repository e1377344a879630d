import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils import timezone

from figures.templatetags import numbers

MOMENT = dt.datetime(2026, 11, 21, 7, 5, tzinfo=dt.UTC)
COORDINATE = re.compile(r'\b(?:[xy][12]?|c[xy]|r|width|height|d|points|transform)="([^"]*)"')


def rendered(source: str, **context: object) -> str:
    return Template("{% load figures numbers states %}" + source).render(Context(context))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@dataclass(frozen=True)
class Row:
    label: str
    name: str
    claimed: Decimal
    evidenced: Decimal
    maximum: Decimal
    url: str = "/klaster/"


@pytest.fixture
def standing():
    bounds = [("Pratama", 500, 600), ("Madya", 601, 700), ("Nindya", 701, 800)]
    bounds += [("Utama", 801, 900), ("KLA", 901, 1000)]
    return SimpleNamespace(
        bands=[SimpleNamespace(predikat=p, minimum=low, maximum=high) for p, low, high in bounds],
        maximum=Decimal(1000),
        claimed=Decimal("771.810"),
        evidenced=Decimal("642.500"),
        target_minimum=Decimal(701),
        target_predikat="Nindya",
        award=SimpleNamespace(predikat="Madya", year=2022),
        official=None,
    )


@pytest.fixture
def rows():
    return [
        Row("Klaster I", "Hak sipil", Decimal("96.5"), Decimal(60), Decimal(120)),
        Row("Klaster II", "Keluarga", Decimal(30), Decimal(15), Decimal(60)),
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        ("", "–"),
        (Decimal(0), "0"),
        (Decimal("-0.0001"), "0"),
        (Decimal("-17.250"), "−17,25"),
        (Decimal("642.500"), "642,5"),
        (Decimal("771.810"), "771,81"),
        (Decimal("1000.000"), "1.000"),
        (Decimal("1234567.125"), "1.234.567,125"),
        (Decimal("0.0005"), "0,001"),
        (Decimal("1E+3"), "1.000"),
        ("12.50", "12,5"),
        (40, "40"),
    ],
)
def test_points_are_written_the_indonesian_way(value, shown):
    assert numbers.points(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (0, "0%"), (Decimal("0.425"), "43%"), (Decimal("0.424"), "42%"), (1.0, "100%")],
)
def test_a_share_is_a_whole_percentage(value, shown):
    assert numbers.persen(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0 byte"),
        (1023, "1.023 byte"),
        (1024, "1 KB"),
        (2_516_582, "2,4 MB"),
        (25 * 1024**2, "25 MB"),
        (5000 * 1024**3, "5.000 GB"),
    ],
)
def test_a_size_is_told_in_the_unit_that_people_use(value, shown):
    assert numbers.ukuran(value) == shown


def test_a_date_names_its_month():
    assert numbers.tanggal(dt.date(2026, 11, 1)) == "1 November 2026"
    assert numbers.tanggal(None) == "–"


def test_the_date_of_a_moment_is_the_readers_date():
    late = dt.datetime(2026, 8, 16, 18, 0, tzinfo=dt.UTC)

    assert numbers.tanggal(late) == "17 Agustus 2026"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Jakarta", "21 November 2026 14.05 WIB"),
        ("Asia/Makassar", "21 November 2026 15.05 WITA"),
        ("Asia/Jayapura", "21 November 2026 16.05 WIT"),
        ("UTC", "21 November 2026 07.05 UTC+0"),
        ("Asia/Kolkata", "21 November 2026 12.35 UTC+5.5"),
    ],
)
def test_a_moment_names_the_readers_zone(zone, shown):
    with timezone.override(zone):
        assert numbers.waktu(MOMENT) == shown


def test_a_moment_without_a_zone_is_shown_without_one():
    assert numbers.waktu(MOMENT.replace(tzinfo=None)) == "21 November 2026 07.05"
    assert numbers.waktu(None) == "–"


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


def test_the_ladder_says_in_words_what_it_shows(standing):
    html = rendered("{% ladder standing %}", standing=standing)

    descriptions = [words(text) for text in re.findall(r"<desc>(.*?)</desc>", html, re.DOTALL)]
    assert len(descriptions) == 2
    for description in descriptions:
        assert "642,5" in description
        assert "771,81" in description
        assert "Nindya, mulai 701" in description
        assert "Madya, 2022" in description


@pytest.mark.parametrize("size", ["large", "small"])
def test_a_ladder_is_drawn_in_whole_units(standing, size):
    """A decimal would get the locale's comma, which ends a number in SVG."""
    html = rendered("{% ladder standing size=size %}", standing=standing, size=size)

    coordinates = COORDINATE.findall(html)
    assert len(coordinates) > 10
    assert [value for value in coordinates if re.search(r"\d[.,]\d", value)] == []


def test_a_city_without_target_or_award_has_a_ladder_without_them(standing):
    standing.target_minimum = standing.target_predikat = standing.award = None

    html = rendered("{% ladder standing %}", standing=standing)

    assert "Target" not in html
    assert "Penghargaan" not in html


def test_a_ladder_of_another_size_is_a_mistake(standing):
    with pytest.raises(TemplateSyntaxError):
        rendered("{% ladder standing size='huge' %}", standing=standing)


@pytest.mark.parametrize("tag", ["cluster_bars", "indicator_bars"])
def test_bars_stand_beside_their_figures(rows, tag):
    html = rendered("{% " + tag + " rows %}", rows=rows)

    cells = re.findall(r'<td class="num[^>]*>([^<]*)</td>', html)
    assert cells == ["60", "96,5", "120", "15", "30", "60"]
    assert html.count('href="/klaster/"') == 2


def test_no_rows_give_a_sentence():
    assert "Belum ada yang dapat ditampilkan." in rendered("{% cluster_bars rows %}", rows=[])


def test_a_radar_tells_each_share_in_words(rows):
    html = rendered("{% radar rows %}", rows=rows)

    assert "Klaster I: terbukti 50%. Klaster II: terbukti 25%." in words(html)


def test_an_agencys_bar_tells_its_counts_in_words():
    html = rendered("{% opd_bar done=3 waiting=1 untouched=4 %}")

    assert words(html) == (
        "3 diterima, 1 menunggu, 0 dikembalikan, 0 terlambat, 4 belum dikerjakan"
    )
    assert re.findall(r"part--(\w+)", html) == ["done", "waiting", "untouched"]


def test_a_bar_beside_its_figures_is_decoration(rows):
    drawn = re.findall(r'<svg class="bar"[^>]*>', rendered("{% cluster_bars rows %}", rows=rows))

    assert ['aria-hidden="true"' in bar for bar in drawn] == [True, True]


def test_pages_keep_the_filters_of_the_address(rf):
    page = Paginator(range(60), 25).page(2)
    request = rf.get("/daftar/", {"klaster": "2", "halaman": "2"})
    source = '{% include "components/pagination.html" with page_obj=page_obj only %}'

    html = Template(source).render(RequestContext(request, {"page_obj": page}))

    assert re.findall(r'href="([^"]*)"', html) == [
        "?klaster=2&amp;halaman=1",
        "?klaster=2&amp;halaman=3",
    ]
    assert "26–50 dari 60" in html


def test_a_single_page_has_no_way_through():
    html = render_to_string(
        "components/pagination.html", {"page_obj": Paginator(range(3), 25).page(1)}
    )

    assert html.strip() == ""
