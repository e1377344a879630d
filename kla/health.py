"""Whether the site works, for balancers, containers and whoever watches it; without an account.

Three addresses that stay: `/sehat/hidup/` (this process answers), `/sehat/siap/` (all that it
stands on answers), `/sehat/` (its database answers, with a few figures for people).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tasks import task_backends

from assessments import scanner
from assessments.services.scanning import waiting_since
from backups.age import backup_age
from jobs.models import Job

logger = logging.getLogger(__name__)

PROBE = "kla-health"
ANSWERS = "menjawab"
AWAY = "tidak menjawab"
REPLACED = "tidak menjawab, digantikan basis data"


@require_safe
@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as this process takes requests, whatever became of all others."""
    return HttpResponse("hidup\n", "text/plain")


@require_safe
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """200 when pages and documents can be served, else 503, with a line for each engine.

    Redis and RabbitMQ are replaced by the database while they are away (decision 58): that is
    told and does not take this process out of service. Why one does not answer is in the log
    alone, by the name of the error: addresses have passwords in them.
    """
    lines, is_ready = [], True
    for name, require, is_replaced in ENGINES:
        said = ANSWERS if _answers(name, require) else REPLACED if is_replaced() else AWAY
        is_ready = is_ready and said != AWAY
        lines.append(f"{name}: {said}\n")
    first = "siap\n" if is_ready else "tidak siap\n"
    return HttpResponse("".join([first, *lines]), "text/plain", 200 if is_ready else 503)


def _answers(name: str, require: Callable[[], None]) -> bool:
    try:
        require()
    except Exception as error:  # noqa: BLE001 -- whatever the client of that engine raises
        logger.warning("Not ready: %s (%s)", name, type(error).__name__)
        return False
    return True


def require_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def require_cache() -> None:
    """Redis itself where there is one; otherwise that what is written is read again."""
    cache = caches["default"]
    if hasattr(cache, "require_answer"):
        cache.require_answer()
        return
    cache.set(PROBE, PROBE, 60)
    if cache.get(PROBE) != PROBE:
        raise ConnectionError


def require_storage() -> None:
    """Each place of documents: a folder that takes files, a bucket that answers."""
    for place in getattr(default_storage, "places", [default_storage]):
        if hasattr(place, "require_answer"):
            place.require_answer()
        else:
            _require_folder(Path(place.location))


def _require_folder(folder: Path) -> None:
    while not folder.exists():  # made with the first document
        folder = folder.parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise NotADirectoryError


def require_queue() -> None:
    """The broker where there is one; otherwise the table of jobs."""
    backend = task_backends["default"]
    if hasattr(backend, "require_answer"):
        backend.require_answer()
    else:
        Job.objects.order_by().values("pk").first()


def _is_redis() -> bool:
    return hasattr(caches["default"], "require_answer")


def _is_broker() -> bool:
    return hasattr(task_backends["default"], "require_answer")


def _is_never() -> bool:
    return False


# What people read, what must answer, and whether the database takes over where it does not.
ENGINES: tuple[tuple[str, Callable[[], None], Callable[[], bool]], ...] = (
    ("basis data", require_database, _is_never),
    ("cache", require_cache, _is_redis),
    ("penyimpanan dokumen", require_storage, _is_never),
    ("antrean pekerjaan", require_queue, _is_broker),
)


@require_safe
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503; for load balancers and containers.

    Where jobs are done or backups are made, a line each says when that was last so; where files
    wait for the virus scanner, another how many and how long.
    """
    now = timezone.now()
    try:
        require_database()
    except (DatabaseError, InterfaceError):
        return HttpResponse("basis data tidak menjawab\n", "text/plain", 503)
    try:
        worked, scanning = worker_age(now), scan_backlog(now)
    except DatabaseError:  # it answers, and `prepare` has not run yet
        worked = scanning = ""
    return HttpResponse(f"sehat\n{worked}{backup_line(now)}{scanning}", "text/plain")


def scan_backlog(now: datetime) -> str:
    """A line with the files that wait for the scanner, in whole minutes; nothing without any."""
    if not scanner.is_set_up():
        return ""
    waiting, since = waiting_since()
    if since is None:
        return ""
    minutes = int((now - since).total_seconds() // 60)
    return f"menunggu pemindaian: {waiting}, terlama {minutes} menit\n"


def worker_age(now: datetime) -> str:
    """A line with how long ago a worker last began something; nothing where none ever did.

    The schedule has something for it every ten minutes.
    """
    began_at = Job.objects.aggregate(last=Max("started_at"))["last"]
    if began_at is None:
        return ""
    minutes = int((now - began_at).total_seconds() // 60)
    return f"pekerjaan latar terakhir: {minutes} menit lalu\n"


def backup_line(now: datetime) -> str:
    """A line with the age of the last backup in whole hours, and whether that is too old.

    Nothing where none was ever made and none is waited for.
    """
    age = backup_age(now)
    late = " (terlambat)" if age.is_late else ""
    if not age.is_readable:
        return f"cadangan terakhir: tidak terbaca{late}\n"
    if age.made_at is None:
        return f"cadangan terakhir: belum pernah{late}\n" if late else ""
    return f"cadangan terakhir: {age.hours} jam lalu{late}\n"
