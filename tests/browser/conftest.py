"""Windows of a real browser, and whatever it complained about in them."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from tests.assessments.situations import staff_of, working_year
from tests.factories.assessments import answer_of
from tests.factories.cities import PASSWORD

NOT_FOUND = 404
PATIENCE = 10_000  # milliseconds; this machine may be busy

expect.set_options(timeout=PATIENCE)


class Complaints:
    """Faults that a person would not see but that the browser told: none are expected.

    A test that provokes some takes them and says what they were.
    """

    def __init__(self):
        self.found = []

    def watch(self, page):
        page.on("console", self._of_console)
        page.on("pageerror", lambda error: self.found.append(f"error {error}"))
        page.on("requestfailed", self._of_request)
        page.on("response", self._of_response)
        page.on("dialog", self._of_dialog)

    def taken(self):
        taken, self.found = self.found, []
        return taken

    def _of_console(self, message):
        # What did not load is told below, with its address.
        if message.type in ("error", "warning") and "Failed to load" not in message.text:
            self.found.append(f"{message.type} {message.text}")

    def _of_request(self, request):
        # A download or a new page ends what was still on its way.
        if request.failure != "net::ERR_ABORTED":
            self.found.append(f"failed {urlsplit(request.url).path}")

    def _of_response(self, response):
        path = urlsplit(response.url).path
        # The form may be sent while its file is still being asked what it says of itself.
        overtaken = response.status == NOT_FOUND and path.endswith("/usulan/")
        if response.status >= 400 and not overtaken:
            self.found.append(f"{response.status} {path}")

    def _of_dialog(self, dialog):
        self.found.append(dialog.type)
        dialog.accept()


@pytest.fixture
def complaints():
    complaints = Complaints()
    yield complaints
    assert complaints.found == []


@pytest.fixture
def window(new_context, live_server, complaints):
    """Open a window of a browser of its own, as a new person at a new desk."""

    def open_window(**options):
        context = new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        complaints.watch(page)
        return page

    return open_window


@pytest.fixture
def sign_in(window):
    """Sign in through the form and land where the site leads this person."""

    def sign_in_as(user, password=PASSWORD, **options):
        page = window(**options)
        page.goto("/masuk/")
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Kata sandi").fill(password)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(lambda url: "/masuk/" not in url)
        return page

    return sign_in_as


@pytest.fixture
def seat(window, live_server):
    """A window of somebody who signed in before; for tests of what comes after."""

    def seat_for(user, **options):
        client = Client()
        client.force_login(user)
        page = window(**options)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        return page

    return seat_for


@pytest.fixture
def answer(transactional_db):
    """Question 1.2, worth 20: DISDIK leads; a Perda and a photograph are asked for."""
    return answer_of(working_year(), "1.2")


@pytest.fixture
def staff(answer):
    """Somebody of the OPD that leads the question."""
    return staff_of(answer.assessment, "DISDIK").user


@pytest.fixture
def question_page(answer, staff, seat):
    """The question, as the OPD that leads it sees it."""
    page = seat(staff)
    page.goto(answer.get_absolute_url())
    return page
