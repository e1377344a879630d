"""What pages cost while strangers stall: `python -m benchmarks.senders [command of a server …]`.

Prints the median and the 95th percentile of the sign-in page in milliseconds, idle and with twenty
senders that stop in the middle of a body, or send a kilobyte a second; and how many were cut.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.server import ROOT, manage, wait_for

SENDERS = 20
SECONDS = 30
ANSWER_WITHIN = 4.0  # seconds; later counts as unanswered
# With a token, or Django refuses the form without reading it.
HEAD = (
    b"POST /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
    b"Cookie: csrftoken=kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\r\n\r\n"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str]) -> Iterator[int]:
    port = free_port()
    words = [word.replace("{port}", str(port)) for word in command]
    server = subprocess.Popen(words, cwd=ROOT, env=os.environ | {"PORT": str(port)})
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def ask(port: int) -> float | None:
    """Milliseconds until the page is here, None where it does not come."""
    start = time.perf_counter()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_WITHIN) as connection:
            connection.sendall(b"GET /masuk/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            first = connection.recv(65536)
            while connection.recv(65536):
                pass
    except OSError:
        return None
    return (time.perf_counter() - start) * 1000 if b" 200 " in first[:20] else None


def measured(port: int, seconds: float) -> str:
    found = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found.append(ask(port))
        time.sleep(0.1)
    came = sorted(one for one in found if one is not None) or [float("nan")]
    late = found.count(None)
    worst = came[int(len(came) * 0.95)]
    middle = statistics.median(came)
    return f"median {middle:6.1f} ms, p95 {worst:6.1f} ms, {late} of {len(found)} unanswered"


class Sender(threading.Thread):
    """Sends a head and the beginning of a body, then nothing or a kilobyte a second."""

    def __init__(self, port: int, *, is_slow: bool, done: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.is_slow, self.done = port, is_slow, done
        self.was_cut = False

    def run(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(HEAD + b"x" * 100)
            connection.settimeout(1)
            while not self.done.is_set():
                try:
                    if self.is_slow:
                        connection.sendall(b"x" * 1024)
                    connection.recv(1024)
                except TimeoutError:
                    continue
                except OSError:
                    pass  # cut, as any answer tells too
                self.was_cut = True
                return


def under(port: int, *, is_slow: bool, seconds: float) -> tuple[str, int]:
    done = threading.Event()
    senders = [Sender(port, is_slow=is_slow, done=done) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    time.sleep(1)
    found = measured(port, seconds)
    cut = sum(sender.was_cut for sender in senders)
    done.set()
    for sender in senders:
        sender.join()
    return found, cut


def main(command: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="kla-senders-") as folder:
        os.environ |= {"KLA_LOCAL": "1", "KLA_VAR": folder}
        manage("collectstatic", "--noinput", "-v0")
        manage("migrate", "-v0")
        manage("createcachetable")
        with serving(command) as port:
            measured(port, 5)
            print("idle:   ", measured(port, 10))
            for is_slow in (False, True):
                found, cut = under(port, is_slow=is_slow, seconds=SECONDS)
                name = "slow:   " if is_slow else "stalled:"
                print(f"{name} {found}, {cut} of {SENDERS} cut")


if __name__ == "__main__":
    main(sys.argv[1:] or [sys.executable, "-m", "gunicorn", "kla.wsgi"])
