import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.library import InstrumentError, packaged, packaged_codes, read
from clusters.services import load_instrument
from clusters.spec import InstrumentSpec

MAX_BYTES = 1_000_000


class Command(BaseCommand):
    help = "Check an instrument file, store it and publish it; a second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            help=f"A YAML file, or the code of a packaged one: {', '.join(packaged_codes())}.",
        )

    def handle(self, *, file: str, **options: Any) -> None:
        spec = self.spec_in(file)
        try:
            result = load_instrument(spec=spec, at=timezone.now())
        except ValidationError as error:
            self.refuse(*error.messages)
        said = _("termuat dan terbit") if result.created else _("sudah ada, tidak ada yang berubah")
        questions = sum(1 for _question in spec.questions())
        self.stdout.write(f"{spec.code}: {said} ({questions} {_('pertanyaan')})")

    def spec_in(self, file: str) -> InstrumentSpec:
        if not Path(file).exists() and file in packaged_codes():
            return packaged(file)
        try:
            return read(self.text_of(Path(file)))
        except InstrumentError as error:
            self.refuse(*(str(fault) for fault in error.faults))

    def text_of(self, path: Path) -> str:
        try:
            if path.stat().st_size > MAX_BYTES:
                self.refuse(_("%(file)s terlalu besar untuk sebuah instrumen.") % {"file": path})
            return path.read_text(encoding="utf-8-sig")
        except OSError as error:
            self.refuse(f"{path}: {error.strerror}")
        except UnicodeDecodeError:
            self.refuse(_("%(file)s bukan teks UTF-8.") % {"file": path})

    def refuse(self, *messages: str) -> NoReturn:
        for message in messages:
            self.stderr.write(message)
        sys.exit(2)
