"""The pages around invitations."""

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from cities.models import CityActivity, Invitation, Membership, User
from cities.roles import Role
from outbox.models import Letter, LetterKind
from tests.factories.cities import (
    PASSWORD,
    InvitationFactory,
    MembershipFactory,
    OpdFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NEW = "bunga-sakura-2030"


@pytest.fixture
def admin(client):
    """The administrator of a city, signed in."""
    member = MembershipFactory(admin_kota=True)
    client.force_login(member.user)
    return member


def address(name, member, *args):
    return reverse(f"cities:{name}", args=[member.city.slug, *args])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def link(invitation_token):
    return reverse("cities:invitation_accept", args=[invitation_token])


def acceptance(**changes):
    return {"name": "Siti", "password": NEW, "again": NEW, **changes}


# --- Inviting ---------------------------------------------------------------------------------


def test_an_invitation_is_sent_at_once(client, admin):
    opd = OpdFactory(city=admin.city)
    data = {"email": "Siti@example.id", "name": "Siti", "role": "opd", "opd": opd.pk}

    response = client.post(address("invitation_create", admin), data)

    assert response.url == address("member_list", admin)
    assert said(response) == ["1 undangan terkirim. Tautannya berlaku 7 hari."]
    assert [letter.to for letter in mail.outbox] == [["siti@example.id"]]
    assert Invitation.objects.get().opd == opd


def test_an_invitation_whose_letter_did_not_go_out_is_told_to_wait(client, admin, monkeypatch):
    def broken(self, messages):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", broken)
    data = {"email": "siti@example.id", "name": "Siti", "role": "pimpinan"}

    response = client.post(address("invitation_create", admin), data)

    assert said(response) == [
        (
            "1 undangan tercatat, tetapi suratnya belum dapat dikirim. "
            "Surat dicoba lagi sendiri; sebabnya tertulis dalam daftar undangan."
        )
    ]
    page = client.get(address("member_list", admin)).content.decode()
    assert "Surat belum terkirim" in page


def test_what_is_wrong_stands_on_the_form(client, admin):
    member = MembershipFactory(city=admin.city)
    data = {"email": member.user.email, "name": "Lain", "role": "pimpinan"}

    response = client.post(address("invitation_create", admin), data)

    assert response.context["form"].non_field_errors() == [
        f"{member.user.email} sudah menjadi anggota kota ini."
    ]
    assert mail.outbox == []


def test_the_answer_tells_nothing_of_an_account(client, admin):
    """A city's administrator sees the same for an address that is known here and one that is not."""
    UserFactory(email="ada@example.id")
    answers = []
    for email in ("ada@example.id", "tiada@example.id"):
        data = {"email": email, "name": "Seseorang", "role": "pimpinan"}
        response = client.post(address("invitation_create", admin), data)
        answers.append((response.status_code, response.url, said(response)[-1]))

    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("role", "of", "field"),
    [
        ("opd", "nowhere", "opd"),
        ("opd", "another city", "opd"),
        ("opd", "an inactive one", "opd"),
        ("pimpinan", "here", "opd"),
        ("raja", "nowhere", "role"),
    ],
)
def test_role_and_opd_must_agree(client, admin, role, of, field):
    opds = {
        "nowhere": "",
        "another city": OpdFactory().pk,
        "an inactive one": OpdFactory(city=admin.city, is_active=False).pk,
        "here": OpdFactory(city=admin.city).pk,
    }

    response = client.post(
        address("invitation_create", admin),
        {"email": "siti@example.id", "name": "Siti", "role": role, "opd": opds[of]},
    )

    assert list(response.context["form"].errors) == [field]
    assert not Invitation.objects.exists()


def test_without_an_opd_the_form_says_where_to_record_one(client, admin):
    url = address("invitation_create", admin)

    assert client.get(url).context["has_opds"] is False
    assert address("opd_create", admin) in client.get(url).content.decode()


def test_the_members_page_shows_who_has_not_answered_yet(client, admin):
    InvitationFactory(city=admin.city, name="Terkirim")
    InvitationFactory(city=admin.city, name="Basi", expired=True)
    InvitationFactory(city=admin.city, name="Sudah", accepted=True)
    InvitationFactory(city=admin.city, name="Batal", revoked=True)
    InvitationFactory(name="Kota lain")

    response = client.get(address("member_list", admin))

    shown = {(one.name, str(state)) for one, state, _letter in response.context["invitations"]}
    assert shown == {("Terkirim", "sent"), ("Basi", "expired")}


def test_the_list_shows_every_invitation_of_the_city_with_its_state(client, admin):
    for trait in ({}, {"expired": True}, {"accepted": True}, {"revoked": True}, {"waiting": True}):
        InvitationFactory(city=admin.city, **trait)
    InvitationFactory()

    response = client.get(address("invitation_list", admin))

    states = sorted(str(state) for _one, state, _letter in response.context["rows"])
    assert states == ["accepted", "expired", "revoked", "sent", "waiting"]
    for state in states:
        only = client.get(address("invitation_list", admin), {"keadaan": state}).context["rows"]
        assert [str(one) for _invitation, one, _letter in only] == [state]


def test_the_list_is_searched_by_name_address_and_opd(client, admin):
    opd = OpdFactory(city=admin.city, name="Dinas Kesehatan")
    InvitationFactory(city=admin.city, name="Ani", email="ani@example.id", role="opd", opd=opd)
    InvitationFactory(city=admin.city, name="Budi", email="budi@example.id")
    InvitationFactory(name="Ani di kota lain")

    for words in ("ani", "ANI@EXAMPLE", "kesehatan"):
        rows = client.get(address("invitation_list", admin), {"q": words}).context["rows"]
        assert [one.name for one, _state, _letter in rows] == ["Ani"]


def test_a_letter_is_sent_again_and_leads_back_to_where_it_was_asked(client, admin):
    invitation = InvitationFactory(city=admin.city, expired=True)
    back = address("member_list", admin)

    response = client.post(address("invitation_resend", admin, invitation.pk), {"next": back})

    assert (response.url, len(mail.outbox)) == (back, 1)
    invitation.refresh_from_db()
    assert invitation.state_at(timezone.now()) == "sent"


def test_no_deed_leads_to_another_site(client, admin):
    invitation = InvitationFactory(city=admin.city)
    url = address("invitation_revoke", admin, invitation.pk)

    response = client.post(url, {"next": "https://jahat.example/"})

    assert response.url == address("invitation_list", admin)
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_what_is_over_is_told_to_be_over(client, admin):
    invitation = InvitationFactory(city=admin.city, accepted=True)

    for name in ("invitation_resend", "invitation_revoke"):
        response = client.post(address(name, admin, invitation.pk))
        assert said(response)[-1].startswith("Undangan ini sudah diterima.")
    assert mail.outbox == []


@pytest.mark.parametrize("name", ["invitation_resend", "invitation_revoke"])
def test_another_citys_invitation_is_not_found(client, admin, name):
    foreign = InvitationFactory()

    assert client.post(address(name, admin, foreign.pk)).status_code == 404


# --- From a list ------------------------------------------------------------------------------


def upload(client, admin, *rows):
    text = "\n".join(["nama;e-mail;peran;opd", *rows])
    file = SimpleUploadedFile("anggota.csv", text.encode())
    return client.post(address("member_import", admin), {"file": file})


def test_a_list_is_shown_before_anybody_is_invited(client, admin):
    response = upload(
        client, admin, "Ani;ani@example.id;Pimpinan;", "Budi;budi@example.id;Verifikator;"
    )

    assert [guest.name for guest in response.context["sheet"].guests] == ["Ani", "Budi"]
    assert (Invitation.objects.count(), mail.outbox) == (0, [])

    signed = response.context["signed"]
    back = address("member_list", admin)
    response = client.post(
        address("member_import_confirm", admin), {"guests": signed, "next": back}
    )

    assert response.url == back
    assert said(response)[-1] == "2 undangan terkirim. Tautannya berlaku 7 hari."
    assert sorted(letter.to[0] for letter in mail.outbox) == ["ani@example.id", "budi@example.id"]


def test_one_fault_keeps_the_whole_list_from_being_invited(client, admin):
    before = CityActivity.objects.count()

    response = upload(client, admin, "Ani;ani@example.id;Pimpinan;", "Budi;budi;Verifikator;")

    assert response.context["sheet"].faults == ["baris 3: “budi” bukan alamat e-mail."]
    assert response.context["signed"] == ""
    assert (Invitation.objects.count(), CityActivity.objects.count()) == (0, before)


def test_a_list_that_was_checked_for_another_city_or_person_invites_nobody(client, admin):
    signed = upload(client, admin, "Ani;ani@example.id;Admin kota;").context["signed"]
    other = MembershipFactory(admin_kota=True, city=admin.city)
    elsewhere = MembershipFactory(admin_kota=True, user=admin.user)
    client.force_login(admin.user)

    foreign = client.post(address("member_import_confirm", elsewhere), {"guests": signed})
    client.force_login(other.user)
    stolen = client.post(address("member_import_confirm", other), {"guests": signed})

    for response in (foreign, stolen):
        assert response.context["refusals"] == [
            "Pratinjau ini sudah lewat satu jam. Unggah daftarnya sekali lagi."
        ]
    assert Invitation.objects.count() == 0


def test_a_list_whose_people_came_in_meanwhile_is_refused_whole(client, admin):
    signed = upload(
        client, admin, "Ani;ani@example.id;Pimpinan;", "Budi;budi@example.id;Pimpinan;"
    ).context["signed"]
    InvitationFactory(city=admin.city, email="budi@example.id")

    response = client.post(address("member_import_confirm", admin), {"guests": signed})

    assert response.context["refusals"] == [
        "budi@example.id sudah diundang. Kirim ulang undangannya dari daftar undangan."
    ]
    assert Invitation.objects.filter(email="ani@example.id").count() == 0


def test_too_large_a_file_is_not_read(client, admin):
    file = SimpleUploadedFile("anggota.csv", b"x" * (5 * 1024 * 1024 + 1))

    response = client.post(address("member_import", admin), {"file": file})

    [error] = response.context["form"].errors["file"]
    assert error.startswith("Berkas ini 5.242.881\xa0byte, paling besar 5.242.880\xa0byte.")


def test_the_empty_list_is_a_workbook(client, admin):
    response = client.get(address("member_template", admin))

    assert b"".join(response.streaming_content)[:4] == b"PK\x03\x04"
    assert f'filename="anggota-{admin.city.slug}.xlsx"' in response["Content-Disposition"]


# --- Accepting --------------------------------------------------------------------------------


def test_somebody_new_sets_a_password_and_is_signed_in(client):
    opd = OpdFactory()
    invitation = InvitationFactory(city=opd.city, role="opd", opd=opd, token="kunci")

    assert client.get(link("kunci")).context["form"].initial == {"name": invitation.name}
    response = client.post(link("kunci"), acceptance())

    user = User.objects.get(email=invitation.email)
    assert response.url == "/"
    assert int(client.session["_auth_user_id"]) == user.pk
    assert Membership.objects.get(user=user).opd == opd
    assert said(response) == [f"Anda kini anggota {opd.city.name} sebagai {opd.name}."]


def test_the_line_of_the_trail_knows_from_where_the_invitation_was_accepted(client):
    invitation = InvitationFactory(token="kunci")

    client.post(link("kunci"), acceptance(), REMOTE_ADDR="203.0.113.9")

    assert CityActivity.objects.get(city=invitation.city).address == "203.0.113.9"


def test_opening_the_link_uses_nothing_up(client):
    """Programs that read mail for people open every link in it."""
    InvitationFactory(token="kunci")

    for _time in range(3):
        assert client.get(link("kunci")).status_code == 200
        assert client.head(link("kunci")).status_code == 200
    assert User.objects.filter(name="Siti").count() == 0
    assert client.post(link("kunci"), acceptance()).status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "pendek", "again": "pendek"}, "password"),
        ({"password": "12345678901", "again": "12345678901"}, "password"),
        ({"again": "lain-sekali-2030"}, "again"),
        ({"name": ""}, "name"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_beside_its_field(client, changes, field):
    InvitationFactory(token="kunci")

    response = client.post(link("kunci"), acceptance(**changes))

    assert list(response.context["form"].errors) == [field]
    assert not User.objects.filter(name="Siti").exists()


def test_a_password_like_the_address_is_refused(client):
    InvitationFactory(token="kunci", email="siti.aminah@example.id")

    response = client.post(link("kunci"), acceptance(password="siti.aminah", again="siti.aminah"))

    assert list(response.context["form"].errors) == ["password"]


def test_who_has_an_account_signs_in_and_confirms(client):
    user = UserFactory()
    invitation = InvitationFactory(token="kunci", email=user.email, role=Role.PIMPINAN)

    page = client.get(link("kunci"))
    assert page.context["form"] is None
    assert f"/masuk/?next={link('kunci')}" in page.content.decode()
    assert client.post(link("kunci"), acceptance()).status_code == 200
    assert not Membership.objects.filter(user=user).exists()

    signed_in = client.post(
        f"/masuk/?next={link('kunci')}", {"login": user.email, "password": PASSWORD}
    )
    assert signed_in.url == link("kunci")
    assert client.post(link("kunci")).url == "/"
    assert Membership.objects.get(user=user).city == invitation.city


def test_somebody_else_who_is_signed_in_is_asked_to_leave_first(client):
    invitation = InvitationFactory(token="kunci")
    other = UserFactory()
    client.force_login(other)

    assert client.get(link("kunci")).context["is_other"] is True
    response = client.post(link("kunci"), acceptance())

    assert response.context["refusals"] == [
        f"Undangan ini untuk {invitation.email}. Keluar, lalu masuk dengan e-mail itu."
    ]
    assert not Membership.objects.filter(user=other).exists()
    assert not User.objects.filter(email=invitation.email).exists()


@pytest.mark.parametrize(
    ("trait", "sentence"),
    [
        ("accepted", "Masuk dengan e-mail dan kata sandi Anda."),
        ("expired", "mengirimnya ulang."),
        ("revoked", "hubungi admin kota yang mengundang Anda."),
    ],
)
def test_a_dead_link_says_why_and_what_to_do(client, trait, sentence):
    InvitationFactory(token="kunci", **{trait: True})

    for response in (client.get(link("kunci")), client.post(link("kunci"), acceptance())):
        assert response.status_code == 410
        assert sentence in response.content.decode()
    assert not User.objects.filter(name="Siti").exists()


def test_a_link_that_nobody_made_says_to_look_for_the_newest_letter(client):
    response = client.get(link("karangan"))

    assert response.status_code == 404
    assert "surat undangan yang terbaru" in response.content.decode()


def test_tries_are_counted(client):
    for _try in range(20):
        assert client.post(link("karangan")).status_code == 404

    assert client.post(link("karangan")).status_code == 429


# --- Letters that do not arrive ---------------------------------------------------------------

NO_MAIL = "Surat belum dapat dikirim: server e-mail belum diatur."


@pytest.mark.parametrize("name", ["member_list", "invitation_list"])
def test_administrators_are_told_that_no_mail_server_is_named(client, admin, settings, name):
    assert NO_MAIL not in client.get(address(name, admin)).text
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert NO_MAIL in client.get(address(name, admin)).text


def test_without_a_mail_server_an_invitation_is_never_said_to_be_sent(client, admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    response = client.post(
        address("invitation_create", admin),
        {"email": "ani@example.id", "name": "Ani", "role": Role.PIMPINAN},
    )

    assert said(response) == [f"1 undangan tercatat. {NO_MAIL}"]
    assert Invitation.objects.get().state_at(timezone.now()) == "waiting"


def test_an_invitation_that_could_not_be_sent_says_since_when_and_why(client, admin):
    waits = InvitationFactory(city=admin.city, sent_at=None, token_hash=None)
    given_up = InvitationFactory(city=admin.city, sent_at=None, token_hash=None)
    foreign = InvitationFactory(sent_at=None, token_hash=None)
    now = timezone.now()
    for invitation, fault, end in [
        (waits, "Sebab pertama.", {"next_try_at": now}),
        (given_up, "Sebab kedua.", {"given_up_at": now}),
        (foreign, "Sebab asing.", {"given_up_at": now}),
    ]:
        Letter.objects.create(
            kind=LetterKind.INVITATION, subject=invitation.pk, failed_at=now, fault=fault, **end
        )

    page = client.get(address("invitation_list", admin)).text

    assert ("Sebab pertama." in page, "Sebab kedua." in page) == (True, True)
    assert (page.count("Dicoba lagi"), page.count("Tidak dicoba lagi.")) == (1, 1)
    assert "Sebab asing." not in page

    client.post(address("invitation_resend", admin, given_up.pk))
    assert [letter.to for letter in mail.outbox] == [[given_up.email]]
    assert not Letter.objects.filter(subject=given_up.pk).exists()
