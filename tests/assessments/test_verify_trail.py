"""`verify_trail` finds the first line that is not as it was written."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.choices import TrailEvent
from assessments.models import Activity
from assessments.services.activity import record
from tests.assessments.situations import (
    NOW,
    later,
    secretary_of,
    working_year,
)
from tests.assessments.tampering import triggers_dropped
from tests.factories.cities import UserFactory
from trail import hash_chain

pytestmark = pytest.mark.django_db

LINES = 8


@pytest.fixture
def trail(year):
    """A year with eight lines in its trail."""
    by = UserFactory(name="Ani")
    while (done := year.activities.count()) < LINES:
        record(
            TrailEvent.CLAIM_SAVED,
            assessment=year,
            by=by,
            at=later(done),
            detail=f"– → {done}",
            before={"points": None},
            after={"points": str(done)},
        )
    return year


def verify(*options):
    """What the command prints, what it complains of, and whether it ends in an error."""
    out, err = StringIO(), StringIO()
    returncode = 0
    try:
        call_command("verify_trail", *options, stdout=out, stderr=err, no_color=True)
    except CommandError as error:
        returncode = error.returncode
    return out.getvalue().splitlines(), err.getvalue().splitlines(), bool(returncode)


def head_of(assessment):
    row = assessment.activities.order_by("-position").first()
    return f"{assessment.city.slug} {assessment.year} {row.position} {row.hash}"


def row_at(assessment, position):
    return Activity.objects.get(assessment=assessment, position=position)


def named(row):
    return f"#{row.pk} {row.deed} {row.at:%Y-%m-%d %H:%M:%S} UTC"


def test_a_sound_trail_prints_its_head_and_nothing_else(trail):
    other = working_year(year=2027)

    expected = sorted([head_of(trail), head_of(other)])
    assert verify() == (expected, [], False)


def test_one_city_alone(trail):
    working_year(year=2027)

    assert verify("--city", trail.city.slug) == ([head_of(trail)], [], False)


def test_a_city_that_does_not_exist_is_an_error(trail):
    with pytest.raises(CommandError, match="Tidak ada kota dengan alamat mana-saja"):
        call_command("verify_trail", "--city", "mana-saja")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("detail", "– → 99"),
        ("deed", "points_granted"),
        ("at", "2026-01-01 00:00:00+00:00"),
        ("address", "203.0.113.9"),
        ("after", json.dumps({"points": "99"})),
        ("before", json.dumps({"points": "1"})),
    ],
)
def test_an_altered_line_is_named(trail, column, value):
    row = row_at(trail, 5)
    with triggers_dropped() as cursor:
        cursor.execute(
            f"UPDATE assessments_activity SET {column} = %s WHERE id = %s", [value, row.pk]
        )
    row.refresh_from_db()

    place = f"{trail.city.slug} {trail.year}, baris 5"
    assert verify() == ([], [f"{place}: isinya diubah: {named(row)}"], True)


def test_a_line_given_to_somebody_else_is_named(trail):
    row, other = row_at(trail, 5), secretary_of(trail)
    with triggers_dropped() as cursor:
        cursor.execute(
            "UPDATE assessments_activity SET by_id = %s WHERE id = %s", [other.pk, row.pk]
        )

    _out, told, is_broken = verify()
    assert (told, is_broken) == (
        [f"{trail.city.slug} {trail.year}, baris 5: isinya diubah: {named(row)}"],
        True,
    )


@pytest.mark.parametrize("position", [1, 4])
def test_a_removed_line_is_named_by_the_one_after_it(trail, position):
    row, after = row_at(trail, position), row_at(trail, position + 1)
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM assessments_activity WHERE id = %s", [row.pk])

    place = f"{trail.city.slug} {trail.year}, baris {position}"
    assert verify() == ([], [f"{place}: 1 baris dihapus sebelum: {named(after)}"], True)


def test_closing_the_gap_behind_a_removed_line_is_noticed(trail):
    row = row_at(trail, 4)
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM assessments_activity WHERE id = %s", [row.pk])
        for position in range(5, LINES + 1):
            cursor.execute(
                "UPDATE assessments_activity SET position = %s "
                "WHERE assessment_id = %s AND position = %s",
                [position - 1, trail.pk, position],
            )

    place = f"{trail.city.slug} {trail.year}, baris 4"
    moved = f"baris yang semula nomor 5 dipindahkan ke sini: {named(row_at(trail, 4))}"
    assert verify() == ([], [f"{place}: {moved}"], True)


def test_two_lines_that_changed_places_are_noticed(trail):
    third, sixth = row_at(trail, 3), row_at(trail, 6)
    with triggers_dropped() as cursor:
        for pk, position in [(third.pk, 900), (sixth.pk, 3), (third.pk, 6)]:
            cursor.execute(
                "UPDATE assessments_activity SET position = %s WHERE id = %s", [position, pk]
            )

    place = f"{trail.city.slug} {trail.year}, baris 3"
    moved = f"baris yang semula nomor 6 dipindahkan ke sini: {named(sixth)}"
    assert verify() == ([], [f"{place}: {moved}"], True)


def test_a_line_pushed_in_with_a_right_hash_of_its_own_breaks_the_next(trail):
    """The forger knows how hashes are made, but not how to change all that follow."""
    with triggers_dropped() as cursor:
        for position in range(LINES, 4, -1):
            cursor.execute(
                "UPDATE assessments_activity SET position = %s "
                "WHERE assessment_id = %s AND position = %s",
                [position + 1, trail.pk, position],
            )
        forged = row_at(trail, 4)
        forged.pk, forged.position, forged.detail = None, 5, "palsu"
        forged.previous_hash = row_at(trail, 4).hash
        forged.hash = forged.compute_hash()
        forged.save(force_insert=True)

    place = f"{trail.city.slug} {trail.year}, baris 6"
    moved = f"baris yang semula nomor 5 dipindahkan ke sini: {named(row_at(trail, 6))}"
    assert verify() == ([], [f"{place}: {moved}"], True)


def test_an_altered_line_whose_hash_was_made_anew_breaks_the_next(trail):
    row = row_at(trail, 5)
    row.detail = "– → 99"
    with triggers_dropped() as cursor:
        cursor.execute(
            "UPDATE assessments_activity SET detail = %s, hash = %s WHERE id = %s",
            [row.detail, row.compute_hash(), row.pk],
        )

    place = f"{trail.city.slug} {trail.year}, baris 6"
    told = f"{place}: tidak menyambung ke baris sebelumnya: {named(row_at(trail, 6))}"
    assert verify() == ([], [told], True)


def test_an_emptied_trail_is_a_break(trail):
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM assessments_activity")

    place = f"{trail.city.slug} {trail.year}, baris 1"
    assert verify() == ([], [f"{place}: tidak ada satu baris pun"], True)


# --- The tail ---------------------------------------------------------------------------------


def cut(trail, lines):
    with triggers_dropped() as cursor:
        cursor.execute(
            "DELETE FROM assessments_activity WHERE assessment_id = %s AND position > %s",
            [trail.pk, LINES - lines],
        )


def test_a_cut_tail_is_found_only_against_a_head_kept_outside(trail, tmp_path):
    kept = tmp_path / "kepala.txt"
    kept.write_text("\n".join(verify()[0]) + "\n")
    head = head_of(trail)
    cut(trail, 2)

    assert verify() == ([head_of(trail)], [], False)
    lost = "tidak ada lagi; ujung jejak dipotong atau ditulis ulang"
    digest = head.split()[-1]
    assert verify("--heads", str(kept)) == ([head_of(trail)], [f"{head}: {lost}"], True)
    assert verify("--head", digest) == ([head_of(trail)], [f"{digest}: {lost}"], True)


def test_a_trail_that_only_grew_still_holds_its_old_heads(trail, tmp_path):
    kept = tmp_path / "kepala.txt"
    kept.write_text("\n".join(verify()[0]))
    record(TrailEvent.CLAIM_SAVED, assessment=trail, by=UserFactory(), at=NOW)

    assert verify("--heads", str(kept)) == ([head_of(trail)], [], False)


def test_a_history_written_anew_from_the_start_does_not_hold_its_old_head(trail):
    """Whoever may do everything can make a sound chain of lies, but not one with this hash."""
    old = head_of(trail).split()[-1]
    rows = list(Activity.objects.filter(assessment=trail).order_by("position"))
    previous = hash_chain.START
    with triggers_dropped():
        for row in rows:
            row.detail, row.previous_hash = "lain", previous
            row.hash = previous = row.compute_hash()
            row.save(force_update=True)

    assert verify() == ([head_of(trail)], [], False)
    assert verify("--head", old)[2] is True


def test_heads_of_other_cities_are_not_missed_when_one_city_is_asked_for(trail, tmp_path):
    working_year(year=2027)
    kept = tmp_path / "kepala.txt"
    kept.write_text("\n".join(verify()[0]))

    options = ["--city", trail.city.slug, "--heads", str(kept)]
    assert verify(*options) == ([head_of(trail)], [], False)


def test_a_file_that_holds_no_heads_is_an_error(trail, tmp_path):
    kept = tmp_path / "kepala.txt"
    kept.write_text("bukan kepala\n")

    with pytest.raises(CommandError, match="tidak terbaca sebagai daftar kode keaslian terakhir"):
        call_command("verify_trail", "--heads", str(kept))
