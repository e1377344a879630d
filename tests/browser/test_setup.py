"""A city set up from nothing in one go: what one person does in the first hour, and who answers."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from assessments.choices import Stage
from assessments.models import Answer, Assessment, Assignment
from cities.models import Membership
from cities.roles import Role
from clusters.library import packaged
from tests.factories.cities import CityFactory, SiteAdminFactory
from tests.factories.clusters import make_instrument

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "bunga-sakura-2030"


def test_a_city_is_set_up_from_nothing_until_an_opd_sees_its_tasks(window, sign_in, complaints):
    make_instrument(packaged("kla-2023"))
    city = CityFactory(name="Kota Baru", slug="kota-baru")
    begin(sign_in(SiteAdminFactory()))

    page = accept(window(), "ibu.admin@example.id", name="Ibu Admin")
    assert page.url.endswith("/kota/kota-baru/")
    check_city(page, city)
    take_over_opds(page, city)
    invite_one(page)
    invite_from_list(page)
    year = open_year(page, city)
    share_out(page, year)
    change_one_question(page, year)
    start(page, year)

    staff = accept(window(), "ani@example.id", name="Ani Dinkes")
    assert staff.url.endswith("/kota/kota-baru/tugas/")
    expect(staff.locator("#tugas-1\\.1")).to_be_visible()
    member = Membership.objects.get(user__email="ani@example.id")
    assert (member.role, member.opd.code) == (Role.OPD, "DINKES")
    link = link_to("ani@example.id")
    use_again(staff, link)
    assert complaints.taken() == [f"410 {link}"]


def begin(page):
    """The site's administrator chooses the city and names who will administer it."""
    page.goto("/kota/siapkan/")
    page.get_by_label("Kabupaten/kota").select_option(label="Kota Baru, Lampung")
    page.get_by_label("Nama admin kota").fill("Ibu Admin")
    page.get_by_label("E-mail admin kota").fill("ibu.admin@example.id")
    page.get_by_role("button", name="Undang dan lanjutkan").click()
    expect(page.get_by_text("1 undangan terkirim.")).to_be_visible()
    assert page.url.endswith("/kota/kota-baru/siapkan/")


def link_to(email):
    """The link of the newest letter to that address."""
    letters = [letter for letter in mail.outbox if letter.to == [email]]
    return re.search(r"/undangan/[\w-]+/", letters[-1].body).group()


def accept(page, email, *, name):
    """Read the letter at another desk, set a password, and be in."""
    page.goto(link_to(email))
    page.get_by_label("Nama").fill(name)
    page.get_by_label("Kata sandi*", exact=True).fill(PASSWORD)
    page.get_by_label("Kata sandi, sekali lagi").fill(PASSWORD)
    page.get_by_role("button", name="Terima undangan").click()
    expect(page.get_by_text("Anda kini anggota Kota Baru")).to_be_visible()
    return page


def check_city(page, city):
    page.get_by_role("main").get_by_role("link", name="Siapkan kota").click()
    page.get_by_role("link", name="Lanjutkan: 1. Kota").click()
    expect(page.get_by_text(city.code)).to_be_visible()
    page.get_by_label("Zona waktu").select_option(label="WITA")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.wait_for_url("**/siapkan/opd/")
    city.refresh_from_db()
    assert city.timezone == "Asia/Makassar"


def take_over_opds(page, city):
    """Rename one, merge one into another, leave one out, add one."""
    page.get_by_label("Nama di kota ini: DINKES").fill("Dinas Kesehatan Kota Baru")
    page.get_by_label("Di kota ini: UPTD_PPA", exact=True).select_option(value="into:DP3A")
    page.get_by_label("Di kota ini: PENGADILAN_AGAMA", exact=True).select_option(
        label="Tidak ada di kota ini"
    )
    own = page.get_by_role("group", name="OPD tambahan 1")
    own.get_by_label("Kode").fill("INSPEKTORAT")
    own.get_by_label("Nama").fill("Inspektorat Daerah")
    page.get_by_role("button", name="Simpan OPD dan lanjutkan").click()
    expect(page.get_by_text("29 OPD tercatat.")).to_be_visible()
    kinds = dict(city.opds.values_list("code", "kind"))
    assert (kinds["POLRES"], kinds["INSPEKTORAT"]) == ("instansi_vertikal", "perangkat_daerah")
    assert kinds.keys() & {"UPTD_PPA", "PENGADILAN_AGAMA"} == set()


def invite_one(page):
    page.get_by_label("E-mail").fill("ani@example.id")
    page.get_by_label("Nama").fill("Ani")
    page.get_by_label("OPD", exact=True).select_option(label="Dinas Kesehatan Kota Baru")
    page.get_by_role("button", name="Kirim undangan").click()
    expect(page.get_by_text("1 undangan terkirim.")).to_be_visible()
    expect(page.get_by_role("row", name="Ani ani@example.id")).to_be_visible()


def invite_from_list(page):
    """Fill the empty workbook, see a fault and its cell, mend it, and invite all of it."""
    page.get_by_role("link", name="Undang dari daftar", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh templat kosong").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    book["Anggota"].append(["Budi", "budi@example.id", "Gugus Tugas KLA", None])
    book["Anggota"].append(["Citra", "citra@example.id", "OPD", "DINAS_ASING"])
    check(page, book)
    expect(page.get_by_text("Anggota, sel D3: “DINAS_ASING” bukan OPD aktif")).to_be_visible()

    book["Anggota"]["D3"] = "DISDIK"
    check(page, book)
    page.get_by_role("button", name="Kirim 2 undangan").click()
    expect(page.get_by_text("2 undangan terkirim.")).to_be_visible()
    page.wait_for_url("**/siapkan/anggota/")


def check(page, book):
    file = io.BytesIO()
    book.save(file)
    upload = {"name": "anggota.xlsx", "mimeType": "", "buffer": file.getvalue()}
    page.get_by_label("Daftar anggota").set_input_files(upload)
    page.get_by_role("button", name="Periksa daftar").click()


def open_year(page, city):
    page.get_by_role("link", name="Lanjut ke Tahun").click()
    page.get_by_label("Predikat yang dituju").select_option(label="Utama")
    page.get_by_role("textbox", name="Tenggat", exact=True).fill("2030-06-30")
    page.get_by_role("button", name="Buka penilaian dan lanjutkan").click()
    expect(page.get_by_text("dibuka dalam tahap persiapan.")).to_be_visible()
    year = Assessment.objects.get(city=city)
    assert (year.stage, year.target.predikat, year.deadline) == (
        Stage.PREPARATION,
        "Utama",
        date(2030, 6, 30),
    )
    assert year.year == timezone.localdate().year
    return year


def share_out(page, year):
    """Nobody here is the religious court: its one question, if it leads one, wants somebody."""
    expect(page.get_by_role("heading", name="Per OPD")).to_be_visible()
    row = page.get_by_role("row", name="Dinas Kesehatan Kota Baru")
    led = Assignment.objects.filter(opd__code="DINKES", is_lead=True)
    expect(row.locator("td").nth(1)).to_have_text(str(led.count()))
    lonely = Answer.objects.get(assessment=year, question__code="1.2a")
    lonely.assignments.filter(is_lead=True).delete()
    page.reload()
    expect(page.get_by_role("heading", name="1 pertanyaan tanpa")).to_be_visible()
    page.get_by_label("Penanggung jawab 1.2a").select_option(label="Inspektorat Daerah")
    page.get_by_role("button", name="Simpan penanggung jawab").click()
    expect(page.get_by_text("Setiap pertanyaan sudah memiliki OPD")).to_be_visible()
    assert lonely.assignments.get(is_lead=True).opd.code == "INSPEKTORAT"


def change_one_question(page, year):
    """The pages of a single cluster and of a single question work beside the way."""
    page.locator("#per-klaster > summary").click()
    page.get_by_role("link", name="Kelembagaan", exact=True).click()
    page.locator("#indikator-1 > summary").click()
    page.get_by_role("link", name="Ubah 1.1", exact=True).click()
    page.get_by_label("Penanggung jawab").select_option(label="Dinas Kesehatan Kota Baru")
    page.get_by_role("textbox", name="Tenggat").fill("2030-03-01")
    page.get_by_role("button", name="Simpan penugasan").click()
    expect(page.get_by_text("Penugasan 1.1 tersimpan.")).to_be_visible()
    held = Assignment.objects.filter(answer__assessment=year, answer__question__code="1.1")
    assert held.get(is_lead=True).opd.code == "DINKES"


def start(page, year):
    page.goto("/kota/kota-baru/siapkan/")
    page.get_by_role("link", name="Lanjutkan: 6. Mulai").click()
    page.get_by_role("button", name=f"Mulai evaluasi mandiri {year.year}").click()
    expect(page.get_by_text("OPD kini dapat mengisi tugasnya.")).to_be_visible()
    year.refresh_from_db()
    assert year.stage == Stage.SELF_ASSESSMENT


def use_again(page, link):
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_text("tautannya hanya untuk satu kali.")).to_be_visible()
