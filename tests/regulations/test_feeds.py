"""A feed of a JDIH, looked at and taken over."""

import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from regulations.models import FeedImport, Regulation
from regulations.services.feeds import Difference, FeedOutcome, feed_rows, keep_feed, take_feed
from tests.assessments.situations import NOW, secretary_of, working_year
from tests.factories.regulations import RegulationFactory
from tests.regulations.test_jdih import ROW


@pytest.fixture
def by(year):
    return secretary_of(year)


def kept(year, by, *rows):
    return keep_feed(city=year.city, content=json.dumps(rows).encode(), by=by, at=NOW)


def taken(year, by, feed, *lines):
    return take_feed(kept_id=feed.pk, city=year.city, lines=set(lines), by=by, at=NOW)


def test_looking_at_a_feed_records_nothing(year, by):
    feed = kept(year, by, ROW, ROW | {"noPeraturan": "5", "idData": "72"})

    assert [row.is_new for row in feed_rows(feed)] == [True, True]
    assert not Regulation.objects.exists()


def test_a_feed_taken_twice_adds_nothing_twice(year, by):
    assert taken(year, by, kept(year, by, ROW, ROW)) == FeedOutcome(added=1, changed=0)

    assert taken(year, by, kept(year, by, ROW)) == FeedOutcome(added=0, changed=0)
    one = Regulation.objects.get()
    assert (one.number, one.year, one.title) == ("4", 2021, "Kota Layak Anak")
    assert (one.promulgated_on, one.jdih_id) == (date(2021, 5, 10), "71")


def test_the_same_feed_sent_twice_is_told_and_not_taken_again(year, by):
    feed = kept(year, by, ROW)
    taken(year, by, feed)

    with pytest.raises(ValidationError) as refusal:
        taken(year, by, feed)

    assert refusal.value.code == "taken"
    assert Regulation.objects.count() == 1


def test_what_differs_is_taken_only_where_somebody_ticked_it(year, by):
    for number in ("4", "5"):
        RegulationFactory(
            city=year.city, number=number, year=2021, title="Judul lama", signatory="Wali Kota"
        )
    rows = [ROW, ROW | {"noPeraturan": "5", "idData": "72", "tanggalPengundangan": ""}]
    feed = kept(year, by, *rows)
    first, second = feed_rows(feed)
    assert first.differences[:2] == [
        Difference("Tentang", "Judul lama", "Kota Layak Anak"),
        Difference("Diundangkan", "4 Mei 2020", "10 Mei 2021"),
    ]
    assert "Diundangkan" not in [one.label for one in second.differences]

    assert taken(year, by, feed, 2) == FeedOutcome(added=0, changed=1)

    four, five = Regulation.objects.order_by("number")
    assert four.title == "Judul lama"
    assert (five.title, five.jdih_id, five.signatory) == ("Kota Layak Anak", "72", "Wali Kota")
    assert five.promulgated_on == date(2020, 5, 4)  # the feed says nothing, so ours stays


def test_a_rule_is_known_by_its_id_when_its_number_was_corrected(year, by):
    RegulationFactory(city=year.city, number="04", year=2021, jdih_id="71")

    (row,) = feed_rows(kept(year, by, ROW))

    assert not row.is_new
    assert row.differences[0] == Difference("Nomor", "04", "4")


def test_faults_are_kept_with_their_lines(year, by):
    feed = kept(year, by, ROW | {"judul": ""}, ROW)

    assert feed.faults == [[1, "Judul kosong atau terlalu panjang."]]
    assert len(feed_rows(feed)) == 1


def test_a_new_feed_takes_the_place_of_ones_own_and_leaves_a_colleagues(year, by):
    colleague = secretary_of(year)
    theirs, first = kept(year, colleague, ROW), kept(year, by, ROW)

    second = kept(year, by, ROW)

    assert set(FeedImport.objects.all()) == {theirs, second}
    assert first.pk != second.pk


def test_a_feed_of_another_city_does_not_exist_here(year, by):
    other = working_year()
    feed = kept(other, secretary_of(other), ROW)

    with pytest.raises(ValidationError) as refusal:
        taken(year, by, feed)

    assert refusal.value.code == "taken"
    assert not Regulation.objects.exists()
