"""The variables as data: what comes with the project, and faults that a reviewer must see."""

import pytest

from childdata.catalogue import PACKAGED, CatalogueError, catalogue, read_catalogue
from clusters.library import packaged

GOOD = """
schema: 1
ages:
  - {code: dua, bands: [0–8, 9–17], certainty: "1"}
variables:
  - {code: anak, title: Anak, concept: A, definition: B, unit: anak, cluster: I, producer: DUKCAPIL,
     period: tahunan, breakdowns: [sex, age], ages: dua, certainty: inf}
  - {code: kia, title: KIA, concept: A, definition: B, formula: kia dibagi anak, within: anak,
     unit: anak, cluster: I, producer: DUKCAPIL, period: tahunan, breakdowns: [sex], certainty: 2+}
"""


def faults_of(old, new):
    assert old in GOOD
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(GOOD.replace(old, new))
    return [str(fault) for fault in refused.value.faults]


def test_a_good_file_is_read_as_it_stands():
    read = read_catalogue(GOOD)
    assert list(read.variables) == ["anak", "kia"]
    assert read.bands_of(read.variables["anak"]) == ("0–8", "9–17")
    assert read.bands_of(read.variables["kia"]) == ()


SELF = "variables[1]: Variabel tidak dapat menjadi bagian dari dirinya sendiri."
RATE = "variables[1]: within dan formula harus ada keduanya, atau tidak sama sekali."
AGES = "variables[0]: ages dan rincian age harus ada keduanya, atau tidak sama sekali."


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("within: anak", "within: balita", ["variables[1]: “balita” tidak dikenal."]),
        ("within: anak", "within: kia", [SELF]),
        ("formula: kia dibagi anak, ", "", [RATE]),
        ("within: anak,", "", [RATE]),
        ("ages: dua", "ages: tiga", ["variables[0]: “tiga” tidak dikenal."]),
        ("ages: dua, ", "", [AGES]),
        (
            "[sex, age]",
            "[sex, age, agama]",
            ["variables[0].breakdowns[2]: “agama” tidak dikenal."],
        ),
        (
            "cluster: I, producer: DUKCAPIL,\n     period",
            "cluster: VI, producer: DUKCAPIL,\n     period",
            ["variables[0].cluster: “VI” tidak dikenal."],
        ),
        ("9–17]", "0–8]", ["ages[0]: Kelompok umur tertulis lebih dari sekali."]),
        (
            "code: kia",
            "code: anak",
            ["variables[1]: “anak” sudah dipakai di variables[0].", SELF],
        ),
        ("schema: 1", "schema: 2", ["schema: Hanya skema 1 yang dikenal."]),
        (
            "certainty: 2+",
            "certainty: pasti",
            ["variables[1].certainty: “pasti” tidak dikenal."],
        ),
        ("title: KIA, ", "", ["variables[1].title: Kunci ini wajib ada."]),
    ],
)
def test_what_would_count_wrongly_is_a_fault(old, new, faults):
    assert faults_of(old, new) == faults


def test_what_is_no_yaml_is_a_fault():
    with pytest.raises(CatalogueError):
        read_catalogue("schema: [")


def test_the_starting_set_covers_all_five_clusters():
    known = catalogue()
    counted = {cluster: len(known.of_cluster(cluster)) for cluster in ("I", "II", "III", "IV", "V")}
    assert counted == {"I": 6, "II": 4, "III": 8, "IV": 3, "V": 5}


def test_the_age_bands_are_those_of_their_sources():
    ages = {code: (one.bands, one.certainty) for code, one in catalogue().ages.items()}
    assert ages == {
        "profil": (("0–1", "2–3", "4–6", "7–12", "13–15", "16–18"), "1"),
        "akta": (("0–60 hari", "61 hari–1 tahun", "1–<5", "5–<12", "12–<18"), "2+"),
        "perkawinan": (("<9", "9–<16", "16–<18"), "1"),
    }


def test_every_producer_and_question_is_known_to_the_instrument():
    spec = packaged("kla-2023")
    agencies = {agency.code for agency in spec.agencies}
    questions = {question.code for question in spec.questions()}
    variables = catalogue().variables.values()
    assert {one.producer for one in variables} - agencies == set()
    assert {code for one in variables for code in one.questions} - questions == set()


def test_the_packaged_file_says_how_sure_it_is():
    text = (PACKAGED / "indonesia.yaml").read_text(encoding="utf-8")
    assert text.count("\n    certainty: ") == len(catalogue().variables)
