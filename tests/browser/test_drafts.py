"""A version of the instrument is made on a phone, without script, and published."""

import pytest
from playwright.sync_api import expect

from clusters.library import checksum, packaged
from clusters.models import Instrument
from clusters.services import spec_of
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import make_instrument

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}


def test_a_correction_is_made_without_script_on_a_phone(sign_in):
    origin = make_instrument(packaged("kla-2023"))
    page = sign_in(SiteAdminFactory(), java_script_enabled=False, viewport=PHONE)

    page.goto("/instrumen/kla-2023/")
    page.get_by_role("link", name="Betulkan").click()
    page.get_by_label("Kode").fill("kla-2023-2")
    page.get_by_label("Yang dibetulkan").fill("Jumlah poin indikator 19.")
    page.get_by_role("button", name="Buat rancangan pembetulan").click()

    page.get_by_role("link", name="Indikator 19", exact=True).click()
    page.get_by_role("link", name="Ubah 19", exact=True).click()
    page.get_by_label("Nilai maksimum").fill("54")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Indikator 19 tersimpan.")).to_be_visible()
    page.get_by_role("button", name="Turunkan pertanyaan 19.1", exact=True).click()
    expect(page.get_by_role("link", name="Indikator 19", exact=True)).to_have_count(0)

    page.get_by_role("link", name="Terbitkan").click()
    page.get_by_role("button", name="Terbitkan instrumen").click()
    expect(page.get_by_text("kla-2023-2 terbit.")).to_be_visible()

    correction = Instrument.objects.get(code="kla-2023-2")
    row = next(row for row in spec_of(correction).indicators() if row.code == "19")
    assert (correction.corrects, row.max_points) == (origin, 54)
    assert [question.code for question in row.questions[:2]] == ["19.2a", "19.1"]
    assert checksum(spec_of(origin)) == origin.checksum
