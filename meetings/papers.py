"""The letter of invitation and the minutes as PDF, A4."""

from __future__ import annotations

import base64
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    LongTable,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)

from figures.fonts import REGULAR, printable_text
from figures.numbers import NOTHING, format_date, format_zoned_moment
from figures.pdf_styles import (
    BODY,
    CELL,
    HEAD,
    LINE,
    MARGIN,
    SECTION,
    TINT,
    TITLE,
    WIDTH,
    printable,
)
from meetings.models import Attendance, Decision, Meeting, Photo
from meetings.queries.papers import MinutesContent

GAP = 4 * mm
FOOT = 6 * mm
SIGNATURE = (24 * mm, 10 * mm)
PHOTO_WIDTH = WIDTH * 0.7
PHOTO_HEIGHT = 95 * mm


def invitation_letter(meeting: Meeting, *, city: str) -> IO[bytes]:
    """The letter in a temporary file, rewound; the city adds its letterhead and signature."""
    facts = [
        (_("Nomor"), meeting.letter_number or "……"),
        (_("Perihal"), _("Undangan %(title)s") % {"title": meeting.title}),
    ]
    when = [
        (_("Waktu"), _span(meeting)),
        (_("Tempat"), meeting.place),
        (_("Pemimpin rapat"), meeting.chair),
    ]
    return _paper(
        _("Undangan %(title)s") % {"title": meeting.title},
        city,
        [
            Paragraph(printable(_("Gugus Tugas Kota Layak Anak %s") % city), TITLE),
            Spacer(1, GAP),
            *_facts(facts),
            Spacer(1, GAP),
            _text(_("Yth. Bapak/Ibu yang tercantum di bawah")),
            Spacer(1, GAP),
            _text(_("Dengan hormat kami mengundang Bapak/Ibu untuk hadir pada:")),
            *_facts(when),
            *_list(_("Agenda"), meeting.agenda_items),
            Spacer(1, GAP),
            _text(_("Bila berhalangan, mohon menugaskan wakil yang dapat mengambil keputusan.")),
            Spacer(1, 2 * GAP),
            KeepTogether([_text(meeting.chair), Spacer(1, 5 * GAP), _text("……………………………")]),
            *_list(_("Daftar undangan"), meeting.invited_lines),
        ],
    )


def minutes_paper(content: MinutesContent, *, city: str) -> IO[bytes]:
    """The minutes with attendance, decisions, photos and what was added later."""
    meeting = content.meeting
    closed = _("Belum ditutup: rancangan notula.")
    if meeting.is_closed:
        facts = {"name": meeting.closed_by, "moment": format_zoned_moment(meeting.closed_at)}
        closed = _("Ditutup oleh %(name)s pada %(moment)s.") % facts
    parts: list[Flowable] = [
        Paragraph(printable(_("Notula %s") % meeting.title), TITLE),
        Spacer(1, GAP),
        *_facts(
            [
                (_("Waktu"), _span(meeting)),
                (_("Tempat"), meeting.place),
                (_("Pemimpin rapat"), meeting.chair),
                (_("Keadaan"), closed),
            ]
        ),
        *_list(_("Agenda"), meeting.agenda_items),
        _heading(_("Jalannya rapat")),
        *[_text(line) for line in meeting.minutes.split("\n") if line.strip()],
        _heading(_("Keputusan")),
        *_decisions(content),
        _heading(_("Daftar hadir (%d orang)") % len(content.attendances)),
        *_names_removed(meeting),
        _attendances(content.attendances),
        *_addenda(content),
        *_photos(content.photos),
    ]
    if meeting.is_closed:
        parts.append(Spacer(1, GAP))
        parts.append(_text(_("Kode keaslian: %s") % content.checksum))
    return _paper(_("Notula %s") % meeting.title, city, parts)


def _paper(title: str, city: str, parts: list[Flowable]) -> IO[bytes]:
    # Closed with the answer that sends it.
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    paper = BaseDocTemplate(file, title=title, author=city, lang="id", invariant=1)
    width, height = A4
    frame = Frame(
        MARGIN,
        MARGIN + FOOT,
        WIDTH,
        height - 2 * MARGIN - FOOT,
        leftPadding=0,
        rightPadding=0,
    )

    def footer(canvas: Canvas, made: BaseDocTemplate) -> None:
        canvas.setFont(REGULAR, 7)
        canvas.drawString(MARGIN, MARGIN, printable_text(f"{title} – {city}"[:120]))
        number = _("Halaman %(page)d") % {"page": made.page}
        canvas.drawRightString(width - MARGIN, MARGIN, number)

    paper.addPageTemplates([PageTemplate("page", [frame], onPage=footer, pagesize=A4)])
    paper.build(parts)
    file.seek(0)
    return file


def _text(text: str) -> Paragraph:
    return Paragraph(printable(text), BODY)


def _heading(text: str) -> Paragraph:
    heading = Paragraph(printable(text), SECTION)
    heading.keepWithNext = True
    return heading


def _span(meeting: Meeting) -> str:
    if meeting.ends_at is None:
        return format_zoned_moment(meeting.starts_at)
    ends = format_zoned_moment(meeting.ends_at)
    return _("%(start)s sampai %(end)s") % {
        "start": format_zoned_moment(meeting.starts_at),
        "end": ends,
    }


def _facts(rows: Iterable[tuple[str, str]]) -> Iterator[Flowable]:
    for name, said in rows:
        yield Paragraph(f"<b>{printable(name)}</b>: {printable(said)}", BODY)


def _list(title: str, items: Sequence[str]) -> Iterator[Flowable]:
    if not items:
        return
    yield _heading(title)
    for number, item in enumerate(items, 1):
        yield _text(f"{number}. {item}")


def _decisions(content: MinutesContent) -> Iterator[Flowable]:
    if not content.decisions:
        yield _text(_("Tidak ada."))
        return
    header = [_("No."), _("Keputusan"), _("Penanggung jawab"), _("Tenggat")]
    rows = [
        [str(number), _what(one), one.owner or NOTHING, format_date(one.due_on)]
        for number, one in enumerate(content.decisions, 1)
    ]
    yield _table(header, rows, [10 * mm, WIDTH - 90 * mm, 50 * mm, 30 * mm])


def _what(one: Decision) -> str:
    return f"{one.text} ({one.subject.title})" if one.subject else one.text


def _names_removed(meeting: Meeting) -> Iterator[Flowable]:
    if meeting.names_removed_at is None:
        return
    facts = {"day": format_date(meeting.names_removed_at), "code": meeting.attendance_checksum}
    said = _(
        "Nama dan tanda tangan dihapus pada %(day)s sesuai masa simpan. "
        "Kode keaslian daftar hadir: %(code)s"
    )
    yield _text(said % facts)


def _attendances(attendances: Sequence[Attendance]) -> Flowable:
    if not attendances:
        return _text(_("Belum ada."))
    header = [_("No."), _("Nama"), _("Instansi dan jabatan"), _("Tanda tangan")]
    rows = [
        [str(number), _with_deputy(one), _where(one), _signature(one)]
        for number, one in enumerate(attendances, 1)
    ]
    return _table(header, rows, [10 * mm, 55 * mm, WIDTH - 95 * mm, 30 * mm])


def _with_deputy(one: Attendance) -> str:
    if not one.deputy_for:
        return one.name or NOTHING
    return _("%(name)s, mewakili %(other)s") % {"name": one.name, "other": one.deputy_for}


def _where(one: Attendance) -> str:
    return f"{one.institution}, {one.post}" if one.post else one.institution


def _signature(one: Attendance) -> Any:
    if not one.signature:
        if not one.name:
            return NOTHING
        return _("dicatat sekretaris") if one.by_id else _("nama diketik")
    return _picture(base64.b64decode(one.signature), *SIGNATURE)


def _photos(photos: Sequence[Photo]) -> Iterator[Flowable]:
    for number, photo in enumerate(photos):
        parts = [_picture(photo.jpeg, PHOTO_WIDTH, PHOTO_HEIGHT)]
        if photo.caption:
            parts.append(_text(photo.caption))
        heading = [] if number else [_heading(_("Foto"))]
        yield KeepTogether([*heading, *parts, Spacer(1, GAP)])


def _addenda(content: MinutesContent) -> Iterator[Flowable]:
    if content.addenda:
        yield _heading(_("Tambahan sesudah ditutup"))
    for one in content.addenda:
        yield _text(f"{format_zoned_moment(one.at)}, {one.by}: {one.text}")


def _picture(content: bytes, width: float, height: float) -> Image:
    """As large as fits, in its own shape."""
    return Image(io.BytesIO(content), width=width, height=height, kind="proportional")


def _table(header: list[str], rows: list[list[Any]], widths: list[float]) -> LongTable:
    cells = [[Paragraph(printable(name), HEAD) for name in header]]
    cells += [
        [Paragraph(printable(one), CELL) if isinstance(one, str) else one for one in row]
        for row in rows
    ]
    everything = ((0, 0), (-1, -1))
    table = LongTable(cells, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", *everything, 0.25, LINE),
                ("BACKGROUND", (0, 0), (-1, 0), TINT),
                ("VALIGN", *everything, "TOP"),
                ("TOPPADDING", *everything, 2),
                ("BOTTOMPADDING", *everything, 2),
                ("LEFTPADDING", *everything, 3),
            ]
        )
    )
    return table
