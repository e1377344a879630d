"""Static files: what a page asks for is there under a name that may be cached for ever."""

import json
import os
import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import override_settings
from fontTools.ttLib import TTFont
from lightningcss import process_stylesheet

from kla import styles
from kla.finders import NpmFinder

UPLOADER = "tus-js-client/dist/tus.min.js"
MANIFEST_STORAGE = "kla.script_storage.ScriptStorage"
CSS = Path(__file__).parents[2] / "static" / "css"


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The folder of collected files, and the name of each in it."""
    folder = tmp_path_factory.mktemp("static")
    storages = django_settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST_STORAGE}}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder, json.loads((folder / "staticfiles.json").read_text())["paths"]


def test_collecting_gives_every_file_a_hashed_name_and_a_compressed_copy(collected):
    folder, names = collected

    for name in (f"vendor/{UPLOADER}", "css/site.css"):
        hashed = names[name]
        assert hashed != name
        assert (folder / hashed).is_file()
        assert (folder / f"{hashed}.gz").is_file()
    assert not list(folder.rglob("*.map.gz"))


def test_scripts_ask_for_one_another_by_hashed_names(collected):
    folder, names = collected

    asking = [
        name for name in names if "./words" in (folder / names[name]).read_text(errors="ignore")
    ]
    assert "js/upload.js" in asking
    words = Path(names["js/words.js"]).name
    assert words != "words.js"
    for name in asking:
        assert f'from "./{words}";' in (folder / names[name]).read_text()


def test_our_style_sheets_are_collected_as_one_with_each_import_once_and_in_order(collected):
    folder, names = collected
    imports = re.findall(r'@import "([^"]+)"( print)?;', (CSS / "site.css").read_text())
    sources = [(CSS / name).read_text() for name, _ in imports]
    in_order = [
        f"@media print {{ {source} }}" if print_only else source
        for source, (_, print_only) in zip(sources, imports, strict=True)
    ]

    apart = django_settings.STYLE_SHEETS_APART
    assert {name for name in names if name.startswith("css/")} == {"css/site.css"} | apart
    ours = process_stylesheet("".join(in_order), browsers_list=django_settings.STYLE_BROWSERS)
    assert (folder / "css" / "site.css").read_text().endswith(ours)


def test_the_collected_sheet_imports_nothing_and_names_the_fonts_under_their_hashed_names(
    collected,
):
    folder, names = collected
    sheet = folder / names["css/site.css"]

    linked = re.findall(r"url\(\"?(\.\.[^)\"]+)\"?\)", sheet.read_text())
    assert "@import" not in sheet.read_text()
    assert len(linked) == 2
    found = {(sheet.parent / font).resolve().relative_to(folder).as_posix() for font in linked}
    assert found <= set(names.values())


def test_media_queries_are_written_as_older_phones_read_them():
    assert "(max-width:" in Path(finders.find("css/site.css")).read_text()


@pytest.fixture
def entry(settings, tmp_path):
    """A sheet of nothing but an import, to be made elsewhere."""
    settings.STYLE_ROOT = tmp_path / "made"
    (tmp_path / "sheets").mkdir()
    path = tmp_path / "sheets" / "entry.css"
    path.write_text('@import "part.css";')
    return path


def test_a_changed_sheet_is_made_anew_and_an_unchanged_one_left_alone(entry, settings):
    part = entry.with_name("part.css")
    part.write_text(".one { color: red }")

    sheet = styles.build(str(entry)) / settings.STYLE_SHEET
    made = sheet.stat().st_mtime_ns
    assert sheet.read_text().endswith(".one{color:red}")

    os.utime(part)
    styles.build(str(entry))
    assert sheet.stat().st_mtime_ns == made
    part.write_text(".two { color: red }")
    styles.build(str(entry))
    assert sheet.read_text().endswith(".two{color:red}")


@pytest.mark.parametrize(
    ("sheet", "error"),
    [('@import "nowhere.css";', OSError), (".open { color: red; }}", ValueError)],
)
def test_what_is_missing_or_no_css_stops_the_making(sheet, error, entry):
    entry.write_text(sheet)

    with pytest.raises(error):
        styles.build(str(entry))


# --- What Bootstrap is left with ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "is_kept"),
    [
        ('class="btn btn-primary"', "btn-primary", True),
        ('class="btn"', "btn-primary", False),
        ("element.className = 'mt-3'", "mt-3", True),
        ('class="alert-{{ level }}"', "alert-danger", True),
        ("`alert-${level}`", "alert-danger", True),
        ("alert- and others", "alert-danger", False),
        ('class="btn-primary-of-ours"', "btn-primary", False),
    ],
)
def test_a_class_of_bootstrap_stays_if_somebody_names_it(text, name, is_kept):
    css = styles.bootstrap(text)

    assert (re.search(rf"\.{name}(?![\w-])", css) is not None) is is_kept
    assert "body{" in css  # elements need no name


def test_every_class_of_bootstrap_that_a_page_has_is_in_the_sheet():
    whole = (django_settings.NPM_ROOT / styles.BOOTSTRAP).read_text()
    left = Path(finders.find("css/site.css")).read_text()
    templates = Path(__file__).parents[2] / "templates"
    attributes = "".join(path.read_text() for path in templates.rglob("*.html"))
    used = {
        name
        for value in re.findall(r'class="([^"]*)"', attributes)
        for name in re.findall(r"[\w-]+", value)
    }
    known = used & set(styles.CLASS.findall(whole))

    assert len(known) > 50
    assert sorted(known - set(styles.CLASS.findall(left))) == []
    assert len(left) < len(whole) * 0.6


def test_the_licences_stay_with_what_is_left():
    sheet = Path(finders.find("css/site.css")).read_text()

    assert re.findall(r"/\*!\s+\* (Bootstrap\s+v|Bootstrap Icons v)", sheet) == [
        "Bootstrap  v",
        "Bootstrap Icons v",
    ]


# --- The font of icons --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('<i class="bi bi-bell">', {"bell"}),
        ('icon="clock-history"', {"clock-history"}),
        ("STATES = {'waiting': ('clock', 'Menunggu')}", {"clock"}),
        ("`bi-${direction}`", set()),
        ("a bell, a clock", set()),
        ('"no-icon-of-this-name"', set()),
    ],
)
def test_an_icon_is_used_where_it_is_named(text, names):
    assert set(styles.used_icons(text)) == names


def test_the_font_has_the_pictures_that_pages_use_and_no_others():
    with TTFont(finders.find(styles.ICON_FONT)) as font:
        shown = set(font.getBestCmap())
    sheet = Path(finders.find("css/site.css")).read_text()
    used = set(re.findall(r"\bbi-([a-z0-9-]+)(?:::?before)", sheet))
    whole = json.loads(
        (django_settings.NPM_ROOT / styles.ICONS / "bootstrap-icons.json").read_text()
    )

    assert shown == {whole[name] for name in used}
    assert {"bell", "clock", "person-circle"} <= used
    assert len(used) < len(whole) / 10


def test_the_same_icons_make_the_same_bytes():
    icons = styles.used_icons("'bell' 'clock'")

    assert styles.icon_font(icons) == styles.icon_font(icons)
    assert styles.icon_font(icons) != styles.icon_font(styles.used_icons("'bell'"))


def test_the_parts_of_the_sheet_are_found_for_pictures_but_pages_load_only_the_whole():
    assert finders.find("css/tokens.css") == str(CSS / "tokens.css")
    assert Path(finders.find("css/site.css")).is_relative_to(django_settings.STYLE_ROOT)


def test_a_package_file_outside_the_list_is_not_served():
    assert (django_settings.NPM_ROOT / "tus-js-client/package.json").is_file()
    assert finders.find("vendor/tus-js-client/package.json") is None
    assert finders.find(f"vendor/{UPLOADER}") == str(django_settings.NPM_ROOT / UPLOADER)
    assert finders.find(UPLOADER) is None


def test_a_missing_package_is_reported_with_the_command_that_brings_it(settings, tmp_path):
    settings.NPM_ROOT = tmp_path
    settings.NPM_FILES = [UPLOADER]

    (error,) = NpmFinder().check()

    assert error.msg == f"{UPLOADER} is missing from node_modules."
    assert error.hint == "Run: npm ci"


@pytest.mark.django_db
def test_the_site_passes_its_own_checks():
    assert run_checks() == []


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/field-worker.js", "text/javascript"), ("/field.webmanifest", "application/manifest+json")],
)
@pytest.mark.django_db  # the end of a request closes old connections
def test_worker_and_manifest_come_from_the_top_of_the_site(client, path, media_type):
    answer = client.get(path)

    kind = answer["Content-Type"].partition(";")[0]
    answer.close()
    assert (answer.status_code, kind) == (200, media_type)
