"""Nothing that somebody typed is lost, in any form that takes more than a line, whatever happens."""

import re
from dataclasses import replace
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import resolve
from playwright.sync_api import expect

from assessments.choices import Stage
from assessments.models import Activity, Comment
from cities.models import SentForm
from cities.roles import Role
from clusters.library import packaged
from clusters.services.life import create_draft
from tests.assessments.situations import NOW, claim, later, secretary_of, set_stage
from tests.browser.test_every_page import MAKING, full_city, is_open_to, pages_of_full_city
from tests.factories.cities import PASSWORD, MembershipFactory, SiteAdminFactory
from tests.factories.clusters import make_instrument

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Perda Nomor 3 Tahun 2022,\nhalaman “terakhir” & lampirannya."
RESTORED = "Draf dipulihkan"
LEFT = "Yang Anda ketik dan belum tersimpan"

# Types into every field of several lines of the forms that are sent; says which.
TYPE = """() => [...document.querySelectorAll("form[method=post] textarea:not([readonly])")].map(
    (field, place) => {
        field.value = `baris ${place}\\nselesai`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        return `${place} ${field.name}`;
    })"""
# Which of them hold that again.
AGAIN = """() => [...document.querySelectorAll("form[method=post] textarea:not([readonly])")]
    .map((field, place) => [field, place])
    .filter(([field, place]) => field.value === `baris ${place}\\nselesai`)
    .map(([field, place]) => `${place} ${field.name}`)"""
DISCARD = """() => {
    for (const button of document.querySelectorAll(".draft-note button")) button.click();
}"""


def with_long_text(user, paths):
    """Of the pages that take more than a line, one for each view and its fields."""
    client = Client()
    client.force_login(user)
    found = {}
    for path in paths:
        names = re.findall(r'<textarea [^>]*?name="([^"]+)"', client.get(path).text)
        if names:
            found.setdefault((resolve(urlsplit(path).path).view_name, *names), path)
    return found


def lost_on(page, paths):
    """What is not there again after the page was left and opened anew, page by page."""
    lost = {}
    for path in paths:
        page.goto(path)
        typed = page.evaluate(TYPE)
        page.goto("/istilah/")
        page.goto(path)
        again = page.evaluate(AGAIN)
        page.evaluate(DISCARD)
        page.goto(path)
        if typed != again or page.evaluate(AGAIN):
            lost[path] = (typed, again)
    return lost


def test_every_text_of_a_city_is_there_again(seat, complaints):
    year, offered = full_city()
    pages, looked_at = pages_of_full_city(year, offered), {}
    for role in (Role.OPD, Role.GUGUS_TUGAS, Role.ADMIN_KOTA):
        member = year.city.memberships.filter(role=role).first()
        member = member or MembershipFactory(city=year.city, role=role)
        found = with_long_text(member.user, [path for path in pages if is_open_to(path, role)])
        new = {fields: path for fields, path in found.items() if fields not in looked_at}
        looked_at |= new
        assert lost_on(seat(member.user), new.values()) == {}

    names = {name for _view, *names in looked_at for name in names}
    assert names >= {"text", "note", "reason", "changes"}
    assert set(complaints.taken()) <= {"beforeunload"}


def test_every_text_of_an_instrument_is_there_again(seat, complaints):
    maker = SiteAdminFactory()
    spec = packaged("kla-2023")
    make_instrument(spec)
    call_command("load_band_tables", stdout=StringIO())
    create_draft(spec=replace(spec, code="rancangan-2027"), by=maker, at=NOW)
    found = with_long_text(maker, MAKING)

    assert len(found) > 5
    assert lost_on(seat(maker), found.values()) == {}
    assert set(complaints.taken()) <= {"beforeunload"}


# --- What the server takes, and what it does not ----------------------------------------------


def send_message(page):
    page.get_by_label("Pesan").fill(TEXT)
    page.get_by_role("button", name="Kirim pesan").click()


def test_a_double_press_past_every_script_is_one_message(question_page, answer, complaints):
    page = question_page
    page.get_by_label("Pesan").fill(TEXT)
    # As a browser sends it whose page has lost its scripts: two requests at the same moment.
    page.evaluate(
        """() => {
            const form = document.querySelector(".conversation__form");
            const send = () => fetch(form.action, { method: "POST", body: new FormData(form) });
            return Promise.all(Array.from({ length: 6 }, send));
        }"""
    )
    page.reload()

    expect(page.locator(".conversation__item")).to_have_count(1)
    assert Comment.objects.count() == SentForm.objects.count() == 1
    assert Activity.objects.filter(answer=answer).count() == 1
    expect(page.get_by_label("Pesan")).to_have_value("")
    expect(page.get_by_text(RESTORED)).to_have_count(0)
    assert set(complaints.taken()) <= {"beforeunload"}


def test_whoever_goes_back_after_sending_finds_no_draft_and_sends_nothing_twice(question_page):
    page = question_page
    send_message(page)
    expect(page.locator(".conversation__item")).to_have_count(1)
    page.get_by_role("link", name="Semua tugas").click()
    page.go_back()

    expect(page.get_by_text(RESTORED)).to_have_count(0)
    assert Comment.objects.count() == 1


def test_an_answer_that_never_arrived_does_not_make_the_message_twice(question_page, complaints):
    page = question_page
    page.route("**/pesan/", lambda route: (route.fetch(max_redirects=0), route.abort()))
    send_message(page)
    page.wait_for_url("chrome-error://**")
    page.unroute("**/pesan/")
    page.context.clear_cookies(name="kla_taken")
    assert Comment.objects.count() == 1
    page.goto("/")
    page.goto(Comment.objects.get().answer.get_absolute_url())

    expect(page.get_by_label("Pesan")).to_have_value(TEXT)
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.get_by_text("sudah terkirim sebelumnya")).to_be_visible()
    expect(page.get_by_label("Pesan")).to_have_value("")
    assert Comment.objects.count() == 1
    complaints.taken()


@pytest.mark.parametrize("script", [True, False])
def test_a_session_that_ended_brings_the_text_back_after_signing_in(
    seat, answer, staff, script, complaints
):
    page = seat(staff, java_script_enabled=script)
    page.goto(answer.get_absolute_url())
    page.get_by_label("Pesan").fill(TEXT)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Kirim pesan").click()
    page.get_by_label("E-mail").fill(staff.email)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()

    page.wait_for_url("**/belum-terkirim/")
    expect(page.get_by_label("Pesan")).to_have_value(TEXT)
    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.locator(".conversation__item")).to_have_count(1)
    page.reload()
    expect(page.get_by_text(RESTORED)).to_have_count(0)
    assert Comment.objects.count() == 1
    complaints.taken()


@pytest.mark.parametrize("script", [True, False])
def test_a_database_that_does_not_answer_gives_the_form_back(
    seat, answer, staff, script, complaints, monkeypatch
):
    page = seat(staff, java_script_enabled=script)
    page.goto(answer.get_absolute_url())
    with monkeypatch.context() as patch:
        patch.setattr("assessments.views.question.add_comment", away)
        send_message(page)
        expect(page.get_by_role("heading", name="Belum dapat disimpan")).to_be_visible()
    expect(page.get_by_label("Pesan")).to_have_value(TEXT)
    page.get_by_role("button", name="Kirim lagi").click()

    expect(page.locator(".conversation__item")).to_have_count(1)
    expect(page.get_by_text(RESTORED)).to_have_count(0)
    assert [path for path in complaints.taken() if "503" not in path] == []


def away(**_facts):
    raise OperationalError("server closed the connection unexpectedly")


def test_a_browser_that_was_closed_has_the_text_again(seat, staff, answer, tmp_path, complaints):
    page = seat(staff)
    page.goto(answer.get_absolute_url())
    page.get_by_label("Klaim nilai").fill("13,2")
    kept = page.context.storage_state()
    page.context.close()
    page = seat(staff, storage_state=kept)
    page.goto(answer.get_absolute_url())

    expect(page.get_by_label("Klaim nilai")).to_have_value("13,2")
    expect(page.get_by_text(RESTORED)).to_be_visible()


def test_a_claim_survives_a_colleague_who_was_first(question_page, answer, complaints):
    page = question_page
    page.get_by_label("Klaim nilai").fill("13,2")
    claim(answer, "20", by=secretary_of(answer))
    page.goto(page.url)

    expect(page.get_by_label("Klaim nilai")).to_have_value("13,2")
    page.get_by_role("button", name="Buang draf").click()
    expect(page.get_by_label("Klaim nilai")).to_have_value("20")
    assert set(complaints.taken()) <= {"beforeunload"}


def test_a_text_whose_form_is_gone_is_shown_until_it_is_thrown_away(
    question_page, answer, complaints
):
    page = question_page
    page.get_by_label("Catatan").fill(TEXT)
    coordinator = secretary_of(answer)
    set_stage(assessment_id=answer.assessment_id, stage=Stage.FIELD, by=coordinator, at=later())
    page.goto(page.url)

    expect(page.get_by_role("heading", name=LEFT)).to_be_visible()
    expect(page.locator(".unsent").get_by_label("Catatan")).to_have_value(TEXT)
    page.get_by_role("button", name="Buang draf").click()
    page.goto(page.url)
    expect(page.get_by_role("heading", name=LEFT)).to_have_count(0)
    assert set(complaints.taken()) <= {"beforeunload"}


def test_signing_out_leaves_no_draft_behind(question_page, complaints):
    page = question_page
    page.get_by_label("Pesan").fill(TEXT)
    drafts = "Object.keys(localStorage).filter((key) => key.startsWith('kla-draft:')).length"
    assert page.evaluate(drafts) == 1
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/masuk/")

    assert page.evaluate(drafts) == 0
    complaints.taken()


def test_neither_a_password_nor_a_file_is_ever_kept(question_page, complaints):
    page = question_page
    page.goto("/sandi/ubah/")
    page.get_by_label("Kata sandi saat ini").fill("rahasia")
    page.goto("/istilah/")

    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
    assert set(complaints.taken()) <= {"beforeunload"}
