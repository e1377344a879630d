"""Tables of actions, realisations and codes: shown first, taken once, exact to the rupiah."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionplan.models import Action, ActionYear
from actionsheets.columns import read_actions, read_realisations
from actionsheets.lines import reading_of
from actionsheets.queries import action_table, vocabulary
from actionsheets.services.actions import ACTIONS
from actionsheets.services.codes import CODES
from actionsheets.services.realisations import REALISATIONS
from imports.lines import Standing, seen_of
from imports.models import StagedImport
from imports.services.staged import Reading
from monitoring.models import Realisation
from nomenclature.models import Nomenclature
from nomenclature.sheets import read_nomenclature
from tests.actionplan.test_plans import trail
from tests.assessments.situations import staff_of
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.cities import CityFactory, MembershipFactory
from tests.imports import situations
from tests.imports.situations import told
from tests.workbooks.books import BOMB, book, changed
from workbooks.faults import UnreadableError
from workbooks.money import MOST
from workbooks.writing import xlsx_file

HEADER = ["No", "Tahun", "Indikator", "Pertanyaan", "Aksi", "OPD", "Target", "Pagu", "Sumber dana"]
LINE = [
    1,
    2026,
    "1",
    "1.1; 1.2",
    "Latih anggota",
    "DINKES",
    60,
    1_250_000_001,
    "APBD kabupaten/kota",
]


KINDS = {kind.code: kind for kind in (ACTIONS, REALISATIONS, CODES)}


def kept(plan, by, rows, kind=ACTIONS, **about):
    content = rows if isinstance(rows, bytes) else book(rows)
    read = {
        ACTIONS.code: lambda: read_actions(content, "rad.xlsx", vocabulary(plan)),
        REALISATIONS.code: lambda: read_realisations(content, "tw.xlsx"),
        CODES.code: lambda: read_nomenclature(content, "kode.xlsx"),
    }[kind.code]
    about = about or {"plan": plan.pk}
    return situations.kept(kind, plan.city, by, reading_of(read()), name="rad.xlsx", **about)


def lines_of(sheet):
    return situations.lines_of(KINDS[sheet.kind], sheet)


def take(sheet, *ticked, **more):
    return situations.taken(KINDS[sheet.kind], sheet, *ticked, **more)


def refused(*arguments, **named):
    with pytest.raises(ValidationError) as error:
        take(*arguments, **named)
    return error.value.code


def standings(sheet):
    return [line.standing for line in lines_of(sheet)]


def exported(plan):
    with xlsx_file("RAD", *action_table(plan)) as file:
        return file.read()


# --- Actions ----------------------------------------------------------------------------------


def test_a_table_becomes_actions_with_their_years(plan, secretary):
    sheet = kept(plan, secretary, [HEADER, LINE, [1, 2027, *[None] * 5, "Rp 2.000.000.000", None]])
    assert (sheet.faults, standings(sheet)) == ([], [Standing.NEW, Standing.NEW])
    assert not Action.objects.exists()

    outcome = take(sheet)

    action = Action.objects.get()
    assert (outcome.added, outcome.changed) == (2, 0)
    assert (action.name, action.lead.code, action.indicator.code) == (
        "Latih anggota",
        "DINKES",
        "1",
    )
    assert [one.question.code for one in action.questions.all()] == ["1.1", "1.2"]
    assert list(action.years.values_list("year", "ceiling", "target")) == [
        (2026, 1_250_000_001, Decimal(60)),
        (2027, 2_000_000_000, None),
    ]
    assert not StagedImport.objects.exists()
    assert len(trail(plan.city)) == 3


def test_the_same_table_twice_changes_nothing(plan, secretary):
    take(kept(plan, secretary, [HEADER, LINE]))
    before, told = list(ActionYear.objects.values()), len(trail(plan.city))

    again = kept(plan, secretary, [HEADER, LINE])

    assert standings(again) == [Standing.SAME]
    assert refused(again) == "nothing"
    assert (list(ActionYear.objects.values()), len(trail(plan.city))) == (before, told)


def test_what_differs_is_shown_and_only_taken_where_it_was_ticked(plan, secretary):
    take(kept(plan, secretary, [HEADER, LINE, [2, *LINE[1:]]]))
    dearer = [*LINE[:7], 1_300_000_000, None]
    sheet = kept(plan, secretary, [HEADER, dearer, [2, *dearer[1:]]])
    assert [told(line) for line in lines_of(sheet)] == [
        [("Pagu", "Rp1.250.000.001", "Rp1.300.000.000")]
    ] * 2

    outcome = take(sheet, "2-2026")

    assert (outcome.added, outcome.changed) == (0, 1)
    ceilings = ActionYear.objects.order_by("action__number").values_list("ceiling", flat=True)
    assert list(ceilings) == [1_250_000_001, 1_300_000_000]


def test_an_empty_cell_leaves_what_is_stored(plan, secretary):
    take(kept(plan, secretary, [HEADER, LINE]))

    sheet = kept(plan, secretary, [HEADER, [1, 2026, *[None] * 4, 70, None, None]])
    take(sheet, "1-2026")

    row = ActionYear.objects.get()
    assert (row.target, row.ceiling, row.action.name) == (70, 1_250_000_001, "Latih anggota")


def test_a_preview_that_is_no_longer_true_is_refused(plan, secretary):
    sheet = kept(plan, secretary, [HEADER, LINE])
    seen = seen_of(lines_of(sheet))
    ActionFactory(plan=plan, number=1)

    assert refused(sheet, seen=seen) == "moved"
    assert not ActionYear.objects.exists()


def test_a_table_is_taken_once_and_by_its_own_person(plan, secretary, year):
    sheet = kept(plan, secretary, [HEADER, LINE])
    seen = seen_of(lines_of(sheet))
    stranger = staff_of(year, "DP3A").user
    with pytest.raises(PermissionDenied):
        take(sheet, seen=seen, by=stranger)
    take(sheet, seen=seen)

    assert refused(sheet, seen=seen) == "gone"


def test_a_newer_table_takes_the_place_of_the_one_before(plan, secretary):
    first = kept(plan, secretary, [HEADER, LINE])
    second = kept(plan, secretary, [HEADER, LINE])

    assert list(StagedImport.objects.all()) == [second]
    assert refused(first, seen="") == "gone"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ([1, 2031, *LINE[2:]], "di luar masa RAD"),
        ([1, 2026, None, None, "Tanpa indikator", *[None] * 4], "memerlukan indikator"),
    ],
)
def test_a_line_that_cannot_be_taken_is_told_and_left_out(plan, secretary, line, words):
    sheet = kept(plan, secretary, [HEADER, line, [2, *LINE[1:]]])

    first, _second = lines_of(sheet)
    take(sheet)

    assert first.standing == Standing.REFUSED
    assert words in first.note
    assert [one.number for one in Action.objects.all()] == [2]


def test_an_action_that_two_lines_tell_differently_is_refused(plan, secretary):
    other = [1, 2027, *LINE[2:4], "Nama lain", *LINE[5:]]

    first, second = lines_of(kept(plan, secretary, [HEADER, LINE, other]))

    assert first.standing == Standing.NEW
    assert second.note == "Aksi ini ditulis berbeda pada baris 2. Samakan dahulu."


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("Indikator", "9", "Kode “9” tidak ada"),
        ("Pertanyaan", "9.9", "tidak ada dalam instrumen"),
        ("Pertanyaan", "2b.1", "bukan dari indikator"),
        ("OPD", "DISHUB", "bukan kode atau nama OPD"),
        ("Pagu", "Rp 1,25 M", "lebih dari satu cara"),
        ("Pagu", "1,250,000", "lebih dari satu cara"),
        ("Target", "1.250", "bukan angka"),
        ("Sumber dana", "kas", "tidak dikenal"),
        ("Tahun", "dua", "bukan angka"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(plan, secretary, column, cell, words):
    line = list(LINE)
    line[HEADER.index(column)] = cell

    sheet = kept(plan, secretary, [HEADER, line])

    [fault] = sheet.faults
    assert words in fault


def test_an_opd_is_known_by_its_name_too(plan, secretary):
    line = [*LINE[:5], "dinas dinkes", *LINE[6:]]

    take(kept(plan, secretary, [HEADER, line]))

    assert Action.objects.get().lead.code == "DINKES"


HOSTILE = {
    "a bomb of entities": lambda: changed(book([HEADER, LINE]), whole=BOMB),
    "no workbook": lambda: b"PK\x03\x04 tidak ada",
    "a program": lambda: b"MZ\x90\x00" + b"\x00" * 100,
    "a page": lambda: b"%PDF-1.7",
    "nothing": lambda: b"",
    "another table": lambda: book([["Kolom"], ["isi"]]),
    "very many lines": lambda: book([HEADER, *[[1, 2026]] * 5001]),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_or_foreign_file_is_refused_before_anything_is_kept(plan, secretary, make):
    with pytest.raises(UnreadableError):
        kept(plan, secretary, make())

    assert not StagedImport.objects.exists()


def test_a_formula_is_never_computed(plan, secretary):
    line = [*LINE[:7], "=1250000000*2", LINE[8]]

    sheet = kept(plan, secretary, [HEADER, line])

    assert len(sheet.faults) == 1
    assert sheet.rows == []


# --- Out and in again -------------------------------------------------------------------------


def test_what_goes_out_comes_in_as_the_same(plan, secretary):
    action = ActionFactory(
        plan=plan, number=7, lead=plan.city.opds.get(code="DP3A"), baseline="12.5", code="2.08.07"
    )
    action.supporting.set(plan.city.opds.filter(code__in=["DINKES", "DISDIK"]))
    ActionYearFactory(action=action, child_share="33.33", child_reason="Sepertiga")
    ActionYearFactory(action=action, year=2027, ceiling=None, target=None, source="")

    sheet = kept(plan, secretary, exported(plan))

    assert (sheet.faults, standings(sheet)) == ([], [Standing.SAME, Standing.SAME])


def test_what_somebody_typed_runs_on_nobodys_desk(plan):
    ActionYearFactory(action=ActionFactory(plan=plan, name="=HYPERLINK(1)"))

    _header, line = openpyxl.load_workbook(io.BytesIO(exported(plan))).active.iter_rows(
        values_only=True
    )

    assert line[5] == "'=HYPERLINK(1)"


AMOUNTS = st.lists(st.integers(min_value=0, max_value=MOST), min_size=1, max_size=5)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(AMOUNTS)
def test_every_rupiah_survives_the_way_in_the_sum_and_the_way_out(plan, secretary, amounts):
    Action.objects.all().delete()
    lines = [[n, *LINE[1:7], amount, None] for n, amount in enumerate(amounts, 1)]

    take(kept(plan, secretary, [HEADER, *lines]))

    stored = ActionYear.objects.order_by("action__number").values_list("ceiling", flat=True)
    _header, *rows = openpyxl.load_workbook(io.BytesIO(exported(plan))).active.iter_rows(
        values_only=True
    )
    assert list(stored) == amounts
    assert [row[16] for row in rows] == amounts
    assert standings(kept(plan, secretary, exported(plan))) == [Standing.SAME] * len(amounts)


# --- Realisations -----------------------------------------------------------------------------

QUARTERS = ["No", "Tahun", "Triwulan", "Fisik (%)", "Realisasi", "Hambatan"]


def reports(plan, by, *lines):
    return kept(plan, by, [QUARTERS, *lines], REALISATIONS)


def test_an_opd_reports_its_quarters_from_a_table(action_year, dinkes):
    sheet = reports(
        action_year.action.plan, dinkes.user, [1, 2026, "TW I", "12,5", "Rp 312.500.001", "Lelang"]
    )
    assert (sheet.faults, standings(sheet)) == ([], [Standing.NEW])

    take(sheet)

    one = Realisation.objects.get()
    assert (one.quarter, one.physical, one.money, one.obstacle) == (
        1,
        Decimal("12.5"),
        312_500_001,
        "Lelang",
    )


def test_the_same_report_twice_is_one_and_a_correction_keeps_the_first(action_year, dinkes):
    plan = action_year.action.plan
    take(reports(plan, dinkes.user, [1, 2026, 1, 10, 100, "Lelang"]))
    assert standings(reports(plan, dinkes.user, [1, 2026, 1, 10, 100, "Lelang"])) == [Standing.SAME]

    take(reports(plan, dinkes.user, [1, 2026, 1, 11, 100, None]), "1-2026-1")

    stored = Realisation.objects.order_by("revision").values_list("physical", "obstacle")
    assert list(stored) == [(Decimal(10), "Lelang"), (Decimal(11), "Lelang")]


def test_the_action_of_another_opd_does_not_exist_in_a_table(plan, action_year, dinkes, year):
    foreign = ActionFactory(plan=plan, number=2, lead=staff_of(year, "DP3A").opd)
    ActionYearFactory(action=foreign)
    sheet = reports(plan, dinkes.user, [1, 2026, 1, 10, 100, None], [2, 2026, 1, 10, 100, None])

    own, other = lines_of(sheet)
    take(sheet, "1-2026-1", "2-2026-1")

    assert (own.standing, other.standing) == (Standing.NEW, Standing.REFUSED)
    assert other.note == "Tidak ada aksi nomor 2 tahun 2026 pada OPD Anda."
    assert [one.action_year_id for one in Realisation.objects.all()] == [action_year.pk]


def test_one_figure_that_falls_refuses_the_whole_table(action_year, dinkes):
    plan = action_year.action.plan
    sheet = reports(plan, dinkes.user, [1, 2026, 1, 10, 100, None])
    take(sheet)
    ActionYearFactory(action=ActionFactory(plan=plan, number=2, lead=dinkes.opd))

    sheet = reports(plan, dinkes.user, [2, 2026, 1, 10, 5, None], [1, 2026, 1, 10, -1, None])
    assert len(sheet.faults) == 1  # a negative amount never gets so far
    sheet = reports(plan, dinkes.user, [2, 2026, 1, 10, 5, None], [2, 2026, 2, 9, 5, None])
    assert refused(sheet) == "early"  # on 2 March the second quarter has not begun

    assert Realisation.objects.count() == 1


def test_a_table_needs_the_right_of_its_kind(plan, city, dinkes):
    pimpinan = MembershipFactory(pimpinan=True, city=city)
    for kind, person in [(one, pimpinan) for one in KINDS.values()] + [(ACTIONS, dinkes)]:
        with pytest.raises(PermissionDenied):
            situations.kept(kind, city, person.user, Reading([]), plan=plan.pk)
    assert not StagedImport.objects.exists()


def test_a_plan_of_another_city_is_no_place_for_a_table(plan, secretary):
    foreign = ActionPlanFactory(city=CityFactory(), instrument=plan.instrument)

    sheet = situations.kept(ACTIONS, plan.city, secretary, Reading([]), plan=foreign.pk)

    assert refused(sheet, seen="") == "gone"
    assert not Action.objects.exists()


# --- Nomenclature -----------------------------------------------------------------------------

CODES_HEADER = ["Kode", "Nama", "Menggantikan"]
ABOUT = {"decree": "Kepmendagri 900.1-2850 Tahun 2025", "valid_from": "2025-09-01"}


def codes(plan, by, *lines):
    return kept(plan, by, [CODES_HEADER, *lines], CODES, **ABOUT)


def test_codes_are_loaded_with_their_decree_and_once(plan, secretary):
    lines = [["2.08.07.2.01.0009", "Koordinasi", "2.08.07.2.01.0003"], ["2.08", "Bidang", None]]

    take(codes(plan, secretary, *lines))

    nomenclature = Nomenclature.objects.get()
    assert (nomenclature.decree, nomenclature.valid_from.isoformat()) == tuple(ABOUT.values())
    assert list(nomenclature.codes.values_list("code", "previous")) == [
        ("2.08", ""),
        ("2.08.07.2.01.0009", "2.08.07.2.01.0003"),
    ]
    assert standings(codes(plan, secretary, *lines)) == [Standing.SAME, Standing.SAME]


def test_a_second_file_of_the_decree_adds_and_mends(plan, secretary):
    take(codes(plan, secretary, ["2.08", "Bidang", None]))

    take(codes(plan, secretary, ["2.08", "Urusan", None], ["2.09", "Lain", None]), "2.08")

    known = Nomenclature.objects.get().codes.values_list("code", "name")
    assert list(known) == [("2.08", "Urusan"), ("2.09", "Lain")]


def test_a_code_that_became_a_number_is_refused(plan, secretary):
    sheet = codes(plan, secretary, [2.08, "Bidang", None], ["2.09", "Lain", None])

    assert len(sheet.faults) == 1
    assert "berubah menjadi angka" in sheet.faults[0]
    assert [line.name for line in lines_of(sheet)] == ["2.09 Lain"]
