"""Static files: what a page asks for is there under a name that may be cached for ever."""

import json
import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.core.checks import run_checks
from django.core.management import call_command
from lightningcss import process_stylesheet

from kla.finders import NpmFinder, icon_rules, joined_sheet

BOOTSTRAP = "bootstrap/dist/css/bootstrap.min.css"
MANIFEST_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
CSS = Path(__file__).parents[2] / "static" / "css"


@pytest.fixture
def collected(settings, tmp_path):
    """The folder of collected files, and the name of each in it."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST_STORAGE}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path, json.loads((tmp_path / "staticfiles.json").read_text())["paths"]


def test_collecting_gives_every_file_a_hashed_name_and_a_compressed_copy(collected):
    folder, names = collected

    for name in (f"vendor/{BOOTSTRAP}", "css/site.css"):
        hashed = names[name]
        assert hashed != name
        assert (folder / hashed).is_file()
        assert (folder / f"{hashed}.gz").is_file()
    assert not list(folder.rglob("*.map.gz"))


def test_our_style_sheets_are_collected_as_one_with_each_import_once_and_in_order(collected):
    folder, names = collected
    imports = re.findall(r'@import "([^"]+)"( print)?;', (CSS / "site.css").read_text())
    sources = [(CSS / name).read_text() for name, _ in imports]
    in_order = [
        f"@media print {{ {source} }}" if print_only else source
        for source, (_, print_only) in zip(sources, imports, strict=True)
    ]

    assert [name for name in names if name.startswith("css/")] == ["css/site.css"]
    joined = process_stylesheet("".join(in_order), browsers_list=django_settings.STYLE_BROWSERS)
    assert (folder / "css" / "site.css").read_text() == joined + icon_rules()


def test_the_collected_sheet_imports_nothing_and_names_the_font_under_its_hashed_name(collected):
    folder, names = collected
    sheet = folder / names["css/site.css"]

    named = re.findall(r"url\(\"?([^)\"]+)\"?\)", sheet.read_text())
    (font,) = [address for address in named if not address.startswith("data:")]
    assert "@import" not in sheet.read_text()
    assert (sheet.parent / font).resolve().relative_to(folder).as_posix() in names.values()


def test_media_queries_are_written_as_older_phones_read_them():
    assert "(max-width:" in Path(finders.find("css/site.css")).read_text()


def test_a_changed_sheet_is_joined_anew_and_an_unchanged_one_left_alone(settings, tmp_path):
    settings.STYLE_ROOT, settings.STYLE_ICONS = tmp_path / "joined", []
    part, entry = tmp_path / "part.css", tmp_path / "entry.css"
    part.write_text(".one { color: red }")
    entry.write_text('@import "part.css";')

    joined = Path(joined_sheet(str(entry)))
    made = joined.stat().st_mtime_ns
    assert joined.read_text() == ".one{color:red}"

    joined_sheet(str(entry))
    assert joined.stat().st_mtime_ns == made
    part.write_text(".two { color: red }")
    joined_sheet(str(entry))
    assert joined.read_text() == ".two{color:red}"


@pytest.mark.parametrize(
    ("sheet", "error"),
    [('@import "nowhere.css";', OSError), (".open { color: red; }}", ValueError)],
)
def test_what_is_missing_or_no_css_stops_the_joining(sheet, error, tmp_path):
    entry = tmp_path / "entry.css"
    entry.write_text(sheet)

    with pytest.raises(error):
        joined_sheet(str(entry))


def test_an_icon_is_in_the_sheet_as_it_was_drawn_without_what_a_page_gave_it(settings):
    settings.STYLE_ICONS = ["circle-fill"]
    drawn = ET.parse(django_settings.NPM_ROOT / "bootstrap-icons/icons/circle-fill.svg").getroot()

    name, address = re.fullmatch(r'\.([\w-]+)\{--icon:url\("([^"]*)"\)\}', icon_rules()).groups()
    kind, _, content = address.partition(",")
    shape = ET.fromstring(unquote(content))

    assert (name, kind) == ("bi-circle-fill", "data:image/svg+xml")
    assert shape.attrib == {"viewBox": drawn.get("viewBox")}
    assert [part.attrib for part in shape] == [part.attrib for part in drawn]
    assert not set(content) & set('#"<>%{}') - {"%"}  # nothing that would end it


def test_an_icon_that_there_is_none_of_stops_the_joining(settings):
    settings.STYLE_ICONS = ["tidak-ada"]

    with pytest.raises(FileNotFoundError):
        icon_rules()


def test_the_parts_of_the_sheet_are_found_for_pictures_but_pages_load_only_the_whole():
    assert finders.find("css/tokens.css") == str(CSS / "tokens.css")
    assert Path(finders.find("css/site.css")).is_relative_to(django_settings.STYLE_ROOT)


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
