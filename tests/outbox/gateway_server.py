"""WhatsApp gateways that speak the protocol on this machine and fail on command."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

TOKEN = "rahasia-sekali"
PHONE_NUMBER_ID = "1055500001234"
TEMPLATE = "pengingat_kla"


@dataclass
class Answer:
    status: int = 200
    body: bytes | dict | None = None  # None: what the protocol says of a good request
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # before it answers
    hangs_up: bool = False  # takes the request and goes without a word


@dataclass
class Seen:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self):
        return {name: one for name, [one] in parse_qs(self.body.decode()).items()}

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Behaviour:
    answers: list[Answer] = field(default_factory=list)  # one after the other; then good ones
    by_number: dict[str, Answer] = field(default_factory=dict)  # digits of the number: its answer
    seen: list[Seen] = field(default_factory=list)
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_args):
        """Keep the output of the tests clean."""

    def do_POST(self):
        behaviour = self.server.behaviour
        body = self.rfile.read(int(self.headers["Content-Length"]))
        seen = Seen(self.path, dict(self.headers), body)
        behaviour.seen.append(seen)
        answer = self.server.judged(seen)
        number = self.server.number_of(seen)
        if number in behaviour.by_number:
            answer = behaviour.by_number[number]
        elif behaviour.answers:
            answer = behaviour.answers.pop(0)
        time.sleep(answer.seconds)
        if answer.hangs_up:
            return
        good = self.server.good(seen) if answer.body is None else answer.body
        content = good if isinstance(good, bytes) else json.dumps(good).encode()
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionError):
            return

    def do_GET(self):
        """Where a redirect would lead."""
        self.server.behaviour.seen.append(Seen(f"GET {self.path}", dict(self.headers), b""))
        self.send_response(200)
        self.end_headers()


class FormServer(ThreadingHTTPServer):
    """As the local providers answer: 200 even where it refuses, with the reason in the JSON."""

    @staticmethod
    def number_of(seen):
        return seen.fields.get("target", "")

    @staticmethod
    def judged(seen):
        if seen.headers.get("Authorization") != TOKEN:
            return Answer(401, {"status": False, "reason": "invalid token"})
        if "target" not in seen.fields or "message" not in seen.fields:
            return Answer(200, {"status": False, "reason": "input invalid"})
        return Answer()

    @staticmethod
    def good(seen):
        return {
            "detail": "success! message in queue",
            "id": ["80367170"],
            "process": "pending",
            "status": True,
            "target": [seen.fields["target"]],
        }


class CloudServer(ThreadingHTTPServer):
    """As the Cloud API answers, with its errors and their codes."""

    @staticmethod
    def number_of(seen):
        return seen.json.get("to", "")

    @staticmethod
    def judged(seen):
        if seen.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Answer(401, cloud_error(190, "Error validating access token"))
        if seen.path != f"/v23.0/{PHONE_NUMBER_ID}/messages":
            return Answer(400, cloud_error(100, "Unsupported post request"))
        template = seen.json["template"]
        if template["name"] != TEMPLATE:
            return Answer(404, cloud_error(132001, "Template name does not exist"))
        [body] = template["components"]
        texts = [parameter["text"] for parameter in body["parameters"]]
        if len(texts) != 2:
            return Answer(400, cloud_error(132000, "Number of parameters does not match"))
        if any(sign in text for text in texts for sign in ("\n", "\t", "     ")):
            return Answer(
                400, cloud_error(132018, "Param text cannot have new-line/tab characters")
            )
        return Answer()

    @staticmethod
    def good(seen):
        to = seen.json["to"]
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to, "wa_id": to}],
            "messages": [{"id": "wamid.HBgL", "message_status": "accepted"}],
        }


def cloud_error(code, message):
    return {
        "error": {
            "message": f"(#{code}) {message}",
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": message},
            "fbtrace_id": "Az8or2yhqkZfEZ",
        }
    }


@contextmanager
def serving(kind):
    """A server of that kind on a free port, until the block ends; yields its Behaviour."""
    server = kind(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.behaviour = Behaviour(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.behaviour
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
