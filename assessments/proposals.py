"""What a paper says of itself: its number, its day, its period and how long it holds. Pure.

Nothing here is a guess. A fact is proposed where everything that speaks of it says the same; where
two readings differ, they are told and nothing is proposed. Every proposal names the words that it
stands on. Nothing is stored of it before a person has sent it with the form.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from texts.days import EARLIEST, LATEST, MONTH, MONTHS, day_from, written

NAME = "name"  # the place of a passage that is the name of the file
TAKEN = "taken"  # that of the day on which a camera says that it took a photograph
LONGEST = 20_000  # characters of one passage that are read
HEAD = 1_500  # characters in which a paper says what it is
LONGEST_NUMBER = 100
LONGEST_WORDS = 160


@dataclass(frozen=True, slots=True)
class Passage:
    """Some text of a file. `place` is `name`, `title`, `taken` or the number of a page."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a field of the form: `value` as a person would type it, and `words` as they
    stand in the passage at `place`."""

    field: str
    value: str
    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """`agreed` has one reading a field at most; `doubtful` those of fields that are read twice."""

    agreed: Sequence[Reading]
    doubtful: Sequence[Reading]


FIELDS = ("number", "issued_on", "period_start", "period_end", "valid_until")
PERIOD = ("period_start", "period_end")

Found = Iterator[tuple[str, str, re.Match[str]]]  # field, value and the words that say it

_DAY = (
    rf"(?:[0-9]{{1,2}}\s{{0,2}}(?:{MONTH})\s{{0,2}}[0-9]{{4}}\b"
    r"|[0-9]{1,2}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?[0-9]{4}\b"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}\b)"
)
_YEAR = r"(?:19|20)[0-9]{2}"
_TO = r"\s{0,3}(?:-|–|—|s/d|s\.d\.?|sd|sampai(?:\s{1,3}dengan)?|hingga)\s{0,3}"
# 463/KEP.123-DP3A/2023, with spaces around its strokes where a typist put some; 12 TAHUN 2022.
_STROKES = r"[0-9A-Z][0-9A-Z.\-]{0,30}+(?:\s?/\s?[0-9A-Z][0-9A-Z.\-]{0,30}+){1,6}"
_OF_YEAR = rf"[0-9][0-9A-Z./\-]{{0,40}}\s{{1,3}}TAHUN\s{{1,3}}{_YEAR}\b"
_NUMBER = rf"(?P<number>{_OF_YEAR}|{_STROKES}(?:\s{{1,3}}TAHUN\s{{1,3}}{_YEAR}\b)?)"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.MULTILINE)


# Where a paper says what rests on other papers, its own head is over.
_BODY = _pattern(
    r"\b(?:menimbang|mengingat|memperhatikan|membaca|dengan\s{1,3}hormat|assalamu)\b|\bbab\s{1,3}I\b"
)
_OWN_NUMBER = _pattern(rf"^\s{{0,40}}(?:nomor|no)\b\.?\s{{0,20}}:?\s{{0,5}}{_NUMBER}")
_ANY_NUMBER = _pattern(rf"\b(?:nomor|no)\b\.?\s{{0,5}}:?\s{{0,5}}{_NUMBER}")
# In a name people leave the word out: Perda 5 Tahun 2021, Perda_5_2021.
_NAMED_NUMBER = _pattern(
    rf"\b(?:perda|perwal(?:i)?|perbup|pergub|perdes|sk|kepwal|kepbup)\s{{1,3}}(?:(?:nomor|no)\b\.?\s?)?"
    rf"(?P<n>[0-9]{{1,4}})\s{{1,3}}(?:(?:tahun|th)\s{{1,3}})?(?P<year>{_YEAR})(?![0-9])"
)
_SIGNED = _pattern(
    r"\b(?:ditetapkan|dikeluarkan|ditandatangani)\b(?:\s{0,3}di\b[^\n]{0,60}?)?\s{0,60}"
    rf"(?:pada\s{{0,3}})?tanggal\s{{0,20}}:?\s{{0,20}}(?P<day>{_DAY})"
)
_LETTER_DAY = _pattern(
    rf"(?:^|[ \t]{{2}})\s{{0,80}}(?:tanggal\s{{0,20}}:\s{{0,5}}|[A-Z][A-Za-z. ]{{2,40}},\s{{1,3}})(?P<day>{_DAY})\s{{0,20}}$"
)
_UNTIL = _pattern(
    r"\bberlaku\b[^\n.;]{0,80}?\b(?:s/d|s\.d\.?|sampai(?:\s{1,3}dengan)?|hingga)\s{1,3}"
    rf"(?:tanggal\s{{1,3}})?(?P<day>{_DAY})"
)
_BUDGET = _pattern(rf"\btahun\s{{1,3}}anggaran\s{{1,3}}(?P<year>{_YEAR})(?![0-9]|\s?[-–/]\s?[0-9])")
_REPORT = _pattern(
    rf"\b(?:laporan|profil|capaian)\b[^\n]{{0,80}}?\btahun\s{{1,3}}(?P<year>{_YEAR})"
    r"(?![0-9]|\s?[-–/]\s?[0-9])"
)
_YEARS = _pattern(
    rf"\b(?:tahun|periode|masa)\s{{1,3}}(?:tahun\s{{1,3}})?(?P<first>{_YEAR}){_TO}(?P<last>{_YEAR})(?![0-9])"
)
_MONTHS = _pattern(
    rf"\b(?P<from>{MONTH})(?:\s{{1,3}}(?P<first>{_YEAR}))?{_TO}(?P<to>{MONTH})\s{{1,3}}"
    rf"(?:tahun\s{{1,3}})?(?P<last>{_YEAR})(?![0-9])"
)
_PART = _pattern(
    rf"\b(?P<part>semester|triwulan)\s{{1,3}}(?P<n>IV|I{{1,3}}|[1-4])\s{{1,3}}"
    rf"(?:(?:tahun|ta)\s{{1,3}}(?:anggaran\s{{1,3}})?)?(?P<year>{_YEAR})(?![0-9])"
)
_DAYS = _pattern(rf"\bperiode\s{{0,3}}:?\s{{0,3}}(?P<first>{_DAY}){_TO}(?P<last>{_DAY})")
_CAMERA = re.compile(r"(?:IMG|PXL|MVIMG|VID)?[_-]?(?P<day>20[0-9]{6})_[0-9]{6,9}\b[\w.~ -]*")

_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_MONTHS_OF = {"semester": 6, "triwulan": 3}


def propose(passages: Iterable[Passage]) -> Proposals:
    """What the passages say of the fields, in the order of FIELDS."""
    readings = [reading for passage in passages for reading in _read(passage)]
    agreed: list[Reading] = []
    doubtful: list[Reading] = []
    for field in FIELDS:
        distinct: dict[str, Reading] = {}
        for reading in readings:
            if reading.field == field:
                distinct.setdefault("".join(reading.value.casefold().split()), reading)
        (agreed if len(distinct) == 1 else doubtful).extend(distinct.values())
    if any(reading.field in PERIOD for reading in doubtful):
        # Half a period of two is no period.
        agreed = [reading for reading in agreed if reading.field not in PERIOD]
    return Proposals(agreed, doubtful)


def _read(passage: Passage) -> Iterator[Reading]:
    text = passage.text[:LONGEST]
    if passage.place == NAME:
        # Underscores stand for the spaces of a name, one for one.
        text = text.replace("_", " ") if _CAMERA.match(text) is None else text
    for field, value, words in _findings(passage.place, text):
        start, end = words.span()
        if len(value) <= LONGEST_NUMBER and end - start <= LONGEST_WORDS:
            # As it stands in the passage, in which a name has its underscores.
            said = passage.text[start:end].strip()
            yield Reading(field, value, said, passage.place)


def _findings(place: str, text: str) -> Found:
    if place == NAME:
        yield from _in_name(text)
    elif place == TAKEN:
        yield from _days("issued_on", re.compile(rf"(?P<day>{_DAY})"), text)
    else:
        is_first = place in ("1", "title")
        head = _head(text) if is_first else ""
        yield from _strongest(_numbers(_OWN_NUMBER, head), _numbers(_ANY_NUMBER, head))
        yield from _strongest(
            _days("issued_on", _SIGNED, text), _days("issued_on", _LETTER_DAY, head)
        )
        yield from _days("valid_until", _UNTIL, text)
        yield from _periods(head)


def _in_name(name: str) -> Found:
    if taken := _CAMERA.fullmatch(name):
        day = taken["day"]
        if moment := day_from(f"{day[:4]}-{day[4:6]}-{day[6:]}"):
            yield "issued_on", written(moment), taken
        return
    yield from _strongest(_numbers(_ANY_NUMBER, name), _named_numbers(name))
    yield from _days("valid_until", _UNTIL, name)
    yield from _periods(name)


def _head(text: str) -> str:
    body = _BODY.search(text, 0, HEAD)
    return text[: body.start() if body else HEAD]


def _strongest(*levels: Found) -> Found:
    """What the first level says that says anything."""
    for level in levels:
        found = list(level)
        if found:
            yield from found
            return


def _numbers(pattern: re.Pattern[str], text: str) -> Found:
    for words in pattern.finditer(text):
        number = re.sub(r"\s?/\s?", "/", " ".join(words["number"].split())).rstrip(".-")
        if any(sign.isdigit() for sign in number):
            yield "number", re.sub("(?i)tahun", "Tahun", number), words


def _named_numbers(name: str) -> Found:
    for words in _NAMED_NUMBER.finditer(name):
        yield "number", f"{words['n']} Tahun {words['year']}", words


def _days(field: str, pattern: re.Pattern[str], text: str) -> Found:
    for words in pattern.finditer(text):
        if day := _day(words["day"]):
            yield field, written(day), words


def _day(text: str) -> dt.date | None:
    return day_from(re.sub(r"\s?([-/.])\s?", r"\1", text))


def _periods(text: str) -> Found:
    for pattern, bounds in _PERIODS:
        for words in pattern.finditer(text):
            first, last = bounds(words)
            if first and last and first <= last:
                yield "period_start", written(first), words
                yield "period_end", written(last), words


def _of_year(words: re.Match[str]) -> tuple[dt.date, dt.date]:
    return _first(int(words["year"]), 1), _last(int(words["year"]), 12)


def _of_years(words: re.Match[str]) -> tuple[dt.date, dt.date]:
    return _first(int(words["first"]), 1), _last(int(words["last"]), 12)


def _of_months(words: re.Match[str]) -> tuple[dt.date, dt.date]:
    last = int(words["last"])
    first = int(words["first"] or last)
    return (
        _first(first, MONTHS[words["from"].lower()]),
        _last(last, MONTHS[words["to"].lower()]),
    )


def _of_part(words: re.Match[str]) -> tuple[dt.date | None, dt.date | None]:
    months = _MONTHS_OF[words["part"].lower()]
    number = _ROMAN.get(words["n"].upper()) or int(words["n"])
    if number * months > 12:
        return None, None
    year = int(words["year"])
    return _first(year, (number - 1) * months + 1), _last(year, number * months)


def _of_days(words: re.Match[str]) -> tuple[dt.date | None, dt.date | None]:
    return _day(words["first"]), _day(words["last"])


_PERIODS: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[dt.date | None, dt.date | None]]], ...
] = (
    (_BUDGET, _of_year),
    (_REPORT, _of_year),
    (_YEARS, _of_years),
    (_MONTHS, _of_months),
    (_PART, _of_part),
    (_DAYS, _of_days),
)


def _first(year: int, month: int) -> dt.date:
    return dt.date(max(year, EARLIEST), month, 1)


def _last(year: int, month: int) -> dt.date:
    year = min(year, LATEST)
    return dt.date(year, month, calendar.monthrange(year, month)[1])
