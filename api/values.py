"""Answers as JSON, and as the schema that tells of them: one walk over the same dataclasses.

Points, shares and counts with decimals are text ("0.66"), so that no reader rounds them. Moments are
in UTC, days without a time.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

Schema = dict[str, Any]

PRIMITIVES: Mapping[type, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "string", "format": "decimal", "examples": ["0.66"]},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    UUID: {"type": "string", "format": "uuid"},
    type(None): {"type": "null"},
}


def written(answer: object) -> str:
    """The JSON of an answer: a dataclass, or a list of them."""
    return json.dumps(_plain(answer), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value if value is None or isinstance(value, bool | int) else _text(value)


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return str(int(value) if value == int(value) else value.normalize())
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def schema_of(kind: Any, known: dict[str, Schema]) -> Schema:
    """The JSON schema of a type; the dataclasses in it are written into `known` by name."""
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _reference(kind, known)
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(one, known) for one in inner]}
    if origin in (list, tuple):
        return {"type": "array", "items": schema_of(inner[0], known)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(inner[1], known)}
    if issubclass(kind, Enum):
        return {"type": "string", "enum": [str(one.value) for one in kind]}
    return dict(PRIMITIVES[kind])


def _reference(kind: Any, known: dict[str, Schema]) -> Schema:
    name = kind.__name__
    if name not in known:
        known[name] = {}  # one that holds itself ends here
        hints = get_type_hints(kind)
        known[name] = {
            "type": "object",
            "properties": {
                one.name: schema_of(hints[one.name], known)
                | ({"description": str(one.metadata["says"])} if "says" in one.metadata else {})
                for one in fields(kind)
            },
            "required": [one.name for one in fields(kind)],
        }
    return {"$ref": f"#/components/schemas/{name}"}
