"""How much each page costs, as a ratio to a bare signed-in page with one query.

    .venv/bin/python -m benchmarks.pages

Makes a database and the demonstration city in a temporary folder, serves them as `make run` does,
and asks for all pages and the yardstick in turn, several rounds. Milliseconds of one machine and
one hour say nothing about another; the ratios, taken within one run, do.
"""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROUNDS, REQUESTS = 7, 15
ROOT = Path(__file__).parents[1]
CITY = "/kota/kota-contoh/"
YEAR = f"{CITY}penilaian/2024/"
YARDSTICK = "/yardstick/"
PAGES = [
    ("gugustugas", "city", CITY),
    ("pimpinan", "one sheet for the mayor", f"{CITY}pimpinan/"),
    ("gugustugas", "history", f"{CITY}riwayat/"),
    ("gugustugas", "an OPD, 111 questions, 30 others", f"{YEAR}opd/1/"),
    ("gugustugas", "an indicator, 63 questions", f"{YEAR}indikator/1/"),
    ("gugustugas", "questions, page of 50", f"{YEAR}pertanyaan/"),
    ("gugustugas", "one question", f"{YEAR}pertanyaan/1.1/"),
    ("gugustugas", "review queue", f"{YEAR}periksa/"),
    ("gugustugas", "assignments, 78 questions", f"{YEAR}penugasan/"),
    ("gugustugas", "way to a predikat, six searches", f"{YEAR}jalan/"),
    ("gugustugas", "what if, 274 questions", f"{YEAR}andai/"),
    ("gugustugas", "instrument, 274 questions", "/instrumen/kla-2023/"),
    ("dinkes", "an OPD's tasks, 94 questions", f"{CITY}tugas/"),
    ("situs", "list of cities, page of 25", "/kota/?semua=1"),
]
Pages = list[tuple[str, str, str]]  # whose session, what it is, its address
# Prints a session key for each person named.
SIGN_IN = """
from django.test import Client
from cities.models import User
for name in {names!r}:
    client = Client()
    client.force_login(User.objects.get(email=f"{{name}}@kota-contoh.example"))
    print(name, client.cookies["sessionid"].value)
"""


def manage(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@contextmanager
def served() -> Iterator[int]:
    """The site on a free port, with one worker so that nothing is measured twice."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"PORT": str(port), "KLA_WORKERS": "1", "KLA_THREADS": "1"}
    command = [sys.executable, "-m", "gunicorn", "kla.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def milliseconds(port: int, url: str, session: str, times: int = REQUESTS) -> float:
    """The median time of some requests, each on a connection of its own."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", url, headers={"Cookie": f"sessionid={session}"})
        response = connection.getresponse()
        response.read()
        connection.close()
        found.append((time.perf_counter() - start) * 1000)
        if response.status != http.HTTPStatus.OK:
            sys.exit(f"{url} answered {response.status}")
    return statistics.median(found)


@dataclass(frozen=True)
class Costs:
    """What one run found: the yardstick in milliseconds, the ratios of each page to it."""

    bare: list[float]
    ratios: dict[str, list[float]]


def measure(
    pages: Pages, *first: tuple[str, ...], rounds: int = ROUNDS, requests: int = REQUESTS
) -> Costs:
    """What the pages cost, after the commands of `first` have been run.

    The database is a file in a temporary folder, or the one that TEST_DATABASE_URL names.
    """
    with tempfile.TemporaryDirectory(prefix="kla-benchmark-") as folder:
        os.environ.pop("DATABASE_URL", None)
        if "TEST_DATABASE_URL" in os.environ:
            os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
        os.environ |= {
            "KLA_LOCAL": "1",
            "KLA_VAR": folder,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        }
        manage("collectstatic", "--noinput", "-v0")
        manage("prepare", "--demo")
        for arguments in first:
            manage(*arguments)
        names = sorted({"gugustugas", *(name for name, _what, _url in pages)})
        printed = manage("shell", "-v0", "-c", SIGN_IN.format(names=names))
        sessions = dict(line.split() for line in printed.splitlines())
        with served() as port:
            return compared(port, sessions, pages, rounds, requests)


def compared(
    port: int, sessions: dict[str, str], pages: Pages, rounds: int, requests: int
) -> Costs:
    """Each round asks for the yardstick and for every page, so that both see the same load."""
    for name, _what, url in pages:
        milliseconds(port, url, sessions[name], 2)
    costs = Costs([], {what: [] for _name, what, _url in pages})
    for _ in range(rounds):
        costs.bare.append(milliseconds(port, YARDSTICK, sessions["gugustugas"], 2 * requests))
        for name, what, url in pages:
            took = milliseconds(port, url, sessions[name], requests)
            costs.ratios[what].append(took / costs.bare[-1])
    return costs


def report(costs: Costs) -> None:
    bare = costs.bare
    print(f"yardstick: {statistics.median(bare):.1f} ms ({min(bare):.1f}–{max(bare):.1f})")
    print(f"{'page':32} ratio: median (min–max) of {len(bare)} rounds")
    for what, found in costs.ratios.items():
        print(f"{what:32} {statistics.median(found):5.1f} ({min(found):.1f}–{max(found):.1f})")


if __name__ == "__main__":
    report(measure(PAGES))
