"""A frozen year on paper: A4, to be printed and kept."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from assessments import scoring
from assessments.choices import ScoreKind, Stage, Verdict
from clusters.choices import Measure
from figures.fonts import REGULAR
from figures.numbers import NOTHING, format_points
from figures.pdf_styles import (
    BODY,
    CELL,
    HEAD,
    LINE,
    MARGIN,
    RIGHT,
    RIGHT_HEAD,
    SECTION,
    TINT,
    TITLE,
    WIDTH,
    printable,
)

HASH = ParagraphStyle("hash", CELL, fontName="Courier", fontSize=6.5, leading=8, wordWrap="CJK")

Row = Sequence[Any]


def snapshot_paper(content: dict[str, Any], *, checksum: str, moment: str) -> bytes:
    """The snapshot as PDF; `moment` is when it was frozen, in the city's own time.

    The same snapshot always gives the same bytes.
    """
    file = BytesIO()
    title = _("Rekaman penilaian KLA %(city)s %(year)d") % {
        "city": content["city"]["name"],
        "year": content["year"],
    }
    paper = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 6 * mm,
        title=title,
        author=content["city"]["name"],
        lang="id",
        invariant=1,
    )

    def footer(canvas: Canvas, page: SimpleDocTemplate) -> None:
        canvas.setFont(REGULAR, 6.5)
        canvas.drawString(MARGIN, MARGIN, f"SHA-256 {checksum}")
        number = _("Halaman %(page)d") % {"page": page.page}
        canvas.drawRightString(MARGIN + WIDTH, MARGIN, number)

    story = [
        Paragraph(printable(title), TITLE),
        Spacer(0, 3 * mm),
        *_facts(content, checksum, moment),
        Paragraph(_("Nilai total"), SECTION),
        _totals(content),
        Paragraph(_("Nilai per klaster"), SECTION),
        _clusters(content),
        Paragraph(_("Jawaban"), SECTION),
        _answers(content),
        Paragraph(_("Dokumen pendukung"), SECTION),
        _documents(content),
        *_waivers(content),
        *_official(content),
    ]
    paper.build(story, onFirstPage=footer, onLaterPages=footer)
    return file.getvalue()


def _facts(content: dict[str, Any], checksum: str, moment: str) -> list[Any]:
    left, stage = Stage(content["left"]).label, Stage(content["stage"]).label
    instrument = content["instrument"]
    facts = [
        (_("Nomor rekaman"), str(content["number"])),
        (_("Perpindahan tahap"), f"{left} → {stage}"),
        (_("Dibekukan"), f"{moment}, {content['by']['name']}"),
        (_("Instrumen"), f"{instrument['title']} ({instrument['code']})"),
        (_("Satuan nilai"), str(Measure(instrument.get("measure", Measure.POINTS)).label)),
        (_("SHA-256 instrumen"), instrument["checksum"]),
        (_("Tabel predikat"), content.get("band_table") or _("menurut instrumen")),
        (_("SHA-256 rekaman sebelumnya"), content["previous"] or NOTHING),
        (_("SHA-256 rekaman ini"), checksum),
    ]
    rows = [(Paragraph(printable(k), HEAD), Paragraph(printable(v), CELL)) for k, v in facts]
    return [_table(rows, [48 * mm, WIDTH - 48 * mm], heads=0)]


def _totals(content: dict[str, Any]) -> LongTable:
    rows: list[Row] = [
        _heads([_("Nilai")], [_("Jumlah"), _("Pertanyaan bernilai")], [_("Predikat")])
    ]
    for kind in ScoreKind:
        total = content["totals"][kind]
        rows.append(
            (
                Paragraph(str(kind.label), CELL),
                Paragraph(format_points(total["points"]), RIGHT),
                Paragraph(str(total["answered"]), RIGHT),
                Paragraph(printable(total["predikat"] or NOTHING), CELL),
            )
        )
    return _table(rows, [WIDTH - 105 * mm, 30 * mm, 40 * mm, 35 * mm])


def _clusters(content: dict[str, Any]) -> LongTable:
    rows: list[Row] = [_heads([_("Klaster")], [_("Diklaim"), _("Terbukti"), _("Paling banyak")])]
    for cluster in content["clusters"]:
        points = cluster["points"]
        name = f"{cluster['label']} {cluster['name']}"
        if cluster["label"] == cluster["name"]:
            name = cluster["name"]
        figures = [
            points.get(ScoreKind.CLAIMED),
            points.get(ScoreKind.EVIDENCED),
            cluster["maximum"],
        ]
        rows.append(
            (
                Paragraph(printable(name), CELL),
                *(Paragraph(format_points(figure), RIGHT) for figure in figures),
            )
        )
    return _table(rows, [WIDTH - 75 * mm, 25 * mm, 25 * mm, 25 * mm])


def _answers(content: dict[str, Any]) -> LongTable:
    rows: list[Row] = [
        _heads(
            [_("Pertanyaan")],
            [_("Diklaim"), _("Ditetapkan"), _("Terbukti"), _("Dokumen diterima")],
        )
    ]
    for answer in content["answers"]:
        verdicts = [document["verdict"] for document in answer["documents"]]
        accepted = f"{verdicts.count(Verdict.ACCEPTED)}/{len(verdicts)}"
        proven = scoring.proven(answer["granted"], is_proven=answer["is_proven"])
        figures = [
            format_points(answer["claimed"]),
            format_points(answer["granted"]),
            format_points(proven),
            accepted,
        ]
        rows.append(
            (
                Paragraph(printable(answer["code"]), CELL),
                *(Paragraph(figure, RIGHT) for figure in figures),
            )
        )
    return _table(rows, [WIDTH - 110 * mm, 25 * mm, 25 * mm, 25 * mm, 35 * mm])


def _documents(content: dict[str, Any]) -> LongTable | Paragraph:
    rows: list[Row] = [_heads([_("Pertanyaan"), _("Judul"), _("Keputusan"), "SHA-256"])]
    rows += [
        (
            Paragraph(printable(answer["code"]), CELL),
            Paragraph(printable(document["title"]), CELL),
            Paragraph(str(Verdict(document["verdict"]).label), CELL),
            Paragraph(document["sha256"] or printable(document.get("address", "")), HASH),
        )
        for answer in content["answers"]
        for document in answer["documents"]
    ]
    if len(rows) == 1:
        return Paragraph(_("Tidak ada dokumen."), BODY)
    return _table(rows, [20 * mm, WIDTH - 112 * mm, 32 * mm, 60 * mm])


def _waivers(content: dict[str, Any]) -> list[Any]:
    """Kinds that were not required; nothing for a snapshot that does not tell of them."""
    rows: list[Row] = [_heads([_("Pertanyaan"), _("Dikecualikan"), _("Alasan"), _("Oleh")])]
    rows += [
        _cells(answer["code"], waiver["name"], waiver["reason"], waiver["by"])
        for answer in content["answers"]
        for waiver in answer.get("waivers", ())
    ]
    if len(rows) == 1:
        return []
    widths = [20 * mm, 45 * mm, WIDTH - 105 * mm, 40 * mm]
    return [Paragraph(_("Jenis dokumen yang dikecualikan"), SECTION), _table(rows, widths)]


def _official(content: dict[str, Any]) -> list[Any]:
    """What official stages gave, by indicator and by question, each with its source."""
    rows: list[Row] = [
        _heads([_("Bagian"), _("Jenis nilai"), _("Nilai"), _("Sumber"), _("Dicatat oleh")])
    ]
    entries = [
        (_("Indikator %(code)s") % {"code": row["code"]}, row)
        for row in content.get("official_indicators", ())
    ]
    entries += [
        (_("Pertanyaan %(code)s") % {"code": answer["code"]}, row)
        for answer in content["answers"]
        for row in answer.get("official_entries", ())
    ]
    rows += [
        _cells(
            place,
            str(ScoreKind(row["kind"]).label),
            format_points(row["points"]),
            row["why"] or NOTHING,
            row["by"],
        )
        for place, row in entries
    ]
    if len(rows) == 1:
        return []
    widths = [32 * mm, 36 * mm, 18 * mm, WIDTH - 121 * mm, 35 * mm]
    return [Paragraph(_("Rincian nilai resmi"), SECTION), _table(rows, widths)]


def _cells(*texts: str) -> Row:
    return tuple(Paragraph(printable(text), CELL) for text in texts)


def _heads(words: Sequence[str], numbers: Sequence[str] = (), more: Sequence[str] = ()) -> Row:
    return (
        *(Paragraph(word, HEAD) for word in words),
        *(Paragraph(word, RIGHT_HEAD) for word in numbers),
        *(Paragraph(word, HEAD) for word in more),
    )


def _table(rows: Sequence[Row], widths: Sequence[float], *, heads: int = 1) -> LongTable:
    table = LongTable([list(row) for row in rows], colWidths=list(widths), repeatRows=heads)
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    if heads:
        style.append(("BACKGROUND", (0, 0), (-1, heads - 1), TINT))
    table.setStyle(TableStyle(style))
    return table
