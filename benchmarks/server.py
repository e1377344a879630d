"""The site of a benchmark: a database and the demonstration in a temporary folder, one server."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEMO = "kota-contoh.example"
# Prints a session key for each person named.
SIGN_IN = """
from django.test import Client
from cities.models import User
for name in {names!r}:
    client = Client()
    client.force_login(User.objects.get(email=f"{{name}}@kota-contoh.example"))
    print(name, client.cookies["sessionid"].value)
"""


# Not `flush`: tables of the trail refuse to be emptied.
EMPTIED = """from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")"""


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
def prepared(*first: tuple[str, ...]) -> Iterator[None]:
    """The environment of a site with the demonstration, after the commands of `first`.

    The database is a file in the temporary folder, or the one that TEST_DATABASE_URL names; that
    one is emptied before.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="kla-benchmark-") as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {
            "KLA_LOCAL": "1",
            "KLA_VAR": folder,
            "DJANGO_SETTINGS_MODULE": "kla.settings",
        }
        try:
            if "TEST_DATABASE_URL" in os.environ:
                os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
                manage("shell", "-v0", "-c", EMPTIED)
            manage("collectstatic", "--noinput", "-v0")
            manage("prepare", "--demo")
            for arguments in first:
                manage(*arguments)
            yield
        finally:
            os.environ.clear()
            os.environ |= before


@contextmanager
def served() -> Iterator[int]:
    """The site and its floors on a free port; one worker, so that nothing is measured twice."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"PORT": str(port), "KLA_WORKERS": "1", "KLA_THREADS": "1"}
    command = [sys.executable, "-m", "gunicorn", "--max-requests=0", "benchmarks.floor:application"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("The server did not start.")


def sessions_of(names: Iterable[str]) -> dict[str, str]:
    """The key of a session for each account of the demonstration."""
    printed = manage("shell", "-v0", "-c", SIGN_IN.format(names=sorted(set(names))))
    return dict(line.split() for line in printed.splitlines())


def get(
    port: int, url: str, session: str = "", name: str = ""
) -> tuple[http.client.HTTPResponse, bytes, float]:
    """The answer, its body as it came, and how many milliseconds both took together."""
    headers = {"Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"}
    if name:
        headers["X-Benchmark"] = name
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", url, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    took = (time.perf_counter() - start) * 1000
    if response.status != http.HTTPStatus.OK:
        sys.exit(f"{url} answered {response.status}")
    return response, body, took
