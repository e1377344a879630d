"""What a year has done outside of requests."""

from __future__ import annotations

import io
import logging
from datetime import timedelta
from uuid import UUID

from django.core.management import CommandError, call_command
from django.utils.translation import gettext_lazy as _

from assessments import producing, scanner
from assessments.services import (
    letters,
    produced_files,
    renditions,
    scanning,
    sheet_imports,
    uploads,
)
from cities.services import sent_forms
from imports.services import staged
from jobs.kinds import Clock, job

logger = logging.getLogger(__name__)


@job(_("Pengingat dan surat"))
def send_letters(*, now: Clock) -> None:
    """Letters pause and are given up one by one (`outbox/`); a server that is away is no failure."""
    letters.write_and_send(now=now)


@job(_("Pratinjau dokumen"))
def make_rendition(document_id: str, *, now: Clock) -> None:
    renditions.make_rendition(UUID(document_id), at=now())


@job(_("Pratinjau yang tertinggal"), hold=timedelta(hours=2))
def make_pending_renditions(*, now: Clock) -> None:
    renditions.make_pending(at=now())


@job(_("Pemindaian dokumen"))
def scan_document(document_id: str, *, now: Clock) -> None:
    """A scanner that is away is no failure: the document waits, and the clock asks again."""
    scanning.scan_document(UUID(document_id), at=now())


@job(_("Pemindaian yang tertinggal"), hold=timedelta(hours=2))
def scan_waiting(*, now: Clock) -> None:
    if scanner.is_set_up():
        scanning.scan_waiting(at=now())


@job(_("Berkas untuk diunduh"), tries=4)
def make_file(produced_id: str, *, now: Clock) -> None:
    producing.make_file(UUID(produced_id), now=now)


@job(_("Sisa unggahan dan formulir"))
def sweep(*, now: Clock) -> None:
    uploads.sweep(at=now())
    sheet_imports.sweep_imports(at=now())
    staged.sweep(at=now())
    sent_forms.sweep(at=now())
    produced_files.sweep_files(at=now())


# What is found is still there the next minute: one try, then the operator has it on the page.
@job(_("Pemeriksaan dokumen"), hold=timedelta(hours=20), tries=1)
def verify_documents(*, now: Clock) -> None:
    _verify("verify_documents", "--without-titles")


@job(_("Pemeriksaan rekaman"), hold=timedelta(hours=2), tries=1)
def verify_snapshots(*, now: Clock) -> None:
    _verify("verify_snapshots")


@job(_("Pemeriksaan jejak"), hold=timedelta(hours=2), tries=1)
def verify_trail(*, now: Clock) -> None:
    _verify("verify_trail")


def _verify(command: str, *options: str) -> None:
    """Log each finding; raises CommandError where there is one."""
    found = io.StringIO()
    try:
        call_command(command, *options, stdout=found, stderr=found)
    except CommandError:
        logger.error("%s found:\n%s", command, found.getvalue())  # noqa: TRY400 -- raised on
        raise
