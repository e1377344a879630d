"""Mappings between instruments: made, confirmed, changed, followed."""

import random
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError

from clusters.choices import InstrumentStatus, MatchKind
from clusters.library import checksum
from clusters.mappings import Pair, counts_of, followed, groups_of
from clusters.models import Mapping, Question, QuestionMatch
from clusters.services import spec_of
from clusters.services.mappings import (
    confirm_all_same,
    confirm_matches,
    delete_mapping,
    set_match,
    suggest_mapping,
    unconfirm_match,
)
from tests.at_once import at_once
from tests.clusters.situations import (
    NEW,
    OLD,
    instrument_of,
    line_of,
    mapping_of_two,
    shape,
    wanted,
)
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import (
    PUBLISHED_AT,
    InstrumentFactory,
    QuestionFactory,
    make_instrument,
    small_spec,
)

pytestmark = pytest.mark.django_db

LATER = PUBLISHED_AT + timedelta(hours=1)
SUGGESTED = [
    ("same", "A", "1", False),
    ("reworded", "B", "2", False),
    ("split", "C", "34", False),
    ("gone", "D", "", False),
    ("gone", "E", "", False),
    ("new", "", "5", False),
]


@pytest.fixture
def mapping(db):
    return mapping_of_two()


@contextmanager
def refused(code):
    rows = list(QuestionMatch.objects.order_by("pk").values()), Mapping.objects.count()
    with pytest.raises(ValidationError) as refusal:
        yield refusal
    assert refusal.value.code == code
    assert (list(QuestionMatch.objects.order_by("pk").values()), Mapping.objects.count()) == rows


def question(mapping, code):
    return Question.objects.get(
        indicator__cluster__instrument__in=[mapping.before_id, mapping.after_id], code=code
    )


def change(mapping, code, kind, before="", after="", by=None):
    return set_match(
        mapping_id=mapping.pk,
        match_id=line_of(mapping, code),
        wanted=wanted(mapping, kind, before, after),
        by=by or SiteAdminFactory(),
        at=LATER,
    )


def unconfirm(mapping, code):
    line = line_of(mapping, code)
    unconfirm_match(mapping_id=mapping.pk, match_id=line, by=SiteAdminFactory(), at=LATER)


def confirm(mapping, *codes, by=None):
    return confirm_matches(
        mapping_id=mapping.pk,
        match_ids=[line_of(mapping, code) for code in codes],
        by=by or SiteAdminFactory(),
        at=LATER,
    )


# --- Making -----------------------------------------------------------------------------------


def test_a_new_mapping_suggests_something_for_every_question_and_confirms_nothing(mapping):
    assert shape(mapping) == SUGGESTED


def test_a_mapping_keeps_who_made_it_and_how_like_each_pair_is(mapping):
    alike = {group.kind: group.likeness for group in groups_of(mapping)}

    assert (mapping.created_at, mapping.created_by is None) == (PUBLISHED_AT, False)
    assert alike[MatchKind.SAME] == 1
    assert 0 < alike[MatchKind.REWORDED] < 1
    assert (alike[MatchKind.NEW], alike[MatchKind.GONE]) == (None, None)


def test_groups_are_counted_by_kind(mapping):
    assert counts_of(groups_of(mapping)) == {
        MatchKind.SAME: 1,
        MatchKind.REWORDED: 1,
        MatchKind.SPLIT: 1,
        MatchKind.MERGED: 0,
        MatchKind.NEW: 1,
        MatchKind.GONE: 2,
    }


def test_a_draft_is_not_mapped():
    draft, published = InstrumentFactory(), make_instrument()
    for before, after in ((draft, published), (published, draft)):
        with refused("draft"):
            suggest_mapping(before=before, after=after, by=SiteAdminFactory(), at=LATER)


def test_a_retired_instrument_is_mapped_so_that_its_years_can_be_followed():
    retired = InstrumentFactory(
        published=True, status=InstrumentStatus.RETIRED, retired_at=PUBLISHED_AT
    )
    QuestionFactory(indicator__cluster__instrument=retired, code="Z", text="Lain")

    made = suggest_mapping(before=retired, after=make_instrument(), by=SiteAdminFactory(), at=LATER)

    assert counts_of(groups_of(made))[MatchKind.GONE] == 1


def test_an_instrument_is_not_mapped_to_itself():
    instrument = make_instrument()
    with refused("same_instrument"):
        suggest_mapping(before=instrument, after=instrument, by=SiteAdminFactory(), at=LATER)


def test_a_mapping_is_made_once_but_the_way_back_is_another(mapping):
    with refused("exists"):
        suggest_mapping(before=mapping.before, after=mapping.after, by=SiteAdminFactory(), at=LATER)

    back = suggest_mapping(
        before=mapping.after, after=mapping.before, by=SiteAdminFactory(), at=LATER
    )

    assert ("merged", "34", "C", False) in shape(back)


# --- Confirming -------------------------------------------------------------------------------


def test_confirming_one_line_confirms_its_whole_group_and_keeps_who_and_when(mapping):
    by = SiteAdminFactory()

    assert confirm(mapping, "3", by=by) == 1

    assert [row for row in shape(mapping) if row[3]] == [("split", "C", "34", True)]
    lines = QuestionMatch.objects.filter(kind=MatchKind.SPLIT)
    assert {(line.confirmed_at, line.confirmed_by) for line in lines} == {(LATER, by)}


def test_what_is_confirmed_already_keeps_who_confirmed_it(mapping):
    first = SiteAdminFactory()
    confirm(mapping, "A", by=first)

    assert confirm(mapping, "A", "B") == 1

    assert QuestionMatch.objects.get(kind=MatchKind.SAME).confirmed_by == first


def test_all_that_is_the_same_is_confirmed_at_once(mapping):
    assert confirm_all_same(mapping_id=mapping.pk, by=SiteAdminFactory(), at=LATER) == 1

    assert [row for row in shape(mapping) if row[3]] == [("same", "A", "1", True)]


def test_a_line_that_is_no_more_refuses_the_whole_confirmation(mapping):
    old = line_of(mapping, "C")
    change(mapping, "C", MatchKind.REWORDED, "C", "3")

    with refused("stale"):
        confirm_matches(
            mapping_id=mapping.pk,
            match_ids=[line_of(mapping, "A"), old],
            by=SiteAdminFactory(),
            at=LATER,
        )


def test_a_line_of_another_mapping_is_not_confirmed_here(mapping):
    back = suggest_mapping(
        before=mapping.after, after=mapping.before, by=SiteAdminFactory(), at=LATER
    )

    with refused("stale"):
        confirm_matches(
            mapping_id=mapping.pk, match_ids=[line_of(back, "A")], by=SiteAdminFactory(), at=LATER
        )


def test_a_confirmation_can_be_taken_back(mapping):
    confirm(mapping, "C", "A")

    unconfirm(mapping, "4")

    assert [row for row in shape(mapping) if row[3]] == [("same", "A", "1", True)]
    assert QuestionMatch.objects.filter(kind="split", confirmed_by=None).count() == 2


def test_only_a_mapping_without_confirmed_lines_is_deleted(mapping):
    confirm(mapping, "A")
    with refused("confirmed"):
        delete_mapping(mapping_id=mapping.pk, by=SiteAdminFactory(), at=LATER)
    unconfirm(mapping, "A")

    delete_mapping(mapping_id=mapping.pk, by=SiteAdminFactory(), at=LATER)

    assert Mapping.objects.count() == 0
    assert Question.objects.count() == len(OLD) + len(NEW)


def test_every_deed_is_noted_with_who_and_when():
    mapping, by = mapping_of_two(), SiteAdminFactory()
    confirm_all_same(mapping_id=mapping.pk, by=by, at=LATER)
    confirm_all_same(mapping_id=mapping.pk, by=by, at=LATER)  # nothing is left to confirm
    change(mapping, "C", MatchKind.REWORDED, "C", "3", by=by)
    signed = {"by": by, "at": LATER}
    for code in "AC":
        unconfirm_match(mapping_id=mapping.pk, match_id=line_of(mapping, code), **signed)
    delete_mapping(mapping_id=mapping.pk, **signed)

    notes = LogEntry.objects.filter(user=by).order_by("pk")
    assert [note.change_message for note in notes] == [
        "dipastikan: A → 1 (sama)",
        "ditetapkan: C → 3 (bunyi berubah)",
        "kepastian dibatalkan: A → 1 (sama)",
        "kepastian dibatalkan: C → 3 (bunyi berubah)",
        "pemetaan dihapus",
    ]
    assert {note.action_time for note in notes} == {LATER}


# --- Changing ---------------------------------------------------------------------------------


def test_a_person_decides_otherwise_and_that_is_confirmed(mapping):
    by = SiteAdminFactory()

    group = change(mapping, "D", MatchKind.MERGED, "DE", "5", by=by)

    assert shape(mapping) == [*SUGGESTED[:3], ("merged", "DE", "5", True)]
    assert {(line.confirmed_at, line.confirmed_by) for line in group.lines} == {(LATER, by)}


def test_the_parts_that_are_left_of_a_group_become_suggestions_of_their_own(mapping):
    change(mapping, "C", MatchKind.REWORDED, "C", "3")

    assert shape(mapping) == [
        *SUGGESTED[:2],
        ("reworded", "C", "3", True),
        *SUGGESTED[3:5],
        ("new", "", "4", False),
        ("new", "", "5", False),
    ]


def test_taking_one_of_three_parts_leaves_the_other_two_together(mapping):
    change(mapping, "C", MatchKind.SPLIT, "C", "345")
    unconfirm(mapping, "C")

    change(mapping, "D", MatchKind.REWORDED, "D", "5")

    assert ("split", "C", "34", False) in shape(mapping)
    change(mapping, "E", MatchKind.REWORDED, "E", "4")
    assert ("reworded", "C", "3", False) in shape(mapping)


def test_a_pair_can_be_taken_apart(mapping):
    change(mapping, "A", MatchKind.GONE, "A")

    assert shape(mapping) == [
        ("gone", "A", "", True),
        *SUGGESTED[1:5],
        ("new", "", "1", False),
        ("new", "", "5", False),
    ]


def test_what_somebody_confirmed_elsewhere_is_not_taken_in_passing(mapping):
    confirm(mapping, "B")

    with refused("confirmed") as refusal:
        change(mapping, "D", MatchKind.REWORDED, "D", "2")

    assert "B, 2" in refusal.value.messages[0]


def test_a_confirmed_group_itself_can_be_changed(mapping):
    confirm(mapping, "C")

    change(mapping, "C", MatchKind.SPLIT, "C", "345")

    assert ("split", "C", "345", True) in shape(mapping)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (MatchKind.SAME, "A", "12"),
        (MatchKind.REWORDED, "A", ""),
        (MatchKind.SPLIT, "A", "1"),
        (MatchKind.SPLIT, "AB", "12"),
        (MatchKind.MERGED, "A", "12"),
        (MatchKind.MERGED, "A", "1"),
        (MatchKind.NEW, "A", "1"),
        (MatchKind.NEW, "", "12"),
        (MatchKind.GONE, "", ""),
        (MatchKind.GONE, "AB", ""),
    ],
)
def test_a_relation_needs_its_number_of_questions(mapping, kind, before, after):
    with refused("shape"):
        change(mapping, "A", kind, before, after)


def test_a_question_of_another_instrument_is_refused(mapping):
    foreign = wanted(mapping, MatchKind.REWORDED, "A", "1")
    foreign.after[0] = QuestionFactory()

    with refused("foreign_question"):
        set_match(
            mapping_id=mapping.pk,
            match_id=line_of(mapping, "A"),
            wanted=foreign,
            by=SiteAdminFactory(),
            at=LATER,
        )


def test_a_question_stands_on_its_own_side_only(mapping):
    sides = wanted(mapping, MatchKind.REWORDED, "A", "1")
    sides.before[0], sides.after[0] = sides.after[0], sides.before[0]

    with refused("foreign_question"):
        set_match(
            mapping_id=mapping.pk,
            match_id=line_of(mapping, "A"),
            wanted=sides,
            by=SiteAdminFactory(),
            at=LATER,
        )


def test_a_group_that_was_changed_meanwhile_is_not_changed_unseen(mapping):
    seen = line_of(mapping, "C")
    change(mapping, "C", MatchKind.REWORDED, "C", "3")

    with refused("stale"):
        set_match(
            mapping_id=mapping.pk,
            match_id=seen,
            wanted=wanted(mapping, MatchKind.REWORDED, "C", "4"),
            by=SiteAdminFactory(),
            at=LATER,
        )


@pytest.mark.parametrize("seed", range(8))
def test_whatever_people_do_every_question_stays_in_exactly_one_group(mapping, seed):
    chance, by = random.Random(seed), SiteAdminFactory()
    sums = [checksum(spec_of(one)) for one in (mapping.before, mapping.after)]
    for _step in range(15):
        kind = chance.choice(list(MatchKind))
        before = chance.sample("ABCDE", chance.randint(0, 3))
        after = chance.sample("12345", chance.randint(0, 3))
        try:
            change(mapping, chance.choice("ABCDE12345"), kind, before, after, by=by)
        except ValidationError as error:
            assert error.code in {"shape", "confirmed"}  # noqa: PT017
        if chance.random() < 0.5:
            unconfirm(mapping, chance.choice("ABC"))

        groups = groups_of(mapping)
        sides = Counter(q.code for group in groups for q in (*group.before, *group.after))
        assert sides == Counter("ABCDE12345")
        assert all(group.kind.fits(len(group.before), len(group.after)) for group in groups)
    assert [checksum(spec_of(one)) for one in (mapping.before, mapping.after)] == sums


# --- Following --------------------------------------------------------------------------------


def pairs(mapping, *rows):
    return [
        Pair(question(mapping, old).pk, question(mapping, new).pk, MatchKind(kind))
        for old, new, kind in rows
    ]


def test_only_confirmed_pairs_are_followed(mapping):
    assert followed(mapping.before, mapping.after) == []

    confirm(mapping, "A", "C", "D", "5")

    assert followed(mapping.before, mapping.after) == pairs(
        mapping, ("A", "1", "same"), ("C", "3", "split"), ("C", "4", "split")
    )


def test_a_merged_question_is_reached_from_each_of_its_sources(mapping):
    change(mapping, "5", MatchKind.MERGED, "DE", "5")

    assert followed(mapping.before, mapping.after) == pairs(
        mapping, ("D", "5", "merged"), ("E", "5", "merged")
    )


def test_the_way_back_and_the_way_without_a_mapping_lead_nowhere(mapping):
    confirm(mapping, "A", "C")
    other = make_instrument(small_spec())

    assert followed(mapping.after, mapping.before) == []
    assert followed(mapping.before, other) == []


def test_within_one_instrument_every_question_is_itself(mapping):
    assert followed(mapping.before, mapping.before) == [
        Pair(key, key, MatchKind.SAME) for key in (question(mapping, code).pk for code in "ABCDE")
    ]


def test_a_mapping_is_read_in_one_query(mapping, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(groups_of(mapping)) == 6
    with django_assert_num_queries(1):
        followed(mapping.before, mapping.after)


# --- At the same moment -----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_people_mapping_the_same_instruments_make_one_mapping():
    before, after = instrument_of(OLD, "lama-2020"), instrument_of(NEW, "baru-2024")

    def making(by):
        return lambda: bool(suggest_mapping(before=before, after=after, by=by, at=LATER))

    told = at_once(*map(making, SiteAdminFactory.create_batch(2)))

    assert sorted(told, key=str) == [True, "exists"]
    assert [len(shape(mapping)) for mapping in Mapping.objects.all()] == [6]


@pytest.mark.django_db(transaction=True)
def test_of_two_people_changing_the_same_group_one_is_told_to_look_again():
    mapping = mapping_of_two()
    line = line_of(mapping, "C")

    def changing(after):
        asked = wanted(mapping, MatchKind.REWORDED, "C", after)
        signed = {"by": SiteAdminFactory(), "at": LATER}
        return lambda: bool(set_match(mapping_id=mapping.pk, match_id=line, wanted=asked, **signed))

    told = at_once(changing("3"), changing("4"))

    assert sorted(told, key=str) == [True, "stale"]
    codes = Counter("".join(old + new for _kind, old, new, _sure in shape(mapping)))
    assert codes == Counter("ABCDE12345")
