"""What is done by the interface: by the services of the pages, once, and over nothing unseen."""

import hashlib
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from api.models import KeptAnswer
from api.services.kept import KEPT_FOR, forget
from assessments.choices import ScoreKind, Stage, TrailEvent
from assessments.models import Activity, Answer, Evidence, StageScore, SupportingDocument
from cities.models import CityActivity
from territories.models import Report
from tests.assessments.corpus import pdf
from tests.assessments.situations import claim, everything, later, secretary_of, set_stage
from tests.at_once import at_once
from tests.factories.api import key_of
from tests.factories.assessments import answer_of

PAPER = pdf()
CLAIM = {"claimed_points": "1.5", "note": "Sudah ada SK"}


def seen(world, who, path):
    return {"If-Match": world.ask(who, path)["ETag"]}


def question(world):
    return f"{world.year}questions/1.2/"


def put_claim(world, who="opd_own", data=CLAIM, **headers):
    headers = headers or seen(world, who, question(world))
    return world.ask(who, f"{question(world)}claim/", "put", data, **headers)


def test_a_claim_is_stored_as_from_its_page_and_the_trail_names_the_token(world):
    answer = put_claim(world)

    told = answer.json()["question"]
    assert (answer.status_code, told["claimed_points"], told["note"]) == (
        200,
        "1.5",
        "Sudah ada SK",
    )
    assert answer["ETag"] == world.ask("opd_own", question(world))["ETag"]
    stored = Answer.objects.get(pk=world.answer.pk)
    assert (stored.claimed_points, stored.claimed_by) == (Decimal("1.5"), world.people["opd_own"])
    entry = Activity.objects.filter(deed=TrailEvent.CLAIM_SAVED).get()
    token = world.people["opd_own"].api_tokens.get()
    assert entry.after["api_token"] == token.name
    assert entry.hash == entry.compute_hash()
    assert (entry.changes[-1].label, entry.changes[-1].after) == ("Token", token.name)
    assert entry.address == "127.0.0.1"


def test_from_a_page_no_token_is_named(world):
    claim(world.answer, "1", by=world.people["opd_own"])

    assert "api_token" not in Activity.objects.filter(deed=TrailEvent.CLAIM_SAVED).get().after


def test_a_claim_over_something_unseen_is_refused_and_changes_nothing(world):
    old = seen(world, "opd_own", question(world))
    claim(world.answer, "1", by=world.people["gugus_tugas"])
    before = everything()

    refused = put_claim(world, **old)
    unseen = world.ask("opd_own", f"{question(world)}claim/", "put", CLAIM)

    assert (refused.status_code, refused.json()["code"]) == (412, "changed")
    assert (unseen.status_code, unseen.json()["code"]) == (428, "if_match")
    assert everything() == before
    assert put_claim(world).status_code == 200


def test_a_weak_etag_and_a_star_are_taken(world):
    etag = seen(world, "opd_own", question(world))["If-Match"]

    assert put_claim(world, **{"If-Match": f'"anders", W/{etag}'}).status_code == 200
    assert put_claim(world, **{"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"claimed_points": "99"}, [("claimed_points", "max_value")]),
        ({"claimed_points": "-1"}, [("claimed_points", "min_value")]),
        ({"claimed_points": "satu"}, [("claimed_points", "invalid")]),
        ({"points": "1", "catatan": ""}, [("catatan", "unknown"), ("points", "unknown")]),
        ({"note": "a" * 4001}, [("note", "max_length")]),
    ],
)
def test_a_field_is_refused_with_the_code_and_sentence_of_the_form(world, data, errors):
    world.ask("opd_own", question(world))
    before = everything()
    answer = put_claim(world, data=data)

    told = answer.json()
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [(one["field"], one["code"]) for one in told["errors"]] == errors
    assert told["code"] == errors[0][1]
    assert all(one["detail"] for one in told["errors"])
    assert everything() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 415), ("[]", 400), ("{", 400), ('{"note": {}}', 400), ('{"note": NaN}', 400),
        ('{"note": [1]}', 400), ('{"note": "\\ud800"}', 400), ("1" * 5000, 400),
        ('{"note": "\\u0000"}', 422), ("[" * 100_000, 400),
    ],
)  # fmt: skip
def test_what_is_no_object_is_said(world, body, status):
    headers = world.key("opd_own") | {"If-Match": "*"}
    answer = Client().put(f"{question(world)}claim/", body, "application/json", headers=headers)

    assert answer.status_code == status


def test_another_media_type_is_refused(world):
    headers = world.key("opd_own")
    answer = Client().put(f"{question(world)}claim/", "note=a", "text/plain", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (415, "media_type")


def test_a_closed_year_says_so_as_its_page_does(world):
    set_stage(assessment_id=world.assessment.pk, stage=Stage.CLOSED, at=later())

    answer = put_claim(world)

    world.assessment.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (422, "closed")
    assert answer.json()["detail"] == world.assessment.standing_sentence


def test_a_token_that_reads_writes_nothing(world):
    world.keys["opd_own"] = key_of(world.people["opd_own"], scope="read")
    headers = seen(world, "opd_own", question(world))
    before = everything()

    answer = put_claim(world, **headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "scope")
    assert everything() == before


def test_the_same_request_twice_is_one_deed(world):
    path = f"{question(world)}comments/"
    headers = {"Idempotency-Key": "surat-17"}
    first = world.ask("opd_own", path, "post", {"text": "Mohon diperiksa"}, **headers)
    again = world.ask("opd_own", path, "post", {"text": "Mohon diperiksa"}, **headers)
    other = world.ask("opd_own", path, "post", {"text": "Lain"}, **headers)
    colleague = world.ask("pendamping", path, "post", {"text": "Mohon diperiksa"}, **headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again["Idempotency-Replayed"], "Idempotency-Replayed" in first) == ("true", False)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert colleague.status_code == 201
    listed = world.ask("opd_own", path).json()["items"]
    assert [one["text"] for one in listed] == ["Mohon diperiksa"] * 2
    assert listed[0] == first.json()


def test_a_refused_deed_gives_its_key_back(world):
    headers = {"Idempotency-Key": "k", "If-Match": '"lama"'}
    assert put_claim(world, **headers).status_code == 412
    assert not KeptAnswer.objects.exists()
    assert put_claim(world, **headers | {"If-Match": "*"}).status_code == 200
    assert put_claim(world, **{"Idempotency-Key": "a b", "If-Match": "*"}).status_code == 400


def test_a_kept_answer_is_forgotten_after_a_day(world):
    put_claim(world, **{"Idempotency-Key": "k", "If-Match": "*"})
    at = KeptAnswer.objects.get().at

    assert forget(at=at + KEPT_FOR - timedelta(seconds=1)) == 0
    assert forget(at=at + KEPT_FOR) == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_that_come_at_once_under_one_key_one_is_done(world):
    path, key = f"{question(world)}comments/", world.key("opd_own")
    headers = key | {"Idempotency-Key": "sekali"}

    def send():
        body = json.dumps({"text": "Sekali saja"})
        return Client().post(path, body, "application/json", headers=headers)

    answers = at_once(*[send] * 3)

    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    assert world.answer.comments.count() == 1


def test_a_verdict_is_given_once_and_never_on_ones_own(world):
    path = f"{world.year}offers/{world.evidence.pk}/verdict/"
    blank = world.ask("verifikator", path, "put", {"verdict": "returned"})
    given = world.ask("verifikator", path, "put", {"verdict": "accepted", "granted_points": "1"})
    second = world.ask("gugus_tugas", path, "put", {"verdict": "returned", "reason": "Buram"})

    assert [(one["field"]) for one in blank.json()["errors"]] == ["reason"]
    assert (given.status_code, given.json()["verdict"]) == (200, "accepted")
    assert (second.status_code, second.json()["code"]) == (409, "already_decided")
    assert Activity.objects.filter(deed=TrailEvent.ATTEMPT_OVERTAKEN).count() == 1
    assert Evidence.objects.get(pk=world.evidence.pk).verdict == "accepted"


def test_an_official_result_is_entered_over_what_was_seen(world):
    path, who = f"{question(world)}official/", "gugus_tugas"
    stage = Stage.ADMINISTRATIVE
    set_stage(assessment_id=world.assessment.pk, stage=stage, at=later())
    data = {"kind": "VA", "points": "1.25", "why": "BA nomor 3"}

    unseen = world.ask(who, path, "put", data)
    answer = world.ask(who, path, "put", data, **seen(world, who, question(world)))

    assert unseen.status_code == 428
    assert answer.json()["official"] == [{"kind": "VA", "points": "1.25"}]
    assert StageScore.objects.get().kind == ScoreKind.VA


def test_a_document_is_handed_in_with_one_request(world):
    path = f"{question(world)}documents/"
    kind = world.answer.question.evidence_kinds.first().code
    file = SimpleUploadedFile("sk-2026.pdf", PAPER, "application/pdf")
    form = {"file": file, "kind": kind, "number": "12/2026", "issued_on": "2026-01-31"}

    answer = Client().post(path, form, headers=world.key("opd_own"))
    twice = Client().post(path, form | {"file": file.open()}, headers=world.key("opd_own"))

    told = answer.json()["document"]
    stored = SupportingDocument.objects.get(pk=told["id"])
    assert (answer.status_code, told["number"], told["issued_on"]) == (201, "12/2026", "2026-01-31")
    assert told["file"]["sha256"] == hashlib.sha256(PAPER).hexdigest()
    assert stored.uploaded_by == world.people["opd_own"]
    assert stored.opd.code == "DISDIK"
    assert (twice.status_code, twice.json()["code"]) == (422, "already_offered")


def test_another_file_of_the_same_name_and_size_is_no_repetition(world):
    path = f"{question(world)}documents/"
    kind = world.answer.question.evidence_kinds.first().code
    headers = world.key("opd_own") | {"Idempotency-Key": "unggah-1"}
    other = PAPER[:-1] + b" "

    def send(content):
        file = SimpleUploadedFile("sk-2026.pdf", content, "application/pdf")
        return Client().post(path, {"file": file, "kind": kind}, headers=headers)

    first, again, changed = send(PAPER), send(PAPER), send(other)

    assert (first.status_code, again.content) == (201, first.content)
    assert (changed.status_code, changed.json()["code"]) == (422, "key_reused")


def test_a_document_that_is_none_is_refused_with_its_sentence(world):
    path, stored = f"{question(world)}documents/", SupportingDocument.objects.count()
    for form, code in (
        ({"file": SimpleUploadedFile("a.pdf", b"bukan pdf", "application/pdf")}, None),
        ({}, "required"),
        ({"berkas": "x"}, "unknown"),
    ):
        answer = Client().post(path, form, headers=world.key("opd_own"))
        assert answer.status_code == 422
        assert code is None or answer.json()["code"] == code
    assert SupportingDocument.objects.count() == stored


def test_a_file_comes_in_pieces_and_is_handed_in_by_its_name(world):
    content, path = PAPER, f"{question(world)}uploads/"
    key = world.key("opd_own") | {"Tus-Resumable": "1.0.0"}
    begun = Client().post(
        path,
        headers=key | {"Upload-Length": str(len(content)), "Upload-Metadata": "filename c2sucGRm"},
    )
    address = begun["Location"]
    assert (begun.status_code, address.startswith(path)) == (201, True)

    def piece(start, end):
        return Client().patch(
            address,
            content[start:end],
            "application/offset+octet-stream",
            headers=key | {"Upload-Offset": str(start)},
        )

    assert piece(0, 100).status_code == 204
    wrong = piece(50, 100)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "upload_409")
    assert Client().head(address, headers=key)["Upload-Offset"] == "100"
    assert (
        Client()
        .head(address, headers=world.key("gugus_tugas") | {"Tus-Resumable": "1.0.0"})
        .status_code
        == 404
    )
    assert piece(100, len(content)).status_code == 204
    upload = address.rstrip("/").rpartition("/")[2]
    kind = world.answer.question.evidence_kinds.first().code
    handed = world.ask(
        "opd_own", f"{question(world)}documents/", "post", {"upload": [upload], "kind": kind}
    )
    assert (handed.status_code, handed.json()["document"]["file"]["size"]) == (201, len(content))


def test_a_unit_reports_a_criterion_and_sends_it(world):
    code, year = world.report.unit.code, f"{world.year}units/{world.report.unit.code}/"
    told = world.ask("wilayah", year).json()
    free = next(one for one in told["reports"] if one["kind"] == "yes_no" and not one["state"])
    path = f"{year}reports/{free['criterion']}/"

    unseen = world.ask("wilayah", path, "put", {"yes": True})
    wrong = world.ask("wilayah", path, "put", {"part": -1}, **seen(world, "wilayah", year))
    kept = world.ask(
        "wilayah", path, "put", {"yes": False, "source": "Posyandu"}, **seen(world, "wilayah", year)
    )
    draft = next(o for o in kept.json()["reports"] if o["criterion"] == free["criterion"])
    assert (unseen.status_code, wrong.status_code) == (428, 422)
    assert (draft["state"], draft["latest"]["yes"], draft["source"]) == ("draft", False, "Posyandu")

    sent = world.ask("wilayah", f"{year}send/", "post", {})
    assert sent.status_code == 200
    assert Report.objects.get(criterion=free["criterion"]).state == "sent"
    entry = CityActivity.objects.filter(deed="reports_sent").get()
    assert entry.after["api_token"] == world.people["wilayah"].api_tokens.get().name
    again = world.ask("wilayah", f"{year}send/", "post", {})
    assert (again.status_code, again.json()["code"]) == (422, "nothing")
    assert world.ask("gugus_tugas", path, "put", {"yes": True}).status_code == 403
    missing = world.ask("wilayah", f"{year}reports/K99/", "put", {"yes": True})
    assert (missing.status_code, code in year) == (404, True)


def test_what_was_written_by_somebody_meanwhile_is_not_overwritten(world):
    answer = answer_of(world.assessment, "1.2")
    headers = seen(world, "gugus_tugas", question(world))
    claim(answer, "0.5", by=secretary_of(world.assessment), at=timezone.now())

    refused = put_claim(world, "gugus_tugas", **headers)

    assert refused.status_code == 412
    assert Answer.objects.get(pk=answer.pk).claimed_points == Decimal("0.5")
