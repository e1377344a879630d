"""What has to be there before the site starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from figures.fonts import missing_files


def fonts_are_installed(**_options: Any) -> list[CheckMessage]:
    """Without its fonts the site makes no PDF and no picture of a plot."""
    return [
        Error(f"The font {file} is missing.", hint="Run `npm ci`.", id="kla.E001")
        for file in missing_files()
    ]


WHATSAPP_NEEDS = {
    "none": (),
    "form": ("url", "token"),
    "cloud": ("url", "token", "phone_number_id", "template", "language"),
}


def whatsapp_is_set_whole(**_options: Any) -> list[CheckMessage]:
    """A gateway that is set by half would fail in the night; it is refused at the start."""
    facts = settings.WHATSAPP
    needs = WHATSAPP_NEEDS.get(facts["gateway"])
    if needs is None:
        hint = "Set it to none, form or cloud."
        return [Error("KLA_WHATSAPP names no gateway that we know.", hint=hint, id="kla.E002")]
    missing = [f"KLA_WHATSAPP_{name.upper()}" for name in needs if not facts[name]]
    if missing:
        hint = "Set them, or set KLA_WHATSAPP=none."
        return [Error(f"{', '.join(missing)} not set.", hint=hint, id="kla.E003")]
    is_safe = facts["url"].startswith("https://") or settings.IS_LOCAL
    if needs and not (is_safe and facts["url"].startswith(("https://", "http://"))):
        hint = "The token would go over the network in the open."
        return [Error("KLA_WHATSAPP_URL must begin with https://.", hint=hint, id="kla.E004")]
    return []
