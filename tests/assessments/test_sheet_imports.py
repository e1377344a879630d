"""A sheet is shown before it is applied, applied as shown, and by its own person only."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessments.choices import ScoreKind, Stage, TrailEvent
from assessments.models import (
    Answer,
    OfficialIndicatorScore,
    PointsRecord,
    SheetImport,
    StageScore,
)
from assessments.services.official import enter_official
from assessments.services.sheet_imports import (
    apply_import,
    discard_import,
    keep_import,
    preview_of,
    sweep_imports,
)
from assessments.services.trail_verification import verify_year
from assessments.sheets import Scope
from assessments.worksheets.layout import CLAIM, NOTE
from assessments.worksheets.rows import FileRow, Held
from tests.assessments.situations import (
    assert_scores_are_right,
    claim,
    history,
    later,
    overtaken,
    points_of,
    refused,
    secretary_of,
    set_stage,
)
from tests.assessments.working_sheets import edited, exported, read_back
from tests.factories.assessments import NOW, answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(year):
    return MembershipFactory(gugus_tugas=True, city=year.city).user


def keep(year, rows, *, by, kind=ScoreKind.CLAIMED, source="", at=NOW):
    return keep_import(
        assessment=year, kind=kind, rows=rows, name="lembar.xlsx", source=source, by=by, at=at
    )


def kept_sheet(year, changes, *, by, content=None):
    return keep(year, read_back(year, edited(content or exported(year), changes)), by=by)


def apply(kept, *, by, from_file=(), seen=None, at=None):
    return apply_import(
        import_id=kept.pk,
        from_file=from_file,
        seen=preview_of(kept).fingerprint if seen is None else seen,
        by=by,
        at=at or later(),
    )


def codes(rows):
    return [row.compared.row.code for row in rows]


def claims_of(year):
    rows = Answer.objects.filter(assessment=year).in_order()
    return {
        code: (points, note)
        for code, points, note in rows.values_list("question__code", "claimed_points", "note")
        if points is not None or note
    }


def official_row(code, points, scope=Scope.QUESTION):
    return FileRow(code, Held(Decimal(points)), "", 2, scope=scope)


# --- Working sheet ----------------------------------------------------------------------------


def test_a_preview_tells_apart_what_changed_what_did_not_and_what_collides(year, person):
    claim(answer_of(year, "1.2"), "10", by=person, note="Awal")
    content = exported(year)
    other = secretary_of(year, name="Budi")
    claim(answer_of(year, "1.2"), "15", by=other, at=later(), seen_at=NOW, note="Awal")

    kept = kept_sheet(
        year,
        {"1.1": {CLAIM: 3}, "1.2": {CLAIM: 12}, "2b.1": {NOTE: "Baru"}},
        by=person,
        content=content,
    )
    preview = preview_of(kept)

    assert codes(preview.changes) == ["1.1", "2b.1"]
    assert codes(preview.unchanged) == ["2a.1", "2a.2"]
    [row] = preview.conflicts
    assert (row.compared.row.seen, row.compared.site, row.compared.result) == (
        Held(Decimal(10), "Awal"),
        Held(Decimal(15), "Awal"),
        Held(Decimal(12), "Awal"),
    )
    assert (row.changed_by, row.changed_at, row.maximum) == (other, later(), 20)
    assert preview.missing == 0


def test_looking_at_a_preview_changes_nothing_of_the_year(year, person):
    before = history(year), claims_of(year), PointsRecord.objects.count()

    preview_of(kept_sheet(year, {"1.1": {CLAIM: 3}}, by=person))

    assert (history(year), claims_of(year), PointsRecord.objects.count()) == before


def test_what_was_shown_is_applied_with_a_line_for_each_change(year, person):
    claim(answer_of(year, "1.2"), "10", note="Awal")
    before = len(history(year))
    kept = kept_sheet(
        year,
        {"1.1": {CLAIM: 3}, "1.2": {CLAIM: None, NOTE: "Ditarik"}, "2b.1": {NOTE: "Baru"}},
        by=person,
    )

    assert apply(kept, by=person) == 3

    assert claims_of(year) == {
        "1.1": (Decimal(3), ""),
        "1.2": (None, "Ditarik"),
        "2b.1": (None, "Baru"),
    }
    assert history(year)[before:] == [
        (TrailEvent.SHEET_IMPORTED, "Diklaim: 3 pertanyaan; lembar.xlsx", person, later()),
        (TrailEvent.CLAIM_SAVED, "– → 3", person, later()),
        (TrailEvent.CLAIM_SAVED, "10 → –", person, later()),
        (TrailEvent.CLAIM_SAVED, "– → –", person, later()),
    ]
    line = year.activities.filter(answer=answer_of(year, "1.2")).order_by("-position").first()
    assert (line.before, line.after) == (
        {"points": "10", "note": "Awal"},
        {"points": None, "note": "Ditarik"},
    )
    records = PointsRecord.objects.filter(by=person).order_by("pk")
    assert [(r.answer.question.code, r.points, r.why) for r in records] == [
        ("1.1", Decimal(3), "Impor lembar: lembar.xlsx"),
        ("1.2", None, "Impor lembar: lembar.xlsx"),
    ]
    assert_scores_are_right(year)
    assert verify_year(year).broken is None
    assert not SheetImport.objects.exists()


@pytest.mark.parametrize(("from_file", "points"), [((), 15), (("question:1.2",), 12)])
def test_a_conflict_is_decided_by_the_person_and_else_by_the_site(year, person, from_file, points):
    content = exported(year)
    claim(answer_of(year, "1.2"), "15")
    kept = kept_sheet(year, {"1.1": {CLAIM: 3}, "1.2": {CLAIM: 12}}, by=person, content=content)

    assert apply(kept, by=person, from_file=from_file) == 1 + len(from_file)

    assert points_of(year, ScoreKind.CLAIMED)["1.2"] == points
    assert_scores_are_right(year)


def test_what_moved_after_the_preview_is_not_overwritten(year, person):
    kept = kept_sheet(year, {"1.1": {CLAIM: 3}, "1.2": {CLAIM: 12}}, by=person)
    seen = preview_of(kept).fingerprint
    claim(answer_of(year, "1.1"), "1")

    with overtaken("moved"):
        apply(kept, by=person, from_file=["question:1.1"], seen=seen)

    assert codes(preview_of(kept).conflicts) == ["1.1"]
    assert apply(kept, by=person) == 1
    assert claims_of(year) == {"1.1": (Decimal(1), ""), "1.2": (Decimal(12), "")}


def test_what_the_site_changed_to_the_same_is_no_reason_to_stop(year, person):
    kept = kept_sheet(year, {"1.1": {CLAIM: 3}}, by=person)
    claim(answer_of(year, "1.1"), "3")

    with refused("nothing"):
        apply(kept, by=person)


def test_points_and_note_that_two_people_changed_both_stay(year, person):
    content = exported(year)
    claim(answer_of(year, "1.2"), "15")
    kept = kept_sheet(year, {"1.2": {NOTE: "Dari lembar"}}, by=person, content=content)

    apply(kept, by=person)

    assert claims_of(year) == {"1.2": (Decimal(15), "Dari lembar")}


def test_other_parts_of_an_answer_stay(year, person):
    claim(answer_of(year, "1.2"), "10", by=person, choice="Ada", value=Decimal(80))
    kept = kept_sheet(year, {"1.2": {CLAIM: 12}}, by=person)

    apply(kept, by=person)

    answer = answer_of(year, "1.2")
    assert (answer.choice, answer.value, answer.claimed_points) == ("Ada", 80, 12)
    assert (answer.claimed_by, answer.claimed_at) == (person, later())


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.FIELD, Stage.CLOSED])
def test_a_year_that_takes_no_claims_takes_no_sheet(year, person, stage):
    rows = read_back(year, edited(exported(year), {"1.1": {CLAIM: 3}}))
    kept = keep(year, rows, by=person)
    set_stage(assessment_id=year.pk, stage=stage, at=later())
    year.refresh_from_db()

    with refused("closed"):
        apply(kept, by=person)
    with refused("closed"):
        keep(year, rows, by=person)


def test_a_sheet_is_confirmed_once(year, person):
    kept = kept_sheet(year, {"1.1": {CLAIM: 3}}, by=person)
    seen = preview_of(kept).fingerprint
    apply(kept, by=person, seen=seen)

    with refused("gone"):
        apply_import(import_id=kept.pk, from_file=(), seen=seen, by=person, at=later(2))


def test_a_sheet_is_its_own_persons(year, person):
    kept = kept_sheet(year, {"1.1": {CLAIM: 3}}, by=person)
    other = secretary_of(year)

    with refused("gone"):
        apply(kept, by=other)
    discard_import(import_id=kept.pk, by=other)
    assert list(SheetImport.objects.of(person, year, at=later())) == [kept]
    assert list(SheetImport.objects.of(other, year, at=later())) == []


def test_a_person_has_one_sheet_waiting_in_a_year(year, person):
    kept_sheet(year, {"1.1": {CLAIM: 3}}, by=person)
    others = kept_sheet(year, {"1.1": {CLAIM: 4}}, by=secretary_of(year))
    second = kept_sheet(year, {"1.1": {CLAIM: 5}}, by=person)

    assert set(SheetImport.objects.all()) == {others, second}


def test_what_nobody_confirms_within_a_day_goes(year, person):
    now = timezone.now()
    kept = keep(year, [], by=person, at=now - timedelta(days=1))
    fresh = keep(year, [], by=secretary_of(year), at=now - timedelta(hours=23))

    assert not SheetImport.objects.of(person, year, at=now).exists()
    assert sweep_imports(at=now - timedelta(seconds=1)) == 0
    assert sweep_imports(at=now) == 1
    assert list(SheetImport.objects.all()) == [fresh]
    assert kept.pk != fresh.pk


def test_the_daily_command_sweeps_what_waits_too_long(year, person, capsys):
    keep(year, [], by=person, at=timezone.now() - timedelta(days=2))

    call_command("sweep_uploads")

    assert capsys.readouterr().out == "1 impor lembar yang tidak disimpan dibuang.\n"
    assert not SheetImport.objects.exists()


# --- Points by question -----------------------------------------------------------------------


def test_a_plain_table_fills_and_asks_before_it_replaces(year, person):
    claim(answer_of(year, "1.2"), "10", by=person, note="Tetap")
    kept = keep(year, [official_row("1.1", "3"), official_row("1.2", "12")], by=person)

    preview = preview_of(kept)
    assert (codes(preview.changes), codes(preview.conflicts)) == (["1.1"], ["1.2"])
    assert preview.missing == 3

    apply(kept, by=person, from_file=["question:1.2"])
    assert claims_of(year) == {"1.1": (Decimal(3), ""), "1.2": (Decimal(12), "Tetap")}


# --- Official results -------------------------------------------------------------------------


def official(year, *rows, by, kind=ScoreKind.VA):
    return keep(year, rows, by=by, kind=kind, source="BA 12/2026")


def test_an_official_result_is_taken_by_question_and_by_indicator(year, person):
    enter_official(
        answer_id=answer_of(year, "1.1").pk,
        kind=ScoreKind.VA,
        points=Decimal(5),
        why="BA 1",
        by=person,
        at=NOW,
    )
    kept = official(
        year,
        official_row("2b", "9", Scope.INDICATOR),
        official_row("1.2", "12"),
        official_row("1.1", "6"),
        by=person,
    )

    preview = preview_of(kept)
    assert [(row.key, row.compared.site.points) for row in preview.changes] == [
        ("question:1.1", Decimal(5)),
        ("question:1.2", None),
        ("indicator:2b", None),
    ]
    assert apply(kept, by=person) == 3

    assert points_of(year, ScoreKind.VA) == {"1.1": Decimal(6), "1.2": Decimal(12)}
    total = OfficialIndicatorScore.objects.get()
    assert (total.indicator.code, total.kind, total.points, total.why) == (
        "2b",
        ScoreKind.VA,
        Decimal(9),
        "BA 12/2026",
    )
    whys = PointsRecord.objects.filter(kind=ScoreKind.VA).order_by("pk")
    assert list(whys.values_list("why", flat=True)) == [
        "BA 1",
        *["Impor lembar nilai: BA 12/2026"] * 2,
    ]
    assert verify_year(year).broken is None


def test_what_an_official_table_says_already_is_no_change(year, person):
    rows = [official_row("1.1", "6"), official_row("2b", "9", Scope.INDICATOR)]
    apply(official(year, *rows, by=person), by=person)
    again = official(year, *rows, by=person)

    assert codes(preview_of(again).unchanged) == ["1.1", "2b"]
    with refused("nothing"):
        apply(again, by=person)


def test_a_total_that_will_not_count_beside_its_questions_is_told_so(year, person):
    rows = [official_row("1.1", "6"), official_row("1", "40", Scope.INDICATOR)]
    preview = preview_of(official(year, *rows, by=person))

    assert [row.remark for row in preview.rows] == [
        "",
        "Tidak dihitung: pertanyaan indikator ini bernilai pada tahap yang sama.",
    ]


def test_one_total_that_cannot_be_takes_the_whole_table_back(year, person):
    rows = [official_row("1.1", "6"), official_row("2b", "9999", Scope.INDICATOR)]
    kept = official(year, *rows, by=person)

    with refused("over_maximum"):
        apply(kept, by=person)
    assert not StageScore.objects.exists()


def test_an_official_result_that_moved_meanwhile_is_shown_anew(year, person):
    kept = official(year, official_row("1.1", "6"), by=person)
    seen = preview_of(kept).fingerprint
    enter_official(
        answer_id=answer_of(year, "1.1").pk,
        kind=ScoreKind.VA,
        points=Decimal(7),
        why="BA lain",
        by=person,
        at=later(),
    )

    with overtaken("moved"):
        apply(kept, by=person, seen=seen, at=later(2))


def test_official_results_come_in_after_submission_as_well(year, person):
    set_stage(assessment_id=year.pk, stage=Stage.FINAL, at=later())
    year.refresh_from_db()

    kept = official(year, official_row("1.1", "6"), by=person, kind=ScoreKind.VF)
    assert apply(kept, by=person, at=later(2)) == 1
