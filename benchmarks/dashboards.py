"""What every dashboard costs as cities and documents grow, as ratios to a bare page.

    .venv/bin/python -m benchmarks.dashboards
    .venv/bin/python -m benchmarks.dashboards 1x10 514x10 1x1000

Each argument is a country: so many cities at work, so many documents at each question of the one
that is measured. Each gets a database and a server of its own, measured like the pages
(benchmarks/pages.py). Prints a table in Markdown; the yardstick of a column comes from its own run.
"""

from __future__ import annotations

import os
import statistics
import sys

from benchmarks.pages import CITY, YEAR, Costs, measure

COUNTRIES = ("1x10", "10x10", "514x10", "1x100", "1x1000")
ROUNDS, REQUESTS = 3, 5
DASHBOARDS = [
    ("gugustugas", "city", CITY),
    ("gugustugas", "clusters", f"{YEAR}klaster/"),
    ("gugustugas", "indicators", f"{YEAR}indikator/"),
    ("gugustugas", "OPDs", f"{YEAR}opd/"),
    ("gugustugas", "pace", f"{YEAR}laju/"),
    ("gugustugas", "points left", f"{YEAR}sisa/"),
    ("gugustugas", "OPD", f"{YEAR}opd/1/"),
    ("gugustugas", "indicator", f"{YEAR}indikator/1/"),
    ("gugustugas", "history", f"{CITY}riwayat/"),
    ("pimpinan", "pimpinan, one sheet", f"{CITY}pimpinan/"),
    ("gugustugas", "nation, 514 cities", "/peringkat/"),
    ("gugustugas", "way to a predikat", f"{YEAR}jalan/"),
    ("gugustugas", "what if", f"{YEAR}andai/"),
    ("gugustugas", "forecast of verification", f"{YEAR}perkiraan/"),
    ("gugustugas", "consistency checks", f"{YEAR}pemeriksaan-data/"),
    ("gugustugas", "a plot as SVG", f"{YEAR}klaster/?data=klaster&format=svg"),
    ("gugustugas", "a plot as PNG", f"{YEAR}klaster/?data=klaster&format=png"),
]
# As long as the list of documents in them; measured where that list is short.
REPORTS = [
    ("gugustugas", "report as PDF", f"{YEAR}laporan/pdf/"),
    ("gugustugas", "all tables as XLSX", f"{YEAR}laporan/xlsx/"),
]
SHORT = 10  # documents at each question


def country(name: str) -> Costs:
    cities, documents = (int(part) for part in name.split("x"))
    command = f"from benchmarks.growth import grow; grow(cities={cities}, documents={documents})"
    pages = DASHBOARDS + (REPORTS if documents <= SHORT else [])
    fill = ("shell", "-v0", "-c", command)
    return measure(pages, fill, rounds=ROUNDS, requests=REQUESTS)


def table(found: dict[str, Costs]) -> str:
    """A row a page, a column a country; each cell the median of the rounds' ratios."""
    lines = [
        "| page | " + " | ".join(name.replace("x", " × ") for name in found) + " |",
        "| --- |" + " ---: |" * len(found),
    ]
    for _who, what, _url in DASHBOARDS + REPORTS:
        cells = [_cell(costs.ratios.get(what)) for costs in found.values()]
        lines.append(f"| {what} | " + " | ".join(cells) + " |")
    bare = [f"{statistics.median(costs.bare):.1f} ms" for costs in found.values()]
    return "\n".join([*lines, "| the bare page | " + " | ".join(bare) + " |"])


def _cell(ratios: list[float] | None) -> str:
    return f"{statistics.median(ratios):.1f}" if ratios else "–"


if __name__ == "__main__":
    found = {}
    for name in sys.argv[1:] or COUNTRIES:
        found[name] = country(name)
        print(f"{name}: load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    print(table(found))
