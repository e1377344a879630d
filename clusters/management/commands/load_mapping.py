import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.mapping_files import MappingError, MappingSpec, packaged, read
from clusters.services.mappings import load_mapping


class Command(BaseCommand):
    help = "Check a reviewed mapping between two instruments and store it as confirmed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", help="A YAML file; without it, all that come with the project."
        )

    def handle(self, *, file: str | None, **options: Any) -> None:
        for spec in [self.spec_in(Path(file))] if file else packaged():
            try:
                result = load_mapping(spec=spec, at=timezone.now())
            except ValidationError as error:
                self.refuse(*error.messages)
            except MappingError as error:
                self.refuse(*(str(fault) for fault in error.faults))
            said = _("termuat") if result.created else _("sudah ada, tidak ada yang berubah")
            count = result.mapping.matches.count()
            self.stdout.write(f"{spec.before} → {spec.after}: {said} ({count} {_('pasangan')})")

    def spec_in(self, path: Path) -> MappingSpec:
        try:
            return read(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            self.refuse(f"{path}: {error.strerror}")
        except UnicodeDecodeError:
            self.refuse(_("%(file)s bukan teks UTF-8.") % {"file": path})
        except MappingError as error:
            self.refuse(*(str(fault) for fault in error.faults))

    def refuse(self, *messages: str) -> NoReturn:
        for message in messages:
            self.stderr.write(message)
        sys.exit(2)
