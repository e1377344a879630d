"""A thread of this process that makes renditions one after the other, behind the requests.

Losing it loses nothing: what it did not come to stays pending in the database and is made by
`make_renditions`.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection
from django.utils import timezone

logger = logging.getLogger(__name__)

Work = tuple[Callable[..., Any], UUID]
_waiting: queue.SimpleQueue[Work] = queue.SimpleQueue()
_start = threading.Lock()
_thread: threading.Thread | None = None


def make_soon(make: Callable[..., Any], keys: Iterable[UUID]) -> None:
    """Have `make(key, at=now)` called for each, in order, by the one thread of this process."""
    global _thread  # noqa: PLW0603 -- one for the process, begun with the first piece of work
    for key in keys:
        _waiting.put((make, key))
    with _start:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_work, name="renditions", daemon=True)
            _thread.start()


def _work() -> None:
    while True:
        make, key = _waiting.get()
        close_old_connections()
        try:
            make(key, at=timezone.now())
        except Exception:  # whatever it was, the next document is no worse for it
            logger.exception("Making the rendition of %s failed", key)
        finally:
            connection.close()
