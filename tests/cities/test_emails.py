"""One rule for addresses, at every door."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from cities.emails import EmailField, clean_email, comparable, is_clean
from cities.member_sheets import read_members
from cities.models import Invitation, User
from tests.factories.cities import PASSWORD, InvitationFactory, MembershipFactory, UserFactory


@pytest.mark.parametrize(
    "typed",
    [
        "Siti@Kota.Example",
        "siti@kota.example\u200e",
        "\u200fsiti@kota.example",
        "siti\u200b@kota\u200c.exam\u200dple",
        "\ufeffsiti@kota.example",
        "si\u00adti@kota.example",
        "\u2066siti@kota.example\u2069",
        "\u00a0siti@kota.example\u202f\r\n",
        "ｓｉｔｉ＠ｋｏｔａ．ｅｘａｍｐｌｅ",
        "“siti@kota.example”",
        "'siti@kota.example'",
        "«siti@kota.example»",
        "<siti@kota.example>",
    ],
)
def test_what_nobody_sees_is_taken_out(typed):
    assert clean_email(typed) == "siti@kota.example"
    assert EmailField().clean(typed) == "siti@kota.example"
    assert is_clean(typed) is False


@pytest.mark.parametrize(
    ("typed", "code", "sentence"),
    [
        ("", "empty", "E-mail kosong; isi."),
        ("\u200b“”", "empty", "E-mail kosong; isi."),
        ("a@b.example,c@d.example", "several", "Tulis satu alamat e-mail saja."),
        ("a@b.example; ", "several", "Tulis satu alamat e-mail saja."),
        ("a@@b.example", "several", "Tulis satu alamat e-mail saja."),
        (
            "siti@kota…example",
            "sign",
            "Tanda “…” (elipsis) pada posisi 10 tidak boleh ada dalam alamat e-mail.",
        ),
        (
            "si ti@kota.example",
            "sign",
            "Tanda (spasi) pada posisi 3 tidak boleh ada dalam alamat e-mail.",
        ),
        (
            "sití@kota.example",
            "sign",
            "Tanda “í” (U+00ED) pada posisi 4 tidak boleh ada dalam alamat e-mail.",
        ),
        (
            "siti’s@kota.example",
            "sign",
            "Tanda “’” (U+2019) pada posisi 5 tidak boleh ada dalam alamat e-mail.",
        ),
        ("siti\u0000@kota.example", "sign", None),
        ("siti@kota", "invalid", "“siti@kota” bukan alamat e-mail."),
        ("siti@-kota.example", "invalid", None),
        ("a" * 64 + "@" + "b" * 200 + ".example", "too_long", "Alamat e-mail terlalu panjang."),
    ],
)
def test_what_is_not_certain_is_refused_by_name(typed, code, sentence):
    with pytest.raises(ValidationError) as refusal:
        clean_email(typed)

    assert refusal.value.code == code
    assert sentence is None or refusal.value.messages == [sentence]
    assert comparable(typed) == typed


@pytest.mark.django_db
def test_a_list_with_invisible_signs_invites_clean_addresses_and_each_once():
    city = MembershipFactory(admin_kota=True).city
    InvitationFactory(city=city, email="empat@kota-uji.example")
    text = (
        "nama;e-mail;peran;opd\n"
        "Ada Satu;satu@kota-uji.example;Pimpinan;\n"
        "Ada Dua;dua@kota-uji.example\u200e;Pimpinan;\n"
        "Ada Empat;empat@kota-uji.example\u200b;Pimpinan;\n"
    )

    sheet = read_members(text.encode(), "undangan.csv", city=city)

    assert sheet.faults == []
    assert [guest.email for guest in sheet.guests] == [
        "satu@kota-uji.example",
        "dua@kota-uji.example",
    ]
    assert sheet.known == ["empat@kota-uji.example"]

    twice = read_members(
        (text + "Lain;satu@kota-uji.example\u200d;Pimpinan;\n").encode(), "u.csv", city=city
    )
    assert twice.faults == ["baris 5: “satu@kota-uji.example” sudah ada di baris 2."]


@pytest.mark.django_db
def test_signing_in_and_asking_for_a_new_password_read_what_people_see(client, mailoutbox):
    user = UserFactory(email="siti@kota.example")

    client.post("/sandi/lupa/", {"email": "\u200esiti@kota.example\u200b"})
    answer = client.post("/masuk/", {"login": "Siti@kota.example\u200b", "password": PASSWORD})

    assert answer.status_code == 302
    assert int(client.session["_auth_user_id"]) == user.pk


@pytest.mark.django_db
def test_the_first_administrator_gets_a_clean_address():
    call_command("createsuperuser", interactive=False, name="Siti", email="Siti@Kota.Example\u200b")

    assert User.objects.get().email == "siti@kota.example"


@pytest.mark.django_db
def test_old_addresses_that_are_not_clean_are_reported_and_left_alone():
    UserFactory(email="baik@kota.example")
    User.objects.filter(pk=UserFactory(name="Ada").pk).update(email="ada@kota.example\u200b")
    InvitationFactory(name="Budi", email="budi@kota.example\u200e")
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("check_addresses", stdout=out)

    assert ended.value.code == 1
    assert out.getvalue().splitlines() == [
        "akun Ada: 'ada@kota.example\\u200b' seharusnya ada@kota.example",
        "undangan Budi: 'budi@kota.example\\u200e' seharusnya budi@kota.example",
        "Perbaiki akun pada halaman Orang; cabut undangannya lalu undang dengan alamat yang benar.",
    ]
    assert User.objects.filter(email="ada@kota.example\u200b").exists()
    assert Invitation.objects.filter(email="budi@kota.example\u200e").exists()
