"""A table waits for its person, is confirmed as it was shown, once, and goes after a day."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from cities.roles import Permission
from imports.lines import Difference, Line, Standing, by_standing, seen_of
from imports.models import KEPT, StagedImport
from imports.services.staged import ImportKind, Outcome, Reading, discard, sweep
from tests.assessments.situations import NOW, refused
from tests.factories.cities import CityFactory, MembershipFactory, OpdFactory
from tests.factories.imports import StagedImportFactory
from tests.imports.situations import kept, lines_of, taken

pytestmark = pytest.mark.django_db

ROWS = [{"name": name} for name in ("Dinas A", "Dinas B", "Dinas C")]


def lines(staged, _member):
    """OPDs of the city by name: new, the same, or known under another code."""
    known = {opd.name: opd for opd in staged.city.opds.all()}
    for row in staged.rows:
        found, code = known.get(row["name"]), row["name"][-1]
        if found is None:
            yield Line(code, row["name"], Standing.NEW)
        elif found.code == code:
            yield Line(code, row["name"], Standing.SAME)
        else:
            different = (Difference("Kode", found.code, code),)
            yield Line(code, row["name"], Standing.CONFLICT, different, item=found)


def take(confirmed):
    for line in confirmed.lines:
        if line.item is None:
            OpdFactory(city=confirmed.city, name=line.name, code=line.key)
        else:
            confirmed.city.opds.filter(pk=line.item.pk).update(code=line.key)


KIND = ImportKind("tests.opds", Permission.MANAGE_REGULATIONS, lines, take)
waiting = partial(kept, KIND)
confirmed = partial(taken, KIND)


@pytest.fixture
def city(db):
    return CityFactory()


@pytest.fixture
def by(city):
    return MembershipFactory(gugus_tugas=True, city=city).user


def opds(city):
    return dict(city.opds.order_by("name").values_list("name", "code"))


def test_nothing_changes_until_it_is_confirmed_and_then_what_was_shown_does(city, by):
    OpdFactory(city=city, name="Dinas B", code="B")
    OpdFactory(city=city, name="Dinas C", code="LAMA")
    staged = waiting(city, by, Reading(ROWS, ["Baris 5: kosong."]))
    assert opds(city) == {"Dinas B": "B", "Dinas C": "LAMA"}
    assert (staged.faults, staged.name) == (["Baris 5: kosong."], "lembar.xlsx")

    assert confirmed(staged) == Outcome(added=1, changed=0)

    assert opds(city) == {"Dinas A": "A", "Dinas B": "B", "Dinas C": "LAMA"}
    assert not StagedImport.objects.exists()


def test_a_conflict_is_taken_where_it_was_ticked(city, by):
    for name in ("Dinas B", "Dinas C"):
        OpdFactory(city=city, name=name, code=f"L{name[-1]}")

    assert confirmed(waiting(city, by, Reading(ROWS)), "C", "unknown") == Outcome(1, 1)

    assert opds(city) == {"Dinas A": "A", "Dinas B": "LB", "Dinas C": "C"}


def test_a_change_that_nobody_disputes_is_taken_and_a_refused_line_never():
    shown = [Line(one.value, "", one) for one in Standing]

    assert [line.key for line in shown if line.is_taken({"refused", "same"})] == ["new", "changed"]
    assert [line.key for line in shown if line.is_taken({"conflict"})] == [
        "new",
        "changed",
        "conflict",
    ]
    assert {
        standing: len(found) for standing, found in by_standing(shown).items()
    } == dict.fromkeys(Standing, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"key": "2"},
        {"standing": Standing.SAME},
        {"note": "Diganti"},
        {"differences": [Difference("Kode", "a", "c")]},
        {"differences": [Difference("Kode", "c", "b")]},
        {"differences": []},
    ],
)
def test_a_fingerprint_tells_whatever_a_preview_shows(other):
    line = Line("1", "Dinas", Standing.CONFLICT, [Difference("Kode", "a", "b")])

    assert seen_of([line]) == seen_of([replace(line, item=object())])
    assert seen_of([line]) != seen_of([replace(line, **other)])
    assert seen_of([line, line]) != seen_of([line])


def test_what_another_changed_since_is_shown_before_anything_is_taken(city, by):
    staged = waiting(city, by, Reading(ROWS))
    seen = seen_of(lines_of(KIND, staged))
    OpdFactory(city=city, name="Dinas A", code="LAIN")

    with refused("moved"):
        confirmed(staged, seen=seen)

    assert lines_of(KIND, staged)[0].standing == Standing.CONFLICT
    assert confirmed(staged).added == 2


def test_a_table_is_confirmed_once(city, by):
    staged = waiting(city, by, Reading(ROWS))
    confirmed(staged)

    with refused("gone"):
        confirmed(staged)


def test_a_table_with_nothing_to_take_says_so_and_stays(city, by):
    OpdFactory(city=city, name="Dinas A", code="LAIN")
    staged = waiting(city, by, Reading(ROWS[:1]))

    with refused("nothing"):
        confirmed(staged)

    assert StagedImport.objects.get() == staged


def test_what_taking_refuses_takes_nothing_and_leaves_the_table(city, by):
    def failing(told):
        take(told)
        raise ValidationError("Baris 3: kurang", code="row")

    staged = waiting(city, by, Reading(ROWS))
    with refused("row"):
        taken(replace(KIND, take=failing), staged)

    assert confirmed(staged).added == 3


def test_nobody_else_confirms_discards_or_sees_it(city, by):
    staged = waiting(city, by, Reading(ROWS))
    colleague = MembershipFactory(gugus_tugas=True, city=city).user

    with refused("gone"):
        confirmed(staged, by=colleague)
    discard(staged_id=staged.pk, by=colleague)
    assert list(StagedImport.objects.of(colleague, city, at=NOW)) == []

    discard(staged_id=staged.pk, by=by)
    assert not StagedImport.objects.exists()


def test_a_table_of_another_kind_or_city_is_not_confirmed_as_this_one(city, by):
    staged = waiting(city, by, Reading(ROWS))
    MembershipFactory(gugus_tugas=True, city=(other := CityFactory()), user=by)

    with refused("gone"):
        confirmed(staged, city=other)
    with refused("gone"):
        taken(replace(KIND, code="tests.other"), staged)


@pytest.mark.parametrize("role", ["verifikator", "pimpinan", "pendamping"])
def test_a_role_without_the_right_neither_keeps_nor_confirms(city, role):
    person = MembershipFactory(**{role: True}, city=city).user
    staged = StagedImportFactory(city=city, by=person, kind=KIND.code, rows=ROWS, at=NOW)

    with pytest.raises(PermissionDenied):
        waiting(city, person, Reading(ROWS))
    with pytest.raises(PermissionDenied):
        confirmed(staged)

    assert StagedImport.objects.get() == staged
    assert opds(city) == {}


def test_a_newer_table_of_ones_own_takes_the_place_of_the_one_before(city, by):
    colleague = MembershipFactory(gugus_tugas=True, city=city).user
    theirs, first = waiting(city, colleague, Reading(ROWS)), waiting(city, by, Reading(ROWS))
    other = kept(replace(KIND, code="tests.other"), city, by, Reading(ROWS))

    second = waiting(city, by, Reading(ROWS))

    assert set(StagedImport.objects.all()) == {theirs, other, second}
    with refused("gone"):
        confirmed(first, seen="")


def test_after_a_day_it_can_not_be_confirmed_and_is_swept(city, by):
    old, young = (
        waiting(city, by, Reading(ROWS)),
        StagedImportFactory(at=NOW + timedelta(seconds=1)),
    )

    with refused("gone"):
        confirmed(old, at=NOW + KEPT)

    assert sweep(at=NOW + KEPT) == 1
    assert StagedImport.objects.get() == young


def test_the_daily_command_sweeps_them_too(capsys):
    StagedImportFactory(at=NOW - timedelta(days=400))
    StagedImportFactory()

    call_command("sweep_uploads")

    assert StagedImport.objects.count() == 1
    assert "1 impor lembar yang tidak disimpan dibuang." in capsys.readouterr().out


def test_the_name_of_a_file_is_kept_as_long_as_there_is_room(city, by):
    assert len(waiting(city, by, Reading([]), name="x" * 300).name) == 150
