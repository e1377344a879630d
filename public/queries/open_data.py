"""Released parts as open data: CSV and JSON with metadata after Satu Data (Perpres 39/2019).

A table is made from its released copy alone, so its checksum is the same for ever. The metadata
name what Satu Data asks for: concept, definition, classification, measure and unit are in the
columns or beside them; producer, period, licence and address stand beside each table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from public.queries.pages import CityPage, Part
from public.sections import COLUMNS, SOURCES, Section
from workbooks.writing import Value, csv_lines

LICENCE = {
    "nama": "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    "alamat": "https://creativecommons.org/licenses/by/4.0/deed.id",
}
STANDARD = "Perpres 39/2019 tentang Satu Data Indonesia"
NUMBERS = {"nilai", "maksimum", "diklaim", "terbukti", "target", "fisik", "persen"}
NATION_COLUMNS = ("kode_wilayah", "wilayah", "tahun", *COLUMNS[Section.SCORE])


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows with what is told of them."""

    metadata: dict[str, Any]
    columns: Sequence[str]
    rows: Sequence[dict[str, Any]]

    @property
    def csv(self) -> bytes:
        """As every CSV of the site, decision 0028."""
        lines = ([_cell(name, row[name]) for name in self.columns] for row in self.rows)
        return "".join(csv_lines(self.columns, lines)).encode()

    @property
    def json(self) -> bytes:
        """The metadata and the rows."""
        return as_json({"metadata": self.metadata, "data": list(self.rows)})


def part_table(page: CityPage, part: Part) -> Table:
    metadata = _metadata(
        title=f"{part.title}, {page.name} {page.year}",
        of=part.section,
        producer=_("Pemerintah %(city)s") % {"city": page.name},
        place={"kode": page.code, "nama": page.name},
        period=str(page.year),
    )
    return Table(metadata, tuple(COLUMNS[part.section]), part.rows)


def nation_table(pages: Iterable[CityPage]) -> Table:
    """Awards and points of every city and year that has released them."""
    rows = []
    for page in pages:
        part = page.part(Section.SCORE)
        if part is not None:
            place = {"kode_wilayah": page.code, "wilayah": page.name, "tahun": page.year}
            rows += [place | row for row in part.rows]
    metadata = _metadata(
        title=_("Predikat dan nilai kota dan kabupaten yang merilisnya"),
        of=Section.SCORE,
        producer=_("Setiap kota dan kabupaten untuk wilayahnya"),
        place={"kode": "", "nama": "Indonesia"},
        period=_("tahunan"),
    )
    return Table(metadata, NATION_COLUMNS, rows)


def catalogue_of(page: CityPage) -> dict[str, Any]:
    """What there is of a city's year, each with its addresses and checksums."""
    return {
        "judul": f"{page.name} {page.year}",
        "standar": STANDARD,
        "lisensi": LICENCE,
        "dataset": [
            _entry(part_table(page, part), "public:data_file", page.slug, page.year, part.section)
            for part in page.parts
        ],
    }


def nation_catalogue(pages: Sequence[CityPage]) -> dict[str, Any]:
    """The nation's table, and where the catalogue of each city and year is."""
    return {
        "judul": _("Data terbuka Kota Layak Anak"),
        "standar": STANDARD,
        "lisensi": LICENCE,
        "dataset": [_entry(nation_table(pages), "public:nation_file")],
        "katalog": [
            {
                "kode_wilayah": page.code,
                "wilayah": page.name,
                "tahun": page.year,
                "alamat": _address("public:data_catalogue", page.slug, page.year),
            }
            for page in pages
        ],
    }


def as_json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _metadata(
    *, title: str, of: Section, producer: str, place: dict[str, str], period: str
) -> dict[str, Any]:
    return {
        "judul": title,
        "konsep": str(of.label),
        "definisi": str(SOURCES[of]),
        "kolom": {name: str(label) for name, label in COLUMNS[of].items()},
        "produsen": producer,
        "wilayah": place,
        "periode": period,
        "lisensi": LICENCE,
        "standar": STANDARD,
    }


def _entry(table: Table, name: str, *place: object) -> dict[str, Any]:
    """A table with its files; `name` and `place` are their address up to the format."""
    files = {"csv": table.csv, "json": table.json}
    return table.metadata | {
        "baris": len(table.rows),
        "berkas": [
            {
                "format": kind,
                "alamat": _address(name, *place, kind),
                "ukuran": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for kind, content in files.items()
        ],
    }


def _address(name: str, *args: object) -> str:
    return f"{settings.KLA_BASE_URL}{reverse(name, args=args)}"


def _cell(field: str, value: Any) -> Value:
    """Yes and no in words; what JSON holds as exact text is a number in a table."""
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if field in NUMBERS and isinstance(value, str) and value:
        return Decimal(value)
    return value
