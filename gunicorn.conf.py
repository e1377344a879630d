"""The application server; read by gunicorn from the folder it starts in."""

import os

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
