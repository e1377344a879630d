"""Ask the virus scanner about what waits for it. A worker does it every ten minutes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments import scanner
from assessments.services.scanning import Outcome, scan_waiting, waiting_since


class Command(BaseCommand):
    help = (
        "Scan the documents that wait for the virus scanner; until then nobody can open them. The "
        "workers ask by themselves, this does it at once. Safe to run at any "
        "time and twice at once. Ends in exit status 1 while the scanner is away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            help="Scan every stored document once more, for example after new signatures.",
        )

    def handle(self, **options: Any) -> None:
        if not scanner.is_set_up():
            waiting, _since = waiting_since()
            if waiting:
                raise CommandError(
                    f"{waiting} dokumen menunggu pemindaian, tetapi pemindai tidak diatur lagi. "
                    "Atur CLAMAV_SOCKET atau CLAMAV_HOST.",
                    returncode=1,
                )
            return
        outcomes = scan_waiting(at=timezone.now(), everything=options["all"])
        if sound := outcomes[Outcome.CLEAN]:
            self.stdout.write(f"{sound} dokumen bersih.")
        if infected := outcomes[Outcome.INFECTED]:
            self.stdout.write(f"{infected} dokumen ditolak pemindai; rinciannya ada di log.")
        if failed := outcomes[Outcome.FAILED]:
            self.stdout.write(f"{failed} dokumen tidak dapat dipindai; sebabnya ada di log.")
        if outcomes[Outcome.AWAY]:
            raise CommandError(
                "Pemindai tidak dapat dihubungi; sebabnya ada di log. Dokumen tetap menunggu.",
                returncode=1,
            )
