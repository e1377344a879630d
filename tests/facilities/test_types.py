"""The types of facilities as data: what is known, from where, and faults that a reviewer must see."""

from decimal import Decimal

import pytest

from facilities.choices import CredentialKind, Measure
from facilities.register import FACILITIES
from facilities.types import PACKAGED, TypesError, catalogue, key_of, read_catalogue

SCHEME = """
schema: 1
schemes:
  - {code: sk, title: SK, kind: decree, source: Butir 1, certainty: 2+}
types:
  - code: taman
    title: Taman
    noun: taman
    schemes: [sk]
    records: [photos]
    source: Butir 1
    certainty: "1"
"""


def checklist(more):
    head = (
        "\n    checklists:\n      - {code: a, title: A, version: '1', source: B, certainty: '1', "
    )
    return f"{SCHEME.rstrip()}{head}{more}}}\n"


def faults_of(text):
    with pytest.raises(TypesError) as caught:
        read_catalogue(text)
    return [str(fault) for fault in caught.value.faults]


def test_the_types_of_the_issue_are_there():
    assert list(catalogue().types) == [
        "sra",
        "prap",
        "pisa",
        "rbra",
        "rass",
        "rira",
        "pka",
        "puspaga",
        "ruang-asi",
        "ktr",
        "pengasuhan",
        "gugus-tugas-wilayah",
        "forum-anak",
        "patbm",
    ]


def test_only_what_a_source_says_has_a_number_of_years():
    years = {one.code: one.valid_years for one in catalogue().schemes.values() if one.valid_years}

    assert years == {"prap": 3}
    assert catalogue().schemes["prap"].monitoring_months == 12


def test_everything_says_where_it_is_known_from_and_how_surely():
    types = catalogue().types.values()
    known = [one.known for one in (*catalogue().schemes.values(), *types)]
    known += [checklist.known for one in types for checklist in one.checklists]

    assert [one for one in known if not one.source or not one.certainty] == []


def test_the_checklists_of_schools_have_the_required_items_of_their_level():
    sra = catalogue().types["sra"]

    found = {
        kind.code: [(one.required_items, one.maximum) for one in sra.checklists_of(kind.code)]
        for kind in sra.kinds
    }

    assert found == {
        "tk-ra": [(134, Decimal(305))],
        "sd-mi": [(134, Decimal(305))],
        "smp-mts": [(134, Decimal(305))],
        "sma-ma-smk": [(139, Decimal(305))],
        "slb": [],  # not found
    }


def test_the_nursing_room_has_seven_required_items_without_weights():
    [asked] = catalogue().types["ruang-asi"].checklists

    assert [(item.required, item.points) for item in asked.items] == [(True, None)] * 7


def test_a_file_that_fits_is_read_as_it_stands():
    found = read_catalogue(SCHEME)

    assert found.schemes["sk"].kind == CredentialKind.DECREE
    assert found.types["taman"].schemes == ("sk",)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("schema: 1", "schema: 2", "Hanya skema 1 yang dikenal."),
        ("kind: decree", "kind: stiker", "“stiker” tidak dikenal."),
        ("certainty: 2+", "certainty: mungkin", "“mungkin” tidak dikenal."),
        ("schemes: [sk]", "schemes: [sni]", "“sni” tidak dikenal."),
        ("records: [photos]", "records: [cuaca]", "“cuaca” tidak dikenal."),
        ("    noun: taman\n", "", "Kunci ini wajib ada."),
        ("code: taman", "code: Taman Kota", "tidak boleh ada dalam kode"),
    ],
)
def test_a_fault_of_the_file_is_told(before, after, fault):
    [told] = faults_of(SCHEME.replace(before, after, 1))

    assert fault in told


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("components: [A, B], weights: [60, 30]", "Jumlah bobot harus 100 persen."),
        ("components: [A], weights: [60, 40]", "Bobot harus sebanyak komponennya."),
        (
            "items: [{code: a, text: A, points: 2}, {code: b, text: B}]",
            "Poin harus ada pada semua butir, atau tidak pada satu pun.",
        ),
        (
            "items: [{code: a, text: A, points: 2}], maximum: 3",
            "Jumlah poin butir tidak sama dengan nilai tertinggi.",
        ),
        (
            "items: [{code: a, text: A, required: true}], required_items: 2",
            "Jumlah butir wajib tidak sama dengan required_items.",
        ),
        ("maximum: 3", "Daftar periksa memerlukan butir atau komponen."),
        ("items: [{code: a, text: A}, {code: a, text: B}]", "sudah dipakai"),
        ("components: [A], kinds: [kota]", "“kota” tidak dikenal."),
    ],
)
def test_sums_that_do_not_match_are_told(more, fault):
    assert [told for told in faults_of(checklist(more)) if fault in told] != []


def test_a_file_that_is_no_yaml_is_refused():
    assert len(faults_of("schemes: [")) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sra.tk-ra/decree", ("sra", "tk-ra", Measure.DECREE)),
        ("prap/standard", ("prap", "", Measure.STANDARD)),
        ("ruang-asi.kantor/provided", ("ruang-asi", "kantor", Measure.PROVIDED)),
        ("prap/assessed", ("prap", "", Measure.ASSESSED)),
    ],
)
def test_a_key_names_a_type_and_what_is_counted(text, expected):
    key = key_of(text)

    assert (key.type.code, key.kind, key.measure) == expected


@pytest.mark.parametrize(
    "text",
    [
        "taman/decree",
        "sra.kampus/decree",
        "sra.tk-ra/biru",
        "prap/provided",  # a puskesmas is the thing itself
        "ktr/standard",  # nobody certifies it
        "sra.slb/assessed",  # no checklist was found for it
        "",
    ],
)
def test_nothing_is_counted_under_a_key_that_fits_nothing(text):
    assert key_of(text) is None


def test_the_linter_knows_every_key_of_the_file_beside_the_instrument():
    assert FACILITIES.faults() == []


def test_the_file_is_packaged_with_the_code():
    assert [entry.name for entry in PACKAGED.iterdir()] == ["indonesia.yaml"]
