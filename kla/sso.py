"""Signing in with an account of the city: who gets in, and how one gets out on both sides.

Nothing is stored of the foreign account. Each sign-in is joined to the account here by the
address that the provider calls verified; accounts and roles are given here and nowhere else.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from allauth.account import views as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from cities.emails import comparable
from cities.models import User
from kla.provider import CityAdapter

logger = logging.getLogger(__name__)

SESSION = "sso"  # provider, pk of whom it brought, id_token and where to end the session there


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the environment; none can be added by a row of the database."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Cancelled there, begun in another browser, or nothing of use from the provider."""
        raise ImmediateHttpResponse(_failed(request))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Join what the provider said to the account here, or turn it away with a sentence."""
        said = sociallogin.account.extra_data
        nonce = str(said["id_token"].get("nonce", ""))
        is_ours = sociallogin.state.get("process") == AuthProcess.LOGIN
        if not is_ours or not constant_time_compare(nonce, sociallogin.state.get("nonce", "")):
            raise _refusal(request, sociallogin, "nonce", "")
        email = comparable(said["userinfo"].get("email") or "")
        if not email or said["userinfo"].get("email_verified") not in (True, "true"):
            raise _refusal(request, sociallogin, "unverified", email)
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise _refusal(request, sociallogin, "no_account", email)
        if request.user.is_authenticated:  # somebody else's session ends before this one begins
            get_account_adapter().logout(request)
        sociallogin.user = user
        sociallogin.account.user = user
        provider = sociallogin.account.get_provider().app.provider_id
        request.session[SESSION] = said["server"] | {"provider": provider, "user": user.pk}


def _refusal(
    request: HttpRequest, sociallogin: SocialLogin, reason: str, email: str
) -> ImmediateHttpResponse:
    app = sociallogin.account.get_provider().app
    logger.warning("Sign-in by %s refused: %s", app.provider_id, reason)
    context = {"reason": reason, "email": email, "provider": app.name}
    return ImmediateHttpResponse(render(request, "account/sso_refused.html", context, status=403))


def _failed(request: HttpRequest) -> HttpResponse:
    return render(request, "account/sso_failed.html", status=401)


def second_factor_is_trusted(request: HttpRequest, user: User) -> bool:
    """Whether a provider brought this person whose second factor counts as ours, by setting."""
    brought = request.session.get(SESSION, {})
    if brought.get("user") != user.pk:
        return False
    apps = SocialAccountAdapter(request).list_apps(request, provider=brought["provider"])
    return any(bool(app.settings.get("trusts_second_factor")) for app in apps)


def sign_out_url(request: HttpRequest) -> str:
    """Where the session at the provider ends (OpenID Connect RP-Initiated Logout 1.0, 2);
    empty for whoever came by another way, and where the provider ends none.
    """
    brought = request.session.get(SESSION, {})
    if not brought.get("end") or brought.get("user") != request.user.pk:
        return ""
    back = f"{settings.KLA_BASE_URL}{reverse('account_login')}"
    asked = {"id_token_hint": brought["id_token"], "post_logout_redirect_uri": back}
    separator = "&" if "?" in brought["end"] else "?"
    return f"{brought['end']}{separator}{urlencode(asked)}"


class _SignIn(account.LoginView):
    """The page of signing in: the providers' buttons, and the form where passwords open accounts.

    Site administrators keep the form at ?sandi=1 where passwords open no other account.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        asked = {"next": next_url} if (next_url := self.get_next_url()) else {}
        adapter = SocialAccountAdapter(self.request)
        providers = adapter.list_providers(self.request) if adapter.list_apps(self.request) else []
        context["providers"] = [
            (one.app.name, one.get_login_url(self.request, **asked)) for one in providers
        ]
        context["is_local"] = settings.KLA_LOCAL_SIGN_IN
        is_asked = "sandi" in self.request.GET or self.request.method == "POST"
        context["shows_form"] = settings.KLA_LOCAL_SIGN_IN or is_asked
        return context


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponseBase:
    response: HttpResponseBase = _SignIn.as_view()(request)
    return response


@require_safe
@login_not_required
def sso_login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send the browser to the provider; a plain link, for the content policy holds forms here."""
    return _spoken(request, provider_id, OAuth2LoginView)


@require_safe
@login_not_required
def sso_callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Where the provider sends the browser back."""
    return _spoken(request, provider_id, OAuth2CallbackView)


def _spoken(request: HttpRequest, provider_id: str, view: Any) -> HttpResponseBase:
    """The answer of allauth's view, or a page of ours where the provider said nothing of use."""
    adapter = CityAdapter(request, provider_id)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    try:
        response: HttpResponseBase = view.adapter_view(adapter)(request)
    except (RequestException, OAuth2Error, KeyError, TypeError, ValueError):
        logger.exception("The provider %s could not be used", provider_id)
        return _failed(request)
    return response
