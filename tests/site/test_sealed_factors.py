"""Secrets of second factors cannot be read in the database, and a lost key is no fault of the site."""

import json
import logging
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cities.models import CityActivity, CityTrailEvent
from cities.sealing import MARK, SealedElsewhereError, is_sealed, seal, unseal
from cities.services.second_factor import send_factor_resets
from tests.factories.cities import CityFactory, MembershipFactory, SiteAdminFactory
from tests.site.test_second_factor import SECRET, code, sign_in, with_factor

pytestmark = pytest.mark.django_db

sealing = import_module("cities.migrations.0017_changes_of_email_and_sealed_factors")


@pytest.fixture
def user():
    return with_factor(MembershipFactory(admin_kota=True).user)


def stored(user):
    """What lies in the database, by type."""
    return dict(Authenticator.objects.filter(user=user).values_list("type", "data"))


def gets_in(user, with_code):
    client = Client()
    sign_in(client, user)
    client.post("/akun/faktor/kode/", {"code": with_code})
    return "_auth_user_id" in client.session


def as_before(user):
    """The rows as they lay there before secrets were sealed."""
    for row in Authenticator.objects.filter(user=user):
        for name in ("secret", "seed"):
            if name in row.data:
                row.data[name] = unseal(row.data[name])
        row.save()


# --- Sealed -----------------------------------------------------------------------------------


def test_neither_secret_nor_seed_is_readable_and_codes_still_fit(user):
    rows = stored(user)

    assert SECRET not in json.dumps(rows)
    assert rows["totp"]["secret"].startswith(MARK)
    assert rows["recovery_codes"]["seed"].startswith(MARK)
    assert unseal(rows["totp"]["secret"]) == SECRET
    assert not gets_in(user, "000000")
    assert gets_in(user, code())


def test_recovery_codes_still_fit(user):
    [unused, *_rest] = (
        Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    )

    assert gets_in(user, unused)
    assert not gets_in(user, unused)


@given(st.text())
def test_what_is_sealed_comes_back_and_looks_like_nothing(secret):
    sealed = seal(secret)

    assert unseal(sealed) == secret
    assert is_sealed(sealed)
    assert seal(secret) != sealed  # the same twice does not show
    assert len(secret) < 4 or secret not in sealed


def test_a_changed_seal_opens_nothing():
    sealed = seal(SECRET)
    changed = sealed[:-10] + ("A" if sealed[-10] != "A" else "B") + sealed[-9:]

    with pytest.raises(SealedElsewhereError):
        unseal(changed)


def test_the_key_is_for_this_purpose_alone(settings):
    sealed = seal(SECRET)
    settings.SECRET_KEY = "y" * 60

    with pytest.raises(SealedElsewhereError):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests-" + "x" * 50]
    assert unseal(sealed) == SECRET


def test_under_another_key_no_code_fits_and_the_operator_reads_why(user, settings, caplog):
    settings.SECRET_KEY = "z" * 60

    with caplog.at_level(logging.ERROR, "kla.second_factor"):
        assert not gets_in(user, code())

    assert "sealed under another SECRET_KEY" in caplog.text


# --- Those of before --------------------------------------------------------------------------


def test_the_migration_seals_what_lay_there_and_can_be_run_twice(user):
    as_before(user)
    before = stored(user)
    assert before["totp"]["secret"] == SECRET
    assert gets_in(user, code())

    sealing.seal_factors(apps, None)
    once = stored(user)
    sealing.seal_factors(apps, None)

    assert stored(user) == once
    assert all(
        is_sealed(value) for value in (once["totp"]["secret"], once["recovery_codes"]["seed"])
    )
    sealing.unseal_factors(apps, None)
    assert stored(user) == before


def test_codes_that_were_brought_from_elsewhere_are_sealed_one_by_one(user):
    row = Authenticator.objects.get(user=user, type="recovery_codes")
    row.data = {"migrated_codes": ["12345678", "87654321"], "used_mask": 0}
    row.save()

    sealing.seal_factors(apps, None)

    codes = Authenticator.objects.get(pk=row.pk).data["migrated_codes"]
    assert [unseal(one) for one in codes] == ["12345678", "87654321"]
    assert all(is_sealed(one) for one in codes)
    assert gets_in(user, "87654321")


# --- The only site administrator --------------------------------------------------------------


@pytest.fixture
def alone():
    return with_factor(SiteAdminFactory())


def test_the_only_site_administrator_is_let_in_again_from_the_server(alone, mailoutbox, capsys):
    CityFactory()
    client = Client()
    client.force_login(alone)

    call_command("reset_second_factor", alone.email.upper())

    assert not Authenticator.objects.filter(user=alone).exists()
    assert client.get("/orang/").status_code == 302  # every session is over
    assert "diatur ulang; semua sesinya diakhiri." in capsys.readouterr().out
    send_factor_resets(now=timezone.now)
    assert [letter.to for letter in mailoutbox] == [[alone.email]]


def test_it_stands_in_the_trail_as_done_on_the_server(alone):
    MembershipFactory(admin_kota=True)

    call_command("reset_second_factor", alone.email)

    [line] = CityActivity.objects.filter(deed=CityTrailEvent.FACTOR_RESET)
    assert (line.by, line.after) == (alone, {"reason": "lewat perintah di server"})


def test_where_somebody_else_can_do_it_the_command_does_not(alone):
    other = SiteAdminFactory(name="Budi")

    with pytest.raises(CommandError, match="Ada administrator situs lain, Budi"):
        call_command("reset_second_factor", alone.email)

    assert Authenticator.objects.filter(user=alone).exists()
    other.is_active = False
    other.save()
    call_command("reset_second_factor", alone.email)
    assert not Authenticator.objects.filter(user=alone).exists()


def test_nobody_else_is_reset_so(user):
    with pytest.raises(CommandError, match="bukan administrator situs yang aktif"):
        call_command("reset_second_factor", user.email)
    with pytest.raises(CommandError, match="Tidak ada akun dengan e-mail"):
        call_command("reset_second_factor", "tidak@ada.example")

    assert Authenticator.objects.filter(user=user).exists()


def test_whoever_has_none_reads_so():
    admin = SiteAdminFactory()

    with pytest.raises(CommandError, match="tidak memiliki faktor kedua"):
        call_command("reset_second_factor", admin.email)
