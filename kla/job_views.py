"""The operator's page: what is done outside of requests, what stopped, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cities.access import person, site_admin_view
from jobs.kinds import key_of, kind_at
from jobs.models import Job
from jobs.running import try_again
from kla.schedule import SCHEDULE

PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    job: Job
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry of the schedule; `job` is None where no worker has looked at it yet."""

    label: str | Promise
    job: Job | None
    next_due: datetime


@require_safe
@site_admin_view
def job_list(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    known = {job.key: job for job in Job.objects.scheduled()}
    planned = [
        Planned(entry.kind.label, known.get(key_of(entry.kind.path)), entry.next_due(at))
        for entry in SCHEDULE
    ]
    parked = Paginator(Job.objects.parked(), PAGE).get_page(request.GET.get("halaman"))
    context = {
        "parked": [Row(job, label_of(job)) for job in parked],
        "page_obj": parked,
        "running": [Row(job, label_of(job)) for job in Job.objects.running(at)[:PAGE]],
        "waiting": Job.objects.waiting(at).count(),
        "planned": planned,
    }
    return render(request, "jobs.html", context)


@require_POST
@site_admin_view
def job_try_again(request: HttpRequest, pk: int) -> HttpResponse:
    job = try_again(job_id=pk, by=person(request), at=timezone.now())
    if job is None:
        messages.warning(request, _("Pekerjaan ini tidak lagi terhenti; tidak ada yang diubah."))
    else:
        messages.success(request, _("%(label)s segera dicoba lagi.") % {"label": label_of(job)})
    return redirect("job_list")


def label_of(job: Job) -> str | Promise:
    """As people call it; a job of another release by its name."""
    try:
        return kind_at(job.name).label
    except (ImportError, TypeError):
        return job.name
