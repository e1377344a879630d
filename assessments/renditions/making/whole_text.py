"""All text of a file, for whoever looks for people in it, and what of the file no machine reads.

Each passage has its kind and name of place, so has what is left to a person. A place is a page, a
sheet, or `properties`: what programs note beside the pages, often who wrote them.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import openpyxl
import pikepdf
import pypdf
from PIL import Image

from assessments.renditions.making import pdf, pictures, texts, words
from assessments.renditions.worker import UnreadableError

MOST_PAGES = 60
MOST_CHARACTERS = 1_000_000  # of a passage
MOST_CELLS = 200_000
MAX_PART = 16 * 1024 * 1024  # bytes of one part of a package, unpacked
BREAKS = ("p", "h", "tab", "br", "tr", "creator", "lastModifiedBy", "title")
# What a package says in words, and what it needs beside them. Any other part may hold anything.
TEXTS = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml|content\.xml"
)
PROPERTIES = re.compile(r"docProps/\w+\.xml|meta\.xml")
BESIDE = re.compile(
    r"\[Content_Types\]\.xml|mimetype|META-INF/manifest\.xml|settings\.xml|(?:.*/)?_rels/.*\.rels"
    r"|word/(?:styles|settings|fontTable|webSettings|numbering|stylesWithEffects|theme/\w+)\.xml"
    r"|xl/(?:workbook|styles|sharedStrings|calcChain|theme/\w+|worksheets/\w+)\.xml"
)
WORKBOOK = "xl/workbook.xml"
# Pictures of a package, and whole files that are put into one: no page shows all that those hold.
PICTURES = re.compile(r"(?:.*/)?(?:media|Pictures)/[^/]+")
CARRIED = re.compile(r"(?:.*/)?(?:embeddings|ObjectReplacements)/[^/]+|Object \d+/.*")


@dataclass(slots=True)
class Found:
    """`unread` is the place with the reason: `page`, `long`, `kind` or `part`."""

    passages: list[tuple[str, str, str]] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    has_position: bool = False
    carries: bool = False  # other files

    def say(self, kind: str, name: str, text: str) -> None:
        if text.strip():
            self.passages.append((kind, name, text[:MOST_CHARACTERS]))
        if len(text) > MOST_CHARACTERS:
            self.unread.append(("long", ""))


def make(source: Path, target: Path) -> dict[str, Any]:
    """Write what was found as JSON."""
    with source.open("rb") as file:
        start = file.read(1024)
    found = Found()
    if b"%PDF-" in start:
        _read_pdf(source, found)
    elif start.startswith(b"PK\x03\x04"):
        _read_package(source, found)
    elif b"\0" in start or start.startswith((b"\xff\xd8\xff", b"BM", b"GIF8", b"{\\rtf")):
        _read_picture(source, found)
    else:
        found.say("", "", texts.decoded(source.read_bytes()))
    target.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return {"media_type": "application/json"}


def _read_pdf(source: Path, found: Found) -> None:
    """A page counts as read if it has text and neither a picture nor a note beside it."""
    with pikepdf.open(source) as whole:
        count = len(whole.pages)
        if count > pdf.MAX_PAGES or len(whole.objects) > pdf.MAX_OBJECTS:
            raise UnreadableError("more pages or objects than a paper has")
        if count > MOST_PAGES:
            found.unread.append(("long", ""))
        found.has_position = pdf.holds_position(whole)
        noted = [str(value) for value in whole.docinfo.values()]
        if "/Metadata" in whole.Root:
            noted.append(whole.Root.Metadata.read_bytes()[:MAX_PART].decode(errors="replace"))
        found.say("properties", "", "\n".join(noted))
        pages = words.pages_of(whole, range(min(MOST_PAGES, count)))
    for number, page in enumerate(pages, 1):
        text = words.text_of(page) or ""
        found.say("page", str(number), text)
        if not text.strip() or _has_more(page):
            found.unread.append(("page", str(number)))


def _has_more(page: pypdf.PageObject) -> bool:
    notes = [note.get_object() for note in page.get("/Annots") or ()]
    return any(note.get("/Subtype") != "/Link" for note in notes) or bool(page.images.keys())


def _read_package(source: Path, found: Found) -> None:
    with zipfile.ZipFile(source) as archive:
        names = archive.namelist()
        for name in names:
            with archive.open(name) as part:
                content = part.read(MAX_PART + 1)
            if len(content) > MAX_PART:
                found.unread.append(("long", ""))
            if PROPERTIES.fullmatch(name):
                found.say("properties", "", words.characters_of(content, BREAKS))
            elif TEXTS.fullmatch(name):
                found.say("", "", words.characters_of(content, BREAKS))
            elif not (BESIDE.fullmatch(name) or name.endswith("/")):
                found.unread.append(("part", ""))
            found.carries |= CARRIED.fullmatch(name) is not None
            found.has_position |= pdf.tells_position(content)
            if PICTURES.fullmatch(name):
                found.has_position |= _notes_of(io.BytesIO(content))[1]
    if WORKBOOK in names:
        _read_workbook(source, found)
    elif not any(TEXTS.fullmatch(name) for name in names):
        found.unread.append(("kind", ""))


def _read_workbook(source: Path, found: Found) -> None:
    """Each sheet, hidden ones too, a row a line; of formulas what they gave when it was saved."""
    book = openpyxl.load_workbook(io.BytesIO(source.read_bytes()), read_only=True, data_only=True)
    left = MOST_CELLS
    for sheet in book.worksheets:
        lines = [sheet.title]
        for row in sheet.iter_rows(values_only=True):
            left -= len(row)
            if left < 0:
                found.unread.append(("long", ""))
                break
            lines.append("\t".join("" if value is None else str(value) for value in row))
        found.say("sheet", sheet.title, "\n".join(lines))


def _read_picture(source: Path, found: Found) -> None:
    """Nothing of it is read but the camera's notes; what is no picture is of a kind that is not read."""
    found.unread.append(("kind", ""))
    notes, found.has_position = _notes_of(source)
    found.say("properties", "", notes)


def _notes_of(source: Path | IO[bytes]) -> tuple[str, bool]:
    """What the camera noted, and whether that tells, or may tell, where; nothing of what is no picture."""
    try:
        picture = Image.open(source, formats=pictures.FORMATS)
    except OSError:
        return "", False
    with picture:
        exif = pictures.exif_of(picture)
        noted = picture.info.get("xmp", b"")
    xmp = noted if isinstance(noted, bytes) else str(noted).encode()
    told = [value for value in (exif or {}).values() if isinstance(value, str)]
    has_position = exif is None or bool(exif.get_ifd(pictures.POSITION))
    text = "\n".join([*told, xmp.decode(errors="replace")])
    return text, has_position or pdf.XMP_POSITION.search(xmp) is not None
