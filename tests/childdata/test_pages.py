"""The pages of children's data: what is missing, what is odd, and filling in a table."""

import pytest
from django.urls import reverse

from childdata.models import Observation
from childdata.tables import Cell
from tests.assessments.situations import city_with_opds
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import MembershipFactory
from tests.factories.territories import UnitFactory

pytestmark = pytest.mark.django_db
BOTH = {Cell("L"): 510, Cell("P"): 490}


@pytest.fixture
def city():
    return city_with_opds()


@pytest.fixture
def page(client, city):
    """The text of a page as the Gugus Tugas sees it."""
    client.force_login(MembershipFactory(gugus_tugas=True, city=city).user)

    def text(name="overview", *args, query=""):
        return shown(client.get(url(city, name, *args) + query))

    return text


def url(city, name, *args):
    return reverse(f"childdata:{name}", args=[city.slug, *args])


def shown(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def send(client, city, variable="anak", year=2025, query="", **fields):
    fields = {"seen": 0, "shown": "", "source": "", "note": ""} | fields
    return client.post(url(city, "counts_edit", year, variable) + query, fields)


def rows(board, code):
    return next(row for one in board for row in one.rows if row.variable.code == code)


def test_the_overview_says_what_each_variable_lacks(client, city, page):
    first, second = (UnitFactory(kecamatan=True, city=city, name=name) for name in ("A", "B"))
    for variable in ("anak", "putus-sekolah", "tidak-sekolah"):
        ObservationFactory(city=city, variable=variable)
    for unit in (first, second):
        ObservationFactory(city=city, variable="putus-sekolah", unit=unit)
    ObservationFactory(city=city, variable="tidak-sekolah", unit=first)

    answer = client.get(url(city, "overview") + "?tahun=2025") if page() else None

    board = answer.context["boards"]
    lacks = {code: rows(board, code).lacks for code in ("anak", "putus-sekolah", "tidak-sekolah")}
    assert lacks == {
        "anak": ["produsen DUKCAPIL belum ada"],
        "putus-sekolah": ["selisih dengan kecamatan belum dijelaskan"],
        "tidak-sekolah": ["1 kecamatan belum mengisi"],
    }
    assert rows(board, "anak-sekolah").lacks == ["belum diisi"]
    assert answer.context["filled"] == 3
    assert "3 dari 26 variabel sudah terisi" in shown(answer)


def test_an_opd_sees_what_it_produces_and_no_more(client, city):
    ObservationFactory(city=city, variable="putus-sekolah")
    member = MembershipFactory(of_opd=True, city=city, opd=city.opds.get(code="DISDIK"))
    client.force_login(member.user)
    answer = client.get(url(city, "overview") + "?tahun=2025")
    codes = [row.variable.code for board in answer.context["boards"] for row in board.rows]
    assert codes == ["anak-sekolah", "putus-sekolah", "tidak-sekolah"]
    assert client.get(url(city, "variable_detail", 2025, "anak")).status_code == 404
    assert client.get(url(city, "counts_edit", 2025, "anak")).status_code == 404


def test_an_opd_that_produces_nothing_is_told_why(client, city):
    client.force_login(MembershipFactory(of_opd=True, city=city).user)
    assert "Tidak ada variabel dari OPD Anda" in shown(client.get(url(city, "overview")))


@pytest.mark.parametrize("year", ["1999", "2000", "2999"])
def test_a_year_without_numbers_is_no_page(client, city, page, year):
    page()
    assert client.get(url(city, "overview") + f"?tahun={year}").status_code == 404
    assert client.get(url(city, "variable_detail", year, "anak")).status_code == 404


def test_two_years_stand_side_by_side_with_their_sum(client, city, page):
    ObservationFactory(city=city, counts={Cell("L", "0–1"): 4, Cell("P", "0–1"): 5, Cell("L"): 1})
    ObservationFactory(city=city, year=2024, counts={Cell("L"): 3, Cell("P"): 2})
    page()
    board = client.get(url(city, "variable_detail", 2025, "anak")).context["board"]
    assert [(line.label, line.before, line.now) for line in board.lines] == [
        ("0–1 tahun", (None, None), (4, 5)),
        ("Umur tidak dirinci", (3, 2), (1, None)),
        ("Seluruhnya", (3, 2), (5, 5)),
    ]


def test_a_kecamatan_shows_its_kelurahan_and_no_one_else_s(client, city, page):
    unit = UnitFactory(kecamatan=True, city=city, name="Utara", code="72.01.01")
    UnitFactory(city=city, parent=unit, name="Melati")
    UnitFactory(city=city, name="Kenanga")
    text = page("variable_detail", 2025, "anak", query="?wilayah=72.01.01")
    assert ("Melati" in text, "Kenanga" in text) == (True, False)
    foreign = UnitFactory(kecamatan=True, code="72.99.01")
    strange = url(city, "variable_detail", 2025, "anak") + f"?wilayah={foreign.code}"
    assert client.get(strange).status_code == 404


def test_a_difference_is_explained_on_the_page(client, city, page):
    ObservationFactory(city=city)
    unit = UnitFactory(kecamatan=True, city=city)
    ObservationFactory(city=city, unit=unit, counts={Cell("L"): 505, Cell("P"): 485})
    assert "berselisih +10 dengan jumlah wilayah" in page("variable_detail", 2025, "anak")
    fields = {"selisih": "10", "why": "Alamat tidak diketahui"}
    client.post(url(city, "difference_explain", 2025, "anak"), fields)
    text = page("variable_detail", 2025, "anak")
    assert "Selisih +10: Alamat tidak diketahui" in text
    assert "belum dijelaskan" not in text
    Observation.objects.get(unit=unit).cells.filter(sex="L").update(count=500)
    text = page("variable_detail", 2025, "anak")
    assert "berselisih +15" in text
    assert "Alamat tidak diketahui" not in text


@pytest.mark.parametrize("seen", ["", "x", "9", "9" * 30])
def test_another_difference_than_the_one_seen_is_not_explained(client, city, page, seen):
    ObservationFactory(city=city)
    unit = UnitFactory(kecamatan=True, city=city)
    ObservationFactory(city=city, unit=unit, counts={Cell("L"): 505, Cell("P"): 485})
    page()
    client.post(url(city, "difference_explain", 2025, "anak"), {"selisih": seen, "why": "Sebab"})
    assert set(Observation.objects.values_list("explanation", flat=True)) == {""}


# --- Filling in -------------------------------------------------------------------------------


def test_the_form_shows_last_year_beside_each_field(city, page):
    ObservationFactory(city=city, year=2024, counts={Cell("L"): 1300, Cell("P"): 12})
    text = page("counts_edit", 2025, "anak")
    assert text.count("2024: 1.300") == 1
    assert text.count("2024: 12") == 1


def test_a_table_is_filled_in_and_shown(client, city, page):
    page()
    answer = send(client, city, c6L="510", c6P="490", c7L="5", c7P="4", source="SIAK")
    assert answer.url == url(city, "variable_detail", 2025, "anak")
    one = Observation.objects.get()
    disabled = {Cell("L", "", True): 5, Cell("P", "", True): 4}
    assert (one.counts, one.source) == (BOTH | disabled, "SIAK")
    assert "SIAK" in page("variable_detail", 2025, "anak")


def test_a_unit_is_filled_in_at_its_own_address(client, city, page):
    unit = UnitFactory(kecamatan=True, city=city, code="72.01.01")
    page()
    answer = send(client, city, query="?wilayah=72.01.01", c6L="5", c6P="4")
    assert answer.url.endswith("/2025/anak/?wilayah=72.01.01")
    assert Observation.objects.get().unit == unit


def test_what_is_odd_is_told_and_kept_only_with_a_note(client, city, page):
    ObservationFactory(city=city)
    page()
    typed = {"c5L": "511", "c5P": "490"}
    refused = send(client, city, "akta", **typed, note="Sudah benar")
    text = shown(refused)
    assert "lebih banyak daripada Anak 510" in text
    assert 'value="511"' in text
    assert not Observation.objects.filter(variable="akta").exists()
    told = refused.context["form"]["shown"].value()
    assert len(told) == 64
    assert send(client, city, "akta", **typed, shown=told, note="Pindah").status_code == 302
    assert "Catatan: Pindah" in page("variable_detail", 2025, "akta")


def test_a_stored_oddity_lets_its_source_be_put_right(client, city, page):
    """The form of an odd table knows what its reader was shown of it."""
    ObservationFactory(city=city)
    many = {Cell("L"): 511, Cell("P"): 490}
    ObservationFactory(city=city, variable="akta", counts=many, note="Pindah")
    page()
    form = client.get(url(city, "counts_edit", 2025, "akta")).context["form"]
    known = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert send(client, city, "akta", **known | {"source": "SIAK"}).status_code == 302
    assert Observation.objects.get(variable="akta").source == "SIAK"


def test_who_came_second_sees_what_was_typed_and_may_send_again(client, city, page):
    page()
    ObservationFactory(city=city, variable="kia")
    refused = send(client, city, "kia", c0L="7", c0P="8")
    assert "sudah berubah" in shown(refused)
    seen = refused.context["form"]["seen"].value()
    assert seen == "1"
    assert send(client, city, "kia", c0L="1", c0P="1", seen=seen).status_code == 302


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"c6L": "1.250", "c6P": "3"}, "bilangan bulat tanpa titik"),
        ({"c6L": "-1", "c6P": "3"}, "lebih besar dari atau sama dengan 0"),
        ({"c6L": "5"}, "Belum diisi: Perempuan"),
        ({"c6L": "5", "c6P": "3", "note": "NIK 3674010101150001"}, "seperti NIK"),
        ({"c6L": ""}, "Isi setidaknya satu baris angka"),
    ],
)
def test_what_cannot_be_is_said_on_the_form(client, city, page, typed, why):
    page()
    assert why in shown(send(client, city, **typed))
    assert not Observation.objects.exists()


@pytest.mark.parametrize("role", ["verifikator", "pimpinan", "pendamping"])
def test_who_reads_is_offered_no_form(client, city, role):
    client.force_login(MembershipFactory(**{role: True}, city=city).user)
    assert "/isi/" not in shown(client.get(url(city, "variable_detail", 2025, "anak")))
    assert client.get(url(city, "counts_edit", 2025, "anak")).status_code == 403
