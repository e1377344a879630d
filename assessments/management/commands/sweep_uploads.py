"""Remove what was begun and never finished. For a daily job; also run when the site starts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.services.sheet_imports import sweep_imports
from assessments.services.uploads import sweep
from cities.services import sent_forms
from imports.services import staged


class Command(BaseCommand):
    help = (
        "Remove uploads and sheet imports untouched for a day, and files that a killed server "
        "left behind."
    )

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        swept = sweep(at=now)
        imports = sweep_imports(at=now) + staged.sweep(at=now)
        sent_forms.sweep(at=now)
        if imports:
            self.stdout.write(f"{imports} impor lembar yang tidak disimpan dibuang.")
        if swept.uploads or swept.files:
            self.stdout.write(
                f"{swept.uploads} unggahan yang ditinggalkan dan {swept.files} berkas sisa dibuang."
            )
