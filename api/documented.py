"""The description of the interface as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from api.openapi import Operation, document, operations
from cities.roles import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation: its address, who may do it, what it takes and gives by name."""

    anchor: str
    address: str  # with its method
    summary: str | Promise
    roles: str
    takes: str
    gives: str
    asks: list[tuple[str, str]]  # what may stand behind the `?`, in words
    is_page: bool
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of an object, each with its type in a few words."""

    name: str
    fields: list[tuple[str, str]]


def entries() -> list[Entry]:
    return [_entry(one) for one in operations()]


def shapes() -> list[Shape]:
    schemas = document()["components"]["schemas"]
    return [
        Shape(name, [(field, _words(one)) for field, one in schema.get("properties", {}).items()])
        for name, schema in sorted(schemas.items())
        if schema.get("properties")
    ]


def _entry(one: Operation) -> Entry:
    endpoint = one.endpoint
    everybody = len(one.roles) == len(Role)
    return Entry(
        anchor=f"{one.method.lower()}-{one.name}",
        address=f"{one.method} {one.path}",
        summary=endpoint.summary,
        roles=_("semua") if everybody else ", ".join(str(role.label) for role in one.roles),
        takes=endpoint.takes.__name__ if endpoint.takes else "",
        gives=endpoint.returns.__name__ if endpoint.returns else "",
        asks=[(one.name, str(one.says)) for one in endpoint.asks],
        is_page=endpoint.is_page,
        is_locked=endpoint.is_locked,
    )


def _words(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return _(" atau ").join(_words(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return _("daftar %s") % _words(schema["items"])
    if "enum" in schema:
        return " | ".join(schema["enum"])
    kinds = {
        "string": _("teks"),
        "integer": _("bilangan bulat"),
        "boolean": "true | false",
        "null": "null",
        "object": _("objek"),
        "decimal": _("teks berisi angka"),
        "date": _("tanggal"),
        "date-time": _("waktu UTC"),
        "uuid": "UUID",
    }
    return kinds.get(schema.get("format", ""), kinds.get(schema.get("type", ""), "–"))
