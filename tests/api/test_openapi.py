"""The description of the interface: true of every answer, and read by people and by programs."""

import importlib.util
import io
import json
from pathlib import Path
from urllib.error import HTTPError

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from api import urls
from api.openapi import document, operations
from assessments.models import Answer
from cities.roles import Role
from tests.api.test_access import FILES, READERS, READS, address
from tests.assessments.corpus import pdf

CLIENT = Path(__file__).parents[2] / "docs" / "api-client.py"


def described(method, route):
    path = document()["paths"]["/" + route.replace("<slug:", "{").replace(">", "}")]
    return path[method]


def validator(schema):
    return Draft202012Validator({**schema, "components": document()["components"]})


def test_every_endpoint_is_described_once():
    found = {(one.method, one.route) for one in operations()}

    assert found == {
        (method, str(one.pattern))
        for one in urls.endpoint_urls
        for method in one.callback.endpoints
    }
    names = [one["operationId"] for path in document()["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) == len(found)


def test_every_reference_leads_somewhere_and_every_schema_is_one():
    told = json.loads(json.dumps(document()))
    schemas = told["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    said = json.dumps(told)

    names = {part.partition('"')[0] for part in said.split("#/components/schemas/")[1:]}
    assert names == set(schemas)


@pytest.mark.parametrize("name", sorted(set(READS) - FILES))
def test_every_answer_is_as_described(world, name):
    who = "wilayah" if name.startswith("unit") else READERS.get(name, "gugus_tugas")
    [one] = [one for one in operations() if (one.name, one.method) == (name, "GET")]
    told = document()["paths"][one.path]["get"]["responses"]

    answer = world.ask(who, address(world, name)).json()
    refused = Client().get(address(world, name)).json()

    [content] = told["200"]["content"].values()
    assert [*validator(content["schema"]).iter_errors(answer)] == []
    [content] = told["default"]["content"].values()
    assert [*validator(content["schema"]).iter_errors(refused)] == []


def test_the_page_names_every_operation_with_its_roles(world):
    client = Client()
    assert client.get("/api/v1/openapi.json").json() == json.loads(json.dumps(document()))
    assert client.get("/api/").status_code == 302
    client.force_login(world.people["pimpinan"])

    page = client.get("/api/").content.decode()

    assert [one.path for one in operations() if one.path not in page] == []
    assert "http" not in page.replace("http://127.0.0.1:8000", "").replace(
        "http://www.w3.org/2000/svg", ""
    )
    [official] = [one for one in operations() if one.name == "official"]
    assert official.roles == [Role.ADMIN_KOTA, Role.GUGUS_TUGAS]


@pytest.fixture
def example(world, monkeypatch):
    """The client of docs/, which asks the site of the test in place of a server."""
    spec = importlib.util.spec_from_file_location("api_client", CLIENT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def answered(request, timeout):
        headers = {name.lower(): value for name, value in request.header_items()}
        media_type = headers.pop("content-type", "")
        path = request.full_url.removeprefix("https://kla.example.go.id")
        answer = Client().generic(
            request.get_method(), path, request.data or b"", media_type, headers=headers
        )
        if answer.status_code >= 400:
            body = io.BytesIO(answer.content)
            raise HTTPError(request.full_url, answer.status_code, "", answer.headers, body)
        found = io.BytesIO(answer.content)
        found.headers = answer.headers
        return found

    monkeypatch.setattr(module, "urlopen", answered)
    return module


def client_of(example, world, who):
    secret = world.key(who)["authorization"].partition(" ")[2]
    return example.Client("https://kla.example.go.id/", secret)


def test_the_example_reads_claims_and_hands_in(example, world, tmp_path):
    client, place = client_of(example, world, "opd_own"), world.assessment.city.slug
    file = tmp_path / "sk.pdf"
    file.write_bytes(pdf())
    kind = world.answer.question.evidence_kinds.first().code

    assert [one["code"] for one in client.questions(place, 2026)] == ["1.2"]
    assert client.claim(place, 2026, "1.2", "0.66", "SK ada")["question"]["note"] == "SK ada"
    assert client.document(place, 2026, "1.2", kind, file)["verdict"] == "waiting"
    assert str(Answer.objects.get(pk=world.answer.pk).claimed_points) == "0.660"


def test_the_example_tells_what_was_refused_and_waits_where_it_asked_too_often(
    example, world, settings, monkeypatch
):
    waited = []
    monkeypatch.setattr(example.time, "sleep", waited.append)
    client, place = client_of(example, world, "opd_own"), world.assessment.city.slug
    with pytest.raises(example.RefusedError) as refused:
        client.claim(place, 2026, "1.2", "99")
    assert (refused.value.status, refused.value.problem["code"]) == (422, "max_value")

    settings.KLA_API_RATE = 0
    with pytest.raises(example.RefusedError) as refused:
        [*client.questions(place, 2026)]
    assert (refused.value.status, len(waited)) == (429, 2)
