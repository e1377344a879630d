"""Which version of the code may work on which database."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

ADVICE = "Start that version, or restore a backup of this one into an empty database."


def require_known_data() -> None:
    """Before the first request: an older version would write what the newer one cannot read.

    A database that is away keeps no server from starting; pages say so until it is back. Raises
    ImproperlyConfigured.
    """
    try:
        unknown = unknown_migrations()
    except DatabaseError:
        return
    if unknown:
        raise ImproperlyConfigured(f"{newer_sentence(unknown)} {ADVICE}")


def newer_sentence(unknown: list[str]) -> str:
    return (
        f"The database belongs to a newer version of KLA: {', '.join(unknown[:3])} "
        f"({len(unknown)} migrations unknown here)."
    )


def unknown_migrations() -> list[str]:
    """What was done to this database and this code knows nothing of; empty for an empty one.

    A name that migrations were squashed from is known. Packages that are not installed here don't
    count. Raises DatabaseError.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    known = {*loader.disk_migrations}
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    applied = MigrationRecorder(connection).applied_migrations()
    ours = {app for app, _name in known}
    return sorted(
        f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in known
    )
