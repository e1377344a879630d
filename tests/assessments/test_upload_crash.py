"""A real server, killed with -9 at ten points of an upload, and what people find afterwards."""

import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import pytest

from tests.assessments import corpus
from tests.assessments.tus import metadata

ROOT = Path(__file__).parents[2]
SERVER = "tests.assessments.dying_server:application"
PIECE = 256 * 1024
LENGTH = 2 * PIECE + 1000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CSRF = "k" * 32
PATIENCE = 30  # seconds

CITY = """
import django, json
django.setup()
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from tests.assessments.situations import staff_of, working_year
from tests.factories.assessments import answer_of
year = working_year()
staff = staff_of(year, "DISDIK")
session = SessionStore()
session[SESSION_KEY] = str(staff.user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = staff.user.get_session_auth_hash()
session.save()
answer = answer_of(year, "1.2")
kind = answer.question.evidence_kinds.first()
print(json.dumps([session.session_key, answer.get_absolute_url(), kind.code]))
"""


class Site:
    """A server of its own with its own data, and somebody's browser."""

    def __init__(self, var):
        self.var = var
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = {
            **keep,
            "DJANGO_SETTINGS_MODULE": "kla.settings",
            "DEBUG": "1",  # pages without collected assets
            "KLA_VAR": str(var),
            "KLA_WORKERS": "1",
            "PORT": str(self.port),
        }
        self.session, self.question, self.kind = json.loads(self.run("-c", CITY))
        self.server = None

    def run(self, *arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self):
        with (self.var / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", SERVER],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that all of its processes can be killed at once
            )
        self.wait()

    def kill(self):
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait(PATIENCE)

    def wait(self):
        """Until somebody answers: a new server, or the worker that follows a dead one."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if self.ask("GET", "/sehat/")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        pytest.fail((self.var / "log").read_text())

    def headers(self, **more):
        return {
            "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Tus-Resumable": "1.0.0",
            **more,
        }

    def ask(self, method, path, body=None, **headers):
        """Status, headers and content of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, self.headers(**headers))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def begin(self, content):
        status, headers, _body = self.ask(
            "POST",
            f"{self.question}unggahan/",
            **{
                "Upload-Length": str(len(content)),
                "Upload-Metadata": metadata(filename="perda.pdf", sha256=sha256(content)),
            },
        )
        assert status == 201
        return headers["Location"]

    def patch(self, place, content, start, end):
        kind = {"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
        return self.ask("PATCH", place, content[start:end], **kind)[0]

    def offset(self, place):
        return int(self.ask("HEAD", place)[1]["Upload-Offset"])

    def finish(self, place, content):
        """What the browser does when it finds the server again."""
        start = self.offset(place)
        while start < len(content):
            assert self.patch(place, content, start, start + PIECE) == 204
            start = self.offset(place)

    def hand_in(self, place):
        form = urlencode({"kind": self.kind, "upload": place.rstrip("/").rpartition("/")[2]})
        return self.ask("POST", f"{self.question}dokumen/", form, **FORM)[0]

    def send_part_and_kill(self, place, content, size):
        """Send the head of a piece and `size` bytes of it, then kill every process."""
        piece = content[PIECE : 2 * PIECE]
        head = self.headers(
            **{
                "Host": f"127.0.0.1:{self.port}",
                "Upload-Offset": str(PIECE),
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(len(piece)),
            }
        )
        lines = [f"PATCH {place} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + piece[:size])
            time.sleep(0.1)
            self.kill()
        self.start()

    def die_at(self, point):
        (self.var / "die_at").write_text(point)

    def documents(self, content):
        """The stored files that claim to be this content."""
        with sqlite3.connect(self.var / "kla.sqlite3") as database:
            rows = database.execute(
                "SELECT file FROM assessments_supportingdocument WHERE sha256 = ?",
                [sha256(content)],
            ).fetchall()
        return [self.var / "media" / name for (name,) in rows]


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def files_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("crash"))
    site.start()
    yield site
    site.kill()
    shutil.rmtree(site.var)


@pytest.fixture
def content(request):
    """A paper that no other test sends."""
    name = request.node.name.encode()
    return corpus.large_pdf(LENGTH).replace(b"\x80" * len(name), name, 1)


def assert_it_arrives_whole(site, place, content):
    site.finish(place, content)
    assert site.documents(content) == []
    assert site.hand_in(place) == 302
    assert_it_is_there_once(site, content)


def assert_it_is_there_once(site, content):
    [path] = site.documents(content)
    assert path.read_bytes() == content
    address = f"/kota/{site.question.split('/')[2]}/dokumen/{UUID(path.name)}/"
    status, _headers, body = site.ask("GET", address)
    assert (status, sha256(body)) == (200, sha256(content))


@pytest.mark.parametrize(
    ("size", "offsets"), [(0, {PIECE}), (PIECE // 2, {PIECE}), (PIECE, {PIECE, 2 * PIECE})]
)
def test_a_server_killed_while_a_piece_travels_goes_on_where_it_stood(site, content, size, offsets):
    place = site.begin(content)
    site.patch(place, content, 0, PIECE)

    site.send_part_and_kill(place, content, size)

    assert site.offset(place) in offsets
    assert_it_arrives_whole(site, place, content)


@pytest.mark.parametrize(
    ("point", "offset"),
    [
        ("received", PIECE),
        ("half written", PIECE),
        ("written, not counted", PIECE),
        ("counted, not answered", 2 * PIECE),
    ],
)
def test_a_server_that_dies_over_a_piece_has_counted_it_whole_or_not_at_all(
    site, content, point, offset
):
    place = site.begin(content)
    site.patch(place, content, 0, PIECE)

    site.die_at(point)
    with pytest.raises(OSError):  # noqa: PT011 -- however the connection broke
        site.patch(place, content, PIECE, 2 * PIECE)
    site.wait()

    assert site.offset(place) == offset
    assert_it_arrives_whole(site, place, content)


@pytest.mark.parametrize("point", ["about to be stored", "stored, not committed"])
def test_a_server_that_dies_over_the_form_keeps_the_upload_for_another(site, content, point):
    place = site.begin(content)
    site.finish(place, content)

    site.die_at(point)
    with pytest.raises(OSError):  # noqa: PT011
        site.hand_in(place)
    site.wait()

    assert_it_arrives_whole(site, place, content)


def test_a_server_that_dies_after_the_form_has_stored_the_document_once(site, content):
    place = site.begin(content)
    site.finish(place, content)

    site.die_at("committed, not cleaned up")
    with pytest.raises(OSError):  # noqa: PT011
        site.hand_in(place)
    site.wait()

    assert_it_is_there_once(site, content)
    assert site.hand_in(place) == 200  # told that it is finished
    assert_it_is_there_once(site, content)


def test_after_all_that_a_sweep_leaves_the_documents_and_nothing_else(site, content):
    place = site.begin(content)
    site.patch(place, content, 0, PIECE)
    site.die_at("half written")
    with pytest.raises(OSError):  # noqa: PT011
        site.patch(place, content, PIECE, 2 * PIECE)
    site.wait()
    site.ask("DELETE", place)
    an_hour_ago = time.time() - 3601
    for path in (site.var / "tmp").rglob("*"):
        os.utime(path, (an_hour_ago, an_hour_ago))

    site.run("manage.py", "sweep_uploads")

    with sqlite3.connect(site.var / "kla.sqlite3") as database:
        rows = database.execute("SELECT file FROM assessments_supportingdocument").fetchall()
        [(uploads,)] = database.execute("SELECT count(*) FROM assessments_upload").fetchall()
    media = site.var / "media"
    assert files_in(media / "documents") == sorted(media / name for (name,) in rows)
    # A server may die with a rendition written and not yet noted; it belongs to its document.
    shown = {media / name.replace("documents", "renditions", 1) for (name,) in rows}
    assert set(files_in(media / "renditions")) - shown == set()
    assert (uploads, files_in(site.var / "uploads")) == (0, [])
    assert {path.name for path in (site.var / "tmp").iterdir()} <= {"places"}  # locks, empty
