"""What a screen reader says of a page with plots: names, sentences and their order, from the browser's
own tree of accessibility. A plot is one image with a name and a sentence; its figures follow as a table.
"""

import re

import pytest

from tests.assessments.situations import checked, claim, hand_in, reviewer_of
from tests.browser.papers import paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def spoken(answer, staff, seat):
    """What is said of a page of the year: each heading, image and table as role, name, description."""
    hand_in(answer, by=staff, files=[checked(paper()["buffer"])], title="Perda")
    claim(answer, 4)
    page = seat(reviewer_of(answer.assessment).user)
    tree = page.context.new_cdp_session(page)

    def told(path):
        page.goto(f"{answer.assessment.get_absolute_url()}{path}")
        nodes = tree.send("Accessibility.getFullAXTree")["nodes"]
        values = [
            tuple(node.get(fact, {}).get("value", "") for fact in ("role", "name", "description"))
            for node in nodes
            if not node["ignored"]
        ]
        return [one for one in values if one[0] in ("heading", "image", "table")]

    return told


def images(told):
    return [(name, description) for role, name, description in told if role == "image" and name]


def test_the_ladder_says_where_the_city_stands(spoken):
    assert images(spoken("")) == [("Tangga predikat", "Terbukti 0 dan diklaim 4 dari 100 poin.")]


def test_the_bars_of_the_clusters_say_the_share_of_each(spoken):
    assert images(spoken("klaster/")) == [
        (
            "Bagian dari nilai maksimum tiap klaster",
            "Kelembagaan: terbukti 0%. Klaster I: terbukti 0%.",
        )
    ]


def test_the_line_of_the_pace_says_how_far_it_is(spoken):
    [(name, sentence)] = images(spoken("laju/"))

    assert name == "Laju pengerjaan"
    assert sentence.startswith("Sampai kini 1 dijawab dan 0 diterima dari 5.")


def test_each_bar_of_an_opd_is_its_figures(spoken):
    said = [name for name, _none in images(spoken("opd/"))]

    assert said
    parts = r"\d+ diterima, \d+ menunggu, \d+ dikembalikan, \d+ terlambat, \d+ belum dikerjakan"
    assert [name for name in said if not re.fullmatch(parts, name)] == []


@pytest.mark.parametrize("path", ["", "klaster/", "laju/"])
def test_a_plot_comes_after_the_heading_that_it_belongs_to(spoken, path):
    roles = [role for role, name, _description in spoken(path) if name]

    assert roles[0] == "heading"
    assert "image" in roles


@pytest.mark.parametrize("path", ["", "klaster/", "laju/", "opd/"])
def test_no_image_is_without_a_name(spoken, path):
    unnamed = [one for one in spoken(path) if one[0] == "image" and not one[1].strip()]

    assert unnamed == []
