"""CSV: readable text. What it means is for the import to say."""

from __future__ import annotations

import codecs
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.filetypes.kinds import ALLOWED_LABELS, CSV, Kind
from assessments.filetypes.signs import MARKUP, occurs
from assessments.filetypes.upload import Upload

# Tabs and line ends are text, and 0x1a closes files of the DOS age; the rest is binary.
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
ENCODINGS = ("utf-8", "cp1252")

# Text that is some other kind of file by its first word.
OTHER_TEXT = (
    (re.compile(rb"#!"), gettext_lazy("skrip")),
    (re.compile(rb"<\?php", re.IGNORECASE), gettext_lazy("skrip PHP")),
    (re.compile(rb"@echo\s+off", re.IGNORECASE), gettext_lazy("skrip Windows")),
    (
        re.compile(
            rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+svg[^>]*>\s*)?<svg\b",
            re.IGNORECASE | re.DOTALL,
        ),
        gettext_lazy("gambar SVG"),
    ),
    (re.compile(rb"<\?xml", re.IGNORECASE), "XML"),
    (re.compile(rb"<"), gettext_lazy("halaman web (HTML)")),
    (re.compile(rb"\{\\rtf"), "RTF"),
    (re.compile(rb"%!PS"), "PostScript"),
    (
        re.compile(rb"MIME-Version:|Content-Type:\s*multipart", re.IGNORECASE),
        gettext_lazy("arsip web (MHTML)"),
    ),
)


def looks_like_text(head: bytes) -> bool:
    return not CONTROL.search(head)


def inspect_text(upload: Upload) -> Kind:
    """CSV is the only text accepted; it has no signature, so everything else is ruled out."""
    start = upload.head().removeprefix(codecs.BOM_UTF8).lstrip()
    for pattern, label in OTHER_TEXT:
        if pattern.match(start):
            raise _not_allowed(upload, label)
    if not start and not any(chunk.strip() for chunk in upload.chunks()):
        raise upload.refusal(
            "empty",
            _(
                "Berkas “%(name)s” (%(size)s) hanya berisi baris kosong. "
                "Pilih berkas yang berisi data, lalu unggah kembali."
            ),
        )
    if occurs(CONTROL, upload.chunks()) or not any(
        _decodes(upload, encoding) for encoding in ENCODINGS
    ):
        raise _unreadable(upload)
    if occurs(MARKUP, upload.chunks()):
        raise upload.refusal(
            "active_content",
            _(
                "Berkas “%(name)s” (%(size)s) adalah teks yang membawa kode halaman web. "
                "Hapus bagian itu dan simpan sebagai CSV, lalu unggah kembali."
            ),
        )
    return CSV


def _decodes(upload: Upload, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in upload.chunks():
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _not_allowed(upload: Upload, label: object) -> ValidationError:
    return upload.refusal(
        "not_allowed",
        _(
            "Berkas “%(name)s” (%(size)s) ternyata %(found)s. Yang diterima: %(allowed)s. "
            "Simpan atau cetak sebagai PDF, lalu unggah kembali."
        ),
        found=label,
        allowed=ALLOWED_LABELS,
    )


def _unreadable(upload: Upload) -> ValidationError:
    return upload.refusal(
        "unknown_type",
        _(
            "Jenis berkas “%(name)s” (%(size)s) tidak dikenali dari isinya. Yang diterima: "
            "%(allowed)s. Simpan ulang dalam salah satu jenis itu, lalu unggah kembali."
        ),
        allowed=ALLOWED_LABELS,
    )
