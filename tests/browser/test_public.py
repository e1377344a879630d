"""A part of a year goes out to everybody, and a child without an account answers."""

import io
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from assessments.choices import Stage
from public.models import PublicMessage
from tests.assessments.situations import secretary_of, set_stage, working_year
from tests.factories.assessments import NOW, answer_of
from tests.factories.public import ReleaseFactory
from tests.factories.taskforce import DecreeFactory, TaskForceMemberFactory
from tests.public.situations import fill, paper, plain_pdf

pytestmark = pytest.mark.browser

OLD_PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}


@pytest.fixture
def year(transactional_db):
    year = working_year()
    fill(year)
    return set_stage(assessment_id=year.pk, stage=Stage.SUBMITTED, at=NOW)


def test_a_part_goes_out_and_a_child_answers(year, seat, window):
    desk, phone = seat(secretary_of(year)), window(**OLD_PHONE)
    office, page = f"/kota/{year.city.slug}/publik/", f"/publik/{year.city.slug}/{year.year}/"

    desk.goto(office)
    desk.get_by_role("link", name="Predikat dan nilai").click()
    expect(desk.get_by_role("strong")).to_have_text("Madya")
    desk.get_by_role("button", name="Rilis bagian ini").click()
    expect(desk.locator("[data-messages]")).to_contain_text("Bagian ini dirilis")

    phone.goto(page)
    expect(phone.get_by_role("heading", name="Predikat dan nilai")).to_be_visible()
    reached = phone.get_by_role("list", name="Tangga predikat").get_by_text("✓ tercapai")
    expect(reached).to_have_count(2)
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Langsung ke isi")).to_be_focused()

    phone.get_by_role("link", name="Halaman untuk anak").click()
    phone.get_by_role("link", name="Tulis apa yang kurang").click()
    phone.get_by_label("Apa yang kurang?").fill("Lampu jalan mati.")
    phone.get_by_label("Kelurahan atau desamu").select_option(label="Kelurahan Mekar")
    phone.get_by_role("button", name="Kirim").click()
    expect(phone.get_by_role("heading", name="Terima kasih!")).to_be_visible()
    assert phone.context.cookies() == []
    assert [str(one) for one in PublicMessage.objects.all()] == ["Lampu jalan mati."]

    desk.goto(f"{office}pesan/")
    desk.get_by_role("button", name="Diteruskan pesan").click()
    expect(desk.get_by_text("Mekar · ")).to_contain_text("Diteruskan")

    desk.goto(f"{page}poster/")
    paper = PdfReader(io.BytesIO(desk.pdf(prefer_css_page_size=True)))
    assert len(paper.pages) == 1


def test_a_signed_paper_goes_out_on_the_word_of_whoever_read_it_and_comes_back(
    transactional_db, seat, window
):
    year = working_year()
    TaskForceMemberFactory(decree=DecreeFactory(city=year.city), name="Rina Kusumawati")
    content = plain_pdf("Ditetapkan oleh Rina Kusumawati.")
    paper(answer_of(year, "1.2"), content, title="Perda yang ditandatangani")
    set_stage(assessment_id=year.pk, stage=Stage.SUBMITTED, at=NOW)
    ReleaseFactory(assessment=year)
    desk, phone = seat(secretary_of(year)), window(**OLD_PHONE)

    desk.goto(f"/kota/{year.city.slug}/publik/")
    desk.get_by_role("link", name="Dokumen", exact=True).click()
    desk.get_by_role("link", name="Perda yang ditandatangani").click()
    expect(desk.locator(".notice--warning")).to_contain_text("Halaman 1 mungkin memuat nama orang.")
    desk.get_by_label("Judul yang dibaca semua orang").fill("Perda Kota Layak Anak")
    desk.get_by_role("button", name="Rilis dokumen ini").click()
    expect(desk.get_by_text("Baca seluruh dokumennya dahulu")).to_be_visible()
    desk.get_by_label("Saya sudah membaca seluruh isinya").check()
    desk.get_by_role("button", name="Rilis dokumen ini").click()
    expect(desk.locator("[data-messages]")).to_contain_text("Dokumen ini dirilis")

    phone.goto(f"/publik/{year.city.slug}/{year.year}/")
    link = phone.get_by_role("link", name="Perda Kota Layak Anak")
    with phone.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "Perda Kota Layak Anak.pdf"
    assert Path(download.value.path()).read_bytes() == content
    assert phone.context.cookies() == []

    desk.get_by_role("button", name="Tarik dari halaman publik").click()
    expect(desk.locator("[data-messages]")).to_contain_text("Dokumen ini ditarik")
    phone.reload()
    expect(link).to_have_count(0)
