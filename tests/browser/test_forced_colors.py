"""Somebody whose screen has colours of its own, here light on black."""

import pytest

from tests.assessments.situations import claim, reviewer_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWN = {"forced_colors": "active", "color_scheme": "dark"}
PAPER, BLACK = "rgb(255, 255, 255)", "rgb(0, 0, 0)"
# What is drawn with letters or lines of ours, by its colour behind them.
DRAWN = """() => [...document.querySelectorAll("main svg")]
  .filter((drawing) => drawing.getBoundingClientRect().width > 0 && !drawing.closest("a, button"))
  .map((drawing) => getComputedStyle(drawing).backgroundColor)"""
LINES = """(links) => Object.fromEntries(links.map((link) =>
  [link.textContent.trim(), getComputedStyle(link).borderBottomColor]))"""


@pytest.fixture
def page(answer, seat):
    claim(answer, 4)
    page = seat(reviewer_of(answer.assessment).user, **OWN)
    page.goto(answer.assessment.get_absolute_url())
    return page


@pytest.mark.parametrize("path", ["", "klaster/", "laju/"])
def test_every_drawing_stands_on_its_own_paper(page, answer, path):
    page.goto(f"{answer.assessment.get_absolute_url()}{path}")
    behind = page.evaluate(DRAWN)

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == BLACK
    assert behind
    assert set(behind) == {PAPER}


@pytest.mark.parametrize("bar", [".tabs__link", ".nav-bar__link"])
def test_only_where_one_is_has_a_line_under_it(page, bar):
    lines = page.locator(bar).evaluate_all(LINES)
    [here] = page.locator(f"{bar}[aria-current]").all_text_contents()

    assert len(lines) > 2
    assert {name for name, colour in lines.items() if colour != BLACK} == {here.strip()}
