from typing import Any

from django.core.management.base import CommandParser

from clusters.management.instruments import InstrumentCommand
from clusters.writing import write


class Command(InstrumentCommand):
    help = "Write an instrument as the YAML from which load_instrument makes an equal one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="The code of an instrument, drafts too.")

    def handle(self, *, code: str, **options: Any) -> None:
        self.stdout.write(write(self.spec_for(code)), ending="")
