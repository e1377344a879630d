"""Without containers: the units of systemd, and what its socket does for the site."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.faults.server import PATIENCE, ROOT

pytestmark = pytest.mark.faults

UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("kla-*.service"))
ACTIVATED = 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&0 0</dev/null'


def settings_of(path):
    """What a unit sets, by name; of what is set twice the last."""
    return dict(re.findall(r"^(\w+)=(.*)$", path.read_text(), re.MULTILINE))


def commands_of(path):
    return re.findall(r"manage\.py (\w+)", path.read_text())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_to_say_about_the_units(tmp_path):
    for unit in UNITS.glob("kla-*.*"):
        text = unit.read_text().replace("/opt/kla/.venv/bin/", f"{Path(sys.executable).parent}/")
        (tmp_path / unit.name).write_text(text)

    said = subprocess.run(
        ["systemd-analyze", "verify", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )

    assert [line for line in said.stderr.splitlines() if "kla-" in line] == []
    assert len(list(tmp_path.iterdir())) == 6


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_each_service_is_nobody_and_writes_only_where_it_must(path):
    unit = settings_of(path)

    assert unit["User"] == "kla"
    assert unit["NoNewPrivileges"] == unit["ProtectHome"] == unit["PrivateTmp"] == "yes"
    assert unit["ProtectSystem"] == "strict"
    assert unit["CapabilityBoundingSet"] == ""
    assert unit["MemoryMax"]
    assert [name for name in commands_of(path) if name not in get_commands()] == []


def test_only_what_prepares_reads_the_address_of_the_owner():
    knowing = [path.stem for path in SERVICES if "owner_url" in path.read_text()]

    assert knowing == ["kla-prepare"]


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield listener


@pytest.fixture
def start(listener, tmp_path):
    """Start the server as systemd does: with the open port as its third file."""
    started = []

    def start():
        process = subprocess.Popen(
            ["/bin/sh", "-c", ACTIVATED, "sh", sys.executable, "-m", "gunicorn", "kla.wsgi"],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "DEBUG": "1",
                "DATABASE_URL": f"sqlite:///{tmp_path / 'kla.sqlite3'}",
                "KLA_VAR": str(tmp_path),
                "KLA_WORKERS": "1",
            },
            stdin=listener.fileno(),
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(PATIENCE)


def asked(listener):
    connection = HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=PATIENCE)
    try:
        connection.request("POST", "/sehat/", b"a=b", {"Host": "localhost"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_who_comes_while_the_server_is_away_waits_and_is_answered(listener, start):
    first = start()
    before = asked(listener)
    answers = []
    people = [threading.Thread(target=lambda: answers.append(asked(listener))) for _ in range(8)]
    first.terminate()
    assert first.wait(PATIENCE) == 0
    for person in people:
        person.start()
    time.sleep(0.2)  # nobody is there who could answer; they only wait
    meanwhile = list(answers)
    start()
    for person in people:
        person.join(PATIENCE)

    assert (before, meanwhile, answers) == (403, [], [403] * 8)  # without a token of the form
