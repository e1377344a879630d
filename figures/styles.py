"""What our style sheets say of drawings, for pictures and paper, where no browser reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

PLOTS = ("tone", "chart-patterns", "bar", "crowd", "fall", "ladder", "line-plot", "marker", "radar")
SHEETS = (*(f"css/components/{name}.css" for name in PLOTS), "css/pictures.css")
TOKENS = "css/tokens.css"

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
MEDIA = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
TOKEN = re.compile(r"(--[\w-]+):\s*([^;]+);")
USED_TOKEN = re.compile(r"var\((--[\w-]+)\)")
CLASSES = re.compile(r"(?:\.[\w-]+)+")


@cache
def stylesheet() -> str:
    """The rules of our plots without those for other widths, each token as its value."""
    return "".join(f"{selector}{{{body}}}" for selector, body in _rules())


@cache
def tokens() -> Mapping[str, str]:
    """The values of the design by name: `--ink` is `#17282a`."""
    return dict(TOKEN.findall(_source(TOKENS)))


@cache
def declared(style: str) -> Mapping[str, str]:
    """What the sheets declare for a shape of these classes, the later rule over the earlier.

    Rules that ask for more than classes of the shape itself, such as where it stands, do not count.
    """
    classes = set(style.split())
    found: dict[str, str] = {}
    for selector, body in _rules():
        for one in selector.split(","):
            asked = one.strip()
            if CLASSES.fullmatch(asked) and set(asked[1:].split(".")) <= classes:
                for declaration in filter(str.strip, body.split(";")):
                    name, _colon, value = declaration.partition(":")
                    found[name.strip()] = value.strip()
    return found


def _rules() -> Iterator[tuple[str, str]]:
    known = tokens()
    for sheet in SHEETS:
        for selector, body in RULE.findall(MEDIA.sub("", _source(sheet))):
            valued = USED_TOKEN.sub(lambda name: known[name[1]], " ".join(body.split()))
            yield selector.strip(), valued


def _source(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return COMMENT.sub("", Path(path).read_text())
