"""Another system on this machine: takes webhooks, checks their signatures, and fails on command."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # before it answers
    body: bytes = b""
    hangs_up: bool = False


@dataclass
class Seen:
    path: str
    headers: dict[str, str]
    body: bytes

    def is_signed_with(self, secret: str) -> bool:
        """As Standard Webhooks has it, written down a second time."""
        told = {name.lower(): value for name, value in self.headers.items()}
        content = b".".join(
            [told["webhook-id"].encode(), told["webhook-timestamp"].encode(), self.body]
        )
        key = base64.b64decode(secret[len("whsec_") :])
        made = hmac.new(key, content, hashlib.sha256).digest()
        version, _comma, signature = told["webhook-signature"].partition(",")
        return version == "v1" and base64.b64decode(signature) == made


@dataclass
class Receiver:
    answers: list[Answer] = field(default_factory=list)  # one after the other; then good ones
    seen: list[Seen] = field(default_factory=list)
    url: str = ""

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.seen]


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_args):
        """Keep the output of the tests clean."""

    def do_POST(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.seen.append(Seen(self.path, dict(self.headers), body))
        answer = receiver.answers.pop(0) if receiver.answers else Answer()
        time.sleep(answer.seconds)
        if answer.hangs_up:
            return
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
        except (BrokenPipeError, ConnectionError):
            return

    def do_GET(self):
        """Where a redirect would lead."""
        self.server.receiver.seen.append(Seen(f"GET {self.path}", dict(self.headers), b""))
        self.send_response(200)
        self.end_headers()


@contextmanager
def receiving():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.receiver = Receiver(url=f"http://127.0.0.1:{server.server_port}/kla?dari=kota")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.receiver
    finally:
        server.shutdown()
        server.server_close()
