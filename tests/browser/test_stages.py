"""A year from submission to its rescue window, in the browser and with the clock moved."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.choices import Stage
from assessments.models import Assessment, RescueWindow
from tests.assessments.situations import staff_of, working_year
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def year(transactional_db):
    year = working_year()
    EvidenceFactory(answer=answer_of(year, "1.2"), returned=True)
    return year


def test_a_year_is_submitted_taken_to_the_field_and_rescued_until_the_last_second(year, seat):
    staff = staff_of(year, "DISDIK")
    desk = seat(MembershipFactory(gugus_tugas=True, city=year.city).user)
    opd = seat(staff.user, viewport={"width": 360, "height": 800})
    place = f"/kota/{year.city.slug}/penilaian/{year.year}/"

    # What is missing stands before the confirmation, which has to be ticked.
    desk.goto(place)
    desk.get_by_role("link", name="Ajukan penilaian").click()
    row = desk.get_by_role("row", name="Pertanyaan dengan dokumen dikembalikan")
    expect(row.get_by_role("cell").first).to_have_text("1")
    desk.get_by_role("button", name="Ajukan dan kunci penilaian").click()
    expect(desk.get_by_text("Centang pernyataan ini untuk mengajukan.").first).to_be_visible()
    desk.get_by_label("Saya sudah membaca").check()
    desk.get_by_role("button", name="Ajukan dan kunci penilaian").click()
    expect(desk.get_by_role("heading", name="Rekaman 1", exact=False)).to_be_visible()

    # Two stages on; everything is locked for the OPD.
    desk.goto(f"{place}tahap/")
    for name in ("Verifikasi administrasi", "Verifikasi lapangan"):
        desk.get_by_role("button", name=f"Lanjut ke {name}").click()
        desk.get_by_role("button", name="Lanjutkan tahap").click()
        expect(desk.locator("[aria-current=step]")).to_contain_text(name)
    opd.goto(f"{place}pertanyaan/1.2/")
    expect(opd.get_by_text("sedang dalam verifikasi lapangan")).to_be_visible()
    expect(opd.get_by_role("button", name="Simpan jawaban")).to_have_count(0)

    # The coordinator opens the window for the returned question.
    desk.goto(f"{place}masa-melengkapi/")
    desk.get_by_role("link", name="Buka masa melengkapi dokumen").click()
    desk.get_by_role("link", name="Dikembalikan", exact=True).click()
    desk.get_by_label("Yang diminta").fill("SK yang sudah ditandatangani")
    desk.locator("input[data-bulk-row]").check()
    desk.get_by_role("button", name="Buka masa melengkapi dokumen").click()
    expect(desk.get_by_text("Masa melengkapi dokumen dibuka untuk 1 pertanyaan.")).to_be_visible()

    # The OPD finds it above its tasks and counts down.
    opd.goto(f"/kota/{year.city.slug}/tugas/")
    notice = opd.get_by_role("region", name="Masa melengkapi dokumen")
    expect(notice).to_contain_text("SK yang sudah ditandatangani")
    expect(notice.locator("[data-countdown]")).to_have_text("47 jam 59 menit lagi")
    notice.get_by_role("link", name="1.2").click()
    opd.get_by_label("Klaim nilai").fill("20")

    # The clock moves past the end while the form is being filled in.
    end = timezone.now() - timedelta(seconds=1)
    RescueWindow.objects.update(opens_at=end - timedelta(hours=48), closes_at=end)
    opd.get_by_role("button", name="Simpan jawaban").click()

    expect(opd.get_by_role("alert")).to_contain_text("isinya tidak dapat diubah")
    expect(opd.get_by_label("Klaim nilai")).to_have_value("20")
    assert answer_of(year, "1.2").claimed_points is None
    assert Assessment.objects.get().stage == Stage.FIELD
    desk.reload()
    expect(desk.get_by_text("Berakhir")).to_be_visible()
