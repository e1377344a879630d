"""What has to be there before the site starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info
from django.core.checks import Warning as Concern
from django.db import DatabaseError

from figures.fonts import missing_files
from kla.database_roles import owned_tables
from kla.versions import ADVICE, newer_sentence, unknown_migrations


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


def words_are_compiled(**_options: Any) -> list[CheckMessage]:
    """Without its compiled catalogue an English page would speak Indonesian."""
    if all((folder / "en/LC_MESSAGES/django.mo").is_file() for folder in settings.LOCALE_PATHS):
        return []
    hint = "Run `pybabel compile -d locale -D django`, or `make setup`."
    return [Concern("The English words are not compiled.", hint=hint, id="kla.W002")]


def code_is_not_older_than_data(databases: Any = None, **_options: Any) -> list[CheckMessage]:
    """An older version on a newer database would write what the newer one cannot read.

    Asked where a database is to be checked: `migrate` and so `prepare`, the container, and the
    server before it takes its first request.
    """
    if not databases:
        return []
    try:
        unknown = unknown_migrations()
    except DatabaseError:
        return []  # away; pages say so until it is back
    if not unknown:
        return []
    return [Error(newer_sentence(unknown), hint=ADVICE, id="kla.E005")]


def scanner_is_set(**_options: Any) -> list[CheckMessage]:
    """Half a setting is refused; that there is none is told where a deployment is checked."""
    socket, host = settings.CLAMAV_SOCKET, settings.CLAMAV_HOST
    if socket and host:
        hint = "Set one of them."
        return [Error("CLAMAV_SOCKET and CLAMAV_HOST are both set.", hint=hint, id="kla.E006")]
    name, colon, port = host.partition(":")
    if host and not (name and (port.isdecimal() or not colon)):
        hint = "Write host:port, for example clamav:3310."
        return [Error("CLAMAV_HOST names no host and port.", hint=hint, id="kla.E007")]
    return []


def scanner_is_there(**_options: Any) -> list[CheckMessage]:
    """A site may do without a scanner, but whoever runs it should know."""
    if settings.CLAMAV_SOCKET or settings.CLAMAV_HOST:
        return []
    return [
        Info(
            "No virus scanner is set, so documents open as soon as they are stored.",
            hint="Name a ClamAV daemon: CLAMAV_SOCKET or CLAMAV_HOST.",
            id="kla.I001",
        )
    ]


def site_owns_no_tables(databases: Any = None, **_options: Any) -> list[CheckMessage]:
    """The owner of a table may switch off the triggers that let a trail only grow.

    Asked where a database is to be checked: `manage.py check --database default`, which the
    container does at its start.
    """
    if not databases or settings.KLA_APP_DATABASE_URL:
        return []  # `prepare` is the owner on purpose
    try:
        owned = owned_tables()
    except DatabaseError:
        return []  # another check's business
    if not owned:
        return []
    return [
        Concern(
            f"The role that the site works as could alter {owned} of its tables, and so switch off "
            "what protects the trails.",
            hint="Give it a role of its own: docs/database-roles.md.",
            id="kla.W001",
        )
    ]
