"""A mail server that speaks the protocol and fails on command."""

from __future__ import annotations

import socketserver
import ssl
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
    leaves_for: set[str] = field(default_factory=set)  # recipients at whose name it goes silently
    answers: dict[bytes, str] = field(default_factory=dict)  # to these verbs, whoever asks
    leaves_at: bytes = b""  # the verb at which it goes without a word
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
        self.recipient, self.taken = "", 0
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == behaviour.leaves_at or self.is_end_after(verb, line.decode(), behaviour):
                return

    def is_end_after(self, verb: bytes, line: str, behaviour: Behaviour) -> bool:
        """Answer one line of the client; whether the server goes then."""
        if verb in behaviour.answers:
            self.say(behaviour.answers[verb])
        elif verb == b"RCPT":
            return self.is_end_after_recipient(line, behaviour)
        elif verb == b"DATA":
            return self.is_end_after_text(behaviour)
        else:
            self.say("221 bye" if verb == b"QUIT" else "250 ok")
        return verb == b"QUIT"

    def is_end_after_recipient(self, line: str, behaviour: Behaviour) -> bool:
        self.recipient = line.partition("<")[2].partition(">")[0]
        if self.recipient in behaviour.leaves_for:
            return True
        answer = behaviour.refused.get(self.recipient, "250 ok")
        self.say(answer)
        return answer.startswith("421")

    def is_end_after_text(self, behaviour: Behaviour) -> bool:
        self.say("354 go")
        while self.rfile.readline() != b".\r\n":
            pass
        if self.recipient in behaviour.hangs_for:
            self.rfile.read(1)  # until the client gives up
            return True
        time.sleep(behaviour.seconds)
        answer = behaviour.refused_data.get(self.recipient, "250 taken")
        if answer.startswith("250"):
            behaviour.delivered.append(self.recipient)
            self.taken += 1
        self.say(answer)
        return self.taken == behaviour.letters_a_session


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    behaviour: Behaviour
    tls: ssl.SSLContext | None = None

    def get_request(self):
        session, address = super().get_request()
        return (self.tls.wrap_socket(session, server_side=True) if self.tls else session), address


@contextmanager
def mail_server(settings, *, tls=None, **behaviour):
    """The behaviour of a server that the site sends through meanwhile."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.behaviour, server.tls = Behaviour(**behaviour), tls
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
