"""Compare every stored total with its answers, and mend what differs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.models import Assessment
from assessments.services.scores import Difference, refresh_all


class Command(BaseCommand):
    help = (
        "Recompute the stored scores of every year of every city and report each difference. "
        "With --dry-run nothing is stored and a difference ends in exit status 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Tell, but store nothing.")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        found = 0
        for assessment in Assessment.objects.select_related("city").order_by("pk"):
            for difference in refresh_all(assessment_id=assessment.pk, dry_run=dry_run):
                found += 1
                self.stdout.write(f"{assessment}: {line_of(difference)}")
        if not found:
            self.stdout.write("Tidak ada selisih.")
        elif dry_run:
            raise CommandError(
                f"{found} selisih. Jalankan tanpa --dry-run untuk memperbaikinya.", returncode=1
            )
        else:
            self.stdout.write(f"{found} selisih diperbaiki.")


def line_of(difference: Difference) -> str:
    stored, correct = shown(difference.stored), shown(difference.correct)
    return f"{difference.kind} {difference.place}: {stored} → {correct}"


def shown(value: Decimal | int | str) -> str:
    """A stored value for reading: numbers as they are, an absent predikat as a dash."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value) or "–"
