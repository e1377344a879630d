import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from assessments.models import Award
from cities.models import CityTrailEvent, EmailChange, UserSession
from cities.services.activity import NewEntry, record
from cities.services.sent_forms import claim
from tests.assessments.situations import NOW
from tests.factories.cities import (
    AgencyAliasFactory,
    InvitationFactory,
    MembershipFactory,
    ProvinceFactory,
    SiteAdminFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db

MODELS = sorted(model._meta.model_name for model in apps.get_app_config("cities").get_models())


@pytest.fixture(autouse=True)
def site_admin(client):
    user = SiteAdminFactory(email="admin@example.id")
    client.force_login(user)
    return user


@pytest.fixture
def rows(site_admin):
    """One of everything, by the name of its model."""
    member = MembershipFactory(of_opd=True)
    village = VillageFactory(district__city=member.city)
    record(NewEntry(CityTrailEvent.OPD_CHANGED, "OPD"), city=member.city, by=site_admin, at=NOW)
    return {
        "user": member.user,
        "province": member.city.province,
        "city": member.city,
        "cityactivity": member.city.activities.get(),
        "district": village.district,
        "village": village,
        "opd": member.opd,
        "membership": member,
        "agencyalias": AgencyAliasFactory(city=member.city, opd=member.opd),
        "invitation": InvitationFactory(city=member.city),
        "usersession": UserSession.objects.create(
            user=member.user,
            session_key="b" * 32,
            auth_hash="c" * 64,
            signed_in_at=NOW,
            last_used_at=NOW,
        ),
        "emailchange": EmailChange.objects.create(
            user=member.user, before="lama@kota.example", after="baru@kota.example", asked_at=NOW
        ),
        "sentform": claim(key="a" * 64, by=member.user, at=NOW)[0],
    }


def people_and_places():
    models = apps.get_app_config("cities").get_models()
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def page(model, name, *args):
    return reverse(f"admin:cities_{model}_{name}", args=args)


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", MODELS)
def test_every_list_can_be_searched(client, rows, model):
    assert client.get(page(model, "changelist"), {"q": "o"}).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_every_list_costs_the_same_with_1_and_with_30_rows(client, rows, site_admin, model):
    url = page(model, "changelist")
    one = queries_of(client, url)
    for number in range(20, 50):
        province = ProvinceFactory(code=str(number), name=f"Provinsi {number}")
        member = MembershipFactory(of_opd=True, city__province=province)
        VillageFactory(district__city=member.city)
        AgencyAliasFactory(city=member.city, opd=member.opd)
        InvitationFactory(city=member.city, role="opd", opd=member.opd)
        record(NewEntry(CityTrailEvent.OPD_CHANGED, "OPD"), city=member.city, by=site_admin, at=NOW)
        claim(key="a" * 64, by=member.user, at=NOW)

    assert queries_of(client, url) == one


@pytest.mark.parametrize("model", MODELS)
def test_a_row_can_be_looked_up_and_not_be_changed(client, rows, model):
    change = page(model, "change", rows[model].pk)
    before = people_and_places()

    assert client.get(change).status_code == 200
    assert client.post(change, {"name": "Lain", "role": "admin_kota"}).status_code == 403
    assert client.post(page(model, "add"), {"name": "Lain"}).status_code == 403
    deleted = client.post(page(model, "delete", rows[model].pk), {"post": "yes"})
    assert deleted.status_code == 403
    assert people_and_places() == before


@pytest.mark.parametrize("model", MODELS)
def test_no_deed_is_offered_over_the_rows_of_a_list(client, rows, model):
    data = {"action": "delete_selected", "_selected_action": [rows[model].pk], "post": "yes"}
    before = people_and_places()

    client.post(page(model, "changelist"), data)

    assert people_and_places() == before


def test_nobodys_password_is_set_past_the_trail():
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[1])


def test_nothing_but_awards_is_changed_in_the_administration(rf, site_admin):
    request = rf.get("/admin/")
    request.user = site_admin
    writable = {
        model
        for model, one in admin.site._registry.items()
        if one.has_add_permission(request)
        or one.has_change_permission(request)
        or one.has_delete_permission(request)
    }

    assert writable == {Award}
