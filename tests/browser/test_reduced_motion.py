"""Somebody whom moving things make ill, and who has told the system so."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What moves on a page, and for how many seconds.
MOVING = """() => [...document.querySelectorAll("*")].flatMap((element) => {
  const { transitionDuration, animationDuration, animationName } = getComputedStyle(element);
  const seconds = [...transitionDuration.split(","), ...(animationName === "none" ? [] : animationDuration.split(","))];
  return seconds.map(parseFloat).filter((one) => one > 0.01);
})"""


@pytest.mark.parametrize(("wish", "scrolling"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_pages_scroll_smoothly_for_those_only_whom_it_does_not_trouble(
    answer, seat, staff, wish, scrolling
):
    page = seat(staff, reduced_motion=wish)
    page.goto(answer.get_absolute_url())

    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == scrolling


def test_nothing_moves_for_whoever_asked_for_that(answer, seat, staff):
    page = seat(staff, reduced_motion="reduce")
    page.goto(answer.get_absolute_url())

    assert page.evaluate(MOVING) == []
