"""Who may send how many bytes to which page, decided before any more than a head is read."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError
from django.http import HttpRequest, parse_cookie
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.module_loading import import_string

from api.bearer import ROOT, bearer_of

if TYPE_CHECKING:  # the server reads this before there are any models
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

SMALL = 64 * 1024  # bytes that anybody may send anywhere: a form without files
FORM = 2 * 1024 * 1024 + SMALL  # the longest form without files: assigning every question
SHEET = 12 * 1024 * 1024  # one table or instrument, with its form
FILES_AT_ONCE = 20  # of the upload form


CARRIES_SHEET = {
    "sheet_import",
    "member_import",
    "import_upload",
    "feed_upload",
    "reports_import",
    "units_import",
    "boundaries_import",
    "sheet_upload",
    "realisation_upload",
    "nomenclature",
}
CARRIES_FILES = {"document_upload", "declaration_create", "declaration_edit"}
CARRIES_FILE = {
    "document_revise",
    "link_offer",
    "credential_create",
    "credential_edit",
    "photo_add",
    "finding_create",
}
CARRIES_PIECE = {"upload_part"}


@dataclass(eq=False)
class Refused(Exception):
    """No more of this body is read. `retry_after` in seconds, 0 where trying again is no use."""

    status: int
    sentence: str
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Admitted:
    """How many bytes of body may come, and how to give back the place that they take."""

    limit: int
    release: Callable[[], None]


def too_large(limit: int) -> Refused:
    size = f"{limit // 1024} KB" if limit < 1024 * 1024 else f"{limit // 1024 // 1024} MB"
    return Refused(
        413,
        f"Kiriman terlalu besar: halaman ini menerima paling banyak {size}. "
        "Kurangi isi atau berkasnya, lalu kirim lagi.",
    )


def admit(
    *, method: str, path: str, cookies: str, declared: int, authorization: str = ""
) -> Admitted:
    """Find a place for a body of more than SMALL bytes. Asks the database who sends it: by the
    session, at the addresses of the interface by the token alone.

    `declared` counts bytes; a body in chunks declares nothing. Raises Refused: 413 where the
    page takes less, 429 where this person, and 503 where everybody together sends enough already.
    """
    try:
        user = _bearer_of(authorization) if is_by_token(path) else _user_of(cookies)
        limit = _limit(method, path) if user.is_authenticated else SMALL
    except DatabaseError as error:
        raise Refused(503, "Basis data tidak menjawab. Coba lagi sebentar.", 10) from error
    if declared > limit:
        raise too_large(limit)
    if limit <= SMALL:
        return Admitted(limit, lambda: None)
    return Admitted(limit, _place_for(user.pk))


def _user_of(cookies: str) -> AbstractBaseUser | AnonymousUser:
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return get_user(request)


def is_by_token(path: str) -> bool:
    return path.startswith(ROOT)


def _bearer_of(authorization: str) -> AbstractBaseUser | AnonymousUser:
    # The server reads this before there are any models.
    token_of = import_string("api.services.tokens.token_of")
    secret = bearer_of(authorization)
    token = token_of(secret, at=timezone.now()) if secret else None
    return token.user if token else import_string("django.contrib.auth.models.AnonymousUser")()


def _limit(method: str, path: str) -> int:
    """The bytes that a page takes from somebody who is signed in."""
    try:
        name = resolve(path).url_name or ""
    except Resolver404:
        return SMALL
    largest = settings.KLA_MAX_UPLOAD_BYTES
    if method == "PATCH":
        return largest if name in CARRIES_PIECE else SMALL
    if name in CARRIES_FILES:
        # A megabyte more than the largest, so that the form itself says what is too large.
        return FILES_AT_ONCE * (largest + 1024 * 1024)
    if name in CARRIES_FILE:
        return largest + 5 * 1024 * 1024
    return SHEET if name in CARRIES_SHEET else FORM


def _place_for(user_id: object) -> Callable[[], None]:
    """A place of this person and one of the site, as locks that go with a dying process."""
    mine = _lock_one(f"person-{user_id}", settings.KLA_BODIES_PER_PERSON)
    if mine is None:
        raise Refused(
            429,
            f"Anda sedang mengirim {settings.KLA_BODIES_PER_PERSON} berkas sekaligus. "
            "Tunggu salah satunya selesai, lalu kirim lagi.",
            5,
        )
    ours = _lock_one("site", settings.KLA_BODIES)
    if ours is None:
        os.close(mine)
        raise Refused(
            503, "Banyak orang sedang mengunggah. Tunggu beberapa detik, lalu kirim lagi.", 10
        )

    def release() -> None:
        os.close(mine)
        os.close(ours)

    return release


def _lock_one(name: str, count: int) -> int | None:
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR) / "places"
    folder.mkdir(mode=0o700, exist_ok=True)
    for number in range(count):
        with _opened(folder / f"{name}-{number}") as descriptor:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            return os.dup(descriptor)  # shares the lock, which goes with the last of both
    return None


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
