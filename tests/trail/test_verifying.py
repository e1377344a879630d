"""Whatever is done to a trail afterwards is found, at the first entry that does not fit."""

from copy import copy
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cities.models import CityActivity, CityTrailEvent
from trail import hash_chain
from trail.verifying import Break, Head, Verified, read_heads, verify
from trail.writing import chain

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
HASH = "0123456789abcdef" * 4

# Fifty trails of up to seven entries, on a machine that may be busy.
unhurried = settings(max_examples=50)

texts = st.text(alphabet="abé1, ", max_size=4)
facts = st.dictionaries(texts, st.none() | st.integers() | texts, max_size=2)
moments = st.integers(0, 10**9).map(lambda seconds: AT + timedelta(seconds=seconds))


@st.composite
def trails(draw, min_size=1):
    """The entries of a sound trail as they come from the database, in memory."""
    drawn = draw(
        st.lists(
            st.builds(
                CityActivity,
                city_id=st.just(1),
                deed=st.sampled_from(CityTrailEvent.values),
                target=texts,
                before=facts,
                after=facts,
                by_id=st.integers(1, 3),
                at=moments,
            ),
            min_size=min_size,
            max_size=7,
        )
    )
    chain(drawn, position=0, previous_hash=hash_chain.START)
    return drawn


def verified(entries):
    return verify(entries, count=len(entries), owner="kota-uji", trail="kota")


def renumbered(entries):
    for position, entry in enumerate(entries, 1):
        entry.position = position
    return entries


def index_of(data, entries, *, but_last=False):
    return data.draw(st.integers(0, len(entries) - 1 - but_last), label="index")


@unhurried
@given(trails())
def test_a_sound_trail_ends_in_its_head(entries):
    last = entries[-1]

    assert verified(entries) == Verified(
        Head("kota-uji", "kota", len(entries), last.hash),
        None,
        frozenset(entry.hash for entry in entries),
    )


@unhurried
@given(trails(), st.data())
def test_any_change_of_an_entry_is_found_at_that_entry(entries, data):
    index = index_of(data, entries)
    entry = entries[index]
    field, value = data.draw(
        st.sampled_from(
            [
                ("city_id", 2),
                ("deed", f"{entry.deed}x"),
                ("target", f"{entry.target} "),
                ("before", {**entry.before, "new key": None}),
                ("after", {**entry.after, "new key": ""}),
                ("by_id", entry.by_id + 1),
                ("at", entry.at + timedelta(microseconds=1)),
                ("address", "203.0.113.9"),
                ("previous_hash", HASH),
                ("hash", HASH),
            ]
        )
    )
    setattr(entry, field, value)

    found = verified(entries)

    assert (found.broken.position, len(found.hashes)) == (index + 1, index)
    assert found.broken.fault.startswith("isinya diubah")


@unhurried
@given(trails(min_size=2), st.data())
def test_a_changed_entry_whose_hash_was_made_anew_is_found_at_the_next(entries, data):
    index = index_of(data, entries, but_last=True)
    entries[index].target += "!"
    entries[index].hash = entries[index].compute_hash()

    found = verified(entries)

    assert found.broken.position == index + 2
    assert found.broken.fault.startswith("tidak menyambung ke baris sebelumnya")


@unhurried
@given(trails(min_size=2), st.data())
def test_a_removed_entry_is_found_whether_the_gap_was_closed_or_not(entries, data):
    index = index_of(data, entries, but_last=True)
    del entries[index]

    open_gap = verified(entries)
    closed_gap = verified(renumbered(entries))

    assert (open_gap.broken.position, closed_gap.broken.position) == (index + 1, index + 1)
    assert open_gap.broken.fault.startswith("1 baris dihapus sebelum")
    assert closed_gap.broken.fault.startswith(f"baris yang semula nomor {index + 2} dipindahkan")


@unhurried
@given(trails(min_size=2), st.data())
def test_a_cut_end_leaves_a_sound_trail_without_the_head_that_was_kept(entries, data):
    kept = verified(entries).head
    rest = entries[: data.draw(st.integers(1, len(entries) - 1))]

    found = verified(rest)

    assert found.broken is None
    assert kept.hash not in found.hashes


@unhurried
@given(trails(), st.data())
def test_an_inserted_entry_with_a_right_hash_of_its_own_is_found_at_the_next(entries, data):
    index = index_of(data, entries)
    forged = copy(entries[index])
    forged.target += " palsu"
    forged.previous_hash = entries[index - 1].hash if index else hash_chain.START
    forged.hash = forged.compute_hash()
    entries.insert(index, forged)

    at_one_position = verified(entries)
    moved_on = verified(renumbered(entries))

    assert (at_one_position.broken.position, moved_on.broken.position) == (index + 2, index + 2)
    assert at_one_position.broken.fault.startswith("baris disisipkan")


@unhurried
@given(trails(min_size=2), st.data(), st.booleans())
def test_any_other_order_is_found_at_the_first_entry_out_of_place(entries, data, renumber):
    order = data.draw(st.permutations(range(len(entries))))
    assume(order != sorted(order))
    moved = [entries[index] for index in order]

    found = verified(renumbered(moved) if renumber else moved)

    first = next(place for place, index in enumerate(order) if place != index)
    assert found.broken.position == first + 1
    assert len(found.hashes) == first


def test_an_empty_trail_is_a_break_only_where_there_is_always_an_entry():
    of = {"count": 0, "owner": "kota-uji", "trail": "2026"}

    assert verify([], **of) == Verified(None, None, frozenset())
    assert verify([], **of, may_be_empty=False).broken == Break(
        "kota-uji", "2026", 1, "tidak ada satu baris pun"
    )


# --- Heads ------------------------------------------------------------------------------------


def test_heads_are_read_as_they_were_printed():
    heads = [Head("kota-uji", "2026", 12, HASH), Head("kota-uji", "kota", 1, HASH)]

    assert list(read_heads(["", *map(str, heads), "  \n"])) == heads


@pytest.mark.parametrize(
    "line",
    [
        "bukan kepala",
        f"kota-uji 2026 {HASH}",
        f"kota-uji 20x6 12 {HASH}",
        f"kota-uji 2026 dua {HASH}",
        f"kota-uji 2026 12 {HASH[:-1]}",
        f"kota-uji 2026 12 {HASH} lagi",
        f"kota-uji 2026 12 {HASH.upper()}",
    ],
)
def test_a_line_that_is_no_head_is_refused(line):
    with pytest.raises(ValueError, match=line.split()[0]):
        list(read_heads([f"kota-uji 2026 1 {HASH}", line]))
