from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from assessments.models import Award
from assessments.services.awards import load_awards, published_awards


class Command(BaseCommand):
    help = (
        "Record the awards that public sources report, each with its source. An award that is "
        "here already is kept; where it differs, it is reported."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_awards(published_awards())
        for code in sorted(set(loaded.unknown_cities)):
            self.stdout.write(f"Not loaded, no city {code} here (run load_regions first)")
        for award, published in loaded.differences:
            self.stdout.write(f"{award} here, {published.predikat} according to {published.source}")
        self.stdout.write(f"Awards: {loaded.added} added, {Award.objects.count()} in all.")
