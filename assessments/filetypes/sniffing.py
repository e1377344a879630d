"""Chooses the inspector of a file by its first bytes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

import filetype
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.filetypes.inspected import InspectedFile
from assessments.filetypes.kinds import ALLOWED_LABELS, Content
from assessments.filetypes.office import inspect_package
from assessments.filetypes.old_office import COMPOUND_START, inspect_compound, inspect_rtf
from assessments.filetypes.pdf import inspect_pdf
from assessments.filetypes.picture_heads import is_bmp
from assessments.filetypes.pictures import (
    inspect_bmp,
    inspect_gif,
    inspect_heic,
    inspect_jpeg,
    inspect_png,
    inspect_tiff,
    inspect_webp,
)
from assessments.filetypes.signs import VIRUS_TEST, occurs
from assessments.filetypes.tables import inspect_text, looks_like_text

INSPECTORS: tuple[tuple[re.Pattern[bytes], Callable[[InspectedFile], Content]], ...] = (
    (re.compile(rb"\xff\xd8\xff"), inspect_jpeg),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), inspect_png),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), inspect_webp),
    (re.compile(rb"....ftyp(?:heic|heix|hevc|heim|heis|mif1|msf1|heif)", re.DOTALL), inspect_heic),
    (re.compile(rb"GIF8[79]a"), inspect_gif),
    (re.compile(rb"II\*\x00|MM\x00\*"), inspect_tiff),
    (re.compile(rb"PK\x03\x04|PK\x05\x06"), inspect_package),
    (re.compile(re.escape(COMPOUND_START)), inspect_compound),
    (re.compile(rb"\s*\{\\rtf"), inspect_rtf),
)


def inspect(file: InspectedFile) -> Content:
    """What the file really is; refuses everything that is not a sound supporting document."""
    _refuse_virus_test(file)
    head = file.head()
    for signature, inspector in INSPECTORS:
        if signature.match(head):
            return inspector(file)
    if is_bmp(head):
        return inspect_bmp(file)
    # Scanners and mail programs put bytes before a PDF; a web page before one makes it a page.
    if b"%PDF-" in head and not head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        return inspect_pdf(file)
    if looks_like_text(head):
        return inspect_text(file)
    raise _foreign(file, head)


def _refuse_virus_test(file: InspectedFile) -> None:
    if occurs(VIRUS_TEST, file.chunks()):
        raise file.refusal(
            "active_content",
            _(
                "Berkas “%(name)s” (%(size)s) dikenali sebagai virus. Periksa komputer Anda "
                "dengan antivirus, lalu unggah berkas yang bersih."
            ),
        )


def _foreign(file: InspectedFile, head: bytes) -> ValidationError:
    guess = filetype.guess(head)
    if guess is None:
        return file.refusal(
            "unknown_type",
            _(
                "Jenis berkas “%(name)s” (%(size)s) tidak dikenali dari isinya. Yang diterima: "
                "%(allowed)s. Simpan ulang dalam salah satu jenis itu, lalu unggah kembali."
            ),
            allowed=ALLOWED_LABELS,
        )
    if guess.mime.startswith("image/"):
        sentence = _(
            "Berkas “%(name)s” (%(size)s) ternyata gambar %(found)s. "
            "Kirim sebagai foto JPEG atau tangkapan layarnya."
        )
    else:
        sentence = _(
            "Berkas “%(name)s” (%(size)s) ternyata berjenis %(found)s. Yang diterima: "
            "%(allowed)s. Unggah dokumen atau foto sebagai gantinya."
        )
    return file.refusal(
        "not_allowed", sentence, found=guess.extension.upper(), allowed=ALLOWED_LABELS
    )
