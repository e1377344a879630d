"""How allauth behaves here: accounts are given, not taken."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from outbox.sending import is_set_up

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        # One sentence for both, so that nobody learns which addresses have an account.
        "email_password_mismatch": _(
            "E-mail atau kata sandi tidak cocok. Periksa keduanya, atau atur ulang kata sandi Anda."
        ),
        "too_many_login_attempts": _(
            "Terlalu banyak percobaan masuk. Tunggu beberapa menit, lalu coba lagi."
        ),
        "incorrect_password": _("Kata sandi ini tidak cocok dengan akun Anda."),
        "enter_current_password": _("Kata sandi saat ini tidak cocok. Ketik ulang."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter about somebody's own account, or log why it could not be sent.

        The page that asked goes on either way and answers the same, whoever has an account.
        It does not go through the outbox; outbox/sending.py says why.
        """
        if not is_set_up():
            return
        try:
            super().send_mail(template_prefix, email, context)
        except Exception:
            logger.exception("The letter %s failed", template_prefix)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator makes the accounts of a city."""
        return False
