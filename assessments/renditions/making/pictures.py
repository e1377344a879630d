"""A picture as pages show it: upright, of a size for a screen, and without where it was taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image, ImageFile, ImageOps

LONGEST = 2_400  # pixels of the longer side: a page of A4 at 200 dpi
MAX_PIXELS = 120_000_000
QUALITY = 85
POSITION = 0x8825  # the GPS part of EXIF
ORIENTATION = 0x0112
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF", "BMP", "TIFF")

pillow_heif.register_heif_opener(thumbnails=False)
# The size is judged below, with a limit of our own; what the last bytes are missing stays grey.
Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = True


def make(source: Path, target: Path) -> dict[str, Any]:
    """Write the first picture of `source` as JPEG, or as PNG where parts of it are clear."""
    changes: dict[str, int] = {}
    with Image.open(source, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise ValueError(f"{width} × {height} pixels")
        exif = picture.getexif()
        if exif.get_ifd(POSITION):
            changes["position"] = 1
        if exif.get(ORIENTATION, 1) != 1:
            changes["turned"] = 1
        frames = getattr(picture, "n_frames", 1)
        if frames > 1 and picture.format != "MPO":
            changes["first_of"] = frames
        picture.draft("RGB", (LONGEST, LONGEST))  # JPEG: decoded reduced, an eighth at the least
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    if max(width, height) > LONGEST:
        changes["reduced"] = 1
    upright = _plain(upright)
    upright.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    # A new picture holds nothing of the old one but its dots.
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    if clean.mode == "RGBA":
        clean.save(target, "PNG")
        return {"media_type": "image/png", "changes": changes}
    clean.save(target, "JPEG", quality=QUALITY)
    return {"media_type": "image/jpeg", "changes": changes}


def _plain(picture: Image.Image) -> Image.Image:
    """In eight-bit colours: with transparency where the picture has it, else without."""
    is_clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if picture.mode.startswith("I"):  # sixteen bits of grey would be cut, not scaled
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    if is_clear:
        picture = picture.convert("RGBA")
        if picture.getchannel("A").getextrema() != (255, 255):
            return picture
    return picture.convert("RGB")
