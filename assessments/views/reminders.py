"""Messages with which the Gugus Tugas reminds OPDs where no e-mail reaches anybody."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Assessment
from assessments.reminder_text import reminder_text, whatsapp_url
from assessments.services.chasing import remind_opd
from assessments.services.owed import OpdOwes, owed_by_opd
from assessments.views.lookups import get_answer_or_404, get_assessment_or_404
from assessments.views.opds import get_opd_or_404
from cities.access import city_view
from cities.models import Membership, Opd
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


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.REMIND_OPDS)
def reminder_opd(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    """The message to one OPD about what it owes; with `?keadaan=terlambat` only what is late.

    Sent here (POST), it tells the OPD's people of all that is owed, once a day.
    """
    assessment = get_assessment_or_404(member, year)
    opd = get_opd_or_404(member, pk)
    if request.method == "POST":
        _remind(request, member, assessment, opd)
        return redirect(request.get_full_path())
    owing = owed_by_opd(assessment, today=timezone.localdate(), at=timezone.now(), opd=opd)
    only_late = request.GET.get("keadaan") == LATE
    shown = [one.only_late() for one in owing if one.late] if only_late else owing
    where = reverse("assessments:task_list", args=[member.city.slug])
    back = reverse("assessments:opd_detail", args=[member.city.slug, year, pk])
    context = {
        **_context(member, assessment, shown, where=where, back=back),
        "back_to": opd.name,
        "only_late": only_late,
        "may_send": bool(owing),
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


def _remind(request: HttpRequest, member: Membership, assessment: Assessment, opd: Opd) -> None:
    try:
        count = remind_opd(assessment_id=assessment.pk, opd=opd, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        said = _("Pengingat tersimpan untuk %(count)d orang %(opd)s.")
        messages.success(request, said % {"count": count, "opd": opd.name})


def _context(
    member: Membership, assessment: Assessment, owing: list[OpdOwes], *, where: str, back: str
) -> dict[str, object]:
    reminders = []
    for one in owing:
        text = reminder_text(
            opd=one.opd.name,
            city=member.city.name,
            year=assessment.year,
            owed=one.questions,
            url=f"{settings.KLA_BASE_URL}{where}",
        )
        reminders.append({"opd": one.opd, "text": text, "whatsapp": whatsapp_url(text)})
    return {
        "member": member,
        "assessment": assessment,
        "page": "questions",
        "reminders": reminders,
        "back": back,
    }
