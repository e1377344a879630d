"""File names that are safe to store, to show and to put into a header."""

from __future__ import annotations

import unicodedata

from assessments.filetypes.kinds import ALL_EXTENSIONS
from texts.folding import composed

MAX_NAME = 120
MAX_EXTENSION = 10
NAMELESS = "dokumen"
ZERO_WIDTH_JOINER = "\u200d"  # glues emoji together; every other invisible character goes
# Control characters (Cc), marks that turn the reading direction (Cf), halves of characters
# (Cs) and line separators (Zl, Zp): they make a name look like another one.
UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def safe_name(name: str) -> str:
    """The last part of the name as plain visible text, at most 120 characters, never empty.

    The extension survives the cut. The result is for people to read: on disk a document
    has a random name.
    """
    base = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(character for character in composed(base) if _is_visible(character))
    tidy = " ".join(visible.split()).rstrip(". ")
    stem, dot, extension = tidy.rpartition(".")
    if dot and not stem.strip(". ") and extension.lower() in ALL_EXTENSIONS:
        return f"{NAMELESS}.{extension}"
    return _cut(tidy) if tidy else NAMELESS


def extension_of(name: str) -> str:
    """What follows the last dot, in lower case. A name such as `.htaccess` is all extension."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _is_visible(character: str) -> bool:
    return (
        character == ZERO_WIDTH_JOINER
        or character.isspace()  # line ends and tabs become plain spaces
        or unicodedata.category(character) not in UNSAFE_CATEGORIES
    )


def _cut(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > MAX_EXTENSION:
        return name[:MAX_NAME].rstrip(". ")
    return stem[: MAX_NAME - len(extension) - 1].rstrip(". ") + dot + extension
