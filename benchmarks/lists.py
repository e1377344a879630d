"""How much the lists cost with 514 cities and 20,000 members, as ratios to their own floors.

    .venv/bin/python -m benchmarks.lists
    .venv/bin/python scripts/with_postgres.py .venv/bin/python -m benchmarks.lists

Measured like the pages (benchmarks/pages.py); the second line does it on PostgreSQL.
"""

from __future__ import annotations

import sys

from benchmarks.pages import measure, report

CITY = "/kota/kabupaten-aceh-utara/"
LISTS = [
    ("situs", "cities, page of 25", "/kota/?semua=1"),
    ("situs", "cities, last page", "/kota/?semua=1&halaman=21"),
    ("situs", "cities, most members first", "/kota/?semua=1&urut=anggota"),
    ("situs", "cities, search", "/kota/?semua=1&q=lampung"),
    ("situs", "nation, 514 cities × 5 years", "/peringkat/"),
    ("pimpinan", "nation, one city one's own", "/peringkat/?tahun=2023"),
    ("situs", "nation, one province", "/peringkat/?provinsi=18"),
    ("situs", "people, page of 25", "/orang/"),
    ("situs", "people, last page", "/orang/?halaman=882"),
    ("situs", "people, search by name", "/orang/?q=lestari"),
    ("situs", "people, search for nobody", "/orang/?q=tidak-ada-yang-begini"),
    ("situs", "people, by city and role", "/orang/?kota=lampung&peran=admin_kota"),
    ("situs", "people, last signed in", "/orang/?urut=masuk"),
    ("situs", "members of 2,000, page of 25", f"{CITY}anggota/"),
    ("situs", "members, search", f"{CITY}anggota/?q=siti"),
    ("situs", "members, never signed in", f"{CITY}anggota/?keadaan=belum&urut=peran"),
    ("situs", "OPDs, most members first", f"{CITY}opd/?urut=anggota"),
    ("situs", "regions, 852 villages", f"{CITY}wilayah/"),
    ("situs", "regions, search", f"{CITY}wilayah/?q=meunasah"),
    ("situs", "trail of 5,000, page of 50", f"{CITY}jejak/"),
    ("situs", "trail, search", f"{CITY}jejak/?q=dinas+4999"),
]
FILL = ("shell", "-v0", "-c", "from benchmarks.crowd import fill; fill()")

if __name__ == "__main__":
    sys.exit(report({"20,000 members": measure(LISTS, FILL)}))
