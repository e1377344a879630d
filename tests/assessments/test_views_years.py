"""Opening a year, its target, its end, and handing out its questions."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from assessments.choices import Stage
from assessments.models import Assessment, Assignment
from assessments.queries import assignments
from cities.models import Opd
from tests.assessments.situations import city_with_opds, everything, working_year
from tests.factories.assessments import answer_of, open_year
from tests.factories.cities import MembershipFactory, OpdFactory
from tests.factories.clusters import InstrumentFactory, make_instrument, small_spec

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    """The administrator of a city with OPDs, signed in."""
    member = MembershipFactory(admin_kota=True, city=city_with_opds())
    client.force_login(member.user)
    return member


@pytest.fixture
def own_year(admin):
    return open_year(city=admin.city)


def url(name, city, *args):
    return reverse(f"assessments:{name}", args=[city.slug, *args])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def holders(answer):
    rows = answer.assignments.order_by("opd__code")
    return [(row.opd.code, row.is_lead, row.due_on) for row in rows]


# --- Opening ----------------------------------------------------------------------------------


def test_a_year_is_opened_with_its_target_and_leads_to_the_assignments(client, admin):
    instrument = make_instrument()
    data = {
        "year": "2026",
        "instrument": instrument.pk,
        "target": "Madya",
        "deadline": "2026-06-30",
    }

    response = client.post(url("assessment_open", admin.city), data)

    year = Assessment.objects.get()
    assert response.url == url("assignment_list", admin.city, 2026)
    assert (year.city, year.instrument, year.opened_by) == (admin.city, instrument, admin.user)
    assert (year.target.predikat, year.deadline) == ("Madya", date(2026, 6, 30))


def test_only_published_instruments_are_offered(client, admin):
    published, draft = make_instrument(), InstrumentFactory()

    form = client.get(url("assessment_open", admin.city)).context["form"]
    response = client.post(
        url("assessment_open", admin.city), {"year": "2026", "instrument": draft.pk}
    )

    assert list(form.fields["instrument"].queryset) == [published]
    assert list(response.context["form"].errors) == ["instrument"]


@pytest.mark.parametrize(
    ("field", "value"), [("year", "2026"), ("year", "1999"), ("year", "x"), ("target", "Emas")]
)
def test_what_cannot_be_opened_is_told_at_its_field(client, admin, own_year, field, value):
    data = {"year": "2027", "instrument": own_year.instrument.pk, "target": "", "deadline": ""}
    before = everything()

    response = client.post(url("assessment_open", admin.city), data | {field: value})

    assert list(response.context["form"].errors) == [field]
    assert everything() == before


def test_a_target_that_the_instrument_lacks_is_told(client, admin):
    make_instrument()
    without_bands = InstrumentFactory(published=True)
    data = {"year": "2026", "instrument": without_bands.pk, "target": "Madya"}

    response = client.post(url("assessment_open", admin.city), data)

    assert list(response.context["form"].errors) == ["target"]


# --- Target and end ---------------------------------------------------------------------------


def test_target_and_deadline_are_changed(client, admin, own_year):
    pratama = own_year.instrument.bands.get(predikat="Pratama")
    edit = url("assessment_edit", admin.city, 2026)

    client.post(edit, {"target": pratama.pk, "deadline": "2026-05-01", "stage": "closed"})

    year = Assessment.objects.get()
    assert (year.target, year.deadline, year.stage) == (
        pratama,
        date(2026, 5, 1),
        Stage.SELF_ASSESSMENT,
    )


def test_a_band_of_another_instrument_is_no_target(client, admin, own_year):
    foreign = make_instrument(small_spec(code="lain")).bands.first()

    response = client.post(url("assessment_edit", admin.city, 2026), {"target": foreign.pk})

    assert list(response.context["form"].errors) == ["target"]


# --- Assignments ------------------------------------------------------------------------------


def test_one_question_is_assigned_on_its_page(client, admin, own_year):
    lead, contributor = Opd.objects.filter(city=admin.city).order_by("code")[:2]
    edit = url("assignment_edit", admin.city, 2026, "2a.1")

    client.post(edit, {"lead": lead.pk, "contributors": [contributor.pk], "due_on": "2026-04-01"})

    due = date(2026, 4, 1)
    held = [(lead.code, True, due), (contributor.code, False, due)]
    assert holders(answer_of(own_year, "2a.1")) == held
    form = client.get(edit).context["form"]
    assert (form["lead"].value(), form["contributors"].value()) == (lead.pk, [contributor.pk])


@pytest.mark.usefixtures("own_year")
def test_only_active_opds_of_the_city_are_offered(client, admin):
    OpdFactory(city=admin.city, is_active=False)
    foreign = OpdFactory()
    edit = url("assignment_edit", admin.city, 2026, "2a.1")

    form = client.get(edit).context["form"]
    response = client.post(edit, {"lead": foreign.pk, "contributors": [foreign.pk]})

    assert [opd.code for opd in form.fields["lead"].queryset] == ["DINKES", "DISDIK", "DP3A"]
    assert sorted(response.context["form"].errors) == ["contributors", "lead"]


def bulk(client, year, codes, opd, **data):
    given = {"answers": [answer_of(year, code).pk for code in codes], "opd": opd.pk, "part": "lead"}
    return client.post(
        url("assignment_list", year.city, year.year) + "?klaster=klaster-1", given | data
    )


def test_many_questions_are_assigned_at_once(client, admin, own_year):
    dp3a = Opd.objects.get(city=admin.city, code="DP3A")

    response = bulk(client, own_year, ["2a.1", "2b.1"], dp3a)

    assert said(response) == ["2 pertanyaan ditugaskan kepada Dinas DP3A."]
    assert response.url.endswith("?klaster=klaster-1")
    assert holders(answer_of(own_year, "2a.1")) == [("DP3A", True, None)]
    assert holders(answer_of(own_year, "2b.1")) == [("DINKES", False, None), ("DP3A", True, None)]


def test_only_questions_on_the_page_are_assigned(client, admin, own_year):
    dp3a = Opd.objects.get(city=admin.city, code="DP3A")
    foreign = answer_of(working_year(), "2a.1")
    before = everything()

    for answers in ([foreign.pk], [answer_of(own_year, "1.1").pk], []):
        response = bulk(client, own_year, [], dp3a, answers=answers)
        assert list(response.context["form"].errors) == ["answers"]

    assert everything() == before


def listed(page):
    return {
        group.indicator.code: [answer.question.code for answer in group.answers]
        for group in page.context["indicators"]
    }


def test_questions_stand_below_their_indicators_with_how_many_nobody_leads(client, own_year):
    Assignment.objects.filter(answer=answer_of(own_year, "2a.2"), is_lead=True).delete()
    address = url("assignment_list", own_year.city, 2026) + "?klaster=klaster-1"

    page = client.get(address)

    assert listed(page) == {"2a": ["2a.1", "2a.2"], "2b": ["2b.1"]}
    expected = {
        group.indicator.code: sum(
            1
            for answer in group.answers
            if not Assignment.objects.filter(answer=answer, is_lead=True).exists()
        )
        for group in page.context["indicators"]
    }
    assert expected["2a"] >= 1
    assert {g.indicator.code: g.without_lead for g in page.context["indicators"]} == expected


def test_only_those_that_nobody_leads_are_listed_and_can_be_assigned(client, admin, own_year):
    dp3a = Opd.objects.get(city=admin.city, code="DP3A")
    for code in ("2a.1", "2b.1"):
        bulk(client, own_year, [code], dp3a)
    Assignment.objects.filter(answer=answer_of(own_year, "2a.2"), is_lead=True).delete()
    address = (
        url("assignment_list", own_year.city, 2026)
        + "?klaster=klaster-1&hanya=tanpa-penanggung-jawab"
    )
    assert listed(client.get(address)) == {"2a": ["2a.2"]}
    before = everything()

    hidden = {"answers": [answer_of(own_year, "2b.1").pk], "opd": dp3a.pk, "part": "lead"}
    refused = client.post(address, hidden)

    assert list(refused.context["form"].errors) == ["answers"]
    assert everything() == before
    seen = client.post(address, hidden | {"answers": [answer_of(own_year, "2a.2").pk]})
    assert seen.url == address
    assert listed(client.get(address)) == {}


def test_what_is_ticked_is_never_folded_away(client, admin, own_year, monkeypatch):
    monkeypatch.setattr(assignments, "FEW", 0)

    page = bulk(client, own_year, ["2a.2"], OpdFactory())  # refused: a foreign OPD

    assert {g.indicator.code: g.is_open for g in page.context["indicators"]} == {
        "2a": True,
        "2b": False,
    }


@pytest.mark.parametrize("typed", ["²", "x", "9" * 5000, "-1"])
def test_ticks_that_are_no_numbers_are_refused(client, admin, own_year, typed):
    dp3a = Opd.objects.get(city=admin.city, code="DP3A")

    response = bulk(client, own_year, [], dp3a, answers=[typed])

    assert (response.status_code, response.context["ticked"]) == (200, set())


def test_ticks_survive_a_refused_form(client, admin, own_year):
    foreign, answer = OpdFactory(), answer_of(own_year, "2a.1")

    response = bulk(client, own_year, ["2a.1"], foreign)

    assert response.context["ticked"] == {answer.pk}


def test_defaults_are_applied_and_counted(client, admin, own_year):
    answer_of(own_year, "1.1").assignments.all().delete()

    response = client.post(url("assignment_defaults", admin.city, 2026))

    assert said(response) == ["Penugasan bawaan diterapkan pada 1 pertanyaan."]
    assert holders(answer_of(own_year, "1.1")) == [("DP3A", True, None)]


def test_missing_agencies_become_opds_on_one_button(client):
    member = MembershipFactory(admin_kota=True)
    year = open_year(city=member.city)
    client.force_login(member.user)
    listed = client.get(url("assignment_list", member.city, 2026)).context["missing"]

    response = client.post(url("opds_take_over", member.city, 2026))

    assert sorted(agency.code for agency in listed) == ["DINKES", "DISDIK", "DP3A"]
    assert said(response) == ["3 OPD ditambahkan. Sesuaikan namanya di halaman OPD."]
    assert holders(answer_of(year, "1.1")) == [("DP3A", True, None)]


@pytest.mark.parametrize("name", ["assignment_defaults", "opds_take_over"])
def test_a_closed_year_is_assigned_no_more(client, admin, own_year, name):
    Assessment.objects.update(stage=Stage.CLOSED)
    before = everything()

    response = client.post(url(name, admin.city, 2026))

    assert "sudah ditutup" in said(response)[0]
    assert everything() == before
