"""What every page costs: as a ratio to its own floor, in queries and in bytes.

    make bench
    make bench PAGES=rad            those whose name has the word, in the smallest country alone
    .venv/bin/python -m benchmarks.pages 1x10 1x1000
    .venv/bin/python scripts/with_postgres.py .venv/bin/python -m benchmarks.pages 1x10

An argument with an × written as x is a country: so many cities at work, so many documents at each of the 274 questions
of the one that is measured. Any other argument is a word of the pages to measure. A page's floor (benchmarks/floor.py) is its own queries through the
bare driver and its own bytes from memory, in the same run; milliseconds of one machine and one
hour say nothing about another. Prints a table in Markdown, then the goals that were missed; with
any, the exit code is 1.
"""

from __future__ import annotations

import gzip
import os
import re
import statistics
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from benchmarks.server import get, prepared, served, sessions_of

COUNTRIES = ("1x10", "10x10", "514x10", "1x100", "1x1000")
ROUNDS, REQUESTS = 5, 3
CITY = "/kota/kota-contoh/"
YEAR = f"{CITY}penilaian/2024/"
Pages = list[tuple[str, str, str]]  # whose session, what it is, its address
PAGES: Pages = [
    ("gugustugas", "city", CITY),
    ("gugustugas", "city by cluster", f"{YEAR}klaster/"),
    ("gugustugas", "city by indicator", f"{YEAR}indikator/"),
    ("gugustugas", "city by OPD", f"{YEAR}opd/"),
    ("gugustugas", "pace of the year", f"{YEAR}laju/"),
    ("gugustugas", "points left", f"{YEAR}sisa/"),
    ("pimpinan", "one sheet for the mayor", f"{CITY}pimpinan/"),
    ("gugustugas", "history", f"{CITY}riwayat/"),
    ("gugustugas", "an OPD, 111 questions", f"{YEAR}opd/1/"),
    ("gugustugas", "an indicator, 63 questions", f"{YEAR}indikator/1/"),
    ("gugustugas", "questions", f"{YEAR}pertanyaan/"),
    ("gugustugas", "one question", f"{YEAR}pertanyaan/1.1/"),
    ("gugustugas", "review queue", f"{YEAR}periksa/"),
    ("gugustugas", "assignments", f"{YEAR}penugasan/"),
    ("gugustugas", "steps to a predikat", f"{YEAR}jalan/"),
    ("gugustugas", "what if", f"{YEAR}andai/"),
    ("gugustugas", "forecast", f"{YEAR}perkiraan/"),
    ("gugustugas", "consistency checks", f"{YEAR}pemeriksaan-data/"),
    ("gugustugas", "documents of last year", f"{YEAR}bawaan/"),
    ("admin", "trail", f"{YEAR}jejak/"),
    ("gugustugas", "instrument", "/instrumen/kla-2023/"),
    ("gugustugas", "nation, 514 cities", "/peringkat/"),
    ("dp3a", "an OPD's tasks, 111 questions", f"{CITY}tugas/"),
    ("dp3a", "a question of the OPD", f"{YEAR}pertanyaan/1.1/"),
    ("dp3a", "inbox", "/kotak-masuk/"),
    ("situs", "list of cities", "/kota/?semua=1"),
    ("gugustugas", "RAD, 12 actions", f"{CITY}rad/1/"),
    ("dp3a", "RAD of an OPD", f"{CITY}rad/1/"),
    ("gugustugas", "RAD, one action", f"{CITY}rad/1/aksi/1/"),
    ("gugustugas", "RAD, matrix of a year", f"{CITY}rad/1/tahun/2026/"),
    ("gugustugas", "RAD, budget", f"{CITY}rad/1/tahun/2026/anggaran/"),
    ("gugustugas", "RAD, what verifiers criticise", f"{CITY}rad/1/tahun/2026/periksa/"),
    ("gugustugas", "RAD, rules of monitoring", f"{CITY}rad/aturan/"),
    ("gugustugas", "targets over the years", f"{CITY}target/"),
    ("gugustugas", "task force", f"{CITY}gugus-tugas/"),
    ("gugustugas", "follow-up of meetings", f"{CITY}gugus-tugas/tindak-lanjut/"),
    ("gugustugas", "commitments", f"{CITY}gugus-tugas/komitmen/"),
    ("gugustugas", "regulations", f"{CITY}produk-hukum/"),
    ("gugustugas", "units", f"{CITY}wilayah/"),
    ("gugustugas", "declarations of units", f"{YEAR}wilayah/pencanangan/"),
    ("gugustugas", "reports of units", f"{YEAR}wilayah/"),
    ("gugustugas", "reports of units, by rating", f"{YEAR}wilayah/?peringkat=nindya"),
    ("gugustugas", "one unit", f"{YEAR}wilayah/00.71.01.1001/"),
    ("lurah", "one unit, of its lurah", f"{YEAR}wilayah/00.71.01.1001/"),
    ("camat", "a kecamatan and its kelurahan", f"{YEAR}wilayah/00.71.01/"),
    ("gugustugas", "history of a unit", f"{YEAR}wilayah/00.71.01.1001/riwayat/"),
    ("gugustugas", "ratings of units", f"{YEAR}wilayah/peringkat/"),
    ("gugustugas", "boundaries of units", f"{YEAR}wilayah/batas/"),
    ("gugustugas", "rules of rating", f"{YEAR}wilayah/peringkat/aturan/"),
    ("gugustugas", "criteria sets", f"{YEAR}wilayah/kriteria/"),
    ("gugustugas", "one criteria set", f"{YEAR}wilayah/kriteria/kla-2023/"),
    ("gugustugas", "units that are visited", f"{YEAR}wilayah/kunjungan/"),
    ("gugustugas", "a question that units answer", f"{YEAR}pertanyaan/26.4/"),
    ("situs", "registers of an instrument", "/instrumen/kla-2023/register/"),
    ("gugustugas", "facilities", f"{CITY}fasilitas/"),
    ("gugustugas", "findings at facilities", f"{CITY}fasilitas/temuan/"),
    ("gugustugas", "childdata", f"{CITY}data-anak/"),
    ("gugustugas", "childdata, one variable", f"{CITY}data-anak/2023/anak/"),
    ("gugustugas", "profile of children", f"{CITY}data-anak/profil/2023/"),
    ("gugustugas", "profile of children, PDF", f"{CITY}data-anak/profil/2023/pdf/"),
    ("gugustugas", "open data of children, CSV", f"{CITY}data-anak/terbuka/2023/"),
    ("gugustugas", "what the public may read", f"{CITY}publik/"),
    ("gugustugas", "documents for the public", f"{CITY}publik/2023/dokumen/"),
    ("gugustugas", "the public page", "/publik/kota-contoh/2023/"),
    ("gugustugas", "the public page for children", "/publik/kota-contoh/2023/anak/"),
    ("admin", "accounts of other systems", f"{CITY}layanan/"),
    ("admin", "webhooks", f"{CITY}webhook/"),
    ("admin", "the interface described", "/api/"),
]
NAMES = [what for _who, what, _url in PAGES]
COUNTRY = re.compile(r"\d+x\d+")

# Goals: times the floor, queries, bytes on the wire, times the page with ten documents a question.
MOST_RATIO, MOST_QUERIES, MOST_WIRE, MOST_GROWTH = 3.0, 12, 20 * 1024, 1.25
FEW, MANY = "1x10", "1x1000"


@dataclass(slots=True)
class Cost:
    """One page: its time against its floor and against the bare answer, a value a round."""

    queries: int
    raw: int  # bytes of HTML
    wire: int  # bytes as they went out
    ratios: list[float] = field(default_factory=list)
    bares: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def bare(self) -> float:
        return statistics.median(self.bares)


Costs = dict[str, Cost]  # by what the page is


def country(name: str, pages: Pages = PAGES) -> Costs:
    cities, documents = (int(part) for part in name.split("x"))
    command = f"from benchmarks.growth import grow; grow(cities={cities}, documents={documents})"
    return measure(pages, ("shell", "-v0", "-c", command))


def measure(pages: Pages, *first: tuple[str, ...], rounds: int = ROUNDS) -> Costs:
    """What the pages cost, after the commands of `first` have been run."""
    with prepared(*first):
        sessions = sessions_of(who for who, _what, _url in pages)
        with served() as port:
            return compared(port, sessions, pages, rounds)


def compared(port: int, sessions: Mapping[str, str], pages: Pages, rounds: int) -> Costs:
    """Each round asks for each page and its floor in turn, so that both see the same load."""
    costs = {}
    for number, (who, what, url) in enumerate(pages):
        get(port, url, sessions[who])
        costs[what] = weighed(port, url, sessions[who], str(number))
    for _ in range(rounds):
        bare = _median(port, "/floor/")
        for number, (who, what, url) in enumerate(pages):
            floor = _median(port, f"/floor/{number}")
            took = _median(port, url, sessions[who])
            costs[what].ratios.append(took / floor)
            costs[what].bares.append(took / bare)
    return costs


def weighed(port: int, url: str, session: str, name: str) -> Cost:
    """Ask for a page once, so that its queries and bytes are known and its floor is kept."""
    response, body, _took = get(port, url, session, name)
    packed = response.headers.get("Content-Encoding") == "gzip"
    return Cost(
        queries=int(response.headers["X-Queries"]),
        raw=len(gzip.decompress(body) if packed else body),
        wire=len(body),
    )


def _median(port: int, url: str, session: str = "") -> float:
    return statistics.median(get(port, url, session)[2] for _ in range(REQUESTS))


def chosen(words: Iterable[str], pages: Pages = PAGES) -> Pages:
    """The pages whose name has one of the words; all of them where there are none."""
    wanted = [word.casefold() for word in words]
    return [
        page for page in pages if not wanted or any(word in page[1].casefold() for word in wanted)
    ]


def missed(found: Mapping[str, Costs], *, most_ratio: float = MOST_RATIO) -> list[str]:
    """The goals that were not met, a sentence each; `found` is by country."""
    lines = []
    for name, costs in found.items():
        for what, cost in costs.items():
            if cost.ratio > most_ratio:
                lines.append(f"{name} {what}: {cost.ratio:.1f} times its floor")
            if cost.queries > MOST_QUERIES:
                lines.append(f"{name} {what}: {cost.queries} queries")
            if cost.wire > MOST_WIRE:
                lines.append(f"{name} {what}: {cost.wire / 1024:.0f} KB on the wire")
    if {FEW, MANY} <= found.keys():
        for what, cost in found[MANY].items():
            growth = cost.bare / found[FEW][what].bare
            if growth > MOST_GROWTH:
                lines.append(f"{what}: {growth:.1f} times as long with 1,000 documents as with 10")
    return lines


def table(found: Mapping[str, Costs]) -> str:
    """A row a page: queries and bytes in the first country, the ratio to its floor in each."""
    first = next(iter(found.values()))
    names = [f"{name.replace('x', ' × ')}" for name in found]
    lines = [
        f"| page | queries | KB | KB sent | {' | '.join(names)} |",
        "| --- |" + " ---: |" * (3 + len(names)),
    ]
    for what, cost in first.items():
        cells = [
            str(cost.queries),
            f"{cost.raw / 1024:.0f}",
            f"{cost.wire / 1024:.1f}",
            *(f"{costs[what].ratio:.1f}" for costs in found.values()),
        ]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    return "\n".join(lines)


def report(found: Mapping[str, Costs], *, most_ratio: float = MOST_RATIO) -> int:
    """Print the table and the goals missed; returns the exit code."""
    print(table(found))
    lines = missed(found, most_ratio=most_ratio)
    print("\n".join(["", f"{len(lines)} goals missed", *lines]))
    return int(bool(lines))


def main(arguments: Iterable[str]) -> int:
    arguments = list(arguments)
    countries = [one for one in arguments if COUNTRY.fullmatch(one)]
    words = [one for one in arguments if not COUNTRY.fullmatch(one)]
    pages = chosen(words)
    if not pages:
        sys.exit(f"No page has such a word: {', '.join(words)}. There are: {', '.join(NAMES)}.")
    found = {}
    for name in countries or ((FEW,) if words else COUNTRIES):
        found[name] = country(name, pages)
        print(f"{name}: load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return report(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
