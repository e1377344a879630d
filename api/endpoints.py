"""The gate of the interface: a token, its person's role, how often, and what is answered.

`resource` makes a view of what is done at one address; each of its endpoints names the permission, as
`city_view` does for a page. Nothing of a session is looked at: kla never hands one on to these
addresses, and there is no cookie that a foreign page could use.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from api import limits
from api.bearer import bearer_of
from api.etags import etag_of
from api.models import ApiToken
from api.problems import Problem, not_allowed, not_found, refused
from api.services.tokens import token_of
from api.values import written
from cities.access import View, membership_of
from cities.models import Membership, User
from cities.roles import Permission
from trail.address import by_token, coming_from

logger = logging.getLogger(__name__)

BY_TOKEN = "by_token"  # noqa: S105 -- what the gate of these addresses names in place of a permission


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in. `at` is the server's clock when it had arrived."""

    request: HttpRequest
    token: ApiToken
    at: datetime
    membership: Membership | None = None

    @property
    def user(self) -> User:
        return self.token.user

    @property
    def member(self) -> Membership:
        if self.membership is None:
            raise PermissionDenied
        return self.membership


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address may be asked for behind its `?`, as the page of the same thing is."""

    name: str
    says: str | Promise
    is_many: bool = False  # may come several times


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that can be done at an address, with all that its description needs.

    `returns` and `takes` are dataclasses: what is answered and what the body has; None where that is
    something else than JSON, or nothing. Without a permission it is everybody's own.
    """

    run: Callable[..., Any]
    summary: str | Promise
    permission: Permission | None = None
    returns: type | None = None
    is_page: bool = False  # a list that comes in pages
    is_list: bool = False  # a short list, all of it at once
    status: int = 200
    takes: type | None = None
    is_locked: bool = False  # refuses whoever does not send If-Match
    media_type: str = "application/json"
    headers: tuple[str, ...] = ()  # that it cannot do without
    is_raw: bool = False  # the body is a piece of a file
    has_file: bool = False  # may come as multipart/form-data, with the file as `file`
    asks: tuple[Asked, ...] = ()  # beside `limit` and `cursor`


def resource(**endpoints: Endpoint) -> View:
    """A view that answers each method by its endpoint; HEAD is answered as GET."""
    by_method = {name.upper(): one for name, one in endpoints.items()}

    def view(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        try:
            return _answered(request, by_method, parts)
        except Problem as problem:
            return _finished(problem.response)

    view.endpoints = by_method  # type: ignore[attr-defined]
    view.permission = BY_TOKEN  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def _nothing(call: Call, rest: str) -> None:
    raise Http404


# Whatever else is asked for below the interface's address: answered as a problem, not as a page.
nowhere = resource(
    **dict.fromkeys(("get", "post", "put", "patch", "delete"), Endpoint(_nothing, ""))
)


def _answered(
    request: HttpRequest, by_method: Mapping[str, Endpoint], parts: dict[str, Any]
) -> HttpResponseBase:
    at = timezone.now()
    token = authenticated(request, at=at)
    request.user = token.user
    limits.count(token.pk, at=at)
    method = request.method or ""
    endpoint = by_method.get("GET" if method == "HEAD" and "HEAD" not in by_method else method)
    if endpoint is None:
        raise _wrong_method(by_method)
    try:
        with coming_from(request), by_token(token.name):
            return _done(request, endpoint, token, parts, at=at)
    except Http404 as error:
        raise not_found() from error
    except PermissionDenied as error:
        raise not_allowed() from error
    except ValidationError as error:
        raise refused(error) from error


def authenticated(request: HttpRequest, *, at: datetime) -> ApiToken:
    """The token of the request. Raises Problem (401, `token`)."""
    secret = bearer_of(request.headers.get("Authorization", ""))
    token = token_of(secret, at=at) if secret else None
    if token is None:
        raise Problem(
            401,
            "token",
            _("Kirim token yang masih berlaku sebagai Authorization: Bearer …"),
            headers={"WWW-Authenticate": "Bearer"},
        )
    return token


def _done(
    request: HttpRequest,
    endpoint: Endpoint,
    token: ApiToken,
    parts: dict[str, Any],
    *,
    at: datetime,
) -> HttpResponseBase:
    writes = request.method not in ("GET", "HEAD", "OPTIONS")
    slug = parts.pop("city_slug", None)
    member = None if slug is None else membership_of(token.user, slug)
    if member is not None and endpoint.permission and not member.may(endpoint.permission):
        raise PermissionDenied
    if writes and not token.may_write:
        raise Problem(403, "scope", _("Token ini hanya boleh membaca."))
    call = Call(request, token, at, member)
    if member is None:
        return _sent(call, endpoint.run(call, **parts))
    with timezone.override(member.city.zone):
        return _sent(call, endpoint.run(call, **parts))


def _sent(call: Call, answer: Any) -> HttpResponseBase:
    if isinstance(answer, HttpResponseBase):
        return _finished(answer)
    body = written(answer)
    response = json_response(body)
    found = get_conditional_response(call.request, etag=response["ETag"], response=response)
    return _finished(found or response)


def json_response(body: str, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type="application/json")
    response["ETag"] = etag_of(body)
    return response


def _finished(response: HttpResponseBase) -> HttpResponseBase:
    """Whoever reads it may keep it for themselves, and asks each time whether it still holds."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization"])
    return response


def _wrong_method(by_method: Mapping[str, Endpoint]) -> Problem:
    allowed = ", ".join(sorted({*by_method, "HEAD"} if "GET" in by_method else by_method))
    return Problem(
        405,
        "method",
        _("Alamat ini menerima %(allowed)s.") % {"allowed": allowed},
        headers={"Allow": allowed},
    )
