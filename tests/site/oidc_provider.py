"""A real OpenID Connect provider in a process of its own, as a city runs one."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests

CLIENT = {"provider_id": "pemkot", "name": "Pemerintah Kota Metro", "client_id": "kla"}


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def provider_process():
    """Its address; it asks for a nonce, and takes whatever client comes."""
    port = _free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "-n"]
    with subprocess.Popen(
        [*command, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(port, process):
    for _attempt in range(200):
        assert process.poll() is None, "the provider did not start"
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the provider does not answer")


def app_for(issuer, **facts):
    """What the settings make of KLA_SSO for this provider."""
    trusts = facts.pop("trusts_second_factor", False)
    inner = {"server_url": issuer, "trusts_second_factor": trusts}
    return CLIENT | {"secret": "rahasia"} | facts | {"settings": inner}


def register(issuer, sub, **claims):
    requests.put(f"{issuer}/users/{sub}", json=claims, timeout=5).raise_for_status()


def consent(authorization_url, sub):
    """The address on our site to which the provider sends the browser back, host left out."""
    answer = requests.post(authorization_url, {"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"
