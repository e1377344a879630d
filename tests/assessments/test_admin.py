from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.choices import NotificationKind, ScoreKind, Sensitivity, Stage
from assessments.models import (
    Award,
    Evidence,
    OfficialIndicatorScore,
    RescueWindow,
    SensitiveKind,
    StageScore,
    WhatsappConsent,
)
from assessments.services.comments import add_comment
from assessments.services.deadlines import set_cluster_deadlines
from assessments.services.inbox import set_preferences
from assessments.services.notifications import Channels
from assessments.services.snapshots import freeze
from assessments.services.waivers import waive_kind
from tests.assessments.situations import (
    NOW,
    admin_of,
    claim,
    everything,
    hand_in,
    later,
    secretary_of,
    staff_of,
)
from tests.factories.assessments import AwardFactory, answer_of
from tests.factories.cities import CityFactory, SiteAdminFactory

pytestmark = pytest.mark.django_db

# An assignment stands inside its answer; an upload, a waiting sheet and a made file are gone within a day.
NOT_LISTED = {"assignment", "producedfile", "sheetimport", "upload"}
MODELS = sorted(
    model._meta.model_name
    for model in apps.get_app_config("assessments").get_models()
    if model._meta.model_name not in NOT_LISTED
)
NUMBER = "+6281234567890"
READ_ONLY = [name for name in MODELS if name != "award"]


@pytest.fixture(autouse=True)
def site_admin(client):
    client.force_login(SiteAdminFactory())


@pytest.fixture
def lived_in(year):
    """A year with at least one row of everything."""
    person = secretary_of(year)
    answer = answer_of(year, "1.2")
    claim(answer, "10", by=person)
    hand_in(answer, by=person)
    staff_of(year, "DISDIK")
    add_comment(answer=answer, text="@DISDIK mohon dilengkapi", by=person, at=NOW)
    StageScore.objects.create(
        answer=answer, kind=ScoreKind.VA, points=5, entered_at=NOW, entered_by=person
    )
    AwardFactory(city=year.city)
    decided(answer, by=person)
    return year


def decided(answer, *, by):
    """What is set beside an answer: what is not asked, until when, and what was frozen."""
    year, cluster = answer.assessment, answer.question.indicator.cluster
    signed = {"by": by, "at": NOW}
    kind = answer.question.evidence_kinds.last()
    waive_kind(answer_id=answer.pk, kind=kind, reason="Tidak berlaku", **signed)
    set_cluster_deadlines(
        assessment_id=year.pk, dates={cluster: later().date()}, by=admin_of(year), at=NOW
    )
    freeze(year, left=Stage.PREPARATION, entered=Stage.SELF_ASSESSMENT, **signed)
    RescueWindow.objects.create(assessment=year, opens_at=NOW, closes_at=later(), **signed)
    OfficialIndicatorScore.objects.create(
        assessment=year,
        indicator=answer.question.indicator,
        kind=ScoreKind.VF,
        points=5,
        why="Berita acara",
        **signed,
    )
    never = Channels(in_app=False, email=False)
    set_preferences(chosen={NotificationKind.RETURNED: never}, by=by)
    SensitiveKind.objects.create(
        city=year.city, code=kind.code, sensitivity=Sensitivity.CASE, **signed
    )
    WhatsappConsent.objects.create(user=by, number=NUMBER, most_a_day=2, agreed_at=NOW)


def page(name, action, *args):
    return reverse(f"admin:assessments_{name}_{action}", args=args)


def first(name):
    return apps.get_model("assessments", name).objects.order_by("pk").first()


@pytest.mark.usefixtures("lived_in")
@pytest.mark.parametrize("name", MODELS)
def test_every_list_is_there_and_can_be_searched(client, name):
    everything_there = client.get(page(name, "changelist"))
    nothing_there = client.get(page(name, "changelist"), {"q": "tak ada yang bernama begini"})

    assert everything_there.context["cl"].result_count > 0
    assert nothing_there.context["cl"].result_count == 0


@pytest.mark.usefixtures("lived_in")
@pytest.mark.parametrize("name", READ_ONLY)
def test_what_deeds_have_made_is_looked_at_and_never_changed(client, name):
    row = first(name)
    before = everything()

    assert client.get(page(name, "change", row.pk)).status_code == 200
    assert client.get(page(name, "add")).status_code == 403
    assert client.post(page(name, "change", row.pk), {"points": "42"}).status_code == 403
    assert client.post(page(name, "delete", row.pk), {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(page(name, "changelist"), action)
    assert everything() == before


@pytest.mark.usefixtures("lived_in")
def test_the_administration_does_not_tell_where_a_file_lies(client):
    document = first("supportingdocument")

    assert (
        document.file.name not in client.get(page("supportingdocument", "change", document.pk)).text
    )


@pytest.mark.usefixtures("lived_in")
def test_the_administration_does_not_tell_the_number_of_a_person(client):
    consent = first("whatsappconsent")

    pages = [page("whatsappconsent", "changelist"), page("whatsappconsent", "change", consent.pk)]

    assert [url for url in pages if NUMBER[1:] in client.get(url).text] == []


@pytest.mark.usefixtures("lived_in")
def test_a_frozen_year_is_listed_without_reading_all_that_it_holds(client):
    client.get(page("snapshot", "changelist"))

    with CaptureQueriesContext(connection) as queries:
        client.get(page("snapshot", "changelist"))

    listed = [q["sql"] for q in queries if 'FROM "assessments_snapshot"' in q["sql"]]
    assert [sql for sql in listed if '"assessments_snapshot"."content"' in sql] == []


def test_an_award_is_entered_with_its_source(client):
    city = CityFactory()
    given = {
        "city": city.pk,
        "year": "2023",
        "predikat": "Nindya",
        "points": "771.81",
        "source": "Keputusan Menteri PPPA",
    }

    client.post(page("award", "add"), given)

    award = Award.objects.get()
    assert (award.city, award.year, award.predikat) == (city, 2023, "Nindya")
    assert (award.points, award.source) == (Decimal("771.81"), "Keputusan Menteri PPPA")


def test_a_second_award_in_one_year_is_refused_with_a_sentence(client):
    award = AwardFactory()
    given = {"city": award.city.pk, "year": award.year, "predikat": "Utama", "source": "Lain"}

    response = client.post(page("award", "add"), given)

    assert response.context["adminform"].form.non_field_errors() == [
        "Penghargaan kota ini untuk tahun itu sudah tercatat."
    ]
    assert Award.objects.count() == 1


def test_every_model_is_in_the_administration():
    registered = {model._meta.model_name for model in admin.site._registry}

    assert set(MODELS) - registered == set()
    assert Evidence in admin.site._registry
