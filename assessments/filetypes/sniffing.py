"""From the first bytes of a file to the inspector of its family."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

import filetype
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.filetypes.kinds import ALLOWED_LABELS, Kind
from assessments.filetypes.office import inspect_package
from assessments.filetypes.pdf import inspect_pdf
from assessments.filetypes.pictures import inspect_jpeg, inspect_png, inspect_webp
from assessments.filetypes.signs import VIRUS_TEST, occurs
from assessments.filetypes.tables import inspect_text, looks_like_text
from assessments.filetypes.upload import Upload

INSPECTORS: tuple[tuple[re.Pattern[bytes], Callable[[Upload], Kind]], ...] = (
    (re.compile(rb"%PDF-"), inspect_pdf),
    (re.compile(rb"\xff\xd8\xff"), inspect_jpeg),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), inspect_png),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), inspect_webp),
    (re.compile(rb"PK\x03\x04|PK\x05\x06"), inspect_package),
)
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = re.compile(re.escape("EncryptedPackage".encode("utf-16-le")))


def inspect(upload: Upload) -> Kind:
    """What the file really is; refuses everything that is not a sound supporting document."""
    _refuse_virus_test(upload)
    head = upload.head()
    for signature, inspector in INSPECTORS:
        if signature.match(head):
            return inspector(upload)
    if b"%PDF-" in head and not head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise _displaced_pdf(upload)
    if looks_like_text(head):
        return inspect_text(upload)
    raise _foreign(upload, head)


def _refuse_virus_test(upload: Upload) -> None:
    if occurs(VIRUS_TEST, upload.chunks()):
        raise upload.refusal(
            "active_content",
            _(
                "Berkas “%(name)s” (%(size)s) dikenali sebagai virus. Periksa komputer Anda "
                "dengan antivirus, lalu unggah berkas yang bersih."
            ),
        )


def _displaced_pdf(upload: Upload) -> ValidationError:
    return upload.refusal(
        "broken",
        _(
            "Berkas “%(name)s” (%(size)s) memuat data asing sebelum awal PDF. "
            "Buka di komputer Anda, cetak ke PDF baru, lalu unggah kembali."
        ),
    )


def _foreign(upload: Upload, head: bytes) -> ValidationError:
    if head.startswith(COMPOUND):
        return _compound(upload)
    guess = filetype.guess(head)
    if guess is None:
        return upload.refusal(
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
            "Simpan sebagai JPEG atau PNG, lalu unggah kembali."
        )
    else:
        sentence = _(
            "Berkas “%(name)s” (%(size)s) ternyata berjenis %(found)s. Yang diterima: "
            "%(allowed)s. Unggah dokumen atau foto sebagai gantinya."
        )
    return upload.refusal(
        "not_allowed", sentence, found=guess.extension.upper(), allowed=ALLOWED_LABELS
    )


def _compound(upload: Upload) -> ValidationError:
    """The container of old Office files, also the wrapping of new ones with a password."""
    if occurs(ENCRYPTED_PACKAGE, upload.chunks()):
        return upload.refusal(
            "encrypted",
            _(
                "Berkas “%(name)s” (%(size)s) adalah dokumen Office yang terkunci kata sandi. "
                "Simpan tanpa kata sandi, lalu unggah kembali."
            ),
        )
    return upload.refusal(
        "not_allowed",
        _(
            "Berkas “%(name)s” (%(size)s) memakai format Office lama (.doc, .xls, .ppt). "
            "Simpan sebagai DOCX, XLSX, atau PDF, lalu unggah kembali."
        ),
    )
