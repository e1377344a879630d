import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clusters.register_files import SourcesError, packaged_sources
from registers.checking import changed_faults, faults


class Command(BaseCommand):
    help = (
        "Say what is odd in the files that tell which register answers which question, and in the "
        "registers' own data files. Exit 1 with faults in them, 2 if one cannot be read."
    )
    requires_system_checks = []  # files are checked wherever the code runs

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--changed", action="store_true", help="also what was changed on the pages of this site"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            specs = packaged_sources()
        except SourcesError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        found = faults() + (changed_faults() if options["changed"] else [])
        for fault in found:
            self.stdout.write(fault)
        for spec in specs:
            self.stdout.write(f"{spec.instrument}: {len(spec.sources)} sources")
        if found:
            sys.exit(1)
