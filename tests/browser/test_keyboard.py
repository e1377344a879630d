"""A person who uses no mouse."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.services.renditions import make_pending
from tests.assessments.situations import checked, hand_in, reviewer_of
from tests.browser.papers import paper
from tests.factories.cities import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOCUS = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return outlined || style.boxShadow !== "none";
}"""
MOST_STOPS = 80


def tab_to(page, target):
    """Press Tab until `target` has the focus; every stop on the way must be seen to have it."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS), page.evaluate("document.activeElement.outerHTML")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"The keyboard does not reach {target}.")


def test_an_opd_signs_in_and_saves_a_claim_with_tab_and_enter_alone(window, answer, staff):
    page = window()
    page.goto("/masuk/")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type(staff.email)
    tab_to(page, page.get_by_label("Kata sandi"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/tugas/")

    tab_to(page, page.locator("#tugas-1\\.2 > a"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/pertanyaan/1.2/")
    tab_to(page, page.get_by_label("Klaim nilai"))
    tab_to(page, page.get_by_role("button", name="13,2"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Klaim nilai")).to_have_value("13,2")
    tab_to(page, page.get_by_role("button", name="Simpan jawaban"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Jawaban 1.2 tersimpan.")).to_be_visible()


def test_the_skip_link_comes_first_and_leads_past_the_navigation(question_page):
    page = question_page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Langsung ke isi")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Semua tugas")).to_be_focused()


def test_the_menu_of_the_person_opens_and_closes_by_keyboard(question_page):
    page = question_page
    button = page.locator(".user-menu__button")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Keluar")).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize(("width", "button"), [(1280, "Pantau"), (360, "Kota")])
def test_the_navigation_opens_and_closes_by_keyboard(answer, seat, width, button):
    page = seat(reviewer_of(answer.assessment).user)
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(f"/kota/{answer.assessment.city.slug}/penilaian/2026/periksa/")
    menu = page.locator("summary:visible", has_text=button).first
    history = page.get_by_role("link", name="Riwayat", exact=True)
    tab_to(page, menu)
    page.keyboard.press("Enter")
    expect(history).to_be_visible()
    page.keyboard.press("Escape")
    expect(history).to_be_hidden()
    expect(menu).to_be_focused()

    page.keyboard.press("Enter")
    tab_to(page, history)
    tab_to(page, page.get_by_role("link", name="Kotak masuk"))
    expect(history).to_be_hidden()


def test_a_reviewer_leafs_and_decides_with_single_keys_but_not_while_typing(answer, staff, seat):
    for line in ("Pasal 1", "Pasal 2"):
        made = paper(line=line)["buffer"]
        hand_in(answer, by=staff, files=[checked(made)], title=line)
    make_pending(at=timezone.now())
    page = seat(reviewer_of(answer.assessment).user)
    page.goto(f"/kota/{answer.assessment.city.slug}/penilaian/2026/periksa/")
    page.get_by_role("link", name="Mulai memeriksa").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Pasal 1")

    press_once_drawn(page, "j")
    expect(heading).to_have_text("Pasal 2")
    press_once_drawn(page, "s")
    expect(heading).to_have_text("Pasal 1")
    press_once_drawn(page, "a")
    expect(page.get_by_label("Terima")).to_be_checked()
    page.keyboard.press("k")
    expect(page.get_by_label("Kembalikan")).to_be_checked()
    page.keyboard.type("jasa")
    expect(page.get_by_label("Alasan pengembalian")).to_have_value("jasa")
    expect(heading).to_have_text("Pasal 1")


def press_once_drawn(page, key):
    """The keys are listened to before the document is drawn."""
    expect(page.locator("canvas[data-drawn]")).to_have_count(1)
    page.keyboard.press(key)


def test_a_reviewer_decides_with_tab_arrows_and_enter_alone(answer, staff, seat):
    hand_in(answer, by=staff, files=[checked(paper()["buffer"])], title="Perda KLA")
    make_pending(at=timezone.now())
    page = seat(reviewer_of(answer.assessment).user)
    page.goto(f"/kota/{answer.assessment.city.slug}/penilaian/2026/periksa/")
    tab_to(page, page.get_by_role("link", name="Mulai memeriksa"))
    page.keyboard.press("Enter")
    expect(page.locator("canvas[data-drawn]")).to_have_count(1)
    tab_to(page, page.get_by_label("Terima"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Kembalikan")).to_be_checked()
    tab_to(page, page.get_by_label("Alasan pengembalian"))
    page.keyboard.type("Belum ditandatangani.")
    tab_to(page, page.get_by_role("button", name="Simpan keputusan"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Perda KLA” dikembalikan.")).to_be_visible()


def test_a_file_is_handed_in_with_tab_and_enter_alone(question_page):
    page = question_page
    expect(page.locator("#unggah .picker")).to_have_count(1)
    tab_to(page, page.locator("#unggah input[name=file]"))
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Space")
    asked.value.set_files([paper()])
    tab_to(page, page.locator("#unggah select:visible").first)
    page.keyboard.press("ArrowDown")
    tab_to(page, page.locator("[data-upload-submit]"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 dokumen tersimpan, menunggu pemeriksaan.")).to_be_visible()


def test_the_language_is_chosen_with_tab_and_enter_alone(question_page):
    page = question_page
    tab_to(page, page.locator(".user-menu summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="English"))
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
