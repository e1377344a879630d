"""What the settings make of each value of the environment; read here, in this process."""

import runpy
from decimal import Decimal
from pathlib import Path

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

FILE = Path(__file__).parents[2] / "kla" / "settings.py"
PRODUCTION = {"SECRET_KEY": "k" * 64, "ALLOWED_HOSTS": "kla.example.go.id"}
OURS = ("KLA_", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_URL", "PORT")


@pytest.fixture
def settings_of(monkeypatch, tmp_path):
    """The settings under these variables alone."""
    for name in list(environ.Env.ENVIRON):
        if name.startswith(OURS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("KLA_VAR", str(tmp_path / "var"))

    def read(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(FILE))

    return read


@pytest.mark.parametrize("word", ["", "0", "no", "tidak", "false", "mungkin"])
def test_only_a_plain_yes_makes_a_run_local(settings_of, word):
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY is not set\. "):
        settings_of(KLA_LOCAL=word, DEBUG=word)


@pytest.mark.parametrize("word", ["1", "true", "YES", "on"])
def test_a_local_run_has_a_key_of_its_own_and_no_debug_pages(settings_of, word):
    made = settings_of(KLA_LOCAL=word)

    assert (made["DEBUG"], made["IS_LOCAL"], made["USES_HTTPS"]) == (False, True, False)
    assert len(made["SECRET_KEY"]) == 86


def test_a_key_of_a_local_run_that_is_named_goes_before_its_own(settings_of, tmp_path):
    assert settings_of(KLA_LOCAL="1", SECRET_KEY="s" * 50)["SECRET_KEY"] == "s" * 50
    assert not (tmp_path / "var" / "secret_key").exists()


@pytest.mark.parametrize(
    ("length", "is_refused"),
    [(49, True), (50, False)],
)
def test_a_key_of_production_is_long(settings_of, length, is_refused):
    variables = PRODUCTION | {"SECRET_KEY": "k" * length}

    if is_refused:
        with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY is shorter than 50 "):
            settings_of(**variables)
    else:
        assert settings_of(**variables)["SECRET_KEY"] == "k" * length


@pytest.mark.parametrize("hosts", ["*", "kla.go.id,*", "kla.go.id, * ,b.id"])
def test_no_host_stands_for_all(settings_of, hosts):
    with pytest.raises(ImproperlyConfigured, match=r"^ALLOWED_HOSTS contains \*, "):
        settings_of(**PRODUCTION | {"ALLOWED_HOSTS": hosts})


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_an_empty_value_is_no_value(settings_of, name):
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} is not set\. "):
        settings_of(**PRODUCTION | {name: ""})


@pytest.mark.parametrize(
    "url", ["mysql://a@b/c", "oracle://a@b/c", "postgres", "", "kla.sqlite3", "postgresqll://x"]
)
def test_a_database_of_another_kind_stops_the_start(settings_of, url):
    with pytest.raises((ImproperlyConfigured, ValueError)):
        settings_of(**PRODUCTION, DATABASE_URL=url)


def test_what_the_address_of_the_database_asks_for_goes_before_what_is_usual(settings_of):
    url = "postgres://kla@db/kla?connect_timeout=9&sslmode=require"

    options = settings_of(**PRODUCTION, DATABASE_URL=url)["DATABASES"]["default"]["OPTIONS"]

    assert (options["connect_timeout"], options["sslmode"]) == (9, "require")
    assert "lock_timeout=5s" in options["options"]


def test_a_password_with_signs_of_addresses_reaches_the_database(settings_of):
    url = "postgres://kla:a%40b%2Fc%3Ad@%2Frun%2Fpostgresql/kla"

    made = settings_of(**PRODUCTION, DATABASE_URL=url)["DATABASES"]["default"]

    assert (made["PASSWORD"], made["HOST"]) == ("a@b/c:d", "/run/postgresql")


@pytest.mark.parametrize(
    "name",
    [
        "KLA_PROXIES",
        "KLA_HSTS_SECONDS",
        "KLA_MAX_UPLOAD_BYTES",
        "KLA_RENDITION_MEMORY",
        "KLA_RENDITION_SECONDS",
    ],
)
@pytest.mark.parametrize("value", ["satu", "1,5", "1.5", "25 MB", ""])
def test_a_number_that_is_none_stops_the_start(settings_of, name, value):
    with pytest.raises(ValueError, match=r"invalid literal for int\(\)"):
        settings_of(**PRODUCTION, **{name: value})


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("none", "django.core.mail.backends.dummy.EmailBackend"),
        ("smtp://mail.go.id:25", "django.core.mail.backends.smtp.EmailBackend"),
        ("smtp+tls://kla:a%40b@mail.go.id:587", "django.core.mail.backends.smtp.EmailBackend"),
        ("smtp+ssl://mail.go.id:465", "django.core.mail.backends.smtp.EmailBackend"),
    ],
)
def test_a_mail_server_is_named_by_an_address_or_by_none(settings_of, url, backend):
    made = settings_of(**PRODUCTION, EMAIL_URL=url)

    assert made["EMAIL_BACKEND"] == backend
    if "tls" in url:
        assert (made["EMAIL_USE_TLS"], made["EMAIL_HOST_PASSWORD"]) == (True, "a@b")


@pytest.mark.parametrize("url", ["mail.go.id", "http://mail.go.id", "pop3://mail.go.id"])
def test_an_address_of_no_mail_server_stops_the_start(settings_of, url):
    with pytest.raises((ImproperlyConfigured, KeyError, ValueError)):
        settings_of(**PRODUCTION, EMAIL_URL=url)


@pytest.mark.parametrize(
    "address", ["kla.go.id", "ftp://kla.go.id", "//kla.go.id", "javascript:alert(1)", "HTTPS:kla"]
)
def test_links_lead_to_no_page_but_of_the_web(settings_of, address):
    with pytest.raises(ImproperlyConfigured, match=r"^KLA_BASE_URL must begin with https://, "):
        settings_of(**PRODUCTION, KLA_BASE_URL=address)


def test_production_asks_for_nothing_twice_over_plain_http(settings_of):
    made = settings_of(**PRODUCTION, KLA_HTTPS="0")

    assert (made["SECURE_SSL_REDIRECT"], made["SESSION_COOKIE_SECURE"]) == (False, False)
    assert (made["SECURE_HSTS_SECONDS"], made["SECURE_HSTS_PRELOAD"]) == (0, False)


def test_what_is_written_lies_where_it_was_asked_for_and_for_its_owner_alone(settings_of, tmp_path):
    made = settings_of(**PRODUCTION)

    assert made["MEDIA_ROOT"] == tmp_path / "var" / "media"
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
    assert made["FILE_UPLOAD_TEMP_DIR"].stat().st_mode & 0o777 == 0o700


SSO = {
    "KLA_SSO": "pemkot",
    "KLA_SSO_PEMKOT_NAME": "Pemerintah Kota Metro",
    "KLA_SSO_PEMKOT_ISSUER": "https://sso.metro.go.id/realms/pegawai/",
    "KLA_SSO_PEMKOT_CLIENT_ID": "kla",
    "KLA_SSO_PEMKOT_SECRET": "rahasia",
}


def test_a_provider_is_taken_as_it_is_named(settings_of):
    made = settings_of(**PRODUCTION, **SSO, KLA_LOCAL_SIGN_IN="0")

    [app] = made["SOCIALACCOUNT_PROVIDERS"]["sso"]["APPS"]
    assert app == {
        "provider_id": "pemkot",
        "name": "Pemerintah Kota Metro",
        "client_id": "kla",
        "secret": "rahasia",
        "settings": {
            "server_url": "https://sso.metro.go.id/realms/pegawai",
            "trusts_second_factor": False,
        },
    }
    assert made["KLA_LOCAL_SIGN_IN"] is False
    directives = made["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert directives["form-action"] == ["'self'", "https://sso.metro.go.id"]


def test_without_a_provider_nothing_of_it_is_there(settings_of):
    made = settings_of(**PRODUCTION)

    assert (made["SSO_PROVIDERS"], made["KLA_LOCAL_SIGN_IN"]) == ([], True)
    assert made["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == ["'self'"]


@pytest.mark.parametrize("fact", ["NAME", "ISSUER", "CLIENT_ID", "SECRET"])
def test_a_provider_that_is_set_by_half_stops_the_start(settings_of, fact):
    with pytest.raises(ImproperlyConfigured, match=rf"^KLA_SSO_PEMKOT_{fact} not set\. "):
        settings_of(**PRODUCTION, **SSO | {f"KLA_SSO_PEMKOT_{fact}": ""})


@pytest.mark.parametrize(
    "issuer",
    [
        "http://sso.metro.go.id",
        "sso.metro.go.id",
        "https://",
        "https://sso.metro.go.id/?realm=a",
        "https://sso.metro.go.id/.well-known/openid-configuration",
    ],
)
def test_a_provider_is_asked_over_https_at_its_bare_address(settings_of, issuer):
    with pytest.raises(ImproperlyConfigured, match=r"^KLA_SSO_PEMKOT_ISSUER must be an address"):
        settings_of(**PRODUCTION, **SSO | {"KLA_SSO_PEMKOT_ISSUER": issuer})


@pytest.mark.parametrize("names", ["Pemkot", "pem-kot", "pemkot,pemkot", "1pemkot"])
def test_a_name_of_a_provider_that_makes_no_address_stops_the_start(settings_of, names):
    with pytest.raises(ImproperlyConfigured, match=r"^KLA_SSO names "):
        settings_of(**PRODUCTION, **SSO | {"KLA_SSO": names})


def test_a_site_that_nobody_could_sign_in_to_does_not_start(settings_of):
    with pytest.raises(ImproperlyConfigured, match=r"^KLA_LOCAL_SIGN_IN is off and KLA_SSO names"):
        settings_of(**PRODUCTION, KLA_LOCAL_SIGN_IN="0")


@pytest.mark.parametrize(("text", "amount"), [("", "0.5"), ("0", "0"), (" 1.25 ", "1.25")])
def test_the_tolerance_of_registers_is_a_number(settings_of, text, amount):
    variables = {"KLA_REGISTER_TOLERANCE": text} if text else {}

    made = settings_of(KLA_LOCAL="1", **variables)["KLA_REGISTER_TOLERANCE"]

    assert made == Decimal(amount)


@pytest.mark.parametrize("text", ["", "0,5", "setengah", "-0.1", "nan", "Infinity", "5%"])
def test_a_tolerance_that_is_no_number_stops_the_start(settings_of, text):
    said = rf"^KLA_REGISTER_TOLERANCE is “{text}”\. Write a number of at least 0 with a point, such as 0\.5\.$"

    with pytest.raises(ImproperlyConfigured, match=said):
        settings_of(KLA_LOCAL="1", KLA_REGISTER_TOLERANCE=text)
