"""The rules about templates, as tests over every file."""

import re
from pathlib import Path

import allauth
import pytest
from django.template.utils import get_app_template_dirs

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
ALLAUTH = Path(allauth.__file__).parent
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
PARTS = [name for name in NAMES if "components/" in name or "/_" in name]
# What one reads without scrolling sideways; a tag of Django cannot be broken, so it has to be short.
LONGEST_LINE = 140
PACKAGES = (
    "kla",
    "public",
    "actionsheets",
    "monitoring",
    "actionplan",
    "nomenclature",
    "api",
    "imports",
    "plans",
    "territories",
    "facilities",
    "childdata",
    "registers",
    "regulations",
    "meetings",
    "taskforce",
    "assessments",
    "clusters",
    "cities",
    "figures",
    "workbooks",
)

COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)
INCLUDE = re.compile(r"{%-?\s*include\s+(.*?)\s*%}", re.DOTALL)
NAMED = re.compile(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
# What an address in Python may leave open: f"errors/{status}.html"
OPEN_PART = re.compile(r"\\\{[^}]*\\\}")
IN_PYTHON = re.compile(r"[\"']([\w/{}.-]+\.html)[\"']")


def source(name: str) -> str:
    return COMMENT.sub("", (TEMPLATES / name).read_text())


def found(pattern: str, name: str) -> list[str]:
    return re.findall(pattern, source(name), re.IGNORECASE | re.DOTALL)


def python_names() -> set[str]:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return {name for path in files for name in IN_PYTHON.findall(path.read_text())}


def is_rendered(name: str, written: set[str]) -> bool:
    patterns = (OPEN_PART.sub("[^/]+", re.escape(entry)) for entry in written)
    return any(re.fullmatch(pattern, name) for pattern in patterns)


def is_an_override(name: str) -> bool:
    """An installed package has a template of this name, or allauth builds the name in its code."""
    if any((folder / name).is_file() for folder in map(Path, get_app_template_dirs("templates"))):
        return True
    stem = f"{name.removesuffix('.html')}."
    return any(stem in path.read_text() for path in (ALLAUTH / "account").rglob("*.py"))


def test_there_are_templates_to_test():
    assert {"base.html", "layouts/city.html", "components/ladder.html"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_include_hands_over_only_what_it_names(name):
    includes = INCLUDE.findall(source(name))

    assert [include for include in includes if include.split()[-1] != "only"] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_include_with_a_form_is_handed_the_token_of_forms(name):
    """What hands over only what it names leaves out what Django gives to every page."""
    includes = INCLUDE.findall(source(name))
    parts = [include.split()[0].strip('"') for include in includes if "csrf_token=" not in include]

    without = [part for part in parts if part in NAMES and "{% csrf_token %}" in source(part)]

    assert without == []


def test_every_line_can_be_read_without_scrolling_sideways():
    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]

    too_long = [
        f"{path.relative_to(TEMPLATES)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]

    assert too_long == []


def test_every_template_is_used():
    named = {entry for name in NAMES for entry in NAMED.findall(source(name))}
    written = python_names()

    unused = [
        name
        for name in NAMES
        if name not in named and not is_rendered(name, written) and not is_an_override(name)
    ]

    assert unused == []


def test_every_template_that_is_named_exists():
    named = {entry for name in NAMES for entry in NAMED.findall(source(name))}

    assert {entry for entry in named if not entry.startswith("admin/")} - set(NAMES) == set()


@pytest.mark.parametrize("name", PARTS)
def test_a_part_begins_by_saying_what_it_needs(name):
    text = (TEMPLATES / name).read_text()

    assert text.startswith("{% comment %}")
    assert "Needs:" in text.partition("{% endcomment %}")[0]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_styled_or_scripted_inside_the_page(name):
    """The content security policy would refuse it."""
    assert found(r"<style\b", name) == []
    assert found(r"\sstyle\s*=", name) == []
    assert found(r"<[a-z][^>]*\son[a-z]+\s*=", name) == []
    assert found(r"javascript:", name) == []
    assert [tag for tag in found(r"<script\b[^>]*>", name) if "src=" not in tag] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_asset_comes_from_this_site(name):
    assets = found(r"<(?:script|link|img|source|iframe)\b[^>]*>", name)

    assert [tag for tag in assets if re.search(r"=[\"']?(?:https?:)?//", tag)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_button_says_what_kind_it_is(name):
    """A button without a type sends the form that it happens to stand in."""
    assert [tag for tag in found(r"<button\b[^>]*>", name) if "type=" not in tag] == []
