"""From what a lurah reports on a phone to points that count: every hand that a number goes through."""

from decimal import Decimal
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from assessments.choices import ScoreKind
from assessments.models import TotalScore
from registers.models import TakenValue
from tests.assessments.situations import claim, secretary_of, staff_of
from tests.browser.test_offline import QUEUE, opened
from tests.factories.assessments import answer_of, open_year
from tests.factories.cities import CityFactory, MembershipFactory, OpdFactory
from tests.factories.territories import ReportFactory, UnitFactory, UnitSeatFactory
from tests.registers.test_taking import territorial_spec

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture
def year(transactional_db):
    """Four kelurahan, of which two have said yes; 26.4 claims points on nothing."""
    city = CityFactory()
    OpdFactory(city=city, code="DP3A")
    OpdFactory(city=city, code="DUKCAPIL")
    year = open_year(city=city, spec=territorial_spec())
    district = UnitFactory(kecamatan=True, city=city, name="Kecamatan Barat")
    for unit in UnitFactory.create_batch(3, city=city, parent=district)[1:]:
        ReportFactory(unit=unit)
    claim(answer_of(year, "26.4"), "3.5", by=secretary_of(year), value=Decimal(100))
    return year


def test_what_a_lurah_reports_on_a_phone_ends_in_points_that_count(year, seat, complaints):
    city = f"/kota/{year.city.slug}/"
    unit = year.city.units.exclude(parent=None).get(reports=None)
    place = f"{city}penilaian/{year.year}/wilayah/{unit.code}/"

    report_without_network(seat(UnitSeatFactory(unit=unit).membership.user, **PHONE), place)
    complaints.taken()

    camat = seat(UnitSeatFactory(unit=unit.parent).membership.user)
    camat.goto(place.replace(unit.code, unit.parent.code))
    expect(camat.locator("main")).to_contain_text("1 dari 18 kriteria.")

    desk = seat(secretary_of(year))
    desk.goto(place)
    desk.get_by_role("button", name="Terima semua yang menunggu").click()
    expect(desk.get_by_text("1 kriteria diterima.")).to_be_visible()

    answer = answer_of(year, "26.4")
    opd = seat(staff_of(year, "DP3A").user)
    opd.goto(answer.get_absolute_url())
    register = opd.locator("#register")
    expect(register).to_contain_text("Dari register: 3 dari 3 kelurahan/desa (100%)")
    register.get_by_role("button", name="Ambil nilai ini").click()
    expect(opd.get_by_text("Nilai dari register diambil: 3 dari 3 (100%).")).to_be_visible()
    taken = TakenValue.objects.get()

    verifier = seat(MembershipFactory(city=year.city, verifikator=True).user)
    title = taken.document.title
    verifier.goto(f"{city}penilaian/{year.year}/periksa/")
    verifier.get_by_role("link", name=title, exact=True).click()
    verifier.get_by_role("radio", name="Terima").check()
    verifier.get_by_label("Nilai ditetapkan").fill("3,5")
    verifier.get_by_role("button", name="Simpan keputusan").click()
    expect(verifier.get_by_text(f"“{title}” diterima.")).to_be_visible()
    assert [one.verdict for one in answer.evidence.all()] == ["accepted"]
    total = TotalScore.objects.get(assessment=year, kind=ScoreKind.EVIDENCED)
    assert total.points == Decimal("3.5")


def test_the_guide_of_a_lurah_prints_on_one_page(year, seat):
    lurah = UnitSeatFactory(unit=year.city.units.exclude(parent=None).first()).membership.user
    page = seat(lurah)
    page.goto(f"/kota/{year.city.slug}/wilayah-saya/petunjuk/")
    page.wait_for_function("() => [...document.images].every((one) => one.complete)")

    printed = PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))

    assert [page.mediabox.height > page.mediabox.width for page in printed.pages] == [True]
    assert "juga sekaligus dari satu lembar XLSX." in printed.pages[0].extract_text()


def report_without_network(phone, place):
    opened(phone, place)
    phone.context.set_offline(True)
    phone.reload()
    phone.locator("[name=k26-4-yes][value=ya]").check()
    phone.get_by_role("button", name="Simpan dan kirim").click()
    expect(phone.locator(QUEUE)).to_contain_text("Menunggu jaringan")
    phone.context.set_offline(False)
    expect(phone.locator(QUEUE)).to_contain_text("Terkirim")
