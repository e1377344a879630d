"""Counts are stored whole, once, by whoever produces them; what is odd only with a reason."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from childdata.catalogue import catalogue
from childdata.models import Observation
from childdata.services.observations import (
    OddError,
    Place,
    Told,
    explain_difference,
    fingerprint_of,
    record_counts,
)
from childdata.tables import Cell, missing_cells
from cities.models import CityActivity
from tests.assessments.situations import NOW, city_with_opds, later, refused
from tests.at_once import at_once
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import AgencyAliasFactory, MembershipFactory, OpdFactory
from tests.factories.territories import UnitFactory

pytestmark = pytest.mark.django_db
NIK = "3674010101150001"
BOTH = {Cell("L"): 510, Cell("P"): 490}
DISABLED = {Cell("L", "", True): 5, Cell("P", "", True): 4}


@pytest.fixture
def city():
    return city_with_opds()


@pytest.fixture
def secretary(city):
    return MembershipFactory(gugus_tugas=True, city=city).user


def record(city, by, counts=BOTH, variable="anak", year=2025, unit=None, **more):
    told = Told(counts, more.pop("source", ""), more.pop("note", ""))
    asked = {"seen": 0, "at": NOW} | more
    return record_counts(place=Place(city, variable, year, unit), told=told, by=by, **asked)


def stored():
    return {(o.variable, o.year, o.unit_id): o.counts for o in Observation.objects.all()}


def sentences(refusal):
    return [str(error.messages[0]) for error in refusal.value.error_list[1:]]


def test_a_table_is_stored_with_its_producer_and_tells_the_trail(city, secretary):
    registry = OpdFactory(city=city, code="DUKCAPIL")
    one = record(city, secretary, source="  SIAK\n Desember ")
    assert stored() == {("anak", 2025, None): BOTH}
    assert (one.version, one.opd, one.source, one.by, one.at) == (
        1,
        registry,
        "SIAK Desember",
        secretary,
        NOW,
    )
    line = CityActivity.objects.get(city=city)
    assert (line.deed, line.target) == ("children_counted", "Anak 2025")
    assert line.after["children"] == "1.000"
    assert (
        line.after["count"]
        == "Laki-laki, Umur tidak dirinci 510; Perempuan, Umur tidak dirinci 490"
    )


def test_the_city_s_own_mapping_says_who_produces(city, secretary):
    OpdFactory(city=city, code="DUKCAPIL")
    merged = AgencyAliasFactory(city=city, code="DUKCAPIL").opd
    assert record(city, secretary).opd == merged


def test_an_opd_writes_what_it_produces_and_nothing_else(city):
    staff = MembershipFactory(of_opd=True, city=city, opd=city.opds.get(code="DISDIK")).user
    assert record(city, staff, variable="putus-sekolah").opd.code == "DISDIK"
    with pytest.raises(PermissionDenied):
        record(city, staff, variable="korban-kekerasan")
    assert set(stored()) == {("putus-sekolah", 2025, None)}


@pytest.mark.parametrize("role", ["verifikator", "pimpinan", "pendamping", "wilayah"])
def test_who_only_reads_writes_nothing(city, role):
    with pytest.raises(PermissionDenied):
        record(city, MembershipFactory(**{role: True}, city=city).user)
    assert stored() == {}


def test_the_same_again_writes_nothing(city, secretary):
    record(city, secretary)
    again = record(city, secretary, seen=1, at=later())
    assert (again.version, again.at) == (1, NOW)
    assert CityActivity.objects.filter(city=city).count() == 1


def test_a_correction_replaces_every_cell(city, secretary):
    record(city, secretary, BOTH | DISABLED)
    bands = {Cell(sex, age): 80 for sex in "LP" for age in catalogue().ages["profil"].bands}
    assert record(city, secretary, bands, seen=1).version == 2
    assert stored() == {("anak", 2025, None): bands}


def test_an_empty_table_takes_the_stored_one_away(city, secretary):
    record(city, secretary)
    assert record(city, secretary, {}, seen=1) is None
    assert stored() == {}
    last = CityActivity.objects.filter(city=city).latest("pk")
    assert (last.before["children"], last.after) == ("1.000", {})


def test_an_empty_table_where_there_is_none_is_refused(city, secretary):
    with refused("nothing"):
        record(city, secretary, {})


# --- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [0, 2])
def test_another_version_than_the_one_seen_is_a_conflict(city, secretary, seen):
    record(city, secretary)
    with refused("conflict"):
        record(city, secretary, {Cell("L"): 1, Cell("P"): 1}, seen=seen)


@pytest.mark.parametrize("field", ["note", "source"])
def test_a_number_of_a_person_is_refused_and_said(city, secretary, field):
    with refused("nik") as refusal:
        record(city, secretary, **{field: f"Anak {NIK[:6]} {NIK[6:]}"})
    assert "seperti NIK" in refusal.value.messages[0]


@pytest.mark.parametrize(
    "counts",
    [
        {Cell("L"): -1, Cell("P"): 1},
        {Cell("L"): 10**8, Cell("P"): 1},
        {Cell("X"): 1},
        {Cell(""): 1},
        {Cell("L", "99"): 1, Cell("P"): 1},
    ],
)
def test_what_is_no_count_or_no_cell_of_the_variable_is_refused(city, secretary, counts):
    with refused("cell"):
        record(city, secretary, counts)


def test_a_half_table_says_what_it_lacks(city, secretary):
    with refused("incomplete") as refusal:
        record(city, secretary, {Cell("L"): 510})
    assert "Perempuan, 0–1 tahun; Perempuan, 2–3 tahun" in refusal.value.messages[0]


def test_what_a_table_lacks_before_it_can_be_summed():
    anak, bkb = catalogue().variables["anak"], catalogue().variables["bkb"]
    assert missing_cells(anak, {}) == []
    assert missing_cells(anak, BOTH) == []
    assert missing_cells(anak, BOTH | {Cell("L", "0–1"): 3}) == []
    assert missing_cells(anak, BOTH | {Cell("L", "", True): 5}) == [Cell("P", "", True)]
    assert missing_cells(bkb, {Cell(): 4}) == []


def test_unknown_variables_later_years_and_strange_units_are_refused(city, secretary):
    foreign = UnitFactory(kecamatan=True)
    with refused("unknown"):
        record(city, secretary, variable="gaji")
    with refused("year"):
        record(city, secretary, year=NOW.year + 1)
    with refused("foreign"):
        record(city, secretary, unit=foreign)


# --- What is odd ------------------------------------------------------------------------------


def odd_at(city, secretary, counts, **more):
    before = stored()
    with pytest.raises(OddError) as refusal:
        record(city, secretary, counts, **more)
    assert refusal.value.code == "odd"
    assert stored() == before
    return refusal


def test_more_certificates_than_children_need_a_note_of_whoever_saw_it(city, secretary):
    ObservationFactory(city=city)
    many = {Cell("L"): 511, Cell("P"): 490}
    refusal = odd_at(city, secretary, many, variable="akta", note="Sudah benar")
    told = ["Laki-laki: 511, lebih banyak daripada Anak 510."]
    assert sentences(refusal) == told
    shown = fingerprint_of(refusal.value.found)
    odd_at(city, secretary, many, variable="akta", shown=shown)
    kept = record(city, secretary, many, variable="akta", shown=shown, note="Pindah datang")
    assert (kept.note, kept.counts) == ("Pindah datang", many)


def test_a_note_for_one_oddity_does_not_let_in_another(city, secretary):
    ObservationFactory(city=city)
    first = odd_at(city, secretary, {Cell("L"): 511, Cell("P"): 490}, variable="akta")
    shown = fingerprint_of(first.value.found)
    more = {Cell("L"): 900, Cell("P"): 490}
    odd_at(city, secretary, more, variable="akta", shown=shown, note="Pindah datang")


def test_as_many_certificates_as_children_is_nothing_odd(city, secretary):
    ObservationFactory(city=city)
    assert record(city, secretary, variable="akta").counts == BOTH


def test_children_of_another_place_or_year_are_no_measure(city, secretary):
    ObservationFactory(city=city, year=2023, counts={Cell("L"): 1, Cell("P"): 1})
    ObservationFactory(unit=UnitFactory(city=city), city=city, counts={Cell("L"): 1, Cell("P"): 1})
    assert record(city, secretary, variable="akta").counts == BOTH


def test_fewer_children_than_their_certificates_is_told_from_that_side_too(city, secretary):
    ObservationFactory(city=city, variable="akta")
    refusal = odd_at(city, secretary, {Cell("L"): 509, Cell("P"): 490})
    assert sentences(refusal) == ["Laki-laki: 509, padahal Anak berakta kelahiran tercatat 510."]


def test_a_jump_against_last_year_is_told_by_its_cell(city, secretary):
    ObservationFactory(city=city, year=2024, counts={Cell("L"): 300, Cell("P"): 490})
    assert sentences(odd_at(city, secretary, BOTH)) == [
        "Laki-laki, Umur tidak dirinci: 510, tahun lalu 300."
    ]


def test_more_with_a_disability_than_there_are_is_told(city, secretary):
    counts = {Cell("L"): 3, Cell("P"): 5} | DISABLED
    assert sentences(odd_at(city, secretary, counts)) == [
        "Laki-laki: penyandang disabilitas 5, seluruhnya 3."
    ]


def test_limits_are_settings(city, secretary, settings):
    settings.KLA_CHILD_DATA_JUMP_PERCENT = 80
    ObservationFactory(city=city, year=2024, counts={Cell("L"): 300, Cell("P"): 490})
    assert record(city, secretary).counts == BOTH


# --- Differences ------------------------------------------------------------------------------


@pytest.fixture
def below(city):
    """A thousand children of the city, of which its one kecamatan tells 990."""
    unit = UnitFactory(kecamatan=True, city=city)
    ObservationFactory(city=city)
    ObservationFactory(city=city, unit=unit, counts={Cell("L"): 505, Cell("P"): 485})
    return unit


def explain(city, by, why="Alamat tidak diketahui", seen=10, **more):
    return explain_difference(place=Place(city, "anak", 2025), why=why, seen=seen, by=by, at=NOW)


def test_a_difference_is_explained_for_what_it_is(city, secretary, below):
    one = explain(city, secretary)
    assert (one.explanation, one.explained) == ("Alamat tidak diketahui", 10)
    assert CityActivity.objects.get(city=city).after == {"reason": "Alamat tidak diketahui"}


def test_an_explanation_is_of_the_difference_that_was_seen(city, secretary, below):
    with refused("conflict") as refusal:
        explain(city, secretary, seen=9)
    assert "+10" in refusal.value.messages[0]


def test_without_a_reason_or_with_a_nik_nothing_is_explained(city, secretary, below):
    with refused("reason"):
        explain(city, secretary, why="  ")
    with refused("nik"):
        explain(city, secretary, why=NIK)


def test_where_the_units_agree_there_is_nothing_to_explain(city, secretary):
    ObservationFactory(city=city)
    ObservationFactory(city=city, unit=UnitFactory(kecamatan=True, city=city))
    with refused("nothing"):
        explain(city, secretary, seen=0)


def test_units_that_were_gone_by_then_are_not_summed(city, secretary, below):
    gone = UnitFactory(kecamatan=True, city=city, active_to=date(2025, 12, 30))
    ObservationFactory(city=city, unit=gone)
    assert explain(city, secretary).explained == 10


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_same_table_at_once_one_is_told(city, secretary):
    other = MembershipFactory(gugus_tugas=True, city=city).user
    tables = [{Cell("L"): count, Cell("P"): 490} for count in (501, 502)]
    told = at_once(
        lambda: record(city, secretary, tables[0]).counts,
        lambda: record(city, other, tables[1]).counts,
    )
    won = next(one for one in told if one != "conflict")
    assert sorted(told, key=str) == sorted([won, "conflict"], key=str)
    assert stored() == {("anak", 2025, None): won}
