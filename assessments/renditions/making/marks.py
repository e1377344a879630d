"""A line of text over every page of a rendition: who opened it, and when."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageDraw, ImageFont

PDF = "application/pdf"
ROWS = 4  # of the mark, down the page
LONGEST = 40  # characters of one line of the mark
ACROSS = 0.8  # of the width that the longest line takes
SLANT = 20  # degrees
SHADE = 0.3  # of black on paper
HELVETICA = 0.5  # of its size a letter is wide on the average


def make(source: Path, target: Path, *, media_type: str, text: str) -> dict[str, Any]:
    """Write `source`, a rendition of ours, with `text` on it, in the same type."""
    if media_type == PDF:
        _mark_pages(source, target, text)
    elif media_type.startswith("image/"):
        _mark_picture(source, target, text)
    else:
        target.write_bytes(f"{text}\n\n".encode() + source.read_bytes())
    return {"media_type": media_type}


def _lines(text: str) -> list[str]:
    """The mark in lines short enough that all of it is read on every page."""
    return textwrap.wrap(text, LONGEST)


def _mark_picture(source: Path, target: Path, text: str) -> None:
    with Image.open(source, formats=("JPEG", "PNG")) as opened:
        kind = opened.format
        picture = opened.convert("RGBA")
    width, height = picture.size
    words = "\n".join(_lines(text))
    probe = ImageDraw.Draw(picture).multiline_textbbox((0, 0), words, ImageFont.load_default(100))
    size = max(8.0, 100 * ACROSS * width / probe[2])
    font = ImageFont.load_default(size)
    block = Image.new("RGBA", (width, math.ceil(size * 1.5 * (words.count("\n") + 1))))
    drawing = ImageDraw.Draw(block)
    # Light under dark, so that it shows on either.
    middle, shift = width / 2, max(1.0, size / 20)
    for at, fill in ((shift, (255, 255, 255, 120)), (0.0, (0, 0, 0, 120))):
        place = (middle + at, at)
        drawing.multiline_text(place, words, font=font, fill=fill, anchor="ma", align="center")
    slanted = block.rotate(SLANT, expand=True)
    over = Image.new("RGBA", picture.size)
    step = max(height // ROWS, round(block.height * 1.5))
    for top in range(-slanted.height // 2 + step // 2, height, step):
        over.paste(slanted, ((width - slanted.width) // 2, top), slanted)
    marked = Image.alpha_composite(picture, over)
    if kind == "PNG":
        marked.save(target, "PNG")
    else:
        marked.convert("RGB").save(target, "JPEG", quality=85)


def _mark_pages(source: Path, target: Path, text: str) -> None:
    with pikepdf.open(source) as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
        faint = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, ca=SHADE, CA=SHADE)
        for page in pdf.pages:
            names = (
                page.add_resource(font, pikepdf.Name.Font),
                page.add_resource(faint, pikepdf.Name.ExtGState),
            )
            # What the page left turned or scaled is put back before the mark is drawn.
            page.contents_add(b"q", prepend=True)
            page.contents_add(b"Q " + _drawn(page, text, *names))
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _drawn(page: pikepdf.Page, text: str, font: Any, faint: Any) -> bytes:
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    width, height = right - left, top - bottom
    lines = _lines(text)
    size = max(4.0, ACROSS * width / (HELVETICA * max(map(len, lines))))
    cosine, sine = math.cos(math.radians(SLANT)), math.sin(math.radians(SLANT))
    turn = f"{cosine:.4f} {sine:.4f} {-sine:.4f} {cosine:.4f}"
    drawn = [f"q {faint} gs 0 g BT {font} {size:.2f} Tf {1.3 * size:.2f} TL"]
    for row in range(ROWS):
        x = left + (1 - ACROSS * cosine) * width / 2
        y = top - (row + 0.5) * height / ROWS - ACROSS * width * sine / 2
        drawn.append(f"{turn} {x:.2f} {y:.2f} Tm")
        drawn += [f"<{line.encode('cp1252', errors='replace').hex()}> Tj T*" for line in lines]
    drawn.append("ET Q")
    return "\n".join(drawn).encode()
