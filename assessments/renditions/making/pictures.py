"""A picture as pages show it: upright, of a size for a screen, and without where it was taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image, ImageFile

LONGEST = 2_400  # pixels of the longer side: a page of A4 at 200 dpi
MAX_PIXELS = 120_000_000
QUALITY = 85
POSITION = 0x8825  # the GPS part of EXIF
ORIENTATION = 0x0112
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF", "BMP", "TIFF")

# As ImageOps.exif_transpose turns them.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Modes that Pillow reduces smoothly as they are.
SMOOTH = frozenset({"L", "RGB", "RGBA", "CMYK"})

pillow_heif.register_heif_opener(thumbnails=False)
# The size is judged below, with a limit of our own; what the last bytes are missing stays grey.
Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = True


def make(source: Path, target: Path) -> dict[str, Any]:
    """Write the first picture of `source` as JPEG, or as PNG where parts of it are clear."""
    changes: dict[str, int] = {}
    with Image.open(source, formats=FORMATS) as opened:
        picture: Image.Image = opened
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise ValueError(f"{width} × {height} pixels")
        exif = exif_of(picture)
        if exif is None or exif.get_ifd(POSITION):
            changes["position"] = 1
        frames = getattr(picture, "n_frames", 1)
        if frames > 1 and picture.format != "MPO":
            changes["first_of"] = frames
        picture.draft("RGB", (LONGEST, LONGEST))  # JPEG: decoded reduced, an eighth at the least
        picture.load()
        if picture.mode not in SMOOTH:  # else reduced as it is, so that it is held only once
            picture = _plain(picture)
        picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
        turn = TURNS.get(exif.get(ORIENTATION, 1)) if exif is not None else None
        if turn is not None:
            changes["turned"] = 1
            picture = picture.transpose(turn)
        upright = _plain(picture)
    if max(width, height) > LONGEST:
        changes["reduced"] = 1
    # A new picture holds nothing of the old one but its dots.
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    if clean.mode == "RGBA":
        clean.save(target, "PNG")
        return {"media_type": "image/png", "changes": changes}
    clean.save(target, "JPEG", quality=QUALITY)
    return {"media_type": "image/jpeg", "changes": changes}


def exif_of(picture: Image.Image) -> Image.Exif | None:
    """What the camera noted; None where it cannot be read, and might tell anything."""
    try:
        exif = picture.getexif()
        exif.get_ifd(POSITION)
    except Exception:  # noqa: BLE001 -- Pillow names no kind of fault for a damaged note
        return None
    return exif


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
