"""From an empty city to one that works: what an administrator does in the first hour."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Answer, Assessment, Assignment
from cities.models import Membership, Opd
from cities.roles import Role
from clusters.library import packaged
from tests.factories.assessments import answer_of
from tests.factories.cities import CityFactory, SiteAdminFactory
from tests.factories.clusters import make_instrument

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_empty_city_gets_a_year_its_opds_and_a_member_who_signs_in(sign_in):
    make_instrument(packaged("kla-2023"))
    city = CityFactory(name="Kota Baru", slug="kota-baru")
    page = sign_in(SiteAdminFactory())
    assert page.url.endswith("/kota/")

    page.get_by_label("Termasuk yang belum ikut").check()
    page.get_by_role("button", name="Tampilkan").click()
    page.get_by_role("link", name="Kota Baru").click()
    year = open_year(page)
    take_over_opds(page, year)
    assign_in_bulk(page, year)
    change_one_question(page, year)
    set_target(page, year)
    link = add_member(page)

    member = Membership.objects.get(city=city)
    assert (member.role, member.opd) == (Role.OPD, Opd.objects.get(city=city, code="DINKES"))
    set_password_and_sign_in(page, sign_in, member.user, link)


def open_year(page):
    page.get_by_role("main").get_by_role("link", name="Buka penilaian").click()
    page.get_by_role("button", name="Buka penilaian").click()
    expect(page.get_by_text("dibuka. Periksa penugasannya.")).to_be_visible()
    year = Assessment.objects.get()
    assert (year.city.slug, year.year) == ("kota-baru", timezone.localdate().year)
    assert Answer.objects.filter(assessment=year).count() == 274
    return year


def take_over_opds(page, year):
    page.get_by_role("button", name="Tambahkan sebagai OPD kota dan tugaskan").click()
    expect(page.get_by_role("heading", name="OPD bawaan instrumen belum ada")).to_have_count(0)
    named = {agency for q in packaged("kla-2023").questions() for agency in q.agencies}
    assert set(year.city.opds.values_list("code", flat=True)) == named
    assert not Answer.objects.filter(assessment=year, assignments=None).exists()


def assign_in_bulk(page, year):
    page.get_by_role("link", name="Klaster I", exact=True).click()
    expect(page.get_by_role("button", name="Tugaskan yang dicentang")).to_be_disabled()
    page.get_by_role("checkbox", name="Pilih semua").check()
    answers = Answer.objects.filter(
        assessment=year, question__indicator__cluster__label="Klaster I"
    )
    expect(page.get_by_text(f"{answers.count()} baris dipilih.")).to_be_visible()
    page.get_by_label("OPD*", exact=True).select_option(label="Bagian Hukum Setda / JDIH")
    page.get_by_role("button", name="Tugaskan yang dicentang").click()
    expect(page.get_by_role("status").get_by_text("pertanyaan ditugaskan kepada")).to_be_visible()
    led = Assignment.objects.filter(answer__in=answers, opd__code="HUKUM", is_lead=True)
    assert led.count() == answers.count()
    assert Assignment.objects.filter(answer__in=answers, is_lead=True).count() == answers.count()


def change_one_question(page, year):
    page.get_by_role("link", name="Kelembagaan", exact=True).click()
    page.get_by_role("link", name="Ubah 1.1", exact=True).click()
    page.get_by_label("Penanggung jawab").select_option(label="Dinas kesehatan")
    page.get_by_role("checkbox", name="Dinas pendidikan").check()
    page.get_by_label("Tenggat").fill("2030-03-01")
    page.get_by_role("button", name="Simpan penugasan").click()
    expect(page.get_by_text("Penugasan 1.1 tersimpan.")).to_be_visible()
    held = answer_of(year, "1.1").assignments.order_by("opd__code")
    assert list(held.values_list("opd__code", "is_lead", "due_on")) == [
        ("DINKES", True, date(2030, 3, 1)),
        ("DISDIK", False, date(2030, 3, 1)),
        ("DP3A", False, date(2030, 3, 1)),
    ]


def set_target(page, year):
    page.get_by_role("link", name="Ringkasan").click()
    page.get_by_role("link", name="Target dan tenggat").click()
    page.get_by_label("Predikat yang dituju").select_option(label="Utama (801–900)")
    page.get_by_role("textbox", name="Tenggat", exact=True).fill("2030-06-30")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("Target dan tenggat tersimpan.")).to_be_visible()
    expect(page.get_by_text("Untuk target Utama masih perlu 801 poin terbukti.")).to_be_visible()
    year.refresh_from_db()
    assert (year.target.predikat, year.deadline) == ("Utama", date(2030, 6, 30))


def add_member(page):
    page.get_by_role("link", name="Anggota").click()
    page.get_by_role("link", name="Tambahkan anggota").first.click()
    page.get_by_label("E-mail").fill("ani@example.id")
    page.get_by_label("Nama").fill("Ani")
    page.get_by_label("Peran").select_option(label="OPD")
    page.get_by_label("OPD", exact=True).select_option(label="Dinas kesehatan")
    page.get_by_role("button", name="Tambahkan anggota").click()
    return page.get_by_label("Tautan").input_value()


def set_password_and_sign_in(page, sign_in, user, link):
    page.context.clear_cookies()  # the link is opened by somebody else
    page.goto(link)
    page.get_by_label("Kata sandi baru*", exact=True).fill("bunga-sakura-2030")
    page.get_by_label("Kata sandi baru, sekali lagi").fill("bunga-sakura-2030")
    page.get_by_role("button", name="Simpan kata sandi").click()
    page.wait_for_url("**/sandi/atur/selesai/")

    desk = sign_in(user, password="bunga-sakura-2030")
    assert desk.url.endswith("/kota/kota-baru/tugas/")
    expect(desk.get_by_role("link", name="Kerjakan 1.1", exact=True)).to_be_visible()

    page.goto(link)
    expect(page.get_by_text("Tautan ini sudah dipakai atau sudah kedaluwarsa.")).to_be_visible()
