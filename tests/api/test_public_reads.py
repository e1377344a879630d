"""What a city has released and what the public wrote, by the interface: to whoever releases and reads
it first, and to the Forum Anak what was passed on and nothing else."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.choices import ScanState, Sensitivity
from assessments.models import Assessment, SupportingDocument
from public.choices import MessageState
from public.models import PublicMessage, Release, ReleasedDocument
from public.sections import Section
from tests.api.test_access import ANYBODY, FILES, READS, address
from tests.assessments.situations import working_year
from tests.factories.api import key_of
from tests.factories.assessments import NOW, SupportingDocumentFactory
from tests.factories.cities import UserFactory
from tests.factories.clusters import small_spec
from tests.factories.public import PublicMessageFactory, ReleasedDocumentFactory, ReleaseFactory


def releases(world, who="gugus_tugas"):
    return world.ask(who, f"{world.city}releases/").json()


def documents(world, **query):
    path = f"{world.year}released-documents/"
    return world.ask("gugus_tugas", path, data=query).json()


def messages(world, who="gugus_tugas", rest=""):
    return world.ask(who, f"{world.city}public-messages/{rest}").json()["items"]


def out(world, **facts):
    """A document of the city that everybody may fetch."""
    year = world.assessment
    facts = {"document": SupportingDocumentFactory(city=year.city)} | facts
    return ReleasedDocumentFactory(assessment=year, **facts)


@pytest.fixture
def theirs(world):
    """Another city that has let out as much."""
    year = working_year(spec=small_spec(code="lain-2026"))
    ReleaseFactory(assessment=year)
    ReleasedDocumentFactory(
        assessment=year, document=SupportingDocumentFactory(city=year.city), title="Bocor"
    )
    PublicMessageFactory(city=year.city, state=MessageState.PASSED_ON, text="Bocor")
    return year


# --- Parts of the page ------------------------------------------------------------------------


def test_a_year_tells_which_parts_are_released_since_when_and_by_whom(world, theirs):
    slug = world.assessment.city.slug
    standing = Release.objects.get(assessment=world.assessment)
    gone = {"withdrawn_at": NOW, "withdrawn_by": UserFactory()}
    ReleaseFactory(assessment=world.assessment, section=Section.PLAN, **gone)
    out(world)
    out(world, **gone)

    told = releases(world)

    silent = dict.fromkeys(("released_at", "released_by", "checksum"))
    said = {
        "released_at": told[0]["sections"][1]["released_at"],
        "released_by": standing.by.name,
        "checksum": standing.checksum,
    }
    assert told == [
        {
            "year": 2026,
            "url": f"/publik/{slug}/2026/",
            "sections": [
                {"section": one.value, "section_name": str(one.label)}
                | (said if one == Section.CLUSTERS else silent)
                for one in Section
            ],
            "documents": 1,
        }
    ]
    assert said["released_at"] == "2026-03-02T03:00:00Z"


def test_a_year_that_is_worked_on_is_told_only_while_something_of_it_is_out(world):
    before = [(one["year"], one["url"] is None) for one in releases(world)]
    Release.objects.update(withdrawn_at=NOW, withdrawn_by=UserFactory())
    after = releases(world)
    Assessment.objects.filter(pk=world.assessment.pk).update(stage="submitted")
    submitted = [(one["year"], one["url"]) for one in releases(world)]

    assert (before, after, submitted) == ([(2026, False)], [], [(2026, None)])


# --- Documents --------------------------------------------------------------------------------


def test_a_released_document_tells_its_public_title_and_whether_everybody_can_fetch_it(
    world, theirs, client
):
    sound = out(world, title="Perda KLA")
    closed = [out(world), out(world)]
    SupportingDocument.objects.filter(pk=closed[0].document_id).update(
        sensitivity=Sensitivity.CHILD
    )
    SupportingDocument.objects.filter(pk=closed[1].document_id).update(
        scan_state=ScanState.INFECTED
    )
    out(world, withdrawn_at=NOW, withdrawn_by=UserFactory())

    told = documents(world)["items"]

    slug = world.assessment.city.slug
    assert told[0] == {
        "id": sound.pk,
        "document": str(sound.document_id),
        "title": "Perda KLA",
        "question": "1.2",
        "media_type": sound.media_type,
        "size": sound.size,
        "sha256": sound.sha256,
        "released_at": "2026-03-02T03:00:00Z",
        "released_by": sound.by.name,
        "is_readable": True,
        "url": f"/publik/{slug}/2026/dokumen/{sound.pk}/",
    }
    assert [(one["id"], one["is_readable"]) for one in told] == [
        (sound.pk, True), *((one.pk, False) for one in closed),
    ]  # fmt: skip
    with sound.document.file.open() as file:
        assert client.get(told[0]["url"]).getvalue() == file.read()
    assert [client.get(one["url"]).status_code for one in told[1:]] == [404, 404]
    Release.objects.update(withdrawn_at=NOW, withdrawn_by=UserFactory())
    assert documents(world)["items"][0]["is_readable"] is False


# --- Messages ---------------------------------------------------------------------------------


def test_who_reads_messages_first_is_told_all_of_them_with_what_became_of_each(world, theirs):
    unit, city = world.report.unit, world.assessment.city
    passed = PublicMessage.objects.get(city=city)
    new = PublicMessageFactory(city=city, text="Taman gelap")
    rejected = PublicMessageFactory(
        city=city, state=MessageState.REJECTED, settled_at=NOW, settled_by=UserFactory()
    )

    told = messages(world)

    def line(one, state, unit=None):
        return {
            "id": one.pk,
            "text": one.text,
            "unit": unit and unit.code,
            "unit_name": unit and unit.full_name,
            "on": "2026-03-02",
            "state": state,
        }

    assert told == messages(world, "admin_kota")
    assert told == [
        line(passed, "diteruskan", unit),
        line(new, "baru"),
        line(rejected, "ditolak"),
    ]


def test_the_forum_anak_reads_what_was_passed_on_and_nothing_of_who_did_that(world, theirs):
    unit, city = world.report.unit, world.assessment.city
    passed = PublicMessage.objects.get(city=city)
    for state in (MessageState.NEW, MessageState.READ, MessageState.REJECTED):
        PublicMessageFactory(city=city, state=state, unit=unit)

    assert messages(world, "forum_anak", "passed/") == [
        {
            "id": passed.pk,
            "text": passed.text,
            "unit": unit.code,
            "unit_name": unit.full_name,
            "on": "2026-03-02",
        }
    ]
    PublicMessage.objects.filter(pk=passed.pk).update(state=MessageState.REJECTED)
    assert messages(world, "forum_anak", "passed/") == []


def test_the_forum_anak_reads_nothing_else_of_the_city(world):
    own = {name for name, row in READS.items() if row == ANYBODY} | {"passed_messages"}

    got = {name: world.ask("forum_anak", address(world, name)).status_code for name in READS}

    assert {name: code for name, code in got.items() if name in own} == dict.fromkeys(own, 200)
    assert {code for name, code in got.items() if name not in own} == {403}
    assert FILES.isdisjoint(own)


# --- All of them ------------------------------------------------------------------------------


def more(world):
    year = world.assessment
    out(world)
    PublicMessageFactory(city=year.city, unit=world.report.unit, state=MessageState.PASSED_ON)


@pytest.mark.parametrize(
    ("who", "rest", "model"),
    [
        ("gugus_tugas", "years/2026/released-documents/", ReleasedDocument),
        ("gugus_tugas", "public-messages/", PublicMessage),
        ("forum_anak", "public-messages/passed/", PublicMessage),
    ],
)
def test_pages_are_whole_and_tell_nothing_twice(world, theirs, who, rest, model):
    for _one in range(5):
        more(world)

    seen, query = [], {"limit": 2}
    while query.get("cursor", "") is not None:
        page = world.ask(who, world.city + rest, data=query).json()
        seen += [one["id"] for one in page["items"]]
        query["cursor"] = page["next"]

    path = "city" if model is PublicMessage else "assessment__city"
    rows = model.objects.filter(**{path: world.assessment.city}).order_by("pk")
    assert seen == list(rows.values_list("pk", flat=True))
    assert len(seen) >= 5


@pytest.mark.parametrize(
    ("who", "rest", "most"),
    [
        ("gugus_tugas", "releases/", 5),
        ("gugus_tugas", "years/2026/released-documents/", 5),
        ("gugus_tugas", "public-messages/", 3),
        ("forum_anak", "public-messages/passed/", 3),
    ],
)
def test_an_answer_takes_as_many_queries_for_thirty_as_for_one(world, who, rest, most):
    key = key_of(world.people[who], last_used_at=timezone.now())

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(world.city + rest, headers=key).status_code == 200
        return len(seen)

    more(world)
    few = queries()
    for _one in range(29):
        more(world)
    for section in set(Section) - {Section.CLUSTERS}:
        ReleaseFactory(assessment=world.assessment, section=section)

    assert queries() == few <= most
