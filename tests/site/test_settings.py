"""The site refuses to start unsafe, in a sentence that says what to do."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).parents[2]
PRODUCTION = {"SECRET_KEY": "k" * 64, "ALLOWED_HOSTS": "kla.example.go.id"}
READ = """
from django.conf import settings
for name in {names!r}:
    print(getattr(settings, name, None))
"""


def start(tmp_path, *, read=(), **environment):
    """What a new process prints when it reads the settings under this environment alone."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", READ.format(names=read) + "settings.DEBUG"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "kla.settings",
            "KLA_VAR": str(tmp_path / "var"),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "SECRET_KEY is not set. Set it to a long random text"),
        ({"SECRET_KEY": "k" * 64}, "ALLOWED_HOSTS is not set. Set it to the host names"),
        (PRODUCTION | {"SECRET_KEY": "k" * 49}, "SECRET_KEY is shorter than 50 characters."),
        (PRODUCTION | {"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS contains *"),
        (PRODUCTION | {"DATABASE_URL": "mysql://a@b/c"}, "DATABASE_URL must begin with postgres:"),
        (PRODUCTION | {"KLA_BASE_URL": "kla.go.id"}, "KLA_BASE_URL must begin with https://"),
    ],
)
def test_production_refuses_to_start_and_says_how_to_mend_it(tmp_path, environment, sentence):
    started = start(tmp_path, **environment)

    assert started.returncode == 1
    assert f"{ImproperlyConfigured.__name__}: {sentence}" in started.stderr


def test_production_is_https_only_without_asking(tmp_path):
    names = ["DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]

    started = start(tmp_path, read=[*names, "SECURE_PROXY_SSL_HEADER"], **PRODUCTION)

    assert started.stdout.split() == ["False", "True", "True", "True", "None"]


def test_a_proxy_is_believed_only_when_it_is_named(tmp_path):
    names = ["SECURE_PROXY_SSL_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT"]

    started = start(tmp_path, read=names, KLA_PROXIES="1", **PRODUCTION)

    assert started.stdout.splitlines() == ["('HTTP_X_FORWARDED_PROTO', 'https')", "1"]


def test_a_local_run_works_over_plain_http_and_answers_this_machine_only(tmp_path):
    names = ["DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "ALLOWED_HOSTS"]

    started = start(tmp_path, read=names, KLA_LOCAL="1")

    assert started.stdout.splitlines() == ["False", "False", "False", "['127.0.0.1', 'localhost']"]


def test_a_local_run_makes_its_key_once_for_its_owner_alone(tmp_path):
    first = start(tmp_path, read=["SECRET_KEY"], KLA_LOCAL="1")
    second = start(tmp_path, read=["SECRET_KEY"], KLA_LOCAL="1")

    assert len(first.stdout.strip()) == 86
    assert first.stdout == second.stdout
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_sqlite_takes_the_write_lock_when_a_transaction_begins(tmp_path):
    started = start(tmp_path, read=["DATABASES"], KLA_LOCAL="1")

    assert "'transaction_mode': 'IMMEDIATE'" in started.stdout
    assert "PRAGMA journal_mode=WAL" in started.stdout


def test_postgresql_keeps_connections_checks_them_and_waits_for_no_lock_for_long(tmp_path):
    url = "postgres://kla:secret@db:5432/kla"

    started = start(tmp_path, read=["DATABASES"], KLA_LOCAL="1", DATABASE_URL=url)

    assert "'CONN_HEALTH_CHECKS': True" in started.stdout
    assert "'CONN_MAX_AGE': 600" in started.stdout
    assert "lock_timeout=5s" in started.stdout


def manage(tmp_path, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "KLA_VAR": str(tmp_path / "var"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_on_a_machine_without_any_setting_works_locally(tmp_path):
    assert manage(tmp_path, "check").returncode == 0


def test_a_command_with_half_the_settings_of_production_refuses_to_start(tmp_path):
    started = manage(tmp_path, "check", ALLOWED_HOSTS="kla.example.go.id")

    assert started.returncode == 1
    assert "SECRET_KEY is not set." in started.stderr


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        (PRODUCTION, "https://kla.example.go.id"),
        (PRODUCTION | {"ALLOWED_HOSTS": ".kla.go.id,b.id"}, "https://kla.go.id"),
        (PRODUCTION | {"KLA_BASE_URL": "https://kla.id/"}, "https://kla.id"),
        (PRODUCTION | {"KLA_BASE_URL": ""}, "https://kla.example.go.id"),
        ({"KLA_LOCAL": "1"}, "http://127.0.0.1:8000"),
    ],
)
def test_links_in_e_mail_lead_to_this_site(tmp_path, environment, address):
    started = start(tmp_path, read=["KLA_BASE_URL"], **environment)

    assert started.stdout.split() == [address]
