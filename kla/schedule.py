"""Everything that is done by the clock: one table, kept to by any number of workers.

Times are of Asia/Jakarta. A command of the same name does each by hand.
"""

from __future__ import annotations

from datetime import time, timedelta

from django.conf import settings

from assessments import jobs as years
from jobs.schedule import Daily, Entry, Every
from kla import jobs as site

NIGHTLY: tuple[Entry, ...] = (
    Daily(years.verify_documents, time(1, 30)),
    Daily(years.verify_snapshots, time(1, 40)),
    Daily(years.verify_trail, time(1, 50)),
    Daily(site.prune_queue, time(3, 0)),
)

KEEPS_HEADS = bool(settings.KLA_TRAIL_HEADS_DIR or settings.KLA_TRAIL_HEADS_TO)

SCHEDULE: tuple[Entry, ...] = (
    Every(years.send_letters, timedelta(minutes=10)),
    Every(years.scan_waiting, timedelta(minutes=10)),
    Every(years.make_pending_renditions, timedelta(hours=1)),
    Every(years.sweep, timedelta(hours=1)),
    *NIGHTLY,
    *([Daily(site.back_up, time(0, 30))] if settings.KLA_BACKUP_TO else []),
    *([Daily(site.keep_trail_heads, time(2, 30))] if KEEPS_HEADS else []),
)
