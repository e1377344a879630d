"""The glossary of CONTRIBUTING.md, held against everything that people read."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
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
    "outbox",
    "jobs",
    "trail",
    "workbooks",
    "backups",
    "texts",
)
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
# Names in the page, not words on it: notifications of years ago lead to them.
ANCHOR = re.compile(r"#[\w-]+|\b(?:id|href|for|aria-[a-z]+by)=\"[^\"]*\"")
SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
# Headings under which a city's own sheet may name its points; they are read, never shown.
READ_ONLY = {("assessments/sheets.py", "skor")}


def glossary() -> list[tuple[str, str, str]]:
    """Word, meaning and what is not said, as the table has them."""
    section = (ROOT / "CONTRIBUTING.md").read_text().split("\n## Words\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:1] == "|"]
    return [(word, meaning, refused) for word, meaning, refused in rows[2:]]


def refused_words() -> list[str]:
    return [word for *_, words in glossary() if words != "–" for word in words.split(", ")]


def in_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            yield str(path.relative_to(ROOT)), ANCHOR.sub("", COMMENT.sub("", path.read_text()))


def in_scripts() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "static").rglob("*.js")):
        yield str(path.relative_to(ROOT)), SCRIPT_COMMENT.sub("", path.read_text())


def in_python() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                for text in strings(path.read_text()):
                    yield str(path.relative_to(ROOT)), ANCHOR.sub("", text)


def strings(code: str) -> list[str]:
    """Every string of a module that is not a docstring."""
    tree = ast.parse(code)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings
    ]


@cache
def everything_read() -> tuple[tuple[str, str], ...]:
    return (*in_templates(), *in_scripts(), *in_python())


def said(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


@pytest.mark.parametrize("word", refused_words())
def test_nobody_reads_a_word_that_the_glossary_replaces(word):
    found = {name for name, text in everything_read() if said(word, text)}

    assert sorted(found - exempt(word)) == []


def exempt(word: str) -> set[str]:
    return {name for name, allowed in READ_ONLY if allowed == word}


def test_every_word_has_a_meaning_and_stands_once():
    words = [word for word, *_ in glossary()]

    assert words == list(dict.fromkeys(words))
    assert [meaning for _word, meaning, _not in glossary() if not meaning] == []


def test_the_glossary_contradicts_itself_nowhere():
    words = " ".join(word for word, *_ in glossary())

    assert [word for word in refused_words() if said(word, words)] == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [(in_templates, "poin"), (in_scripts, "Muat ulang"), (in_python, "predikat")],
)
def test_what_is_read_is_found(kind, text):
    assert [name for name, read in kind() if text in read] != []


def test_an_anchor_is_no_word():
    assert ANCHOR.sub("", '<a id="percakapan" href="#percakapan">Diskusi</a>') == "<a  >Diskusi</a>"


def test_a_docstring_is_for_developers():
    code = '"""Satu."""\nx = "dua"\ndef f():\n    """Tiga."""\n    return f"empat {x}"\n'

    assert strings(code) == ["dua", "empat "]
