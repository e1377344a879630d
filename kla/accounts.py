"""How allauth behaves here: accounts are given, not taken."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal import ratelimit  # the public one can't take an attempt back
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from assessments.models import Notification
from cities.access import recently_authenticated
from cities.emails import comparable
from cities.models import User
from kla import devices, sessions, sso
from kla.second_factor import FACTORS
from outbox.sending import is_set_up

logger = logging.getLogger(__name__)


PROOFS = {
    "reauthenticate": _("Pakai kata sandi"),
    "mfa_reauthenticate": _("Pakai kode dari aplikasi atau kode cadangan"),
    "mfa_reauthenticate:webauthn": _("Pakai kunci sandi"),
}


class PeopleBackend(AuthenticationBackend):
    """Signs people in as allauth does, and fetches who a session belongs to."""

    def user_can_authenticate(self, user: User | None) -> bool:
        """Not with a closed account, and never with one of another system."""
        return super().user_can_authenticate(user) and not (user and user.is_service)

    def get_user(self, user_id: int) -> User | None:
        """The person and, in the same query, what every page asks of them: how many notices they
        have not read (`unread`), and whether they have a second factor (`has_factor`)."""
        people = User.objects.annotate(
            unread=Notification.objects.unread_by(OuterRef("pk")),
            has_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)),
        )
        user = people.filter(pk=user_id).first()
        return user if self.user_can_authenticate(user) else None


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

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before a password is hashed, and refuse where there were too many.

        A browser in which the account has signed in before counts for itself. From anywhere
        else, attempts are counted per account and network, and per account from all networks
        together: a stranger who guesses shuts out neither the owner's browser nor, before the
        last limit, the owner's network.
        """
        email = credentials.get("email") or credentials.get("username") or ""
        device = devices.token_for(request, email)
        counts = {"login_failed_known_device": device}
        if device is None:
            account, network = comparable(email), ratelimit.get_ip(request)
            counts = {"login_failed": f"{account} {network}", "login_failed_anywhere": account}
        self._attempts: list[ratelimit.RateLimitUsage] = []
        for action, key in counts.items():
            usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
            if not usage:
                raise self.validation_error("too_many_login_attempts")
            self._attempts.append(usage)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The account with this password. One that a password does not open, closed or of who
        comes by the city's own sign-in alone, is answered like a wrong password.
        """
        user = super().authenticate(request, **credentials)
        is_person = user and user.is_active and not user.is_service
        is_opened = is_person and (settings.KLA_LOCAL_SIGN_IN or user.is_superuser)
        if user is None or is_opened:
            return user
        self.pre_authenticate(request, **credentials)  # it counts as one, too
        return None

    def _rollback_login_failed_rl_usage(self) -> None:
        """The right password was no attempt at guessing."""
        for usage in self._attempts:
            usage.rollback()

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().post_login(request, user, **kwargs)
        email = user.get_username()
        sessions.note(request)
        devices.remember(request, response, email, secure=settings.SESSION_COOKIE_SECURE)
        return response

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """On to the provider that brought the person, whose session there ends as well."""
        return sso.sign_out_url(request) or super().get_logout_redirect_url(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter about somebody's own account, or log why it could not be sent.

        What was done stands either way. Links to set a password go by the outbox
        (cities/services/reset_letters.py).
        """
        if not is_set_up():
            return
        try:
            super().send_mail(template_prefix, email, context)
        except Exception:
            logger.exception("The letter %s failed", template_prefix)

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        return [{**one, "description": PROOFS[one["id"]]} for one in methods]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Signing in a moment ago is proof enough; allauth would ask once more."""
        return not recently_authenticated(self.request)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator makes the accounts of a city."""
        return False
