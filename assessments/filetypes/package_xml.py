"""The two XML parts of an office package: content types and relationships.

Read with expat and no tree: a document type declaration, the door to entity bombs and to
foreign files, ends the reading at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from xml.parsers import expat

OnElement = Callable[[str, dict[str, str]], None]


class UnreadableError(Exception):
    """Not well-formed, or more than these languages need."""


class Relationship(NamedTuple):
    """A link from one part to another, or to somewhere outside the document."""

    kind: str
    target: str
    is_external: bool


def content_types(xml: bytes) -> dict[str, str]:
    """The media type of each part that is declared by name, and of each extension."""
    types: dict[str, str] = {}

    def on_element(tag: str, attributes: dict[str, str]) -> None:
        if tag in {"Override", "Default"}:
            key = attributes.get("PartName") or "*." + attributes.get("Extension", "")
            types[key] = attributes.get("ContentType", "")

    _read(xml, on_element)
    return types


def relationships(xml: bytes) -> list[Relationship]:
    found: list[Relationship] = []

    def on_element(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            found.append(
                Relationship(
                    attributes.get("Type", "").rpartition("/")[2],
                    attributes.get("Target", ""),
                    attributes.get("TargetMode", "").lower() == "external",
                )
            )

    _read(xml, on_element)
    return found


def _read(xml: bytes, on_element: OnElement) -> None:
    def on_namespaced(tag: str, attributes: dict[str, str]) -> None:
        on_element(tag.rpartition(" ")[2], attributes)

    def on_doctype(*_declaration: object) -> None:
        raise UnreadableError

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = on_namespaced
    parser.StartDoctypeDeclHandler = on_doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise UnreadableError from error
