"""A real clamd of this machine, with a signature of our own and everything in one folder.

No list of viruses is downloaded: it knows the test string that every scanner knows, and nothing
else. It runs as `nobody` where the tests run as root, as clamd itself would.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from clamav_client.clamd import ClamdError, ClamdUnixSocket

# In two parts, so that no scanner finds this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Uji.EICAR"
# Anywhere (*) in a file of any kind (0).
DATABASE = f"{SIGNATURE}:0:*:{EICAR.hex()}\n"
CONFIG = """
DatabaseDirectory {folder}/db
LocalSocket {folder}/clamd.ctl
PidFile {folder}/clamd.pid
LogFile {folder}/log
TemporaryDirectory {folder}
Foreground yes
StreamMaxLength 30M
AlertExceedsMax yes
"""
HOW_TO_GET_IT = "The scanner's tests need clamd. On Debian: apt-get install clamav-daemon"
START_SECONDS = 30


def program():
    """Where clamd is; installed where this machine may install, as make does with Chromium."""
    found = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        wanted = ["install", "-y", "-qq", "--no-install-recommends", "clamav-daemon"]
        for step in (["update", "-qq"], wanted):
            subprocess.run(["apt-get", *step], check=False, stdout=subprocess.DEVNULL)
        found = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
    assert found, HOW_TO_GET_IT
    return found


class Clamd:
    """Started, stopped and started again at one socket."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="kla-clamd-"))
        self.socket = self.folder / "clamd.ctl"
        (self.folder / "db").mkdir()
        (self.folder / "db" / "uji.ndb").write_text(DATABASE)
        self.config = self.folder / "clamd.conf"
        self.config.write_text(CONFIG.format(folder=self.folder))
        self.process = None

    def start(self):
        as_user = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("nobody")
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, account.pw_uid, account.pw_gid)
            as_user = {"user": "nobody", "group": account.pw_gid, "extra_groups": []}
        self.process = subprocess.Popen(
            [program(), "--config-file", self.config],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_user,
        )
        end = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.1)

    def answers(self):
        daemon = ClamdUnixSocket(str(self.socket), timeout=2)
        try:
            return daemon.ping() == "PONG"
        except (ClamdError, OSError):
            with suppress(AttributeError):
                daemon.clamd_socket.close()
            return False

    def kill(self):
        """As a crash would: the socket stays behind and nobody listens."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
