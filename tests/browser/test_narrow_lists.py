"""On a phone every row of a list is a card; no heading in it is printed over another."""

import pytest

from tests.assessments.situations import working_year
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OVERLAPS = """() => {
  const found = [];
  for (const cell of document.querySelectorAll(".rows > tbody > tr > td[data-label]")) {
    const style = getComputedStyle(cell, "::before");
    const height = parseFloat(style.height);
    if (height > cell.getBoundingClientRect().height + 1) found.push(cell.dataset.label);
  }
  return found;
}"""


def test_a_long_heading_makes_its_line_grow(seat, transactional_db):
    year = working_year()
    member = MembershipFactory(gugus_tugas=True, city=year.city)
    page = seat(member.user, viewport={"width": 360, "height": 740})
    page.goto("/kota/")

    assert page.locator("td[data-label='Penghargaan terakhir']").count() == 1
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
