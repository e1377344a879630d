"""Where an account is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from cities.models.people import User

USER_AGENT_LENGTH = 200


class UserSessionQuerySet(models.QuerySet["UserSession"]):
    def alive_of(self, user: User, at: datetime) -> Self:
        """Those of the user that still open something, the last used first."""
        stored = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
        signed = self.filter(user=user, auth_hash=user.get_session_auth_hash())
        return signed.filter(Exists(stored)).order_by("-last_used_at", "-pk")


class UserSession(models.Model):
    """One session as its owner knows it: device, network, last use (to within minutes).

    `auth_hash` is what the session was signed with: once the account's own differs, for the
    password was changed or all sessions were ended, the session opens nothing any more.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="sessions", verbose_name=_("akun"))
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    auth_hash = models.CharField(max_length=150, editable=False)
    user_agent = models.CharField(_("peramban"), max_length=USER_AGENT_LENGTH, blank=True)
    network = models.GenericIPAddressField(_("alamat jaringan"), null=True, blank=True)
    signed_in_at = models.DateTimeField(_("masuk pada"))
    last_used_at = models.DateTimeField(_("terakhir dipakai"))

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sesi")
        verbose_name_plural = _("sesi")

    def __str__(self) -> str:
        return f"{self.user} – {self.device}"

    @property
    def device(self) -> str:
        """Browser and system in words, as far as the browser names them."""
        browser = _first(BROWSERS, self.user_agent)
        system = _first(SYSTEMS, self.user_agent)
        return f"{browser} · {system}"


# The first sign that is found counts: Edge calls itself Chrome, and Chrome Safari.
BROWSERS = {
    "Edg": "Microsoft Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
    "": _("Peramban lain"),
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
    "": _("perangkat lain"),
}


def _first(signs: Mapping[str, object], text: str) -> str:
    return str(next(name for sign, name in signs.items() if sign in text))
