import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError

MOMENT = dt.datetime(2026, 11, 21, 7, 5, tzinfo=dt.UTC)
COORDINATE = re.compile(r'\b(?:[xy][12]?|c[xy]|r|width|height|d|points|transform)="([^"]*)"')


def rendered(source: str, **context: object) -> str:
    return Template("{% load figures %}" + source).render(Context(context))


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
        unit="",
    )


@pytest.fixture
def rows():
    return [
        Row("Klaster I", "Hak sipil", Decimal("96.5"), Decimal(60), Decimal(120)),
        Row("Klaster II", "Keluarga", Decimal(30), Decimal(15), Decimal(60)),
    ]


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


def test_a_bar_beside_its_figures_is_decoration(rows):
    drawn = re.findall(r'<svg class="bar"[^>]*>', rendered("{% cluster_bars rows %}", rows=rows))

    assert ['aria-hidden="true"' in bar for bar in drawn] == [True, True]
