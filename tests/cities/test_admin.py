import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import City, Membership, User, Zone
from cities.roles import Role
from tests.factories.cities import (
    CityFactory,
    MembershipFactory,
    OpdFactory,
    ProvinceFactory,
    SiteAdminFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MODELS = ["user", "province", "city", "opd", "membership"]


@pytest.fixture(autouse=True)
def site_admin(client):
    user = SiteAdminFactory(email="admin@example.id")
    client.force_login(user)
    return user


def page(model, name, *args):
    return reverse(f"admin:cities_{model}_{name}", args=args)


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", MODELS)
def test_every_list_can_be_searched(client, model):
    MembershipFactory(of_opd=True)

    assert client.get(page(model, "changelist"), {"q": "o"}).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_every_list_costs_the_same_with_1_and_with_30_rows(client, model):
    url = page(model, "changelist")
    MembershipFactory(of_opd=True)
    one = queries_of(client, url)
    for number in range(20, 50):
        province = ProvinceFactory(code=str(number), name=f"Provinsi {number}")
        MembershipFactory(of_opd=True, city__province=province)

    assert queries_of(client, url) == one


@pytest.mark.parametrize("model", MODELS)
def test_every_form_opens(client, model):
    member = MembershipFactory(of_opd=True)
    rows = {
        "user": member.user,
        "province": member.city.province,
        "city": member.city,
        "opd": member.opd,
        "membership": member,
    }

    assert client.get(page(model, "add")).status_code == 200
    assert client.get(page(model, "change", rows[model].pk)).status_code == 200


def test_an_account_is_created_by_e_mail(client):
    password = "sepeda-biru-di-pasar"
    data = {
        "email": "Siti@Example.id",
        "name": "Siti",
        "usable_password": "true",
        "password1": password,
        "password2": password,
    }

    client.post(page("user", "add"), data)

    assert User.objects.get(email="siti@example.id").check_password(password)


def test_an_account_is_not_created_twice(client):
    UserFactory(email="siti@example.id")

    response = client.post(
        page("user", "add"),
        {"email": "SITI@example.id", "name": "Siti", "usable_password": "false"},
    )

    errors = response.context["adminform"].form.errors
    assert errors["email"] == ["E-mail ini sudah terdaftar."]
    assert User.objects.filter(email__iexact="siti@example.id").count() == 1


def test_a_password_is_set_for_somebody(client):
    user = UserFactory(without_password=True)
    password = "sepeda-biru-di-pasar"
    data = {"usable_password": "true", "password1": password, "password2": password}

    client.post(reverse("admin:auth_user_password_change", args=[user.pk]), data)

    user.refresh_from_db()
    assert user.check_password(password)


@pytest.mark.parametrize(("slug", "is_stored"), [("tambah", False), ("kota-baru", True)])
def test_a_city_does_not_take_the_address_of_a_page(client, slug, is_stored):
    data = {
        "code": "18.90",
        "name": "Kota Baru",
        "slug": slug,
        "province": ProvinceFactory().pk,
        "timezone": Zone.WIB,
    }

    client.post(page("city", "add"), data)

    assert City.objects.filter(slug=slug).exists() is is_stored


@pytest.mark.parametrize("is_own", [True, False])
def test_a_membership_names_only_an_opd_of_its_city(client, is_own):
    city = CityFactory()
    opd = OpdFactory(city=city) if is_own else OpdFactory()
    data = {"user": UserFactory().pk, "city": city.pk, "role": Role.OPD, "opd": opd.pk}

    client.post(page("membership", "add"), data)

    assert Membership.objects.filter(city=city).exists() is is_own


def test_a_changed_e_mail_is_stored_in_lower_case(client):
    user = UserFactory(email="siti@example.id", name="Siti")
    data = {
        "email": "Siti.Aminah@Example.id",
        "name": "Siti",
        "is_active": "on",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }

    client.post(page("user", "change", user.pk), data)

    user.refresh_from_db()
    assert user.email == "siti.aminah@example.id"
