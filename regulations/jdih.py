"""The JSON that a city's JDIH gives to the national one (JDIHN), read and written. Pure.

The names of its fields are those of the JDIHN feed: idData, jenis, noPeraturan, tahunPengundangan,
tanggalPengundangan, judul, status, urlDetailPeraturan and others that we don't keep.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from regulations.choices import RegulationKind
from texts.days import day_from
from texts.folding import visible

MOST_BYTES = 10 * 1024 * 1024
LONGEST_TITLE = 1_000
LONGEST_NUMBER = 60
LONGEST_ADDRESS = 2_000
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
ABOUT = re.compile(r"\btentang\s+", re.IGNORECASE)
# How feeds name kinds; the longest name that stands in the words of the feed wins.
KINDS: Mapping[str, RegulationKind] = {
    "peraturan daerah": RegulationKind.PERDA,
    "perda": RegulationKind.PERDA,
    "qanun": RegulationKind.PERDA,
    "peraturan wali kota": RegulationKind.PERKADA,
    "peraturan walikota": RegulationKind.PERKADA,
    "peraturan bupati": RegulationKind.PERKADA,
    "peraturan kepala daerah": RegulationKind.PERKADA,
    "perwali": RegulationKind.PERKADA,
    "perwal": RegulationKind.PERKADA,
    "perbup": RegulationKind.PERKADA,
    "keputusan": RegulationKind.KEPUTUSAN,
    "instruksi": RegulationKind.INSTRUKSI,
    "surat edaran": RegulationKind.SURAT_EDARAN,
    "nota kesepahaman": RegulationKind.MOU,
    "perjanjian kerja sama": RegulationKind.MOU,
    "produk hukum lain": RegulationKind.LAINNYA,  # as `write_feed` says it
}
REPEATED = re.compile(rf"^\W*(?:salinan\s+)?(?:{'|'.join(map(re.escape, KINDS))})\b", re.IGNORECASE)
UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
is_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One regulation of a feed. `line` counts from 1."""

    line: int
    jdih_id: str
    kind: str
    number: str
    year: int
    title: str
    promulgated_on: date | None
    address: str
    status: str  # as the feed says it


@dataclass(frozen=True, slots=True)
class FeedFault:
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Feed:
    entries: list[FeedEntry]
    faults: list[FeedFault]


def read_feed(content: bytes) -> Feed:
    """What a feed holds; an entry with a fault is left out and named.

    Raises ValidationError (`too_big`, `not_a_feed`) where it is none at all.
    """
    if len(content) > MOST_BYTES:
        raise ValidationError(_("Berkas JDIH paling besar 10 MB."), code="too_big")
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # also a number of more digits than are read
        raise _no_feed() from error
    if isinstance(found, dict):  # some feeds stand in an envelope
        found = next((value for value in found.values() if isinstance(value, list)), None)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise _no_feed()
    feed = Feed([], [])
    for line, row in enumerate(found, 1):
        try:
            feed.entries.append(_entry(line, row))
        except ValidationError as error:
            feed.faults.append(FeedFault(line, error.messages[0]))
    return feed


def write_feed(entries: Iterator[FeedEntry]) -> bytes:
    """The same fields back, as a feed that a JDIH takes."""
    rows = [
        {
            "idData": one.jdih_id,
            "jenis": str(RegulationKind(one.kind).label),
            "noPeraturan": one.number,
            "tahunPengundangan": str(one.year),
            "tanggalPengundangan": one.promulgated_on.isoformat() if one.promulgated_on else "",
            "judul": one.title,
            "status": one.status,
            "urlDetailPeraturan": one.address,
        }
        for one in entries
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def kind_named(words: str) -> RegulationKind | None:
    """The kind that a feed's words name, or None."""
    said = " ".join(words.casefold().split())
    names = sorted((name for name in KINDS if name in said), key=len)
    return KINDS[names[-1]] if names else None


def _entry(line: int, row: Mapping[str, Any]) -> FeedEntry:
    title = _text(row, "judul")
    kind = kind_named(_text(row, "jenis")) or kind_named(title)
    if kind is None:
        raise ValidationError(
            _("Jenis “%(kind)s” tidak dikenal.") % {"kind": _text(row, "jenis")}, code="kind"
        )
    number = _text(row, "noPeraturan")
    if not number or len(number) > LONGEST_NUMBER:
        raise ValidationError(_("Nomor peraturan kosong atau terlalu panjang."), code="number")
    if not title or len(title) > LONGEST_TITLE:
        raise ValidationError(_("Judul kosong atau terlalu panjang."), code="title")
    said = _text(row, "tahunPengundangan")
    if not YEAR.fullmatch(said):
        raise ValidationError(_("Tahun “%(year)s” tidak terbaca.") % {"year": said}, code="year")
    return FeedEntry(
        line=line,
        jdih_id=_text(row, "idData")[:60],
        kind=kind.value,
        number=number,
        year=int(said),
        title=_subject(title),
        promulgated_on=_day(_text(row, "tanggalPengundangan")),
        address=_address(_text(row, "urlDetailPeraturan")),
        status=_text(row, "status"),
    )


def _subject(title: str) -> str:
    """What stands after “tentang” where the title repeats kind and number before it.

    “Perubahan atas Perda Nomor 1 Tahun 2010 tentang …” is itself what it is about.
    """
    found = ABOUT.search(title)
    return title[found.end() :] if found and REPEATED.match(title) else title


def _text(row: Mapping[str, Any], key: str) -> str:
    """On one line, without signs that no database stores; nothing for a list or an object."""
    value = row.get(key)
    if value is None or isinstance(value, dict | list):
        return ""
    return visible(" ".join(UNSTORABLE.sub(" ", str(value)).split()))


def _day(words: str) -> date | None:
    """A day, or None where the feed has none: many write 0000-00-00."""
    if not words or words.startswith("0000"):
        return None
    day = day_from(words[:10])
    if day is None:
        raise ValidationError(
            _("Tanggal “%(day)s” tidak terbaca.") % {"day": words}, code="promulgated_on"
        )
    return day


def _address(words: str) -> str:
    """An address of the web, or none: nothing else becomes a link."""
    try:
        is_address(words)
    except ValidationError:
        return ""
    return words if len(words) <= LONGEST_ADDRESS else ""


def _no_feed() -> ValidationError:
    return ValidationError(
        _("Berkas ini bukan daftar JDIH: berisi JSON dengan satu baris untuk setiap peraturan."),
        code="not_a_feed",
    )
