"""The kinds of files that count as supporting documents: the one list of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """`extension` is the usual one; `extensions` are all that may stand in a name.

    `preview` names the maker of what pages show; without one the file is an attachment only.
    """

    label: str
    media_type: str
    extension: str
    extensions: frozenset[str]
    preview: str | None


def _kind(label: str, media_type: str, *extensions: str, preview: str | None = None) -> Kind:
    return Kind(label, media_type, extensions[0], frozenset(extensions), preview)


@dataclass(frozen=True, slots=True)
class Content:
    """What a file really is, and what was found in it, each with how often (FileFinding)."""

    kind: Kind
    findings: Mapping[str, int] = field(default_factory=dict)


OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"

PDF = _kind("PDF", "application/pdf", "pdf", preview="pdf")
JPEG = _kind("JPEG", "image/jpeg", "jpg", "jpeg", "jpe", "jfif", preview="picture")
PNG = _kind("PNG", "image/png", "png", preview="picture")
WEBP = _kind("WebP", "image/webp", "webp", preview="picture")
HEIC = _kind("HEIC", "image/heic", "heic", "heif", "hif", preview="picture")
GIF = _kind("GIF", "image/gif", "gif", preview="picture")
BMP = _kind("BMP", "image/bmp", "bmp", "dib", preview="picture")
TIFF = _kind("TIFF", "image/tiff", "tif", "tiff", preview="picture")
DOCX = _kind("DOCX", f"{OOXML}.wordprocessingml.document", "docx", preview="office")
XLSX = _kind("XLSX", f"{OOXML}.spreadsheetml.sheet", "xlsx", preview="office")
PPTX = _kind("PPTX", f"{OOXML}.presentationml.presentation", "pptx", preview="office")
ODT = _kind("ODT", f"{ODF}.text", "odt", preview="office")
ODS = _kind("ODS", f"{ODF}.spreadsheet", "ods", preview="office")
ODP = _kind("ODP", f"{ODF}.presentation", "odp", preview="office")
DOC = _kind("DOC", "application/msword", "doc", preview="office")
XLS = _kind("XLS", "application/vnd.ms-excel", "xls", preview="office")
PPT = _kind("PPT", "application/vnd.ms-powerpoint", "ppt", preview="office")
RTF = _kind("RTF", "application/rtf", "rtf", preview="office")
CSV = _kind("CSV", "text/csv", "csv", preview="text")
TXT = _kind("TXT", "text/plain", "txt", "text", preview="text")

PICTURES = (JPEG, PNG, WEBP, HEIC, GIF, BMP, TIFF)
OFFICE = (DOCX, XLSX, PPTX, ODT, ODS, ODP, DOC, XLS, PPT, RTF)
KINDS = (PDF, *PICTURES, *OFFICE, CSV, TXT)

EXTENSIONS = {kind.media_type: kind.extension for kind in KINDS}
EXTENSIONS_OF = {kind.media_type: kind.extensions for kind in KINDS}
ALL_EXTENSIONS = frozenset().union(*EXTENSIONS_OF.values())
PREVIEW_TASKS = {kind.media_type: kind.preview for kind in KINDS if kind.preview}
# For the browser's picker: the extensions, and the types by which phones offer the camera.
ACCEPTED = ",".join(
    [
        *(f".{one}" for kind in KINDS for one in sorted(kind.extensions)),
        *(kind.media_type for kind in PICTURES),
    ]
)
ALLOWED_LABELS = _("PDF, foto (JPEG, PNG, HEIC), dokumen Office atau LibreOffice, CSV, dan teks")
