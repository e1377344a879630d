"""The rules about style sheets, as tests over every file."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import crispy_bootstrap5
import pytest

ROOT = Path(__file__).parent.parent
CSS = ROOT / "static" / "css"
# By name without ending, so that a part comes before what is named after it (bar, bar-table).
SHEETS = sorted(CSS.rglob("*.css"), key=lambda sheet: (sheet.parent, sheet.stem))
PARTS = [sheet for sheet in SHEETS if sheet.parent != CSS]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
PACKAGES = [entry.parent for entry in ROOT.glob("*/__init__.py") if entry.parent.name != "tests"]
PYTHON = [path for package in PACKAGES for path in package.rglob("*.py")]
CRISPY = sorted((Path(crispy_bootstrap5.__file__).parent / "templates").rglob("*.html"))

# What many components narrow comes before them, in this order; all others by their names.
BROAD = ["components/btn.css", "components/form.css", "components/table.css", "components/rows.css"]
LONGEST = 150  # lines

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
IMPORT = re.compile(r'@import "([^"]+)"')
SELECTORS = re.compile(r"([^{};]+)\{")
CLASS = re.compile(r"\.(-?[a-zA-Z][\w-]*)")
OF_ONE_CLASS = re.compile(r"[a-z]*\.([\w-]+)(?:\[[^\]]*\]|:[^ ]+)?")

TEMPLATE_COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)
TEMPLATE_TAG = re.compile(r"{%.*?%}", re.DOTALL)
TEMPLATE_VALUE = re.compile(r"{{.*?}}", re.DOTALL)
BODY_CLASS = re.compile(r"{% block body_class %}(.*?){%")
QUOTED = re.compile(r"([\"'`])([^\"'`]*?)\1")
COULD_BE_CLASSES = re.compile(r"[a-z0-9 _*-]+")
OPEN_ENDED = re.compile(r"[a-z][a-z-]*(?:__|-)[a-z-]*\*")
ATTRIBUTE = re.compile(r"\bclass=([\"'])(.*?)\1", re.DOTALL)


def names(sheets: list[Path]) -> list[str]:
    return [sheet.relative_to(CSS).as_posix() for sheet in sheets]


def selectors(sheet: Path) -> list[str]:
    lists = SELECTORS.findall(COMMENT.sub("", sheet.read_text()))
    return [one.strip() for line in lists if "@" not in line for one in line.split(",")]


def at_home(sheet: Path) -> set[str]:
    """The classes that a sheet styles by themselves, wherever they stand."""
    return {found[1] for one in selectors(sheet) if (found := OF_ONE_CLASS.fullmatch(one))}


def classes_of_templates() -> Iterator[str]:
    for path in (*TEMPLATES, *CRISPY):
        text = TEMPLATE_COMMENT.sub("", path.read_text())
        yield from BODY_CLASS.findall(text)
        yield from (words for tag in TEMPLATE_TAG.findall(text) for _, words in QUOTED.findall(tag))
        bare = TEMPLATE_VALUE.sub("*", TEMPLATE_TAG.sub(" ", text))
        yield from (words for _, words in ATTRIBUTE.findall(bare))


def classes_of_scripts() -> Iterator[str]:
    for path in SCRIPTS:
        for line in path.read_text().splitlines():
            yield from (words for _, words in QUOTED.findall(line))


def classes_of_python() -> Iterator[str]:
    """What stands in a class attribute, and texts that could be classes: `line line--strong`."""
    for path in PYTHON:
        for text in texts_of(ast.parse(path.read_text())):
            yield from (words for _, words in ATTRIBUTE.findall(text))
            if COULD_BE_CLASSES.fullmatch(text):
                yield text


def texts_of(tree: ast.AST) -> Iterator[str]:
    """Every text in the code, with * for each value that is put into it."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)):
                yield text.replace("{}", "*")
            case ast.JoinedStr(values=parts):
                yield "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in parts)


def used_classes() -> tuple[set[str], list[re.Pattern[str]]]:
    """The classes that are written out, and the patterns of those whose end is a value."""
    sources = (*classes_of_templates(), *classes_of_scripts(), *classes_of_python())
    words = {word for words in sources for word in words.split()}
    ends = [word for word in words if OPEN_ENDED.fullmatch(word)]
    return words, [re.compile(re.escape(word).replace(r"\*", r"[\w-]*")) for word in ends]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_block_that_opens_closes_before_the_next_heading(sheet):
    """A browser throws away all that follows an open block, and tells nobody."""
    unclosed = [
        part.strip().partition("\n")[0]
        for part in re.split(r"(?=/\* --- )", sheet.read_text())
        if (rules := COMMENT.sub("", part)).count("{") != rules.count("}")
    ]

    assert unclosed == []


def test_the_site_imports_every_part_once_in_the_order_of_names():
    components = [name for name in names(PARTS) if name.startswith("components/")]
    others = [name for name in components if name not in BROAD]
    pages = [name for name in names(PARTS) if name.startswith("pages/")]

    assert IMPORT.findall((CSS / "site.css").read_text()) == [
        *("tokens.css", "base.css", *BROAD, *others, *pages, "print.css")
    ]


@pytest.mark.parametrize("sheet", PARTS, ids=lambda sheet: sheet.stem)
def test_a_part_is_short_and_begins_by_saying_in_one_line_what_it_is_for(sheet):
    lines = sheet.read_text().splitlines()

    assert len(lines) <= LONGEST
    assert re.fullmatch(r"/\* [A-Z].*\. \*/", lines[0])


@pytest.mark.parametrize("sheet", PARTS, ids=lambda sheet: sheet.stem)
def test_what_a_part_says_it_is_for_exists(sheet):
    first = sheet.read_text().partition("\n")[0]
    there = {path.name for path in (*TEMPLATES, *SCRIPTS, *PYTHON)}

    assert set(re.findall(r"[\w-]+\.(?:html|js|py)", first)) - there == set()


@pytest.mark.parametrize(
    "sheet",
    [part for part in PARTS if part.parent.name == "components"],
    ids=lambda part: part.stem,
)
def test_a_component_is_named_as_its_classes(sheet):
    classes = CLASS.findall(" ".join(selectors(sheet)))

    assert [name for name in classes if name.startswith(sheet.stem)] != []


def test_every_class_is_at_home_in_one_sheet():
    homes = defaultdict(set)
    for sheet in (CSS / "base.css", *PARTS):
        for name in at_home(sheet):
            homes[name].add(sheet.stem)

    # A page of its own on a projector and on paper: what differs there stands apart.
    apart = {"leadership", "leadership-layouts"}
    assert {name: there for name, there in homes.items() if len(there - apart) > 1} == {}


def test_every_class_is_used():
    written, patterns = used_classes()

    unused = {
        f"{sheet.name}: {name}"
        for sheet in SHEETS
        for one in selectors(sheet)
        for name in CLASS.findall(one)
        if name not in written and not any(pattern.fullmatch(name) for pattern in patterns)
    }

    assert unused == set()


def test_only_the_sheets_beside_the_whole_name_files():
    """Joining leaves an address as it is written: from a folder below it would lead elsewhere."""
    assert [
        name for name, part in zip(names(PARTS), PARTS, strict=True) if "url(" in part.read_text()
    ] == []
