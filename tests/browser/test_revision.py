"""A document goes back with a reason, and its better version returns to who sent it back."""

import pytest
from playwright.sync_api import expect

from assessments.choices import Verdict
from assessments.models import Evidence, SupportingDocument
from tests.assessments.situations import checked, hand_in, staff_of
from tests.browser.papers import paper
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "Belum ada cap dinas."
CHANGES = "Sudah dicap dan ditandatangani."


def test_a_returned_document_is_revised_and_goes_back_to_who_returned_it(answer, seat):
    year = answer.assessment
    member = staff_of(year, "DISDIK")
    draft = checked(paper(line="Draf")["buffer"])
    [old] = hand_in(answer, by=member.user, opd=member.opd, files=[draft], title="SK Tim")
    reviewer = MembershipFactory(verifikator=True, city=year.city).user
    desk, opd = seat(reviewer), seat(member.user, viewport={"width": 360, "height": 800})
    place = f"/kota/{year.city.slug}/penilaian/{year.year}/periksa/"

    desk.goto(f"{place}{old.pk}/")
    desk.get_by_label("Kembalikan", exact=True).check()
    desk.get_by_label("Alasan pengembalian").fill(REASON)
    desk.get_by_role("button", name="Simpan keputusan").click()
    expect(desk.get_by_text("“SK Tim” dikembalikan.")).to_be_visible()

    # The OPD finds the reason on top, replaces the file and says what is different.
    opd.goto(f"/kota/{year.city.slug}/tugas/")
    first = opd.locator(".tasks > li").first
    expect(first).to_contain_text(REASON)
    first.get_by_role("link").click()
    opd.get_by_role("link", name="Unggah perbaikan").click()
    expect(opd.get_by_text(REASON)).to_be_visible()
    opd.locator("#perbaiki input[name=file]").set_input_files(paper("sk-bercap.pdf", "Bercap"))
    opd.get_by_label("Apa yang berubah?").fill(CHANGES)
    opd.get_by_role("button", name="Unggah perbaikan").click()
    opd.wait_for_url(f"**{answer.get_absolute_url()}?terunggah=1")

    # It stands first for who returned the old version, with what changed; the old stays readable.
    desk.goto(place)
    expect(desk.get_by_text("Anda mengembalikan versi sebelumnya")).to_be_visible()
    desk.get_by_role("link", name="SK Tim").click()
    expect(desk.get_by_text(CHANGES)).to_be_visible()
    desk.get_by_label("Terima", exact=True).check()
    desk.get_by_label("Nilai ditetapkan").fill("20")
    desk.get_by_role("button", name="Simpan keputusan").click()
    expect(desk.get_by_text("“SK Tim” diterima.")).to_be_visible()

    new = Evidence.objects.get(verdict=Verdict.ACCEPTED)
    old.refresh_from_db()
    assert (old.verdict, old.reason, old.superseded_by) == (Verdict.RETURNED, REASON, new)
    assert sorted(SupportingDocument.objects.values_list("revision", flat=True)) == [1, 2]
