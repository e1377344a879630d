"""The trail of a year: who did what to which question, each line hashed with the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models.answer import Answer
from assessments.models.assessment import Assessment
from cities import chain
from cities.address import plain_address
from cities.changes import Change, changes_between
from cities.models import Membership, Opd
from cities.roles import Role

# Whose message answers an OPD: whoever coordinates the city's work.
COORDINATING = (Role.GUGUS_TUGAS, Role.ADMIN_KOTA)

# What a deed may have changed, in the words of people; `before` and `after` use these keys.
CHANGED = {
    "points": _("Nilai"),
    "value": _("Angka jawaban"),
    "choice": _("Pilihan jawaban"),
    "note": _("Catatan"),
    "text": _("Pesan"),
    "verdict": _("Keputusan"),
    "reason": _("Alasan"),
    "lead": _("Penanggung jawab"),
    "contributors": _("Pendukung"),
    "due_on": _("Tenggat"),
    "target": _("Target"),
    "deadline": _("Tenggat"),
    "stage": _("Tahap"),
    "band_table": _("Tabel predikat"),
    "effort": _("Upaya"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class YearLine(chain.Line):
    """A line of a year's trail as its hash covers it."""

    assessment: int
    answer: int | None
    detail: str


class Activity(models.Model):
    """Who did what, when, from where: the trail of a year.

    Rows are only ever added, in the transaction of the deed and with the year locked; the
    database refuses to change or delete one. `position` counts from 1 within the year, and
    `hash` covers the row with the hash of the row before it (cities/chain.py).
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="activities", verbose_name=_("penilaian")
    )
    answer = models.ForeignKey(
        Answer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("jawaban"),
    )
    deed = models.CharField(_("perbuatan"), max_length=30, choices=TrailEvent.choices)
    detail = models.TextField(_("rincian"), blank=True)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # history keeps its people
        related_name="+",
        verbose_name=_("oleh"),
    )
    address = models.GenericIPAddressField(_("alamat"), null=True, blank=True)
    before = models.JSONField(_("sebelum"), default=dict, blank=True)
    after = models.JSONField(_("sesudah"), default=dict, blank=True)
    position = models.PositiveIntegerField(_("urutan"))
    previous_hash = models.CharField(_("sidik sebelumnya"), max_length=64, blank=True)
    hash = models.CharField(_("sidik"), max_length=64)

    class Meta:
        verbose_name = _("riwayat")
        verbose_name_plural = _("riwayat")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["answer", "-at"], name="assessments_activity_answer"),
            models.Index(fields=["assessment", "-at"], name="assessments_activity_year"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "position"], name="assessments_activity_one_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.text}"

    @property
    def text(self) -> str:
        """The deed with its detail, to be read after the person's name."""
        deed = self.get_deed_display()
        return f"{deed}: {self.detail}" if self.detail else deed

    @property
    def changes(self) -> list[Change]:
        """What the deed changed, for reading."""
        return changes_between(self.before, self.after, CHANGED)

    @property
    def line(self) -> YearLine:
        """What the hash covers."""
        return YearLine(
            assessment=self.assessment_id,
            position=self.position,
            deed=self.deed,
            answer=self.answer_id,
            detail=self.detail,
            before=self.before,
            after=self.after,
            at=self.at,
            by=self.by_id,
            address=plain_address(self.address) if self.address else None,
            previous_hash=self.previous_hash,
        )


class CommentQuerySet(models.QuerySet["Comment"]):
    def unanswered(self) -> Self:
        """Messages of an OPD after which nobody who coordinates has written at the question.

        Who speaks for whom is what their membership says now.
        """
        later = Comment.objects.filter(
            _written_by(COORDINATING), answer=OuterRef("answer"), pk__gt=OuterRef("pk")
        )
        return self.filter(_written_by((Role.OPD,)), ~Exists(later))


def _written_by(roles: tuple[Role, ...]) -> Exists:
    members: QuerySet[Membership] = Membership.objects.filter(
        user=OuterRef("by"), city=OuterRef("answer__assessment__city"), role__in=roles
    )
    return Exists(members)


class Comment(models.Model):
    """A line of the conversation about one question.

    `once` names the form that it came by together with what was written there: the same form
    sent again is the same message.
    """

    answer = models.ForeignKey(
        Answer, models.PROTECT, related_name="comments", verbose_name=_("jawaban")
    )
    text = models.TextField(_("pesan"), max_length=2000)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # a conversation keeps its people
        related_name="+",
        verbose_name=_("oleh"),
    )
    once = models.UUIDField(_("tanda kiriman"), null=True, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("komentar")
        verbose_name_plural = _("komentar")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "by", "once"],
                name="assessments_comment_once",
                violation_error_message=_("Pesan ini sudah terkirim."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Mention(models.Model):
    """An OPD that a comment calls upon, with its code as it was written there."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="mentions", verbose_name=_("komentar")
    )
    opd = models.ForeignKey(Opd, models.PROTECT, related_name="+", verbose_name=_("OPD"))
    code = models.CharField(_("kode"), max_length=30)

    class Meta:
        verbose_name = _("sebutan")
        verbose_name_plural = _("sebutan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "opd"],
                name="assessments_mention_once",
                violation_error_message=_("OPD ini sudah disebut dalam komentar tersebut."),
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.code}"
