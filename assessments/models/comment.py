"""The conversation about a question, and the OPDs that a message calls upon."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models.answer import Answer
from cities.models import Membership, Opd
from cities.roles import Role

# Whose message answers an OPD: whoever coordinates the city's work.
COORDINATING = (Role.GUGUS_TUGAS, Role.ADMIN_KOTA)


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
    """A line of the conversation about one question."""

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

    objects = CommentQuerySet.as_manager()

    calls: list[Mention]  # there only on those that `queries.question.conversation` has read

    class Meta:
        verbose_name = _("komentar")
        verbose_name_plural = _("komentar")
        ordering = ["at", "pk"]

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
