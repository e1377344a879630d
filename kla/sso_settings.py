"""The city's own sign-in (OpenID Connect) as the environment names it; read by settings.py.

KLA_SSO=pemkot,provinsi                 the providers, in the order of their buttons
KLA_SSO_PEMKOT_NAME                     whose accounts they are: Pemerintah Kota Metro
KLA_SSO_PEMKOT_ISSUER                   https://sso.metro.go.id/realms/pegawai
KLA_SSO_PEMKOT_CLIENT_ID, …_SECRET      as the provider gave them to this site
KLA_SSO_PEMKOT_TRUSTS_SECOND_FACTOR=1   its second factor counts as ours; not set, it does not
KLA_LOCAL_SIGN_IN=0                     passwords of this site open nothing but the accounts of
                                        site administrators; not set, they open every account
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("NAME", "ISSUER", "CLIENT_ID", "SECRET")


def read_providers(env: Any, *, is_local: bool) -> list[dict[str, Any]]:
    """The providers as allauth's `APPS`. Raises ImproperlyConfigured where one is set by half."""
    names = [name.strip() for name in env.list("KLA_SSO", default=[])]
    if len(set(names)) < len(names):
        raise ImproperlyConfigured("KLA_SSO names a provider twice. Give each a name of its own.")
    return [_provider(env, name, is_local=is_local) for name in names]


def read_local_sign_in(env: Any, providers: Sequence[object]) -> bool:
    """Whether passwords open every account. Raises ImproperlyConfigured where nothing would."""
    is_local_sign_in: bool = env.bool("KLA_LOCAL_SIGN_IN", default=True)
    if not is_local_sign_in and not providers:
        raise ImproperlyConfigured(
            "KLA_LOCAL_SIGN_IN is off and KLA_SSO names no provider: nobody could sign in. "
            "Name a provider in KLA_SSO, or leave KLA_LOCAL_SIGN_IN on."
        )
    return is_local_sign_in


def origins(providers: Sequence[dict[str, Any]]) -> list[str]:
    """Where the form that signs out may lead: https://sso.metro.go.id."""
    urls = [urlsplit(one["settings"]["server_url"]) for one in providers]
    return sorted({f"{url.scheme}://{url.netloc}" for url in urls})


def _provider(env: Any, name: str, *, is_local: bool) -> dict[str, Any]:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,29}", name):
        raise ImproperlyConfigured(
            f"KLA_SSO names “{name}”. Use small letters, digits and _, beginning with a letter."
        )
    prefix = f"KLA_SSO_{name.upper()}"
    facts = {fact: env.str(f"{prefix}_{fact}", default="").strip() for fact in NEEDED}
    if missing := [f"{prefix}_{fact}" for fact in NEEDED if not facts[fact]]:
        raise ImproperlyConfigured(
            f"{', '.join(missing)} not set. KLA_SSO names “{name}”: set them, or take it out there."
        )
    issuer = urlsplit(facts["ISSUER"])
    is_safe = issuer.scheme == "https" or (is_local and issuer.scheme == "http")
    is_bare = not (issuer.query or issuer.fragment or "/.well-known/" in issuer.path)
    if not (is_safe and issuer.hostname and is_bare):
        raise ImproperlyConfigured(
            f"{prefix}_ISSUER must be an address that begins with https://, "
            "for example https://sso.metro.go.id/realms/pegawai."
        )
    return {
        "provider_id": name,
        "name": facts["NAME"],
        "client_id": facts["CLIENT_ID"],
        "secret": facts["SECRET"],
        "settings": {
            "server_url": facts["ISSUER"].rstrip("/"),
            "trusts_second_factor": env.bool(f"{prefix}_TRUSTS_SECOND_FACTOR", default=False),
        },
    }
