from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.library import InstrumentError, packaged, packaged_codes, read
from clusters.management.instruments import InstrumentCommand
from clusters.services import load_instrument
from clusters.spec import InstrumentSpec


class Command(InstrumentCommand):
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
