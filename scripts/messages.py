"""Bring the English catalogue up to the words of the code: `python scripts/messages.py`.

New words come in empty, for a person to translate; words that stand nowhere any more leave. It
needs Babel alone, no gettext of the system, so that the tests ask the same questions anywhere.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
OUTSIDE = {"tests", "benchmarks", "scripts", "node_modules", "static", "templates", "docs", "var"}
# What the code calls, and which of its arguments are words and their context.
CALLS = {"_": "one", "_lazy": "one", "gettext": "one", "gettext_lazy": "one", "gettext_noop": "one"}
CALLS |= {"ngettext": "one many", "ngettext_lazy": "one many", "npgettext": "context one many"}
CALLS |= {"pgettext": "context one", "pgettext_lazy": "context one"}
# A call in what is left of a template, which is no Python between its calls.
IN_TEMPLATE = re.compile(r"\b(?:_|n?p?gettext)\((?=u?['\"])")
IN_SCRIPT = re.compile(r'\b_\((?=")')
HEADER = """\
# The English words of KLA; Indonesian is the source. Brought up to the code by scripts/messages.py,
# translated by hand. The words used are those of CONTRIBUTING.md."""

MADE = datetime(2026, 11, 30, tzinfo=UTC)

Key = tuple[str | None, str, str | None]  # context, the words, the words of many


def words() -> dict[Key, set[str]]:
    """Every word that the code asks for, and in which files."""
    found: dict[Key, set[str]] = {}
    for path, calls in _calls():
        for call in calls:
            names = CALLS[_name(call)].split()
            said = {
                name: argument.value
                for name, argument in zip(names, call.args, strict=False)
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            }
            if said.get("one"):
                key = (said.get("context"), said["one"], said.get("many"))
                found.setdefault(key, set()).add(str(path.relative_to(ROOT)))
    return found


def _calls() -> Iterator[tuple[Path, Iterator[ast.Call]]]:
    for package in sorted(ROOT.glob("[a-z]*/")):
        for path in sorted(package.rglob("*.py")) if package.name not in OUTSIDE else ():
            if "migrations" not in path.parts:
                yield path, _of_tree(ast.parse(path.read_text()))
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield path, _of_text(templatize(path.read_text(), origin=str(path)), IN_TEMPLATE)
    for path in sorted((ROOT / "static" / "js").glob("*.js")):
        yield path, _of_text(path.read_text(), IN_SCRIPT)


def _of_tree(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) in CALLS)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _of_text(text: str, begin: re.Pattern[str]) -> Iterator[ast.Call]:
    """The calls in a text that is not Python between them: up to the bracket with which each reads."""
    for match in begin.finditer(text):
        end = match.end()
        while (end := text.find(")", end) + 1) > 0:
            try:
                tree = ast.parse(text[match.start() : end].replace("\n", " "), mode="eval")
            except SyntaxError:
                continue
            yield from _of_tree(tree)
            break


def catalogue() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def key_of(message: Message) -> Key:
    one, many = message.id if isinstance(message.id, tuple) else (message.id, None)
    return (message.context, str(one), many)


def main() -> None:
    before = {key_of(message): message for message in catalogue() if message.id}
    wanted = words()
    after = Catalog(locale="en", project="KLA", fuzzy=False, header_comment=HEADER)
    after.creation_date = after.revision_date = MADE  # or every run would change the file
    for key in sorted(wanted, key=lambda key: (min(wanted[key]), key[1], str(key))):
        context, one, many = key
        after.add(
            (one, many) if many else one,
            before[key].string if key in before else "",
            # By file only: a line that moves changes no word.
            locations=[(file, None) for file in sorted(wanted[key])],
            context=context,
        )
    with ENGLISH.open("wb") as file:
        write_po(file, after, width=100)
    empty = sum(not all(said(message)) for message in after if message.id)
    print(f"{len(after)} words, {empty} without English, {len(before.keys() - wanted.keys())} left")


def said(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


if __name__ == "__main__":
    main()
