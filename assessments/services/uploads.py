"""Files that arrive in pieces and survive a bad network, a reload and a dead server."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, SupportingDocument, Upload
from assessments.models.document import stored_name
from assessments.models.upload import UploadQuerySet
from assessments.services import upload_storage
from assessments.services.quotas import hold_room
from assessments.services.years import held_answer
from assessments.stages import StageAction
from assessments.validators import safe_name
from cities.models import User
from cities.roles import Permission
from figures.numbers import format_size_limit, too_large_facts
from texts.languages import deed

MAX_OPEN = 20
ORPHANED = timedelta(hours=1)  # after which nobody works on a temporary file any more

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed: unfinished uploads, and files that belonged to nothing."""

    uploads: int
    files: int


@deed
def create_upload(
    *, answer: Answer, name: str, length: int, sha256: str, by: User, at: datetime
) -> Upload:
    """Make room for a file of `length` bytes that will answer this question.

    It counts toward the quotas from here. Raises ValidationError (`closed`, `empty`, `too_large`,
    `too_many`, `quota_person`, `quota_city`).
    """
    name = safe_name(name)
    _require_acceptable_length(name, length)
    held_answer(answer.pk, StageAction.UPLOAD, by=by, permission=Permission.ANSWER_QUESTIONS, at=at)
    # Holds the person: two requests at once cannot both find room for the last one.
    hold_room(answer.assessment.city_id, size=length, by=by, at=at)
    _require_room(by)
    return Upload.objects.create(
        answer=answer,
        user=by,
        name=name,
        length=length,
        sha256=sha256,
        created_at=at,
        updated_at=at,
    )


def append(*, upload_id: UUID, offset: int, piece: IO[bytes], at: datetime) -> Upload:
    """Add a piece that has arrived whole, on disk before it is counted.

    The last piece also proves the file: it must have the SHA-256 that the browser computed.
    Raises ValidationError: `closed`, `gone`, `offset`, `too_long` and `storage` leave the
    upload as it was; after `damaged` and `lost` it has to be sent from the beginning.
    """
    _require_open(upload_id, at=at)
    with transaction.atomic():
        upload = _held(upload_id)
        size = piece.seek(0, os.SEEK_END)
        _require_fits(upload, offset, size)
        fault = _fault_after_writing(upload, piece, size) if size else None
        if fault:
            _remove(upload)
        elif size:
            upload.offset = offset + size
            upload.updated_at = at
            upload.save(update_fields=["offset", "arrived_sha256", "updated_at"])
    if fault:
        raise fault
    return upload


@deed
def discard(*, upload_id: UUID) -> None:
    """Throw away what has arrived. One that is gone already, or became a document, stays so."""
    upload = Upload.objects.select_for_update().filter(pk=upload_id).first()
    if upload is not None:
        _remove(upload)


def get_own_upload(uploads: UploadQuerySet, upload_id: str) -> Upload:
    """The whole upload of this id among `uploads`. Raises ValidationError (`gone`, `incomplete`)."""
    try:
        upload = uploads.filter(pk=UUID(upload_id)).first()
    except ValueError:
        upload = None
    return _require_complete(upload)


def content_of(upload: Upload) -> File[bytes]:
    """What has arrived, open for reading, under the name that the person gave.

    Of a whole upload only. Raises ValidationError (`lost`), or OSError where a bucket has it and
    does not answer.
    """
    try:
        return File(path_of_whole(upload).open("rb"), name=upload.name)
    except FileNotFoundError as error:
        raise lost() from error


def path_of_whole(upload: Upload) -> Path:
    """Where the content of a whole upload lies on this machine. Raises OSError."""
    return upload_storage.whole(upload.pk, upload.length, arrived=upload.arrived_sha256)


def hold_complete(upload_id: UUID) -> Upload:
    """Lock a whole upload, which is about to become a document. Inside a transaction only.

    Raises ValidationError (`gone`, `incomplete`).
    """
    return _require_complete(Upload.objects.select_for_update().filter(pk=upload_id).first())


def settle(upload: Upload) -> None:
    """The upload has become a document: nothing of it stays behind."""
    upload_id = upload.pk
    upload.delete()
    # Robust: a file that stays is swept later, and must not undo what is stored by now.
    transaction.on_commit(lambda: upload_storage.remove(upload_id), robust=True)


def sweep(*, at: datetime) -> Swept:
    """Remove uploads untouched for a day, and after an hour what crashes left behind."""
    found = list(upload_storage.stored_uploads())
    strays = set(found) - set(Upload.objects.in_bulk(found))
    for upload_id in strays:
        upload_storage.remove(upload_id)
    files = len(strays) + upload_storage.remove_temporary(until=at - ORPHANED)
    count = 0
    for upload_id in list(Upload.objects.abandoned(at).values_list("pk", flat=True)):
        with transaction.atomic():
            # Looked at again under the lock: a piece may have arrived this very moment.
            upload = Upload.objects.abandoned(at).select_for_update().filter(pk=upload_id).first()
            if upload is not None:
                _remove(upload)
                count += 1
    return Swept(count, files)


def lost() -> ValidationError:
    return ValidationError(
        _("Bagian berkas yang sudah terkirim tidak ada lagi di server. Unggah lagi dari awal."),
        code="lost",
    )


def _held(upload_id: UUID) -> Upload:
    return _require_there(Upload.objects.select_for_update().filter(pk=upload_id).first())


def _require_there(upload: Upload | None) -> Upload:
    if upload is None:
        raise ValidationError(
            _("Unggahan ini sudah selesai atau sudah dibuang. Muat ulang halaman ini."),
            code="gone",
        )
    return upload


def _require_complete(upload: Upload | None) -> Upload:
    upload = _require_there(upload)
    if not upload.is_complete:
        raise ValidationError(
            _("Berkas “%(name)s” baru %(percent)d %% terkirim. Lanjutkan unggahannya lebih dulu."),
            code="incomplete",
            params={"name": upload.name, "percent": upload.percent},
        )
    return upload


@deed
def _require_open(upload_id: UUID, *, at: datetime) -> None:
    """Whether the uploader may still hand in there.

    Not in the transaction that writes: reviewers should not wait for a disk.
    """
    upload = Upload.objects.select_related("user").filter(pk=upload_id).first()
    if upload is not None:
        held_answer(
            upload.answer_id,
            StageAction.UPLOAD,
            by=upload.user,
            permission=Permission.ANSWER_QUESTIONS,
            at=at,
        )


def _require_acceptable_length(name: str, length: int) -> None:
    if length <= 0:
        raise ValidationError(
            _("Berkas “%(name)s” kosong (%(size)s). Pilih berkas yang berisi, lalu unggah lagi."),
            code="empty",
            params={"name": name, "size": format_size_limit(length)},
        )
    if length > settings.KLA_MAX_UPLOAD_BYTES:
        raise ValidationError(
            _(
                "Berkas “%(name)s” berukuran %(size)s, melebihi batas %(limit)s. Kompres atau "
                "bagi menjadi beberapa berkas, lalu unggah kembali."
            ),
            code="too_large",
            params={"name": name, **too_large_facts(length, settings.KLA_MAX_UPLOAD_BYTES)},
        )


def _require_room(by: User) -> None:
    codes = Upload.objects.filter(user=by).values_list("answer__question__code", flat=True)
    open_ones = list(codes.order_by("answer__question__position"))
    if len(open_ones) >= MAX_OPEN:
        raise ValidationError(
            _(
                "Anda masih memiliki %(count)d unggahan yang belum selesai, pada pertanyaan "
                "%(codes)s. Lanjutkan atau buang sebagian, lalu unggah lagi."
            ),
            code="too_many",
            params={"count": len(open_ones), "codes": ", ".join(dict.fromkeys(open_ones))},
        )


def _require_fits(upload: Upload, offset: int, size: int) -> None:
    if offset != upload.offset:
        raise ValidationError(
            _("Server sudah menerima %(stored)d byte, bukan %(sent)d. Lanjutkan dari sana."),
            code="offset",
            params={"stored": upload.offset, "sent": offset},
        )
    if offset + size > upload.length:
        raise ValidationError(
            _("Kiriman melebihi ukuran “%(name)s” yang disebut semula. Unggah lagi dari awal."),
            code="too_long",
            params={"name": upload.name},
        )


def _fault_after_writing(upload: Upload, piece: IO[bytes], size: int) -> ValidationError | None:
    """What is wrong with the content now that the piece is in, if it cannot be kept at all."""
    known = upload.arrived_sha256
    try:
        arrived = upload_storage.write(upload.pk, upload.offset, piece, arrived=known)
    except upload_storage.LostContentError:
        return lost()
    except OSError as error:
        logger.exception("Storing a piece of an upload failed")
        raise upload_storage.storage_trouble(error) from error
    upload.arrived_sha256 = arrived
    is_last = upload.offset + size == upload.length
    if is_last and upload.sha256 not in ("", arrived or upload_storage.sha256_of(upload.pk)):
        return ValidationError(
            _(
                "Isi berkas “%(name)s” yang sampai tidak sama dengan yang dikirim, jadi tidak "
                "disimpan. Unggah lagi dari awal."
            ),
            code="damaged",
            params={"name": upload.name},
        )
    return None


def _remove(upload: Upload) -> None:
    """The row, its file, and what a server left that died while making the document of it.

    As long as the locked row is there no document has its id, so nothing that counts goes.
    """
    upload_id = upload.pk
    document = SupportingDocument(pk=upload_id)
    name = stored_name(document, "")
    upload.delete()

    def remove_files() -> None:
        upload_storage.remove(upload_id)
        document.file.storage.delete(name)

    transaction.on_commit(remove_files, robust=True)
