"""Doing without a kind of document."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.documents import WaiverForm
from assessments.models import Waiver
from assessments.services.waivers import remove_waiver, waive_kind
from assessments.views.lookups import get_assessment_or_404, get_question_or_404
from assessments.views.question import question_page
from assessments.views.refusals import with_status
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.REVIEW_EVIDENCE)
def kind_waive(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    answer = get_question_or_404(member, year, code)
    if request.method != "POST":
        return redirect(answer)
    form = WaiverForm(request.POST, answer=answer)
    if not form.is_valid():
        return question_page(request, member, answer, waiver_form=form)
    try:
        waiver = waive_kind(
            answer_id=answer.pk, **form.cleaned_data, by=member.user, at=timezone.now()
        )
    except ValidationError as error:
        form.add_error(None, error)
        page = question_page(request, member, answer, waiver_form=form)
        return with_status(page, form)
    sentence = _("%(kind)s tidak lagi diperlukan untuk pertanyaan ini.")
    messages.success(request, sentence % {"kind": waiver.kind.name})
    return redirect(f"{answer.get_absolute_url()}#dokumen")


@require_POST
@city_view(Permission.REVIEW_EVIDENCE)
def waiver_remove(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    waiver = get_object_or_404(
        Waiver.objects.select_related("answer__question", "answer__assessment__city", "kind"),
        pk=pk,
        answer__assessment=assessment,
    )
    try:
        remove_waiver(waiver_id=pk, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        sentence = _("%(kind)s kembali diminta untuk pertanyaan ini.")
        messages.success(request, sentence % {"kind": waiver.kind.name})
    return redirect(f"{waiver.answer.get_absolute_url()}#dokumen")
