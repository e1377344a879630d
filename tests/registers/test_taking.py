"""A question takes its figure from a register, with its rows and its paper."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.choices import ScoreKind, Verdict
from assessments.matrices.specs import evaluated_years
from assessments.models import Answer, Assignment, TotalScore
from assessments.services.review import accept_evidence, return_evidence
from facilities.models import FacilityUse
from registers.contract import Count, RegisterRow, YearCount, read_years
from registers.matrix import Matrix
from registers.models import TakenValue
from registers.paper import matrix_paper
from registers.question_part import from_register
from registers.services.taking import take_value
from territories.models import Report
from tests.assessments.situations import (
    NOW,
    claim,
    later,
    refused,
    reviewer_of,
    secretary_of,
    staff_of,
)
from tests.factories.assessments import EvidenceFactory, answer_of, open_year
from tests.factories.cities import CityFactory, OpdFactory
from tests.factories.clusters import only, small_spec
from tests.factories.facilities import FacilityFactory, FacilityUseFactory
from tests.factories.territories import ReportFactory, UnitFactory

pytestmark = pytest.mark.django_db


def territorial_spec():
    return only(26)


@pytest.fixture
def year():
    city = CityFactory()
    for code in ("DP3A", "DUKCAPIL"):
        OpdFactory(city=city, code=code)
    year = open_year(city=city, spec=territorial_spec())
    district = UnitFactory(kecamatan=True, city=city)
    for number in range(40):
        unit = UnitFactory(city=city, parent=district)
        if number < 38:
            ReportFactory(unit=unit)
    return year


@pytest.fixture
def answer(year):
    return answer_of(year, "26.4")


@pytest.fixture
def secretary(year):
    return secretary_of(year)


def accept(evidence, by):
    accept_evidence(evidence_id=evidence.pk, granted_points=Decimal(3), by=by, at=later())


def give_back(evidence, by):
    return_evidence(evidence_id=evidence.pk, reason="Kurang", by=by, at=later())


def part_of(answer, *, may_claim=True):
    part = from_register(answer_of(answer.assessment, answer.question.code), may_claim=may_claim)
    return part.part if part else None


def page_of(answer, person):
    client = Client()
    client.force_login(person)
    return client.get(answer.get_absolute_url()).text


def take(answer, by, at=NOW, seen=None):
    seen = seen or part_of(answer).seen
    return take_value(answer_id=answer.pk, seen=seen, by=by, at=at)


def offers_of(answer):
    return list(answer.evidence.current().select_related("document").order_by("pk"))


def report_one_more(answer):
    city = answer.assessment.city
    silent = city.units.exclude(parent=None).filter(reports=None).first()
    ReportFactory(unit=silent, yes=False)


def test_the_register_offers_its_share_with_what_is_missing(answer):
    offer = part_of(answer)

    assert (offer.answer.numerator, offer.answer.denominator, len(offer.answer.missing)) == (
        38,
        40,
        2,
    )
    assert (offer.answer.value, offer.answer.shown) == (Decimal("95.00"), "95%")
    assert (offer.is_empty, offer.is_current, offer.has_moved, offer.difference) == (
        False,
        False,
        False,
        None,
    )


def test_taking_fills_the_figure_and_files_the_matrix_and_leaves_the_points(answer, secretary):
    claim(answer, "3.5", by=secretary, note="Kata kami", value=Decimal(80))
    assert part_of(answer).difference == Decimal(-15)

    taken = take(answer, secretary, at=later())

    answer.refresh_from_db()
    assert (answer.value, answer.claimed_points, answer.note) == (95, Decimal("3.5"), "Kata kami")
    [evidence] = offers_of(answer)
    document = evidence.document
    assert (document, taken.paper) == (taken.document, None)
    assert (document.title, evidence.verdict) == (
        "Matriks 26.4 dari register, 2025",
        Verdict.WAITING,
    )
    assert (evidence.kind.code, document.period_start, document.period_end) == (
        "matriks",
        date(2025, 1, 1),
        date(2025, 12, 31),
    )
    assert document.opd == evidence.opd == answer.assessment.city.opds.get(code="DP3A")
    assert (taken.numerator, taken.denominator, taken.missing) == (38, 40, 2)
    assert [row["counts"] for row in taken.rows].count(None) == 2
    assert part_of(answer).is_current


def book_of(taken, person):
    """What the person downloads beside the question."""
    client = Client()
    client.force_login(person)
    page = client.get(f"{taken.answer.get_absolute_url()}register/{taken.pk}.xlsx")
    return load_workbook(BytesIO(b"".join(page.streaming_content)))


def test_the_workbook_beside_it_holds_the_sum_and_every_row_as_they_were_taken(answer, secretary):
    taken = take(answer, secretary)
    offered = part_of(answer).answer
    report_one_more(answer)

    book = book_of(taken, secretary)

    assert taken.as_answer == replace(offered, noun="", url="")
    summary = dict(book["Ringkasan"].values)
    rows = list(book["Rincian"].values)[1:]
    assert (summary["Memenuhi"], summary["Seluruhnya"], summary["Belum melapor"]) == (38, 40, 2)
    assert [row[5] for row in rows].count("ya") == 38
    assert [row[5] for row in rows].count("belum melapor") == 2


def test_the_printed_matrix_says_the_same_on_numbered_pages(answer, secretary):
    unit = answer.assessment.city.units.exclude(parent=None).last()
    unit.name = "Sukamaju & <b>Baru</b>"
    unit.save()

    taken = take(answer, secretary)

    with taken.document.file.open() as file:
        pages = [page.extract_text() for page in PdfReader(file).pages]
    first, text = pages[0], "\n".join(pages)
    city = answer.assessment.city.name
    for line in (
        f"Kabupaten/kota\n{city}",
        "Pertanyaan\n26.4 ",
        "Tanggal acuan\n31 Desember 2025",
        "Diambil dari register\n2 Maret 2026 10.00 WIB",
        "Memenuhi\n38",
        "Seluruhnya\n40",
        "Persen\n95%",
        "Belum melapor\n2",
    ):
        assert line in first
    assert [f"Halaman {n}" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)
    assert len(pages) > 1
    assert (text.count("\nya\n"), text.count("\nbelum melapor\n")) == (38, 2)
    assert "Sukamaju & <b>Baru</b>" in text
    for row in taken.rows:
        assert row["code"] in text


def test_every_row_is_printed_once_however_many_there_are(answer):
    """More than are laid out at once."""
    offer = part_of(answer).answer
    rows = tuple(RegisterRow(f"kode-{n:03}.", "Kelurahan", "", "", None) for n in range(210))
    with matrix_paper(Matrix(replace(offer, rows=rows), "26.4", "Kota", "hari ini")) as file:
        text = "".join(page.extract_text() for page in PdfReader(file).pages)

    assert [text.count(row.code) for row in rows] == [1] * 210


def test_taking_twice_changes_nothing(answer, secretary, django_assert_num_queries):
    first = take(answer, secretary)
    rows = list(Answer.objects.filter(pk=answer.pk).values()), TakenValue.objects.count()

    assert take(answer, secretary, at=later()) == first

    assert (list(Answer.objects.filter(pk=answer.pk).values()), TakenValue.objects.count()) == rows
    assert answer.evidence.count() == 1


def test_when_the_register_moves_on_the_question_says_so_and_what_was_taken_stays(
    answer, secretary
):
    first = take(answer, secretary)
    report_one_more(answer)

    offer = part_of(answer)
    assert (offer.has_moved, offer.is_current) == (True, False)
    assert (offer.answer.numerator, len(offer.answer.missing)) == (38, 1)
    first.refresh_from_db()
    assert (first.numerator, first.missing) == (38, 2)


def test_a_matrix_that_waits_gives_way_to_the_next_one(answer, secretary):
    take(answer, secretary)
    report_one_more(answer)

    second = take(answer, secretary, at=later())

    documents = [one.document for one in offers_of(answer)]
    assert [(one, one.revision) for one in documents] == [(second.document, 2)]


def test_an_accepted_matrix_never_changes(answer, secretary, year):
    first = take(answer, secretary)
    evidence = offers_of(answer)[0]
    reviewer = reviewer_of(year).user
    accept_evidence(evidence_id=evidence.pk, granted_points=Decimal(3), by=reviewer, at=later())
    before = first.document.sha256
    report_one_more(answer)

    second = take(answer, secretary, at=later(2))

    evidence.refresh_from_db()
    assert (evidence.verdict, evidence.document) == (Verdict.ACCEPTED, first.document)
    assert evidence.document.sha256 == before
    assert second.document != first.document
    assert [one.document for one in offers_of(answer)] == [
        first.document,
        second.document,
    ]
    total = TotalScore.objects.get(assessment=year, kind=ScoreKind.EVIDENCED)
    assert total.points == 3


def test_a_returned_matrix_is_answered_by_the_next_one(answer, secretary, year):
    take(answer, secretary)
    reviewer = reviewer_of(year).user
    for evidence in offers_of(answer):
        return_evidence(evidence_id=evidence.pk, reason="Kurang", by=reviewer, at=later())
    report_one_more(answer)

    second = take(answer, secretary, at=later(2))

    assert [one.document for one in offers_of(answer)] == [second.document]


def taken_before_it_was_one_document(answer, secretary):
    """A value with a workbook and its print, each an offer of its own."""
    taken = take(answer, secretary)
    book = EvidenceFactory(
        answer=answer,
        kind=offers_of(answer)[0].kind,
        document__city=answer.assessment.city,
        document__opd=taken.document.opd,
        opd=taken.document.opd,
    )
    taken.document, taken.paper = book.document, taken.document
    taken.title = taken.silence = ""
    taken.save()
    return taken


def test_of_two_documents_of_one_value_the_print_gives_way_and_the_workbook_is_taken_back(
    answer, secretary
):
    old = taken_before_it_was_one_document(answer, secretary)
    assert part_of(answer).is_current
    assert dict(book_of(old, secretary)["Ringkasan"].values)["Belum melapor"] == 2
    report_one_more(answer)

    second = take(answer, secretary, at=later())

    assert [one.document for one in offers_of(answer)] == [second.document]
    assert second.document.revision_of == old.paper
    assert answer.evidence.count() == 2  # the print stays readable, the workbook is gone


@pytest.mark.parametrize("decide", [accept, give_back])
def test_a_workbook_that_was_decided_on_stays(answer, secretary, year, decide):
    old = taken_before_it_was_one_document(answer, secretary)
    decide(answer.evidence.get(document=old.document), reviewer_of(year).user)
    report_one_more(answer)

    second = take(answer, secretary, at=later(2))

    assert [one.document for one in offers_of(answer)] == [old.document, second.document]


def test_what_another_opd_handed_in_stays_beside_that_of_the_one_that_leads_now(answer, year):
    before, now = staff_of(year, "DP3A").user, staff_of(year, "DUKCAPIL")
    first = take(answer, before)
    Assignment.objects.leading().filter(answer=answer).update(opd=now.opd)
    report_one_more(answer)

    second = take(answer, now.user, at=later())

    assert [one.document for one in offers_of(answer)] == [first.document, second.document]
    assert second.document.opd == now.opd


def test_a_register_that_comes_back_to_what_it_said_is_filed_again(answer, secretary):
    first = take(answer, secretary)
    report_one_more(answer)
    take(answer, secretary, at=later())
    Report.objects.filter(unit__city=answer.assessment.city, yes=False).delete()

    third = take(answer, secretary, at=later(2))

    assert third.fingerprint == first.fingerprint
    assert [one.document for one in offers_of(answer)] == [third.document]


def test_where_a_matrix_is_no_proof_only_the_figure_is_taken(year, secretary):
    answer = answer_of(year, "26.2")  # asks for a regulation
    unit = year.city.units.exclude(parent=None).first()
    ReportFactory(unit=unit, criterion="26.2")

    taken = take(answer, secretary)

    answer.refresh_from_db()
    assert (taken.document, answer.evidence.count()) == (None, 0)
    assert answer.value == Decimal("2.5")


def test_what_nobody_saw_is_not_taken(answer, secretary):
    seen = part_of(answer).seen
    report_one_more(answer)

    with refused("moved"):
        take(answer, secretary, seen=seen)


def test_there_is_nothing_to_take_before_something_was_accepted(year, secretary):
    with refused("nothing"):
        take(answer_of(year, "26.5"), secretary)


def test_a_question_without_a_register_has_no_such_part(year, secretary):
    answer = answer_of(year, "26.18")

    assert part_of(answer) is None
    with refused("no_register"):
        take_value(answer_id=answer.pk, seen="x", by=secretary, at=NOW)
    other = answer_of(open_year(spec=small_spec()), "1.2")
    assert part_of(other) is None


def test_only_those_who_may_answer_the_question_take(answer, year):
    people = [reviewer_of(year).user, staff_of(year, "DUKCAPIL").user]

    for person in people:
        with pytest.raises(PermissionDenied):
            take(answer, person)
    assert TakenValue.objects.count() == 0
    assert take(answer, staff_of(year, "DP3A").user).document.opd.code == "DP3A"


def test_the_page_offers_and_takes(answer, secretary):
    client = Client()
    client.force_login(secretary)
    page = client.get(answer.get_absolute_url())
    assert "38 dari 40 kelurahan/desa (95%)" in page.text
    assert "2 belum melapor." in page.text

    url = f"{answer.get_absolute_url()}ambil/"
    stale = client.post(url, {"seen": "basi"}, follow=True)
    assert "Register atau sumbernya berubah sesudah halaman ini dibuka." in stale.text
    assert TakenValue.objects.count() == 0

    seen = part_of(answer).seen
    taken = client.post(url, {"seen": seen}, follow=True)
    assert "Nilai dari register diambil: 38 dari 40 (95%)." in taken.text
    assert "Ambil nilai ini" not in taken.text
    report_one_more(answer)
    assert "Ambil lagi" in client.get(answer.get_absolute_url()).text


@pytest.fixture
def childrens_year():
    """The question how many children use information facilities, of which two are recorded."""
    year = open_year(city=CityFactory(), spec=only(5))
    first, second = FacilityFactory.create_batch(2, city=year.city, type="pisa")
    before, now = evaluated_years(year.year)
    FacilityUseFactory(facility=first, year=before, boys=10, girls=20)
    FacilityUseFactory(facility=first, year=now, boys=11, girls=22)
    FacilityUseFactory(facility=second, year=before, boys=1, girls=2)
    return year


def test_a_count_by_sex_and_year_is_taken_frozen_and_filed(childrens_year):
    answer, secretary = answer_of(childrens_year, "5.3"), secretary_of(childrens_year)
    page = page_of(answer, secretary)
    for line in ("33 anak", "2024: 33 (L 11, P 22)", "2025: 33 (L 11, P 22)", "1 belum diketahui."):
        assert line in page

    taken = take(answer, secretary)

    answer.refresh_from_db()
    assert (answer.value, taken.kind, taken.told) == (33, "count", "33")
    assert (taken.numerator, taken.denominator, taken.missing) == (33, None, 1)
    assert read_years(taken.years) == (
        YearCount(2024, Count.by_sex(11, 22)),
        YearCount(2025, Count.by_sex(11, 22)),
    )
    [header, *rows] = book_of(taken, secretary)["Rincian"].values
    assert (taken.document.period_start, taken.document.period_end) == (
        date(2024, 1, 1),
        date(2025, 12, 31),
    )
    years = [f"Jumlah{sex} {year}" for year in (2024, 2025) for sex in (" L", " P", "")]
    assert list(header[6:]) == years
    with taken.document.file.open() as file:
        printed = PdfReader(file).pages[0].extract_text()
    for told in ("Jumlah 2025", "30 (L 10, P 20)", "33 (L 11, P 22)", "3 (L 1, P 2)"):
        assert told in printed
    assert [row[6:] for row in rows] == [
        (10, 20, 30, 11, 22, 33),
        (1, 2, 3, None, None, None),
        (11, 22, 33, 11, 22, 33),
    ]
    assert take(answer, secretary, at=later()) == taken
    assert part_of(answer).is_current


def test_a_count_that_moved_says_so_even_where_its_sum_stayed(childrens_year):
    answer, secretary = answer_of(childrens_year, "5.3"), secretary_of(childrens_year)
    take(answer, secretary)
    use = FacilityUse.objects.get(year=2025)
    use.boys, use.girls = use.girls, use.boys
    use.save()

    assert (part_of(answer).has_moved, part_of(answer).answer.value) == (True, 33)
    again = take(answer, secretary, at=later())
    assert read_years(again.years)[-1].counted == Count.by_sex(22, 11)
    assert [one.document for one in offers_of(answer)] == [again.document]
