"""Forms that have done their deed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SentForm(models.Model):
    """One form of a page that did its deed, and where its answer led.

    Stored in the same transaction as the deed, so that there is never one without the other. `key`
    is the SHA-256 of the form's token, its address and all that was filled in: the same form with
    other words is another deed. Rows go after some days (`services.sent_forms.sweep`).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("akun"), related_name="+"
    )
    key = models.CharField(_("tanda kiriman"), max_length=64, editable=False)
    location = models.TextField(_("alamat jawaban"), blank=True)  # empty until the deed is done
    at = models.DateTimeField(_("pada"), db_index=True)

    class Meta:
        verbose_name = _("formulir terkirim")
        verbose_name_plural = _("formulir terkirim")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="a_form_does_its_deed_once",
                violation_error_message=_("Formulir ini sudah terkirim."),
            )
        ]

    def __str__(self) -> str:
        return self.key[:12]
