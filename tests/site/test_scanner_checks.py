"""What is said of the virus scanner before the site starts."""

import pytest
from django.core.checks import INFO
from django.core.management import call_command

from kla.checks import scanner_is_set, scanner_is_there


@pytest.mark.parametrize(
    ("socket", "host", "told"),
    [
        ("", "", []),
        ("/run/clamav/clamd.ctl", "", []),
        ("", "clamav", []),
        ("", "clamav:3310", []),
        ("", "clamav:tiga", ["kla.E007"]),
        ("", "clamav:", ["kla.E007"]),
        ("", ":3310", ["kla.E007"]),
        ("/run/clamav/clamd.ctl", "clamav", ["kla.E006"]),
    ],
)
def test_half_a_setting_is_refused(settings, socket, host, told):
    settings.CLAMAV_SOCKET, settings.CLAMAV_HOST = socket, host

    assert [error.id for error in scanner_is_set()] == told


@pytest.mark.parametrize("name", ["CLAMAV_SOCKET", "CLAMAV_HOST"])
def test_that_there_is_none_is_told_and_nothing_where_there_is_one(settings, name):
    [told] = scanner_is_there()
    setattr(settings, name, "clamav")

    assert (told.id, told.level) == ("kla.I001", INFO)
    assert scanner_is_there() == []


def test_the_check_of_a_deployment_says_so(capsys):
    call_command("check", deploy=True, tags=["security"])

    assert "No virus scanner is set" in capsys.readouterr().err
