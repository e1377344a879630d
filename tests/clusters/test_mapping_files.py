"""Mappings as reviewable text, and the commands that read and write it."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from clusters import library
from clusters.choices import MatchKind
from clusters.mapping_files import (
    GroupSpec,
    MappingError,
    MappingSpec,
    read,
    write,
)
from clusters.mappings import counts_of, followed, groups_of
from clusters.models import Mapping, QuestionMatch
from clusters.services import spec_of
from clusters.services.mappings import confirm_matches, load_mapping
from tests.clusters.situations import NEW, OLD, instrument_of, mapping_of_two, shape
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT, make_instrument

TEXT = """\
schema: 1

mapping:
  before: lama-2020
  after: baru-2024

groups:
  - {kind: same, before: ["A"], after: ["1"]}
  - {kind: split, before: ["C"], after: ["3", "4"]}
  - {kind: merged, before: ["D", "E"], after: ["5"]}

new:
  - "2"

gone:
  - "B"
"""
SPEC = MappingSpec(
    "lama-2020",
    "baru-2024",
    (
        GroupSpec(MatchKind.SAME, ("A",), ("1",)),
        GroupSpec(MatchKind.SPLIT, ("C",), ("3", "4")),
        GroupSpec(MatchKind.MERGED, ("D", "E"), ("5",)),
        GroupSpec(MatchKind.NEW, (), ("2",)),
        GroupSpec(MatchKind.GONE, ("B",), ()),
    ),
)


def faults(text):
    with pytest.raises(MappingError) as caught:
        read(text)
    return [str(fault) for fault in caught.value.faults]


# --- Text -------------------------------------------------------------------------------------


def test_a_file_is_read_and_written_without_loss():
    assert read(TEXT) == SPEC
    assert write(SPEC) == TEXT


CODES = st.text("abc123.", min_size=1, max_size=6).map(lambda text: f"k{text}")
SIDES = st.lists(CODES, min_size=2, max_size=3, unique=True).map(tuple)
ONE = CODES.map(lambda code: (code,))


@given(
    st.lists(st.builds(GroupSpec, st.just(MatchKind.SPLIT), ONE, SIDES), max_size=3),
    st.lists(st.builds(GroupSpec, st.just(MatchKind.NEW), st.just(()), ONE), max_size=3),
    st.lists(st.builds(GroupSpec, st.just(MatchKind.GONE), ONE, st.just(())), max_size=3),
)
def test_whatever_is_written_is_read_back(split, new, gone):
    spec = MappingSpec("satu", "dua", (*split, *new, *gone))

    assert read(write(spec)) == spec


def test_every_fault_of_a_file_is_named_with_its_place():
    text = TEXT.replace("schema: 1", "schema: 2").replace('after: ["3", "4"]', 'after: ["3"]')
    text = text.replace("kind: same", "kind: mirip").replace('- "2"', "- 2")

    assert faults(text) == [
        "schema: Hanya skema 1 yang dikenal.",
        "groups[0].kind: “mirip” tidak dikenal.",
        "groups[1]: Jumlah pertanyaan tidak cocok dengan hubungannya.",
        "new[0]: Harus teks; tulis dalam tanda petik.",
    ]


@pytest.mark.parametrize("text", ["", "[", "- satu", "mapping: {}"])
def test_what_is_no_mapping_is_refused(text):
    assert faults(text) != []


# --- Into the database ------------------------------------------------------------------------


@pytest.fixture
def instruments(db):
    return instrument_of(OLD, "lama-2020"), instrument_of(NEW, "baru-2024")


def test_a_reviewed_file_is_stored_as_confirmed(instruments):
    result = load_mapping(spec=SPEC, at=PUBLISHED_AT)

    assert result.created
    assert shape(result.mapping) == [
        ("same", "A", "1", True),
        ("gone", "B", "", True),
        ("split", "C", "34", True),
        ("merged", "DE", "5", True),
        ("new", "", "2", True),
    ]
    lines = QuestionMatch.objects.all()
    assert {(line.confirmed_at, line.confirmed_by) for line in lines} == {(PUBLISHED_AT, None)}


def test_what_people_have_made_of_a_mapping_is_left_as_it_is(instruments):
    load_mapping(spec=SPEC, at=PUBLISHED_AT)
    QuestionMatch.objects.filter(kind="same").update(kind="reworded")
    rows = list(QuestionMatch.objects.values())

    assert not load_mapping(spec=SPEC, at=PUBLISHED_AT).created
    assert list(QuestionMatch.objects.values()) == rows


def test_a_file_that_forgets_repeats_or_invents_questions_is_refused(instruments):
    spec = MappingSpec(
        "lama-2020",
        "baru-2024",
        (*SPEC.groups[1:], GroupSpec(MatchKind.GONE, ("B",), ()), GroupSpec("new", (), ("9",))),
    )

    with pytest.raises(MappingError) as caught:
        load_mapping(spec=spec, at=PUBLISHED_AT)

    assert [str(fault) for fault in caught.value.faults] == [
        "lama-2020: Pertanyaan A tidak disebut.",
        "lama-2020: Pertanyaan B disebut 2 kali.",
        "baru-2024: Pertanyaan 1 tidak disebut.",
        "baru-2024: Tidak ada pertanyaan 9.",
    ]
    assert Mapping.objects.count() == 0


@pytest.mark.django_db
def test_without_its_instruments_a_mapping_is_not_stored():
    instrument_of(OLD, "lama-2020")

    with pytest.raises(ValidationError) as refusal:
        load_mapping(spec=SPEC, at=PUBLISHED_AT)

    assert refusal.value.code == "missing"


# --- Commands ---------------------------------------------------------------------------------


def run(name, *args):
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *args, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, err.getvalue()
    return 0, out.getvalue()


def test_the_command_stores_a_file_once(instruments, tmp_path):
    file = tmp_path / "pemetaan.yaml"
    file.write_text(TEXT, encoding="utf-8")

    assert run("load_mapping", str(file)) == (0, "lama-2020 → baru-2024: termuat (7 pasangan)\n")
    assert run("load_mapping", str(file)) == (
        0,
        "lama-2020 → baru-2024: sudah ada, tidak ada yang berubah (7 pasangan)\n",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "pemetaan.yaml bukan teks UTF-8."),
        (b"[", "Susunan YAML tidak dapat dibaca."),
        (TEXT.replace('- "2"', "").encode(), "baru-2024: Pertanyaan 2 tidak disebut."),
        (TEXT.replace("lama-2020", "lain").encode(), "Instrumen “lain” belum terbit di sini."),
        (None, "No such file"),
    ],
)
def test_the_command_says_why_a_file_is_not_stored(instruments, tmp_path, content, said):
    file = tmp_path / "pemetaan.yaml"
    if content is not None:
        file.write_bytes(content.replace(b"new:\n  \n", b"new: []\n"))

    code, told = run("load_mapping", str(file))

    assert code == 2
    assert said in told
    assert Mapping.objects.count() == 0


def test_what_is_confirmed_is_written_to_a_file_that_loads_again(instruments):
    load_mapping(spec=SPEC, at=PUBLISHED_AT)

    code, text = run("export_mapping", "lama-2020", "baru-2024")

    assert code == 0
    assert set(read(text).groups) == set(SPEC.groups)


def test_a_mapping_is_not_exported_before_all_of_it_is_confirmed(db):
    mapping = mapping_of_two()
    first = mapping.matches.first()
    signed = {"by": SiteAdminFactory(), "at": PUBLISHED_AT}
    confirm_matches(mapping_id=mapping.pk, match_ids=[first.pk], **signed)

    assert run("export_mapping", "lama-2020", "baru-2024") == (1, "5 pasangan belum dipastikan.\n")
    assert run("export_mapping", "baru-2024", "lama-2020") == (2, "Pemetaan itu belum ada.\n")


# --- From 2011 to 2023 ------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_mapping_that_comes_with_the_project_is_whole_and_changes_neither_instrument():
    specs = [library.packaged(code) for code in ("kla-2011", "kla-2023")]
    instruments = [make_instrument(spec) for spec in specs]

    assert run("load_mapping") == (
        0,
        "kla-2011 → kla-2023: termuat (277 pasangan)\n",
    )

    groups = groups_of(Mapping.objects.get())
    assert counts_of(groups) == {
        MatchKind.SAME: 0,
        MatchKind.REWORDED: 11,
        MatchKind.SPLIT: 17,
        MatchKind.MERGED: 0,
        MatchKind.NEW: 146,
        MatchKind.GONE: 3,
    }
    assert sum(len(group.before) for group in groups) == 31
    assert sum(len(group.after) for group in groups) == 274
    assert len(followed(*instruments)) == 128
    for spec, instrument in zip(specs, instruments, strict=True):
        assert library.checksum(spec_of(instrument)) == library.checksum(spec)
