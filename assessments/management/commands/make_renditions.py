"""Make what pages show of documents: what was left over, or all of it anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from assessments.services.renditions import make_pending, plan_again


class Command(BaseCommand):
    help = (
        "Make the previews that are pending, also of documents from before there were any. "
        "The web server makes them by itself; this catches up after a crash and an update. "
        "Safe to run at any time and twice at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        again = parser.add_mutually_exclusive_group()
        again.add_argument(
            "--outdated", action="store_true", help="Make those of older rules and the failed anew."
        )
        again.add_argument("--remake", action="store_true", help="Make all of them anew.")

    def handle(self, *, outdated: bool, remake: bool, **options: Any) -> None:
        if outdated or remake:
            self.stdout.write(f"{plan_again(everything=remake)} pratinjau dibuat ulang.")
        self.stdout.write(f"{make_pending(at=timezone.now())} pratinjau dibuat.")
