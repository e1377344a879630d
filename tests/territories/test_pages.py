"""What people of a unit, the kecamatan and the Gugus Tugas see and do on pages."""

import re
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from territories.choices import ReportState
from territories.models import Report, UnitSeat
from tests.factories.cities import DistrictFactory, MembershipFactory
from tests.factories.territories import ReportFactory, UnitFactory, UnitSeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(year):
    return UnitFactory(city=year.city, name="Mulyojati")


def opened_by(user):
    client = Client()
    client.force_login(user)
    return client


def base(year):
    return f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/"


def test_a_lurah_begins_at_their_own_unit_and_sees_no_other(year, unit):
    client = opened_by(UnitSeatFactory(unit=unit).membership.user)
    other = UnitFactory(city=year.city, name="Tetangga")

    page = client.get("/", follow=True)

    assert page.redirect_chain[-1][0] == f"{base(year)}{unit.code}/"
    assert client.get(f"{base(year)}{other.code}/").status_code == 404
    assert "Tetangga" not in client.get(base(year)).text


def test_somebody_without_a_seat_is_told_whom_to_ask(year):
    nobody = MembershipFactory(city=year.city, role="wilayah").user

    assert "Anda belum dihubungkan dengan wilayah" in opened_by(nobody).get("/", follow=True).text


def test_a_lurah_saves_and_sends_and_a_fault_keeps_what_was_typed(year, unit):
    client = opened_by(UnitSeatFactory(unit=unit).membership.user)
    url = f"{base(year)}{unit.code}/lapor/"

    client.post(url, {"k26-4-yes": "ya", "k26-7-nil": "on", "k26-7-source": "KUA"})
    drafts = list(Report.objects.values_list("criterion", "state", "yes", "nil", "source"))
    assert drafts == [("26.4", "draft", True, False, ""), ("26.7", "draft", None, True, "KUA")]

    typed = {"k26-4-yes": "ya", "k26-7-boys": "0", "k26-7-girls": "0"}
    refused = client.post(url, typed)
    assert "bila memang tidak ada, centang nihil" in refused.text
    assert list(Report.objects.values_list("state", flat=True)) == ["draft", "draft"]

    sent = client.post(url, {"k26-4-yes": "ya", "k26-7-nil": "on", "kirim": "1"}, follow=True)
    assert "2 kriteria terkirim." in sent.text
    assert set(Report.objects.values_list("state", flat=True)) == {ReportState.SENT}


def test_a_kecamatan_sees_who_sent_what_and_when(year, unit):
    sender = UnitSeatFactory(unit=unit).membership.user
    ReportFactory(unit=unit, sent=True, year=2025, written_by=sender)
    client = opened_by(UnitSeatFactory(unit=unit.parent).membership.user)

    page = client.get(f"{base(year)}{unit.parent.code}/").text

    assert "1 dari 18 kriteria." in page
    assert f"Terakhir dikirim oleh {sender}, 2 Maret 2026 10.00 WIB." in page


def test_the_gugus_tugas_returns_one_and_accepts_the_rest(year, unit):
    wrong = ReportFactory(unit=unit, sent=True, year=2025, criterion="26.5")
    right = ReportFactory(unit=unit, sent=True, year=2025)
    client = opened_by(MembershipFactory(gugus_tugas=True, city=year.city).user)
    place = f"{base(year)}{unit.code}/"

    client.post(f"{place}kembalikan/{wrong.pk}/", {"reason": ""})
    client.post(f"{place}kembalikan/{wrong.pk}/", {"reason": "Lampirkan SK"})
    client.post(f"{place}terima/", {"seen": [wrong.pk, right.pk, "x", "9" * 30]})

    assert dict(Report.objects.values_list("criterion", "state")) == {
        "26.5": "returned",
        "26.4": "accepted",
    }


def test_the_grid_tells_each_state_by_a_letter_and_goes_out_as_a_table(year, unit):
    ReportFactory(unit=unit, year=2025)
    ReportFactory(unit=unit, year=2025, criterion="26.5", yes=False)
    ReportFactory(unit=unit, year=2025, criterion="26.2", sent=True)
    ReportFactory(unit=unit, year=2025, criterion="26.3", state="returned", reason="Salah")
    ReportFactory(unit=unit, year=2024, criterion="26.9")  # of another year
    client = opened_by(MembershipFactory(pimpinan=True, city=year.city).user)

    [row] = client.get(base(year)).context["page_obj"]
    assert "".join(cell.mark for cell in row.cells.values()) == "MKYT" + "–" * 14

    narrow = client.get(base(year), {"kriteria": "26.4", "unduh": "xlsx"})
    book = load_workbook(BytesIO(narrow.getvalue()))
    assert list(book.active.values) == [
        ("Kode", "Nama", "Kecamatan", "26.4 Ada Forum Anak yang masih aktif"),
        (unit.code, "Mulyojati", unit.parent.name, "ya (memenuhi)"),
    ]
    text = client.get(base(year), {"unduh": "csv"}).getvalue().decode()
    assert "menunggu diperiksa" in text


def test_cases_are_there_or_not_and_nobody_meets_them(year, unit):
    nothing = {"unit": unit, "year": 2025, "yes": None}
    ReportFactory(**nothing, criterion="26.8a", nil=True)
    ReportFactory(**nothing, criterion="26.8b", boys=1, girls=0)
    ReportFactory(**nothing, criterion="26.7", nil=True)  # what is wanted is that there is none
    client = opened_by(MembershipFactory(pimpinan=True, city=year.city).user)

    page = client.get(f"{base(year)}{unit.code}/").text

    for said in ("nihil", "L 1, P 0"):
        assert said in page
    told = re.findall(r'text-nowrap">\(([a-z ]+)\)', page)
    assert told == ["memenuhi", "tidak ada kasus", "ada kasus"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"q": "mulyo"}, ["Mulyojati"]),
        ({"keadaan": "belum"}, ["Tejosari"]),
        ({"keadaan": "menunggu"}, ["Mulyojati"]),
        ({"keadaan": "kembali"}, []),
        ({"kriteria": "26.5", "keadaan": "belum"}, ["Mulyojati", "Tejosari"]),
        ({"kriteria": "tidak ada"}, ["Mulyojati", "Tejosari"]),
    ],
)
def test_the_grid_is_narrowed_by_what_stands_in_the_address(year, unit, asked, names):
    ReportFactory(unit=unit, sent=True, year=2025)
    UnitFactory(city=year.city, name="Tejosari", parent=unit.parent, code="99.99")
    client = opened_by(MembershipFactory(verifikator=True, city=year.city).user)

    rows = client.get(base(year), asked).context["page_obj"]

    assert [row.name for row in rows] == names


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("", ["Mulyojati", "Banjarsari", "Tejosari"]),
        ("nama", ["Banjarsari", "Mulyojati", "Tejosari"]),
        ("lapor", ["Tejosari", "Mulyojati", "Banjarsari"]),
        ("penuhi", ["Mulyojati", "Banjarsari", "Tejosari"]),
        ("kurang", ["Banjarsari", "Tejosari", "Mulyojati"]),
        ("lain", ["Mulyojati", "Banjarsari", "Tejosari"]),
    ],
)
def test_the_grid_is_in_the_order_that_was_asked_for(year, unit, order, names):
    for number, name in enumerate(("Banjarsari", "Tejosari"), 98):
        UnitFactory(city=year.city, name=name, parent=unit.parent, code=f"99.{number}")
    ReportFactory(unit=unit, year=2025)
    for criterion in ("26.4", "26.5"):
        ReportFactory(unit=year.city.units.get(name="Banjarsari"), criterion=criterion, yes=False)
    client = opened_by(MembershipFactory(verifikator=True, city=year.city).user)

    rows = client.get(base(year), {"urut": order}).context["page_obj"]

    assert [row.name for row in rows] == names


def test_an_admin_prepares_units_and_seats_people(year):
    DistrictFactory(city=year.city, code="72.07")
    person = MembershipFactory(city=year.city, role="wilayah")
    client = opened_by(MembershipFactory(admin_kota=True, city=year.city).user)

    assert "1 wilayah disiapkan." in client.post(f"{base(year)}siapkan/", follow=True).text
    url = f"{base(year)}72.07/ubah/"
    client.post(url, {"head": "Budi", "contact": "", "members": [person.pk]})

    seat = UnitSeat.objects.get()
    assert (seat.unit.code, seat.unit.head, seat.membership) == ("72.07", "Budi", person)


def test_last_years_answers_are_proposed_and_the_guide_is_one_click_away(year, unit):
    ReportFactory(unit=unit, year=2024)
    ReportFactory(unit=unit, year=2024, criterion="26.5")
    client = opened_by(UnitSeatFactory(unit=unit).membership.user)
    place = f"{base(year)}{unit.code}/"

    page = client.get(place)
    assert [cell.criterion.code for cell in page.context["proposed"]] == ["26.4", "26.5"]
    client.post(f"{place}ulangi/", {"kriteria": ["26.4"]})
    assert [cell.criterion.code for cell in client.get(place).context["proposed"]] == ["26.5"]
    done = client.post(f"{place}ulangi/", {"semua": "1"}, follow=True)
    assert done.context["proposed"] == []
    assert set(Report.objects.filter(year=2025).values_list("state", flat=True)) == {"draft"}

    guide = f"/kota/{year.city.slug}/wilayah-saya/petunjuk/"
    assert guide in page.text
    assert f'href="/kota/{year.city.slug}/wilayah-saya/"' in client.get(guide).text
