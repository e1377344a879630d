"""Letters that leave within seconds, behind the request that asked for them.

One thread a process at most: what is asked while it works is one more round of it, not one more
thread. What it does not get done (the process ends, the mail server is away) is left to the
command that runs every ten minutes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import connections

logger = logging.getLogger(__name__)

# Seconds: so long after the request that its answer does not show what happens here.
AFTER = 1.0


class Background:
    """Runs one thing, again for whoever asks meanwhile, never twice at once."""

    def __init__(self, work: Callable[[], object], *, after: float = AFTER) -> None:
        self.work = work
        self.after = after
        self.lock = threading.Lock()
        self.is_asked = False
        self.thread: threading.Thread | None = None

    def ask(self) -> None:
        """Let the work be done soon. Returns at once."""
        with self.lock:
            self.is_asked = True
            if self.thread is None:
                self.thread = threading.Thread(target=self._rounds, name="letters", daemon=True)
                self.thread.start()

    def _rounds(self) -> None:
        while True:
            time.sleep(self.after)
            with self.lock:
                if not self.is_asked:
                    self.thread = None
                    return
                self.is_asked = False
            try:
                self.work()
            except Exception:
                logger.exception("The letters behind a request failed; the next run sends them")
            finally:
                connections.close_all()
