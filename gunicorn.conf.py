"""The application server; read by gunicorn from the folder it starts in."""

import os
import shutil
from pathlib import Path
from typing import Any

bind = f"{os.environ.get('KLA_BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# Threads, given to a request only once all of it is here: who stalls holds no thread.
worker_class = "kla.serving.ReceivingWorker"
workers = int(os.environ.get("KLA_WORKERS", "2"))
threads = int(os.environ.get("KLA_THREADS", "4"))
preload_app = True  # one copy of the code in memory, and a broken setting stops the start at once
timeout = 60
graceful_timeout = 30
# A worker that grew starts afresh; the jitter keeps two from doing so together.
max_requests = 5_000
max_requests_jitter = 500
loglevel = "warning"
control_socket_disable = True  # a remote control that nobody here uses


# Figures of /metrik/ begin at zero with the server. A worker counts in a file of its place, and the
# one that takes the place of a worker that ended goes on there: so there are never more files than
# workers (kla/metrics.py).
shutil.rmtree(Path(os.environ.get("KLA_VAR", "var")) / "metrics", ignore_errors=True)


def pre_fork(server: Any, worker: Any) -> None:
    taken = {one.place for one in server.WORKERS.values()}
    worker.place = next(place for place in range(len(taken) + 1) if place not in taken)


def post_fork(server: Any, worker: Any) -> None:
    os.environ["KLA_WORKER_PLACE"] = str(worker.place)
