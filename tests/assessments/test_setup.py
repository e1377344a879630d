"""From an empty city to a year that everybody works in, step by step."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.choices import Stage, TrailEvent
from assessments.models import Answer, Assessment, Assignment
from assessments.queries.setup import (
    agency_lines,
    cluster_loads,
    opd_loads,
    setup_of,
)
from assessments.services.agencies import settle_agencies_of
from assessments.services.assignment import (
    assign_defaults,
    assign_leads,
    hand_over,
    missing_agencies,
)
from cities.models import AgencyAlias, Invitation, Opd
from cities.roles import Role
from cities.services.agencies import AgencyChoice, AgencyState
from tests.assessments.situations import (
    NOW,
    city_with_opds,
    hand_in,
    history,
    refused,
    set_stage,
    staff_of,
    working_year,
)
from tests.factories.assessments import answer_of, open_year
from tests.factories.cities import (
    AgencyAliasFactory,
    CityFactory,
    InvitationFactory,
    MembershipFactory,
    OpdFactory,
    SiteAdminFactory,
)
from tests.factories.clusters import make_instrument, small_spec

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(db):
    return SiteAdminFactory()


@pytest.fixture
def admin(client):
    """The administrator of an empty city, signed in, where the small instrument is published."""
    make_instrument(small_spec())
    member = MembershipFactory(admin_kota=True)
    client.force_login(member.user)
    return member


def address(name, city, **query):
    return reverse(f"assessments:{name}", args=[city.slug], query=query)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def holders(answer):
    rows = answer.assignments.order_by("opd__code")
    return [(row.opd.code, row.is_lead, row.due_on) for row in rows]


def done(response):
    return [step.is_done for step in response.context["steps"]]


# --- Default assignment by the city's own OPDs ------------------------------------------------


def test_an_opd_gets_the_questions_of_every_code_that_it_stands_for(by):
    city = CityFactory()
    opd = OpdFactory(city=city, code="DP3A")
    AgencyAliasFactory(city=city, code="DISDIK", opd=opd)
    year = open_year(city=city)

    assert holders(answer_of(year, "1.1")) == [("DP3A", True, None)]
    assert holders(answer_of(year, "1.2")) == [("DP3A", True, None)]  # named twice, there once
    assert [agency.code for agency in missing_agencies(year)] == ["DINKES"]


def test_an_agency_that_the_city_has_not_is_not_asked_for_again():
    year = open_year()
    AgencyAliasFactory(city=year.city, code="DINKES", opd=None)

    assert [agency.code for agency in missing_agencies(year)] == ["DP3A", "DISDIK"]


def test_defaults_applied_later_follow_what_was_merged_since(by):
    year = open_year()
    opd = OpdFactory(city=year.city, code="KESEHATAN")
    AgencyAliasFactory(city=year.city, code="DINKES", opd=opd)

    result = assign_defaults(assessment_id=year.pk, by=by, at=NOW)

    assert (result.questions, result.missing_codes) == (2, ("DISDIK", "DP3A"))
    assert holders(answer_of(year, "2b.1")) == [("KESEHATAN", True, None)]


# --- Merging OPDs that are at work ------------------------------------------------------------


def merge(city, old, into, by):
    names = dict(city.opds.values_list("code", "name"))
    choices = [
        AgencyChoice(into, AgencyState.OWN, name=names[into], kind="perangkat_daerah"),
        AgencyChoice(old, AgencyState.MERGED, into=into),
    ]
    return settle_agencies_of(city=city, choices=choices, by=by, at=NOW)


def test_what_a_merged_opd_held_goes_to_the_other_with_lead_and_date(by):
    year = working_year()
    june = date(2026, 6, 1)
    answer_of(year, "1.2").assignments.filter(opd__code="DISDIK").update(due_on=june)
    answer_of(year, "2b.1").assignments.update(due_on=june)
    opds = {opd.code: opd for opd in year.city.opds.all()}

    assert merge(year.city, "DISDIK", "DP3A", by) == [(opds["DISDIK"], opds["DP3A"])]
    merge(year.city, "DINKES", "DP3A", by)

    # DISDIK led 1.2, DP3A contributed: it leads now.
    assert holders(answer_of(year, "1.2")) == [("DP3A", True, None)]
    assert holders(answer_of(year, "2b.1")) == [("DP3A", True, june)]
    assert list(year.city.opds.active()) == [opds["DP3A"]]
    assert [line[:2] for line in history(year)][-2:] == [
        (TrailEvent.QUESTIONS_ASSIGNED, "Dinas DISDIK → Dinas DP3A: 1 pertanyaan"),
        (TrailEvent.QUESTIONS_ASSIGNED, "Dinas DINKES → Dinas DP3A: 2 pertanyaan"),
    ]


def test_every_question_keeps_one_lead_and_each_opd_once_after_a_merger(by):
    year = working_year()
    merge(year.city, "DP3A", "DISDIK", by)

    for answer in Answer.objects.filter(assessment=year):
        rows = holders(answer)
        assert len(rows) == len({code for code, _lead, _due in rows})
        assert sum(is_lead for _code, is_lead, _due in rows) <= 1
    assert holders(answer_of(year, "1.1")) == [("DISDIK", True, None)]


def test_a_year_that_was_handed_in_keeps_the_names_of_its_time(by):
    city = city_with_opds()
    past, now = open_year(city=city, year=2025), open_year(city=city)
    set_stage(assessment_id=past.pk, stage=Stage.SUBMITTED, at=NOW)

    merge(city, "DISDIK", "DP3A", by)

    assert [code for code, *_rest in holders(answer_of(past, "1.2"))] == ["DISDIK", "DP3A"]
    assert [code for code, *_rest in holders(answer_of(now, "1.2"))] == ["DP3A"]


def test_an_opd_that_handed_something_in_stays_itself(by):
    year = working_year()
    staff = staff_of(year, "DISDIK")
    hand_in(answer_of(year, "1.2"), by=staff.user, opd=staff.opd)

    with refused("has_documents"):
        merge(year.city, "DISDIK", "DP3A", by)

    assert Opd.objects.get(code="DISDIK").is_active


def test_an_opd_with_questions_is_not_declared_absent(by):
    year = working_year()

    with refused("has_work"):
        settle_agencies_of(
            city=year.city, choices=[AgencyChoice("DINKES", AgencyState.ABSENT)], by=by, at=NOW
        )


def test_nothing_is_handed_over_in_a_closed_year_or_to_another_city(by):
    year = working_year()
    old = Opd.objects.get(code="DP3A")
    with refused("foreign_opd"):
        hand_over(year, old=old, new=OpdFactory(), by=by, at=NOW)

    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)
    with refused("closed"):
        hand_over(Assessment.objects.get(pk=year.pk), old=old, new=old, by=by, at=NOW)


def test_several_questions_get_their_leads_at_once_or_none_does(by):
    year = working_year()
    opds = {opd.code: opd for opd in year.city.opds.all()}
    pks = {code: answer_of(year, code).pk for code in ("2a.1", "1.2")}

    leads = {pks["2a.1"]: opds["DINKES"], pks["1.2"]: opds["DP3A"]}
    assert assign_leads(assessment=year, leads=leads, by=by, at=NOW) == 2

    assert holders(answer_of(year, "2a.1")) == [("DINKES", True, None)]
    assert holders(answer_of(year, "1.2")) == [("DISDIK", False, None), ("DP3A", True, None)]
    with refused("foreign_opd"):
        leads = {pks["1.2"]: opds["DISDIK"], pks["2a.1"]: OpdFactory()}
        assign_leads(assessment=year, leads=leads, by=by, at=NOW)


# --- What has been done -----------------------------------------------------------------------


def test_an_empty_city_has_everything_before_it():
    make_instrument(small_spec())
    setup = setup_of(CityFactory())

    assert (setup.assessment, setup.instrument.code, setup.unsettled) == (None, "kecil-2026", 3)
    assert [
        setup.is_city_checked,
        setup.has_opds,
        setup.has_people,
        setup.is_assigned,
        setup.is_started,
    ] == [False] * 5


def test_without_any_instrument_only_the_opds_are_counted():
    opd = OpdFactory()

    setup = setup_of(opd.city)

    assert (setup.instrument, setup.opds, setup.unsettled) == (None, [opd], 0)


def test_an_administrator_alone_is_nobody_to_work_with():
    city = CityFactory()
    MembershipFactory(admin_kota=True, city=city)
    InvitationFactory(city=city, role=Role.ADMIN_KOTA)
    assert setup_of(city).has_people is False

    InvitationFactory(city=city, revoked=True)
    assert setup_of(city).has_people is False

    InvitationFactory(city=city)
    assert (setup_of(city).has_people, setup_of(city).invited) == (True, 2)


def test_opds_without_anybody_are_named():
    city = CityFactory()
    alone, staffed, asked = OpdFactory.create_batch(3, city=city)
    OpdFactory(city=city, is_active=False)
    MembershipFactory(of_opd=True, city=city, opd=staffed)
    InvitationFactory(city=city, role=Role.OPD, opd=asked)

    assert setup_of(city).without_people == [alone]


def test_the_way_is_about_the_year_in_preparation_if_there_is_one():
    city = city_with_opds()
    now = open_year(city=city, year=2026)
    assert setup_of(city).assessment == now

    coming = open_year(city=city, year=2027)
    Assessment.objects.filter(pk=coming.pk).update(stage=Stage.PREPARATION)
    assert setup_of(city).assessment == coming
    assert setup_of(city).is_started is False


def test_the_agencies_are_told_with_their_questions():
    instrument = make_instrument(small_spec())

    lines = agency_lines(instrument)

    assert [(line.code, line.questions, line.leading) for line in lines] == [
        ("DP3A", 2, 1),
        ("DINKES", 2, 2),
        ("DISDIK", 1, 1),
    ]


def test_the_load_is_told_by_cluster_and_by_opd():
    year = working_year()
    idle = OpdFactory(city=year.city, code="IDLE", name="Dinas Senggang")
    OpdFactory(city=year.city, is_active=False)
    open_year(city=city_with_opds())

    clusters = cluster_loads(year)
    opds = opd_loads(year, without_people=[idle])

    assert [(row.code, row.questions, row.unled, row.points) for row in clusters] == [
        ("kelembagaan", 2, 0, 50),
        ("klaster-1", 3, 1, 55),
    ]
    assert [(row.opd.code, row.questions, row.leading, row.points) for row in opds] == [
        ("DINKES", 2, 2, 40),
        ("DP3A", 2, 1, 30),
        ("DISDIK", 1, 1, 20),
        ("IDLE", 0, 0, 0),
    ]
    assert [row.has_people for row in opds] == [True, True, True, False]


# --- Beginning, for site administrators -------------------------------------------------------


def test_a_site_administrator_chooses_the_city_and_names_its_first_administrator(client):
    user = SiteAdminFactory()
    city = CityFactory()
    client.force_login(user)
    data = {"city": city.code, "name": "Ibu Admin", "email": "Admin@Kota.example"}

    response = client.post(reverse("assessments:setup_begin"), data)

    assert response.url == address("setup_overview", city)
    invitation = Invitation.objects.get()
    assert (invitation.city, invitation.role, invitation.invited_by) == (
        city,
        Role.ADMIN_KOTA,
        user,
    )
    assert [letter.to for letter in mail.outbox] == [["admin@kota.example"]]


def test_who_is_invited_already_is_told(client):
    client.force_login(SiteAdminFactory())
    known = InvitationFactory()
    data = {"city": known.city.code, "name": "Lain", "email": known.email}

    response = client.post(reverse("assessments:setup_begin"), data)

    assert response.context["form"].non_field_errors() == [
        f"{known.email} sudah diundang. Kirim ulang undangannya dari daftar undangan."
    ]


# --- Step by step -----------------------------------------------------------------------------


def test_a_city_without_a_year_points_to_the_way(client, admin):
    page = client.get(reverse("assessments:city_dashboard", args=[admin.city.slug]))

    assert address("setup_overview", admin.city) in page.content.decode()


def test_the_first_step_is_done_once_somebody_looked_at_the_city(client, admin):
    assert done(client.get(address("setup_overview", admin.city))) == [False] * 6

    data = {"name": admin.city.name, "zone": "Asia/Makassar"}
    response = client.post(address("setup_city", admin.city), data)

    assert response.url == address("setup_opds", admin.city)
    admin.city.refresh_from_db()
    assert admin.city.timezone == "Asia/Makassar"
    overview = client.get(address("setup_overview", admin.city))
    assert done(overview) == [True] + [False] * 5
    assert overview.context["following"].name == "setup_opds"


def agencies_form(*rows, **own):
    """What the table of agencies sends: part, name and kind of each, and OPDs of one's own."""
    data = {}
    for number, (part, name) in enumerate(rows):
        data[f"agency-{number}-part"] = part
        data[f"agency-{number}-name"] = name
        data[f"agency-{number}-kind"] = "perangkat_daerah"
    for number in range(3):
        data[f"own-{number}-kind"] = "perangkat_daerah"
    return data | {f"own-0-{name}": value for name, value in own.items()}


def test_the_table_proposes_each_agency_as_an_opd_of_its_suggested_kind(client, admin):
    form = client.get(address("setup_opds", admin.city)).context["form"]

    assert [(row.line.code, row.initial) for row in form.rows] == [
        (
            code,
            {"part": "own", "name": name, "kind": "perangkat_daerah"},
        )
        for code, name in (
            ("DP3A", "Dinas pemberdayaan perempuan"),
            ("DINKES", "Dinas kesehatan"),
            ("DISDIK", "Dinas pendidikan"),
        )
    ]


def test_agencies_are_taken_over_renamed_merged_and_left_out_in_one_go(client, admin):
    data = agencies_form(
        ("own", "Dinas P3AP2KB"),
        ("into:DP3A", ""),
        ("absent", ""),
        code="bpbd",
        name="BPBD",
        kind="perangkat_daerah",
    )

    response = client.post(address("setup_opds", admin.city), data)

    assert response.url == address("setup_members", admin.city)
    assert said(response) == ["2 OPD tercatat."]
    assert sorted(admin.city.opds.values_list("code", "name")) == [
        ("BPBD", "BPBD"),
        ("DP3A", "Dinas P3AP2KB"),
    ]
    assert sorted(AgencyAlias.objects.values_list("code", "opd__code"), key=str) == [
        ("DINKES", "DP3A"),
        ("DISDIK", None),
    ]
    form = client.get(address("setup_opds", admin.city)).context["form"]
    assert [row.initial["part"] for row in form.rows] == ["own", "into:DP3A", "absent"]
    assert [opd.code for opd in form.others] == ["BPBD"]
    assert done(client.get(address("setup_overview", admin.city)))[1] is True


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            [("own", "Dinas"), ("own", "Dinas"), ("absent", "")],
            "Nama ini dipakai lebih dari satu OPD: Dinas. Bedakan, atau gabungkan OPD-nya.",
        ),
        (
            [("absent", ""), ("into:DP3A", ""), ("own", "Dinas")],
            (
                "Tujuan penggabungan harus OPD tersendiri: DINKES → DP3A. "
                "Pilih “OPD tersendiri” untuk tujuannya, atau pilih tujuan lain."
            ),
        ),
    ],
)
def test_choices_that_contradict_each_other_are_told_and_kept_on_the_page(
    client, admin, rows, sentence
):
    response = client.post(address("setup_opds", admin.city), agencies_form(*rows))

    assert response.context["form"].refusals == [sentence]
    assert [row["part"].value() for row in response.context["form"].rows] == [
        part for part, _name in rows
    ]
    assert Opd.objects.count() == 0


def test_every_row_says_what_is_wrong_with_it(client, admin):
    data = agencies_form(("own", ""), ("into:ASING", ""), ("own", ""), code="ADA SPASI", name="X")
    OpdFactory(code="ASING")

    response = client.post(address("setup_opds", admin.city), data)

    form = response.context["form"]
    assert [list(row.errors) for row in form.rows] == [["name"], ["part"], ["name"]]
    assert [list(own.errors) for own in form.own] == [["code"], [], []]
    assert admin.city.opds.count() == 0


def test_without_an_instrument_the_page_says_who_has_to_act(client):
    member = MembershipFactory(admin_kota=True)
    client.force_login(member.user)

    page = client.get(address("setup_opds", member.city)).content.decode()

    assert "Belum ada instrumen yang terbit" in page


def test_people_are_invited_from_the_way_itself(client, admin):
    opd = OpdFactory(city=admin.city)
    data = {"email": "siti@example.id", "name": "Siti", "role": "opd", "opd": opd.pk}

    response = client.post(address("setup_members", admin.city), data)

    assert response.url == address("setup_members", admin.city)
    page = client.get(response.url)
    assert [one.email for one, _state, _letter in page.context["invitations"]] == [
        "siti@example.id"
    ]
    assert done(page)[2] is True


def year_form(**changes):
    instrument = make_instrument(small_spec())
    data = {
        "year": "2026",
        "instrument": instrument.pk,
        "target": "Madya",
        "deadline": "2026-06-30",
        "evidence_from": "2024-07-01",
        "evidence_to": "2026-01-31",
    }
    return {**data, **changes}


def test_the_year_is_opened_in_preparation_with_all_its_dates(client, admin):
    response = client.post(address("setup_year", admin.city), year_form())

    assert response.url == address("setup_assignments", admin.city)
    year = Assessment.objects.get()
    assert (year.stage, year.target.predikat, year.deadline) == (
        Stage.PREPARATION,
        "Madya",
        date(2026, 6, 30),
    )
    assert (year.evidence_from, year.evidence_to) == (date(2024, 7, 1), date(2026, 1, 31))


def test_documents_that_end_before_they_begin_are_refused(client, admin):
    data = year_form(evidence_from="2026-01-01", evidence_to="2025-01-01")

    response = client.post(address("setup_year", admin.city), data)

    assert list(response.context["form"].errors) == ["evidence_to"]
    assert Assessment.objects.count() == 0


@pytest.fixture
def prepared(admin):
    """The administrator's city with OPDs and a year in preparation; nobody leads 2a.1."""
    for code in ("DP3A", "DINKES", "DISDIK"):
        OpdFactory(city=admin.city, code=code, name=f"Dinas {code}")
    year = open_year(city=admin.city)
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.PREPARATION)
    year.refresh_from_db()
    return year


def test_questions_without_a_lead_are_listed_and_given_one(client, admin, prepared):
    url = address("setup_assignments", admin.city)
    rows = list(client.get(url).context["form"].rows())
    assert [answer.question.code for answer, _field in rows] == ["2a.1"]
    opd = Opd.objects.get(code="DINKES")

    response = client.post(url, {f"lead-{rows[0][0].pk}": opd.pk})

    assert (response.url, said(response)) == (url, ["1 pertanyaan mendapat penanggung jawab."])
    assert holders(answer_of(prepared, "2a.1")) == [("DINKES", True, None)]
    assert done(client.get(url))[4] is True


def test_another_citys_opd_leads_nothing_here(client, admin, prepared):
    url = address("setup_assignments", admin.city)
    answer = answer_of(prepared, "2a.1")

    response = client.post(url, {f"lead-{answer.pk}": OpdFactory().pk})

    assert list(response.context["form"].errors) == [f"lead-{answer.pk}"]
    assert holders(answer) == []


def test_saving_without_a_choice_says_so(client, admin, prepared):
    response = client.post(address("setup_assignments", admin.city), {})

    assert response.context["form"].non_field_errors() == [
        "Pilih OPD untuk sedikitnya satu pertanyaan."
    ]


def test_the_defaults_are_applied_from_the_way_itself(client, admin, prepared):
    answer_of(prepared, "1.1").assignments.all().delete()

    response = client.post(address("setup_assignments", admin.city), {"defaults": "1"})

    assert said(response) == ["1 pertanyaan mendapat penanggung jawab."]
    assert holders(answer_of(prepared, "1.1")) == [("DP3A", True, None)]


def test_before_a_year_is_opened_the_later_steps_say_what_comes_first(client, admin):
    for name in ("setup_assignments", "setup_start"):
        page = client.get(address(name, admin.city)).content.decode()
        assert address("setup_year", admin.city) in page
    assert client.post(address("setup_assignments", admin.city), {}).status_code == 200


def test_the_year_begins_though_something_is_missing_which_is_said(client, admin, prepared):
    url = address("setup_start", admin.city)
    page = client.get(url)
    assert done(page) == [True, True, False, True, False, False]
    assert "1 tanpa penanggung jawab" in page.content.decode()

    response = client.post(url)

    prepared.refresh_from_db()
    assert (response.url, prepared.stage) == (
        prepared.get_absolute_url(),
        Stage.SELF_ASSESSMENT,
    )
    assert history(prepared)[-1][0] == TrailEvent.STAGE_ADVANCED


def test_a_second_click_does_not_begin_twice(client, admin, prepared):
    url = address("setup_start", admin.city)
    client.post(url)
    before = history(prepared)

    response = client.post(url)

    assert (response.url, history(prepared)) == (url, before)
    assert said(response)[-1].startswith("Tahap penilaian sudah berubah")


def test_the_secretariat_shares_out_and_begins_but_is_led_to_no_page_it_may_not_open(
    client, admin, prepared
):
    member = MembershipFactory(gugus_tugas=True, city=admin.city)
    client.force_login(member.user)

    page = client.get(address("setup_assignments", admin.city))

    assert [bool(step.url) for step in page.context["steps"]] == [
        False,
        False,
        False,
        False,
        True,
        True,
    ]
    assert client.post(address("setup_start", admin.city)).status_code == 302
    prepared.refresh_from_db()
    assert prepared.stage == Stage.SELF_ASSESSMENT


def test_the_questions_without_a_lead_cost_the_same_for_one_as_for_many(
    client, admin, prepared, django_assert_num_queries
):
    url = address("setup_assignments", admin.city)
    answer_of(prepared, "1.1").assignments.all().delete()
    client.get(url)  # content types and the like are looked up once a process
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    Assignment.objects.all().delete()

    with django_assert_num_queries(len(one)):
        page = client.get(url)

    assert page.context["page_obj"].paginator.count == 5
