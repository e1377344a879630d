"""The one style sheet that pages load, and the font of its icons.

Bootstrap and Bootstrap Icons are made for everybody: three quarters of their rules and nineteen in
twenty of their pictures are never asked for here. What no template, script or module names is left
out, so that a first visit on a bad line needs a third of the bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import crispy_bootstrap5
from django.conf import settings
from fontTools import subset
from lightningcss import bundle_css, process_stylesheet

BOOTSTRAP = "bootstrap/dist/css/bootstrap.css"
ICONS = "bootstrap-icons/font"
ICON_FONT = "fonts/bootstrap-icons.woff2"

CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
NAME = re.compile(r"[A-Za-z][\w-]*")
# A name whose end is put in when the page is made: class="notice--{{ level }}", `bi-${icon}`
OPEN_ENDED = re.compile(r"([A-Za-z][\w-]*-)(?={{|{%|\$\{)")
QUOTED = re.compile(r"[\"']([a-z0-9-]+)[\"']")
FONT_FACE = re.compile(r"@font-face\s*{[^}]*}")
ICON_CLASS = re.compile(r"\bbi-([a-z0-9-]+)")
ICON_RULE = re.compile(r"\.bi-([a-z0-9-]+)::before")


def styles_and_font() -> Iterator[str]:
    """The paths, below STYLE_ROOT, of what `build` makes."""
    yield settings.STYLE_SHEET
    yield ICON_FONT


def build(source: str) -> Path:
    """Make the sheet of `source` with all that it imports, and the font; gives their folder.

    Nothing is written where nothing changed. Raises OSError where a file is missing, ValueError
    where a sheet is not CSS.
    """
    sheets = sorted(Path(source).parent.rglob("*.css"))
    newest = max(path.stat().st_mtime_ns for path in (*sheets, *_users()))
    return _build(source, newest, len(sheets), Path(settings.STYLE_ROOT))


@cache
def _build(source: str, newest: int, sheets: int, folder: Path) -> Path:
    """Once for each state of the files; a sheet that went is seen by their number."""
    text = "\n".join(path.read_text() for path in _users())
    icons = used_icons(text)
    parts = [bootstrap(text), icon_rules(icons), joined(source)]
    _write(folder / settings.STYLE_SHEET, "".join(parts).encode())
    _write(folder / ICON_FONT, icon_font(icons))
    return folder


def joined(source: str) -> str:
    """Our sheet as one that imports nothing."""
    return bundle_css(source, browsers_list=settings.STYLE_BROWSERS)


def bootstrap(text: str) -> str:
    """Bootstrap's rules for elements and for the classes that `text` names."""
    css = (Path(settings.NPM_ROOT) / BOOTSTRAP).read_text()
    names, beginnings = set(NAME.findall(text)), tuple(set(OPEN_ENDED.findall(text)))
    unused = {
        name for name in CLASS.findall(css) if name not in names and not name.startswith(beginnings)
    }
    return _narrowed(css, unused)


def used_icons(text: str) -> dict[str, int]:
    """Of Bootstrap's icons those that `text` names, by itself or as a string: their characters."""
    known: dict[str, int] = json.loads(
        (Path(settings.NPM_ROOT) / ICONS / "bootstrap-icons.json").read_text()
    )
    named = {*QUOTED.findall(text), *ICON_CLASS.findall(text)}
    return {name: known[name] for name in sorted(known.keys() & named)}


def icon_rules(icons: dict[str, int]) -> str:
    css = (Path(settings.NPM_ROOT) / ICONS / "bootstrap-icons.css").read_text()
    face = (
        '@font-face { font-family: "bootstrap-icons"; font-display: block; '
        f'src: url("../{ICON_FONT}") format("woff2"); }}'
    )
    unused = {f"bi-{name}" for name in ICON_RULE.findall(css) if name not in icons}
    return _narrowed(FONT_FACE.sub(face, css), unused)


def icon_font(icons: dict[str, int]) -> bytes:
    """A font of nothing but these characters; the same bytes every time."""
    options = subset.Options()
    options.flavor = "woff2"
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=icons.values())
    path = Path(settings.NPM_ROOT) / ICONS / "fonts" / "bootstrap-icons.woff2"
    with (
        subset.load_font(str(path), options) as font,
        NamedTemporaryFile(suffix=".woff2") as file,
    ):
        subsetter.subset(font)
        subset.save_font(font, file.name, options)
        return Path(file.name).read_bytes()


def _narrowed(css: str, unused: set[str]) -> str:
    """What is left without these classes; the words of the licence stay if they come first."""
    return process_stylesheet(
        css.removeprefix('@charset "UTF-8";'),
        unused_symbols=unused,
        browsers_list=settings.STYLE_BROWSERS,
    )


def _users() -> list[Path]:
    """Every file that may name a class: templates, scripts, our modules, crispy's."""
    crispy = Path(crispy_bootstrap5.__file__).parent
    base = Path(settings.BASE_DIR)
    packages = [
        entry.parent for entry in base.glob("*/__init__.py") if entry.parent.name != "tests"
    ]
    found = [
        *(base / "templates").rglob("*.*"),
        *(base / "static").rglob("*.js"),
        *(path for package in packages for path in package.rglob("*.py")),
        *crispy.rglob("*.html"),
        *crispy.rglob("*.py"),
    ]
    return sorted(path for path in found if path.is_file())


def _write(target: Path, content: bytes) -> None:
    if target.is_file() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # Put in place at once: another process may be reading it.
    with NamedTemporaryFile("wb", dir=target.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(target)
