"""Notifications to people, on the site and by e-mail, and who wants which."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from assessments.choices import NotificationKind
from assessments.models.answer import Answer
from assessments.models.assessment import Assessment
from cities.models import Membership, User
from outbox.models import GIVE_UP_AFTER


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, user: User) -> Self:
        """The notifications in a person's inbox."""
        return self.filter(user=user, in_app=True)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def unread_by(self, user: OuterRef) -> Coalesce:
        """How many the person of an outer query has not read, as a part of that query."""
        counted = self.filter(user=user, in_app=True).unread().order_by().values("user")
        return Coalesce(Subquery(counted.values(count=Count("pk"))), 0)

    def to_mail(self, at: datetime) -> Self:
        """What still has to go out by e-mail.

        An account that was closed and a person who left the city get no more mail. What could not
        be mailed for three days is no news any more; the inbox still has it.
        """
        return self._still_news(at).filter(by_email=True, emailed_at=None)

    def to_message(self, at: datetime) -> Self:
        """What still has to go out by WhatsApp, by the same rules, to whom still wants it so."""
        return self._still_news(at).filter(
            by_whatsapp=True, messaged_at=None, user__whatsapp__isnull=False
        )

    def _still_news(self, at: datetime) -> Self:
        members = Membership.objects.filter(
            user=OuterRef("user"), city=OuterRef("assessment__city")
        )
        return self.filter(
            Q(user__is_superuser=True) | Exists(members),
            user__is_active=True,
            user__service_since=None,
            created_at__gt=at - GIVE_UP_AFTER,
        )


class Notification(models.Model):
    """A notification to one person; `key` is unique for its occasion, so that it comes once.

    Which ways it goes was decided by the person's preferences when it was written.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,  # a letter to somebody, not a record of what they did
        related_name="notifications",
        verbose_name=_("kepada"),
    )
    kind = models.CharField(_("jenis"), max_length=20, choices=NotificationKind.choices)
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="+", verbose_name=_("penilaian")
    )
    answer = models.ForeignKey(
        Answer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("jawaban")
    )
    text = models.TextField(_("isi"))
    url = models.CharField(_("alamat halaman"), max_length=300)
    key = models.CharField(_("peristiwa"), max_length=200)
    created_at = models.DateTimeField(_("dibuat pada"))
    in_app = models.BooleanField(_("di kotak masuk"), default=True)
    by_email = models.BooleanField(_("lewat e-mail"), default=True)
    by_whatsapp = models.BooleanField(_("lewat WhatsApp"), default=False)
    read_at = models.DateTimeField(_("dibaca pada"), null=True, blank=True)
    emailed_at = models.DateTimeField(_("dikirim pada"), null=True, blank=True)
    messaged_at = models.DateTimeField(_("dikirim lewat WhatsApp pada"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("pemberitahuan")
        verbose_name_plural = _("pemberitahuan")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["user", "-created_at"],
                condition=Q(in_app=True, read_at=None),
                name="assessments_notice_unread",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(by_email=True, emailed_at=None),
                name="assessments_notice_to_mail",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="assessments_notification_once",
                violation_error_message=_("Orang ini sudah diberi tahu."),
            ),
            models.CheckConstraint(
                name="assessments_notification_goes_somewhere",
                condition=Q(in_app=True) | Q(by_email=True) | Q(by_whatsapp=True),
                violation_error_message=_("Pemberitahuan harus melalui sedikitnya satu jalan."),
            ),
            models.CheckConstraint(
                name="assessments_notification_known_kind",
                condition=Q(kind__in=NotificationKind.values),
                violation_error_message=_("Jenis pemberitahuan tidak dikenal."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.text[:60]}"


class NotificationPreference(models.Model):
    """How one person wants to hear of one kind of thing, where it is not the usual way."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notification_preferences",
        verbose_name=_("akun"),
    )
    kind = models.CharField(_("jenis"), max_length=20, choices=NotificationKind.choices)
    in_app = models.BooleanField(_("di kotak masuk"))
    email = models.BooleanField(_("lewat e-mail"))

    class Meta:
        verbose_name = _("pilihan pemberitahuan")
        verbose_name_plural = _("pilihan pemberitahuan")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="assessments_preference_once_per_kind",
                violation_error_message=_("Pilihan untuk jenis ini sudah ada."),
            ),
            models.CheckConstraint(
                name="assessments_preference_known_kind",
                condition=Q(kind__in=NotificationKind.values),
                violation_error_message=_("Jenis pemberitahuan tidak dikenal."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class WhatsappConsent(models.Model):
    """A number at which a person wants to be reminded, given by that person; gone when taken back.

    `number` is in E.164; never more than `most_a_day` messages go there on one day of the site.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,  # a number without its owner has no purpose
        related_name="whatsapp",
        verbose_name=_("akun"),
    )
    number = models.CharField(_("nomor WhatsApp"), max_length=16)
    most_a_day = models.PositiveSmallIntegerField(_("paling banyak sehari"), default=1)
    agreed_at = models.DateTimeField(_("disetujui pada"))

    class Meta:
        verbose_name = _("persetujuan WhatsApp")
        verbose_name_plural = _("persetujuan WhatsApp")
        constraints = [
            models.CheckConstraint(
                name="assessments_whatsapp_number_e164",
                condition=Q(number__regex=r"^\+[1-9][0-9]{7,14}$"),
                violation_error_message=_("Tulis nomor lengkap, misalnya 0812 3456 7890."),
            ),
            models.CheckConstraint(
                name="assessments_whatsapp_some_a_day",
                condition=Q(most_a_day__gte=1, most_a_day__lte=5),
                violation_error_message=_("Antara 1 dan 5 pesan sehari."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
