"""A line of text over every page of a rendition: who opened it, and when."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageDraw, ImageFont

PDF = "application/pdf"
LINES = 6  # across the height
PER_WIDTH = 40  # characters of the mark that fill the width of a page
SLANT = 30  # degrees
SHADE = 0.3  # of black on paper


def make(source: Path, target: Path, *, media_type: str, text: str) -> dict[str, Any]:
    """Write `source`, a rendition of ours, with `text` on it, in the same type."""
    if media_type == PDF:
        _mark_pages(source, target, text)
    elif media_type.startswith("image/"):
        _mark_picture(source, target, text)
    else:
        target.write_bytes(f"{text}\n\n".encode() + source.read_bytes())
    return {"media_type": media_type}


def _mark_picture(source: Path, target: Path, text: str) -> None:
    with Image.open(source, formats=("JPEG", "PNG")) as opened:
        kind = opened.format
        picture = opened.convert("RGBA")
    width, height = picture.size
    size = max(10, width * 2 // PER_WIDTH)
    font = ImageFont.load_default(size)
    line = Image.new("RGBA", (math.ceil(font.getlength(text)) + size, size * 2))
    drawing = ImageDraw.Draw(line)
    # Light under dark, so that it shows on either.
    drawing.text((size // 2 + 2, 2), text, font=font, fill=(255, 255, 255, 120))
    drawing.text((size // 2, 0), text, font=font, fill=(0, 0, 0, 120))
    slanted = line.rotate(SLANT, expand=True)
    over = Image.new("RGBA", picture.size)
    for number in range(LINES + 1):
        top = height * number // LINES - slanted.height // 2
        for left in range(-slanted.width // 2, width, slanted.width):
            over.paste(slanted, (left, top), slanted)
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
    size = max(6.0, width * 2 / PER_WIDTH)
    cosine, sine = math.cos(math.radians(SLANT)), math.sin(math.radians(SLANT))
    words = text.encode("cp1252", errors="replace").hex()
    drawn = [f"q {faint} gs 0 g BT {font} {size:.2f} Tf"]
    for number in range(LINES + 1):
        y = bottom + height * number / LINES - width * sine / 2
        turned = f"{cosine:.4f} {sine:.4f} {-sine:.4f} {cosine:.4f} {left:.2f} {y:.2f} Tm"
        drawn.append(f"{turned} <{words}> Tj")
    drawn.append("ET Q")
    return "\n".join(drawn).encode()
