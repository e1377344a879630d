"""The Forum Anak reads what was passed on, and never what nobody has read before."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from cities.models import Invitation
from cities.roles import Role
from cities.services.invitations import Guest, invite
from public.choices import MessageState
from public.models import PublicMessage
from public.services.messages import settle_message
from tests.assessments.situations import later
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.public import PublicMessageFactory
from tests.factories.territories import UnitFactory

pytestmark = pytest.mark.django_db

PLANTED = "Tetangga kami memukul anaknya."


@pytest.fixture
def city():
    return CityFactory()


@pytest.fixture
def member(client, city):
    member = MembershipFactory(forum_anak=True, city=city)
    client.force_login(member.user)
    return member


def passed_list(city):
    return reverse("public:passed_list", args=[city.slug])


def passed_on(**fields):
    secretary = MembershipFactory(city=fields["city"], user__name="Sri Sekretaris").user
    fields |= {"state": MessageState.PASSED_ON, "settled_at": later(), "settled_by": secretary}
    return PublicMessageFactory(**fields)


@pytest.mark.parametrize("state", [one for one in MessageState if one != MessageState.PASSED_ON])
def test_only_what_was_passed_on_is_there(client, city, member, state):
    told = passed_on(city=city)
    PublicMessageFactory(city=city, state=state, text=PLANTED)
    passed_on(city=CityFactory(), text=PLANTED)

    for query in ({}, {"keadaan": state.value}, {"halaman": "2"}):
        page = client.get(passed_list(city), query)

        assert list(page.context["page_obj"]) == [told]
        assert (told.text in page.text, PLANTED in page.text) == (True, False)


def test_it_says_what_where_and_when_and_not_who_passed_it_on(client, city, member):
    unit = UnitFactory(city=city, name="Mekar", parent__name="Utara")
    passed_on(city=city, unit=unit)

    text = client.get(passed_list(city)).text

    assert f"{unit.full_name} · 2 Maret 2026" in text
    assert [word in text for word in ("Sri Sekretaris", "Diteruskan", "Ditolak")] == [False] * 3
    assert reverse("public:message_list", args=[city.slug]) not in text.replace(
        passed_list(city), ""
    )


def test_what_is_rejected_after_all_goes_from_the_page(client, city, member):
    message = passed_on(city=city, text=PLANTED)
    by = MembershipFactory(city=city).user

    settle_message(message=message, state=MessageState.REJECTED, by=by, at=later(1))

    page = client.get(passed_list(city))
    assert (list(page.context["page_obj"]), PLANTED in page.text) == ([], False)
    assert "Belum ada pesan yang diteruskan." in page.text


def test_the_first_page_is_the_list(client, city, member):
    assert client.get(reverse("home")).url == passed_list(city)
    assert client.get(passed_list(city)).status_code == 200


def test_nothing_on_the_page_leads_where_the_forum_anak_may_not_go(client, city, member):
    passed_on(city=city)
    page = client.get(passed_list(city)).text

    links = re.findall(r'<a[^>]* href="(/[^"#]+)"', page)

    codes = {link: client.get(link).status_code for link in set(links) - {"/"}}
    assert reverse("assessments:city_list") in codes
    assert {link: code for link, code in codes.items() if code != 200} == {}


def test_it_neither_reads_first_nor_marks_anything(client, city, member):
    message = PublicMessageFactory(city=city)
    mark = reverse("public:message_settle", args=[city.slug, message.pk, "diteruskan"])

    codes = [client.get(reverse("public:message_list", args=[city.slug])), client.post(mark)]

    assert [answer.status_code for answer in codes] == [403, 403]
    with pytest.raises(PermissionDenied):
        settle_message(message=message, state=MessageState.PASSED_ON, by=member.user, at=later())
    message.refresh_from_db()
    assert message.state == MessageState.NEW


def test_thirty_messages_cost_what_one_costs(client, city, member, django_assert_num_queries):
    def fill(count):
        for _ in range(count):
            passed_on(city=city, unit=UnitFactory(city=city))

    fill(1)
    client.get(passed_list(city))  # what is looked up once a process
    for more in (0, 29):
        fill(more)
        with django_assert_num_queries(6):
            client.get(passed_list(city))


@pytest.mark.parametrize("role", Role)
def test_whom_a_role_lets_read_which_messages(role):
    member = MembershipFactory(of_opd=True) if role == Role.OPD else MembershipFactory(role=role)
    for state in MessageState:
        PublicMessageFactory(city=member.city, state=state)
    PublicMessageFactory(state=MessageState.PASSED_ON)

    seen = {message.state for message in PublicMessage.objects.visible_to(member)}

    everything = {Role.ADMIN_KOTA: set(MessageState), Role.GUGUS_TUGAS: set(MessageState)}
    assert seen == (everything | {Role.FORUM_ANAK: {MessageState.PASSED_ON}}).get(role, set())


def test_whoever_reads_first_is_told_who_reads_what_they_pass_on(client, city):
    client.force_login(MembershipFactory(gugus_tugas=True, city=city).user)

    text = client.get(reverse("public:message_list", args=[city.slug])).text

    assert (
        "Baca dahulu: yang Anda tandai diteruskan, dan hanya itu, dibaca akun Forum Anak." in text
    )


def test_a_city_invites_somebody_of_its_forum_anak(city):
    admin = MembershipFactory(admin_kota=True, city=city).user
    guest = Guest("pendamping@example.id", "Pendamping Forum", Role.FORUM_ANAK, None)

    invite(city=city, guests=[guest], by=admin, at=later())

    assert Invitation.objects.get().role == "forum_anak"
