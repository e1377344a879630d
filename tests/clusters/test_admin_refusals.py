"""The administration of Django looks instruments up and changes nothing, however it is asked."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import NoReverseMatch, reverse

from clusters.models import Indicator, Instrument, Question
from tests.clusters.unchanged import nothing_changes
from tests.factories.cities import SiteAdminFactory, UserFactory
from tests.factories.clusters import make_instrument

pytestmark = pytest.mark.django_db

SHOWN = [Instrument, Indicator, Question]
HIDDEN = [
    "agency",
    "band",
    "bandtable",
    "cluster",
    "evidencekind",
    "instrumentimport",
    "mapping",
    "questionmatch",
    "tableband",
]


@pytest.fixture
def site(client):
    make_instrument()
    client.force_login(SiteAdminFactory())
    return client


def url(model, name, *arguments):
    return reverse(f"admin:clusters_{model._meta.model_name}_{name}", args=arguments)


@pytest.mark.parametrize("name", HIDDEN)
def test_what_has_no_page_there_has_no_address_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:clusters_{name}_changelist")


@pytest.mark.parametrize("model", SHOWN)
@pytest.mark.parametrize("deed", ["change", "delete"])
def test_not_even_a_superuser_changes_or_deletes_a_row(site, model, deed):
    row = model.objects.first()

    with nothing_changes():
        response = site.post(url(model, deed, row.pk), {"post": "yes", "code": "x", "text": "x"})

    assert response.status_code == 403


@pytest.mark.parametrize("model", SHOWN)
def test_nothing_is_added_by_hand(site, model):
    with nothing_changes():
        assert site.post(url(model, "add"), {"code": "x"}).status_code == 403


@pytest.mark.parametrize("model", SHOWN)
def test_no_action_of_the_list_deletes_what_is_ticked(site, model):
    rows = list(model.objects.values_list("pk", flat=True))

    with nothing_changes():
        site.post(
            url(model, "changelist"),
            {"action": "delete_selected", "_selected_action": rows, "post": "yes"},
        )

    assert "delete_selected" not in admin.site.get_model_admin(model).get_actions(
        site.get(url(model, "changelist")).wsgi_request
    )


@pytest.mark.parametrize("model", SHOWN)
@pytest.mark.parametrize("pk", ["0", "x", "9" * 30, "1/../2"])
def test_a_row_that_never_was_leads_back_to_the_front(site, model, pk):
    response = site.get(url(model, "changelist") + f"{pk}/change/")

    assert response.status_code in {302, 404}


@pytest.mark.parametrize("model", SHOWN[1:])
@pytest.mark.parametrize("wanted", ["%", "\\", "_x", "a" * 1000, "' OR 1=1 --"])
def test_a_search_for_signs_of_a_language_finds_nothing_and_breaks_nothing(site, model, wanted):
    response = site.get(url(model, "changelist"), {"q": wanted})

    assert (response.status_code, response.context["cl"].queryset.count()) == (200, 0)


@pytest.mark.parametrize("wanted", ["", " ", "'", '"', "\u202e", "\u200b"])
def test_a_search_for_nothing_that_can_be_seen_narrows_nothing(site, wanted):
    response = site.get(url(Question, "changelist"), {"q": wanted})

    assert response.context["cl"].queryset.count() == 5


@pytest.mark.parametrize(
    "asked",
    [
        {"answer_type": "lain"},
        {"answer_type__exact": "x"},
        {"indicator__cluster__id__exact": "x"},
        {"o": "99"},
        {"p": "999999999999"},
        {"indicator__cluster__instrument__corrections__code": "x"},
    ],
)
def test_a_filter_that_no_page_offers_shows_nothing_it_should_not(site, asked):
    response = site.get(url(Question, "changelist"), asked)

    assert response.status_code in {200, 302, 400}


def test_people_of_the_staff_look_up_only_what_they_were_given(client):
    make_instrument()
    person = UserFactory(is_staff=True)
    client.force_login(person)
    assert client.get(url(Instrument, "changelist")).status_code == 403

    person.user_permissions.add(Permission.objects.get(codename="view_instrument"))
    assert client.get(url(Instrument, "changelist")).status_code == 200
    assert client.get(url(Question, "changelist")).status_code == 403

    everything = Permission.objects.filter(content_type__app_label="clusters")
    person.user_permissions.set(everything)
    with nothing_changes():
        change = url(Instrument, "change", Instrument.objects.get().pk)
        assert client.post(change, {"title": "x"}).status_code == 403
