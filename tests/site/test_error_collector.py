"""Errors reach a collector with kind and place, and with nothing that anybody typed."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).parents[2]
NAME, EMAIL = "Siti Rahmawati", "siti.rahmawati@kota-contoh.example"
FAIL = """
import logging, sys
import django
django.setup()
import sentry_sdk
from django.db import connection
from django.test import Client
from jobs.current import doing
def failing(*_args, name={name!r}):
    raise ValueError(f"{{name}} <{email}>")
connection.cursor, kept = failing, connection.cursor
client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
response = client.post("/sehat/", {{"name": {name!r}}})
response = client.get("/sehat/", {{"q": {name!r}}}, HTTP_REFERER="/?q={email}", HTTP_COOKIE="a={email}")
assert response.status_code == 500
with doing(7):
    logging.getLogger("tests").error("Writing to %s failed", {email!r})
sentry_sdk.flush(10)
print(response["X-Request-ID"])
"""


@pytest.fixture
def collector():
    """A server that takes envelopes as Sentry and GlitchTip do."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
            taken.append((self.path, unpack[self.headers["Content-Encoding"]](body)))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_learns_what_broke_and_where_and_nothing_of_people(collector, tmp_path):
    address, taken = collector

    done = subprocess.run(
        [sys.executable, "-c", FAIL.format(name=NAME, email=EMAIL)],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "tests.faults.site_settings",
            "KLA_LOCAL": "1",
            "KLA_VAR": str(tmp_path),
            "SENTRY_DSN": address,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert {path for path, _body in taken} == {"/api/1/envelope/"}
    everything = b"\n".join(body for _path, body in taken).decode()
    for personal in (NAME, EMAIL, "siti", "Siti", "Rahmawati"):
        assert personal not in everything
    events = [event for _path, body in taken for event in _events(body)]
    broken, logged = events
    [error] = broken["exception"]["values"]
    assert (error["type"], error["value"]) == ("ValueError", "")
    assert error["stacktrace"]["frames"][-1]["function"] == "failing"
    assert broken["transaction"] == "kla.health.health"
    assert broken["tags"] == {"request_id": done.stdout.strip()}
    assert broken.keys().isdisjoint({"request", "user", "breadcrumbs", "server_name", "extra"})
    assert (logged["logger"], logged["tags"]) == ("tests", {"job_id": "7"})
    assert logged["logentry"] == {"message": "Writing to %s failed"}


def _events(envelope):
    lines = envelope.split(b"\n")
    items = zip(lines[1::2], lines[2::2], strict=False)
    return [json.loads(body) for head, body in items if json.loads(head)["type"] == "event"]
