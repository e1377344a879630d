"""Work that is asked for, done outside of requests, and remembered until it is done."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> Self:
        """Neither done nor parked."""
        return self.filter(done_at=None, parked_at=None)

    def due(self, at: datetime) -> Self:
        """Waiting, and not pausing."""
        return self.waiting(at).filter(next_try_at__lte=at)

    def parked(self) -> Self:
        return self.filter(parked_at__isnull=False).order_by("-parked_at", "pk")

    def running(self, at: datetime) -> Self:
        return self.open().filter(held_until__gt=at).order_by("started_at", "pk")

    def waiting(self, at: datetime) -> Self:
        """Open and held by nobody: due, or pausing after a failure."""
        free = Q(held_until=None) | Q(held_until__lte=at)
        return self.open().filter(free).order_by("next_try_at", "pk")

    def scheduled(self) -> Self:
        return self.filter(occurrence__isnull=False).order_by("key")


class Job(models.Model):
    """One thing to do, whoever brings it to a worker and however often.

    This row is what counts; the queue behind `TASKS` only says "look at it". So a lost message
    is sent again, a doubled one finds nothing to do, and a worker that dies is replaced when its
    hold ends.
    """

    key = models.CharField(_("kunci"), max_length=200, unique=True)
    name = models.CharField(_("pekerjaan"), max_length=100)
    arguments = models.JSONField(_("keterangan"), default=list, blank=True)
    asked_at = models.DateTimeField(_("diminta pada"))
    next_try_at = models.DateTimeField(_("dikerjakan mulai"))
    delivered_at = models.DateTimeField(_("masuk antrean pada"), null=True, blank=True)
    held_by = models.UUIDField(_("pekerja"), null=True, blank=True, editable=False)
    held_until = models.DateTimeField(_("dipegang sampai"), null=True, blank=True)
    started_at = models.DateTimeField(_("mulai pada"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("gagal berturut-turut"), default=0)
    failed_at = models.DateTimeField(_("gagal sejak"), null=True, blank=True)
    parked_at = models.DateTimeField(_("dihentikan pada"), null=True, blank=True)
    fault = models.TextField(_("sebab"), blank=True)
    done_at = models.DateTimeField(_("selesai pada"), null=True, blank=True)
    # The moment of the schedule that this row was last asked for; null for what people cause.
    occurrence = models.DateTimeField(_("jadwal"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("pekerjaan latar")
        verbose_name_plural = _("pekerjaan latar")
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="jobs_job_open",
                condition=Q(done_at=None, parked_at=None),
            ),
            models.Index(fields=["done_at"], name="jobs_job_done"),
        ]

    def __str__(self) -> str:
        return self.key
