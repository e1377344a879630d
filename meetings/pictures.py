"""Pictures that minutes keep: signatures drawn with a finger, and photos of the meeting.

Both are small and stored beside what they belong to, so that minutes stay whole wherever their
rows go: into a backup, another database, a PDF.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _
from PIL import Image

from assessments.renditions.limited import Limits, WorkFailedError, run
from assessments.validators import inspect_file

PNG_PREFIX = "data:image/png;base64,"
SIGNATURE_BYTES = 40_000
SIGNATURE_PIXELS = (1_200, 600)  # the most that our canvas draws, on a screen of three dots a pixel
SIGNATURE_STORED = (480, 240)
PHOTO_BYTES = 11 * 1024 * 1024  # less than a page of photos takes: kla/bodies.py
PHOTO_PIXELS = (1_280, 1_280)
PHOTO_QUALITY = 78
LIMITS = Limits(memory=2 * 1024**3, seconds=20, output=64 * 1024**2)


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A JPEG in base64 and the SHA-256 of its bytes."""

    content: str
    sha256: str


def checked_signature(sent: str) -> str:
    """The drawn signature made anew as a small grey PNG in base64; empty where nothing was drawn.

    Raises ValidationError (`signature`) for anything that is not a PNG of our canvas.
    """
    if not sent:
        return ""
    refusal = ValidationError(
        _("Tanda tangan tidak terbaca. Gambar sekali lagi, atau kosongkan dan cukup ketik nama."),
        code="signature",
    )
    if not sent.startswith(PNG_PREFIX) or len(sent) > SIGNATURE_BYTES * 4 // 3 + 64:
        raise refusal
    try:
        content = base64.b64decode(sent.removeprefix(PNG_PREFIX), validate=True)
        with Image.open(io.BytesIO(content), formats=("PNG",)) as opened:
            if opened.width > SIGNATURE_PIXELS[0] or opened.height > SIGNATURE_PIXELS[1]:
                raise refusal
            drawn = opened.convert("RGBA")
    except (binascii.Error, OSError, SyntaxError, ValueError) as error:
        raise refusal from error
    paper = Image.new("RGBA", drawn.size, "white")
    ink = Image.alpha_composite(paper, drawn).convert("L")
    if not any(ink.histogram()[:128]):  # nothing dark: the canvas was left as it was
        return ""
    ink.thumbnail(SIGNATURE_STORED)
    stored = io.BytesIO()
    ink.quantize(8).save(stored, "PNG", optimize=True)
    return base64.b64encode(stored.getvalue()).decode()


def small_photo(file: File[bytes]) -> PhotoFile:
    """A photo for the minutes, upright and without where it was taken.

    Decoded in a process with limits. Raises ValidationError (`photo`; and what `inspect_file`
    raises).
    """
    facts = inspect_file(file, max_bytes=PHOTO_BYTES)
    refusal = ValidationError(
        _("Berkas itu bukan foto yang dapat ditampilkan. Pilih foto JPEG, PNG, atau HEIC."),
        code="photo",
    )
    if not facts.media_type.startswith("image/"):
        raise refusal
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        with source.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        try:
            run("picture", source, target, limits=LIMITS)
        except WorkFailedError as error:
            raise refusal from error
        with Image.open(target, formats=("JPEG", "PNG")) as made:
            photo = made.convert("RGB")
    photo.thumbnail(PHOTO_PIXELS)
    stored = io.BytesIO()
    photo.save(stored, "JPEG", quality=PHOTO_QUALITY, optimize=True)
    content = stored.getvalue()
    return PhotoFile(base64.b64encode(content).decode(), hashlib.sha256(content).hexdigest())
