"""Packages and reports as files: at once where they are small, else by a job with its progress."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.choices import FileKind
from assessments.forms.filters import PackageForm
from assessments.models import Answer, Assessment, ProducedFile
from assessments.models.produced_file import PERMISSION_FOR
from assessments.packaging.contents import Package, package_of
from assessments.packaging.names import safe_part
from assessments.packaging.stream import stream
from assessments.reports.book import report_book
from assessments.reports.city import city_report
from assessments.reports.paper import report_file
from assessments.services.produced_files import discard_file, store
from assessments.services.upload_storage import HandedOverFile
from cities.models import Membership
from cities.permissions import require_permission
from figures.numbers import format_moment
from jobs.current import hold_on
from jobs.kinds import Clock

TOLD_EVERY = timedelta(seconds=1)


class UnwantedError(Exception):
    """The person has thrown the file away while it was made."""


# --- What is made ------------------------------------------------------------------------------


def asked_package(
    form: PackageForm, *, assessment: Assessment, by: Membership, at: datetime
) -> Package:
    """What a valid form asks for, as the member sees it: an OPD packs the questions it holds."""
    return package_of(
        form.narrowed(Answer.objects.visible_to(by).filter(assessment=assessment)),
        assessment=assessment,
        only_accepted=form.only_accepted,
        scope=form.scope(),
        by=by,
        at=at,
    )


def package_name(assessment: Assessment) -> str:
    facts = {"city": assessment.city.name, "year": assessment.year}
    return f"{safe_part(_('Paket KLA %(city)s %(year)d') % facts)}.zip"


def is_long(*, documents: int, size: int = 0) -> bool:
    """Whether it is likely to take more than two seconds; `size` in bytes."""
    return documents > settings.KLA_BACKGROUND_FILES or size > settings.KLA_BACKGROUND_BYTES


def report(assessment: Assessment, kind: FileKind) -> tuple[IO[bytes], str]:
    """The year as a file, rewound, and its name; times are those of the active time zone."""
    local = timezone.localtime()
    figures = city_report(assessment, today=local.date())
    place = f"{assessment.city.slug}-{assessment.year}"
    if kind == FileKind.REPORT_XLSX:
        return report_book(figures), f"tabel-kla-{place}.xlsx"
    moment = f"{format_moment(local)} {assessment.city.get_timezone_display()}"
    return report_file(figures, moment=moment), f"laporan-kla-{place}.pdf"


# --- By a job ----------------------------------------------------------------------------------


def make_file(produced_id: UUID, *, now: Clock) -> None:
    """Make what was asked for and keep it. Done already or thrown away, nothing happens.

    What the person may see is asked anew: of somebody who may no more, the wish is forgotten.
    """
    waiting = ProducedFile.objects.select_related("user", "assessment__city", "assessment")
    produced = waiting.filter(pk=produced_id, ready_at=None).first()
    if produced is None:
        return
    city = produced.assessment.city
    kind = FileKind(produced.kind)
    try:
        member = require_permission(produced.user, city, PERMISSION_FOR[kind])
    except PermissionDenied:
        discard_file(produced=produced, by=produced.user)
        return
    with timezone.override(city.zone):
        if kind == FileKind.PACKAGE:
            _make_package(produced, member, now=now)
        else:
            content, name = report(produced.assessment, kind)
            with content:
                store(produced, File(content), name=name, documents=[], at=now())


def _make_package(produced: ProducedFile, member: Membership, *, now: Clock) -> None:
    assessment = produced.assessment
    form = PackageForm(QueryDict(produced.scope), assessment=assessment)
    if not form.is_valid():  # what it was narrowed to is gone
        discard_file(produced=produced, by=produced.user)
        return
    package = asked_package(form, assessment=assessment, by=member, at=now())
    produced.total = sum(1 for _file in package.files())
    progress = Progress(produced, now=now)
    try:
        progress.tell(0)
        path, size = _written(package, progress.tell)
    except UnwantedError:
        return
    content = HandedOverFile(path, name="package", size=size)
    try:
        store(
            produced,
            content,
            name=package_name(assessment),
            documents=package.documents(),
            at=now(),
        )
    finally:
        path.unlink(missing_ok=True)


def _written(package: Package, packed: Callable[[int], object]) -> tuple[Path, int]:
    """The package in a file of its own, which the storage moves away, and its size in bytes."""
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, delete=False) as file:
        path = Path(file.name)
        try:
            file.writelines(stream(package, storage=default_storage, packed=packed))
        except BaseException:
            path.unlink()
            raise
        return path, file.tell()


@dataclass
class Progress:
    """Writes how far it is, at most once a second, and keeps the job meanwhile."""

    produced: ProducedFile
    now: Clock
    told_at: datetime | None = field(default=None, init=False)

    def tell(self, done: int) -> None:
        """Raises UnwantedError as soon as it sees that nobody waits any more."""
        at = self.now()
        if self.told_at is not None and at - self.told_at < TOLD_EVERY:
            return
        self.told_at = at
        row = ProducedFile.objects.filter(pk=self.produced.pk, ready_at=None)
        if not row.update(done=done, total=self.produced.total):
            raise UnwantedError
        hold_on(at=at)
