"""The profile of children as drawings, on paper and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, SimpleDocTemplate, Spacer

from childdata.queries.profile import Profile, ProfileCluster, ProfileRow
from figures.layout.bars import bar_sample, split_bar
from figures.layout.shapes import Drawing
from figures.layout.tables import BarTableRow, bar_line, bar_table
from figures.numbers import format_points
from figures.pdf import pdf_drawing
from figures.pdf_styles import BODY, MARGIN, SECTION, TITLE, WIDTH, printable
from figures.pdf_tables import pdf_chart_table
from registers.contract import AnswerKind, YearCount, shown_value
from workbooks.writing import Sheet, xlsx_book

ROOM = 60 * mm  # a cluster begins on a new page where less is left


def cluster_drawing(cluster: ProfileCluster) -> Drawing:
    """Two bars for each variable that has a number, a year each, on that variable's own scale."""
    lines = [(row, one) for row in cluster.known for one in row.years]
    legend = [
        bar_sample(_("Laki-laki, atau tanpa jenis kelamin"), "bar__evidenced"),
        bar_sample(_("Perempuan"), "bar__claimed"),
    ]
    rows = [_line(number, row, one) for number, (row, one) in enumerate(lines)]
    return bar_table(rows, [_("L"), _("P"), _("Jumlah"), _("Persen")], legend)


def _line(number: int, row: ProfileRow, one: YearCount) -> BarTableRow:
    told = one.counted
    counts = (told.male, told.female, told.total) if told else (None, None, None)
    return BarTableRow(
        f"{row.variable.title} {one.year}",
        [*map(format_points, counts), shown_value(one.value, AnswerKind.SHARE)],
        split_bar(*parts_of(one), row.most, line=bar_line(number)),
    )


def parts_of(one: YearCount) -> tuple[int, int]:
    """The two parts of a bar: boys and girls, or all of them where no sex is told."""
    told = one.counted
    if told is None:
        return 0, 0
    if told.male is None or told.female is None:
        return told.total, 0
    return told.male, told.female


def profile_pdf(profile: Profile, *, moment: str) -> bytes:
    """The profile on A4; `moment` is when its figures were read, in the city's own time."""
    file = io.BytesIO()
    paper = SimpleDocTemplate(
        file, pagesize=A4, title=profile.title, author=profile.city.name, lang="id", invariant=1,
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
    )  # fmt: skip
    facts = {"whole": profile.whole, "count": profile.count, "moment": moment}
    lead = _(
        "%(whole)d dari %(count)d variabel terisi untuk kedua tahun. Hanya jumlah, tanpa nama anak."
        " Keadaan %(moment)s."
    )
    parts: list[Flowable] = [
        Paragraph(printable(f"{profile.title}: {profile.city.name}"), TITLE),
        Paragraph(printable(lead % facts), BODY),
    ]
    for cluster in profile.clusters:
        parts += _chapter(cluster)
    paper.build(parts)
    return file.getvalue()


def _chapter(cluster: ProfileCluster) -> Iterator[Flowable]:
    yield CondPageBreak(ROOM)
    yield Paragraph(printable(cluster.name), SECTION)
    yield Paragraph(printable(cluster.sentence), BODY)
    if cluster.lacks:
        lacks = _("Belum ada angkanya: %(lacks)s.") % {"lacks": "; ".join(cluster.lacks)}
        yield Paragraph(printable(lacks), BODY)
    yield Spacer(0, 2 * mm)
    if cluster.known:
        yield pdf_drawing(cluster_drawing(cluster), WIDTH)
        yield Spacer(0, 2 * mm)
    yield pdf_chart_table(cluster.chart, WIDTH)


def profile_book(profile: Profile) -> IO[bytes]:
    """A sheet for each cluster, and one of what is missing; in a temporary file."""
    sheets = []
    for cluster in profile.clusters:
        chart = cluster.chart
        title = _("Klaster %(code)s") % {"code": cluster.code}
        sheets.append(Sheet(title, chart.header, chart.rows))
    lacks = [
        (cluster.name, row.variable.title, year)
        for cluster in profile.clusters
        for row in cluster.rows
        for year in row.missing
    ]
    header = [_("Klaster"), _("Variabel"), _("Tahun")]
    return xlsx_book([*sheets, Sheet(_("Belum ada"), header, lacks)])
