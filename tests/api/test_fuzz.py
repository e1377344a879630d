"""Whatever is sent that fits the description, or nearly: an answer, and never a fault of ours.

Bounded: so many requests in all, spread over the operations. What is sent keeps to the schema, or
breaks it in one place.
"""

import json
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from api.openapi import document, operations
from tests.api.test_access import parts_of, subject_of
from tests.assessments.situations import everything

EXAMPLES = 40  # requests of each person
DESCRIPTION = json.loads(json.dumps(document()))
TEXT = st.text(max_size=30)
STRANGE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.lists(TEXT, max_size=2),
    st.dictionaries(TEXT, TEXT, max_size=2),
    st.sampled_from(["", "\u0000", "1e400", "NaN", "9" * 400, "-0", "2026-02-30", "📄" * 9]),
)  # fmt: skip


def of_schema(schema):
    """Values that fit a schema of ours."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return of_schema(DESCRIPTION["components"]["schemas"][name])
    if "anyOf" in schema:
        return st.one_of(*map(of_schema, schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("type") == "object":
        fields = {name: of_schema(one) for name, one in schema.get("properties", {}).items()}
        return st.fixed_dictionaries({}, optional=fields)
    if schema.get("type") == "array":
        return st.lists(of_schema(schema["items"]), max_size=2)
    leaves = {
        "integer": st.integers(-3, 2**70),
        "boolean": st.booleans(),
        "null": st.none(),
        "decimal": st.decimals(0, 3, places=2).map(str),
        "date": st.dates().map(str),
        "uuid": st.uuids().map(str),
    }
    return leaves.get(schema.get("format"), leaves.get(schema.get("type"), TEXT))


@st.composite
def requests(draw):
    """An operation with parts that are there or not, a query, headers and a body."""
    one = draw(st.sampled_from(operations()))
    strange = {
        name: draw({"int": st.integers(0, 2**70), "uuid": st.uuids()}.get(kind, TEXT))
        for name, kind in one.parts
        if draw(st.integers(0, 5)) == 0
    }
    query = draw(st.dictionaries(st.sampled_from(["limit", "cursor", "q"]), TEXT, max_size=2))
    headers = {"If-Match": draw(st.sampled_from(["*", '"x"', "W/", "x,y"]))}
    if draw(st.booleans()):
        headers["Idempotency-Key"] = draw(st.sampled_from(["a", "b", "a b", "é", "x" * 201]))
    headers |= {name: draw(st.sampled_from(["1.0.0", "9", "-1"])) for name in one.endpoint.headers}
    body = None
    if one.endpoint.takes is not None:
        schema = {"$ref": f"#/components/schemas/{one.endpoint.takes.__name__}"}
        body = draw(of_schema(schema))
        if draw(st.booleans()):
            name = draw(st.sampled_from([*schema_fields(one), "lain"]))
            body = body | {name: draw(STRANGE)}
    return one, strange, query, headers, body


def schema_fields(one):
    schema = DESCRIPTION["components"]["schemas"][one.endpoint.takes.__name__]
    return schema.get("properties", {})


def path_of(world, one, strange):
    parts = parts_of(world) | {"pk": subject_of(world, one.name)} | strange
    path = one.path
    for name, _kind in one.parts:
        path = path.replace(f"{{{name}}}", quote(str(parts[name]), safe="") or "-")
    return f"/api/v1{path}"


@pytest.mark.parametrize("who", ["gugus_tugas", "wilayah"])
def test_no_request_makes_the_server_fail(world, settings_of_fuzz, who):
    key = world.key(who)

    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(requests())
    def ask(request):
        one, strange, query, headers, body = request
        answer = Client(raise_request_exception=False).generic(
            one.method,
            path_of(world, one, strange),
            "" if body is None else json.dumps(body),
            "application/json",
            query_params=query,
            headers=key | headers,
        )
        if answer.streaming:
            answer.getvalue()  # a file is closed once it was read
        assert answer.status_code < 500, (one.method, one.path, strange, query, headers, body)
        if answer.status_code >= 400 and answer.content:
            told = json.loads(answer.content)
            problem = Draft202012Validator(DESCRIPTION["components"]["schemas"]["Problem"])
            assert [*problem.iter_errors(told)] == []

    ask()


@pytest.fixture
def settings_of_fuzz(settings):
    settings.KLA_API_RATE = 10_000
    return settings


def test_who_may_only_read_changes_nothing_whatever_is_sent(world, settings_of_fuzz):
    key = world.key("pimpinan")
    Client().get(reverse("api:cities"), headers=key)
    before = everything()

    @settings(max_examples=30, database=None, derandomize=True, phases=[Phase.generate])
    @given(requests())
    def ask(request):
        one, strange, _query, headers, body = request
        answer = Client(raise_request_exception=False).generic(
            one.method,
            path_of(world, one, strange),
            json.dumps(body or {}),
            "application/json",
            headers=key | headers,
        )
        if answer.streaming:
            answer.getvalue()

    ask()
    assert everything() == before
