from dataclasses import dataclass
from datetime import date

import pytest

from taskforce.choices import DecreeState, Element, Field, TaskForceRole
from taskforce.composition import composition_faults, composition_rules, decree_state

DAY = date(2026, 3, 2)


@dataclass
class Paper:
    valid_from: date = date(2023, 1, 9)
    valid_to: date | None = None


@dataclass
class Seat:
    element: str
    role: str = TaskForceRole.MEMBER
    field: str = ""
    name: str = "Ani"


def whole():
    """Members that lack nothing."""
    seats = [Seat(element) for element in composition_rules().elements]
    seats += [Seat(Element.GOVERNMENT, role) for role in composition_rules().roles]
    fields = composition_rules().coordinated
    return seats + [Seat(Element.GOVERNMENT, TaskForceRole.COORDINATOR, one) for one in fields]


def faults(seats, paper=None):
    return composition_faults(paper or Paper(), seats, day=DAY)


def test_a_decree_that_covers_everything_has_no_fault():
    assert faults(whole()) == []


def test_without_any_decree_that_alone_is_said():
    assert composition_faults(None, [], day=DAY) == [
        "Belum ada SK Gugus Tugas yang tercatat. Catat SK yang berlaku."
    ]


def test_the_elements_that_are_missing_are_named_in_one_sentence():
    seats = [one for one in whole() if one.element not in (Element.MEDIA, Element.BUSINESS)]

    assert faults(seats) == ["Unsur yang belum ada: Dunia usaha, Media massa."]


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        (TaskForceRole.CHAIR, "Belum ada ketua."),
        (TaskForceRole.SECRETARY, "Belum ada sekretaris."),
    ],
)
def test_a_chair_and_a_secretary_are_asked_for(role, sentence):
    assert faults([one for one in whole() if one.role != role]) == [sentence]


def test_a_cluster_without_coordinator_is_named_even_where_it_has_members():
    seats = [
        one for one in whole() if (one.role, one.field) != (TaskForceRole.COORDINATOR, Field.HEALTH)
    ]
    seats.append(Seat(Element.GOVERNMENT, TaskForceRole.MEMBER, Field.HEALTH))

    assert faults(seats) == [
        "Belum ada koordinator untuk: Klaster III: kesehatan dan kesejahteraan."
    ]


def test_posts_without_a_person_are_counted():
    seats = whole()
    seats[0].name = seats[1].name = ""

    assert faults(seats) == ["2 jabatan belum terisi nama pejabatnya."]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (date(2026, 3, 1), ["Masa berlaku SK habis pada 1 Maret 2026. Siapkan SK baru."]),
        (DAY, ["SK berakhir pada 2 Maret 2026, 0 hari lagi. Siapkan SK baru."]),
        (
            date(2026, 5, 31),
            ["SK berakhir pada 31 Mei 2026, 90 hari lagi. Siapkan SK baru."],
        ),
        (date(2026, 6, 1), []),
        (None, []),
    ],
)
def test_a_decree_that_ends_within_ninety_days_or_has_ended_is_told(ends, said):
    assert faults(whole(), Paper(valid_to=ends)) == said


def test_a_decree_that_has_not_begun_is_told():
    paper = Paper(valid_from=date(2026, 3, 3))

    assert faults(whole(), paper) == [
        "SK baru berlaku mulai 3 Maret 2026; sebelum itu tidak ada SK yang berlaku."
    ]


@pytest.mark.parametrize(
    ("paper", "is_newest", "state"),
    [
        (Paper(valid_from=DAY), True, DecreeState.IN_FORCE),
        (Paper(valid_from=date(2026, 3, 3)), False, DecreeState.NOT_YET),
        (Paper(), False, DecreeState.REPLACED),
        (Paper(valid_to=DAY), True, DecreeState.IN_FORCE),
        (Paper(valid_to=date(2026, 3, 1)), True, DecreeState.EXPIRED),
        (Paper(valid_to=date(2026, 3, 1)), False, DecreeState.EXPIRED),
    ],
)
def test_the_state_of_a_decree_on_a_day(paper, is_newest, state):
    assert decree_state(paper, day=DAY, is_newest=is_newest) == state
