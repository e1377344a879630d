"""A request on its way in: gathered piece by piece, without any thread waiting for it.

What has come lies in one file, in memory while it is small. Where the head ends and how long the
body is, gunicorn's own parser says, so that nobody here reads a message otherwise than it does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from gunicorn.http.body import ChunkedReader
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader, SocketUnreader

HEAD_END = b"\r\n\r\n"
MAX_HEAD = 64 * 1024  # bytes; beyond, gunicorn's parser is asked, which refuses
MAX_LINE = 8 * 1024  # of a chunk's size or of a trailer
IN_MEMORY = 256 * 1024  # bytes of one request; what is more lies on disk


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a sender may take: seconds, and bytes a second."""

    head: float = 10
    stall: float = 20  # without a single byte
    grace: float = 20  # before the least rate counts
    rate: float = 2048


class ReceivedRequest(Request):
    """A request whose body is here already: nobody is told to go on and send it."""

    @property
    def _expected_100_continue(self) -> bool:
        return False

    @_expected_100_continue.setter
    def _expected_100_continue(self, _value: bool) -> None:
        pass


class ReceivedUnreader(SocketUnreader):
    """Gives what was gathered, then what still comes; nothing more where the sender was cut."""

    def __init__(self, sock: Any, gathered: IO[bytes], *, is_cut: bool) -> None:
        super().__init__(sock)
        self.gathered: IO[bytes] | None = gathered
        self.is_cut = is_cut

    def chunk(self, size_hint: int | None = None) -> bytes:
        if self.gathered is not None:
            data = self.gathered.read(max(self.mxchunk, min(size_hint or 0, self.max_body_chunk)))
            if data:
                return data
            self.gathered.close()
            self.gathered = None
        return b"" if self.is_cut else super().chunk(size_hint)


class ChunkedEnd:
    """Finds where a chunked body ends. What makes no sense ends it: gunicorn then refuses it."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._data_left = 0
        self._in_trailers = False

    def feed(self, data: bytes) -> int | None:
        """How many of these bytes belong to the body, once its end is among them."""
        at = 0
        while at < len(data):
            if self._data_left:
                step = min(self._data_left, len(data) - at)
                self._data_left -= step
                at += step
                continue
            end = data.find(b"\n", at)
            self._line += data[at : len(data) if end < 0 else end + 1]
            at = len(data) if end < 0 else end + 1
            if len(self._line) > MAX_LINE or (end >= 0 and self._ends_with_line()):
                return at
        return None

    def _ends_with_line(self) -> bool:
        line = bytes(self._line).strip()
        self._line.clear()
        if self._in_trailers:
            return not line
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            return True
        self._in_trailers = size == 0
        self._data_left = size + len(b"\r\n") if size else 0
        return size < 0


class Reception:
    """One request of one connection while it is being received."""

    def __init__(self, conn: Any, *, folder: str, pace: Pace, now: float) -> None:
        self.conn = conn
        self.pace = pace
        self.started = self.heard = now
        self.head: Any = None  # gunicorn's Request, once its head is here and sound
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 -- handed on
            IN_MEMORY, dir=folder
        )
        self.surplus = b""  # of the next request, sent before this one was answered
        self.is_complete = False
        self.is_paused = False  # nothing is read until somebody decides about the body
        self.refused_at: float | None = None
        self.limit = 0  # bytes of body that may come
        self.received = 0  # bytes of body
        self.declared: int | None = None  # bytes of body; None when it is chunked
        self.release: Callable[[], None] | None = None  # gives its place back
        self._head = bytearray()
        self._end = ChunkedEnd()

    def feed(self, data: bytes, now: float) -> None:
        """Take what came. Raises OSError where there is no room for it."""
        self.heard = now
        if self.head is not None:
            self._feed_body(data)
            return
        # Only the last three bytes can begin an end that the new ones complete.
        searched = max(0, len(self._head) - len(HEAD_END) + 1)
        self._head += data
        at = self._head.find(HEAD_END, searched)
        if at >= 0 or len(self._head) > MAX_HEAD:
            self._take_head(len(self._head) if at < 0 else at + len(HEAD_END))

    def _take_head(self, length: int) -> None:
        head, rest = bytes(self._head[:length]), bytes(self._head[length:])
        self._head.clear()
        self.file.write(head)
        try:
            self.head = Request(self.conn.cfg, IterUnreader([head]), self.conn.client)
        except Exception:  # noqa: BLE001 -- whatever it is, the thread meets and answers it again
            self.file.write(rest)
            self.is_complete = True
            return
        reader = self.head.body.reader
        self.declared = None if isinstance(reader, ChunkedReader) else reader.length
        if self.declared == 0:
            self.surplus, self.is_complete = rest, True
        elif rest:
            self._feed_body(rest)

    def _feed_body(self, data: bytes) -> None:
        if self.declared is None:
            ours = self._end.feed(data)
            ended = ours is not None
        else:
            ours = min(len(data), self.declared - self.received)
            ended = self.received + ours == self.declared
        mine = data if ours is None else data[:ours]
        self.surplus = data[len(mine) :]
        self.file.write(mine)
        self.received += len(mine)
        self.is_complete = ended

    @property
    def expected(self) -> int:
        """The bytes of body that are sure to come or are here."""
        return self.received if self.declared is None else max(self.declared, self.received)

    @property
    def awaits_word(self) -> bool:
        """Whether the sender asked (Expect: 100-continue) and has sent nothing yet."""
        return self.head._expected_100_continue and not self.received  # noqa: SLF001

    @property
    def has_begun(self) -> bool:
        return bool(self._head) or self.head is not None

    def deadline(self) -> float:
        """When to stop waiting, on the clock that `now` is of."""
        if self.head is None:
            return self.started + self.pace.head
        slow = self.started + self.pace.grace + self.received / self.pace.rate
        return min(self.heard + self.pace.stall, slow)

    def hand_over(self, *, is_cut: bool) -> ReceivedUnreader:
        """What was gathered, from its beginning, for the parser of the connection."""
        self.file.seek(0)
        return ReceivedUnreader(self.conn.sock, self.file, is_cut=is_cut)

    def close(self) -> None:
        self.file.close()
        self.give_back()

    def give_back(self) -> None:
        if self.release is not None:
            self.release()
            self.release = None
