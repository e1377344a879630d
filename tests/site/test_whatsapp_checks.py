"""A WhatsApp gateway that is set by half is refused at the start."""

import pytest

from kla.checks import whatsapp_is_set_whole

NOTHING = dict.fromkeys(("url", "token", "phone_number_id", "template", "language"), "") | {
    "gateway": "none"
}
FORM = NOTHING | {"gateway": "form", "url": "https://gateway.test/send", "token": "t"}
CLOUD = dict.fromkeys(NOTHING, "x") | {"gateway": "cloud", "url": "https://graph.test/v23.0"}


def complaints(settings, facts, *, is_local=False):
    settings.WHATSAPP, settings.IS_LOCAL = facts, is_local
    return [error.id for error in whatsapp_is_set_whole()]


@pytest.mark.parametrize("facts", [NOTHING, FORM, CLOUD])
def test_nothing_or_everything_is_fine(settings, facts):
    assert complaints(settings, facts) == []


@pytest.mark.parametrize(
    ("whole", "name"),
    [
        (FORM, "url"),
        (FORM, "token"),
        *((CLOUD, name) for name in ("token", "phone_number_id", "template", "language")),
    ],
)
def test_each_part_that_is_missing_is_told_by_its_name(settings, whole, name):
    settings.WHATSAPP = whole | {name: ""}

    [error] = whatsapp_is_set_whole()

    assert error.id == "kla.E003"
    assert error.msg == f"KLA_WHATSAPP_{name.upper()} not set."


def test_a_gateway_that_we_do_not_know_is_told(settings):
    assert complaints(settings, NOTHING | {"gateway": "fonte"}) == ["kla.E002"]


@pytest.mark.parametrize(
    ("url", "is_local", "told"),
    [
        ("http://gateway.test", False, ["kla.E004"]),
        ("http://127.0.0.1:9", True, []),
        ("file:///etc/passwd", True, ["kla.E004"]),
    ],
)
def test_the_token_never_goes_over_the_network_in_the_open(settings, url, is_local, told):
    assert complaints(settings, FORM | {"url": url}, is_local=is_local) == told
