"""A letter that makes its reader a member of a city."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.models.people import City, Opd
from cities.roles import Role

VALID_FOR = timedelta(days=7)
CODE_TRIES = 5  # wrong codes; a link that was handed over opens nothing afterwards


class InvitationState(models.TextChoices):
    """What has become of an invitation; told from its dates, never stored."""

    WAITING = "waiting", _("belum terkirim")
    SENT = "sent", _("terkirim")
    HANDED_OVER = "handed_over", _("diserahkan tanpa surat")
    LOCKED = "locked", _("terkunci karena kode salah")
    EXPIRED = "expired", _("kedaluwarsa")
    ACCEPTED = "accepted", _("diterima")
    REVOKED = "revoked", _("dicabut")


_OPEN = Q(accepted_at=None, revoked_at=None)
_MAILED = _OPEN & Q(handed_over_at=None)
_HANDED_OVER = _OPEN & Q(handed_over_at__isnull=False)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither accepted nor revoked; an expired one can still be sent again."""
        return self.filter(_OPEN)

    def in_state(self, state: str, at: datetime) -> Self:
        """Those of which `Invitation.state_at` says so."""
        conditions = {
            InvitationState.ACCEPTED: Q(accepted_at__isnull=False),
            InvitationState.REVOKED: Q(revoked_at__isnull=False),
            InvitationState.EXPIRED: _OPEN & Q(expires_at__lte=at),
            InvitationState.LOCKED: _HANDED_OVER & Q(expires_at__gt=at, code_tries__gte=CODE_TRIES),
            InvitationState.HANDED_OVER: _HANDED_OVER
            & Q(expires_at__gt=at, code_tries__lt=CODE_TRIES),
            InvitationState.SENT: _MAILED & Q(expires_at__gt=at, sent_at__isnull=False),
            InvitationState.WAITING: _MAILED & Q(expires_at__gt=at, sent_at=None),
        }
        return self.filter(conditions[InvitationState(state)])

    def to_mail(self, at: datetime) -> Self:
        """What still has to go out as a letter; not what was handed over instead."""
        return self.filter(_MAILED).filter(sent_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """Somebody who is asked to become a member, and the fingerprint of the link that lets them.

    The link itself is made when its letter goes out and is stored nowhere: whoever holds it
    has read the mail of that address. Sending again makes another one and ends the one before.
    A link that an administrator handed over shows no such thing; it needs a code as well.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="invitations", verbose_name=_("kabupaten/kota")
    )
    email = models.EmailField(_("e-mail"))  # as emails.clean_email gives it
    name = models.CharField(_("nama"), max_length=150)
    role = models.CharField(_("peran"), max_length=20, choices=Role.choices)
    opd = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("OPD"),
    )
    invited_at = models.DateTimeField(_("diundang pada"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever let somebody in stays named
        related_name="+",
        verbose_name=_("diundang oleh"),
    )
    token_hash = models.CharField(
        _("hash tautan"), max_length=64, unique=True, null=True, blank=True, editable=False
    )
    sent_at = models.DateTimeField(_("dikirim pada"), null=True, blank=True)
    expires_at = models.DateTimeField(_("berlaku sampai"))
    handed_over_at = models.DateTimeField(_("diserahkan pada"), null=True, blank=True)
    code_hash = models.CharField(_("hash kode"), max_length=128, blank=True, editable=False)
    code_tries = models.PositiveSmallIntegerField(_("kode salah"), default=0, editable=False)
    accepted_at = models.DateTimeField(_("diterima pada"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diterima oleh"),
    )
    revoked_at = models.DateTimeField(_("dicabut pada"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("undangan")
        verbose_name_plural = _("undangan")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "email"],
                condition=_OPEN,
                name="cities_invitation_one_open_per_address",
                violation_error_message=_(
                    "E-mail ini sudah diundang. Kirim ulang undangannya dari daftar undangan."
                ),
            ),
            models.CheckConstraint(
                name="cities_invitation_known_role",
                condition=Q(role__in=Role.values),
                violation_error_message=_("Peran tidak dikenal."),
            ),
            models.CheckConstraint(
                name="cities_invitation_opd_for_opd_role",
                condition=Q(role=Role.OPD, opd__isnull=False)
                | (~Q(role=Role.OPD) & Q(opd__isnull=True)),
                violation_error_message=_(
                    "Peran OPD memerlukan sebuah OPD; peran lain tidak memilikinya."
                ),
            ),
            models.CheckConstraint(
                name="cities_invitation_handed_over_needs_code",
                condition=Q(handed_over_at=None, code_hash="", code_tries=0)
                | (Q(handed_over_at__isnull=False, sent_at=None) & ~Q(code_hash="")),
                violation_error_message=_(
                    "Undangan yang diserahkan tanpa surat mempunyai kode; yang lain tidak."
                ),
            ),
            models.CheckConstraint(
                name="cities_invitation_accepted_is_signed",
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, revoked_at=None),
                violation_error_message=_(
                    "Undangan yang diterima mempunyai penerima dan tidak dicabut."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def label(self) -> str:
        """How the role is named on pages: the OPD's name for its staff."""
        return self.opd.name if self.opd is not None else str(Role(self.role).label)

    def state_at(self, at: datetime) -> InvitationState:
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        if self.expires_at <= at:
            return InvitationState.EXPIRED
        if self.handed_over_at is not None:
            is_locked = self.code_tries >= CODE_TRIES
            return InvitationState.LOCKED if is_locked else InvitationState.HANDED_OVER
        return InvitationState.WAITING if self.sent_at is None else InvitationState.SENT


def fingerprint(token: str) -> str:
    """What is kept of a link: a random token of 256 bits needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
