"""Answers that a browser saves as a file, under a name whose ending says what the file is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
    "zip": "application/zip",
}


def download(content: bytes | str, name: str) -> HttpResponse:
    """What stands in memory as a whole. Raises KeyError for an ending without a media type."""
    return HttpResponse(content, content_type=_media_type(name), headers=_headers(name))


def download_file(file: IO[bytes], name: str) -> FileResponse:
    """An open file, closed once it was sent."""
    return FileResponse(file, as_attachment=True, filename=name, content_type=_media_type(name))


def download_stream(parts: Iterable[bytes | str], name: str) -> StreamingHttpResponse:
    """What is written while it is sent, and never stands in memory as a whole."""
    return StreamingHttpResponse(parts, content_type=_media_type(name), headers=_headers(name))


def _media_type(name: str) -> str:
    return MEDIA_TYPES[name.rpartition(".")[2]]


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
