"""A feed of a JDIH, looked at and taken over."""

import json
from datetime import date

import pytest

from imports.lines import Standing
from imports.services.staged import Outcome
from regulations.models import Regulation
from regulations.services.feeds import FEED, read_entries
from tests.assessments.situations import refused, secretary_of
from tests.factories.regulations import RegulationFactory
from tests.imports import situations
from tests.imports.situations import lines_of, standings, taken, told
from tests.regulations.test_jdih import ROW


@pytest.fixture
def by(year):
    return secretary_of(year)


def kept(year, by, *rows):
    reading = read_entries(json.dumps(rows).encode())
    return situations.kept(FEED, year.city, by, reading, name="jdih.json")


def test_looking_at_a_feed_records_nothing(year, by):
    feed = kept(year, by, ROW, ROW | {"noPeraturan": "5", "idData": "72"})

    assert standings(FEED, feed) == [Standing.NEW, Standing.NEW]
    assert not Regulation.objects.exists()


def test_a_feed_taken_twice_adds_nothing_twice(year, by):
    assert taken(FEED, kept(year, by, ROW, ROW)) == Outcome(added=1, changed=0)

    again = kept(year, by, ROW)
    assert standings(FEED, again) == [Standing.SAME]
    with refused("nothing"):
        taken(FEED, again)
    one = Regulation.objects.get()
    assert (one.number, one.year, one.title) == ("4", 2021, "Kota Layak Anak")
    assert (one.promulgated_on, one.jdih_id) == (date(2021, 5, 10), "71")


def test_one_id_that_a_feed_gives_twice_counts_the_first_time(year, by):
    feed = kept(year, by, ROW, ROW | {"noPeraturan": "5"}, ROW | {"noPeraturan": "6", "idData": ""})

    assert taken(FEED, feed) == Outcome(added=2, changed=0)
    assert set(Regulation.objects.values_list("number", "jdih_id")) == {("4", "71"), ("6", "")}


def test_what_differs_is_taken_only_where_somebody_ticked_it(year, by):
    for number in ("4", "5"):
        RegulationFactory(
            city=year.city, number=number, year=2021, title="Judul lama", signatory="Wali Kota"
        )
    rows = [ROW, ROW | {"noPeraturan": "5", "idData": "72", "tanggalPengundangan": ""}]
    feed = kept(year, by, *rows)
    first, second = lines_of(FEED, feed)
    assert told(first)[:2] == [
        ("Tentang", "Judul lama", "Kota Layak Anak"),
        ("Diundangkan", "4 Mei 2020", "10 Mei 2021"),
    ]
    assert "Diundangkan" not in [one.label for one in second.differences]

    assert taken(FEED, feed, "2") == Outcome(added=0, changed=1)

    four, five = Regulation.objects.order_by("number")
    assert four.title == "Judul lama"
    assert (five.title, five.jdih_id, five.signatory) == ("Kota Layak Anak", "72", "Wali Kota")
    assert five.promulgated_on == date(2020, 5, 4)  # the feed says nothing, so ours stays


def test_a_rule_is_known_by_its_id_when_its_number_was_corrected(year, by):
    RegulationFactory(city=year.city, number="04", year=2021, jdih_id="71")

    (line,) = lines_of(FEED, kept(year, by, ROW))

    assert line.standing == Standing.CONFLICT
    assert told(line)[0] == ("Nomor", "04", "4")


def test_faults_are_kept_with_their_lines(year, by):
    feed = kept(year, by, ROW | {"judul": ""}, ROW)

    assert feed.faults == ["Baris 1: Judul kosong atau terlalu panjang."]
    assert [line.key for line in lines_of(FEED, feed)] == ["2"]
