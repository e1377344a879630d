"""DOCX and XLSX: whole, without macros, embedded programs or templates from elsewhere."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.filetypes.archives import (
    Budget,
    broken,
    locked,
    opened,
    pieces,
    too_big_inside,
    unpacked,
)
from assessments.filetypes.embedded import holds_pdf
from assessments.filetypes.inspected import CHUNK, InspectedFile
from assessments.filetypes.kinds import (
    ALLOWED_LABELS,
    DOCX,
    ODP,
    ODS,
    ODT,
    PPTX,
    XLSX,
    Content,
    Kind,
)
from assessments.filetypes.package_xml import (
    Relationship,
    UnreadableError,
    content_types,
    relationships,
)
from assessments.filetypes.signs import VIRUS_TEST, occurs

CONTENT_TYPES = "[Content_Types].xml"
MAX_XML = 4 * 1024 * 1024
MAX_DEPTH = 1  # a chart carries its sheet as a package; that sheet carries no further one
MIMETYPE = "mimetype"  # the entry by which an OpenDocument names its kind

MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": PPTX,
}
OPEN_DOCUMENTS = {kind.media_type: kind for kind in (ODT, ODS, ODP)}
ACTIVE_TYPE = re.compile(r"macro|vbaproject|activex", re.IGNORECASE)
OTHER_FORMATS = (
    (re.compile(r"slideshow"), gettext_lazy("tayangan PowerPoint")),
    (re.compile(r"\.template\.main"), gettext_lazy("templat Office")),
)
# Parts that run, or that another program would run.
ACTIVE_PART = re.compile(
    r"(?:^|/)(?:vbaproject|vbadata|attachedtoolbars)[^/]*$|(?:^|/)(?:activex|macrosheets)/"
    r"|^(?:basic|scripts)/"  # OpenDocument
    r"|\.(?:exe|dll|com|scr|msi|bat|cmd|ps1|vbs|js|jse|wsf|hta|jar|class|lnk|swf|html?|mht|mhtml)$",
    re.IGNORECASE,
)
EMBEDDED = re.compile(r"(?:^|/)embeddings/", re.IGNORECASE)
NESTED_PACKAGE = re.compile(r"\.(?:docx|xlsx)$", re.IGNORECASE)
# Programs, archives and old Office files; an embedded package is judged on its own.
ACTIVE_START = re.compile(rb"MZ|\x7fELF|PK\x03\x04|\xd0\xcf\x11\xe0|Rar!|7z\xbc\xaf|#!")
# Starts another program, or a macro that lies on the reader's own machine.
COMMAND = re.compile(
    rb"<(?:\w+:)?(?:ddeLink|dde-source|dde-connection-decl)\b"
    rb"|<(?:\w+:)?instrText[^>]{0,80}>\s{0,20}DDE(?:AUTO)?\b|instr=[\"']\s{0,20}DDE(?:AUTO)?\b"
    rb"|vnd\.sun\.star\.(?:script|expand):|[\"']macro:",
    re.IGNORECASE,
)
XML_PART = re.compile(r"\.(?:xml|rels|vml|rdf)$", re.IGNORECASE)
DRAWING_PART = re.compile(r"\.svg$", re.IGNORECASE)
PDF_PART = re.compile(r"\.pdf$", re.IGNORECASE)
ENTITY = re.compile(rb"<!ENTITY\b|<script\b", re.IGNORECASE)
# A part may be read as XML under any name: the content types say so, or its first bytes.
XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff|<\x00|\x00<")
COMPOUND_START = b"\xd0\xcf\x11\xe0"
# What a document may fetch by itself when it is opened. A plain link waits for a click.
FETCHED = frozenset({"attachedTemplate", "oleObject", "frame", "subDocument", "control", "package"})


def inspect_package(file: InspectedFile) -> Content:
    return Content(_inspect(file, Budget(), depth=0))


def _inspect(file: InspectedFile, budget: Budget, *, depth: int) -> Kind:
    with opened(file, budget) as archive:
        try:
            kind = _kind_of(file, archive)
            for entry in archive.infolist():
                _inspect_part(file, archive, entry)
        except UnreadableError as error:
            raise broken(file) from error
        for entry in archive.infolist():
            if _is_embedded(entry):
                _inspect_embedded(file, archive, entry, budget, depth)
        return kind


def _kind_of(file: InspectedFile, archive: zipfile.ZipFile) -> Kind:
    names = {entry.filename for entry in archive.infolist()}
    if CONTENT_TYPES not in names:
        if MIMETYPE in names:
            return _open_document(file, archive)
        raise _not_allowed(file, _("arsip ZIP"))
    types = content_types(_small(file, archive, archive.getinfo(CONTENT_TYPES)))
    if any(ACTIVE_TYPE.search(media_type) for media_type in types.values()):
        raise _active(file)
    for part, media_type in types.items():
        if kind := MAIN_TYPES.get(media_type):
            if part.lstrip("/") not in names:
                raise broken(file)
            return kind
    for pattern, label in OTHER_FORMATS:
        if any(pattern.search(media_type) for media_type in types.values()):
            raise _not_allowed(file, label)
    raise _not_allowed(file, _("arsip ZIP"))


def _inspect_part(file: InspectedFile, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if ACTIVE_PART.search(entry.filename):
        raise _active(file)
    if entry.filename.lower().endswith(".rels"):
        _refuse_fetched(file, relationships(_small(file, archive, entry)))
    if not DRAWING_PART.search(entry.filename):
        _refuse_declarations(file, entry, pieces(archive, entry))
    # Read to the end: only then are the declared size and the check sum proven.
    content = _refuse_active_start(file, entry, pieces(archive, entry))
    if occurs(VIRUS_TEST, content):
        raise _active(file)
    if XML_PART.search(entry.filename) and occurs(COMMAND, pieces(archive, entry)):
        raise _active(file)
    if DRAWING_PART.search(entry.filename) and occurs(ENTITY, pieces(archive, entry)):
        raise _active(file)


def _refuse_active_start(
    file: InspectedFile, entry: zipfile.ZipInfo, content: Iterable[bytes]
) -> Iterator[bytes]:
    """Hand the pieces on, after a look at the first one."""
    for number, piece in enumerate(content):
        if number == 0 and ACTIVE_START.match(piece) and not _is_embedded(entry):
            raise _active(file)
        yield piece


def _refuse_declarations(
    file: InspectedFile, entry: zipfile.ZipInfo, content: Iterable[bytes]
) -> None:
    """No part of an office document declares entities, the door to bombs and to other files.

    A declaration can only stand before the first element, in whatever encoding the part has
    and however far down; expat reads the part as an office program would. What it cannot
    begin to read, in an encoding that others know, is refused as well.
    """
    is_named = XML_PART.search(entry.filename) is not None
    parser = expat.ParserCreate()
    seen: list[str] = []
    parser.StartDoctypeDeclHandler = lambda *_told: seen.append("doctype")
    parser.StartElementHandler = lambda *_told: seen.append("element")
    for number, piece in enumerate(content):
        if number == 0 and not is_named and not XML_START.match(piece):
            return
        try:
            parser.Parse(piece, False)
        except (expat.ExpatError, LookupError, ValueError):
            seen.append("unreadable")
        if seen:
            break
    if seen[:1] == ["doctype"]:
        raise _active(file)
    if seen[:1] == ["unreadable"] and is_named:
        raise broken(file)


def _open_document(file: InspectedFile, archive: zipfile.ZipFile) -> Kind:
    """ODT, ODS or ODP, by the entry that names it. A template or a drawing is none of them."""
    named = _small(file, archive, archive.getinfo(MIMETYPE)).decode("ascii", errors="replace")
    kind = OPEN_DOCUMENTS.get(named.strip())
    if kind is None:
        raise _not_allowed(file, _("arsip ZIP"))
    if "content.xml" not in archive.namelist():
        raise broken(file)
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and b"encryption-data" in _small(
        file, archive, archive.getinfo(manifest)
    ):
        raise locked(file)
    return kind


def _refuse_fetched(file: InspectedFile, links: Iterable[Relationship]) -> None:
    """Refuse what pulls content from elsewhere when opened.

    Word notes the local path of a person's own template in very many honest documents;
    that path leads nowhere on another machine and is let through.
    """
    for link in links:
        if link.is_external and link.kind in FETCHED and _is_remote(link.target):
            raise _active(file)


def _is_remote(target: str) -> bool:
    if target.startswith(("\\\\", "//")):
        return True
    try:
        address = urlsplit(target)
    except ValueError:
        return True
    is_drive = len(address.scheme) == 1
    return bool(address.netloc) or (address.scheme not in {"", "file"} and not is_drive)


def _is_embedded(entry: zipfile.ZipInfo) -> bool:
    return EMBEDDED.search(entry.filename) is not None and not entry.is_dir()


def _inspect_embedded(
    file: InspectedFile,
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    budget: Budget,
    depth: int,
) -> None:
    """A chart brings its figures along as a small sheet, a person adds a PDF; nothing else."""
    with archive.open(entry) as part:
        start = part.read(CHUNK)
    if start.startswith(b"%PDF-") and PDF_PART.search(entry.filename):
        return
    if start.startswith(COMPOUND_START):
        with unpacked(archive, entry) as stream:
            if holds_pdf(stream):
                return
        raise _active(file)
    if depth >= MAX_DEPTH or not NESTED_PACKAGE.search(entry.filename):
        raise _active(file)
    with unpacked(archive, entry) as stream:
        _inspect(InspectedFile(file.name, stream, entry.file_size), budget, depth=depth + 1)


def _small(file: InspectedFile, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > MAX_XML:
        raise too_big_inside(file)
    return b"".join(pieces(archive, entry))


def _active(file: InspectedFile) -> ValidationError:
    return file.refusal(
        "active_content",
        _(
            "Berkas “%(name)s” (%(size)s) berisi makro, objek tertanam, atau tautan yang "
            "berjalan sendiri. Minta versi PDF-nya, lalu unggah; objek di dalamnya unggah "
            "sebagai berkas tersendiri."
        ),
    )


def _not_allowed(file: InspectedFile, label: object) -> ValidationError:
    return file.refusal(
        "not_allowed",
        _(
            "Berkas “%(name)s” (%(size)s) ternyata %(found)s. Yang diterima: %(allowed)s. "
            "Simpan sebagai PDF, atau unggah isinya satu per satu."
        ),
        found=label,
        allowed=ALLOWED_LABELS,
    )
