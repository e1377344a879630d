"""Field pages on a phone without network: opened, filled, sent once, gone after signing out."""

import pytest
from playwright.sync_api import expect

from assessments.models import SupportingDocument
from facilities.models import FacilityPhoto, Visit
from tests.assessments.situations import NOW, secretary_of, working_year
from tests.browser.test_resumable_upload import photo
from tests.factories.facilities import FacilityFactory, RouteFactory, RouteStopFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "permenkes-15-2013"
QUEUE = "[data-field] li"


@pytest.fixture
def year(transactional_db):
    return working_year()


@pytest.fixture
def stop(year):
    route = RouteFactory(city=year.city)
    place = FacilityFactory(city=year.city, office=True, name="Kantor Dinas")
    return RouteStopFactory(route=route, facility=place, position=1)


def address_of(stop):
    return f"/kota/{stop.route.city.slug}/fasilitas/rute/{stop.route.pk}/1/"


def opened(page, address):
    """A field page that was put away with those it leads to."""
    page.goto(address)
    page.wait_for_selector("[data-field][data-kept=yes]", state="attached")
    return page


def fill_finding(page, sentence, **file):
    page.locator("#id_file").set_input_files(photo(**file))
    page.get_by_label("Keterangan").fill(sentence)
    page.get_by_role("button", name="Kirim temuan").click()


def test_a_finding_made_without_network_is_sent_when_it_is_back(stop, year, seat, complaints):
    page = opened(seat(secretary_of(year)), address_of(stop))
    page.context.set_offline(True)
    page.reload()

    fill_finding(page, "Pintu tidak dapat dikunci", size=(800, 600))
    expect(page.locator(QUEUE)).to_contain_text("Menunggu jaringan")
    assert FacilityPhoto.objects.count() == 0
    page.context.set_offline(False)

    expect(page.locator(QUEUE)).to_contain_text("Terkirim")
    kept = FacilityPhoto.objects.get()
    assert (kept.facility, kept.document.title) == (stop.facility, "Pintu tidak dapat dikunci")
    complaints.taken()
