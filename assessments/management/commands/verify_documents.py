"""Read every stored document again and report what is not as it was handed in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.services.integrity import Finding, check_documents, note_checkup
from cities.models import City


class Command(BaseCommand):
    help = (
        "Compute the SHA-256 of every stored document again and report missing, changed and "
        "orphaned files. Documents are marked on their pages accordingly. Any finding ends in exit "
        "status 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--city", metavar="SLUG", help="Only this city; orphaned files are then not looked for."
        )

        parser.add_argument(
            "--without-titles",
            action="store_true",
            help="Name files alone: for logs, for titles of documents may name people.",
        )

    def handle(self, *, city: str | None, without_titles: bool, **options: Any) -> None:
        at, one = timezone.now(), _found(city) if city else None
        checkup = check_documents(storage=default_storage, city=one)
        note_checkup(checkup, city=one, at=at)
        for finding in checkup.findings:
            self.stdout.write(line_of(replace(finding, about="") if without_titles else finding))
        if checkup.findings:
            raise CommandError(
                f"{len(checkup.findings)} temuan pada {checkup.checked} berkas. Pulihkan "
                "berkasnya dari cadangan.",
                returncode=1,
            )
        self.stdout.write(f"{checkup.checked} berkas utuh.")


def _found(slug: str) -> City:
    city = City.objects.filter(slug=slug).first()
    if city is None:
        raise CommandError(f"Tidak ada kota dengan alamat {slug}.", returncode=2)
    return city


def line_of(finding: Finding) -> str:
    about = f" ({finding.about})" if finding.about else ""
    return f"{finding.damage.label}: {finding.path}{about}"
