"""Remove what was begun and never finished. For a daily job; also run when the site starts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.services.uploads import sweep


class Command(BaseCommand):
    help = "Remove uploads untouched for a day, and files that a killed server left behind."

    def handle(self, **options: Any) -> None:
        swept = sweep(at=timezone.now())
        if swept.uploads or swept.files:
            self.stdout.write(
                f"{swept.uploads} unggahan yang ditinggalkan dan {swept.files} berkas sisa dibuang."
            )
