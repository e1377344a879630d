"""Several sources of a year's ceiling: one spelling, one sum, the same on page, sheet and paper."""

import io

import openpyxl
import pypdf
import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionplan.choices import FundSource
from actionplan.funds import NAMED, funds_fault, read_funds, spell_funds
from actionplan.models import Action, ActionYear
from actionplan.services.actions import YearFacts, set_year
from cities.models import CityTrailEvent
from imports.lines import Standing
from tests.actionplan.test_pages import page, text
from tests.actionplan.test_plans import trail
from tests.actionsheets.test_sheets import exported, kept, lines_of, refused, standings, take
from tests.assessments.situations import NOW
from tests.factories.actionplan import ActionFactory, ActionYearFactory
from workbooks.codes import CellError
from workbooks.money import MOST

TWO = {"apbd kota": 1_000_000_001, "apbn": 250_000_000}
TOLD = "APBD kabupaten/kota: Rp1.000.000.001; APBN: Rp250.000.000"
HEADER = ["No", "Tahun", "Indikator", "Aksi", "Pagu", "Sumber dana", "Rincian dana"]
SHARES = st.dictionaries(
    st.sampled_from([one.value for one in NAMED]),
    st.integers(min_value=0, max_value=MOST // len(NAMED)),
    min_size=1,
)
OFTEN = settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def line(number, ceiling, funds, source=None):
    return [number, 2026, "1", "Latih anggota", ceiling, source, funds]


@pytest.fixture
def coordinator(client, secretary):
    client.force_login(secretary)
    return client


# --- One spelling -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "funds"),
    [
        (None, {}),
        ("  ", {}),
        (TOLD, TWO),
        ("apbn: 250.000.000\nAPBD kabupaten/kota: Rp 1000000001\n", TWO),
        ("APBN: 0;", {"apbn": 0}),
    ],
)
def test_sources_are_read_by_label_or_value_on_lines_or_after_semicolons(cell, funds):
    assert read_funds(cell) == funds


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("APBN", "tidak terbaca"),
        ("APBN:", "tidak terbaca"),
        ("250000000", "tidak terbaca"),
        (250_000_000, "tidak terbaca"),
        ("APBN: 1,25 M", "lebih dari satu cara"),
        ("APBN: 1,250", "lebih dari satu cara"),
        ("APBN: -5", "lebih dari satu cara"),
        ("APBN: 1.000.000.000.000.001", "melebihi seribu triliun"),
        ("Bank Dunia: 5", "tidak dikenal"),
        ("APBN: 1; apbn: 2", "satu kali"),
        ("Lebih dari satu sumber: 5", "satu kali"),
        ("=SUM(A1): 5", "tidak dikenal"),
    ],
)
def test_a_source_that_cannot_be_read_is_refused_and_quoted(cell, words):
    with pytest.raises(CellError, match=words):
        read_funds(cell)


@given(SHARES)
def test_what_is_written_is_read_back_to_the_rupiah(funds):
    assert read_funds(spell_funds(funds)) == funds
    assert read_funds(spell_funds(funds, between="\n")) == funds
    assert funds_fault(funds, sum(funds.values())) == ""
    assert funds_fault(funds, sum(funds.values()) + 1) != ""


@pytest.mark.parametrize("funds", [{"bank": 1}, {"apbn": -1}, {"lebih dari satu": 1}])
def test_a_source_that_is_none_is_a_fault(funds):
    assert funds_fault(funds, sum(funds.values())) == "Sumber dana atau jumlahnya tidak dikenal."


# --- Stored -----------------------------------------------------------------------------------


def test_several_sources_say_the_ceiling_and_stand_in_the_trail(action, secretary):
    facts = YearFacts(funds=TWO)
    row = set_year(action_id=action.pk, year=2027, facts=facts, by=secretary, at=NOW)

    row.refresh_from_db()
    assert (row.ceiling, row.source, row.funds) == (1_250_000_001, FundSource.MIXED, TWO)
    [(deed, _target, _before, after)] = trail(action.plan.city)
    assert (deed, after["ceiling"], after["source"]) == (
        CityTrailEvent.ACTION_CHANGED,
        "Rp1.250.000.001",
        TOLD,
    )


def test_a_single_source_is_the_source(action, secretary):
    facts = YearFacts(ceiling=5, source=FundSource.APBD_KOTA, funds={"apbn": 5})
    row = set_year(action_id=action.pk, year=2026, facts=facts, by=secretary, at=NOW)

    assert (row.source, row.sources) == (FundSource.APBN, {"apbn": 5})


@pytest.mark.parametrize("ceiling", [1_250_000_000, 1_250_000_002])
def test_a_rupiah_too_much_or_too_little_is_refused(action, secretary, ceiling):
    before = list(ActionYear.objects.values())

    with pytest.raises(ValidationError, match=r"berjumlah Rp1\.250\.000\.001"):
        set_year(
            action_id=action.pk,
            year=2026,
            facts=YearFacts(ceiling=ceiling, funds=TWO),
            by=secretary,
            at=NOW,
        )

    assert list(ActionYear.objects.values()) == before


# --- Page, paper and files --------------------------------------------------------------------


def test_a_year_takes_its_sources_line_by_line_and_shows_them(coordinator, action):
    address = page(action.plan, "year_edit", 1, 2026)
    said = {"ceiling": "1.250.000.001", "funds": TOLD.replace("; ", "\n")}

    told = text(coordinator.post(address, said, follow=True))

    assert action.years.get().funds == TWO
    assert f"({TOLD})" in told
    assert "APBN: Rp250.000.000</textarea>" in coordinator.get(address).content.decode()
    assert TOLD in text(coordinator.get(page(action.plan, "monitoring", 2026)))


def test_a_wrong_sum_comes_back_with_what_was_typed(coordinator, action):
    said = {"ceiling": "7", "funds": "APBN: 5"}

    answer = coordinator.post(page(action.plan, "year_edit", 1, 2026), said)

    assert "Sumber dana berjumlah Rp5, pagu Rp7." in text(answer)
    assert "APBN: 5</textarea>" in answer.content.decode()
    assert action.years.get().funds == {}


def test_the_budget_tells_each_source_and_loses_no_rupiah(coordinator, action):
    action.years.update(ceiling=1_250_000_001, source=FundSource.MIXED, funds=TWO)
    other = ActionFactory(plan=action.plan, number=2)
    ActionYearFactory(action=other, ceiling=3, source=FundSource.APBN)
    ActionYearFactory(action=ActionFactory(plan=action.plan, number=3), ceiling=4, source="")
    address = page(action.plan, "budget", 2026)

    told = text(coordinator.get(address))
    file = coordinator.get(address, {"data": "sumber-dana", "format": "csv"})

    assert "APBD kabupaten/kota: Rp1.000.000.001 APBN: Rp250.000.003 Belum disebut: Rp4" in told
    lines = (b"".join(file) if file.streaming else file.content).decode().splitlines()
    assert [one.replace(",", ";").split(";")[-1] for one in lines[-4:]] == [
        "1000000001",
        "250000003",
        "4",
        "1250000008",
    ]


def test_the_paper_names_the_sources(coordinator, action):
    action.years.update(ceiling=1_250_000_001, source=FundSource.MIXED, funds=TWO)

    content = coordinator.get(page(action.plan, "monitoring_pdf", 2026)).content

    paper = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "Rp250.000.000" in "".join(paper.split())


# --- Sheets -----------------------------------------------------------------------------------


@OFTEN
@given(st.lists(SHARES, min_size=1, max_size=3))
def test_every_rupiah_of_every_source_survives_in_sum_and_out(plan, secretary, shares):
    Action.objects.all().delete()
    rows = [line(n, None, spell_funds(funds)) for n, funds in enumerate(shares, 1)]

    take(kept(plan, secretary, [HEADER, *rows]))

    stored = ActionYear.objects.order_by("action__number")
    assert [one.funds for one in stored] == shares
    assert [one.ceiling for one in stored] == [sum(funds.values()) for funds in shares]
    sheet = openpyxl.load_workbook(io.BytesIO(exported(plan))).active
    _header, *out = sheet.iter_rows(values_only=True)
    assert [read_funds(row[18]) for row in out] == shares
    assert standings(kept(plan, secretary, exported(plan))) == [Standing.SAME] * len(shares)


def test_a_line_whose_sources_make_another_sum_is_refused_alone(plan, secretary):
    sheet = kept(plan, secretary, [HEADER, line(1, 6, "APBN: 5"), line(2, 5, "APBN: 5")])

    assert standings(sheet) == [Standing.REFUSED, Standing.NEW]
    assert lines_of(sheet)[0].note.startswith("Sumber dana berjumlah Rp5, pagu Rp6.")
    take(sheet)
    assert list(ActionYear.objects.values_list("action__number", "ceiling")) == [(2, 5)]


def test_a_new_ceiling_without_its_sources_is_refused_beside_the_stored_ones(plan, secretary):
    take(kept(plan, secretary, [HEADER, line(1, 5, "APBN: 5")]))

    sheet = kept(plan, secretary, [HEADER, line(1, 6, None)])

    assert standings(sheet) == [Standing.REFUSED]
    assert refused(sheet) == "nothing"
    assert ActionYear.objects.get().ceiling == 5


def test_a_year_that_has_no_ceiling_yet_comes_back_unchanged(plan, secretary, action):
    action.years.update(ceiling=None, source="", funds={})

    assert standings(kept(plan, secretary, exported(plan))) == [Standing.SAME]
