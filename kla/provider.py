"""A city's own OpenID Connect provider, as allauth finds it: it looks for a module of this name.

A city whose provider speaks OAuth 2.0 alone gets a class beside this one; docs/decisions/0036
says which methods it needs.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint")


class CityAdapter(OpenIDConnectOAuth2Adapter):
    """The conversation with the provider; stricter than allauth's own where the standard asks.

    The id_token comes straight from the token endpoint, so that TLS vouches for it in place of
    its signature (OpenID Connect Core 1.0, 3.1.3.7); issuer, audience and age are compared.
    """

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises OAuth2Error if it speaks for another issuer."""
        config: dict[str, Any] = super().openid_config
        named = self.get_provider().app.settings["server_url"]
        if config["issuer"].rstrip("/") != named:  # OpenID Connect Discovery 1.0, 4.3
            raise OAuth2Error(f"The provider calls itself {config['issuer']}, not {named}")
        for endpoint in ENDPOINTS:
            if named.startswith("https://") and not config[endpoint].startswith("https://"):
                raise OAuth2Error(f"The provider's {endpoint} does not begin with https://")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """On the one address that was registered, whatever host the request names."""
        return f"{settings.KLA_BASE_URL}{reverse('sso_callback', args=[self.provider_id])}"

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("The provider sent no id_token")
        claims = self._decode_id_token(app, id_token)
        facts = claims
        if "email" not in claims:
            facts = self._fetch_user_info(token.token)
            if facts.get("sub") != claims["sub"]:  # OpenID Connect Core 1.0, 5.3.2
                raise OAuth2Error("The userinfo speaks of somebody else than the id_token")
        # `server` is kept for signing out there as well.
        server = {"id_token": id_token, "end": self.openid_config.get("end_session_endpoint", "")}
        data = {"userinfo": facts, "id_token": claims, "server": server}
        return self.get_provider().sociallogin_from_response(request, data)


class CityProvider(OpenIDConnectProvider):
    id = "sso"
    oauth2_adapter_class = CityAdapter
    pkce_enabled_default = True

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponseBase:
        """To the provider. What the address asks for beyond `next` is not passed on."""
        nonce = secrets.token_urlsafe(24)
        return super().redirect(
            request,
            process,
            next_url,
            data,
            scope=self.get_default_scope(),
            auth_params={"nonce": nonce},
            nonce=nonce,  # kept beside the state, compared in kla.sso
        )


provider_classes = [CityProvider]
