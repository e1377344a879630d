"""Another person in a member's place: the OPD's work goes on, the one who leaves is out."""

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from assessments.models import Activity
from cities.models import CityTrailEvent, Invitation, Membership, User
from cities.roles import Role
from cities.services.invitations import accept_with_account
from cities.services.mailing import send_invitations
from cities.services.replacing import replace_member
from tests.assessments.situations import city_with_opds, claim, hand_in, staff_of
from tests.at_once import at_once
from tests.factories.assessments import answer_of, open_year
from tests.factories.cities import (
    CityFactory,
    InvitationFactory,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def admin():
    return MembershipFactory(admin_kota=True)


@pytest.fixture
def leaving(admin):
    return MembershipFactory(
        city=admin.city,
        of_opd=True,
        opd__name="Dinas Kesehatan",
        user__name="Budi",
        user__email="budi@example.id",
    )


def replace(membership, by, email="siti@example.id", name="Siti"):
    return replace_member(membership=membership, email=email, name=name, by=by.user, at=AT)


def address(name, membership):
    return reverse(f"cities:{name}", args=[membership.city.slug, membership.pk])


def told(city):
    rows = city.activities.order_by("position")
    return [(row.deed, row.target, row.before, row.after) for row in rows]


def members_of(city):
    rows = city.memberships.order_by("user__name")
    return list(rows.values_list("user__name", "role", "opd__name"))


@pytest.fixture
def is_refused(admin):
    """Whoever is refused: with this sentence, and with nobody gained or lost."""

    def ask(membership, sentence, **newcomer):
        before = members_of(membership.city), Invitation.objects.count()
        with pytest.raises(ValidationError) as refusal:
            replace(membership, admin, **newcomer)
        assert refusal.value.messages == [sentence]
        assert (members_of(membership.city), Invitation.objects.count()) == before
        assert told(membership.city) == []

    return ask


def test_the_newcomer_is_invited_to_the_role_and_the_opd(admin, leaving):
    invitation = replace(leaving, admin)

    assert (invitation.email, invitation.role, invitation.opd) == (
        "siti@example.id",
        Role.OPD,
        leaving.opd,
    )
    assert not Membership.objects.filter(pk=leaving.pk).exists()
    assert User.objects.get(email="budi@example.id").is_active


def test_the_trail_says_who_replaced_whom(admin, leaving):
    replace(leaving, admin)

    invited, removed, replaced = told(admin.city)
    assert (invited[0], removed[0]) == (
        CityTrailEvent.INVITATION_SENT,
        CityTrailEvent.MEMBER_REMOVED,
    )
    assert replaced == (
        CityTrailEvent.MEMBER_REPLACED,
        "Dinas Kesehatan",
        {"person": "Budi <budi@example.id>"},
        {"person": "Siti <siti@example.id>"},
    )


def test_a_city_keeps_its_last_administrator_until_another_has_accepted(admin, is_refused):
    sentence = "Ini admin kota yang terakhir. Angkat admin kota lain terlebih dahulu."
    is_refused(admin, sentence)

    MembershipFactory(admin_kota=True, city=admin.city)
    assert replace(admin, admin).role == Role.ADMIN_KOTA


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        # Nobody replaces themselves, nor comes who is here already or on the way.
        ("budi@example.id", "budi@example.id sudah menjadi anggota kota ini."),
        ("ani@example.id", "ani@example.id sudah menjadi anggota kota ini."),
        (
            "tamu@example.id",
            "tamu@example.id sudah diundang. Kirim ulang undangannya dari daftar undangan.",
        ),
    ],
)
def test_who_cannot_come_changes_nothing(admin, leaving, is_refused, email, sentence):
    MembershipFactory(city=admin.city, user__email="ani@example.id")
    InvitationFactory(city=admin.city, email="tamu@example.id")

    is_refused(leaving, sentence, email=email)


def test_an_inactive_opd_is_not_handed_over(admin, is_refused):
    leaving = MembershipFactory(city=admin.city, of_opd=True, opd__is_active=False)

    is_refused(leaving, "OPD ini tidak aktif. Aktifkan dahulu, atau pilih OPD lain.")


def test_who_left_already_is_not_replaced(admin, leaving, is_refused):
    Membership.objects.filter(pk=leaving.pk).delete()

    is_refused(leaving, "Orang ini sudah bukan anggota kota ini. Muat ulang daftar anggota.")


# --- The work and the session -------------------------------------------------------------------


def test_the_opds_work_goes_on_and_the_deeds_keep_their_name():
    year = open_year(city=city_with_opds())
    admin = MembershipFactory(admin_kota=True, city=year.city)
    leaving = staff_of(year, "DISDIK")
    answer = answer_of(year, "1.2")
    claim(answer, "10", by=leaving.user)
    [evidence] = hand_in(answer, by=leaving.user, opd=leaving.opd)
    newcomer = UserFactory(email="siti@example.id")
    replace(leaving, admin)
    send_invitations(now=lambda: AT)
    [token] = re.findall(r"/undangan/([\w-]+)/", mail.outbox[-1].body)
    added = accept_with_account(token=token, user=newcomer, at=AT)
    client = Client()
    client.force_login(added.user)

    tasks = client.get(reverse("assessments:task_list", args=[year.city.slug]))
    question = client.get(answer.get_absolute_url())
    page = question.content.decode()

    assert tasks.status_code == 200
    assert question.status_code == 200
    assert evidence.document.title in page
    assert leaving.user.name in page
    evidence.document.refresh_from_db()
    assert (evidence.document.opd, evidence.document.uploaded_by) == (leaving.opd, leaving.user)
    deeds = Activity.objects.filter(assessment=year, answer=answer)
    assert set(deeds.values_list("by", flat=True)) == {leaving.user.pk}


def test_who_left_finds_nothing_with_the_very_next_request():
    year = open_year(city=city_with_opds())
    admin = MembershipFactory(admin_kota=True, city=year.city)
    leaving = staff_of(year, "DISDIK")
    tasks = reverse("assessments:task_list", args=[year.city.slug])
    question = answer_of(year, "1.2").get_absolute_url()
    client = Client()
    client.force_login(leaving.user)
    assert [client.get(url).status_code for url in (tasks, question)] == [200, 200]

    replace(leaving, admin)

    assert [client.get(url).status_code for url in (tasks, question)] == [404, 404]
    assert client.post(f"{question}klaim/", {"points": "1"}).status_code == 404
    assert client.get(reverse("home"), follow=True).context["page_obj"].object_list == []


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_who_replace_the_same_member_leave_one_successor():
    city = CityFactory()
    admin, other = MembershipFactory.create_batch(2, city=city, admin_kota=True)
    leaving = MembershipFactory(city=city, of_opd=True)

    answers = at_once(
        lambda: replace(leaving, admin, email="siti@example.id"),
        lambda: replace(leaving, other, email="tono@example.id"),
    )

    assert answers.count("left_already") == 1
    assert city.memberships.filter(role=Role.OPD).count() == 0
    assert city.invitations.count() == 1


# --- The page ---------------------------------------------------------------------------------


def test_the_page_sends_the_letter_and_leads_back_to_the_list(client, admin, leaving):
    client.force_login(admin.user)

    response = client.post(
        address("member_replace", leaving),
        {"email": "Siti@Example.id", "name": "Siti"},
        follow=True,
    )

    assert response.redirect_chain == [(reverse("cities:member_list", args=[admin.city.slug]), 302)]
    assert "Siti menggantikan Budi sebagai Dinas Kesehatan." in response.content.decode()
    assert [letter.to for letter in mail.outbox] == [["siti@example.id"]]
    assert members_of(admin.city) == [(admin.user.name, Role.ADMIN_KOTA, None)]


def test_whoever_hands_over_their_own_place_lands_on_their_other_cities(client, admin):
    MembershipFactory(admin_kota=True, city=admin.city)
    client.force_login(admin.user)

    response = client.post(
        address("member_replace", admin), {"email": "siti@example.id", "name": "Siti"}
    )

    assert response["Location"] == reverse("home")


def test_the_page_says_why_somebody_cannot_come(client, admin, leaving):
    client.force_login(admin.user)

    response = client.post(
        address("member_replace", leaving), {"email": admin.user.email, "name": "Siti"}
    )

    assert response.context["form"].non_field_errors() == [
        f"{admin.user.email} sudah menjadi anggota kota ini."
    ]


def test_a_member_of_another_city_stays_out_of_reach(client, admin):
    stranger = MembershipFactory(of_opd=True)
    client.force_login(admin.user)
    url = reverse("cities:member_replace", args=[admin.city.slug, stranger.pk])

    assert client.post(url, {"email": "siti@example.id", "name": "Siti"}).status_code == 404
    assert Membership.objects.filter(pk=stranger.pk).exists()
