"""What other systems may do: each by the form and the service of its page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import fields
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from api.answers.bodies import ClaimBody, CommentBody, DocumentBody, OfficialBody, VerdictBody
from api.answers.questions import CommentEntry, OfferEntry, QuestionDetail
from api.bodies import Body, body_of, require_known
from api.endpoints import Call, Endpoint
from api.etags import etag_of
from api.queries.questions import offer_entries
from api.values import written
from api.views.questions import answer_or_404, comment_entry, detail_of
from api.writing import Deed, done
from assessments.choices import ScoreKind, Verdict
from assessments.forms.answers import ClaimForm, CommentForm
from assessments.forms.official import OfficialForm
from assessments.forms.review import ReviewForm
from assessments.forms.uploads import CheckedFilesField, UploadForm
from assessments.models import Answer, Evidence
from assessments.services.answers import save_claim
from assessments.services.comments import add_comment
from assessments.services.documents import upload_documents
from assessments.services.official import enter_official
from assessments.services.review import accept_evidence, return_evidence
from assessments.services.uploads import discard
from assessments.services.years import lock
from assessments.views.lookups import get_assessment_or_404, get_evidence_or_404
from cities.roles import Permission


def names_of(kind: type) -> set[str]:
    return {one.name for one in fields(kind)}


def _question_as_it_is(call: Call, answer: Answer) -> Callable[[], str]:
    """Holds the year, so that what is compared is what is changed."""
    year, code = answer.assessment.year, answer.question.code

    def now() -> str:
        lock(answer.assessment_id)
        return etag_of(written(detail_of(call, year, code)))

    return now


def _claim(call: Call, year: int, code: str) -> HttpResponse:
    answer = answer_or_404(call, year, code)
    seen_at = answer.claimed_at.isoformat() if answer.claimed_at else ""
    told = body_of(call.request, names_of(ClaimBody) & set(ClaimForm(answer=answer).fields))
    form = ClaimForm({**told, "seen_at": seen_at}, answer=answer)
    deed = Deed(
        do=lambda: save_claim(answer_id=answer.pk, **form.cleaned(), by=call.user, at=call.at),
        shows=lambda _saved: detail_of(call, year, code),
        form=form,
        seen=_question_as_it_is(call, answer),
        must_have_seen=True,
    )
    return done(call, deed)


def _comment(call: Call, year: int, code: str) -> HttpResponse:
    answer = answer_or_404(call, year, code)
    form = CommentForm(body_of(call.request, names_of(CommentBody)))
    deed = Deed(
        do=lambda: add_comment(
            answer=answer, text=form.cleaned_data["text"], by=call.user, at=call.at
        ),
        shows=comment_entry,
        form=form,
        status=201,
    )
    return done(call, deed)


def _verdict(call: Call, year: int, pk: int) -> HttpResponse:
    evidence = get_evidence_or_404(call.member, get_assessment_or_404(call.member, year), pk)
    form = ReviewForm(body_of(call.request, names_of(VerdictBody)), answer=evidence.answer)

    def decide() -> Evidence:
        data = form.cleaned_data
        common: dict[str, Any] = {"evidence_id": pk, "by": call.user, "at": call.at}
        if data["verdict"] == Verdict.ACCEPTED:
            return accept_evidence(granted_points=data["granted_points"], **common)
        return return_evidence(reason=data["reason"], **common)

    return done(call, Deed(do=decide, shows=lambda one: _offer(call, one), form=form))


def _official(call: Call, year: int, code: str) -> HttpResponse:
    answer = answer_or_404(call, year, code)
    form = OfficialForm(body_of(call.request, names_of(OfficialBody)), answer=answer)

    def enter() -> Answer:
        data = form.cleaned_data
        return enter_official(
            answer_id=answer.pk,
            kind=ScoreKind(data["kind"]),
            points=data["points"],
            why=data["why"],
            by=call.user,
            at=call.at,
        )

    deed = Deed(
        do=enter,
        shows=lambda _entered: detail_of(call, year, code),
        form=form,
        seen=_question_as_it_is(call, answer),
        must_have_seen=True,
    )
    return done(call, deed)


def _document(call: Call, year: int, code: str) -> HttpResponse:
    """One file: with the request, or sent in pieces before and named by `upload`."""
    answer, request = answer_or_404(call, year, code), call.request
    known = names_of(DocumentBody)
    told: Any
    if request.content_type == "multipart/form-data":
        require_known({*request.POST, *request.FILES}, known | {"file"})
        told = request.POST
    else:
        told = _with_list(body_of(request, known))
    with closing(UploadForm(told, request.FILES, answer=answer, by=call.user)) as form:
        field = form.fields["file"]
        assert isinstance(field, CheckedFilesField)  # noqa: S101 -- narrows for mypy
        field.limit = 1
        deed = Deed(
            do=lambda: _store(call, form),
            shows=lambda one: _offer(call, one),
            form=form,
            status=201,
        )
        try:
            return done(call, deed)
        finally:
            for upload in form.refused:
                discard(upload_id=upload.pk)


def _with_list(told: Body) -> Body:
    upload = told.get("upload")
    return told | {"upload": upload if isinstance(upload, list) else [upload] if upload else []}


def _store(call: Call, form: UploadForm) -> Evidence:
    if form.faults:
        raise ValidationError(form.faults)
    [one] = form.handed_in
    [offered] = upload_documents(
        answer_id=form.answer.pk,
        files=[one.file],
        kind=one.kind,
        said=one.said,
        opd=call.member.opd,
        by=call.user,
        at=call.at,
    )
    return offered


def _offer(call: Call, offered: Evidence) -> OfferEntry:
    [entry] = offer_entries([offered], call.member)
    return entry


CLAIM = Endpoint(
    _claim,
    _("Menyimpan klaim"),
    permission=Permission.ANSWER_QUESTIONS,
    returns=QuestionDetail,
    takes=ClaimBody,
    is_locked=True,
)
COMMENT = Endpoint(
    _comment,
    _("Menulis pesan"),
    permission=Permission.COMMENT,
    returns=CommentEntry,
    takes=CommentBody,
    status=201,
)
VERDICT = Endpoint(
    _verdict,
    _("Menerima atau mengembalikan dokumen"),
    permission=Permission.REVIEW_EVIDENCE,
    returns=OfferEntry,
    takes=VerdictBody,
)
OFFICIAL = Endpoint(
    _official,
    _("Mencatat nilai tahap resmi"),
    permission=Permission.ENTER_OFFICIAL,
    returns=QuestionDetail,
    takes=OfficialBody,
    is_locked=True,
)
DOCUMENT = Endpoint(
    _document,
    _("Mengunggah dokumen untuk pertanyaan"),
    permission=Permission.ANSWER_QUESTIONS,
    returns=OfferEntry,
    takes=DocumentBody,
    status=201,
    has_file=True,
)
