"""Files in pieces, by the tus protocol, version 1.0.0 (https://tus.io/protocols/resumable-upload).

Extensions: creation, checksum, expiration, termination. A refusal is a sentence for the person
as plain text, under the status that the protocol gives it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Answer, Upload
from assessments.proposals import NAME, TAKEN, Reading
from assessments.services import upload_storage
from assessments.services.proposals import proposals_for
from assessments.services.uploads import append, create_upload, discard, lost
from assessments.views.lookups import get_answer_or_404, get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission

VERSION = "1.0.0"
MAX_READINGS = 3  # that a sentence names
PIECE_TYPE = "application/offset+octet-stream"
ALGORITHMS = ("sha1", "sha256")
STATUS = {
    "closed": 403,
    "gone": 404,
    "offset": 409,
    "lost": 410,
    "too_large": 413,
    "too_long": 413,
    "too_many": 429,
    "quota_person": 429,
    "quota_city": 429,  # not 507: the browser would try that again and again
    "checksum": 460,
    "damaged": 460,
    "storage": 507,
}


class RefusalError(Exception):
    """A request that the protocol does not allow, before anything was done."""

    def __init__(self, status: int, sentence: str) -> None:
        self.response = _answer(status, sentence)


@require_http_methods(["OPTIONS", "POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def upload_create(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    """Make room for one file; its address is in the answer."""
    answer = get_answer_or_404(member, get_assessment_or_404(member, year), code)
    if request.method == "OPTIONS":
        return _abilities()
    try:
        _require_version(request)
        length = _number(request, "Upload-Length")
        said = _metadata(request)
        upload = create_upload(
            answer=answer,
            name=said.name,
            length=length,
            sha256=said.sha256,
            by=member.user,
            at=timezone.now(),
        )
    except RefusalError as refusal:
        return refusal.response
    except ValidationError as error:
        return _refused(error)
    response = _answer(201)
    response["Location"] = upload.get_absolute_url()
    return _standing(response, upload)


@require_http_methods(["DELETE", "HEAD", "OPTIONS", "PATCH"])
@city_view(Permission.ANSWER_QUESTIONS)
def upload_part(
    request: HttpRequest, member: Membership, year: int, code: str, pk: UUID
) -> HttpResponse:
    """How much has arrived (HEAD), the next piece (PATCH), or the end of it (DELETE)."""
    answer = get_answer_or_404(member, get_assessment_or_404(member, year), code)
    upload = _own_upload(member, answer, pk)
    if request.method == "OPTIONS":
        return _abilities()
    try:
        _require_version(request)
        if request.method == "HEAD":
            return _progress(upload)
        if request.method == "DELETE":
            discard(upload_id=upload.pk)
            return _answer(204)
        return _standing(_answer(204), _appended(request, upload))
    except RefusalError as refusal:
        return refusal.response
    except ValidationError as error:
        return _refused(error)


@require_http_methods(["POST"])
@city_view(Permission.ANSWER_QUESTIONS)
def upload_discard(
    request: HttpRequest, member: Membership, year: int, code: str, pk: UUID
) -> HttpResponse:
    """The same as DELETE, for a button on the page."""
    answer = get_answer_or_404(member, get_assessment_or_404(member, year), code)
    upload = _own_upload(member, answer, pk)
    discard(upload_id=upload.pk)
    messages.success(request, _("Unggahan %(name)s dibuang.") % {"name": upload.name})
    return redirect(f"{answer.get_absolute_url()}#dokumen")


@require_safe
@city_view(Permission.ANSWER_QUESTIONS)
def upload_proposals(
    request: HttpRequest, member: Membership, year: int, code: str, pk: UUID
) -> HttpResponse:
    """What the file says of itself, for the form to show; nothing is stored of it."""
    answer = get_answer_or_404(member, get_assessment_or_404(member, year), code)
    upload = _own_upload(member, answer, pk)
    if not upload.is_complete:
        raise Http404
    found = proposals_for(upload)
    return JsonResponse(
        {
            "agreed": [
                {"field": one.field, "value": one.value, "source": _source(one)}
                for one in found.agreed
            ],
            "doubtful": [
                {
                    "field": field,
                    "sentence": _doubt([o for o in found.doubtful if o.field == field]),
                }
                for field in dict.fromkeys(one.field for one in found.doubtful)
            ],
        }
    )


def _source(reading: Reading) -> str:
    words = " ".join(reading.words.split())
    return _("dari %(place)s: “%(words)s”") % {"place": _place(reading.place), "words": words}


def _place(place: str) -> str:
    named = {NAME: _("nama berkas"), "title": _("judul di dalam berkas"), TAKEN: _("data foto")}
    return named.get(place) or _("halaman %s") % place


def _doubt(readings: list[Reading]) -> str:
    said = [f"{one.value} ({_place(one.place)})" for one in readings[:MAX_READINGS]]
    return _("Berkas menyebut lebih dari satu: %s. Isi yang benar.") % "; ".join(said)


def _own_upload(member: Membership, answer: Answer, pk: UUID) -> Upload:
    return get_object_or_404(Upload.objects.of(member.user, answer), pk=pk)


def _progress(upload: Upload) -> HttpResponse:
    arrived = upload.arrived_sha256
    if not upload_storage.holds(upload.pk, upload.offset, arrived=arrived):
        discard(upload_id=upload.pk)
        raise lost()
    response = _standing(_answer(200), upload)
    response["Upload-Length"] = str(upload.length)
    return response


def _appended(request: HttpRequest, upload: Upload) -> Upload:
    if request.content_type != PIECE_TYPE:
        raise RefusalError(415, _("Potongan berkas dikirim sebagai %s.") % PIECE_TYPE)
    offset = _number(request, "Upload-Offset")
    if _number(request, "Content-Length") > upload.length - offset >= 0:
        # Before reading any of it; the service looks again at what arrived.
        raise RefusalError(413, _("Kiriman melebihi ukuran berkas yang disebut semula."))
    with upload_storage.received(_pieces(request)) as piece:
        _require_checksum(request, piece)
        return append(upload_id=upload.pk, offset=offset, piece=piece, at=timezone.now())


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes. Where the network breaks, what came before is still good."""
    try:
        while piece := request.read(upload_storage.PIECE):
            yield piece
    except UnreadablePostError:
        return


def _require_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        refusal = RefusalError(412, _("Server ini memakai protokol tus %s.") % VERSION)
        refusal.response["Tus-Version"] = VERSION
        raise refusal


def _number(request: HttpRequest, header: str) -> int:
    value = request.headers.get(header, "")
    if not re.fullmatch(r"[0-9]{1,18}", value):
        raise RefusalError(400, _("Kepala %s tidak ada atau bukan bilangan bulat.") % header)
    return int(value)


@dataclass(frozen=True, slots=True)
class Said:
    """What the browser tells of a file before sending it."""

    name: str
    sha256: str


def _metadata(request: HttpRequest) -> Said:
    values = {"filename": "", "sha256": ""}
    for entry in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        key, _space, value = entry.strip().partition(" ")
        try:
            values[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise RefusalError(400, _("Kepala Upload-Metadata tidak terbaca.")) from error
    if not re.fullmatch(r"([0-9a-f]{64})?", values["sha256"]):
        raise RefusalError(400, _("SHA-256 ditulis sebagai 64 angka heksadesimal kecil."))
    return Said(values["filename"], values["sha256"])


def _require_checksum(request: HttpRequest, piece: IO[bytes]) -> None:
    """The piece is what the sender says, if it says: `Upload-Checksum: sha1 <base64>`."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return
    algorithm, _space, expected = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise RefusalError(400, _("Server ini hanya mengenal %s.") % ", ".join(ALGORITHMS))
    piece.seek(0)
    digest = hashlib.file_digest(piece, algorithm).digest()  # type: ignore[arg-type]
    if base64.b64encode(digest).decode() != expected.strip():
        raise RefusalError(460, _("Potongan berkas rusak di perjalanan. Kirim potongan itu lagi."))


def _answer(status: int, sentence: str = "") -> HttpResponse:
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    return response


def _standing(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(upload.offset)
    response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


def _refused(error: ValidationError) -> HttpResponse:
    return _answer(STATUS.get(error.code or "", 400), error.messages[0])


def _abilities() -> HttpResponse:
    response = _answer(204)
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = "creation,checksum,expiration,termination"
    response["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    response["Tus-Max-Size"] = str(settings.KLA_MAX_UPLOAD_BYTES)
    return response
