"""One regulation by the interface: what others do to it, its text, and which topics of a year are
covered, each as its pages show it to the same person."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.choices import ScanState, Sensitivity
from assessments.models import SupportingDocument
from regulations.choices import RegulationKind, RelationKind
from tests.api.conftest import shown
from tests.assessments.situations import staff_of, working_year
from tests.factories.api import key_of
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory
from tests.factories.clusters import small_spec
from tests.factories.regulations import CoverageFactory, RegulationFactory, RelationFactory

TODAY = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)


def regulation(world, who="pimpinan", one=None):
    return world.ask(who, path(world, one)).json()


def path(world, one=None, rest=""):
    return f"{world.city}regulations/{(one or world.regulation).pk}/{rest}"


def numbered(world, number, *, year=2020, **facts):
    """A document of the city with this number, offered for the question of the world."""
    number = f"{number} Tahun {year}"
    evidence = EvidenceFactory(answer=world.answer, document__number=number, **facts)
    return evidence.document


# --- One regulation ---------------------------------------------------------------------------


def test_a_regulation_tells_what_others_do_to_it_and_its_text(world):
    city, own = world.assessment.city, world.regulation
    older = RegulationFactory(city=city, year=2010)
    newer = RegulationFactory(city=city, kind=RegulationKind.PERKADA, year=2024)
    RelationFactory(source=own, target=older)
    RelationFactory(source=newer, target=own, kind=RelationKind.AMENDS)
    RelationFactory(source=newer, target=older, kind=RelationKind.AMENDS)

    told = regulation(world)

    listed = world.ask("pimpinan", f"{world.city}regulations/").json()["items"][0]
    document = world.ask("pimpinan", f"{world.city}documents/{own.document_id}/").json()
    assert listed["text"] == document["id"]
    assert told == {
        "regulation": listed,
        "relations_to_it": [{"kind": "amends", "regulation": newer.pk}],
        "is_text_hidden": False,
        "text": document,
        "suggested": [],
    }
    assert listed["relations"] == [{"kind": "revokes", "regulation": older.pk}]


def test_whoever_does_not_see_the_document_is_told_that_there_is_a_text_and_no_more(world):
    told = regulation(world, "opd_other")

    assert (told["is_text_hidden"], told["text"], told["suggested"]) == (True, None, [])
    assert told["regulation"]["text"] is None
    assert world.evidence.document.title not in str(told)
    assert world.ask("opd_other", path(world, rest="text/")).status_code == 404


def test_without_a_text_the_documents_that_carry_its_number_are_named(world):
    rule = RegulationFactory(city=world.assessment.city, number="9")
    carrying = numbered(world, "9", document__sensitivity=Sensitivity.CHILD)
    numbered(world, "19")
    theirs = working_year(spec=small_spec(code="lain-2026"))
    EvidenceFactory(answer=answer_of(theirs, "1.2"), document__number="9 Tahun 2020")

    told = {who: regulation(world, who, rule) for who in ("gugus_tugas", "pimpinan", "opd_other")}

    assert {who: (one["text"], one["is_text_hidden"]) for who, one in told.items()} == {
        "gugus_tugas": (None, False), "pimpinan": (None, False), "opd_other": (None, False),
    }  # fmt: skip
    assert {
        who: [(row["id"], row["is_openable"], row["number"]) for row in one["suggested"]]
        for who, one in told.items()
    } == {
        "gugus_tugas": [(str(carrying.pk), True, "9 Tahun 2020")],
        "pimpinan": [(str(carrying.pk), False, None)],
        "opd_other": [],
    }
    assert world.ask("gugus_tugas", path(world, rule, "text/")).status_code == 404


# --- Its text ---------------------------------------------------------------------------------


def test_the_text_is_what_the_page_hands_to_the_same_person(world, client):
    document = shown(world.evidence.document)

    told = {}
    for who in ("pimpinan", "gugus_tugas", "opd_own"):
        client.force_login(world.people[who])
        told[who] = world.ask(who, path(world, rest="text/")).getvalue()
        assert client.get(document.get_absolute_url()).getvalue() == told[who]

    with document.file.open() as original:
        assert told == {
            "pimpinan": b"pratinjau",
            "gugus_tugas": original.read(),
            "opd_own": told["gugus_tugas"],
        }


@pytest.mark.parametrize(
    "facts", [{"scan_state": ScanState.INFECTED}, {"sensitivity": Sensitivity.CHILD}]
)
def test_a_text_that_a_page_keeps_closed_is_closed_here_and_says_so(world, facts):
    SupportingDocument.objects.filter(pk=shown(world.evidence.document).pk).update(**facts)

    answer = world.ask("pimpinan", path(world, rest="text/"))

    assert (answer.status_code, answer.json()["code"]) == (403, "closed_document")
    told = regulation(world)["text"]
    assert (told["is_openable"], told["number"], told["file"]) == (False, None, None)


# --- Topics of a year -------------------------------------------------------------------------


@pytest.fixture
def year(db):
    """Of an instrument that asks in 1.1 for a regulation; its other questions are no topics."""
    return working_year(spec=small_spec("kla-2023"))


def topics(year, member):
    headers = key_of(member.user, last_used_at=timezone.now())
    address = f"/api/v1/cities/{year.city.slug}/years/{year.year}/regulations/"
    return Client().get(address, headers=headers).json()


def about(year, **facts):
    rule = RegulationFactory(city=year.city, **facts)
    CoverageFactory(regulation=rule, question=answer_of(year, "1.1").question)
    return rule


def test_a_topic_tells_its_strongest_regulation_and_the_others_about_it(year):
    answer = answer_of(year, "1.1")
    weaker = about(year, kind=RegulationKind.PERKADA)
    strongest = about(year)
    draft = about(year, number="", is_draft=True, promulgated_on=None)
    elsewhere = RegulationFactory(city=MembershipFactory(pimpinan=True).city)
    CoverageFactory(regulation=elsewhere, question=answer.question)

    [told] = topics(year, MembershipFactory(city=year.city, pimpinan=True))

    [lead] = answer.assignments.filter(is_lead=True)
    others = told.pop("others")
    assert told == {
        "question": "1.1",
        "text": answer.question.text,
        "asks_regulation": True,
        "strongest": strongest.pk,
        "to_prove": format(answer.question.max_points.normalize(), "f"),
        "lead": lead.opd.code,
        "beside": [],
    }
    assert {one["regulation"]: one["state"] for one in others} == {
        weaker.pk: "in_force", draft.pk: "draft",
    }  # fmt: skip


def test_a_topic_without_a_rule_in_force_has_no_strongest(year):
    draft = about(year, number="", is_draft=True, promulgated_on=None)

    [told] = topics(year, MembershipFactory(city=year.city, verifikator=True))

    assert told["strongest"] is None
    assert told["others"] == [{"regulation": draft.pk, "state": "draft"}]


def test_an_opd_reads_the_topics_that_are_with_it(year):
    lead = answer_of(year, "1.1").assignments.get(is_lead=True).opd.code
    other = "DISDIK" if lead != "DISDIK" else "DINKES"

    told = {code: topics(year, staff_of(year, code)) for code in (lead, other)}

    assert [one["question"] for one in told[lead]] == ["1.1"]
    assert told[other] == []


def test_topics_take_as_many_queries_for_thirty_regulations_as_for_one(year):
    member = MembershipFactory(city=year.city, gugus_tugas=True)

    def queries():
        headers = key_of(member.user, last_used_at=timezone.now())
        address = f"/api/v1/cities/{year.city.slug}/years/{year.year}/regulations/"
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(address, headers=headers).status_code == 200
        return len(seen)

    about(year)
    few = queries()
    for _one in range(29):
        about(year)

    assert queries() == few <= 9
