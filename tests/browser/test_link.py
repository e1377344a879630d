"""A link at a phone, names that never end, and an upload beside an unsaved claim."""

import pytest
from playwright.sync_api import expect

from assessments.models import Evidence
from tests.assessments.situations import reviewer_of
from tests.browser.papers import choose_kind, paper, upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 360, "height": 740}}
LONG_NAME = "surat-keputusan-" + "x" * 104
LONG_ADDRESS = "https://jdih.kota.go.id/" + "y" * 276


def is_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def offer(page, **fields):
    page.locator("#ajukan-tautan > summary").click()
    form = page.locator("#tautan")
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    choose_kind(form)
    form.get_by_role("button", name="Ajukan tautan").click()


def test_long_names_and_addresses_never_widen_a_phone(answer, staff, seat):
    page = seat(staff, **PHONE)
    page.goto(answer.get_absolute_url())
    upload(page, paper(f"{LONG_NAME}.pdf"), title=LONG_NAME)
    expect(page.get_by_text("1 dokumen tersimpan")).to_be_visible()
    offer(page, address=LONG_ADDRESS, shows="S" * 300, title=LONG_NAME)
    expect(page.locator(".documents .document")).to_have_count(2)
    page.wait_for_load_state()  # before its styles are there any page is wide
    wide = [page.url] if is_wide(page) else []

    city = f"/kota/{answer.assessment.city.slug}/"
    link = Evidence.objects.exclude(document__address="").get()
    page.goto(f"{city}tugas/")
    wide += [page.url] if is_wide(page) else []
    page.goto(link.document.get_absolute_url())
    wide += [page.url] if is_wide(page) else []
    reviewer = seat(reviewer_of(answer.assessment).user, **PHONE)
    year = f"{city}penilaian/{answer.assessment.year}/"
    for address in [
        f"{year}periksa/",
        *[f"{year}periksa/{pk}/" for pk in Evidence.objects.values_list("pk", flat=True)],
    ]:
        reviewer.goto(address)
        wide += [address] if is_wide(reviewer) else []
    assert wide == []


def test_an_upload_beside_an_unsaved_claim_asks_nothing_and_keeps_the_claim(question_page):
    page = question_page
    page.get_by_label("Klaim nilai").fill("13,2")
    upload(page, paper(), title="Perda KLA")

    expect(page.get_by_text("1 dokumen tersimpan, menunggu pemeriksaan.")).to_be_visible()
    expect(page.get_by_label("Klaim nilai")).to_have_value("13,2")


def test_a_link_begun_beside_an_upload_is_still_there_afterwards(question_page):
    page = question_page
    page.locator("#ajukan-tautan > summary").click()
    page.locator("#tautan [name=address]").fill(LONG_ADDRESS)
    upload(page, paper(), title="Perda KLA")

    expect(page.get_by_text("1 dokumen tersimpan, menunggu pemeriksaan.")).to_be_visible()
    expect(page.locator("#tautan [name=address]")).to_have_value(LONG_ADDRESS)


def test_kind_and_title_are_proposed_while_a_file_is_chosen(question_page):
    page = question_page
    form = page.locator("#unggah")
    form.locator("input[name=file]").set_input_files([paper("Perda KLA 2024.pdf")])

    expect(form.locator("[name=kind]")).to_have_value("perda")
    expect(form.locator("[name=title]")).to_have_attribute("placeholder", "Perda KLA 2024")
    form.get_by_role("button", name="Unggah dokumen").click()
    expect(page.get_by_text("1 dokumen tersimpan, menunggu pemeriksaan.")).to_be_visible()
    [evidence] = Evidence.objects.select_related("document", "kind")
    assert (evidence.document.title, evidence.kind.code) == ("Perda KLA 2024", "perda")
