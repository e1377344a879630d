"""What a new password must be, wherever one is set."""

from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from cities.models import User
from kla.passwords import COMMON_WORDS
from tests.factories.cities import CityFactory, InvitationFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    user = UserFactory(email="siti.rahma@diskominfo.example", name="Siti Rahmawati")
    MembershipFactory(user=user, city=CityFactory(name="Kota Singkawang"))
    return user


def faults(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [one.code for one in error.error_list]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "kuda-tangga-hujan-lem",
        "meja lampu sepeda jendela",
        "xK9#mPq2vLz8",
        " ".join(COMMON_WORDS[::9]),
    ],
)
def test_long_and_unrelated_is_enough(user, password):
    assert faults(password, user) == []


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("xK9#mPq2vLz", "password_too_short"),
        ("password1234", "password_too_common"),
        ("P@ssw0rd1234", "password_too_common"),
        ("qwertyuiop123", "password_too_common"),
        ("indonesia1234", "password_too_common"),
        ("Bismillah2024", "password_too_common"),
        ("sayangsayang1", "password_too_common"),
        ("abcabcabcabcabc", "password_too_common"),
        ("SitiRahmawati#2024", "password_too_similar"),
        ("siti.rahma@diskominfo.example", "password_too_similar"),
        ("Singkawang-Singkawang-1", "password_too_similar"),
        ("kotalayakanak2024", "password_too_similar"),
        ("839205716482", "password_entirely_numeric"),
    ],
)
def test_what_would_be_tried_first_is_refused(user, password, code):
    assert code in faults(password, user)


def test_a_name_of_somebody_else_is_no_matter_of_the_person(user):
    password = "bernadeta-tarakan-1x"

    assert faults(password, user) == []
    other = UserFactory(name="Bernadeta", email="b@x.example")
    MembershipFactory(user=other, city=CityFactory(name="Kota Tarakan"))
    assert faults(password, other) == ["password_too_similar"]


def test_somebody_who_is_being_invited_is_judged_by_the_inviting_city():
    InvitationFactory(email="baru@x.example", city=CityFactory(name="Kota Singkawang"))
    newcomer = User(email="baru@x.example", name="Anu")

    assert "password_too_similar" in faults("Singkawang-Singkawang-1", newcomer)


def test_no_common_word_becomes_a_password_by_a_year():
    assert [word for word in COMMON_WORDS if not faults(f"{word}2024".ljust(12, "1"))] == []


def test_every_refusal_says_in_indonesian_what_to_do(user):
    with pytest.raises(ValidationError) as refused:
        validate_password("siti1", user)

    short, similar, common = refused.value.messages
    assert short == "Kata sandi ini 5 tanda; buat sedikitnya 12."
    assert similar.endswith(" Pakai beberapa kata yang tidak berhubungan dengan Anda.")
    assert common.endswith(" Pakai beberapa kata yang tidak berhubungan, misalnya empat.")


def test_a_password_of_before_still_signs_in(client):
    user = UserFactory(email="lama@metro.go.id", password="metro123")

    response = client.post("/masuk/", {"login": user.email, "password": "metro123"})

    assert response.status_code == 302


def test_the_first_administrator_is_held_to_it_too(monkeypatch):
    typed = iter(["a@x.example", "Anu", "kotalayak2024", "kotalayak2024"])
    monkeypatch.setattr("getpass.getpass", lambda *_args: next(typed))
    monkeypatch.setattr("builtins.input", lambda *_args: next(typed))
    said = StringIO()

    with pytest.raises((CommandError, StopIteration, RuntimeError)):
        call_command(
            "createsuperuser", stdin=_Terminal(), stderr=said, stdout=StringIO(), verbosity=0
        )

    assert "hampir hanya berisi nama" in said.getvalue()
    assert not User.objects.exists()


class _Terminal:
    def isatty(self):
        return True
