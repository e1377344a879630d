"""A mail server that speaks the protocol and fails on command."""

from __future__ import annotations

import socketserver
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Behaviour:
    """How the server answers; addresses are compared whole."""

    refused: dict[str, str] = field(default_factory=dict)  # recipient: answer to RCPT
    refused_data: dict[str, str] = field(default_factory=dict)  # recipient: answer to its text
    hangs_for: set[str] = field(default_factory=set)  # recipients whose text is never answered
    letters_a_session: int = 1000  # then the server closes without a word
    seconds: float = 0.0  # that each letter takes
    greeting: str = "220 uji"
    delivered: list[str] = field(default_factory=list)
    sessions: int = 0


class _Session(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        try:
            self.converse(self.server.behaviour)
        except (ConnectionError, BrokenPipeError):
            return

    def converse(self, behaviour: Behaviour) -> None:
        behaviour.sessions += 1
        self.say(behaviour.greeting)
        recipient, taken = "", 0
        while line := self.rfile.readline():
            verb, rest = line[:4].upper().strip(), line.decode().strip()
            if verb == b"RCPT":
                recipient = rest.partition("<")[2].partition(">")[0]
                answer = behaviour.refused.get(recipient, "250 ok")
                self.say(answer)
                if answer.startswith("421"):
                    return
            elif verb == b"DATA":
                self.say("354 go")
                while self.rfile.readline() != b".\r\n":
                    pass
                if recipient in behaviour.hangs_for:
                    self.rfile.read(1)  # until the client gives up
                    return
                time.sleep(behaviour.seconds)
                answer = behaviour.refused_data.get(recipient, "250 taken")
                if answer.startswith("250"):
                    behaviour.delivered.append(recipient)
                    taken += 1
                self.say(answer)
                if taken == behaviour.letters_a_session:
                    return
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    behaviour: Behaviour


@contextmanager
def mail_server(settings, **behaviour):
    """The behaviour of a server that the site sends through meanwhile."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.behaviour = Behaviour(**behaviour)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 1
        try:
            yield server.behaviour
        finally:
            server.shutdown()
