"""Static files: what a page asks for is there under a name that may be cached for ever."""

import json

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.core.checks import run_checks
from django.core.management import call_command

from kla.finders import NpmFinder

BOOTSTRAP = "bootstrap/dist/css/bootstrap.min.css"
MANIFEST_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def test_collecting_gives_every_file_a_hashed_name_and_a_compressed_copy(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST_STORAGE}}

    call_command("collectstatic", interactive=False, verbosity=0)

    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    hashed = names[f"vendor/{BOOTSTRAP}"]
    assert hashed != f"vendor/{BOOTSTRAP}"
    assert (tmp_path / hashed).is_file()
    assert (tmp_path / f"{hashed}.gz").is_file()
    assert not list(tmp_path.rglob("*.map.gz"))


def test_a_package_file_outside_the_list_is_not_served():
    assert (django_settings.NPM_ROOT / "bootstrap/package.json").is_file()
    assert finders.find("vendor/bootstrap/package.json") is None
    assert finders.find(f"vendor/{BOOTSTRAP}") == str(django_settings.NPM_ROOT / BOOTSTRAP)
    assert finders.find(BOOTSTRAP) is None


def test_a_missing_package_is_reported_with_the_command_that_brings_it(settings, tmp_path):
    settings.NPM_ROOT = tmp_path
    settings.NPM_FILES = [BOOTSTRAP]

    (error,) = NpmFinder().check()

    assert error.msg == f"{BOOTSTRAP} is missing from node_modules."
    assert error.hint == "Run: npm ci"


@pytest.mark.django_db
def test_the_site_passes_its_own_checks():
    assert run_checks() == []
