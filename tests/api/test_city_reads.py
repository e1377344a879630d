"""What a city knows beside its years, by the interface: facilities, numbers of children, the RAD, its
rules and its meetings, each as its pages tell of it and of no other city."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actionplan.choices import FundSource
from api.choices import Scope
from childdata.catalogue import catalogue
from childdata.queries.boards import boards
from childdata.queries.open_data import HEADER
from childdata.queries.profile import profile_of
from childdata.tables import Cell
from facilities.choices import CredentialKind
from monitoring.decision_subject import ACTIONS
from regulations.choices import RegulationKind
from tests.api.conftest import DATA_YEAR, SCHOOL, known_of
from tests.assessments.situations import working_year
from tests.factories.actionplan import (
    ActionFactory,
    ActionPlanFactory,
    ActionQuestionFactory,
    ActionYearFactory,
    PlanLinkFactory,
)
from tests.factories.api import key_of
from tests.factories.assessments import (
    NOW,
    AwardFactory,
    SupportingDocumentFactory,
    answer_of,
)
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import UserFactory
from tests.factories.clusters import small_spec
from tests.factories.facilities import (
    CredentialFactory,
    FacilityFactory,
    FacilityPhotoFactory,
    FacilityUseFactory,
    FindingFactory,
    RouteFactory,
    RouteStopFactory,
    VisitFactory,
)
from tests.factories.meetings import AddendumFactory, DecisionFactory, MeetingFactory
from tests.factories.monitoring import CityRulesFactory, RealisationFactory
from tests.factories.regulations import CoverageFactory, RegulationFactory, RelationFactory
from tests.factories.taskforce import (
    CertificateFactory,
    CommitmentFactory,
    DecreeFactory,
    TaskForceMemberFactory,
)
from tests.factories.territories import UnitFactory

TODAY = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
HIDDEN = "disembunyikan agar anak tidak dikenali"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Whatever depends on the day is asked on 4 May 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)
    return TODAY.date()


@pytest.fixture
def theirs():
    """Another city that knows as much, under the same names and codes."""
    year = working_year(spec=small_spec(code="lain-2026"))
    unit = UnitFactory(city=year.city)
    known = known_of(
        year, unit=unit, opd=year.city.opds.get(code="DISDIK"), answer=answer_of(year, "1.2")
    )
    return known | {"year": year, "unit": unit}


def items(world, who, path, **query):
    return world.ask(who, world.city + path, data=query).json()["items"]


def actions_path(world):
    return f"action-plans/{world.action.plan_id}/actions/"


def table_of(world, who, variable, unit=""):
    rest = f"units/{unit}/" if unit else ""
    answer = world.ask(who, f"{world.city}child-data/{DATA_YEAR}/variables/{variable}/{rest}")
    return answer.json() if answer.status_code == 200 else answer.status_code


# --- Facilities -------------------------------------------------------------------------------


def test_a_facility_tells_what_it_is_how_it_stands_and_until_when_its_papers_hold(world):
    paper = world.facility.credentials.get()
    type(paper).objects.filter(pk=paper.pk).update(
        level="Utama", issuer="Kemen PPPA", monitoring_on=date(2026, 9, 1), people=7
    )
    ended = CredentialFactory(
        facility=world.facility,
        decree=True,
        issued_on=date(2020, 1, 2),
        expires_on=date(2026, 5, 3),
    )
    type(world.facility).objects.filter(pk=world.facility.pk).update(
        code="P-1", address="Jalan Melati 1", contact="0274-1", staff=9, trained=3,
        active_from=date(2001, 2, 3),
    )  # fmt: skip

    [told] = items(world, "pimpinan", "facilities/")

    unit = world.report.unit
    assert told == {
        "id": world.facility.pk,
        "type": "prap",
        "type_name": "Pelayanan Ramah Anak di Puskesmas (PRAP)",
        "kind": "",
        "kind_name": "",
        "name": world.facility.name,
        "code": "P-1",
        "unit": unit.code,
        "unit_name": unit.name,
        "opd": "DISDIK",
        "address": "Jalan Melati 1",
        "contact": "0274-1",
        "provides": None,
        "staff": 9,
        "trained": 3,
        "active_from": "2001-02-03",
        "active_to": None,
        "facts": [
            {
                "label": "Keputusan",
                "says": f"{ended.number} berakhir 3 Mei 2026, tidak terhitung",
                "counts": False,
            },
            {
                "label": "Sertifikat standar",
                "says": f"{paper.number} (Utama), terbit 1 Maret 2024",
                "counts": True,
            },
        ],
        "certificates": [
            {
                "id": paper.pk,
                "scheme": "prap",
                "title": "Standardisasi PRAP",
                "kind": CredentialKind.STANDARD,
                "level": "Utama",
                "number": paper.number,
                "issuer": "Kemen PPPA",
                "issued_on": "2024-03-01",
                "valid_until": "2027-03-01",
                "holds": True,
                "monitoring_on": "2026-09-01",
                "people": 7,
            },
            {
                "id": ended.pk,
                "scheme": "sk",
                "title": "Keputusan (SK) penetapan",
                "kind": CredentialKind.DECREE,
                "level": "",
                "number": ended.number,
                "issuer": "",
                "issued_on": "2020-01-02",
                "valid_until": "2026-05-03",
                "holds": False,
                "monitoring_on": None,
                "people": None,
            },
        ],
    }


def test_what_nobody_has_looked_at_is_null_and_what_is_gone_says_until_when(world):
    FacilityFactory(city=world.assessment.city, office=True, active_to=date(2025, 6, 30))

    _first, told = items(world, "pimpinan", "facilities/")

    assert (told["type"], told["kind_name"], told["active_to"]) == (
        "ruang-asi", "Kantor", "2025-06-30",
    )  # fmt: skip
    assert (told["unit"], told["opd"], told["certificates"]) == (None, None, [])
    assert told["facts"] == [{"label": "Ada ruang ASI", "says": "belum didata", "counts": None}]


def test_an_opd_reads_its_own_facilities_and_a_unit_those_that_lie_in_it(world):
    city = world.assessment.city
    health = FacilityFactory(city=city, opd=city.opds.get(code="DINKES"), unit=world.report.unit)
    other = FacilityFactory(city=city, unit=UnitFactory(city=city))

    read = {
        who: [one["id"] for one in items(world, who, "facilities/")]
        for who in ("opd_own", "opd_other", "wilayah", "pendamping")
    }

    assert read == {
        "opd_own": [world.facility.pk],
        "opd_other": [health.pk],
        "wilayah": [world.facility.pk, health.pk],
        "pendamping": [world.facility.pk, health.pk, other.pk],
    }


# --- Numbers of children ----------------------------------------------------------------------


def test_a_table_tells_each_sex_age_and_disability_beside_the_year_before(world):
    city = world.assessment.city
    now = ObservationFactory(
        city=city, variable="anak", source="SIAK", note="Semester 2",
        counts={
            Cell("L", "0–1"): 3, Cell("P", "0–1"): 40, Cell("L"): 500, Cell("P"): 600,
            Cell("L", disability=True): 2,
        },
    )  # fmt: skip
    ObservationFactory(
        city=city, variable="anak", year=DATA_YEAR - 1, counts={Cell("L"): 490, Cell("P"): 610}
    )
    district = world.report.unit.parent
    ObservationFactory(city=city, variable="anak", unit=district)

    told = table_of(world, "pimpinan", "anak")

    def line(sex, age, disability, count, before):
        return {
            "sex": sex, "age": age, "disability": disability, "count": count, "before": before,
        }  # fmt: skip

    assert told == {
        "variable": "anak",
        "title": "Anak",
        "year": DATA_YEAR,
        "unit": None,
        "unit_name": None,
        "total": 1143,
        "total_before": 1100,
        "counts": [
            line("L", "0–1", False, 3, None),  # as on the page: whoever sees it sees small numbers
            line("P", "0–1", False, 40, None),
            line("L", None, False, 500, 490),
            line("P", None, False, 600, 610),
            line("L", None, True, 2, None),
        ],
        "units": [
            {"unit": district.code, "name": district.name, "total": 1000, "total_before": None}
        ],
        "difference": 143,
        "explanation": "",
        "source": "SIAK",
        "note": "Semester 2",
        "recorded_at": "2026-03-02T03:00:00Z",
        "recorded_by": now.by.name,
    }


def test_a_table_of_a_unit_is_its_own_and_names_the_units_below(world):
    city, unit = world.assessment.city, world.report.unit
    ObservationFactory(city=city, variable="anak", unit=unit.parent, counts={Cell("L"): 7})

    told = table_of(world, "pimpinan", "anak", unit.parent.code)
    below = table_of(world, "pimpinan", SCHOOL, unit.code)
    whole = table_of(world, "pimpinan", "anak")

    assert (told["unit"], told["unit_name"], told["total"]) == (
        unit.parent.code, unit.parent.full_name, 7,
    )  # fmt: skip
    assert told["units"] == [
        {"unit": unit.code, "name": unit.name, "total": None, "total_before": None}
    ]
    assert (below["total"], below["units"], below["difference"]) == (1000, [], None)
    assert (whole["total"], whole["counts"], whole["recorded_at"]) == (None, [], None)


def test_an_explanation_is_told_only_of_the_difference_that_it_is_about(world):
    own = ObservationFactory(
        city=world.assessment.city, variable="anak", explanation="Luar kota", explained=0
    )
    ObservationFactory(city=world.assessment.city, variable="anak", unit=world.report.unit.parent)
    right = table_of(world, "pimpinan", "anak")
    type(own).objects.filter(pk=own.pk).update(explained=5)
    other = table_of(world, "pimpinan", "anak")

    assert (right["difference"], right["explanation"]) == (0, "Luar kota")
    assert (other["difference"], other["explanation"]) == (0, "")


def test_the_variables_of_a_year_are_those_of_its_page(world):
    told = world.ask("pimpinan", f"{world.city}child-data/{DATA_YEAR}/").json()

    member = world.people["pimpinan"].memberships.get()
    rows = [row for board in boards(member, DATA_YEAR) for row in board.rows]
    assert [one["code"] for one in told] == [row.variable.code for row in rows]
    assert {one["code"] for one in told} == set(catalogue().variables)
    [school] = [one for one in told if one["code"] == SCHOOL]
    variable = catalogue().variables[SCHOOL]
    assert school == {
        "code": SCHOOL,
        "title": variable.title,
        "concept": variable.concept,
        "definition": variable.definition,
        "formula": variable.formula,
        "unit_of_count": "anak",
        "cluster": "IV",
        "period": "tahunan",
        "breakdowns": ["sex", "disability", "unit"],
        "within": "anak",
        "producer": "DISDIK",
        "opd": "DISDIK",
        "total": 1000,
        "total_before": None,
        "units": 1,
        "units_told": 1,
        "units_total": 1000,
        "lacks": [],
    }


def test_an_opd_reads_the_numbers_that_it_produces(world):
    ObservationFactory(city=world.assessment.city, variable="anak")
    path = f"{world.city}child-data/{DATA_YEAR}/"

    own = {one["producer"] for one in world.ask("opd_own", path).json()}
    opened = {one["variable"] for one in world.ask("opd_own", f"{path}open/").json()}

    assert (own, opened) == ({"DISDIK"}, {SCHOOL})
    assert table_of(world, "opd_own", SCHOOL)["total"] == 1000
    assert table_of(world, "opd_own", "anak") == 404
    assert table_of(world, "opd_other", SCHOOL) == 404


def test_open_data_is_the_file_of_the_page_and_keeps_small_numbers_back(world, client):
    city = world.assessment.city
    few = {
        Cell("L"): 3,
        Cell("P"): 40,
        Cell("L", disability=True): 1,
        Cell("P", disability=True): 9,
    }
    ObservationFactory(city=city, variable="putus-sekolah", counts=few)
    ObservationFactory(city=city, variable="anak", source="SIAK")
    client.force_login(world.people["pimpinan"])
    page = client.get(reverse("childdata:open_data_download", args=[city.slug, DATA_YEAR]))
    lines = page.getvalue().decode("utf-8-sig").splitlines()
    rows = [*csv.DictReader(lines, delimiter=";" if ";" in lines[0] else ",")]

    told = world.ask("pimpinan", f"{world.city}child-data/{DATA_YEAR}/open/").json()

    assert [*rows[0]] == [*HEADER]
    assert [
        (
            one["variable"], one["title"], one["producer"], one["source"], str(one["year"]),
            one["unit"] or "", one["place"], one["sex"], one["age"], one["disability"],
            "" if one["count"] is None else str(one["count"]), one["remark"],
        )
        for one in told
    ] == [
        (
            row["kode_variabel"], row["variabel"], row["produsen"], row["sumber"], row["tahun"],
            row["kode_wilayah"].strip('="'), row["wilayah"], row["jenis_kelamin"], row["kelompok_umur"],
            row["disabilitas"], row["jumlah"], row["keterangan"],
        )
        for row in rows
    ]  # fmt: skip
    left = [one for one in told if one["variable"] == "putus-sekolah"]
    assert {(one["sex"], one["count"], one["remark"]) for one in left} == {
        ("Laki-laki", None, HIDDEN), ("Perempuan", None, HIDDEN), ("Jumlah", 43, ""),
    }  # fmt: skip
    assert {one["share"] for one in told if one["variable"] == SCHOOL} == {None, "100"}


def test_a_profile_tells_two_years_by_sex_and_share_and_leaves_unknown_numbers_out(world):
    city, unit = world.assessment.city, world.report.unit
    ObservationFactory(city=city, variable="anak", year=DATA_YEAR, counts={Cell("L"): 3000})
    ObservationFactory(city=city, variable="anak", unit=unit, counts={Cell("L"): 9})
    ObservationFactory(city=city, variable=SCHOOL, year=DATA_YEAR - 1, counts={Cell("P"): 0})
    ObservationFactory(city=city, variable=SCHOOL, year=DATA_YEAR - 2)
    ObservationFactory(variable=SCHOOL, year=DATA_YEAR - 1)  # of another city

    told = world.ask("pimpinan", f"{world.city}child-data/{DATA_YEAR}/profile/").json()

    member = world.people["pimpinan"].memberships.get()
    page = profile_of(member, DATA_YEAR)
    assert told["years"] == [DATA_YEAR - 1, DATA_YEAR]
    assert [
        (
            part["cluster"],
            part["name"],
            part["whole"],
            [one["variable"] for one in part["variables"]],
        )
        for part in told["clusters"]
    ] == [
        (part.code, part.name, part.whole, [row.variable.code for row in part.rows])
        for part in page.clusters
    ]
    rows = {one["variable"]: one for part in told["clusters"] for one in part["variables"]}
    assert rows[SCHOOL] == {
        "variable": SCHOOL,
        "title": catalogue().variables[SCHOOL].title,
        "unit_of_count": "anak",
        "within": "anak",
        "years": [
            {"year": 2024, "boys": None, "girls": None, "total": 0, "share": None},  # one sex told
            {"year": 2025, "boys": 510, "girls": 490, "total": 1000, "share": "33.33"},
        ],
    }
    unknown = dict.fromkeys(("boys", "girls", "total", "share"))
    assert rows["anak"]["years"][0] == {"year": 2024} | unknown


def test_an_opd_reads_the_profile_of_what_it_produces(world):
    ObservationFactory(city=world.assessment.city, variable="anak")
    path = f"{world.city}child-data/{DATA_YEAR}/profile/"

    told = {
        who: {
            one["variable"]
            for part in world.ask(who, path).json()["clusters"]
            for one in part["variables"]
        }
        for who in ("opd_own", "verifikator")
    }

    mine = {one.code for one in catalogue().variables.values() if one.producer == "DISDIK"}
    assert told == {"opd_own": mine, "verifikator": set(catalogue().variables)}


@pytest.mark.parametrize("year", [1999, 2000, 2027, 2**70])
def test_a_year_of_which_no_city_has_numbers_is_none(world, year):
    for rest in ("", "open/", "profile/", f"variables/{SCHOOL}/"):
        assert world.ask("pimpinan", f"{world.city}child-data/{year}/{rest}").status_code == 404
    assert table_of(world, "pimpinan", "tidak-ada") == 404


# --- The RAD ----------------------------------------------------------------------------------


def test_an_action_tells_its_targets_its_money_by_source_and_what_was_reported(world):
    action, city = world.action, world.assessment.city
    type(action).objects.filter(pk=action.pk).update(
        problem="Belum dilatih", code="2.08.03", measure="Anggota terlatih", unit="orang",
        baseline=Decimal("12.5"), place="Seluruh kota",
    )  # fmt: skip
    action.supporting.add(city.opds.get(code="DP3A"), city.opds.get(code="DINKES"))
    year = action.years.get()
    funds = {"apbd kota": 1_000_000_001, "apbn": 249_999_999}
    type(year).objects.filter(pk=year.pk).update(
        source=FundSource.MIXED, funds=funds, child_share=Decimal("33.33"), child_reason="Peserta"
    )
    RealisationFactory(
        action_year=year, revision=2, physical=Decimal("10.5"), money=999_999_999_999_999,
        obstacle="Narasumber sakit", follow_up="Dijadwalkan lagi",
    )  # fmt: skip
    ActionYearFactory(action=action, year=2027, ceiling=None, target=None, source="")

    [told] = items(world, "pimpinan", actions_path(world))

    years = told.pop("years")
    assert told == {
        "number": action.number,
        "name": "Latih anggota Gugus Tugas",
        "problem": "Belum dilatih",
        "cluster": action.indicator.cluster.code,
        "indicator": action.indicator.code,
        "reach": "langsung",
        "code": "2.08.03",
        "code_year": 2026,
        "code_state": "unknown",
        "code_name": "",
        "code_change": "",
        "measure": "Anggota terlatih",
        "unit_of_measure": "orang",
        "direction": "naik",
        "baseline": "12.5",
        "place": "Seluruh kota",
        "lead": "DISDIK",
        "supporting": ["DINKES", "DP3A"],
        "questions": [],
    }
    quarters = [one.pop("quarters") for one in years]
    assert years == [
        {
            "year": 2026,
            "target": "60",
            "ceiling": 1_250_000_000,
            "source": FundSource.MIXED,
            "funds": [
                {"source": "apbd kota", "rupiah": 1_000_000_001},
                {"source": "apbn", "rupiah": 249_999_999},
            ],
            "child_share": "33.33",
            "child_reason": "Peserta",
            "for_children": 416_625_000,
            "spent": 999_999_999_999_999,
            "light": "red",
        },
        {
            "year": 2027,
            "target": None,
            "ceiling": None,
            "source": None,
            "funds": [],
            "child_share": None,
            "child_reason": "",
            "for_children": None,
            "spent": None,
            "light": "awaited",
        },
    ]
    empty = dict.fromkeys(("revision", "reported_at", "physical", "money"))
    words = {"obstacle": "", "follow_up": ""}
    assert quarters[0][:2] == [
        {
            "quarter": 1,
            "light": "red",
            "due_on": "2026-04-14",
            "is_late": False,
            "revision": 2,
            "reported_at": "2026-03-02T03:00:00Z",
            "physical": "10.5",
            "money": 999_999_999_999_999,
            "obstacle": "Narasumber sakit",
            "follow_up": "Dijadwalkan lagi",
        },
        {"quarter": 2, "light": "awaited", "due_on": "2026-07-14", "is_late": False}
        | empty
        | words,
    ]
    assert [one["quarter"] for one in quarters[0]] == [1, 2, 3, 4]
    assert {one["light"] for one in quarters[1]} == {"awaited"}


def test_a_ceiling_of_one_source_names_it_and_one_of_none_says_so(world):
    [one] = items(world, "pimpinan", actions_path(world))
    world.action.years.update(source="")
    [other] = items(world, "pimpinan", actions_path(world))

    assert one["years"][0]["funds"] == [{"source": "apbd kota", "rupiah": 1_250_000_000}]
    assert other["years"][0]["funds"] == [{"source": None, "rupiah": 1_250_000_000}]


def test_a_quarter_that_is_owed_is_missing_and_rules_of_the_city_are_kept(world):
    world.action.years.get().realisations.update(physical=15)
    late = ActionFactory(plan=world.action.plan)
    ActionYearFactory(action=late)
    before = items(world, "pimpinan", actions_path(world))
    CityRulesFactory(city=world.assessment.city)  # a tenth of the work until March
    after = items(world, "pimpinan", actions_path(world))

    def light(told):
        return [one["years"][0]["light"] for one in told]

    assert (light(before), light(after)) == (["yellow", "missing"], ["green", "missing"])
    assert before[1]["years"][0]["quarters"][0]["is_late"] is True


def test_an_opd_reads_the_actions_that_it_leads_or_supports_and_their_sums(world):
    plan, city = world.action.plan, world.assessment.city
    supported = ActionFactory(plan=plan)
    supported.supporting.add(city.opds.get(code="DISDIK"))
    others = ActionFactory(plan=plan, lead=city.opds.get(code="DINKES"))
    for one in (supported, others):
        ActionYearFactory(action=one, ceiling=1)
    path = f"{world.city}action-plans/{plan.pk}/years/2026/"

    numbers = {
        who: [one["number"] for one in items(world, who, actions_path(world))]
        for who in ("opd_own", "opd_other", "verifikator")
    }
    own, whole = world.ask("opd_own", path).json(), world.ask("verifikator", path).json()

    assert numbers == {
        "opd_own": [world.action.number, supported.number],
        "opd_other": [others.number],
        "verifikator": [world.action.number, supported.number, others.number],
    }
    assert own == {
        "year": 2026,
        "actions": 2,
        "ceiling": 1_250_000_001,
        "spent": 250_000_000,
        "absorbed": "20",
        "lights": {"green": 1, "yellow": 0, "red": 0, "missing": 1, "awaited": 0},
    }
    assert (whole["actions"], whole["ceiling"]) == (3, 1_250_000_002)
    assert sum(whole["lights"].values()) == 3


def test_of_plans_the_newest_that_covers_this_year_is_in_force(world):
    city, instrument = world.assessment.city, world.assessment.instrument
    basis = world.regulation
    newest = ActionPlanFactory(
        city=city, instrument=instrument, first_year=2026, last_year=2030, legal_basis=basis
    )
    coming = ActionPlanFactory(city=city, instrument=instrument, first_year=2031, last_year=2035)

    told = items(world, "opd_other", "action-plans/")

    plan = world.action.plan
    assert told == [
        {
            "id": one.pk,
            "title": one.title,
            "first_year": one.first_year,
            "last_year": one.last_year,
            "instrument": instrument.code,
            "legal_basis": law,
            "in_force": holds,
        }
        for one, law, holds in (
            (plan, None, False), (newest, basis.pk, True), (coming, None, False),
        )
    ]  # fmt: skip


# --- The legal register -----------------------------------------------------------------------


def test_a_regulation_tells_its_number_its_state_and_its_topics(world):
    city = world.assessment.city
    old = RegulationFactory(
        city=city, kind=RegulationKind.PERKADA, number="7/A", year=2015, title="Forum Anak",
        signed_on=date(2015, 1, 5), promulgated_on=date(2015, 1, 6),
        effective_on=date(2015, 2, 1), ends_on=date(2030, 1, 1), signatory="Wali Kota",
        initiator=city.opds.get(code="DP3A"), address="https://jdih.example.go.id/7",
    )  # fmt: skip
    relation = RelationFactory(source=world.regulation, target=old)
    draft = RegulationFactory(city=city, number="", is_draft=True, promulgated_on=None)

    told = items(world, "opd_other", "regulations/")

    code = world.assessment.instrument.code
    end = world.assessment.evidence_to.isoformat()
    assert told[0] == {
        "id": world.regulation.pk,
        "kind": "perda",
        "number": world.regulation.number,
        "year": 2020,
        "title": "Penyelenggaraan Kota Layak Anak",
        "state": "in_force",
        "state_on": end,
        "signed_on": None,
        "promulgated_on": "2020-05-04",
        "starts_on": "2020-05-04",
        "ends_on": None,
        "revoked_on": None,
        "signatory": "",
        "initiator": None,
        "address": "",
        "text": None,  # with another OPD
        "topics": [{"instrument": code, "question": "1.2"}],
        "relations": [{"kind": relation.kind, "regulation": old.pk}],
    }
    assert told[1] == {
        "id": old.pk,
        "kind": "perkada",
        "number": "7/A",
        "year": 2015,
        "title": "Forum Anak",
        "state": "revoked",
        "state_on": end,
        "signed_on": "2015-01-05",
        "promulgated_on": "2015-01-06",
        "starts_on": "2015-02-01",
        "ends_on": "2030-01-01",
        "revoked_on": "2020-05-04",
        "signatory": "Wali Kota",
        "initiator": "DP3A",
        "address": "https://jdih.example.go.id/7",
        "text": None,
        "topics": [],
        "relations": [],
    }
    assert (told[2]["id"], told[2]["number"], told[2]["state"]) == (draft.pk, "", "draft")
    assert len(told) == 3


# --- Meetings ---------------------------------------------------------------------------------


def test_a_closed_meeting_tells_its_minutes_and_what_became_of_its_decisions(world):
    meeting = world.decision.meeting
    type(meeting).objects.filter(pk=meeting.pk).update(agenda="Pembukaan\n\nUsulan", minutes="Isi")
    done = DecisionFactory(
        meeting=meeting, facility=world.facility, done_at=NOW, done_by=UserFactory(),
        done_note="Sudah", done_address="https://example.go.id/bukti", due_on=date(2026, 5, 1),
    )  # fmt: skip

    [told] = items(world, "pimpinan", "meetings/")

    waiting = world.decision
    assert told == {
        "id": meeting.pk,
        "kind": "coordination",
        "title": meeting.title,
        "starts_at": "2026-03-02T02:00:00Z",
        "ends_at": None,
        "place": "Aula",
        "chair": "Wakil Wali Kota",
        "agenda": ["Pembukaan", "Usulan"],
        "closed_at": "2026-03-02T03:00:00Z",
        "minutes": "Isi",
        "decisions": [
            {
                "id": waiting.pk,
                "text": waiting.text,
                "owner": waiting.owner,
                "opd": "DISDIK",
                "due_on": "2026-04-01",
                "about": "",
                "is_done": False,
                "is_late": True,
                "done_at": None,
                "done_note": "",
                "done_address": "",
            },
            {
                "id": done.pk,
                "text": done.text,
                "owner": "",
                "opd": None,
                "due_on": "2026-05-01",
                "about": world.facility.name,
                "is_done": True,
                "is_late": False,
                "done_at": "2026-03-02T03:00:00Z",
                "done_note": "Sudah",
                "done_address": "https://example.go.id/bukti",
            },
        ],
        "addenda": [],
    }


def test_what_was_said_beside_closed_minutes_is_told_in_the_order_it_was_said(world):
    meeting = world.decision.meeting
    second = AddendumFactory(meeting=meeting, text="Kedua", at=NOW + timedelta(hours=1))
    first = AddendumFactory(meeting=meeting, text="Pertama")
    other = MeetingFactory(city=world.assessment.city, closed=True)
    AddendumFactory(meeting=other, text="Rapat lain")

    told = {one["id"]: one["addenda"] for one in items(world, "opd_own", "meetings/")}

    assert told[meeting.pk] == [
        {"text": "Pertama", "by": first.by.name, "at": "2026-03-02T03:00:00Z"},
        {"text": "Kedua", "by": second.by.name, "at": "2026-03-02T04:00:00Z"},
    ]
    assert [one["text"] for one in told[other.pk]] == ["Rapat lain"]


def test_what_an_open_meeting_writes_is_told_to_whoever_writes_it_alone(world):
    meeting = MeetingFactory(city=world.assessment.city, minutes="Belum disepakati")
    decision = DecisionFactory(meeting=meeting)

    def told(who):
        [one] = [one for one in items(world, who, "meetings/") if one["id"] == meeting.pk]
        return one["closed_at"], one["minutes"], [row["id"] for row in one["decisions"]]

    assert told("gugus_tugas") == told("admin_kota") == (None, "Belum disepakati", [decision.pk])
    assert told("pimpinan") == told("opd_own") == (None, "", [])


# --- All of them ------------------------------------------------------------------------------

LISTS = {
    "facilities/": "id",
    "findings/": "id",
    "regulations/": "id",
    "action-plans/": "id",
    "action-plans/{plan}/actions/": "number",
    "action-plans/{plan}/links/": "id",
    "meetings/": "id",
    "decrees/": "id",
    "commitments/": "id",
    "routes/": "id",
}
ALL = (
    *LISTS,
    "decrees/{decree}/",
    "regulations/{regulation}/",
    "routes/{route}/",
    "history/",
    "facilities/{facility}/",
    "facilities/{facility}/documents/",
    "action-plans/{plan}/years/2026/",
    "action-plans/{plan}/years/2026/checks/",
    "action-plans/{plan}/years/2026/budget/",
    f"child-data/{DATA_YEAR}/",
    f"child-data/{DATA_YEAR}/open/",
    f"child-data/{DATA_YEAR}/profile/",
    f"child-data/{DATA_YEAR}/variables/{SCHOOL}/",
    f"child-data/{DATA_YEAR}/variables/{SCHOOL}/units/{{unit}}/",
)


def many(world, known, count):
    """So many more of everything that an answer lists."""
    year = world.assessment if known is None else known["year"]
    city, plan = year.city, (world.action if known is None else known["action"]).plan
    opd = city.opds.get(code="DISDIK")
    supporting = city.opds.get(code="DINKES")
    parent = (world.report.unit if known is None else known["unit"]).parent
    question = answer_of(year, "1.2").question
    facility = world.facility if known is None else known["facility"]
    decree = world.decree if known is None else known["decree"]
    regulation = world.regulation if known is None else known["regulation"]
    route = world.route if known is None else known["route"]
    for _one in range(count):
        VisitFactory(facility=facility)
        FacilityUseFactory(facility=facility)
        PlanLinkFactory(plan=plan)
        FindingFactory(
            facility=facility,
            opd=opd,
            document=SupportingDocumentFactory(city=city),
            visit_key=VisitFactory(facility=facility, key=uuid4()).key,
        )
        FacilityPhotoFactory(facility=facility)
        CredentialFactory(facility=facility, document=SupportingDocumentFactory(city=city))
        unit = UnitFactory(city=city, parent=parent)
        paper = CredentialFactory(facility__city=city, facility__unit=unit, facility__opd=opd)
        CredentialFactory(facility=paper.facility, decree=True)
        rule = RegulationFactory(city=city)
        CoverageFactory(regulation=rule, question=question)
        RelationFactory(source=rule, target=RegulationFactory(city=city, kind="mou"))
        RelationFactory(source=rule, target=regulation, kind="amends")
        action = ActionFactory(plan=plan, lead=opd)
        action.supporting.add(supporting)
        ActionQuestionFactory(action=action, question=question, planned_in=year, goal=1)
        for of in (2025, 2026):
            RealisationFactory(action_year=ActionYearFactory(action=action, year=of))
        for place in (unit, UnitFactory(city=city, kecamatan=True)):
            ObservationFactory(city=city, variable=SCHOOL, unit=place, year=DATA_YEAR)
        ActionPlanFactory(city=city, instrument=year.instrument)
        meeting = MeetingFactory(city=city, closed=True)
        DecisionFactory(meeting=meeting, owner_opd=opd)
        AddendumFactory(meeting=meeting)
        seat = TaskForceMemberFactory(decree=decree)
        CertificateFactory(member=seat)
        DecreeFactory(city=city)
        CommitmentFactory(city=city)
        AwardFactory(city=city)
        RouteStopFactory(route=route, facility=paper.facility)
        RouteStopFactory(route=route, facility=None, unit=unit)
        RouteFactory(city=city)


@pytest.mark.parametrize("path", LISTS)
def test_pages_are_whole_and_tell_nothing_twice_while_another_city_writes_between(
    world, theirs, path
):
    for _round in range(3):
        many(world, theirs, 1)
        many(world, None, 2)
    path, key = path_of(world, path), LISTS[path]
    whole = [one[key] for one in items(world, "pimpinan", path, limit=100)]

    seen, query = [], {"limit": 2}
    while query.get("cursor", "") is not None:
        page = world.ask("pimpinan", world.city + path, data=query).json()
        seen.append([one[key] for one in page["items"]])
        query["cursor"] = page["next"]

    assert [key for page in seen for key in page] == whole == sorted(set(whole))
    assert len(whole) >= 6
    assert all(len(page) == 2 for page in seen[:-1])


def test_nothing_of_another_city_is_told(world, theirs):
    many(world, theirs, 1)
    bare = {path: world.ask("pimpinan", world.city + path_of(world, path)).json() for path in ALL}

    many(world, theirs, 2)
    type(theirs["facility"]).objects.filter(city=theirs["year"].city).update(name="Bocor")
    again = {path: world.ask("pimpinan", world.city + path_of(world, path)).json() for path in ALL}

    assert again == bare
    counts = dict.fromkeys(LISTS, 1) | {"action-plans/{plan}/links/": 0}
    assert {path: len(bare[path]["items"]) for path in LISTS} == counts
    [meeting], [plan] = bare["meetings/"]["items"], bare["action-plans/"]["items"]
    assert (len(meeting["decisions"]), plan["id"]) == (1, world.action.plan_id)
    for rest in ("actions/", "links/", "years/2026/", "years/2026/checks/", "years/2026/budget/"):
        path = f"{world.city}action-plans/{theirs['action'].plan_id}/{rest}"
        assert world.ask("pimpinan", path).status_code == 404
    assert table_of(world, "pimpinan", SCHOOL, theirs["unit"].code) == 404
    assert table_of(world, "pimpinan", SCHOOL)["total"] == 1000


def path_of(world, path):
    return path.format(
        plan=world.action.plan_id,
        facility=world.facility.pk,
        decree=world.decree.pk,
        regulation=world.regulation.pk,
        route=world.route.pk,
        unit=world.report.unit.code,
    )


@pytest.mark.parametrize("path", ALL)
def test_a_token_that_only_reads_is_enough_and_an_answer_stands_until_it_changes(world, path):
    key = key_of(world.people["pimpinan"], scope=Scope.READ)
    path = world.city + path_of(world, path)

    first = Client().get(path, headers=key)
    same = Client().get(path, headers=key | {"if-none-match": first["ETag"]})
    many(world, None, 1)
    ObservationFactory(city=world.assessment.city, variable="putus-sekolah", year=DATA_YEAR)
    changed = Client().get(path, headers=key | {"if-none-match": first["ETag"]})

    assert (first.status_code, same.status_code) == (200, 304)
    is_of_one_unit = "units/" in path
    assert changed.status_code == (304 if is_of_one_unit else 200)


BUDGETS = {
    "facilities/": 5,
    "facilities/{facility}/": 8,
    "facilities/{facility}/documents/": 5,
    "findings/": 5,
    "regulations/": 7,
    "regulations/{regulation}/": 12,
    "action-plans/": 4,
    "action-plans/{plan}/actions/": 10,
    "action-plans/{plan}/links/": 4,
    "action-plans/{plan}/years/2026/": 6,
    "action-plans/{plan}/years/2026/checks/": 10,
    "action-plans/{plan}/years/2026/budget/": 6,
    f"child-data/{DATA_YEAR}/": 7,
    f"child-data/{DATA_YEAR}/open/": 6,
    f"child-data/{DATA_YEAR}/profile/": 5,
    f"child-data/{DATA_YEAR}/variables/{SCHOOL}/": 8,
    f"child-data/{DATA_YEAR}/variables/{SCHOOL}/units/{{unit}}/": 7,
    "meetings/": 10,
    "decrees/": 4,
    "decrees/{decree}/": 7,
    "commitments/": 3,
    "history/": 4,
    "routes/": 3,
    "routes/{route}/": 9,
}


def test_every_address_has_a_budget():
    assert set(BUDGETS) == set(ALL)


@pytest.mark.parametrize("path", BUDGETS)
def test_an_answer_takes_as_many_queries_for_thirty_as_for_one(world, path):
    meeting = world.decision.meeting
    for about in (
        {"facility": world.facility},
        {"unit": world.report.unit},
        {"answer": world.answer},
        {"subject_kind": ACTIONS.kind, "subject_id": world.action.pk},
    ):
        DecisionFactory(meeting=meeting, **about)
    RouteStopFactory(route=world.route, facility=None, unit=world.report.unit)
    visit = VisitFactory(facility=world.facility, key=uuid4())
    type(world.finding).objects.filter(pk=world.finding.pk).update(visit_key=visit.key)
    year, question = world.assessment, world.answer.question
    ActionQuestionFactory(action=world.action, question=question, planned_in=year, goal=1)
    key = key_of(world.people["gugus_tugas"], last_used_at=timezone.now())
    address = world.city + path_of(world, path)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(address, headers=key).status_code == 200
        return len(seen)

    few = queries()
    many(world, None, 29)

    assert queries() == few <= BUDGETS[path]
