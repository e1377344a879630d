"""Numbers of children out as a sheet and back: preview, conflicts, notes, nothing twice."""

import csv
import io

import pytest

from childdata.models import Observation
from childdata.queries.tables_out import rows_out
from childdata.services.sheet_imports import CHILDREN, read_sheet
from childdata.sheets import TITLES, header
from childdata.tables import Cell
from imports.lines import Standing
from tests.assessments.situations import city_with_opds, refused
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import MembershipFactory, OpdFactory
from tests.factories.territories import UnitFactory
from tests.imports.situations import kept, lines_of, taken
from workbooks.writing import csv_lines

pytestmark = pytest.mark.django_db
NIK = "3674010101150001"
BOTH = {Cell("L"): 510, Cell("P"): 490}


@pytest.fixture
def city():
    return city_with_opds()


@pytest.fixture
def secretary(city):
    return MembershipFactory(gugus_tugas=True, city=city)


def row(variable="kia", line="Anak", male="10", female="12", **fields):
    return {
        "variable": variable,
        "year": "2025",
        "line": line,
        "male": male,
        "female": female,
    } | fields


def sheet(*rows):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([title for title, _most in TITLES.values()])
    for one in rows:
        writer.writerow([one.get(name, "") for name in TITLES])
    return out.getvalue().encode()


def keep(member, *rows):
    return kept(CHILDREN, member.city, member.user, read_sheet(sheet(*rows), "lembar.csv"))


def shown(member, *rows):
    return [(one.standing, one.note) for one in lines_of(CHILDREN, keep(member, *rows))]


def stored():
    return {(o.variable, o.year, o.unit_id): o.counts for o in Observation.objects.all()}


def test_rows_of_a_table_become_one_observation(secretary):
    unit = UnitFactory(city=secretary.city, kecamatan=True)
    rows = (
        row(source="SIAK"),
        row(line="Di antaranya penyandang disabilitas", male="1", female="0"),
        row(unit=unit.code, male="3", female="4"),
        row("Keluarga peserta BKB", "Keluarga", "", "", all="20"),
        row("akta", "4–6 tahun", "", ""),  # no number: nothing is said
    )
    outcome = taken(CHILDREN, keep(secretary, *rows))
    assert (outcome.added, outcome.changed) == (3, 0)
    told = {Cell("L"): 10, Cell("P"): 12, Cell("L", "", True): 1, Cell("P", "", True): 0}
    assert stored() == {
        ("kia", 2025, None): told,
        ("kia", 2025, unit.pk): {Cell("L"): 3, Cell("P"): 4},
        ("bkb", 2025, None): {Cell(""): 20},
    }
    assert Observation.objects.get(variable="kia", unit=None).source == "SIAK"


def test_what_goes_out_comes_back_as_the_same(secretary):
    city = secretary.city
    unit = UnitFactory(city=city, kecamatan=True)
    for place in (None, unit):
        ObservationFactory(city=city, unit=place, source="SIAK", note="catatan")
    ObservationFactory(city=city, variable="bkb", counts={Cell(""): 20})
    content = "".join(csv_lines(header(), rows_out(secretary, 2025))).encode()

    reading = read_sheet(content, "lembar.csv")

    assert reading.faults == []
    staged = kept(CHILDREN, city, secretary.user, reading)
    assert [one.standing for one in lines_of(CHILDREN, staged)] == [Standing.SAME] * 3
    before = stored()
    with refused("nothing"):
        taken(CHILDREN, staged)
    assert stored() == before


def test_another_number_is_a_conflict_and_taken_only_where_ticked(secretary):
    ObservationFactory(city=secretary.city, variable="kia", counts={Cell("L"): 10, Cell("P"): 11})
    [line] = lines_of(CHILDREN, keep(secretary, row()))
    assert line.standing == Standing.CONFLICT
    assert [(d.label, d.here, d.there) for d in line.differences] == [
        ("Perempuan, Anak", "11", "12")
    ]
    staged = keep(secretary, row())
    with refused("nothing"):
        taken(CHILDREN, staged)
    taken(CHILDREN, keep(secretary, row()), line.key)
    assert stored() == {("kia", 2025, None): {Cell("L"): 10, Cell("P"): 12}}


def test_what_is_odd_needs_a_note_and_is_measured_by_the_sheet_too(secretary):
    whole = row("anak", "Umur tidak dirinci", "9", "20")
    odd = "perlu catatan: Laki-laki: 10, lebih banyak daripada Anak 9."
    below = "perlu catatan: Laki-laki: 9, padahal Anak ber-KIA tercatat 10."
    assert shown(secretary, row(), whole) == [(Standing.REFUSED, odd), (Standing.REFUSED, below)]
    noted = [one | {"note": "Anak dari luar kota"} for one in (row(), whole)]
    taken(CHILDREN, keep(secretary, *noted))
    assert set(stored()) == {("kia", 2025, None), ("anak", 2025, None)}


def test_tables_that_fit_only_together_are_taken_together(secretary):
    for variable, count in (("anak", 100), ("kia", 90)):
        counts = {Cell("L"): count, Cell("P"): count}
        ObservationFactory(city=secretary.city, variable=variable, counts=counts)
    rows = (row("anak", "Umur tidak dirinci", "80", "80"), row(male="70", female="70"))
    keys = [one.key for one in lines_of(CHILDREN, keep(secretary, *rows))]
    assert taken(CHILDREN, keep(secretary, *rows), *keys).changed == 2
    alone = keep(
        secretary, row("anak", "Umur tidak dirinci", "60", "60"), row(male="60", female="60")
    )
    keys = [one.key for one in lines_of(CHILDREN, alone)]
    with refused("row"):  # the whole without its part
        taken(CHILDREN, alone, keys[0])
    assert stored()["anak", 2025, None] == {Cell("L"): 80, Cell("P"): 80}


@pytest.mark.parametrize(
    ("wrong", "note"),
    [
        ({"unit": "99.99"}, "kode wilayah tidak dikenal di kota ini"),
        ({"year": "2099"}, "tahun data ini belum dapat diisi"),
        ({"female": ""}, "belum diisi: Perempuan, Anak; tulis 0 bila tidak ada"),
    ],
)
def test_what_the_service_would_refuse_is_told_in_the_preview(secretary, wrong, note):
    assert shown(secretary, row(**wrong)) == [(Standing.REFUSED, note)]


def test_an_opd_brings_what_it_produces(city):
    registry, other = (OpdFactory(city=city, code=code) for code in ("DUKCAPIL", "LAIN"))
    own, foreign = (MembershipFactory(city=city, of_opd=True, opd=opd) for opd in (registry, other))
    assert shown(own, row()) == [(Standing.NEW, "")]
    assert shown(foreign, row()) == [(Standing.REFUSED, "variabel ini dihasilkan OPD lain")]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"source": f"NIK {NIK}"}, "Isian ini memuat 16 angka seperti NIK."),
        ({"note": "36.74.01.010115.0001"}, "Isian ini memuat 16 angka seperti NIK."),
        ({"variable": "umur"}, "Variabel “umur” tidak dikenal."),
        ({"line": "7 tahun"}, "Rincian tidak dikenal; pilih: Anak; "),
        ({"male": "1,5"}, "Isi dengan bilangan bulat tanpa titik, misalnya 1250."),
        (
            {"all": "22", "male": "", "female": ""},
            "Kolom ini tidak dipakai untuk variabel Anak ber-KIA.",
        ),
        ({"male": "-1"}, "Isi dengan bilangan bulat tanpa titik, misalnya 1250."),
    ],
)
def test_a_faulty_row_takes_its_table_with_it_and_no_other(wrong, fault):
    reading = read_sheet(
        sheet(row(), row(**wrong), row("bkr", "Keluarga", "", "", all="4")), "a.csv"
    )
    assert fault in reading.faults[0]
    spoilt = wrong.get("variable") is None
    assert [one["variable"] for one in reading.rows] == (["bkr"] if spoilt else ["kia", "bkr"])


def test_a_line_told_twice_is_a_fault():
    reading = read_sheet(sheet(row(), row()), "a.csv")
    assert (len(reading.faults), list(reading.rows)) == (2, [])
