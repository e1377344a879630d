"""Messages with which the Gugus Tugas reminds OPDs where no e-mail reaches anybody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.queries.reminders import OpdOwes, owed_by_opd
from assessments.reminder_text import reminder_text, whatsapp_url
from assessments.views.lookups import get_answer_or_404, get_assessment_or_404
from assessments.views.opds import get_opd_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission

LATE = "terlambat"  # as the address says it


@require_safe
@city_view(Permission.REMIND_OPDS)
def reminder_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Every OPD that owes something, with how much of it is late."""
    assessment = get_assessment_or_404(member, year)
    owing = owed_by_opd(assessment, today=timezone.localdate(), at=timezone.now())
    context = {"member": member, "assessment": assessment, "page": "questions", "owing": owing}
    return render(request, "assessments/reminder_list.html", context)


@require_safe
@city_view(Permission.REMIND_OPDS)
def reminder_opd(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    """The message to one OPD about what it owes; with `?keadaan=terlambat` only what is late."""
    assessment = get_assessment_or_404(member, year)
    opd = get_opd_or_404(member, pk)
    owing = owed_by_opd(assessment, today=timezone.localdate(), at=timezone.now(), opd=opd)
    only_late = request.GET.get("keadaan") == LATE
    shown = [one.only_late() for one in owing if one.late] if only_late else owing
    where = reverse("assessments:task_list", args=[member.city.slug])
    back = reverse("assessments:opd_detail", args=[member.city.slug, year, pk])
    context = {
        **_context(member, assessment, shown, where=where, back=back),
        "back_to": opd.name,
        "only_late": only_late,
        "late": sum(one.late for one in owing),
    }
    return render(request, "assessments/reminder.html", context)


@require_safe
@city_view(Permission.REMIND_OPDS)
def reminder_question(
    request: HttpRequest, member: Membership, year: int, code: str
) -> HttpResponse:
    """The message about one question, one for each OPD that holds it."""
    assessment = get_assessment_or_404(member, year)
    answer = get_answer_or_404(member, assessment, code)
    owing = owed_by_opd(assessment, today=timezone.localdate(), at=timezone.now(), answer=answer)
    answer.assessment = assessment
    where = answer.get_absolute_url()
    context = {
        **_context(member, assessment, owing, where=where, back=where),
        "back_to": code,
    }
    return render(request, "assessments/reminder.html", context)


def _context(
    member: Membership, assessment: Assessment, owing: list[OpdOwes], *, where: str, back: str
) -> dict[str, object]:
    messages = []
    for one in owing:
        text = reminder_text(
            opd=one.opd.name,
            city=member.city.name,
            year=assessment.year,
            owed=one.questions,
            url=f"{settings.KLA_BASE_URL}{where}",
        )
        messages.append({"opd": one.opd, "text": text, "whatsapp": whatsapp_url(text)})
    return {
        "member": member,
        "assessment": assessment,
        "page": "questions",
        "reminders": messages,
        "back": back,
    }
