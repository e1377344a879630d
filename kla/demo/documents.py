"""Documents for the demonstration city: readable, small, and marked as examples."""

from __future__ import annotations

import io
import textwrap

from pikepdf import Dictionary, Name, Pdf
from PIL import Image, ImageDraw, ImageFont

MARK = "CONTOH – data peragaan"

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 595, 842, 56  # A4 in points
COLUMNS, TITLE_COLUMNS = 86, 52  # what fits a line in 11 and 17 points
LEADING, TITLE_LEADING = 16, 22

PHOTO = (960, 640)
HORIZON = 400
CAPTION_TOP = 540
INK, PAPER, SUN = (33, 37, 41), (255, 255, 255), (255, 205, 86)

Colour = tuple[int, int, int]


def make_pdf(*, title: str, lines: list[str]) -> bytes:
    """One A4 page with the mark, the title and the lines, wrapped. The same bytes every time.

    Raises ValueError when the lines don't fit the page.
    """
    content = _page_content(title, lines)
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(PAGE_WIDTH, PAGE_HEIGHT))
        page.obj.Resources = Dictionary(
            Font=Dictionary(R=_font("Helvetica"), B=_font("Helvetica-Bold"))
        )
        page.obj.Contents = pdf.make_stream(content)
        pdf.docinfo[Name.Title] = f"{title} ({MARK})"
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def make_photo(*, caption: str, colour: Colour) -> bytes:
    """A JPEG of people before a house, drawn, with the mark and the caption across it."""
    image = Image.new("RGB", PHOTO, _mixed(colour, PAPER, 0.75))
    draw = ImageDraw.Draw(image)
    _draw_scene(draw, colour)
    _draw_caption(draw, caption)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _page_content(title: str, lines: list[str]) -> bytes:
    top = PAGE_HEIGHT - MARGIN
    parts = [_text("B", 10, top, MARK)]
    top -= 2 * TITLE_LEADING
    for part in textwrap.wrap(title, TITLE_COLUMNS):
        parts.append(_text("B", 17, top, part))
        top -= TITLE_LEADING
    top -= LEADING
    for line in lines:
        for part in textwrap.wrap(line, COLUMNS) or [""]:
            if top < MARGIN:
                raise ValueError("The lines do not fit on one page.")
            parts.append(_text("R", 11, top, part))
            top -= LEADING
    return b"\n".join(parts)


def _text(font: str, size: int, top: int, text: str) -> bytes:
    """One line of text; what the standard fonts lack becomes a question mark."""
    encoded = text.encode("cp1252", errors="replace")
    for special in (b"\\", b"(", b")"):
        encoded = encoded.replace(special, b"\\" + special)
    return b"BT /%s %d Tf %d %d Td (%s) Tj ET" % (font.encode(), size, MARGIN, top, encoded)


def _font(name: str) -> Dictionary:
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name("/" + name),
        Encoding=Name.WinAnsiEncoding,
    )


def _draw_scene(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    draw.ellipse((760, 60, 870, 170), fill=SUN)
    draw.rectangle((0, HORIZON, PHOTO[0], PHOTO[1]), fill=_mixed(colour, PAPER, 0.45))
    draw.rectangle((90, 230, 410, HORIZON), fill=PAPER)
    draw.polygon([(60, 230), (250, 120), (440, 230)], fill=_mixed(colour, INK, 0.5))
    draw.rectangle((220, 300, 280, HORIZON), fill=colour)
    for left in (120, 320):
        draw.rectangle((left, 275, left + 60, 325), fill=_mixed(colour, PAPER, 0.5))
    for left, height in ((500, 130), (570, 95), (635, 105), (705, 85), (770, 140)):
        _draw_person(draw, left, height, _mixed(colour, INK, height / 160))


def _draw_person(draw: ImageDraw.ImageDraw, left: int, height: int, colour: Colour) -> None:
    foot, head = HORIZON + 60, height // 3
    top = foot - height
    draw.ellipse((left, top, left + head, top + head), fill=INK)
    draw.rounded_rectangle(
        (left - 6, top + head + 4, left + head + 6, foot), radius=head // 2, fill=colour
    )


def _draw_caption(draw: ImageDraw.ImageDraw, caption: str) -> None:
    draw.rectangle((0, CAPTION_TOP, *PHOTO), fill=PAPER)
    shown = textwrap.shorten(caption, 68, placeholder=" ...")
    for text, top, size in ((MARK, 14, 20), (shown, 46, 26)):
        # The built-in font has no dash but the hyphen.
        plain = text.replace("–", "-")
        font = ImageFont.load_default(size)
        draw.text((32, CAPTION_TOP + top), plain, fill=INK, font=font)


def _mixed(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (
        round(one * (1 - share) + two * share) for one, two in zip(colour, other, strict=True)
    )
    return red, green, blue
