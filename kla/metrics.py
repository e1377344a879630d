"""What Prometheus reads. Needs the optional group `observability`; docs/decisions/0061.

Requests are counted in small files that all processes of this machine share, one a place of
gunicorn's. What waits is counted in the database at the moment of asking, the same on each machine.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Count, F, Min
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from assessments import scanner
from assessments.models import DocumentCount, Notification, Upload
from assessments.services.scanning import waiting_since
from backups.age import backup_age
from cities.models import Invitation
from jobs.models import Job
from outbox.models import Letter

# A read page is quick, a package of a year may take minutes; in seconds.
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


def _place() -> str:
    """The place of this process among gunicorn's; the one that follows it goes on counting there."""
    return os.environ.get("KLA_WORKER_PLACE", "main")


settings.KLA_METRICS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.KLA_METRICS_DIR)
values.ValueClass = values.MultiProcessValue(_place)

REQUESTS = Counter(
    "kla_requests", "Requests by name of the page and status.", ["page", "method", "status"]
)
SECONDS = Histogram("kla_request_seconds", "Until the answer began.", buckets=BUCKETS)


def count_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = get_response(request)
        SECONDS.observe(time.perf_counter() - begun)
        match = request.resolver_match
        # Names of ours alone: what anybody makes up would fill the memory of whoever reads this.
        page = (match.view_name if match else "") or "-"
        method = request.method if request.method in ("GET", "HEAD", "POST", "PATCH") else "-"
        REQUESTS.labels(page, method, str(response.status_code)).inc()
        return response

    return middleware


def exposition() -> bytes:
    """All figures in the text format of Prometheus, 0.0.4."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(Waiting(timezone.now()))
    return generate_latest(registry)


class Waiting(Collector):
    """What waits at a moment, in at most ten queries; ages are seconds."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self._jobs()
        yield from self._documents()
        letters = GaugeMetricFamily("kla_letters", "Letters not yet sent.", labels=["state"])
        notices = Notification.objects.to_mail(self.at).order_by()
        people = notices.values("user").distinct().count()
        letters.add_metric(["waiting"], people + Invitation.objects.to_mail(self.at).count())
        letters.add_metric(["failed"], Letter.objects.failed().count())
        letters.add_metric(["given_up"], Letter.objects.given_up(self.at).count())
        yield letters
        age = backup_age(self.at)
        if age.made_at is not None:
            seconds = (self.at - age.made_at).total_seconds()
            yield _gauge("kla_backup_age_seconds", "Since the last good backup.", seconds)

    def _jobs(self) -> Iterator[GaugeMetricFamily]:
        jobs = GaugeMetricFamily("kla_jobs", "Jobs that are not done.", labels=["state"])
        due = Job.objects.due(self.at).aggregate(count=Count("pk"), first=Min("next_try_at"))
        jobs.add_metric(["due"], due["count"])
        jobs.add_metric(["running"], Job.objects.running(self.at).count())
        jobs.add_metric(["parked"], Job.objects.parked().count())
        yield jobs
        oldest = (self.at - due["first"]).total_seconds() if due["first"] else 0
        yield _gauge("kla_queue_age_seconds", "How long the oldest due job waits.", oldest)

    def _documents(self) -> Iterator[GaugeMetricFamily]:
        open_ones = Upload.objects.filter(offset__lt=F("length")).count()
        yield _gauge("kla_uploads_open", "Uploads of which pieces are missing.", open_ones)
        reviews = DocumentCount.objects.waiting().total()
        yield _gauge("kla_reviews_waiting", "Documents that wait for a verdict.", reviews)
        if scanner.is_set_up():
            waiting, since = waiting_since()
            yield _gauge("kla_scans_waiting", "Files that wait for the virus scanner.", waiting)
            age = (self.at - since).total_seconds() if since else 0
            yield _gauge("kla_scan_age_seconds", "How long the first of them waits.", age)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)
