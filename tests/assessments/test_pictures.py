"""A plot as SVG is what the page draws, as PNG the same in pixels."""

import io
import re
from decimal import Decimal
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from assessments.choices import ScoreKind
from assessments.queries.year import year_charts, year_dashboard
from assessments.services.official import enter_official
from assessments.services.scores import refresh_all
from figures.downloads import with_pictures
from figures.layout.shapes import Drawing
from figures.layout.tables import points_table
from figures.numbers import format_points
from figures.styles import stylesheet
from figures.svg import picture_svg
from figures.values import Chart, ChartColumn
from tests.assessments.situations import NOW, claim, secretary_of
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of, granted, open_year
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="\?([^"]*format=(?:svg|png)[^"]*)"')
CHART = Chart("klaster", "Klaster <1> & 2", "Satu.", (ChartColumn("Klaster"),), ())


@pytest.fixture
def told(year):
    """A year with figures in every plot, and a year before it."""
    someone = secretary_of(year)
    claim(answer_of(year, "1.1"), "19.125", by=someone)
    proven = answer_of(year, "1.2")
    EvidenceFactory(answer=proven, accepted=True)
    granted(proven, "13.2")
    source = {"kind": ScoreKind.VA, "points": Decimal(7), "why": "Berita acara"}
    enter_official(answer_id=proven.pk, by=someone, at=NOW, **source)
    before = open_year(city=year.city, year=2025)
    claim(answer_of(before, "1.1"), "10", by=someone)
    AwardFactory(city=year.city, year=2024)
    refresh_all(assessment_id=year.pk)
    return year


@pytest.fixture
def client(told):
    client = Client()
    client.force_login(MembershipFactory(pimpinan=True, city=told.city).user)
    return client


def pages(year):
    slug, lead = year.city.slug, year.city.opds.get(code="DP3A")
    of_year = [slug, year.year]
    return {
        "assessments:assessment_detail": of_year,
        "assessments:year_clusters": of_year,
        "assessments:year_indicators": of_year,
        "assessments:year_opds": of_year,
        "assessments:year_pace": of_year,
        "assessments:year_remaining": of_year,
        "assessments:indicator_detail": [*of_year, "1"],
        "assessments:opd_detail": [*of_year, lead.pk],
        "assessments:city_history": [slug],
        "plans:forecast_detail": of_year,
        "assessments:nation": [],
    }


@pytest.mark.parametrize(
    ("page", "keys"),
    [
        ("assessments:assessment_detail", ["tangga"]),
        ("assessments:year_clusters", ["klaster", "bentuk"]),
        ("assessments:year_indicators", ["indikator"]),
        ("assessments:year_opds", ["opd"]),
        ("assessments:year_pace", ["laju"]),
        ("assessments:year_remaining", ["sisa"]),
        ("assessments:indicator_detail", ["tren"]),
        ("assessments:opd_detail", ["laju", "banding"]),
        ("assessments:city_history", ["tahun", "tahap-2026"]),
        ("assessments:nation", ["sebaran"]),
        ("plans:forecast_detail", ["perkiraan"]),
    ],
)
def test_every_plot_of_a_page_is_offered_as_svg_and_as_png(client, told, page, keys):
    url = reverse(page, args=pages(told)[page])
    links = [link.replace("&amp;", "&") for link in LINK.findall(client.get(url).content.decode())]

    assert links == [f"data={key}&format={kind}" for key in keys for kind in ("svg", "png")]
    for svg, png in zip(links[::2], links[1::2], strict=True):
        drawn = client.get(f"{url}?{svg}")
        root = ET.fromstring(drawn.content)
        pixels = Image.open(io.BytesIO(client.get(f"{url}?{png}").content))
        assert drawn["Content-Type"] == "image/svg+xml"
        assert pixels.size == (2 * int(root.get("width")), 2 * int(root.get("height")))
        assert len(pixels.convert("RGB").getcolors(1 << 20)) > 10  # something is drawn


def words_of(svg):
    root = ET.fromstring(svg)
    return ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_figures_of_a_picture_are_those_of_its_table(client, told):
    dashboard = year_dashboard(told, today=NOW.date())
    url = reverse("assessments:year_clusters", args=[told.city.slug, told.year])

    words = words_of(client.get(f"{url}?data=klaster&format=svg").content)

    rows = year_charts(dashboard)["klaster"].rows
    figures = [format_points(cell) for row in rows for cell in row[2:5]]
    shown = [word for word in words if re.fullmatch(r"[\d.,]+", word)]
    assert shown == figures


def test_a_picture_stands_by_itself(client, told):
    url = reverse("assessments:assessment_detail", args=[told.city.slug, told.year])
    svg = client.get(f"{url}?data=tangga&format=svg").content.decode()

    assert "var(" not in svg
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    wanted = set(re.findall(r"url\(#([\w-]+)\)", svg))
    assert wanted == {"hatch-ground"}
    assert wanted <= set(re.findall(r'id="([\w-]+)"', svg))


def test_words_of_people_cannot_break_a_picture(told):
    row = {"label": "<b>", "name": 'A & "B"', "claimed": 1, "evidenced": 1, "maximum": 2}
    svg = picture_svg(CHART, points_table([SimpleNamespace(**row)], shared_scale=True))

    assert words_of(svg)[0] == "Klaster <1> & 2"
    assert '<b> A & "B"' in words_of(svg)


def test_the_styles_are_those_of_a_wide_screen():
    rules = stylesheet()

    assert ".bar__evidenced{fill: #0b6e6e;}" in rules
    assert "@media" not in rules
    assert ".ladder__drawing--wide{display: none;}" not in rules


def test_only_what_is_drawn_is_offered_as_a_picture():
    other = Chart("opd", "OPD", "Kosong.", (ChartColumn("OPD"),), ())
    marked = with_pictures([CHART, other], {"klaster": Drawing("", 0, 0, ())})

    assert {key: one.is_drawn for key, one in marked.items()} == {"klaster": True, "opd": False}
