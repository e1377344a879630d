"""A PostgreSQL of its own, which tests may stop and kill, and a site that stands on it."""

import atexit
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import psycopg2

from scripts.with_postgres import OWNER, copy_of, find_package, hand_over

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds
APP = "kla_app"


class Cluster:
    """Data that lasts: unlike the ordinary tests' server this one writes through to the disk."""

    def __init__(self, *, is_migrated=False):
        self.folder = Path(tempfile.mkdtemp(prefix="kla-faults-"))
        self.data = self.folder / "data"
        package, self.as_user = find_package(), {}
        if os.geteuid() == 0:
            package = copy_of(package, self.folder)
            hand_over(self.folder, "nobody")
            group = pwd.getpwnam("nobody").pw_gid
            self.as_user = {"user": "nobody", "group": group, "extra_groups": []}
        self.programs = package / "pginstall" / "bin"
        if is_migrated:
            shutil.copytree(migrated_data(), self.data)
            if self.as_user:
                hand_over(self.data, "nobody")
        else:
            self.call("initdb", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def call(self, program, *arguments):
        with (self.folder / "log").open("ab") as log:
            subprocess.run(
                [self.programs / program, "-D", self.data, *arguments],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                check=True,
                **self.as_user,
            )

    def start(self):
        """Children of a killed server may still hold its memory for a moment."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.call("pg_ctl", "-w", "-o", f"-h '' -k {self.folder}", "start")
            except subprocess.CalledProcessError:
                if time.monotonic() > end:
                    raise AssertionError((self.folder / "log").read_text()) from None
                time.sleep(0.5)
            else:
                return

    def stop(self):
        self.call("pg_ctl", "-w", "-m", "immediate", "stop")

    def kill(self):
        """Kill -9 of the postmaster; its children end with it."""
        pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        time.sleep(1)

    def remove(self):
        if (self.data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, user=OWNER, database="postgres"):
        return f"postgres://{user}@{quote(str(self.folder), safe='')}/{database}"

    @contextmanager
    def database(self, name):
        """An empty database of its own; its address."""
        self.execute(f"CREATE DATABASE {name}")
        yield self.address(database=name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def ask(self, question):
        """All rows of the answer."""
        connection = psycopg2.connect(host=str(self.folder), user=OWNER, dbname="postgres")
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall()

    def execute(self, statement):
        connection = psycopg2.connect(host=str(self.folder), user=OWNER, dbname="postgres")
        connection.autocommit = True
        with closing(connection):
            connection.cursor().execute(statement)


@cache
def migrated_data():
    """Data of a cluster with every table and no row of ours, made once a run to copy from."""
    cluster = Cluster()
    atexit.register(cluster.remove)
    cluster.start()
    site = Site(Path(tempfile.mkdtemp(dir=cluster.folder)), cluster.address())
    site.manage("migrate", "-v0")
    site.manage("createcachetable")
    cluster.call("pg_ctl", "-w", "-m", "fast", "stop")
    return cluster.data


class Site:
    """A real gunicorn on a database, and its commands."""

    def __init__(self, var, address, **more):
        self.var, self.server = var, None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = {
            **keep,
            "DJANGO_SETTINGS_MODULE": "tests.faults.site_settings",
            "KLA_LOCAL": "1",
            "KLA_VAR": str(var),
            "KLA_WORKERS": "2",
            "DATABASE_URL": address,
            "PORT": str(self.port),
            **more,
        }

    def run(self, *arguments, code=0, **environment):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done

    def manage(self, *arguments, **more):
        return self.run("manage.py", *arguments, **more)

    def start(self):
        with (self.var / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "kla.wsgi"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if self.get("/sehat/")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.var / "log").read_text())

    def kill(self):
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait(PATIENCE)
            self.server = None

    def get(self, path, **headers):
        """Status, headers, text and seconds of the answer."""
        begun = time.monotonic()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            return answer.status, answer.headers, text, time.monotonic() - begun
        finally:
            connection.close()

    def log(self):
        return (self.var / "log").read_text()


def last_line(done):
    return json.loads(done.stdout.splitlines()[-1])
