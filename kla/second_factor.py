"""The second factor of allauth in our words, and who must have one."""

from __future__ import annotations

import base64
import logging
import secrets
from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Membership, User
from cities.sealing import SealedElsewhereError, seal, unseal
from kla.sso import second_factor_is_trusted

logger = logging.getLogger(__name__)

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What opens before a required factor is there: to set one up, to prove oneself, to leave.
OPEN = frozenset(
    {
        "account_change_password",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "cities:session_list",
        "cities:session_end",
        "cities:session_end_others",
        "glossary",
        "health",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Peran Anda mewajibkan faktor kedua. Tambahkan kunci sandi dahulu, lalu matikan ini."
        ),
        "cannot_generate_recovery_codes": _(
            "Kode cadangan memerlukan faktor kedua. Siapkan aplikasi atau kunci sandi dahulu."
        ),
        "incorrect_code": _(
            "Kode tidak cocok. Tulis kode yang sedang tampil, atau tunggu kode berikutnya."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Secrets of apps and seeds of recovery codes, as allauth stores them."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """One that this site cannot open fits no code: a second administrator resets it."""
        try:
            return unseal(encrypted_text)
        except SealedElsewhereError:
            logger.exception("A second factor was sealed under another SECRET_KEY; no code fits it")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        if not is_required_of(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Kunci sandi %(number)d") % {"number": count + 1}


def is_required_of(user: User) -> bool:
    """Whether the setting demands a second factor of a role that the person has anywhere."""
    required = settings.KLA_SECOND_FACTOR
    if not required:
        return False
    if user.is_superuser and "site_admin" in required:
        return True
    return Membership.objects.filter(user=user, role__in=required).exists()


def second_factor_first(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Lead whoever must have a second factor and has none to the page where one is set up."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if _must_set_up(request) and resolve(request.path_info).view_name not in OPEN:
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _must_set_up(request: HttpRequest) -> bool:
    """No query for whoever has a factor, one for whoever has none; none without the setting or
    for whoever came by a provider that is trusted with it."""
    if not settings.KLA_SECOND_FACTOR or not request.user.is_authenticated:
        return False
    has_factor = request.user.has_factor  # type: ignore[attr-defined]
    if has_factor or second_factor_is_trusted(request, request.user):
        return False
    return is_required_of(request.user)


def _reword(form: Form, **labels: Any) -> None:
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


class CodeForm(code_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, code=_("Kode"))


class CodeAgainForm(code_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, code=_("Kode"))


class AppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, code=_("Kode enam angka dari aplikasi"))


class PasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, name=_("Nama kunci sandi"))


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, name=_("Nama kunci sandi"))
