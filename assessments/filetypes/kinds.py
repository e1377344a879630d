"""The kinds of files that count as supporting documents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`extension` is the usual one; `extensions` are all that may stand in a name."""

    label: str
    media_type: str
    extension: str
    extensions: frozenset[str]


def _kind(label: str, media_type: str, *extensions: str) -> Kind:
    return Kind(label, media_type, extensions[0], frozenset(extensions))


PDF = _kind("PDF", "application/pdf", "pdf")
JPEG = _kind("JPEG", "image/jpeg", "jpg", "jpeg", "jpe", "jfif")
PNG = _kind("PNG", "image/png", "png")
WEBP = _kind("WebP", "image/webp", "webp")
DOCX = _kind(
    "DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"
)
XLSX = _kind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
CSV = _kind("CSV", "text/csv", "csv")

ALLOWED_LABELS = "PDF, JPEG, PNG, WebP, DOCX, XLSX, CSV"
