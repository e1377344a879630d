"""Recompute the checksum of every frozen year."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.models import Snapshot
from assessments.services.snapshots import damaged


class Command(BaseCommand):
    help = "Recompute the checksum of every snapshot and report those that were changed."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for damage in damaged():
            count += 1
            self.stderr.write(
                f"{damage.snapshot.assessment} #{damage.snapshot.number}: {damage.what}"
            )
        if count:
            raise CommandError(f"{count} kerusakan pada rekaman.", returncode=1)
        self.stdout.write(f"{Snapshot.objects.count()} rekaman utuh.")
