"""A change of the address with which somebody signs in: asked for, or done and still to be told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models.people import User
from outbox.models import GIVE_UP_AFTER

VALID = timedelta(hours=24)  # how long the link to the new address opens anything


class EmailChangeQuerySet(models.QuerySet["EmailChange"]):
    def open_at(self, at: datetime) -> Self:
        """Asked for, not confirmed, and still to be confirmed."""
        return self.filter(done_at=None, asked_at__gt=at - VALID)

    def lapsed_at(self, at: datetime) -> Self:
        """Never confirmed, or done so long ago that its letter is given up."""
        never = models.Q(done_at=None, asked_at__lte=at - VALID)
        return self.filter(never | models.Q(done_at__lte=at - GIVE_UP_AFTER))


class EmailChange(models.Model):
    """Gone once it is done and the old address was told of it, or a day after it was asked for.

    `link_sent_at` is when the letter to the new address went out, `told_at` the one to the old.
    """

    user = models.ForeignKey(
        User, models.CASCADE, related_name="email_changes", verbose_name=_("akun")
    )
    before = models.EmailField(_("e-mail lama"))
    after = models.EmailField(_("e-mail baru"))
    is_by_administrator = models.BooleanField(_("oleh administrator"), default=False)
    asked_at = models.DateTimeField(_("diminta pada"))
    done_at = models.DateTimeField(_("diganti pada"), null=True, blank=True)
    link_sent_at = models.DateTimeField(_("tautan dikirim pada"), null=True, blank=True)
    told_at = models.DateTimeField(_("alamat lama diberi tahu pada"), null=True, blank=True)

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("perubahan e-mail")
        verbose_name_plural = _("perubahan e-mail")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(done_at=None),
                name="cities_emailchange_one_open",
                violation_error_message=_("Sudah ada permintaan yang menunggu konfirmasi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
