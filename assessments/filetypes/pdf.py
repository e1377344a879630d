"""PDF: whole, readable without a password, and without anything that acts by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pikepdf import settings as pikepdf_settings

from assessments.filetypes.kinds import PDF, Kind
from assessments.filetypes.signs import MARKUP, hides_zip
from assessments.filetypes.upload import Upload

HEADER = re.compile(rb"%PDF-[12]\.\d")
END = b"%%EOF"
END_WITHIN = 1024  # readers look for the end mark no further from the end of the file
MAX_OBJECTS = 500_000
MAX_OBJECT_BYTES = 64 * 1024 * 1024

# A few kilobytes can unpack to gigabytes. These limits hold for the whole process.
pikepdf_settings.set_qpdf_limits(
    doc_max_warnings=1_000,
    flate_max_memory=32 * 1024 * 1024,
    run_length_max_memory=32 * 1024 * 1024,
    parser_max_container_size=1_000_000,
)

# Names worth a closer look; qpdf has already undone spellings such as /J#61vaScript.
SUSPICIOUS = re.compile(rb"/(?:JavaScript|Launch|ImportData|EF|EmbeddedFile|RichMedia|XFA)\b")
ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData"})
ACTIVE_TYPES = frozenset({"/EmbeddedFile"})
ACTIVE_SUBTYPES = frozenset({"/RichMedia"})
# What qpdf and its bindings are known to raise on damaged objects.
PARSER_ERRORS = (
    pikepdf.PdfError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
)


def inspect_pdf(upload: Upload) -> Kind:
    _refuse_second_nature(upload)
    try:
        # Without recovery: qpdf would silently rebuild a file that lost its end.
        with pikepdf.open(
            upload.stream, attempt_recovery=False, access_mode=pikepdf.AccessMode.stream
        ) as pdf:
            _inspect_content(upload, pdf)
    except pikepdf.PasswordError as error:
        raise upload.refusal(
            "encrypted",
            _(
                "Berkas “%(name)s” (%(size)s) adalah PDF yang terkunci kata sandi. "
                "Hapus kata sandinya atau cetak ke PDF baru, lalu unggah kembali."
            ),
        ) from error
    except PARSER_ERRORS as error:
        raise _broken(upload) from error
    return PDF


def _refuse_second_nature(upload: Upload) -> None:
    """Refuse what is a PDF to one program and a web page or an archive to another."""
    tail = upload.read_at(max(0, upload.size - END_WITHIN), END_WITHIN)
    _before, mark, after_end = tail.rpartition(END)
    if (
        MARKUP.search(upload.head())
        or MARKUP.search(after_end if mark else tail)
        or hides_zip(upload)
    ):
        raise upload.refusal(
            "active_content",
            _(
                "Berkas “%(name)s” (%(size)s) berawalan PDF, tetapi membawa halaman web atau "
                "arsip di dalamnya. Cetak dokumen aslinya ke PDF baru, lalu unggah kembali."
            ),
        )
    if not mark or not HEADER.match(upload.head()):
        raise _broken(upload)


def _inspect_content(upload: Upload, pdf: pikepdf.Pdf) -> None:
    if len(pdf.objects) > MAX_OBJECTS:
        raise _too_big_inside(upload)
    _refuse_active_objects(upload, pdf)
    if not len(pdf.pages):
        raise upload.refusal(
            "broken",
            _(
                "Berkas “%(name)s” (%(size)s) adalah PDF tanpa halaman. "
                "Buat ulang PDF dari dokumen aslinya, lalu unggah kembali."
            ),
        )
    if any("limit exceeded" in str(warning) for warning in pdf.get_warnings()):
        raise _too_big_inside(upload)


def _refuse_active_objects(upload: Upload, pdf: pikepdf.Pdf) -> None:
    read = 0
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Object):
            continue  # pikepdf hands out numbers and booleans as Python values
        outer = pikepdf.Dictionary(item.stream_dict) if isinstance(item, pikepdf.Stream) else item
        text = outer.unparse(resolved=True)
        read += len(text)
        if read > MAX_OBJECT_BYTES:
            raise _too_big_inside(upload)
        if SUSPICIOUS.search(text) and any(_is_active(part) for part in _dictionaries(outer)):
            raise upload.refusal(
                "active_content",
                _(
                    "Berkas “%(name)s” (%(size)s) adalah PDF yang berisi skrip, perintah, "
                    "formulir XFA, atau lampiran di dalamnya. Cetak ke PDF baru, lalu unggah "
                    "kembali; lampirannya unggah sebagai berkas tersendiri."
                ),
            )


def _dictionaries(item: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Every dictionary inside one object; what it refers to comes in its own turn."""
    waiting = [item]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary):
            yield part
            children = [part.get(key) for key in part.keys()]  # noqa: SIM118 -- not a real dict
        elif isinstance(part, pikepdf.Array):
            children = list(part)
        else:
            continue
        waiting.extend(
            child
            for child in children
            if isinstance(child, pikepdf.Object) and not child.is_indirect
        )


def _is_active(part: pikepdf.Object) -> bool:
    return (
        str(part.get("/S")) in ACTIVE_ACTIONS
        or str(part.get("/Type")) in ACTIVE_TYPES
        or str(part.get("/Subtype")) in ACTIVE_SUBTYPES
        or "/EF" in part
        or "/XFA" in part
    )


def _broken(upload: Upload) -> ValidationError:
    return upload.refusal(
        "broken",
        _(
            "Berkas “%(name)s” (%(size)s) adalah PDF yang rusak atau terpotong. "
            "Buka di komputer Anda, cetak ke PDF baru, lalu unggah kembali."
        ),
    )


def _too_big_inside(upload: Upload) -> ValidationError:
    return upload.refusal(
        "too_big_inside",
        _(
            "Berkas “%(name)s” (%(size)s) adalah PDF yang mengembang terlalu besar saat dibuka. "
            "Cetak ke PDF baru atau bagi menjadi beberapa berkas, lalu unggah kembali."
        ),
    )
