"""Everything that is done by the clock: one table, kept to by any number of workers.

Times are of Asia/Jakarta. A command of the same name does each by hand.
"""

from __future__ import annotations

from datetime import time, timedelta

from django.conf import settings

from api import jobs as api
from assessments import jobs as years
from jobs.schedule import Daily, Entry, Every
from kla import jobs as site
from meetings import jobs as meetings
from public import jobs as public

NIGHTLY: tuple[Entry, ...] = (
    Daily(years.verify_documents, time(1, 30)),
    Daily(years.verify_snapshots, time(1, 40)),
    Daily(years.verify_trail, time(1, 50)),
    Daily(site.prune_queue, time(3, 0)),
)

KEEPS_HEADS = bool(settings.KLA_TRAIL_HEADS_DIR or settings.KLA_TRAIL_HEADS_TO)

FORGETS_ATTENDANCES = bool(settings.KLA_RETENTION["attendances"])
FORGETS_DELIVERIES = bool(settings.KLA_RETENTION["deliveries"])
FORGETS_MESSAGES = bool(settings.KLA_RETENTION["messages"])

SCHEDULE: tuple[Entry, ...] = (
    Every(years.send_letters, timedelta(minutes=10)),
    Every(years.scan_waiting, timedelta(minutes=10)),
    Every(years.make_pending_renditions, timedelta(hours=1)),
    Every(years.sweep, timedelta(hours=1)),
    Every(api.forget_answers, timedelta(hours=1)),
    Every(api.ask_for_webhooks, timedelta(minutes=1)),
    *NIGHTLY,
    *([Daily(site.back_up, time(0, 30))] if settings.KLA_BACKUP_TO else []),
    *([Daily(site.keep_trail_heads, time(2, 30))] if KEEPS_HEADS else []),
    *([Daily(api.forget_deliveries, time(2, 10))] if FORGETS_DELIVERIES else []),
    *([Daily(meetings.remove_attendance_names, time(2, 0))] if FORGETS_ATTENDANCES else []),
    *([Daily(public.remove_messages, time(2, 20))] if FORGETS_MESSAGES else []),
)
