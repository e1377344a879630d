"""The main job on a phone of years ago: no script runs, the screen is small, each step is a page."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.choices import ScoreKind, Stage, Verdict
from assessments.models import Evidence
from assessments.services.renditions import make_pending
from tests.assessments.situations import reviewer_of
from tests.browser.papers import paper, upload
from tests.browser.test_main_loop import REASON, WAITING, total
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OLD_PHONE = {
    "java_script_enabled": False,
    "viewport": {"width": 360, "height": 640},
    "user_agent": "Mozilla/5.0 (Linux; Android 9; SM-J260G) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/91.0.4472.120 Mobile Safari/537.36",
}


def open_task(page, code):
    page.locator("a.task").filter(has_text=code).first.click()


def decide(page, title, verdict, **fields):
    page.get_by_role("link", name=title).first.click()
    page.get_by_label(verdict).check()
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " ")).fill(value)
    page.get_by_role("button", name="Simpan keputusan").click()


def test_a_claim_is_proven_without_any_script(answer, staff, sign_in):
    year = answer.assessment
    queue = f"/kota/{year.city.slug}/penilaian/{year.year}/periksa/"
    opd = sign_in(staff, **OLD_PHONE)
    open_task(opd, "1.2")
    opd.get_by_label("Klaim nilai").fill("13,2")
    opd.get_by_role("button", name="Simpan jawaban").click()
    expect(opd.get_by_text("Jawaban 1.2 tersimpan.")).to_be_visible()
    upload(opd, paper("draf.pdf", "Pasal 1"), title="Perda KLA")
    expect(opd.get_by_text(WAITING)).to_be_visible()

    make_pending(at=timezone.now())
    desk = sign_in(reviewer_of(year).user, **OLD_PHONE)
    desk.goto(queue)
    decide(desk, "Perda KLA", "Kembalikan", Alasan_pengembalian=REASON)
    expect(desk.get_by_text("“Perda KLA” dikembalikan.")).to_be_visible()

    opd.goto(f"/kota/{year.city.slug}/tugas/")
    expect(opd.locator(".tasks > li").first).to_contain_text(REASON)
    open_task(opd, "1.2")
    upload(opd, paper("final.pdf", "Pasal 1, ditandatangani"), title="Perda bertanda tangan")
    expect(opd.get_by_text(WAITING)).to_be_visible()

    make_pending(at=timezone.now())
    desk.goto(queue)
    decide(desk, "Perda bertanda tangan", "Terima", Nilai_ditetapkan="13,2")
    expect(desk.get_by_text("“Perda bertanda tangan” diterima.")).to_be_visible()
    assert total(year, ScoreKind.EVIDENCED)[0] == answer.question.max_points * 66 / 100
    verdicts = Evidence.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(verdicts) == [Verdict.RETURNED, Verdict.ACCEPTED]


def test_questions_are_handed_out_and_a_year_is_submitted_without_any_script(answer, sign_in):
    year = answer.assessment
    page = sign_in(MembershipFactory(gugus_tugas=True, city=year.city).user, **OLD_PHONE)
    page.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/penugasan/2a.1/")
    page.get_by_label("Penanggung jawab").select_option(label="Dinas DINKES")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator(".notice").first).to_contain_text("2a.1")

    page.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/ajukan/")
    page.get_by_label("Saya sudah membaca kekurangan").check()
    page.get_by_role("button", name="Ajukan dan kunci penilaian").click()
    page.wait_for_url("**/rekaman/1/")
    year.refresh_from_db()
    assert year.stage == Stage.SUBMITTED


def test_the_language_is_chosen_without_any_script(answer, staff, sign_in):
    page = sign_in(staff, **OLD_PHONE)
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("contentinfo").get_by_role("link", name="Glossary")).to_be_visible()
