"""Who gets which answer at which address of the interface: every role, as on the pages.

`tests/test_access_matrix.py` shows that a session opens none of them.
"""

import logging
from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from api import urls
from api.bearer import PREFIX
from assessments.models import Evidence
from tests.api.conftest import DATA_YEAR, SCHOOL, frozen, known_of
from tests.assessments.situations import everything, working_year
from tests.factories.api import key_of
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.clusters import small_spec
from tests.factories.plans import PlanFactory
from tests.factories.territories import ReportFactory

ACTORS = (
    "stranger", "opd_own", "opd_other", "gugus_tugas", "verifikator", "pimpinan", "pendamping",
    "admin_kota", "wilayah", "site_admin",
)  # fmt: skip

# fmt: off
#            str  own  oth  gug  ver  pim  pen  adm  wil  site
ANYBODY   = "200  200  200  200  200  200  200  200  200  200"
VIEW      = "404  403  403  200  200  200  200  200  403  200"
QUESTIONS = "404  200  200  200  200  200  200  200  403  200"
MEMBERS   = "404  200  200  200  200  200  200  200  403  200"
PLACES    = "404  200  200  200  200  200  200  200  200  200"
TASKFORCE = "404  200  200  200  403  200  403  200  403  200"
PRODUCED  = "404  200  404  200  200  200  200  200  403  200"
QUESTION  = "404  200  404  200  200  200  200  200  403  200"
FACILITY  = "404  200  404  200  200  200  200  200  200  200"
TRAIL     = "404  403  403  403  403  403  403  200  403  200"
UNITS     = "404  403  403  200  200  200  200  200  200  200"
RELEASES  = "404  403  403  200  403  403  403  200  403  200"
PASSED    = "404  403  403  403  403  403  403  403  403  403"  # for the Forum Anak alone
# The original goes to who hands in and reviews, to others the rendition, which is not made here.
CONTENT   = "404  200  404  200  200  404  404  200  403  200"

READS = {
    "cities":      ANYBODY,
    "notifications": ANYBODY,
    "history":     VIEW,
    "years":       QUESTIONS,
    "year_detail": VIEW,
    "year_checks": VIEW,
    "completion_windows": QUESTIONS,
    "indicators":  VIEW,
    "leadership":  VIEW,
    "pace":        VIEW,
    "remaining":   VIEW,
    "nation":      ANYBODY,
    "nation_summary": ANYBODY,
    "search":      QUESTIONS,
    "search_kind": QUESTIONS,
    "stages":      VIEW,
    "pathway": VIEW,
    "saved_plans": VIEW,
    "saved_plan": VIEW,
    "what_if": VIEW,
    "scenarios": VIEW,
    "compared_scenarios": VIEW,
    "forecast": VIEW,
    "snapshots":   VIEW,
    "snapshot":    VIEW,
    "year_trail":  TRAIL,
    "city_trail":  TRAIL,
    "opds":        VIEW,
    "questions":   QUESTIONS,
    "question":    QUESTION,
    "comments":    QUESTION,
    "offers":      QUESTIONS,
    "units":       UNITS,
    "unit":        UNITS,
    "document":    QUESTION,
    "content":     CONTENT,
    "facilities":  PLACES,
    "facility":    FACILITY,
    "facility_documents": FACILITY,
    "facility_content": FACILITY,
    "findings":    PLACES,
    "finding_photo": FACILITY,
    "regulations": MEMBERS,
    "regulation":  MEMBERS,
    "regulation_text": CONTENT,
    "regulation_coverage": QUESTIONS,
    "unit_history": UNITS,
    "unit_content": UNITS,
    "declarations": UNITS,
    "unit_ratings": UNITS,
    "criteria_sets": UNITS,
    "criteria_set": UNITS,
    "visits":      VIEW,
    "child_profile": MEMBERS,
    "releases":    RELEASES,
    "released_documents": RELEASES,
    "public_messages": RELEASES,
    "passed_messages": PASSED,
    "plans":       MEMBERS,
    "actions":     MEMBERS,
    "plan_year":   MEMBERS,
    "plan_links":  MEMBERS,
    "plan_checks": VIEW,
    "plan_budget": VIEW,
    "routes":      VIEW,
    "route":       VIEW,
    "child_data":  MEMBERS,
    "child_data_open":MEMBERS,
    "child_table": PRODUCED,
    "child_table_unit":PRODUCED,
    "meetings":    TASKFORCE,
    "decrees":     TASKFORCE,
    "decree":      TASKFORCE,
    "commitments": TASKFORCE,
}

# Who reads what most of those who read all may not.
READERS = {"year_trail": "admin_kota", "city_trail": "admin_kota", "passed_messages": "forum_anak"}

FILES = {"content", "facility_content", "finding_photo", "regulation_text", "unit_content"}

# Sent with an empty object: 422, 428 and 412 come after every question of access.
WRITES = {
    ("claim", "put"):            "404  428  404  428  403  403  403  403  403  403",
    ("comments", "post"):        "404  422  404  422  422  403  422  422  403  422",
    ("document_upload", "post"): "404  422  404  422  403  403  403  403  403  403",
    ("upload_create", "post"):   "404  412  404  412  403  403  403  403  403  403",
    ("upload_part", "patch"):    "404  404  404  404  403  403  403  403  403  403",  # of nobody here
    ("upload_part", "delete"):   "404  404  404  404  403  403  403  403  403  403",
    ("verdict", "put"):          "404  403  403  422  422  403  403  403  403  403",
    ("official", "put"):         "404  403  403  422  403  403  403  422  403  422",
    ("report", "put"):           "404  403  403  403  403  403  403  403  428  403",
    ("reports_send", "post"):    "404  403  403  403  403  403  403  403  422  403",
}
# fmt: on


def parts_of(world):
    return {
        "city_slug": world.assessment.city.slug,
        "year": world.assessment.year,
        "code": world.answer.question.code,
        "unit": world.report.unit.code,
        "criterion": world.report.criterion,
        "facility": world.facility.pk,
        "finding": world.finding.pk,
        "decree": world.decree.pk,
        "snapshot": world.snapshot.number,
        "saved_plan": world.saved_plan.pk,
        "found": "pertanyaan",
        "route": world.route.pk,
        "regulation": world.regulation.pk,
        "set_code": world.criteria_set.code,
        "plan": world.action.plan_id,
        "plan_year": world.action.plan.first_year,
        "data_year": DATA_YEAR,
        "variable": SCHOOL,
        "rest": "pohon/",
    }


def subject_of(world, name):
    """What `pk` names in an address of that name."""
    if name == "verdict":
        return world.evidence.pk
    if name == "facility_content":
        return world.paper.document_id
    if name == "unit_content":
        return world.declared.document_id
    return uuid4() if name == "upload_part" else world.evidence.document_id


def address(world, name, **other):
    [pattern] = [one for one in urls.endpoint_urls if one.name == name]
    parts = parts_of(world) | {"pk": subject_of(world, name)} | other
    return reverse(f"api:{name}", kwargs={part: parts[part] for part in pattern.pattern.converters})


def test_every_address_that_is_read_has_a_row():
    assert {one.name for one in urls.endpoint_urls if "GET" in one.callback.endpoints} == set(READS)


@pytest.mark.parametrize("name", READS)
def test_each_role_reads_what_it_reads_on_pages(world, name):
    url = address(world, name)

    answers = {actor: world.ask(actor, url) for actor in ACTORS}

    for answer in answers.values():
        if answer.streaming:
            answer.getvalue()
    got = {actor: str(answer.status_code) for actor, answer in answers.items()}
    assert got == dict(zip(ACTORS, READS[name].split(), strict=True))


def test_every_deed_has_a_row():
    deeds = {
        (one.name, method.lower())
        for one in urls.endpoint_urls
        for method in one.callback.endpoints
        if method not in ("GET", "HEAD")
    }
    assert deeds == set(WRITES)


@pytest.mark.parametrize(("name", "method"), WRITES)
def test_each_role_does_what_it_does_on_pages(world, name, method):
    url = address(world, name)

    got = {actor: str(world.ask(actor, url, method, {}).status_code) for actor in ACTORS}

    assert got == dict(zip(ACTORS, WRITES[name, method].split(), strict=True))


SHARED = {
    "city_slug",
    "data_year",
    "variable",
    "found",
}  # parts of an address that are no city's own


def other_world():
    """Another city whose year, questions and papers have nothing of ours."""
    spec = small_spec(code="lain-2025")
    clusters = [
        replace(
            cluster,
            indicators=tuple(
                replace(
                    row, questions=tuple(replace(one, code=f"B{one.code}") for one in row.questions)
                )
                for row in cluster.indicators
            ),
        )
        for cluster in spec.clusters
    ]
    year = working_year(spec=replace(spec, clusters=tuple(clusters)), year=2025)
    _first, snapshot = frozen(year), frozen(year)
    evidence = EvidenceFactory(answer=answer_of(year, "B1.2"))
    report = ReportFactory(sent=True, unit__city=year.city, year=2024)
    known = known_of(
        year,
        unit=report.unit,
        opd=year.city.opds.get(code="DISDIK"),
        answer=evidence.answer,
        first_year=2031,
        last_year=2033,
    )
    return {
        "plan": known["action"].plan_id,
        "plan_year": 2031,
        "year": 2025,
        "code": "B1.2",
        "pk": evidence.document_id,
        "unit": report.unit.code,
        "facility": known["facility"].pk,
        "finding": known["finding"].pk,
        "decree": known["decree"].pk,
        "snapshot": snapshot.number,
        "saved_plan": PlanFactory(assessment=year).pk,
        "route": known["route"].pk,
        "regulation": known["regulation"].pk,
        "set_code": known["criteria_set"].code,
    }


def test_what_is_another_citys_is_not_found_under_ones_own_address(world):
    theirs = other_world()
    for name in READS:
        [pattern] = [one for one in urls.endpoint_urls if one.name == name]
        for part in set(pattern.pattern.converters) - SHARED:
            url = address(world, name, **{part: theirs[part]})
            who = READERS.get(name, "gugus_tugas")
            assert (url, world.ask(who, url).status_code) == (url, 404)


def test_nothing_is_done_to_another_citys_under_ones_own_address(world):
    theirs = other_world()
    theirs["pk"] = Evidence.objects.get(document=theirs["pk"]).pk
    for who in ("gugus_tugas", "wilayah"):
        world.ask(who, "/api/v1/cities/")
    before = everything()
    for name, method in WRITES:
        [pattern] = [one for one in urls.endpoint_urls if one.name == name]
        who = "wilayah" if name.startswith("report") else "gugus_tugas"
        for part in set(pattern.pattern.converters) & set(theirs):
            if (name, part) == ("upload_part", "pk"):
                continue
            url = address(world, name, **{part: theirs[part]})
            assert (url, world.ask(who, url, method, {}).status_code) == (url, 404)
    assert everything() == before


def test_reading_changes_nothing_but_the_last_use(world):
    for who in ("gugus_tugas", "opd_own"):
        world.ask(who, "/api/v1/cities/")
    before = everything()

    for name in set(READS) - FILES:
        for who in ("gugus_tugas", "opd_own"):
            world.ask(who, address(world, name))

    assert everything() == before


def test_no_token_stands_in_a_log(world, caplog):
    caplog.set_level(logging.DEBUG)
    secret = key_of(world.people["pimpinan"])["authorization"].partition(" ")[2]
    for header in (f"Bearer {secret}", f"Bearer {secret}x", f"Token {secret}"):
        for path in ("/api/v1/cities/", f"{world.year}questions/9.9/", "/api/v1/nothing/"):
            world.ask("pimpinan", path, authorization=header)
        world.ask("pimpinan", f"{world.year}questions/", "put", {}, authorization=header)

    said = " ".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)
    assert caplog.records
    assert secret not in said
    assert PREFIX + secret[4:8] not in said


def test_an_address_of_the_interface_that_is_none_says_so_as_a_problem(world):
    for who, rest in (("pimpinan", "pohon/"), ("stranger", "pohon/"), ("pimpinan", "%0A")):
        answer = world.ask(who, f"/api/v1/cities/tidak-ada/{rest}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
