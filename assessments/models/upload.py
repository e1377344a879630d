"""A file that arrives in pieces: how many bytes there are of how many."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models.answer import Answer
from assessments.models.evidence import Evidence
from cities.models import User

KEPT = timedelta(days=1)  # how long an unfinished upload waits for its next piece


class UploadQuerySet(models.QuerySet["Upload"]):
    def of(self, user: User, answer: Answer) -> Self:
        """What this person is sending for this question; nobody else ever sees it."""
        return self.filter(user=user, answer=answer)

    def worth_resuming(self) -> Self:
        """Those of which something has arrived that the question does not have yet."""
        offered = Evidence.objects.filter(
            answer=OuterRef("answer"), document__sha256=OuterRef("sha256")
        ).exclude(document__sha256="")  # a link without a copy is no file of unknown content
        return self.filter(~Exists(offered), offset__gt=0)

    def abandoned(self, at: datetime) -> Self:
        return self.filter(updated_at__lte=at - KEPT)


class Upload(models.Model):
    """A file on its way: how much of it lies here whole. It becomes a document of the same id.

    `offset` counts the bytes that are certainly on disk; the file may be longer after a
    crash, never shorter. `sha256` is what the browser computed, or empty. `arrived_sha256` is
    that of these bytes where a bucket has them too, else empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(
        Answer, models.CASCADE, related_name="uploads", verbose_name=_("jawaban")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("pengunggah"),
    )
    name = models.CharField(_("nama berkas"), max_length=150)
    length = models.PositiveBigIntegerField(_("ukuran"))
    offset = models.PositiveBigIntegerField(_("sudah diterima"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    arrived_sha256 = models.CharField(
        _("SHA-256 bagian yang diterima"), max_length=64, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(_("dimulai pada"))
    updated_at = models.DateTimeField(_("terakhir diterima"), db_index=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("unggahan")
        verbose_name_plural = _("unggahan")
        constraints = [
            models.CheckConstraint(
                name="assessments_upload_offset_within_length",
                condition=Q(length__gt=0, offset__lte=F("length")),
                violation_error_message=_("Unggahan tidak boleh melebihi ukuran berkasnya."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        assessment = self.answer.assessment
        code = self.answer.question.code
        place = [assessment.city.slug, assessment.year, code, self.pk]
        return reverse("assessments:upload_part", args=place)

    @property
    def is_complete(self) -> bool:
        return self.offset == self.length

    @property
    def percent(self) -> int:
        """The received part, rounded down: 100 only when nothing is missing."""
        return self.offset * 100 // self.length

    @property
    def expires_at(self) -> datetime:
        return self.updated_at + KEPT
