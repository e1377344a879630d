"""The main job, end to end, as the people of one city do it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from assessments.choices import ScoreKind
from assessments.models import SupportingDocument, TotalScore
from clusters.library import packaged
from clusters.spec import BandSpec
from tests.assessments.situations import staff_of, working_year
from tests.browser.papers import paper, upload
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "Halaman tanda tangan belum dipindai."


@pytest.fixture
def year(transactional_db):
    """The real instrument, with bands so low that one question reaches the first."""
    bands = (
        BandSpec("Pratama", Decimal(2), Decimal("2.5")),
        BandSpec("Madya", Decimal(3), Decimal(1000)),
    )
    return working_year(spec=replace(packaged("kla-2023"), bands=bands))


def total(year, kind):
    row = TotalScore.objects.get(assessment=year, kind=kind)
    return row.points, row.predikat


def test_a_claim_becomes_proven_points_once_a_better_document_is_accepted(year, sign_in):
    staff, member = staff_of(year, "DP3A"), MembershipFactory(gugus_tugas=True, city=year.city)
    city, question = f"/kota/{year.city.slug}/", "1.2f"

    # The OPD lands on its tasks, claims and hands in.
    opd = sign_in(staff.user)
    assert opd.url.endswith(f"{city}tugas/")
    opd.get_by_role("link", name="Kerjakan 1.2f", exact=True).click()
    fractions = opd.get_by_role("group", name="Pilihan poin yang lazim")
    fractions.get_by_role("button", name="2,25").click()
    expect(opd.get_by_label("Klaim nilai")).to_have_value("2,25")
    opd.get_by_role("button", name="Simpan jawaban").click()
    expect(opd.get_by_text("Jawaban 1.2f tersimpan.")).to_be_visible()
    assert total(year, ScoreKind.CLAIMED) == (Decimal("2.25"), "Pratama")

    upload(opd, paper("draf.pdf", "Pasal 1, tanpa tanda tangan"), title="Perda KLA")
    expect(opd.get_by_text("1 dokumen tersimpan, menunggu pemeriksaan.")).to_be_visible()
    expect(opd.locator(".documents .document")).to_have_count(1)

    # The Gugus Tugas lands on its city, which has proven nothing yet.
    desk = sign_in(member.user)
    assert desk.url.endswith(city)
    expect(desk.locator(".lead-sentence")).to_have_text(
        "Terbukti 0 dari 1.000: belum berpredikat. 2 poin lagi menuju Pratama."
    )
    desk.get_by_role("link", name="dokumen menunggu pemeriksaan").click()
    desk.get_by_role("link", name="Mulai memeriksa").click()
    expect(desk.locator("canvas[data-drawn]")).to_have_count(1)

    # It returns the paper without leaving the keyboard.
    desk.keyboard.press("k")
    desk.keyboard.type(REASON)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("“Perda KLA” dikembalikan.")).to_be_visible()
    assert total(year, ScoreKind.EVIDENCED) == (Decimal(0), "")

    # The OPD finds the reason above everything else and hands in a better paper.
    opd.goto(f"{city}tugas/")
    first = opd.locator(".card-row").first
    expect(first).to_contain_text(REASON)
    first.get_by_role("link", name="Perbaiki 1.2f", exact=True).click()
    upload(opd, paper("final.pdf", "Pasal 1, ditandatangani"), title="Perda KLA bertanda tangan")
    expect(opd.get_by_text("1 dokumen tersimpan, menunggu pemeriksaan.")).to_be_visible()

    # It is accepted with the points that were claimed, and the city stands on a band.
    desk.goto(f"{city}penilaian/{year.year}/periksa/")
    desk.get_by_role("link", name="Perda KLA bertanda tangan").click()
    expect(desk.locator("canvas[data-drawn]")).to_have_count(1)
    desk.keyboard.press("a")
    expect(desk.get_by_label("Nilai ditetapkan")).to_have_value("2,25")
    desk.get_by_role("button", name="Simpan keputusan").click()
    expect(desk.get_by_text("“Perda KLA bertanda tangan” diterima.")).to_be_visible()
    desk.goto(city)
    expect(desk.locator(".lead-sentence")).to_have_text(
        "Terbukti 2,25 dari 1.000: Pratama. 0,75 poin lagi menuju Madya."
    )
    assert total(year, ScoreKind.EVIDENCED) == (Decimal("2.25"), "Pratama")

    # Granting all its points lifts the city to the next band.
    desk.goto(answer_of(year, question).get_absolute_url())
    desk.get_by_label("Nilai ditetapkan").fill("3")
    desk.get_by_role("button", name="Tetapkan nilai").click()
    expect(desk.get_by_text("Nilai 1.2f ditetapkan.")).to_be_visible()
    desk.goto(city)
    expect(desk.locator(".lead-sentence")).to_have_text("Terbukti 3 dari 1.000: Madya.")
    assert total(year, ScoreKind.EVIDENCED) == (Decimal(3), "Madya")

    # The OPD has nothing left to mend.
    opd.goto(f"{city}tugas/")
    expect(opd.get_by_role("link", name="Lihat 1.2f", exact=True)).to_be_visible()
    expect(opd.get_by_text(REASON)).to_have_count(0)
    assert SupportingDocument.objects.count() == 2
