"""A deed from outside: what was sent, whether it was sent before, what was seen, and what came of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from api.endpoints import Call, json_response
from api.etags import require_seen
from api.models import KeptAnswer
from api.problems import Problem, refused, refused_form
from api.services.kept import claim, kept_answer, release, settle
from api.values import written
from assessments.services.overtaken import Overtaken

KEY = re.compile(r"[!-~]{1,200}")
CONFLICT, FULL, CHANGED = 409, 507, 412


@dataclass(frozen=True, slots=True)
class Deed:
    """`do` calls one service; `shows` makes the answer of what it gave. `seen` gives the ETag of what it changes,
    once nobody else changes it meanwhile."""

    do: Callable[[], Any]
    shows: Callable[[Any], Any]
    form: forms.BaseForm | None = None
    seen: Callable[[], str] | None = None
    must_have_seen: bool = False
    status: int = 200


def done(call: Call, deed: Deed) -> HttpResponse:
    """Do it, once for each `Idempotency-Key`. Raises Problem."""
    key, print_ = _key(call), _fingerprint(call)
    if key and (kept := kept_answer(token=call.token, key=key)):
        return _again(kept, print_)
    if deed.form is not None and not deed.form.is_valid():
        raise refused_form(deed.form)
    with transaction.atomic():
        row = None
        if key:
            row, is_new = claim(token=call.token, key=key, request=print_, at=call.at)
            if not is_new:
                return _again(row, print_)
        # A service that refuses has undone its own; that somebody came second stays in the trail.
        outcome = _tried(call, deed)
        if isinstance(outcome, Problem):
            if row is not None:
                release(row)
        elif row is not None:
            settle(
                row,
                status=outcome.status_code,
                body=outcome.content.decode(),
                etag=outcome["ETag"],
            )
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def _tried(call: Call, deed: Deed) -> HttpResponse | Problem:
    try:
        if deed.seen is not None:
            require_seen(call.request, deed.seen, required=deed.must_have_seen)
        result = deed.do()
    except Problem as problem:
        return problem
    except Overtaken as error:
        return refused(error, status=CONFLICT)
    except ValidationError as error:
        is_full = any(one.code == "storage" for one in error.error_list)
        return refused(error, status=FULL if is_full else 422)
    return json_response(written(deed.shows(result)), status=deed.status)


def _key(call: Call) -> str:
    key = call.request.headers.get("Idempotency-Key", "")
    if key and not KEY.fullmatch(key):
        sentence = _("Idempotency-Key terdiri atas 1 sampai 200 karakter ASCII tanpa spasi.")
        raise Problem(400, "idempotency_key", sentence)
    return key


def _fingerprint(call: Call) -> str:
    """The SHA-256 of what was asked for, files included."""
    request = call.request
    said: list[object] = [request.method, request.get_full_path()]
    if request.content_type == "multipart/form-data":
        said += sorted((name, tuple(many)) for name, many in request.POST.lists())
        said += [(one.name, _digest(one)) for _n, many in request.FILES.lists() for one in many]
    else:
        said.append(request.body)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _digest(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _again(kept: KeptAnswer, fingerprint: str) -> HttpResponse:
    if kept.request != fingerprint:
        sentence = _("Idempotency-Key ini sudah dipakai untuk permintaan lain. Pakai yang baru.")
        raise Problem(422, "key_reused", sentence)
    response = json_response(kept.body, status=kept.status)
    response["Idempotency-Replayed"] = "true"
    return response
