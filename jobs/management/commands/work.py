"""Do what is asked for and what is due by the clock, until told to stop."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from jobs.schedule import tick

logger = logging.getLogger(__name__)

DATABASE_BACKEND = "django_tasks_db.DatabaseBackend"
# By name, for its client is installed only where it is used.
CELERY_BACKEND = "jobs.rabbitmq.CeleryBackend"
CELERY_WORKER = "jobs.rabbitmq.work_until_told"
TICK = 5.0  # seconds
DATABASE_AWAY = 5.0


class Command(BaseCommand):
    help = (
        "Keep to the schedule and do the jobs that wait in the database. Run one beside the web "
        "server, or several on any machines: each job is done once, whether the queue is in the "
        "database or on RabbitMQ (CELERY_BROKER_URL). With yet another queue (see TASKS) its own "
        "workers do the jobs; then --schedule keeps to the schedule alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--once", action="store_true", help="Do what is due, then end: for cron.")
        mode.add_argument("--schedule", action="store_true", help="Only keep to the schedule.")

    def handle(self, *, once: bool, schedule: bool, **options: Any) -> None:
        if schedule:
            keep_to_the_schedule(threading.Event())
            return
        backend = settings.TASKS["default"]["BACKEND"]
        if backend not in (DATABASE_BACKEND, CELERY_BACKEND) or (
            once and backend == CELERY_BACKEND
        ):
            raise CommandError("The jobs of this site wait in another queue. Use its own worker.")
        if once:
            tick(import_string(settings.KLA_SCHEDULE), at=timezone.now())
            _work(batch=True)
            return
        stop = threading.Event()
        clock = threading.Thread(target=keep_to_the_schedule, args=[stop], daemon=True)
        clock.start()
        try:
            if backend == CELERY_BACKEND:
                import_string(CELERY_WORKER)()
                return
            while not _ended():
                time.sleep(DATABASE_AWAY)
        finally:
            stop.set()


def _ended() -> bool:
    """Work until told to stop; False where the database went away meanwhile."""
    try:
        _work(batch=False)
    except (OperationalError, InterfaceError):
        logger.exception("The database is away; the worker goes on when it is back")
        connection.close()
        return False
    return True


def _work(*, batch: bool) -> None:
    call_command(
        "db_worker", "--queue-name=*", batch=batch, reload=False, startup_delay=False, verbosity=0
    )


def keep_to_the_schedule(stop: threading.Event) -> None:
    """Look every few seconds, whatever went wrong the last time."""
    schedule = import_string(settings.KLA_SCHEDULE)
    while True:
        try:
            tick(schedule, at=timezone.now())
        except Exception:
            logger.exception("Looking at the schedule failed; it is looked at again soon")
        finally:
            connection.close()
        if stop.wait(TICK):
            return
