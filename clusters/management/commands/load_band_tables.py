from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.band_files import packaged_tables
from clusters.services.band_tables import load_band_table


class Command(BaseCommand):
    help = "Store the tables of bands that other sources print; a second time changes nothing."

    def handle(self, **options: Any) -> None:
        for spec in packaged_tables():
            try:
                result = load_band_table(spec=spec, at=timezone.now())
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            said = _("tercatat") if result.created else _("sudah ada, tidak ada yang berubah")
            self.stdout.write(f"{spec.code}: {said} ({len(spec.bands)} {_('predikat')})")
