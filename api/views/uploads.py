"""Files in pieces, by the tus protocol that the pages use (assessments/views/uploads.py)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.endpoints import Call, Endpoint, resource
from api.problems import Problem
from assessments.views.uploads import upload_create, upload_part
from cities.roles import Permission


def _create(call: Call, year: int, code: str) -> HttpResponse:
    answer = upload_create(call.request, city_slug=call.member.city.slug, year=year, code=code)
    told = _told(answer)
    upload = told["Location"].rstrip("/").rpartition("/")[2]
    told["Location"] = reverse("api:upload_part", args=[call.member.city.slug, year, code, upload])
    return told


def _part(call: Call, year: int, code: str, pk: UUID) -> HttpResponse:
    slug = call.member.city.slug
    return _told(upload_part(call.request, city_slug=slug, year=year, code=code, pk=pk))


def _told(answer: HttpResponseBase) -> HttpResponse:
    """A refusal of the protocol, under its status, as a problem."""
    assert isinstance(answer, HttpResponse)  # noqa: S101 -- narrows for mypy
    if answer.status_code < 400:
        return answer
    kept = {name: value for name, value in answer.items() if name.startswith("Tus-")}
    sentence = answer.content.decode()
    raise Problem(answer.status_code, f"upload_{answer.status_code}", sentence, headers=kept)


def _endpoint(
    run: Callable[..., HttpResponse],
    summary: Promise,
    status: int,
    *more: str,
    is_raw: bool = False,
) -> Endpoint:
    return Endpoint(
        run,
        summary,
        permission=Permission.ANSWER_QUESTIONS,
        status=status,
        media_type="text/plain",
        headers=("Tus-Resumable", *more),
        is_raw=is_raw,
    )


uploads = resource(
    post=_endpoint(_create, _("Memulai unggahan bertahap (tus 1.0.0)"), 201, "Upload-Length")
)
upload = resource(
    head=_endpoint(_part, _("Berapa yang sudah diterima"), 200),
    patch=_endpoint(_part, _("Mengirim potongan berikutnya"), 204, "Upload-Offset", is_raw=True),
    delete=_endpoint(_part, _("Membuang unggahan"), 204),
)
