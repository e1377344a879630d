"""Files made outside of the request: asked for, thrown away, told of, gone after a day.

`assessments/producing.py` makes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.choices import FileKind, NotificationKind
from assessments.models import Assessment, Notification, ProducedFile, SupportingDocument
from assessments.models.produced_file import FOLDER, KEPT, PERMISSION_FOR, stored_name
from assessments.services.notifications import Notice, deliver
from cities.models import Membership, User
from cities.permissions import require_permission
from figures.numbers import format_moment
from jobs.kinds import key_of
from jobs.models import Job
from jobs.running import ask
from texts.languages import in_indonesian

JOB = "assessments.jobs.make_file"
MOST = 5  # of one person at a time: each takes as much room as what is in it
ORPHANED = timedelta(hours=1)
BATCH = 500


def ask_for_file(
    *, assessment: Assessment, kind: FileKind, scope: str, by: User, at: datetime
) -> ProducedFile:
    """The file that was asked for, made soon; what was asked for before is the same file.

    Raises PermissionDenied, ValidationError (`many`).
    """
    require_permission(by, assessment.city, PERMISSION_FOR[kind])
    own = ProducedFile.objects.filter(user=by)
    for one in own.expired(at):
        _remove(one)
    with transaction.atomic():
        wanted = {"assessment": assessment, "kind": kind, "scope": scope}
        if not own.filter(**wanted).exists() and own.count() >= MOST:
            raise ValidationError(
                gettext_lazy(
                    "Sudah ada %(most)d berkas Anda yang dibuat atau tersimpan. Unduh lalu buang "
                    "salah satunya dari kotak masuk, atau tunggu sampai terhapus sendiri."
                ),
                code="many",
                params={"most": MOST},
            )
        produced, is_new = ProducedFile.objects.get_or_create(
            user=by, **wanted, defaults={"asked_at": at, "expires_at": at + KEPT}
        )
        if is_new:
            ask(JOB, str(produced.pk), at=at)
    return produced


def discard_file(*, produced: ProducedFile, by: User) -> None:
    """Throw one's own away, or stop its being made. Raises PermissionDenied for anybody else's."""
    if produced.user_id != by.pk:
        raise PermissionDenied
    _remove(produced)


def has_stopped(produced: ProducedFile) -> bool:
    """Whether it could not be made, and only an operator tries again."""
    key = key_of(JOB, [str(produced.pk)])
    return not produced.is_ready and Job.objects.filter(key=key).parked().exists()


@in_indonesian
def store(
    produced: ProducedFile, content: File[bytes], *, name: str, documents: list[UUID], at: datetime
) -> None:
    """Keep what was made and tell its person, unless nobody wants it or another was first."""
    size = content.size
    stored = default_storage.save(stored_name(produced, name), content)
    with transaction.atomic():
        is_kept = ProducedFile.objects.filter(pk=produced.pk, ready_at=None).update(
            file=stored,
            name=name,
            size=size,
            documents=[str(key) for key in documents],
            done=produced.total,
            ready_at=at,
            expires_at=at + KEPT,
        )
        if is_kept:
            _tell_ready(produced, at=at)
    if not is_kept:
        default_storage.delete(stored)


def _tell_ready(produced: ProducedFile, *, at: datetime) -> None:
    assessment = produced.assessment
    until = timezone.localtime(at + KEPT, assessment.city.zone)
    text = _("%(kind)s %(year)s siap diunduh sampai %(until)s.") % {
        "kind": produced.get_kind_display(),
        "year": assessment,
        "until": f"{format_moment(until)} {assessment.city.get_timezone_display()}",
    }
    kind, url = NotificationKind.FILE_READY, produced.get_absolute_url()
    notice = Notice(produced.user_id, kind, assessment.pk, text, url, _key_of(produced))
    deliver([notice], at=at)


def may_take(produced: ProducedFile, member: Membership) -> bool:
    """Whether the member may still open every document in it: that may have changed since."""
    return all(
        SupportingDocument.objects.visible_to(member)
        .openable_by(member, in_bulk=True)
        .filter(pk__in=keys, removed_at=None)
        .count()
        == len(keys)
        for keys in _documents_of(produced)
    )


def sensitive_in(produced: ProducedFile) -> Iterator[SupportingDocument]:
    for keys in _documents_of(produced):
        yield from SupportingDocument.objects.filter(pk__in=keys).exclude(sensitivity="")


def _documents_of(produced: ProducedFile) -> Iterator[list[str]]:
    keys = sorted(set(produced.documents))
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def sweep_files(*, at: datetime) -> int:
    """Remove what is older than a day, and what killed makers left; return how many files."""
    expired = list(ProducedFile.objects.expired(at))
    for produced in expired:
        _remove(produced)
    orphans = [name for name in _stored() if _is_orphan(name, at=at)]
    for name in orphans:
        default_storage.delete(name)
    return len(expired) + len(orphans)


def _stored() -> list[str]:
    try:
        return [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return []  # none was ever made


def _is_orphan(name: str, *, at: datetime) -> bool:
    if ProducedFile.objects.filter(file=name).exists():
        return False
    try:
        return default_storage.get_modified_time(name) <= at - ORPHANED
    except FileNotFoundError:
        return False


def _remove(produced: ProducedFile) -> None:
    """The row first: a file without a row is rubbish that the sweep finds."""
    with transaction.atomic():
        row = ProducedFile.objects.select_for_update().filter(pk=produced.pk).first()
        ProducedFile.objects.filter(pk=produced.pk).delete()
        Notification.objects.filter(user=produced.user_id, key=_key_of(produced)).delete()
    if row is not None and row.file.name:
        default_storage.delete(row.file.name)


def _key_of(produced: ProducedFile) -> str:
    return f"{NotificationKind.FILE_READY}:{produced.pk}"
