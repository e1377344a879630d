"""What the list of members says of notices that could not be mailed, and trying again."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from assessments.choices import NotificationKind
from assessments.models import Notification
from assessments.services.mailing import send_pending
from outbox.models import GIVE_UP_AFTER, Letter, LetterKind
from tests.factories.assessments import open_year
from tests.factories.cities import MembershipFactory, OpdFactory, SiteAdminFactory
from tests.outbox.smtp import mail_server

pytestmark = pytest.mark.django_db

NOW = timezone.now()  # of the import: a whole run may take half an hour from here
SECOND = timedelta(seconds=1)


@pytest.fixture
def admin(client):
    member = MembershipFactory(admin_kota=True)
    client.force_login(member.user)
    return member


def failed(member, since=NOW, **fields):
    facts = {"attempts": 1, "fault": "Alamat ini ditolak.", "next_try_at": NOW + GIVE_UP_AFTER}
    return Letter.objects.create(
        kind=LetterKind.NOTICES, subject=member.user_id, failed_at=since, **(facts | fields)
    )


def page(client, member):
    return client.get(reverse("cities:member_list", args=[member.city.slug]))


def retry(client, member, of, **data):
    return client.post(reverse("cities:member_retry", args=[member.city.slug, of.pk]), data)


def test_a_letter_that_failed_stands_beside_its_person_only(client, admin):
    told, other = MembershipFactory(city=admin.city), MembershipFactory(city=admin.city)
    failed(told)
    failed(MembershipFactory(), fault="Sebab di kota lain.")
    Letter.objects.create(  # an invitation of that number, not this person
        kind=LetterKind.INVITATION, subject=other.user_id, failed_at=NOW, fault="Sebab undangan."
    )

    response = page(client, admin)

    rows = {row: (letter and letter.fault, over) for row, letter, over in response.context["rows"]}
    assert rows == {
        admin: (None, False),
        told: ("Alamat ini ditolak.", False),
        other: (None, False),
    }
    assert response.text.count("Surat pemberitahuan tidak terkirim sejak") == 1
    assert response.text.count("Dicoba lagi") == 1
    assert ("Sebab di kota lain." in response.text, "Sebab undangan." in response.text) == (
        False,
        False,
    )


@pytest.mark.parametrize(
    ("facts", "is_over"),
    [
        ({"since": NOW}, False),
        ({"since": NOW - GIVE_UP_AFTER + timedelta(hours=6)}, False),
        ({"since": NOW - GIVE_UP_AFTER}, True),
        ({"since": NOW, "given_up_at": NOW, "next_try_at": None}, True),
    ],
)
def test_after_three_days_it_is_said_to_be_given_up(client, admin, facts, is_over):
    letter = failed(admin, **facts)

    text = page(client, admin).text

    assert ("Tidak dicoba lagi" in text, "Dicoba lagi" in text) == (is_over, not is_over)
    assert Letter.objects.given_up(NOW).filter(pk=letter.pk).exists() == is_over


def test_the_letter_of_an_invitation_is_only_over_when_it_was_given_up():
    letter = Letter(kind=LetterKind.INVITATION, subject=1, failed_at=NOW - 2 * GIVE_UP_AFTER)

    assert letter.is_given_up(NOW) is False
    letter.given_up_at = NOW
    assert letter.is_given_up(NOW) is True


def test_only_who_may_mend_an_address_gets_the_way_to_it(client, admin):
    told = MembershipFactory(city=admin.city)
    failed(told)
    way = reverse("cities:person_edit", args=[told.user_id])

    text = page(client, admin).text
    assert (way in text, "mintalah administrator situs memperbaikinya" in text) == (False, True)
    client.force_login(SiteAdminFactory())
    text = page(client, admin).text
    assert (way in text, "mintalah administrator situs memperbaikinya" in text) == (True, False)


def test_trying_again_sends_with_the_next_run(client, admin, settings):
    city = admin.city
    opd = OpdFactory(city=city)
    told = MembershipFactory(of_opd=True, opd=opd, city=city, user__email="a@uji.example")
    year = open_year(city=city)
    Notification.objects.create(
        user=told.user,
        kind=NotificationKind.RETURNED,
        assessment=year,
        text="Dikembalikan",
        url="/",
        key="satu",
        created_at=NOW,
    )
    with mail_server(settings, refused={"a@uji.example": "421 later"}):
        send_pending(now=lambda: NOW)
    with mail_server(settings) as server:
        send_pending(now=lambda: NOW + SECOND)
        assert server.delivered == []

        response = retry(client, admin, told)
        send_pending(now=timezone.now)

    assert server.delivered == ["a@uji.example"]
    assert not Letter.objects.exists()
    [message] = get_messages(response.wsgi_request)
    assert str(message) == f"Surat untuk {told.user} dicoba lagi dalam sepuluh menit."


@pytest.mark.parametrize("facts", [{"given_up_at": NOW}, {"since": NOW - 2 * GIVE_UP_AFTER}])
def test_what_was_given_up_begins_anew(client, admin, facts):
    failed(admin, **facts)

    retry(client, admin, admin)

    assert not Letter.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize("since", [NOW, NOW - 2 * GIVE_UP_AFTER])
def test_a_letter_on_its_way_is_left_to_its_sender(client, admin, since):
    letter = failed(admin, since=since, held_by=uuid.uuid4(), held_until=NOW + GIVE_UP_AFTER)
    before = Letter.objects.values().get(pk=letter.pk)

    retry(client, admin, admin)

    assert Letter.objects.values().get() == before


def test_another_citys_member_is_not_found(client, admin):
    theirs = MembershipFactory()
    letter = failed(theirs)
    before = Letter.objects.values().get(pk=letter.pk)

    assert retry(client, admin, theirs).status_code == 404
    assert Letter.objects.values().get() == before


def test_it_leads_back_to_the_page_but_never_to_another_site(client, admin):
    failed(admin)
    own = reverse("cities:member_list", args=[admin.city.slug])

    assert retry(client, admin, admin, next=f"{own}?halaman=2").url == f"{own}?halaman=2"
    assert retry(client, admin, admin, next="https://jahat.example/").url == own


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_as_often_for_one_failure_as_for_many(
    client, admin, count, django_assert_num_queries
):
    for member in MembershipFactory.create_batch(count, city=admin.city):
        failed(member)

    with django_assert_num_queries(9):
        page(client, admin)
