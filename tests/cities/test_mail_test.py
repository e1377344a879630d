"""The test letter of an administrator, and what the mail server answered."""

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse

from tests.factories.cities import MembershipFactory
from tests.outbox.smtp import mail_server

pytestmark = pytest.mark.django_db

ADDRESS = "ibu.admin@uji.example"
GONE = "Surat uji ke ibu.admin@uji.example tidak terkirim. "


@pytest.fixture
def admin(client):
    member = MembershipFactory(admin_kota=True, user__email=ADDRESS)
    client.force_login(member.user)
    return member


def asked(client, member):
    """What the page says after the button was pressed."""
    response = client.post(reverse("cities:mail_test", args=[member.city.slug]))
    assert response.url == reverse("cities:invitation_list", args=[member.city.slug])
    return str(list(get_messages(response.wsgi_request))[-1])


def test_one_letter_goes_to_whoever_asks(client, admin, settings):
    with mail_server(settings) as server:
        said = asked(client, admin)

    assert server.delivered == [ADDRESS]
    assert said == (
        "Server e-mail menerima surat uji untuk ibu.admin@uji.example. "
        "Bila tidak tiba dalam beberapa menit, periksa folder spam."
    )


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [
        (
            {"refused": {ADDRESS: "550 no such user"}},
            "Alamat ini ditolak server e-mail; periksa ejaannya. Jawabannya: 550 no such user",
        ),
        (
            {"refused": {ADDRESS: "421 try later"}},
            "Alamat ini belum diterima server e-mail. Jawabannya: 421 try later",
        ),
        (
            {"refused_data": {ADDRESS: "554 spam"}},
            "Server e-mail menolak isi surat ini. Jawabannya: 554 spam",
        ),
        ({"hangs_for": {ADDRESS}}, "Server e-mail memutus sambungan atau tidak menjawab."),
    ],
)
def test_what_the_server_answered_is_told_in_plain_words(client, admin, settings, behaviour, fault):
    with mail_server(settings, **behaviour) as server:
        said = asked(client, admin)

    assert (said, server.delivered) == (GONE + fault, [])


def test_a_server_that_is_away_is_told(client, admin, settings):
    with mail_server(settings):
        pass

    assert asked(client, admin) == f"{GONE}Server e-mail tidak dapat dihubungi."


def test_without_a_mail_server_it_is_refused_and_not_counted(client, admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    said = {asked(client, admin) for _time in range(6)}
    assert said == {"Surat uji tidak dikirim: server e-mail belum diatur."}

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    asked(client, admin)
    assert len(mail.outbox) == 1


def test_a_person_has_five_an_hour_and_takes_none_from_others(client, admin):
    said = [asked(client, admin) for _time in range(6)]

    assert said[-1] == "Paling banyak 5 surat uji dalam satu jam. Tunggu sebentar."
    assert len(mail.outbox) == 5

    other = MembershipFactory(admin_kota=True, city=admin.city)
    client.force_login(other.user)
    asked(client, other)
    assert [letter.to for letter in mail.outbox[5:]] == [[other.user.email]]
