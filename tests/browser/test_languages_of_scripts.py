"""What scripts say, on a page in either language: the words, and the marks in its figures.

The window's fixture takes it for a fault if the content policy complains of the words in the page.
"""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.assessments import corpus
from tests.browser.papers import MEGABYTE, paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLOCK = """seconds => {
  document.querySelector("main").insertAdjacentHTML("beforeend", `<p data-countdown="${seconds}"></p>`);
  return import("/static/js/countdown.js");
}"""


@pytest.fixture
def read_in(answer, staff, seat, live_server):
    """The question's page, read in a language by who has chosen it before."""

    def page_in(language):
        page = seat(staff)
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.goto(answer.get_absolute_url())
        return page

    return page_in


def choose(page, *files):
    page.locator("#unggah input[name=file]").set_input_files(list(files))


def leave(page):
    """The window may close: what was chosen was not meant."""
    page.evaluate("document.querySelector('#unggah').dataset.dirty = ''")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("id", "Ukurannya melebihi batas 1,5 MB. Kompres berkas lalu pilih kembali."),
        ("en", "It is larger than the limit of 1.5 MB. Compress the file, then choose it again."),
    ],
)
def test_a_file_that_is_too_large_is_told_in_the_language_of_the_page(
    read_in, settings, language, sentence
):
    settings.KLA_MAX_UPLOAD_BYTES = MEGABYTE * 3 // 2
    page = read_in(language)
    large = {**paper("besar.pdf"), "buffer": corpus.large_pdf(MEGABYTE * 2)}
    choose(page, large)

    expect(page.locator(".upload-list__problem")).to_have_text(sentence)
    leave(page)


@pytest.mark.parametrize(
    ("language", "button", "calendar"),
    [
        ("id", "Unggah 2 dokumen", "Pilih tanggal: Tanggal terbit"),
        ("en", "Upload 2 documents", "Choose a date: "),
    ],
)
def test_buttons_and_labels_made_by_scripts_follow_the_page(read_in, language, button, calendar):
    page = read_in(language)
    choose(page, paper("a.pdf", "Pasal 1"), paper("b.pdf", "Pasal 2"))

    expect(page.locator("[data-upload-submit]")).to_have_text(button)
    label = page.locator("#unggah .day-input__button").first.get_attribute("aria-label")
    assert label.startswith(calendar)
    leave(page)


@pytest.mark.parametrize(
    ("language", "hours", "minutes"),
    [
        ("id", r"^3 jam 2[0-9] menit lagi$", r"^5 menit [0-9]+ detik lagi$"),
        ("en", r"^3 h 2[0-9] min left$", r"^5 min [0-9]+ s left$"),
    ],
)
def test_what_is_left_of_a_window_is_counted_down_in_either_language(
    read_in, language, hours, minutes
):
    for seconds, words in ((3 * 3600 + 25 * 60, hours), (5 * 60 + 50, minutes)):
        page = read_in(language)
        page.evaluate(CLOCK, seconds)

        expect(page.locator("[data-countdown]")).to_have_text(re.compile(words))


@pytest.mark.parametrize(("language", "points"), [("id", "13,2"), ("en", "13.2")])
def test_a_usual_number_of_points_is_filled_in_as_the_page_writes_it_and_taken(
    read_in, answer, language, points
):
    page = read_in(language)
    button = page.locator("[data-fraction-value]").nth(1)
    button.click()

    expect(page.locator("[name=claimed_points]")).to_have_value(points)
    expect(button).to_have_attribute("aria-pressed", "true")
    page.locator("form:has([name=claimed_points]) button[type=submit]").first.click()
    expect(page.locator("[data-messages] .notice")).to_be_visible()
    answer.refresh_from_db()
    assert f"{answer.claimed_points.normalize()}" == "13.2"


@pytest.mark.parametrize(("language", "figure"), [("id", "1.234,567 2,5"), ("en", "1,234.567 2.5")])
def test_figures_of_scripts_have_the_marks_of_the_language(read_in, language, figure):
    page = read_in(language)

    said = page.evaluate(
        """async () => {
          const { figure } = await import("/static/js/words.js");
          return `${figure(1234.567, 3)} ${figure(2.46)}`;
        }"""
    )
    assert said == figure
