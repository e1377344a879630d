"""What is read by the interface: the same as on pages, in pages of its own, with an ETag."""

import base64
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.choices import ScanState, Sensitivity
from assessments.services.review import return_evidence
from tests.assessments.situations import claim, later, reviewer_of, secretary_of
from tests.factories.api import key_of
from tests.factories.assessments import EvidenceFactory
from tests.factories.cities import MembershipFactory
from tests.factories.territories import ReportFactory


def codes(answer):
    return [one["code"] for one in answer.json()["items"]]


def test_a_year_tells_what_its_first_page_shows(world):
    claim(world.answer, "1.5", by=world.people["gugus_tugas"])

    told = world.ask("pimpinan", world.year).json()

    assert told["year"]["year"] == world.assessment.year
    assert told["claimed"] | {"to_next": None, "next_predikat": None} == {
        "points": "1.5",
        "predikat": told["claimed"]["predikat"],
        "answered": 1,
        "next_predikat": None,
        "to_next": None,
        "to_target": None,
    }
    assert told["states"]["waiting"] == 1
    assert sum(told["states"].values()) == told["questions"]
    assert [one["claimed"] for one in told["clusters"]].count("1.5") == 1


def test_a_question_tells_its_claim_its_documents_and_their_verdicts(world):
    claim(world.answer, "0.66", by=world.people["opd_own"], note="Sudah")
    returned = return_evidence(
        evidence_id=world.evidence.pk, reason="Belum ditandatangani",
        by=world.people["verifikator"], at=later(),
    )  # fmt: skip

    told = world.ask("opd_own", f"{world.year}questions/1.2/").json()

    question, [offer] = told["question"], told["offers"]
    assert (question["state"], question["claimed_points"], question["note"]) == (
        "returned", "0.66", "Sudah",
    )  # fmt: skip
    assert question["claimed_by"] == world.people["opd_own"].name
    assert next((one["opd"], one["is_lead"]) for one in question["assigned"]) == ("DISDIK", True)
    assert (offer["id"], offer["verdict"], offer["reason"]) == (
        returned.pk, "returned", "Belum ditandatangani",
    )  # fmt: skip
    assert offer["document"]["file"]["sha256"] == world.evidence.document.sha256
    listed = world.ask("opd_own", f"{world.year}questions/").json()["items"]
    assert question in listed


def test_an_opd_reads_its_own_questions_and_others_all(world):
    assert codes(world.ask("opd_own", f"{world.year}questions/")) == ["1.2"]
    assert len(codes(world.ask("pimpinan", f"{world.year}questions/"))) == 5


def test_pages_follow_their_cursor_and_nothing_is_told_twice(world):
    seen, address = [], f"{world.year}questions/?limit=2"
    for _page in range(3):
        answer = world.ask("pimpinan", address).json()
        seen += [one["code"] for one in answer["items"]]
        address = f"{world.year}questions/?limit=2&cursor={answer['next']}"

    assert answer["next"] is None
    assert seen == codes(world.ask("pimpinan", f"{world.year}questions/?limit=100"))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=²", "limit"),
        ("limit=-1", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"[1]").decode(), "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"true").decode(), "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"99999999999999999999").decode(), "cursor"),
    ],
)
def test_what_is_no_cursor_and_no_limit_is_said(world, query, code):
    answer = world.ask("pimpinan", f"{world.year}questions/?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_an_etag_stands_until_something_changes(world):
    address = f"{world.year}questions/1.2/"
    first = world.ask("pimpinan", address)
    same = world.ask("pimpinan", address, **{"If-None-Match": first["ETag"]})
    claim(world.answer, "1", by=world.people["gugus_tugas"])
    changed = world.ask("pimpinan", address, **{"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert changed["Cache-Control"] == "private, no-cache"


def test_of_a_closed_document_only_its_title_is_told(world):
    document = world.evidence.document
    for fields in (
        {"sensitivity": Sensitivity.values[0]},
        {"scan_state": ScanState.INFECTED},
    ):
        type(document).objects.filter(pk=document.pk).update(
            **{"sensitivity": "", "scan_state": "", "number": "12/2026"} | fields
        )
        told = world.ask("pimpinan", f"{world.city}documents/{document.pk}/").json()
        content = world.ask("pimpinan", f"{world.city}documents/{document.pk}/content/")

        assert (told["title"], told["is_openable"]) == (document.title, False)
        assert (told["file"], told["number"], told["link"]) == (None, None, None)
        assert (content.status_code, content.json()["code"]) == (403, "closed_document")
    offers = world.ask("pimpinan", f"{world.year}offers/").json()["items"]
    assert [one["document"] for one in offers] == [told]


def test_a_file_goes_out_as_on_its_page_and_a_damaged_one_does_not(world):
    document = world.evidence.document
    address = f"{world.city}documents/{document.pk}/content/"
    answer = world.ask("gugus_tugas", address)
    got = answer.getvalue() if answer.streaming else answer.content
    document.file.storage.delete(document.file.name)
    gone = world.ask("gugus_tugas", address)

    assert (answer.status_code, got.decode()) == (200, document.title)
    assert (gone.status_code, gone.json()["code"]) == (404, "damaged")


def test_units_tell_what_they_report_and_a_unit_only_its_own(world):
    report = world.report
    other = ReportFactory(sent=True, unit__city=world.assessment.city, year=report.year)

    told = world.ask("wilayah", f"{world.year}units/{report.unit.code}/").json()

    [entry] = [one for one in told["reports"] if one["criterion"] == report.criterion]
    assert (told["data_year"], entry["id"], entry["state"]) == (report.year, report.pk, "sent")
    assert entry["latest"]["yes"] == report.yes
    assert [one["code"] for one in world.ask("wilayah", f"{world.year}units/").json()] == [
        report.unit.code
    ]
    assert world.ask("wilayah", f"{world.year}units/{other.unit.code}/").status_code == 404
    assert other.unit.code in {
        one["code"] for one in world.ask("pimpinan", f"{world.year}units/").json()
    }


def test_who_asks_is_told_of_their_own_cities_only(world):
    MembershipFactory(user=world.people["pimpinan"], pimpinan=True)

    told = world.ask("pimpinan", "/api/v1/cities/").json()["items"]

    assert len(told) == 2
    assert told[0] | {"code": ""} == {
        "slug": world.assessment.city.slug,
        "code": "",
        "name": world.assessment.city.name,
        "role": "pimpinan",
        "opd": None,
    }
    assert world.ask("opd_own", "/api/v1/cities/").json()["items"][0]["opd"] == "Dinas DISDIK"
    years = world.ask("opd_own", f"{world.city}years/").json()["items"]
    assert [one["year"] for one in years] == [world.assessment.year]


def test_a_session_opens_nothing_here_and_no_token_opens_a_page(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["gugus_tugas"])

    for method in ("get", "post", "put", "delete"):
        answer = getattr(client, method)(f"{world.year}questions/")
        assert (answer.status_code, answer.json()["code"]) == (401, "token")
        assert answer["WWW-Authenticate"] == "Bearer"
    page = Client().get(f"/kota/{world.assessment.city.slug}/", headers=world.key("pimpinan"))
    assert page.status_code == 302


def test_a_method_that_an_address_does_not_have_is_named(world):
    answer = world.ask("pimpinan", f"{world.year}questions/", "delete")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    head = world.ask("pimpinan", f"{world.year}questions/", "head")
    assert (head.status_code, head.content) == (200, b"")


def test_beyond_the_rate_a_token_waits_and_others_do_not(world, settings, monkeypatch):
    settings.KLA_API_RATE = 2
    moment = timezone.now().replace(second=50, microsecond=0)
    monkeypatch.setattr("api.endpoints.timezone.now", lambda: moment)
    world.key("pimpinan"), world.key("pendamping")
    statuses = [world.ask("pimpinan", "/api/v1/cities/").status_code for _ in range(2)]
    refused = world.ask("pimpinan", "/api/v1/cities/")
    other = world.ask("pendamping", "/api/v1/cities/")
    moment += timedelta(seconds=20)

    assert statuses == [200, 200]
    assert (refused.status_code, refused.json()["code"]) == (429, "rate")
    assert refused["Retry-After"] in {str(60 - int(timezone.now().timestamp()) % 60), "10", "20"}
    assert other.status_code == 200
    assert world.ask("pimpinan", "/api/v1/cities/").status_code == 200


BUDGETS = {
    "/api/v1/cities/": 3,
    "{city}years/": 3,
    "{year}": 11,
    "{year}indicators/": 4,
    "{year}opds/": 6,
    "{year}questions/": 6,
    "{year}questions/1.2/": 9,
    "{year}questions/1.2/comments/": 7,
    "{year}offers/": 5,
    "{year}units/": 12,
    "{year}units/{unit}/": 8,
    "{city}documents/{document}/": 4,
}


@pytest.mark.parametrize("address", BUDGETS)
def test_every_answer_takes_a_fixed_number_of_queries(world, address):
    path = address.format(
        city=world.city,
        year=world.year,
        unit=world.report.unit.code,
        document=world.evidence.document_id,
    )
    key = key_of(world.people["gugus_tugas"], last_used_at=timezone.now())

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path, headers=key).status_code == 200
        return len(seen)

    queries()  # the bands of the published instrument are read once in a process
    few = queries()
    EvidenceFactory.create_batch(3, answer=world.answer)
    ReportFactory.create_batch(
        3, sent=True, unit__city=world.assessment.city, year=world.report.year
    )
    reviewer_of(world.assessment), secretary_of(world.assessment)

    assert queries() == few <= BUDGETS[address]
