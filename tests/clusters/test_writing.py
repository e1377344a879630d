from dataclasses import replace
from decimal import Decimal
from io import StringIO
from unittest.mock import patch

import pytest
import yaml
from django.core.management import call_command
from hypothesis import given

from clusters import plain_yaml
from clusters.library import checksum, packaged, packaged_codes, read
from clusters.services import load_instrument, spec_of
from clusters.spec import BandSpec
from clusters.writing import faults_of, mark_of, write
from tests.clusters.instruments import EXAMPLES, instruments
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec

KLA_2023 = "0164bd5dd93ec51efb761313b9718dbdecc55e8211b66af891b6bdc8ef57ca5a"


def test_the_published_instrument_has_the_checksum_it_always_had():
    assert checksum(packaged("kla-2023")) == KLA_2023


@pytest.mark.parametrize("code", packaged_codes())
def test_a_packaged_instrument_is_written_and_read_without_loss(code):
    spec = packaged(code)

    assert read(write(spec)) == spec
    assert checksum(read(write(spec))) == checksum(spec)


@pytest.mark.django_db
@pytest.mark.parametrize("code", packaged_codes())
def test_from_yaml_through_the_database_to_yaml_nothing_changes(code):
    text = write(packaged(code))

    assert write(spec_of(make_instrument(read(text)))) == text


@EXAMPLES
@given(instruments())
def test_any_instrument_is_written_and_read_without_loss(spec):
    assert read(write(spec)) == spec
    assert checksum(read(write(spec))) == checksum(spec)
    assert faults_of(spec) == []


@EXAMPLES
@given(instruments())
def test_the_reader_without_the_c_library_reads_the_same(spec):
    with patch.object(plain_yaml, "LOADER", yaml.SafeLoader):
        assert read(write(spec)) == spec


@pytest.mark.django_db
@EXAMPLES
@given(instruments())
def test_any_instrument_comes_back_from_the_database_whole(spec):
    stored = load_instrument(spec=replace(spec, code=f"x{checksum(spec)[:40]}"), at=PUBLISHED_AT)

    back = spec_of(stored.instrument)

    assert replace(back, code=spec.code) == spec
    assert checksum(back) == stored.instrument.checksum


def test_the_file_says_from_which_content_it_was_made():
    assert write(small_spec()).splitlines()[:2] == [
        "schema: 1",
        f"exported: {mark_of(small_spec())}",
    ]


def test_the_mark_of_a_content_is_the_same_under_another_code_and_no_other():
    assert mark_of(small_spec()) == mark_of(small_spec(code="lain"))
    assert mark_of(small_spec()) != mark_of(replace(small_spec(), title="Lain"))


def test_what_is_empty_is_not_written():
    head = write(small_spec()).partition("agencies:")[0]

    assert [line.partition(":")[0].strip() for line in head.splitlines()] == [
        "schema",
        "exported",
        "instrument",
        "code",
        "title",
        "title_en",
        "legal_basis",
        "provenance",
        "max_points",
        "bands",
        "- {predikat",
        "- {predikat",
        "stages",
        "- {code",
    ]


def test_a_text_that_looks_like_a_number_or_a_word_stays_a_text():
    spec = replace(small_spec(), title="12", title_en="null", provenance="1.10", bands_note="true")

    assert read(write(spec)) == spec


def test_faults_of_an_instrument_are_those_of_its_file():
    bands = (BandSpec("Pratama", Decimal(50), Decimal(50)),)

    assert [
        str(fault) for fault in faults_of(replace(small_spec(), bands=bands, title="x" * 301))
    ] == [
        "instrument.title: Paling panjang 300 karakter.",
        "instrument.bands[0]: Batas bawah harus di bawah batas atas.",
    ]


@pytest.mark.django_db
def test_the_command_writes_what_is_stored_under_the_code():
    make_instrument(replace(small_spec(), code="kla-2023"))
    out = StringIO()

    call_command("export_instrument", "kla-2023", stdout=out)

    assert out.getvalue() == write(replace(small_spec(), code="kla-2023"))


def test_without_a_stored_one_the_command_writes_the_packaged_one(db):
    out = StringIO()

    call_command("export_instrument", "kla-2023", stdout=out)

    assert read(out.getvalue()) == packaged("kla-2023")


@pytest.mark.django_db
def test_the_command_refuses_an_unknown_code(capsys):
    with pytest.raises(SystemExit) as caught:
        call_command("export_instrument", "kla-1999")

    assert caught.value.code == 2
    assert capsys.readouterr().out == ""
