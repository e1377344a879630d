"""gunicorn's threaded worker, with requests received before any thread is given to them.

A sender that stalls holds a socket and a small file, never a thread; see docs/decisions/0038.
"""

from __future__ import annotations

import errno
import html
import http
import select
import selectors
import socket
import struct
import time
from concurrent import futures
from contextlib import suppress
from functools import partial
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.db import close_old_connections
from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from api.bearer import bearer_of
from kla.bodies import SMALL, Admitted, Refused, admit, is_by_token, too_large
from kla.receiving import Pace, ReceivedRequest, Reception

PIECE = 256 * 1024
# Seconds in which a refused sender may read why, and one that connected to a server which then was
# told to stop may begin.
LINGER = 3.0
THREAD_SECONDS = 30  # how long a thread waits for one read or write of a socket
FULL = (
    "Tempat penyimpanan server penuh, jadi kiriman belum diterima. Beri tahu administrator situs."
)
SLOW = "Kiriman terhenti terlalu lama, jadi sambungan diputus. Periksa jaringan, lalu kirim lagi."
WORDS = {
    400: "Permintaan tidak dapat dibaca. Buka lagi halamannya dari awal.",
    414: "Alamat terlalu panjang. Buka lagi halamannya dari awal.",
    431: "Kepala permintaan terlalu panjang. Hapus kuki situs ini, lalu coba lagi.",
    500: "Terjadi kesalahan di server. Coba lagi sebentar.",
}


def strict_headers() -> dict[str, str]:
    """What our pages say too, for answers that Django never sees."""
    headers = {
        "Content-Security-Policy": build_policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": str(settings.SECURE_REFERRER_POLICY),
        "Cross-Origin-Opener-Policy": str(settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Cache-Control": "private, no-store",
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = (
            f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
        )
    return headers


def error_answer(
    status: int, sentence: str, *, retry_after: int = 0, is_page: bool = True
) -> bytes:
    """A whole answer, after which the connection closes."""
    body = sentence
    if is_page:
        body = (
            '<!doctype html><html lang="id"><meta charset="utf-8">'
            f"<title>{status}</title><p>{html.escape(sentence)}</p></html>"
        )
    media_type = "text/html" if is_page else "text/plain"
    headers = {
        "Connection": "close",
        "Content-Type": f"{media_type}; charset=utf-8",
        "Content-Length": str(len(body.encode())),
        **strict_headers(),
    }
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    phrase = http.HTTPStatus(status).phrase
    return f"HTTP/1.1 {status} {phrase}\r\n{lines}\r\n{body}".encode()


def write_error(sock: Any, status_int: int, reason: str, mesg: str) -> None:
    """In place of gunicorn's own, whose page is bare and repeats what was sent."""
    util.write_nonblock(sock, error_answer(status_int, WORDS.get(status_int, WORDS[400])))


def admitted(**request: Any) -> Admitted:
    """As `admit`, with the database's connection of this thread looked at as for a page."""
    close_old_connections()
    try:
        return admit(**request)
    finally:
        close_old_connections()


class ReceivingWorker(ThreadWorker):
    """Receives in the loop that polls; a thread begins where the whole request is here."""

    def init_process(self) -> None:
        self.receptions: dict[Any, Reception] = {}
        self.surplus: dict[Any, bytes] = {}
        # Of its own, so that asking who sends waits for no page.
        self.admissions = futures.ThreadPoolExecutor(max_workers=2)
        self.pace = Pace(
            head=settings.KLA_HEAD_SECONDS,
            stall=settings.KLA_STALL_SECONDS,
            grace=settings.KLA_STALL_SECONDS,
            rate=settings.KLA_LEAST_RATE,
        )
        util.write_error = write_error
        super().init_process()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Told to stop, take who is waiting and let the port go, which a balancer notices.

        gunicorn keeps it to the end: who came meanwhile would wait for nobody and be cut.
        """
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            waiting = select.poll()
            waiting.register(listener, select.POLLIN)
            while waiting.poll(0):
                self.accept(listener)
            listener.close()

    def enqueue_req(self, conn: Any) -> None:
        """Receive first: called for a new connection and for each further request of one."""
        reception = Reception(
            conn, folder=str(settings.FILE_UPLOAD_TEMP_DIR), pace=self.pace, now=time.monotonic()
        )
        conn.sock.setblocking(False)
        self.receptions[conn] = reception
        self._poll(reception)
        if conn.parser is not None and (sent := conn.parser.unreader.take_buffered()):
            self._take(reception, sent)
        else:
            self._on_readable(reception, conn.sock)

    def _poll(self, reception: Reception) -> None:
        callback = partial(self._on_readable, reception)
        self.poller.register(reception.conn.sock, selectors.EVENT_READ, callback)

    def _on_readable(self, reception: Reception, sock: Any) -> None:
        try:
            data = sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if reception.refused_at is not None:
            if not data:
                self._drop(reception)
        elif data:
            self._take(reception, data)
        else:
            self._cut(reception, answer=b"")

    def _take(self, reception: Reception, data: bytes) -> None:
        was_headless = reception.head is None
        try:
            reception.feed(data, time.monotonic())
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                self.log.exception("Receiving a request failed")
            self._refuse(reception, Refused(507, FULL))
            return
        if reception.is_complete:
            self._submit(reception, is_cut=False)
        elif was_headless and reception.head is not None:
            self._decide(reception)
        elif reception.head is not None and reception.received > reception.limit:
            self._beyond(reception)

    def _decide(self, reception: Reception) -> None:
        """The head is here and the body is not: read on, ask first, or refuse."""
        reception.limit = SMALL
        if reception.expected > SMALL:
            self._beyond(reception)
        else:
            self._go_on(reception)

    def _beyond(self, reception: Reception) -> None:
        """More than anybody may send: only who may send it here goes on."""
        if reception.limit > SMALL:  # was asked already, and lied
            self._refuse(reception, too_large(reception.limit))
            return
        headers = dict(reception.head.headers)
        cookies, authorization = headers.get("COOKIE", ""), headers.get("AUTHORIZATION", "")
        is_named = settings.SESSION_COOKIE_NAME in cookies
        if is_by_token(reception.head.path):
            is_named = bearer_of(authorization) is not None
        if not is_named:
            self._refuse(reception, too_large(SMALL))
            return
        self.poller.unregister(reception.conn.sock)
        reception.is_paused = True
        asked = self.admissions.submit(
            admitted,
            method=reception.head.method,
            path=reception.head.path,
            cookies=cookies,
            authorization=authorization,
            declared=reception.expected,
        )
        asked.add_done_callback(partial(self.method_queue.defer, self._decided, reception))

    def _decided(self, reception: Reception, asked: futures.Future[Admitted]) -> None:
        self._poll(reception)
        reception.is_paused = False
        try:
            place = asked.result()
        except Refused as refused:
            self._refuse(reception, refused)
            return
        except Exception:
            self.log.exception("Asking who sends a body failed")
            self._refuse(reception, Refused(503, WORDS[500], 10))
            return
        reception.limit, reception.release = place.limit, place.release
        if reception.received > reception.limit:
            self._refuse(reception, too_large(reception.limit))
        else:
            self._go_on(reception)

    def _go_on(self, reception: Reception) -> None:
        if reception.awaits_word:
            self._send(reception, b"HTTP/1.1 100 Continue\r\n\r\n")

    def _submit(self, reception: Reception, *, is_cut: bool) -> None:
        """The request is here; from now on it is as any other of gunicorn's."""
        conn = reception.conn
        self.poller.unregister(conn.sock)
        self.receptions.pop(conn)
        reception.give_back()
        # A thread that reads what never comes, or writes to who never reads, is let go.
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", THREAD_SECONDS, 0))
        conn.init()
        conn.parser.mesg_class = ReceivedRequest
        conn.parser.unreader = reception.hand_over(is_cut=is_cut)
        if reception.surplus:
            self.surplus[conn] = reception.surplus
        super().enqueue_req(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        if surplus := self.surplus.pop(conn, b""):
            conn.parser.unreader.unread(surplus)
        super().finish_request(conn, fs)

    def _cut(self, reception: Reception, *, answer: bytes) -> None:
        """The sender is gone or too slow. What came of a piece of an upload is still good."""
        if reception.has_begun:
            head = reception.head
            self.log.warning(
                "Cut a request that stalled or broke off: %s %s from %s, %d of %s bytes in %.0f s",
                head.method if head else "-",
                head.path if head else "-",
                self._address(reception),
                reception.received,
                "?" if head is None or reception.declared is None else reception.declared,
                time.monotonic() - reception.started,
            )
            if head is not None and head.method == "PATCH" and reception.release is not None:
                self._submit(reception, is_cut=True)
                return
        if answer:
            self._send(reception, answer)
        self._drop(reception)

    def _refuse(self, reception: Reception, refused: Refused) -> None:
        """Answer, then read on for a moment without keeping anything, or the answer is lost."""
        head = reception.head
        self.log.warning(
            "Refused a body with %d: %s %s from %s, %d bytes",
            refused.status,
            head.method if head else "-",
            head.path if head else "-",
            self._address(reception),
            reception.expected,
        )
        accepts = dict(head.headers).get("ACCEPT", "") if head else ""
        answer = error_answer(
            refused.status,
            refused.sentence,
            retry_after=refused.retry_after,
            is_page="text/html" in accepts,
        )
        reception.refused_at = time.monotonic()
        reception.close()
        self._send(reception, answer)
        try:
            reception.conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(reception)

    def _send(self, reception: Reception, answer: bytes) -> None:
        with suppress(OSError):  # gone or not reading; the deadline ends it
            reception.conn.sock.send(answer)

    def _drop(self, reception: Reception) -> None:
        conn = reception.conn
        self.receptions.pop(conn)
        self.poller.unregister(conn.sock)
        reception.close()
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Called by gunicorn's loop at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        for reception in list(self.receptions.values()):
            if reception.is_paused:
                continue
            if reception.refused_at is not None:
                if now > reception.refused_at + LINGER:
                    self._drop(reception)
            elif now > reception.deadline() or self._is_idle_at_the_end(reception, now):
                is_page = reception.head is None or reception.head.method != "PATCH"
                answer = error_answer(408, SLOW, is_page=is_page) if reception.has_begun else b""
                self._cut(reception, answer=answer)

    def _is_idle_at_the_end(self, reception: Reception, now: float) -> bool:
        """Told to stop, the server waits for those who connected and may be about to ask."""
        return not (self.alive or reception.has_begun) and now > reception.started + LINGER

    def _address(self, reception: Reception) -> str:
        """Of the sender; with proxies of ours in front, what the outermost of them says."""
        client = reception.conn.client
        peer = client[0] if isinstance(client, tuple) else (str(client) or "-")
        if not settings.PROXIES or reception.head is None:
            return peer
        hops = [
            hop.strip()
            for name, value in reception.head.headers
            if name == "X-FORWARDED-FOR"
            for hop in value.split(",")
        ]
        return hops[-settings.PROXIES] if len(hops) >= settings.PROXIES else peer
