"""What only a browser can tell: nothing that a page needs is missing or forbidden."""

import pytest
from django.urls import reverse

from tests.factories.cities import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def complaints(page):
    """Whatever the browser complained about: scripts, missing files, the content policy."""
    found = []
    page.on("console", lambda message: found.extend(complaint_in(message)))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", lambda request: found.extend(told_of(request)))
    return found


def complaint_in(message):
    """That the browser cleared what we asked it to clear is told as information."""
    return [message.text] if message.type in {"error", "warning"} else []


def told_of(request):
    """A new page ends what was still on its way; anything else that did not load is a fault."""
    return [] if request.failure == "net::ERR_ABORTED" else [request.url]


def test_a_person_signs_in_and_out_without_a_complaint_of_the_browser(
    page, live_server, complaints
):
    user = UserFactory(password="kata-sandi-panjang")

    page.goto(f"{live_server.url}/sandi/ubah/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Kata sandi").fill("kata-sandi-panjang")
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/sandi/ubah/")
    page.goto(f"{live_server.url}{reverse('account_logout')}")
    page.get_by_role("main").get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/masuk/")

    assert page.get_by_role("heading", level=1).inner_text() == "Masuk"
    assert complaints == []


def test_an_error_page_has_its_style(page, live_server, complaints):
    page.goto(f"{live_server.url}/tidak/ada/")

    assert page.locator("link[rel=stylesheet]").count() == 1
    assert [text for text in complaints if "404" not in text] == []
