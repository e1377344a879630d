"""CSV and plain text: whether they can be decoded. Their columns are read by the imports."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.filetypes.inspected import HEAD, InspectedFile
from assessments.filetypes.kinds import ALLOWED_LABELS, CSV, TXT, Content
from assessments.filetypes.names import extension_of
from assessments.filetypes.signs import MARKUP, occurs

# Tabs and line ends are text, and 0x1a closes files of the DOS age; the rest is binary.
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

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
    # A heading may begin with the same sign, as in <nama>;<alamat>.
    (
        re.compile(
            rb"<(?:!|(?:html|head|body|script|meta|title|table|div|p|style|iframe)\b)",
            re.IGNORECASE,
        ),
        gettext_lazy("halaman web (HTML)"),
    ),
    (re.compile(rb"%!PS"), "PostScript"),
    (
        re.compile(rb"MIME-Version:|Content-Type:\s*multipart", re.IGNORECASE),
        gettext_lazy("arsip web (MHTML)"),
    ),
)


def looks_like_text(head: bytes) -> bool:
    return head.startswith(UTF_16) or not CONTROL.search(head)


def inspect_text(file: InspectedFile) -> Content:
    """CSV and plain text. They have no signature, so everything else is ruled out."""
    encoding = _encoding(file)
    if encoding is None:
        raise _unreadable(file)
    start = next(_text(file, encoding), "").lstrip("\ufeff").lstrip().encode()[:HEAD]
    for pattern, label in OTHER_TEXT:
        if pattern.match(start):
            raise _not_allowed(file, label)
    if not start and not any(piece.strip("\ufeff \t\r\n") for piece in _text(file, encoding)):
        raise file.refusal(
            "empty",
            _(
                "Berkas “%(name)s” (%(size)s) hanya berisi baris kosong. "
                "Pilih berkas yang berisi data, lalu unggah kembali."
            ),
        )
    content = (piece.encode() for piece in _text(file, encoding))
    if occurs(CONTROL, content):
        raise _unreadable(file)
    if occurs(MARKUP, (piece.encode() for piece in _text(file, encoding))):
        raise file.refusal(
            "active_content",
            _(
                "Berkas “%(name)s” (%(size)s) adalah teks yang membawa kode halaman web. "
                "Hapus bagian itu dan simpan sebagai CSV, lalu unggah kembali."
            ),
        )
    return Content(TXT if extension_of(file.name) in TXT.extensions else CSV)


def _encoding(file: InspectedFile) -> str | None:
    """The first usual encoding in which the whole file can be read."""
    head = file.head()
    candidates = ("utf-16",) if head.startswith(UTF_16) else ("utf-8", "cp1252")
    return next((one for one in candidates if _decodes(file, one)), None)


def _text(file: InspectedFile, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk in file.chunks():
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _decodes(file: InspectedFile, encoding: str) -> bool:
    try:
        for _piece in _text(file, encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _not_allowed(file: InspectedFile, label: object) -> ValidationError:
    return file.refusal(
        "not_allowed",
        _(
            "Berkas “%(name)s” (%(size)s) ternyata %(found)s. Yang diterima: %(allowed)s. "
            "Simpan atau cetak sebagai PDF, lalu unggah kembali."
        ),
        found=label,
        allowed=ALLOWED_LABELS,
    )


def _unreadable(file: InspectedFile) -> ValidationError:
    return file.refusal(
        "unknown_type",
        _(
            "Jenis berkas “%(name)s” (%(size)s) tidak dikenali dari isinya. Yang diterima: "
            "%(allowed)s. Simpan ulang dalam salah satu jenis itu, lalu unggah kembali."
        ),
        allowed=ALLOWED_LABELS,
    )
