"""The main job, end to end, as the people of one city do it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.choices import ScoreKind
from assessments.models import SupportingDocument, TotalScore
from assessments.services.renditions import make_pending
from clusters.library import packaged
from clusters.spec import BandSpec
from tests.assessments.situations import staff_of, working_year
from tests.browser.papers import paper, upload
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAITING = "1 dokumen tersimpan, menunggu pemeriksaan."
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
    city = f"/kota/{year.city.slug}/"
    opd = sign_in(staff_of(year, "DP3A").user)
    assert opd.url.endswith(f"{city}tugas/")
    claim_and_hand_in(opd)
    assert total(year, ScoreKind.CLAIMED) == (Decimal("2.25"), "Pratama")

    desk = sign_in(MembershipFactory(gugus_tugas=True, city=year.city).user)
    assert desk.url.endswith(city)
    expect_standing(
        desk,
        "Terbukti 0 dari 1.000: belum berpredikat. 2 poin lagi menuju Pratama. Lihat langkahnya",
    )
    return_by_keyboard(desk)
    assert total(year, ScoreKind.EVIDENCED) == (Decimal(0), "")

    opd.goto(f"{city}tugas/")
    hand_in_what_was_returned(opd)

    desk.goto(f"{city}penilaian/{year.year}/periksa/")
    accept_with_the_claimed_points(desk)
    desk.goto(city)
    expect_standing(
        desk, "Terbukti 2,25 dari 1.000: Pratama. 0,75 poin lagi menuju Madya. Lihat langkahnya"
    )
    assert total(year, ScoreKind.EVIDENCED) == (Decimal("2.25"), "Pratama")

    desk.goto(answer_of(year, "1.2f").get_absolute_url())
    desk.get_by_label("Nilai ditetapkan").fill("3")
    desk.get_by_role("button", name="Tetapkan nilai").click()
    expect(desk.get_by_text("Nilai 1.2f ditetapkan.")).to_be_visible()
    desk.goto(city)
    expect_standing(desk, "Terbukti 3 dari 1.000: Madya.")
    assert total(year, ScoreKind.EVIDENCED) == (Decimal(3), "Madya")

    opd.goto(f"{city}tugas/")
    opd.get_by_role("link", name="Selesai").click()
    expect(opd.locator("#tugas-1\\.2f")).to_contain_text("Diterima")
    expect(opd.get_by_text(REASON)).to_have_count(0)
    assert SupportingDocument.objects.count() == 2


def expect_standing(desk, sentence):
    expect(desk.locator(".lead-sentence")).to_have_text(sentence)


def claim_and_hand_in(opd):
    opd.get_by_label("Cari pertanyaan").fill("1.2f")
    opd.get_by_role("button", name="Cari", exact=True).click()
    opd.locator("#tugas-1\\.2f").get_by_role("link").click()
    fractions = opd.get_by_role("group", name="Pilihan nilai yang lazim")
    fractions.get_by_role("button", name="2,25").click()
    expect(opd.get_by_label("Klaim nilai")).to_have_value("2,25")
    opd.get_by_role("button", name="Simpan jawaban").click()
    expect(opd.get_by_text("Jawaban 1.2f tersimpan.")).to_be_visible()
    upload(opd, paper("draf.pdf", "Pasal 1, tanpa tanda tangan"), title="Perda KLA")
    expect(opd.get_by_text(WAITING)).to_be_visible()
    expect(opd.locator(".documents .document")).to_have_count(1)


def return_by_keyboard(desk):
    make_pending(at=timezone.now())
    desk.get_by_role("link", name="dokumen menunggu pemeriksaan").click()
    desk.get_by_role("link", name="Mulai memeriksa").click()
    expect(desk.locator("canvas[data-drawn]")).to_have_count(1)
    desk.keyboard.press("k")
    desk.keyboard.type(REASON)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("“Perda KLA” dikembalikan.")).to_be_visible()


def hand_in_what_was_returned(opd):
    first = opd.locator(".tasks > li").first
    expect(first).to_contain_text(REASON)
    first.get_by_role("link", name="1.2f").click()
    upload(opd, paper("final.pdf", "Pasal 1, ditandatangani"), title="Perda KLA bertanda tangan")
    expect(opd.get_by_text(WAITING)).to_be_visible()


def accept_with_the_claimed_points(desk):
    make_pending(at=timezone.now())
    desk.get_by_role("link", name="Perda KLA bertanda tangan").click()
    expect(desk.locator("canvas[data-drawn]")).to_have_count(1)
    desk.keyboard.press("a")
    expect(desk.get_by_label("Nilai ditetapkan")).to_have_value("2,25")
    desk.get_by_role("button", name="Simpan keputusan").click()
    expect(desk.get_by_text("“Perda KLA bertanda tangan” diterima.")).to_be_visible()
