"""Finds the instrument that a command names: a file, a stored one, or one that is packaged."""

import sys
from pathlib import Path
from typing import NoReturn

from django.core.management.base import BaseCommand
from django.db import Error, connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clusters.library import packaged, packaged_codes
from clusters.models import Instrument
from clusters.services import spec_of
from clusters.spec import InstrumentSpec

MAX_BYTES = 1_000_000
REFUSED = 2


class InstrumentCommand(BaseCommand):
    """A command about one instrument; what it refuses ends it with status 2."""

    def text_of(self, path: Path) -> str:
        """The text of an instrument file."""
        try:
            if path.stat().st_size > MAX_BYTES:
                self.refuse(_("%(file)s terlalu besar untuk sebuah instrumen.") % {"file": path})
            return path.read_text(encoding="utf-8-sig")
        except OSError as error:
            self.refuse(f"{path}: {error.strerror}")
        except UnicodeDecodeError:
            self.refuse(_("%(file)s bukan teks UTF-8.") % {"file": path})

    def instruments(self) -> QuerySet[Instrument]:
        """The stored instruments that the command may be asked about; drafts too."""
        return Instrument.objects.all()

    def spec_for(self, code: str) -> InstrumentSpec:
        """The stored instrument of that code, else the packaged one."""
        stored = stored_spec(code, self.instruments())
        if stored:
            return stored
        try:
            return packaged(code)
        except LookupError:
            self.refuse(
                _("Instrumen “%(code)s” tidak ada. Yang tersedia: %(known)s.")
                % {"code": code, "known": ", ".join(packaged_codes())}
            )

    def refuse(self, *messages: str) -> NoReturn:
        for message in messages:
            self.stderr.write(message)
        sys.exit(REFUSED)


def stored_spec(code: str, among: QuerySet[Instrument]) -> InstrumentSpec | None:
    """The stored instrument of that code; None also where no database can be asked."""
    if not database_exists():
        return None
    try:
        instrument = among.filter(code=code).first()
        return spec_of(instrument) if instrument else None
    except Error:
        return None


def database_exists() -> bool:
    """Connecting to an SQLite file that is not there would create it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or ":memory:" in name or "mode=memory" in name:
        return True
    return Path(name).is_file() and Path(name).stat().st_size > 0
