"""The description of the interface, OpenAPI 3.1, made of the very endpoints that answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _

from api.answers.webhooks import WebhookMessage
from api.bearer import ROOT
from api.choices import WebhookEvent
from api.endpoints import Endpoint
from api.paging import MOST, USUAL
from api.problems import MEDIA_TYPE
from api.values import Schema, schema_of
from cities.roles import GRANTS, Role

VERSION = "1"
PART = re.compile(r"<(\w+):(\w+)>")
KINDS: Mapping[str, Schema] = {
    "int": {"type": "integer", "minimum": 0},
    "uuid": {"type": "string", "format": "uuid"},
    "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
    "question": {"type": "string", "pattern": "^[^/\\u0000]+$"},
}
PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["field", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint at its address, which begins below `/api/v1`."""

    name: str
    method: str
    route: str
    endpoint: Endpoint

    @property
    def path(self) -> str:
        return "/" + PART.sub(r"{\2}", self.route)

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Name and converter of each part of the address."""
        return [(name, kind) for kind, name in PART.findall(self.route)]

    @property
    def roles(self) -> list[Role]:
        """Whose role has the permission; everybody where none is asked."""
        asked = self.endpoint.permission
        return [role for role in Role if asked is None or asked in GRANTS[role]]

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD")


@cache
def operations() -> tuple[Operation, ...]:
    """Everything that can be done, in the order of the addresses."""
    return tuple(_below(get_resolver("api.urls")))


def _below(resolver: URLResolver) -> Iterator[Operation]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver) and str(entry.pattern) == ROOT.removeprefix("/"):
            for pattern in entry.url_patterns:
                if isinstance(pattern, URLPattern):
                    for method, one in pattern.callback.endpoints.items():  # type: ignore[attr-defined]
                        yield Operation(pattern.name or "", method, str(pattern.pattern), one)


def document() -> dict[str, Any]:
    """The whole description, as plain values for JSON."""
    schemas: dict[str, Schema] = {"Problem": PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for one in operations():
        paths.setdefault(one.path, {})[one.method.lower()] = _described(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("KLA – antarmuka bagi sistem lain"),
            "version": VERSION,
            "description": _(
                "Membaca dan menulis penilaian Kota Layak Anak dengan token, sebatas peran akunnya."
            ),
        },
        "servers": [{"url": ROOT.removesuffix("/")}],
        "security": [{"token": []}],
        "paths": paths,
        "webhooks": _webhooks(schemas),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
        },
    }


def _webhooks(schemas: dict[str, Schema]) -> dict[str, Any]:
    """What other systems of a city are sent, by `type`; they answer with any status of 2xx."""
    message = schema_of(WebhookMessage, schemas)
    text = {"type": "string"}
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = [{"name": one, "in": "header", "required": True, "schema": text} for one in names]
    return {
        str(event.value): {
            "post": {
                "operationId": f"webhook_{event.value.replace('.', '_')}",
                "summary": str(event.label),
                "security": [],
                "parameters": headers,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": message}},
                },
                "responses": {"2XX": {"description": _("Diterima; tidak dikirim lagi")}},
            }
        }
        for event in WebhookEvent
    }


def _described(one: Operation, schemas: dict[str, Schema]) -> dict[str, Any]:
    endpoint = one.endpoint
    told: dict[str, Any] = {
        "operationId": f"{one.method.lower()}_{one.name}",
        "summary": str(endpoint.summary),
        "parameters": [*_parameters(one)],
        "responses": {
            str(endpoint.status): _answer(endpoint, schemas),
            "default": {
                "description": _("Ditolak, dengan kode dan kalimatnya"),
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if endpoint.takes is not None:
        told["requestBody"] = {"required": True, "content": _body(endpoint, schemas)}
    elif endpoint.is_raw:
        piece: dict[str, Schema] = {"application/offset+octet-stream": {"schema": {}}}
        told["requestBody"] = {"required": True, "content": piece}
    return told


def _parameters(one: Operation) -> Iterator[dict[str, Any]]:
    for name, kind in one.parts:
        yield {"name": name, "in": "path", "required": True, "schema": dict(KINDS[kind])}
    if one.endpoint.is_page:
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        yield {"name": "limit", "in": "query", "schema": limit}
        yield {"name": "cursor", "in": "query", "schema": {"type": "string"}}
    text: Schema = {"type": "string"}
    for asked in one.endpoint.asks:
        schema = {"type": "array", "items": text} if asked.is_many else text
        told = {"name": asked.name, "in": "query", "schema": schema}
        yield told | {"description": str(asked.says)}
    if one.endpoint.is_locked:
        yield {"name": "If-Match", "in": "header", "required": True, "schema": text}
    if one.endpoint.takes is not None:
        pattern = {"type": "string", "pattern": "^[!-~]{1,200}$"}
        yield {"name": "Idempotency-Key", "in": "header", "schema": pattern}
    for name in one.endpoint.headers:
        yield {"name": name, "in": "header", "required": True, "schema": text}


def _answer(endpoint: Endpoint, schemas: dict[str, Schema]) -> dict[str, Any]:
    told: dict[str, Any] = {"description": _("Berhasil")}
    if endpoint.returns is None:
        if endpoint.status == 200:
            told["content"] = {endpoint.media_type: {"schema": {}}}
        return told
    schema = schema_of(endpoint.returns, schemas)
    if endpoint.is_page:
        schema = {
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": schema},
                "next": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            },
            "required": ["items", "next"],
        }
    elif endpoint.is_list:
        schema = {"type": "array", "items": schema}
    told["content"] = {endpoint.media_type: {"schema": schema}}
    return told


def _body(endpoint: Endpoint, schemas: dict[str, Schema]) -> dict[str, Any]:
    """A missing field is empty, so none is required; a strange one is refused."""
    reference = schema_of(endpoint.takes, schemas)
    schema = schemas[reference["$ref"].rpartition("/")[2]]
    schema.pop("required", None)
    schema["additionalProperties"] = False
    content: dict[str, Any] = {"application/json": {"schema": reference}}
    if endpoint.has_file:
        file = {"type": "object", "properties": {"file": {}}, "required": ["file"]}
        fields = {name: one for name, one in schema["properties"].items() if name != "upload"}
        file["properties"] = {"file": {}, **fields}
        content["multipart/form-data"] = {"schema": file}
    return content
