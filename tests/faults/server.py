"""A real server on a port of its own, with somebody signed in, for tests that treat it badly."""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 30  # seconds
CSRF = "k" * 32

CITY = """
import django, json
django.setup()
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
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
print(json.dumps([session.session_key, answer.get_absolute_url()]))
"""


@cache
def migrated_database():
    """A file of SQLite with every table and no row of ours, made once a run to copy from."""
    folder = Path(tempfile.mkdtemp(prefix="kla-migrated-"))
    atexit.register(shutil.rmtree, folder)
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    for command in ("migrate", "createcachetable"):
        subprocess.run(
            [sys.executable, "manage.py", command, "-v0"],
            cwd=ROOT,
            env=keep | {"KLA_LOCAL": "1", "KLA_VAR": str(folder)},
            check=True,
        )
    return folder / "kla.sqlite3"


class Server:
    """gunicorn as people start it, quick to lose its patience."""

    database_folder = "."

    def __init__(self, var, *, has_city=True, **settings):
        self.var = var
        keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = {
            **keep,
            "DJANGO_SETTINGS_MODULE": "kla.settings",
            "DEBUG": "1",  # pages without collected assets
            "KLA_VAR": str(var),
            "KLA_HEAD_SECONDS": "2",
            "KLA_STALL_SECONDS": "3",
            **settings,
        }
        if has_city:
            shutil.copy(migrated_database(), var / self.database_folder)
            self.settle()

    def settle(self):
        made = subprocess.run(
            [sys.executable, "-c", CITY],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        self.session, self.question = json.loads(made.stdout)
        self.cookie = f"sessionid={self.session}; csrftoken={CSRF}"

    def __enter__(self):
        # Only now, or somebody else on this machine takes the port before us.
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment["PORT"] = str(self.port)
        with (self.var / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "kla.wsgi"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if self.ask("GET", "/sehat/")[0] == 200:
                    return self
            except (OSError, HTTPException):
                pass
            time.sleep(0.1)
        self.__exit__()
        raise AssertionError(self.log())

    def __exit__(self, *_exc):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def log(self):
        return (self.var / "log").read_text()

    def ask(self, method, path, body=None, headers=(), **options):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers), **options)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        finally:
            connection.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def say(self, *parts, pause=0.05):
        """Send the parts as they are, then all that comes back until the server closes."""
        with self.connect() as connection:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
            return until_closed(connection)


def until_closed(connection):
    received = b""
    try:
        while data := connection.recv(65536):
            received += data
    except ConnectionResetError:
        pass
    return received
