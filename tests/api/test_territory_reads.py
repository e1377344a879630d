"""Units by the interface: what was declared of them, what became of them, how they are rated, what
they are asked, and which are visited, each as its pages show it to the same person."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.choices import ScanState, Sensitivity
from assessments.models import SupportingDocument
from tests.api.conftest import shown
from tests.factories.api import key_of
from tests.factories.assessments import NOW, SupportingDocumentFactory
from tests.factories.cities import MembershipFactory, UserFactory
from tests.factories.territories import (
    CityCriteriaSetFactory,
    CriteriaChoiceFactory,
    DeclarationFactory,
    DeclarationFileFactory,
    ReportFactory,
    UnitChangeFactory,
    UnitFactory,
    VisitSampleFactory,
)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def told(world, path, who="pimpinan"):
    return world.ask(who, world.year + path).json()


def unit_path(world, rest):
    return f"units/{world.report.unit.code}/{rest}"


def declaration(one):
    return {"id": one.pk, "kind": one.kind, "on": one.on.isoformat(), "number": one.number}


# --- Declarations -----------------------------------------------------------------------------


def test_units_tell_what_was_declared_until_the_end_of_the_evaluated_years(world):
    unit = world.report.unit
    ceremony = world.declared.declaration
    decree = DeclarationFactory(unit=unit, decree=True, on=date(2025, 12, 31))
    DeclarationFactory(unit=unit, decree=True, on=date(2026, 1, 1))  # too late to be evaluated
    UnitFactory(city=world.assessment.city, active_to=date(2024, 12, 31), parent=unit.parent)
    DeclarationFactory()  # of another city

    rows = told(world, "declarations/")

    assert rows == [
        {
            "code": row.code,
            "name": row.name,
            "level": row.level,
            "district": district,
            "is_declared": bool(declared),
            "is_decreed": bool(declared),
            "declarations": declared,
        }
        for row, district, declared in sorted(
            [
                (unit.parent, None, []),
                (unit, unit.parent.code, [declaration(decree), declaration(ceremony)]),
            ],
            key=lambda one: one[0].code,
        )
    ]


def test_a_unit_reads_the_declarations_of_itself_and_what_lies_in_it(world):
    other = UnitFactory(city=world.assessment.city)
    DeclarationFactory(unit=other)

    rows = told(world, "declarations/", "wilayah")

    assert [one["code"] for one in rows] == [world.report.unit.code]
    hidden = world.ask("wilayah", f"{world.year}units/{other.code}/history/")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")


def test_the_history_of_a_unit_tells_its_declarations_with_their_files(world):
    unit, file = world.report.unit, world.declared
    decree = DeclarationFactory(
        unit=unit, decree=True, on=date(2026, 1, 5), place="Aula", signatories="Lurah A\n\nCamat B"
    )
    waiting = DeclarationFileFactory(declaration=decree)
    other = DeclarationFileFactory(declaration__unit=UnitFactory(city=unit.city))

    history = told(world, unit_path(world, "history/"))

    def document(one, **facts):
        return {
            "id": str(one.document_id),
            "name": one.document.original_name,
            "is_ready": True,
            "is_openable": True,
        } | facts

    assert history == {
        "unit": unit.code,
        "name": unit.name,
        "declarations": [
            {
                "declaration": declaration(decree),
                "place": "Aula",
                "signatories": ["Lurah A", "Camat B"],
                "documents": [document(waiting, is_ready=False)],
            },
            {
                "declaration": declaration(file.declaration),
                "place": "",
                "signatories": [],
                "documents": [document(file)],
            },
        ],
        "changes": [],
    }
    assert str(other.document_id) not in str(history)


def test_the_file_of_a_declaration_is_what_its_page_shows_and_never_the_original(world):
    unit, file = world.report.unit, world.declared
    sibling = DeclarationFileFactory(
        declaration__unit=UnitFactory(city=unit.city, parent=unit.parent),
        document=shown(SupportingDocumentFactory(city=unit.city)),
    )
    waiting = DeclarationFileFactory(declaration=file.declaration)

    def content(document, who="pimpinan"):
        path = unit_path(world, f"documents/{document.pk}/content/")
        return world.ask(who, world.year + path)

    for who in ("pimpinan", "wilayah", "gugus_tugas"):
        assert content(file.document, who).getvalue() == b"pratinjau"
    for document in (sibling.document, world.evidence.document, waiting.document):
        assert content(document).status_code == 404


@pytest.mark.parametrize(
    "facts", [{"scan_state": ScanState.INFECTED}, {"sensitivity": Sensitivity.CHILD}]
)
def test_a_file_that_a_page_keeps_closed_is_closed_here_and_says_so(world, facts):
    document = world.declared.document
    SupportingDocument.objects.filter(pk=document.pk).update(**facts)

    path = unit_path(world, f"documents/{document.pk}/content/")
    answer = world.ask("pimpinan", world.year + path)

    assert (answer.status_code, answer.json()["code"]) == (403, "closed_document")
    [one] = told(world, unit_path(world, "history/"))["declarations"]
    assert one["documents"][0]["is_openable"] is False


# --- What became of them ----------------------------------------------------------------------


def test_changes_are_told_under_the_names_that_units_bore_then(world):
    unit = world.report.unit
    origin = UnitFactory(city=unit.city, parent=unit.parent, active_to=date(2019, 12, 31))
    split = UnitChangeFactory(
        city=unit.city, kind="split", on=date(2020, 1, 1), basis="Perda 4/2019", former_name=""
    )
    split.before.add(origin)
    split.after.add(unit)
    renamed = UnitChangeFactory(city=unit.city, on=date(2023, 5, 1), former_name="Mekar Lama")
    for side in (renamed.before, renamed.after):
        side.add(unit)
    elsewhere = UnitChangeFactory(city=unit.city, on=date(2021, 1, 1), former_name="Bukan kita")
    for side in (elsewhere.before, elsewhere.after):
        side.add(unit.parent)

    changes = told(world, unit_path(world, "history/"))["changes"]

    def names(one, name=None):
        return [{"code": one.code, "name": name or one.name}]

    assert changes == [
        {
            "kind": "split",
            "on": "2020-01-01",
            "basis": "Perda 4/2019",
            "former_name": "",
            "before": names(origin),
            "after": names(unit, "Mekar Lama"),
        },
        {
            "kind": "renamed",
            "on": "2023-05-01",
            "basis": "Perda 1/2025",
            "former_name": "Mekar Lama",
            "before": names(unit),
            "after": names(unit),
        },
    ]


# --- Ratings ----------------------------------------------------------------------------------


def one_question(world):
    """The city asks its kelurahan one thing, K1, whether yes or no."""
    own = world.criteria_set
    own.published_at, own.published_by = NOW, UserFactory()
    own.save()
    CriteriaChoiceFactory(city=own.city, criteria=own.code, own=own)
    return own


def test_units_tell_their_rating_how_far_it_could_rise_and_by_which_rules(world):
    own, unit = one_question(world), world.report.unit
    good = UnitFactory(city=unit.city, parent=unit.parent)
    bad = UnitFactory(city=unit.city, parent=unit.parent)
    ReportFactory(unit=good, criteria=own.code, criterion="K1")
    ReportFactory(unit=bad, criteria=own.code, criterion="K1", yes=False)
    ReportFactory(unit=unit, criteria=own.code, criterion="K1", sent=True)  # not accepted
    ReportFactory(criteria=own.code, criterion="K1")  # of another city

    ratings = told(world, "ratings/")

    def line(one, rating, name, surely, at_best, favourable=0, missing=()):
        return {
            "code": one.code, "name": one.name, "district": unit.parent.code, "rating": rating,
            "rating_name": name, "surely": surely, "at_best": at_best, "asked": 1,
            "favourable": favourable, "missing": [*missing],
        }  # fmt: skip

    units = [
        line(unit, "open", "Belum dapat dinilai", None, "nindya", missing=["K1"]),
        line(good, "nindya", "Nindya", "nindya", "nindya", 1),
        line(bad, "none", "Belum Pratama", None, None),
    ]
    assert ratings["units"] == sorted(units, key=lambda one: one["code"])
    assert (ratings["data_year"], ratings["as_of"]) == (2025, "2025-12-31")
    assert [(one["rating"], one["rating_name"], one["units"]) for one in ratings["counts"]] == [
        ("nindya", "Nindya", {"kelurahan": 1}),
        ("madya", "Madya", {"kelurahan": 0}),
        ("pratama", "Pratama", {"kelurahan": 0}),
        ("none", "Belum Pratama", {"kelurahan": 1}),
        ("open", "Belum dapat dinilai", {"kelurahan": 1}),
    ]
    assert [one["level"] for one in ratings["rules"]] == ["pratama", "madya", "nindya"]
    required = {code for one in ratings["rules"] for code in one["required"]}
    assert ratings["unknown"] == sorted(required)  # the set asks none of them
    assert ratings["source"]


def test_a_unit_reads_its_own_rating_alone(world):
    one_question(world)
    UnitFactory(city=world.assessment.city, parent=world.report.unit.parent)

    ratings = told(world, "ratings/", "wilayah")

    assert [one["code"] for one in ratings["units"]] == [world.report.unit.code]
    assert sum(one["units"]["kelurahan"] for one in ratings["counts"]) == 1


# --- Criteria ---------------------------------------------------------------------------------


def test_criteria_sets_tell_which_is_in_force_and_whose_they_are(world):
    CityCriteriaSetFactory()  # of another city
    before = told(world, "criteria-sets/")
    own = one_question(world)
    after = told(world, "criteria-sets/")

    draft = {
        "code": own.code, "title": "Kriteria kota", "instrument": "kla-2023", "source": "",
        "number": own.number, "published_at": None, "criteria": 1, "data_year": 2025,
        "in_force": False,
    }  # fmt: skip
    assert before[-1] == draft
    assert after[-1] == draft | {"published_at": "2026-03-02T03:00:00Z", "in_force": True}
    packaged = [one for one in before if one["number"] is None]
    assert len(packaged) == len(before) - 1
    assert [one["in_force"] for one in before].count(True) == 1
    assert [one["code"] for one in after if one["in_force"]] == [own.code]


def test_a_criteria_set_tells_what_is_asked_and_what_would_count_wrongly(world):
    told_of = told(world, f"criteria-sets/{world.criteria_set.code}/", "wilayah")
    packaged = told(world, "criteria-sets/kla-2023/")

    assert told_of["criteria_set"]["number"] == world.criteria_set.number
    assert told_of["criteria"] == [
        {
            "code": "K1", "level": "kelurahan", "text": "Ada kader yang aktif", "kind": "yes_no",
            "direction": None, "threshold": None, "adverse": False, "evidence": "Keputusan lurah",
            "required": True, "certainty": "",
        }
    ]  # fmt: skip
    assert all(one["place"] and one["sentence"] for one in told_of["faults"])
    assert told_of["faults"]
    bounds = [one for one in packaged["criteria"] if one["threshold"] is not None]
    assert bounds
    assert all(isinstance(one["threshold"], str) and one["direction"] for one in bounds)


def test_a_set_of_another_city_and_one_that_is_none_are_not_found(world):
    for code in (CityCriteriaSetFactory().code, "tidak-ada", "%00"):
        answer = world.ask("gugus_tugas", f"{world.year}criteria-sets/{code}/")
        assert (code, answer.status_code) == (code, 404)


# --- Visits -----------------------------------------------------------------------------------


def test_visited_units_tell_how_they_were_drawn_and_how_they_are_rated(world):
    unit = world.report.unit
    type(unit).objects.filter(pk=unit.pk).update(head="Lurah A", contact="0274-1")
    first = world.assessment.city.visit_samples.get()
    later = UnitFactory(city=unit.city, parent=unit.parent)
    by_hand = VisitSampleFactory(
        city=unit.city, number=first.number + 1, seed="", per_district=None, reason="Rawan"
    )
    by_hand.units.add(later)
    last = VisitSampleFactory(
        city=unit.city, number=first.number + 2, pool=[[unit.parent.code, unit.code]]
    )
    last.units.add(unit)
    VisitSampleFactory(city=unit.city, year=2024, number=first.number + 9)
    VisitSampleFactory(number=first.number + 9)  # of another city

    visits = told(world, "visits/")

    def sample(one, **facts):
        return {
            "number": one.number,
            "at": visits["sample"]["at"],
            "by": one.by.name,
            "reason": one.reason,
            "seed": "0123456789abcdef",
            "per_district": 2,
            "drawn_from": 0,
        } | facts

    [row] = visits.pop("units")
    assert visits == {
        "data_year": 2025,
        "sample": sample(last, drawn_from=1, units=[unit.code]),
        "fits_its_seed": True,
        "earlier": [
            sample(by_hand, seed=None, per_district=None, drawn_from=None, units=[later.code]),
            sample(first, units=[unit.code]),
        ],
    }
    rated = {one["code"]: one for one in told(world, "ratings/")["units"]}
    assert row == {"unit": rated[unit.code], "head": "Lurah A", "contact": "0274-1"}


def test_lots_that_give_other_units_are_told_as_such_and_of_a_choice_nothing_is(world):
    first = world.assessment.city.visit_samples.get()  # drawn from nothing
    drawn = told(world, "visits/")["fits_its_seed"]
    VisitSampleFactory(city=first.city, number=first.number + 1, seed="", per_district=None)
    chosen = told(world, "visits/")["fits_its_seed"]
    first.city.visit_samples.all().delete()
    none = told(world, "visits/")

    assert (drawn, chosen) == (False, None)
    assert none == {
        "data_year": 2025, "sample": None, "fits_its_seed": None, "units": [], "earlier": [],
    }  # fmt: skip


# --- All of them ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "most"),
    [
        ("declarations/", 5),
        ("units/{unit}/history/", 9),
        ("ratings/", 9),
        ("criteria-sets/", 5),
        ("criteria-sets/{set}/", 6),
        ("visits/", 9),
    ],
)
def test_an_answer_takes_as_many_queries_for_thirty_as_for_one(world, rest, most):
    unit, city = world.report.unit, world.assessment.city
    member = MembershipFactory(city=city, pimpinan=True)
    key = key_of(member.user, last_used_at=timezone.now())
    path = world.year + rest.format(unit=unit.code, set=world.criteria_set.code)

    def more():
        other = UnitFactory(city=city, parent=unit.parent)
        ReportFactory(unit=other)
        for one in (unit, other):
            DeclarationFileFactory(declaration__unit=one)
        change = UnitChangeFactory(city=city)
        change.before.add(unit)
        change.after.add(unit)
        CityCriteriaSetFactory(city=city)
        sample = VisitSampleFactory(city=city)
        sample.units.add(*city.units.filter(parent__isnull=False))

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path, headers=key).status_code == 200
        return len(seen)

    more()
    few = queries()
    for _one in range(29):
        more()

    assert queries() == few <= most
