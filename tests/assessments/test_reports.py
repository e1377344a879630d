"""A report says what the pages say, to the last digit."""

import io
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from html import unescape
from itertools import chain

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.choices import ScoreKind, Verdict
from assessments.models import Answer, Assessment
from assessments.queries.indicator import indicator_dashboard, questions_chart
from assessments.reports import paper as paper_module
from assessments.reports.book import report_book, report_tables
from assessments.reports.city import city_report, document_columns, document_rows
from assessments.reports.paper import report_file
from assessments.services.official import enter_official
from assessments.services.scores import refresh_all
from clusters.models import Indicator
from figures.pdf_tables import CHUNK
from figures.values import format_cell
from tests.assessments.situations import NOW, claim, secretary_of, working_year
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of, granted
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
MOMENT = "2 Maret 2026 08.00 WIB"


@pytest.fixture
def busy(year):
    """A year with something to say in every table."""
    someone = secretary_of(year)
    year.target = year.instrument.bands.get(predikat="Madya")
    year.deadline = TODAY + timedelta(days=30)
    year.save()
    claim(answer_of(year, "1.1"), "19.125", by=someone)
    claim(answer_of(year, "2a.1"), "15", by=someone)
    proven = answer_of(year, "1.2")
    EvidenceFactory(answer=proven, accepted=True, document__title="Perda <3/2024> & lampiran")
    granted(proven, "13.2")
    EvidenceFactory(answer=answer_of(year, "2a.2"), returned=True)
    EvidenceFactory(answer=answer_of(year, "2a.2"))
    source = {"kind": ScoreKind.VA, "points": Decimal("7.5"), "why": "Berita acara"}
    enter_official(answer_id=proven.pk, by=someone, at=NOW, **source)
    AwardFactory(city=year.city, year=2025)
    refresh_all(assessment_id=year.pk)
    return Assessment.objects.get(pk=year.pk)


def paper_of(year):
    with report_file(city_report(year, today=TODAY), moment=MOMENT) as file:
        return PdfReader(io.BytesIO(file.read()))


def squashed(text):
    """Without any space: a word that is broken into lines is still the word."""
    return "".join(text.split())


def text_of(paper):
    return squashed("".join(page.extract_text() for page in paper.pages))


def cells_text(columns, row):
    return squashed(
        "".join(format_cell(cell, one.unit) for cell, one in zip(row, columns, strict=True))
    )


def table_text(columns, rows):
    heads = squashed("".join(column.name for column in columns))
    return heads + "".join(cells_text(columns, row) for row in rows)


@pytest.mark.parametrize(
    "key", ["tangga", "klaster", "menunggu", "pekan", "laju", "sisa", "opd", "indikator"]
)
def test_every_table_of_the_page_is_on_paper_with_all_its_figures(busy, key):
    chart = city_report(busy, today=TODAY).charts[key]

    assert chart.rows
    assert table_text(chart.columns, chart.rows) in text_of(paper_of(busy))


def test_what_the_page_shows_is_what_is_printed(busy):
    client = Client()
    client.force_login(MembershipFactory(pimpinan=True, city=busy.city).user)
    address = {"city_slug": busy.city.slug, "year": busy.year}

    names = ("assessment_detail", "year_pace")  # on the others figures are bars and cells
    pages = [client.get(reverse(f"assessments:{name}", kwargs=address)).text for name in names]
    response = client.get(reverse("assessments:report_pdf", kwargs=address))
    printed = text_of(PdfReader(io.BytesIO(b"".join(response.streaming_content))))

    tables = [
        re.findall(r'<table class="table chart-table">(.*?)</table>', page, re.DOTALL)
        for page in pages
    ]
    assert [len(found) for found in tables] == [1, 2]
    for table in chain.from_iterable(tables):
        assert squashed(unescape(re.sub(r"<[^>]+>", "", table))) in printed
    stem = f"laporan-kla-{busy.city.slug}-{busy.year}.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{stem}"'


def test_each_indicator_is_printed_as_its_own_page_shows_it(busy):
    printed = text_of(paper_of(busy))
    indicators = list(Indicator.objects.filter(cluster__instrument=busy.instrument))

    assert len(indicators) == 3
    for indicator in indicators:
        answers = Answer.objects.filter(assessment=busy, question__indicator=indicator)
        page = indicator_dashboard(busy, indicator, answers, sees_whole=True, today=TODAY)
        chart = questions_chart(page)
        assert squashed(f"{indicator.code} {indicator.name}") in printed
        for row in chart.rows:
            # Code, text, state, maximum, claimed, proven; the stages follow.
            assert cells_text(chart.columns[:6], row[:6]) in printed
        if page.stages:
            assert table_text(chart.columns, chart.rows) in printed


def test_the_totals_stand_on_the_ladder_and_in_the_summary(busy):
    first = squashed(paper_of(busy).pages[1].extract_text())

    assert squashed("Terbukti 13,2.") in first
    assert squashed("Diklaim 34,125") in first
    assert first.count("34,125") == 4  # the summary, the sentence, the ladder and its table


def test_documents_are_listed_in_the_order_of_their_questions(busy):
    rows = list(document_rows(busy))

    assert [(row[0], row[-1]) for row in rows] == [
        ("1.2", Verdict.ACCEPTED.label),
        ("2a.2", Verdict.RETURNED.label),
        ("2a.2", Verdict.WAITING.label),
    ]
    assert table_text(document_columns(), rows) in text_of(paper_of(busy))


def test_documents_of_other_years_and_cities_are_not_listed(busy):
    other = working_year()
    EvidenceFactory(answer=answer_of(other, "1.2"), document__title="Milik kota lain")

    assert "Milikkotalain" not in text_of(paper_of(busy))


def test_a_list_longer_than_is_laid_out_at_once_is_complete(year):
    wanted = answer_of(year, "1.2")
    EvidenceFactory.create_batch(CHUNK + 1, answer=wanted, document__title="Surat unik")

    assert text_of(paper_of(year)).count("Suratunik") == CHUNK + 1


def test_a_list_that_nobody_would_print_is_cut_and_says_so(year, monkeypatch):
    monkeypatch.setattr(paper_module, "MOST_DOCUMENTS", 2)
    EvidenceFactory.create_batch(3, answer=answer_of(year, "1.2"), document__title="Surat unik")

    printed = text_of(paper_of(year))

    assert printed.count("Suratunik") == 2
    assert squashed("2 dari 3 dokumen; selebihnya ada di lembar dokumen") in printed


def test_an_empty_year_is_printed_with_nothing_in_it(year):
    paper = paper_of(year)

    assert paper.pages[-1].extract_text().endswith("Daftar dokumen\nTidak ada.\n")


def test_a_reader_finds_the_chapters_beside_the_pages_and_a_number_on_each(busy):
    paper = paper_of(busy)

    chapters = [one.title for one in paper.outline if not isinstance(one, list)]
    assert chapters == [
        "Ringkasan",
        "Klaster",
        "Pekerjaan",
        "Indikator dan OPD",
        "Pertanyaan tiap indikator",
        "Daftar dokumen",
    ]
    for number, page in enumerate(paper.pages, 1):
        assert f"Halaman {number}" in page.extract_text()
    assert paper.metadata.title == f"Laporan KLA {busy.city.name} {busy.year}"


def test_the_same_figures_give_the_same_bytes(busy):
    papers = []
    for _time in range(2):
        with report_file(city_report(busy, today=TODAY), moment=MOMENT) as file:
            papers.append(file.read())

    assert papers[0] == papers[1]


# --- As one workbook ----------------------------------------------------------------------------


def book_of(year):
    with report_book(city_report(year, today=TODAY)) as file:
        return load_workbook(io.BytesIO(file.read()))


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def entered(cell):
    """What a spreadsheet gives back for a cell: nothing for an empty text, days at midnight."""
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    return cell or (None if cell == "" else cell)


def as_written(value):
    """A number as decimal, so that equal means to the last digit."""
    return Decimal(str(value)) if isinstance(value, float) else value


def test_every_table_has_a_sheet_with_exactly_its_figures(busy):
    report, book = city_report(busy, today=TODAY), book_of(busy)

    tables = report_tables(report)
    assert book.sheetnames == ["isi", *(table.key for table in tables), "dokumen"]
    for table in tables:
        header, *rows = values(book[table.key])
        assert header == table.header
        assert [[as_written(cell) for cell in row] for row in rows] == [
            [entered(cell) for cell in row] for row in table.rows
        ]
    contents = values(book["isi"])[1:]
    assert contents == [[table.key, table.title, table.sentence] for table in tables]


def test_the_workbook_lists_the_documents_with_texts_that_nothing_runs(busy):
    EvidenceFactory(answer=answer_of(busy, "1.2"), offered_at=NOW, document__title="=HYPERLINK(1)")

    header, *rows = values(book_of(busy)["dokumen"])

    assert header == [column.name for column in document_columns()]
    assert [row[2] for row in rows] == [
        "Perda <3/2024> & lampiran",
        "'=HYPERLINK(1)",
        *(row[2] for row in document_rows(busy) if row[0] == "2a.2"),
    ]


def test_an_empty_year_has_all_sheets_and_no_claims(year):
    book = book_of(year)

    assert len(values(book["dokumen"])) == 1
    assert [row[4] for row in values(book["pertanyaan"])[1:]] == [None] * 5
