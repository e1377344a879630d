"""What the pages of units, facilities and children cost in a large city, as ratios to their own floors.

    .venv/bin/python -m benchmarks.units
    .venv/bin/python -m benchmarks.units grid                only pages whose name has the word
    .venv/bin/python scripts/with_postgres.py .venv/bin/python -m benchmarks.units

600 kelurahan that report to every criterion in each of five years, and 20,000 facilities, all of one
city: more than any has. Measured like the pages (benchmarks/pages.py), with a goal of its own:
four times the floor.
"""

from __future__ import annotations

import sys

from benchmarks.pages import CITY, YEAR, chosen, measure, report

ONE = f"{YEAR}wilayah/00.71.01.1001/"
PAGES = [
    ("gugustugas", "grid of 600 units", f"{YEAR}wilayah/"),
    ("gugustugas", "grid, last page", f"{YEAR}wilayah/?halaman=12"),
    ("gugustugas", "grid, one rating", f"{YEAR}wilayah/?peringkat=nindya"),
    ("gugustugas", "grid, one criterion", f"{YEAR}wilayah/?kriteria=26.4"),
    ("gugustugas", "grid, CSV", f"{YEAR}wilayah/?unduh=csv"),
    ("gugustugas", "unit", ONE),
    ("lurah", "unit, of its lurah", ONE),
    ("camat", "kecamatan and its 120 kelurahan", f"{YEAR}wilayah/00.71.01/"),
    ("gugustugas", "history of a unit", f"{ONE}riwayat/"),
    ("gugustugas", "declarations", f"{YEAR}wilayah/pencanangan/"),
    ("gugustugas", "ratings", f"{YEAR}wilayah/peringkat/"),
    ("gugustugas", "rules of rating", f"{YEAR}wilayah/peringkat/aturan/"),
    ("gugustugas", "criteria sets", f"{YEAR}wilayah/kriteria/"),
    ("gugustugas", "one criteria set", f"{YEAR}wilayah/kriteria/kla-2023/"),
    ("gugustugas", "units that are visited", f"{YEAR}wilayah/kunjungan/"),
    ("gugustugas", "question that units answer", f"{YEAR}pertanyaan/26.4/"),
    ("situs", "registers of an instrument", "/instrumen/kla-2023/register/"),
    ("gugustugas", "facilities of 20,000", f"{CITY}fasilitas/"),
    ("gugustugas", "facilities, last page", f"{CITY}fasilitas/?halaman=400"),
    ("gugustugas", "facilities that expire", f"{CITY}fasilitas/berakhir/"),
    ("gugustugas", "findings", f"{CITY}fasilitas/temuan/"),
    ("gugustugas", "question that facilities answer", f"{YEAR}pertanyaan/19.2b/"),
    ("gugustugas", "children", f"{CITY}data-anak/"),
    ("gugustugas", "profile of children", f"{CITY}data-anak/profil/2023/"),
    ("gugustugas", "open data of children, CSV", f"{CITY}data-anak/terbuka/2023/"),
]
FILL = ("shell", "-v0", "-c", "from benchmarks.district import fill; fill()")
MOST_RATIO = 4.0


def main(words: list[str]) -> int:
    return report({"600 units": measure(chosen(words, PAGES), FILL)}, most_ratio=MOST_RATIO)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
