"""The report of a city's year on paper: A4, with bookmarks and the number of each page."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    Paragraph,
    Spacer,
)

from assessments.choices import ScoreKind
from assessments.queries.indicator import IndicatorDashboard, questions_chart
from assessments.queries.pace import pace_lines
from assessments.queries.year import Standing
from assessments.reports.city import (
    CityReport,
    award_table,
    document_columns,
    document_rows,
    documents_of,
)
from figures.layout.ladder_drawing import ladder_drawing
from figures.layout.line import line_drawing
from figures.layout.radar import radar
from figures.layout.tables import points_table
from figures.numbers import format_points
from figures.pdf import pdf_drawing
from figures.pdf_pages import numbered_page
from figures.pdf_styles import BODY, MARGIN, SECTION, TITLE, WIDTH, printable
from figures.pdf_tables import LongList, pdf_chart_table
from figures.values import Chart

UPRIGHT, SIDEWAYS = "upright", "sideways"
LONG = A4[1] - 2 * MARGIN  # the width of a page on its side
RADAR = 90 * mm  # the width of what is nearly round
MOST_DOCUMENTS = 20_000  # some 600 pages, five seconds; a workbook has room for all
DOCUMENT_WIDTHS = tuple(width * mm for width in (22, 55, 92, 32, 32, 28))  # of document_columns
START = 45 * mm  # a heading stands alone where less is left of its page
COVER = ParagraphStyle("cover", TITLE, fontSize=28, leading=34, spaceAfter=6 * mm)
CHAPTER = ParagraphStyle("chapter", TITLE, spaceAfter=4 * mm)


class Heading(Paragraph):
    """A heading that the reader's program lists beside the pages; `level` 0 is a chapter."""

    def __init__(self, text: str, level: int = 0) -> None:
        super().__init__(printable(text), SECTION if level else CHAPTER)
        self.text_listed, self.level = text, level
        self.keepWithNext = True

    def draw(self) -> None:
        key = f"{self.canv.getPageNumber()}-{id(self)}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(self.text_listed, key, self.level, closed=self.level > 0)
        super().draw()


def report_file(report: CityReport, *, moment: str) -> IO[bytes]:
    """The report as PDF in a temporary file, rewound.

    `moment` is when its figures were read, in the city's own time. Documents are laid out a
    few at a time, so that memory grows with the pages and not with what stands on them.
    """
    city, year = report.assessment.city.name, report.assessment.year
    title = _("Laporan KLA %(city)s %(year)d") % {"city": city, "year": year}
    # Closed with the answer that sends it.
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    paper = BaseDocTemplate(file, title=title, author=city, lang="id", invariant=1)
    foot = f"{title} – {moment}"
    paper.addPageTemplates(
        [numbered_page(UPRIGHT, A4, foot), numbered_page(SIDEWAYS, landscape(A4), foot)]
    )
    paper.build(
        [
            *_cover(report, moment),
            *_summary(report),
            *_tables(report),
            *_indicators(report),
            *_documents(report),
        ]
    )
    file.seek(0)
    return file


def _cover(report: CityReport, moment: str) -> Iterator[Flowable]:
    assessment = report.assessment
    yield Spacer(0, 70 * mm)
    yield Paragraph(_("Laporan Kota Layak Anak"), BODY)
    yield Paragraph(printable(f"{assessment.city.name} {assessment.year}"), COVER)
    for line in (
        assessment.instrument.title,
        assessment.get_stage_display(),
        _("Keadaan %(moment)s") % {"moment": moment},
    ):
        yield Paragraph(printable(str(line)), BODY)
    yield PageBreak()


def _summary(report: CityReport) -> Iterator[Flowable]:
    board = report.dashboard
    yield Heading(_("Ringkasan"))
    yield _said(_standing(str(ScoreKind.EVIDENCED.label), board.evidenced))
    yield _said(_standing(str(ScoreKind.CLAIMED.label), board.claimed))
    if board.official:
        kind, standing = board.official
        yield _said(_standing(str(kind.label), standing))
    yield from _drawn(report.charts["tangga"], pdf_drawing(ladder_drawing(board.ladder), WIDTH))
    awards = award_table(report)
    if awards.rows:
        yield Heading(awards.title, 1)
        yield pdf_chart_table(awards, WIDTH)
    yield PageBreak()
    yield Heading(_("Klaster"))
    yield from _drawn(
        report.charts["klaster"],
        pdf_drawing(points_table(board.clusters, shared_scale=True), WIDTH),
    )
    yield Spacer(0, 6 * mm)
    yield _said(_("Tepi luar = nilai maksimum klaster"))
    yield pdf_drawing(radar(board.clusters), RADAR)
    yield PageBreak()
    yield Heading(_("Pekerjaan"))
    yield from _drawn(
        report.charts["laju"], pdf_drawing(line_drawing(pace_lines(board.pace)), WIDTH)
    )
    for key in ("menunggu", "pekan"):
        yield from _drawn(report.charts[key])


def _standing(name: str, standing: Standing) -> str:
    facts = {"name": name, "points": format_points(standing.points)}
    sentence = _("%(name)s %(points)s.") % facts
    if standing.predikat:
        facts["predikat"] = standing.predikat
        sentence = _("%(name)s %(points)s, predikat %(predikat)s.") % facts
    if standing.next_points is None:
        return sentence
    missing = {"points": format_points(standing.next_points), "next": standing.next_predikat}
    return f"{sentence} " + _("Kurang %(points)s menuju %(next)s.") % missing


def _said(sentence: str) -> Paragraph:
    return Paragraph(printable(sentence), BODY)


def _drawn(chart: Chart, *drawings: Flowable, width: float = WIDTH) -> Iterator[Flowable]:
    """A chart with its heading, what it says, and the figures behind it."""
    yield CondPageBreak(START)
    yield KeepTogether(
        [
            Heading(chart.title, 1),
            _said(chart.sentence),
            Spacer(0, 3 * mm),
            *drawings,
            Spacer(0, 3 * mm),
        ]
    )
    if chart.rows:
        yield pdf_chart_table(chart, width)


def _tables(report: CityReport) -> Iterator[Flowable]:
    yield NextPageTemplate(SIDEWAYS)
    yield PageBreak()
    yield Heading(_("Indikator dan OPD"))
    for key in ("indikator", "sisa", "opd"):
        yield from _drawn(report.charts[key], width=LONG)


def _indicators(report: CityReport) -> Iterator[Flowable]:
    yield PageBreak()
    yield Heading(_("Pertanyaan tiap indikator"))
    for one in report.indicators:
        yield from _indicator(one)


def _indicator(one: IndicatorDashboard) -> Iterator[Flowable]:
    chart = questions_chart(one)
    yield CondPageBreak(START)
    yield Heading(f"{one.indicator.code} {one.indicator.name}", 1)
    yield _said(chart.sentence)
    yield Spacer(0, 2 * mm)
    yield pdf_chart_table(chart, LONG)


def _documents(report: CityReport) -> Iterator[Flowable]:
    yield PageBreak()
    yield Heading(_("Daftar dokumen"))
    count = documents_of(report.assessment).count()
    if count > MOST_DOCUMENTS:
        words = _(
            "%(most)d dari %(count)d dokumen; selebihnya ada di lembar dokumen pada berkas XLSX."
        )
        yield _said(words % {"most": MOST_DOCUMENTS, "count": count})
    rows = islice(document_rows(report.assessment), MOST_DOCUMENTS)
    yield LongList(document_columns(), rows, DOCUMENT_WIDTHS)
