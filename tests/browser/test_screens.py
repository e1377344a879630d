"""A page with much on it stays within six screens of a phone, with what one came for on the first."""

import pytest
from playwright.sync_api import expect

from clusters.library import packaged
from tests.assessments.situations import city_with_opds, secretary_of
from tests.factories.assessments import open_year
from tests.factories.regulations import RegulationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
SCREENS = "document.documentElement.scrollHeight / innerHeight"
MOST = 6


@pytest.fixture
def year(transactional_db):
    """Of the real instrument, with nothing proven yet."""
    return open_year(city=city_with_opds(), spec=packaged("kla-2023"))


def test_many_rules_stand_on_six_screens_and_are_searched_without_script(year, seat):
    title = "Penyelenggaraan Perlindungan Anak di Kota"
    rules = RegulationFactory.create_batch(30, city=year.city, title=title)
    phone = seat(secretary_of(year), viewport=PHONE, java_script_enabled=False)
    phone.goto(f"/kota/{year.city.slug}/produk-hukum/")

    rows = phone.get_by_role("row")
    assert rows.count() == 26  # with the head
    assert phone.evaluate(SCREENS) < MOST
    expect(rows.nth(1)).to_be_in_viewport()
    phone.get_by_text("Cari dan filter").click()
    phone.get_by_label("Cari nomor, tahun, atau isi").fill(rules[-1].number)
    phone.get_by_role("button", name="Tampilkan").click()

    expect(phone.get_by_role("link", name=str(rules[-1]), exact=True)).to_be_visible()
    expect(phone.get_by_label("Cari nomor, tahun, atau isi")).to_have_value(rules[-1].number)


def test_all_topics_without_a_rule_stand_on_six_screens(year, seat):
    phone = seat(secretary_of(year), viewport=PHONE)
    phone.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/produk-hukum/")

    assert phone.evaluate(SCREENS) < MOST
    expect(phone.locator("details[open].folding tbody tr").first).to_be_in_viewport()
