"""The words with which a paper introduces and signs itself: its first pages, its last, its title.

A scan has none. For a photograph it is the day on which the camera says it was taken.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pikepdf
import PIL.Image
import pypdf

from assessments.renditions.making import pdf, texts
from assessments.renditions.worker import UnreadableError

FIRST_PAGES = 3
LONGEST = 20_000  # characters of one page
MAX_CONTENTS = 4 * 1024 * 1024  # bytes that draw one page, and bytes of one part of a package
MAX_PIXELS = 200_000_000
TITLE_AT_MOST = 300
EXIF, TAKEN_AT = 0x8769, 0x9003
# Where a package keeps its text, and which of its elements end a line.
PARTS = {"word/document.xml": ("p", "tab", "br"), "content.xml": ("p", "h")}


def make(source: Path, target: Path) -> dict[str, Any]:
    """Write the passages as JSON, each as its place and its text."""
    with source.open("rb") as file:
        start = file.read(1024)
    passages = list(_reader(start)(source))
    target.write_text(json.dumps(passages), encoding="utf-8")
    return {"media_type": "application/json"}


def _reader(start: bytes) -> Any:
    if b"%PDF-" in start:
        return _of_pdf
    if start.startswith(b"PK\x03\x04"):
        return _of_package
    if start.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF")):
        return _of_picture
    if b"\0" in start:
        return _of_nothing
    return _of_text


def _of_pdf(source: Path) -> Iterator[tuple[str, str]]:
    with pikepdf.open(source) as whole:
        count = len(whole.pages)
        if count > pdf.MAX_PAGES or len(whole.objects) > pdf.MAX_OBJECTS:
            raise UnreadableError("more pages or objects than a paper has")
        title = str(whole.docinfo.get("/Title", ""))
        numbers = sorted({*range(min(FIRST_PAGES, count)), count - 1})
        pages = pages_of(whole, numbers)
    if title:
        yield "title", title[:TITLE_AT_MOST]
    for number, page in zip(numbers, pages, strict=True):
        text = text_of(page)
        if text is not None:
            yield str(number + 1), text[:LONGEST]


def pages_of(whole: pikepdf.Pdf, numbers: Iterable[int]) -> list[pypdf.PageObject]:
    """The pages with these numbers, from 0, for the library that knows how text is written.

    The other one takes a few out of thousands at once.
    """
    with pikepdf.new() as cut:
        cut.pages.extend(whole.pages[number] for number in numbers)
        few = io.BytesIO()
        cut.save(few)
    return list(pypdf.PdfReader(few).pages)


def text_of(page: pypdf.PageObject) -> str | None:
    """The text of a page; None where it has no contents, or more than a page has."""
    contents = page.get_contents()
    if contents is None or len(contents.get_data()) > MAX_CONTENTS:
        return None
    return page.extract_text()


def _of_package(source: Path) -> Iterator[tuple[str, str]]:
    """The text of a DOCX or ODT; it has no pages until it is printed, so all of it is page 1."""
    with zipfile.ZipFile(source) as archive:
        for part, breaks in PARTS.items():
            if part in archive.namelist():
                with archive.open(part) as stream:
                    yield "1", characters_of(stream.read(MAX_CONTENTS), breaks)[:LONGEST]


def characters_of(xml: bytes, breaks: tuple[str, ...]) -> str:
    """The characters of a document, as far as it goes; declared entities end it."""
    words: list[str] = []
    parser = expat.ParserCreate()

    def refuse(*_told: object) -> None:
        raise UnreadableError("a document that declares entities")

    def end(name: str) -> None:
        if name.rpartition(":")[2] in breaks:
            words.append("\n")

    parser.StartDoctypeDeclHandler = refuse
    parser.CharacterDataHandler = words.append
    parser.EndElementHandler = end
    parser.Parse(xml, False)
    return "".join(words)


def _of_picture(source: Path) -> Iterator[tuple[str, str]]:
    with PIL.Image.open(source) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise UnreadableError("too many pixels")
        taken = picture.getexif().get_ifd(EXIF).get(TAKEN_AT)
    if isinstance(taken, str):
        yield "taken", taken[:10].replace(":", "-")


def _of_text(source: Path) -> Iterator[tuple[str, str]]:
    with source.open("rb") as file:
        yield "1", texts.decoded(file.read(4 * LONGEST))[:LONGEST]


def _of_nothing(source: Path) -> Iterator[tuple[str, str]]:
    yield from ()
