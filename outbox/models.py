"""Letters that are being sent, and letters that could not be sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# So long a letter is tried after its first failure, and so long a notice is worth a letter.
GIVE_UP_AFTER = timedelta(days=3)


class LetterKind(models.TextChoices):
    """What a letter is about; `subject` is the primary key of that row."""

    INVITATION = "invitation", _("undangan")  # subject: the invitation
    NOTICES = "notices", _("pemberitahuan")  # subject: the person who is told
    WHATSAPP = "whatsapp", _("pesan WhatsApp")  # subject: the person who is reminded
    RESET = "reset", _("tautan kata sandi")  # subject: whose password it is, or 0 for nobody
    EMAIL_LINK = "email_link", _("tautan alamat e-mail baru")  # subject: the change of address
    EMAIL_NOTICE = "email_notice", _("alamat e-mail diganti")  # subject: the change of address
    FACTOR_RESET = "factor_reset", _("faktor kedua diatur ulang")  # subject: whose it was
    LATE_BACKUP = "late_backup", _("cadangan terlambat")  # subject: 0, one for all administrators


# What these tell is no news any more after GIVE_UP_AFTER.
NEWS = (LetterKind.NOTICES, LetterKind.WHATSAPP)


class LetterQuerySet(models.QuerySet["Letter"]):
    def of(self, kind: LetterKind, subject: int) -> Self:
        return self.filter(kind=kind, subject=subject)

    def free_at(self, at: datetime, *, newest: datetime) -> Self:
        """Not being sent, not pausing, and not given up since `newest` gave a new reason."""
        return self.filter(
            Q(held_until=None) | Q(held_until__lte=at),
            Q(next_try_at=None) | Q(next_try_at__lte=at),
            Q(given_up_at=None) | Q(given_up_at__lt=newest),
        )

    def failed(self) -> Self:
        """Tried in vain at least once: those still tried again and those given up."""
        return self.filter(failed_at__isnull=False)

    def failed_of(self, kind: LetterKind, subjects: Collection[int]) -> dict[int, Letter]:
        """The letters of these subjects that failed, by subject; one query."""
        letters = self.failed().filter(kind=kind, subject__in=subjects)
        return {letter.subject: letter for letter in letters}

    def given_up(self, at: datetime) -> Self:
        """Those of which `Letter.is_given_up` says so."""
        return self.filter(
            Q(given_up_at__isnull=False) | Q(kind__in=NEWS, failed_at__lte=at - GIVE_UP_AFTER)
        )


class Letter(models.Model):
    """The lease on one letter and, after a failure, when it is tried again and why it failed.

    A row is made when the letter is taken and deleted when it is delivered: what was sent is
    remembered by the thing that it told of. The unique pair makes sure that one sender has it.
    """

    kind = models.CharField(_("jenis"), max_length=20, choices=LetterKind.choices)
    subject = models.PositiveBigIntegerField(_("mengenai"))
    held_by = models.UUIDField(_("pengirim"), null=True, blank=True, editable=False)
    held_until = models.DateTimeField(
        _("sedang dikirim sampai"), null=True, blank=True, editable=False
    )
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    failed_at = models.DateTimeField(_("gagal sejak"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("dicoba lagi pada"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("dihentikan pada"), null=True, blank=True)
    fault = models.TextField(_("sebab"), blank=True)
    # Only where the row itself is the order (RESET), which then stands here until it is sent.
    ordered_at = models.DateTimeField(_("diminta pada"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("surat")
        verbose_name_plural = _("surat")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                name="outbox_letter_once",
                violation_error_message=_("Surat ini sudah ada."),
            ),
            models.CheckConstraint(
                name="outbox_letter_known_kind",
                condition=Q(kind__in=LetterKind.values),
                violation_error_message=_("Jenis surat tidak dikenal."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def is_given_up(self, at: datetime) -> bool:
        """Whether what failed first is not tried again.

        What notices tell is no news any more after three days: then they leave the letter
        without anybody giving it up.
        """
        if self.given_up_at is not None:
            return True
        if self.kind not in NEWS or self.failed_at is None:
            return False
        return self.failed_at <= at - GIVE_UP_AFTER
