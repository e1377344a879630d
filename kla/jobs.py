"""What the site as a whole has done outside of requests."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext_lazy as _

from jobs.kinds import Clock, job


@job(_("Cadangan"), hold=timedelta(hours=20), tries=4)
def back_up(*, now: Clock) -> None:
    call_command("backup", settings.KLA_BACKUP_TO)


@job(_("Antrean yang sudah selesai"))
def prune_queue(*, now: Clock) -> None:
    call_command("prune_db_task_results", min_age_days=1, failed_min_age_days=7)
