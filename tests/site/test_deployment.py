"""The files that installations start from: compose, its secrets and its images.

No container engine runs here. What is held is what the files say, and that the site reads it.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ONE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
MANY = yaml.safe_load((ROOT / "deploy" / "compose.many.yml").read_text())
OURS = ("prepare", "web", "worker")  # those that run this site
# What programs of others read themselves, and the server and scripts of ours beside the settings.
OTHERS = {"AWS_ENDPOINT_URL", "AWS_REGION", "AWS_SHARED_CREDENTIALS_FILE"}
BESIDE = ("gunicorn.conf.py", "docker/entrypoint.sh", "docker/healthcheck.py")
SAMPLES = {
    "ALLOWED_HOSTS": "kla.example.go.id, kla2.example.go.id",
    "KLA_TLS": "internal",
    "S3_BUCKET": "kla-dokumen",
}
TOLD = [
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "PROXIES",
    "DATABASE_URL",
    "KLA_APP_DATABASE_URL",
    "DATABASES",
    "REDIS_URL",
    "CELERY_BROKER_URL",
    "EMAIL_URL",
    "CLAMAV_HOST",
]
# Which variables were asked for, and what some settings then are.
LOAD = """
import json, os, sys
from kla.environment import SecretFiles
asked = set()
read = SecretFiles.__getitem__
SecretFiles.__getitem__ = lambda self, key: (asked.add(key), read(self, key))[1]
SecretFiles.__contains__ = lambda self, key: (asked.add(key), key in set(self))[1]
from kla import settings
told = {name: getattr(settings, name) for name in sys.argv[1:]}
print(json.dumps([sorted(asked), told], default=str))
"""


def merged(service):
    """A service as compose lays the overlay over it, as far as these tests look."""
    one, many = ONE["services"].get(service, {}), MANY["services"].get(service, {})
    return {
        **one,
        **many,
        "environment": {**one.get("environment", {}), **many.get("environment", {})},
        "secrets": [*one.get("secrets", []), *many.get("secrets", [])],
    }


SHAPES = [
    *((f"one:{name}", service) for name, service in ONE["services"].items()),
    *((f"many:{name}", merged(name)) for name in {**ONE["services"], **MANY["services"]}),
]
every_service = pytest.mark.parametrize(
    "service", [service for _name, service in SHAPES], ids=[name for name, _service in SHAPES]
)
our_services = pytest.mark.parametrize(
    "service",
    [service for name, service in SHAPES if name.partition(":")[2] in OURS],
    ids=[name for name, _service in SHAPES if name.partition(":")[2] in OURS],
)


def filled_in(text):
    """As compose does: ${NAME:-default}, ${NAME-default}, ${NAME:?what to say}."""

    def value(found):
        name, sign, rest = found.groups()
        return SAMPLES.get(name) or (rest if sign.endswith("-") else SAMPLES[name])

    return re.sub(r"\$\{(\w+)(:-|-|:\?)([^}]*)\}", value, str(text))


@pytest.fixture(scope="module")
def secrets(tmp_path_factory):
    """The folder that the script makes, at its first run and in a place of its own."""
    folder = tmp_path_factory.mktemp("installation")
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    subprocess.run([folder / "deploy" / "make_secrets.sh"], check=True, capture_output=True)
    return folder / "secrets"


@pytest.fixture(scope="module")
def load(secrets, tmp_path_factory):
    """The site's settings in a new process under a service's environment and secrets."""
    var = tmp_path_factory.mktemp("var")
    known = {}

    def load(service):
        key = json.dumps(service["environment"])
        if key not in known:
            known[key] = start(service)
        return known[key]

    def start(service):
        environment = {
            name: filled_in(value).replace("/run/secrets", str(secrets))
            for name, value in service["environment"].items()
        }
        done = subprocess.run(
            [sys.executable, "-c", LOAD, *TOLD],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "KLA_VAR": str(var), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return load


# --- What compose says is read ------------------------------------------------------------------


@our_services
def test_every_variable_of_compose_is_read_by_somebody(load, service):
    asked, _told = load(service)
    beside = "".join((ROOT / name).read_text() for name in BESIDE)

    unread = [
        name
        for name in service["environment"]
        if name.removesuffix("_FILE") not in asked and name not in OTHERS and name not in beside
    ]

    assert unread == []


def test_every_variable_of_the_proxy_stands_in_its_file():
    said = (ROOT / "deploy" / "caddy" / "Caddyfile").read_text()
    handed = merged("proxy")["environment"]

    assert [name for name in handed if f"{{${name}" not in said] == []
    assert set(re.findall(r"\{\$(KLA_\w+|ALLOWED_HOSTS)", said)) == set(handed)


def test_secrets_reach_the_settings_of_the_web_server(load, secrets):
    _asked, told = load(ONE["services"]["web"])
    assert not told.pop("DATABASES")["default"]["DISABLE_SERVER_SIDE_CURSORS"]

    assert told == {
        "KLA_APP_DATABASE_URL": "",
        "REDIS_URL": "",
        "CELERY_BROKER_URL": "",
        "SECRET_KEY": (secrets / "secret_key").read_text(),
        "DATABASE_URL": (secrets / "database_url").read_text(),
        "EMAIL_URL": "none",
        "CLAMAV_HOST": "clamav:3310",
        "ALLOWED_HOSTS": ["kla.example.go.id", "kla2.example.go.id"],
        "PROXIES": 1,
    }


def test_the_overlay_leads_the_same_code_to_its_engines(load, secrets):
    _asked, told = load(merged("worker"))
    engines = ["DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"]

    assert told["DATABASES"]["default"]["DISABLE_SERVER_SIDE_CURSORS"]
    assert {name: told[name] for name in engines} == {
        "DATABASE_URL": (secrets / "pooled_database_url").read_text(),
        "REDIS_URL": (secrets / "redis_url").read_text(),
        "CELERY_BROKER_URL": (secrets / "celery_broker_url").read_text(),
    }


def test_only_the_container_that_prepares_and_ends_knows_the_owner_of_the_tables(load):
    told = {name: load(merged(name))[1] for name in OURS}
    knowing = [name for name, service in SHAPES if "database_owner_url" in str(service)]

    assert told["prepare"]["DATABASE_URL"].startswith("postgres://kla:")
    assert told["prepare"]["KLA_APP_DATABASE_URL"].startswith("postgres://kla_app:")
    assert [told[name]["KLA_APP_DATABASE_URL"] for name in ("web", "worker")] == ["", ""]
    assert knowing == ["one:prepare", "many:prepare"]
    assert ONE["services"]["prepare"]["restart"] == "no"


# --- Secrets ------------------------------------------------------------------------------------


def test_the_script_makes_every_file_that_compose_names_and_no_two_values_are_alike(secrets):
    named = {
        Path(secret["file"]).name for shape in (ONE, MANY) for secret in shape["secrets"].values()
    }
    made = {path.name: path.read_text() for path in secrets.iterdir()}
    long = [value for value in made.values() if len(value) > 10]

    assert named <= set(made)
    assert set(made) - named == {"app_password", "redis_password", "rabbitmq_password"}
    assert len(set(long)) == len(long)
    assert re.fullmatch("[0-9a-f]{96}", made["secret_key"])


def test_the_store_knows_the_key_that_the_site_signs_with(load, secrets):
    [identity] = json.loads((secrets / "store_identities").read_text())["identities"]

    assert identity["credentials"] == [
        {"accessKey": "kla", "secretKey": (secrets / "s3_secret_access_key").read_text()}
    ]
    assert MANY["services"]["store"]["secrets"] == ["store_identities"]


def test_its_folder_opens_to_its_owner_and_its_files_to_the_containers(secrets):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()}

    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert modes == {0o444}


def test_run_again_it_touches_nothing(secrets):
    before = {path.name: path.read_text() for path in secrets.iterdir()}

    again = subprocess.run(
        [secrets.parent / "deploy" / "make_secrets.sh"], check=True, capture_output=True
    )

    assert again.stdout == b""
    assert {path.name: path.read_text() for path in secrets.iterdir()} == before


@every_service
def test_no_secret_is_a_variable_and_each_file_that_is_named_is_handed_over(service):
    environment = service.get("environment", {})
    named = {Path(value).name for name, value in environment.items() if name.endswith("_FILE")}
    secret = re.compile("PASSWORD|SECRET|TOKEN|DATABASE_URL|EMAIL_URL|REDIS_URL|BROKER_URL|_KEY$")

    assert [n for n in environment if secret.search(n) and not n.endswith("_FILE")] == []
    assert named <= {name for name in service.get("secrets", []) if isinstance(name, str)}


# --- Each container -----------------------------------------------------------------------------


@every_service
def test_each_container_is_bounded_and_cannot_write_or_gain_rights(service):
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"]["max-size"] == "10m"
    assert service["mem_limit"]
    assert service["pids_limit"] > 0
    assert service["restart"] in ("unless-stopped", "no")


@every_service
def test_each_container_says_how_it_is_or_why_nobody_asks(service):
    """`web` is asked by the image's own check."""
    builds_site = service.get("image") == "kla"
    asked = service.get("healthcheck", {})

    assert builds_site or "test" in asked
    assert service.get("command") is None or "test" in asked or asked == {"disable": True}


@every_service
def test_nobody_is_root(service):
    build = service.get("build")
    folder = build if isinstance(build, str) else (build or {}).get("context")
    if folder is None:
        user = service["user"]
    else:
        lines = (ROOT / folder / "Dockerfile").read_text().splitlines()
        [*_before, user] = [line.removeprefix("USER ") for line in lines if line[:5] == "USER "]

    assert user.partition(":")[0] not in ("", "root", "0")


def test_on_one_machine_only_the_proxy_is_reached_from_outside():
    open_ports = {name for name, service in ONE["services"].items() if service.get("ports")}

    assert open_ports == {"proxy"}
    assert ONE["networks"]["inside"] == {"internal": True}
    assert ONE["services"]["db"]["networks"] == ["inside"]


def test_on_many_machines_engines_are_reached_at_a_private_address_alone():
    ports = {port for service in MANY["services"].values() for port in service.get("ports", [])}

    assert {port.rpartition("}:")[0] for port in ports} == {"${KLA_PRIVATE_ADDRESS:-127.0.0.1"}


def test_every_file_that_a_container_is_given_is_there():
    given = [
        mount.partition(":")[0]
        for shape in (ONE, MANY)
        for service in shape["services"].values()
        for mount in service.get("volumes", [])
        if mount.startswith("./")
    ]

    assert len(given) == 4
    assert [path for path in given if not (ROOT / path).is_file()] == []
