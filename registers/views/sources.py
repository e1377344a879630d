"""Which register answers which question of an instrument: read and changed by site administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.access import person, site_admin_view
from clusters.models import Instrument
from registers.forms import SourceForm
from registers.queries.sources import SourceLine, source_lines
from registers.services.sources import set_source, told_source, use_file_source


@require_safe
@site_admin_view
def source_list(request: HttpRequest, instrument: str) -> HttpResponse:
    """The questions that a register answers or that somebody changed; on request all of them."""
    found = _instrument(instrument)
    lines = source_lines(found)
    shows_all = "semua" in request.GET
    answered = sum(line.source is not None for line in lines)
    context = {
        "instrument": found,
        "lines": [one for one in lines if shows_all or one.source or one.changed],
        "shows_all": shows_all,
        "facts": {
            "answered": answered,
            "total": len(lines),
            "changed": sum(line.changed is not None for line in lines),
            "wrong": sum(bool(line.findings) for line in lines),
        },
    }
    return render(request, "registers/source_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def source_edit(request: HttpRequest, instrument: str, code: str) -> HttpResponse:
    found = _instrument(instrument)
    lines = source_lines(found)
    line = _line(lines, code)
    form = SourceForm(request.POST or None, line=line, others=lines)
    if form.is_valid():
        try:
            set_source(
                question_id=line.question.pk,
                source=form.spec(),
                seen=request.POST.get("seen", ""),
                by=person(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("Register pertanyaan %(code)s tersimpan.") % {"code": line.question.code}
            )
            return redirect("registers:source_list", found.code)
    context = {
        "instrument": found,
        "line": line,
        "form": form,
        "seen": told_source(line.source),  # of now: who was overtaken saves again after a look
    }
    return render(request, "registers/source_form.html", context)


@require_POST
@site_admin_view
def source_reset(request: HttpRequest, instrument: str, code: str) -> HttpResponse:
    found = _instrument(instrument)
    line = _line(source_lines(found), code)
    use_file_source(question_id=line.question.pk, by=person(request), at=timezone.now())
    messages.success(
        request, _("Pertanyaan %(code)s kembali ke bawaannya.") % {"code": line.question.code}
    )
    return redirect("registers:source_list", found.code)


def _instrument(code: str) -> Instrument:
    """Questions of a draft still come and go, so nothing is chosen for them."""
    return get_object_or_404(Instrument.objects.frozen(), code=code)


def _line(lines: list[SourceLine], code: str) -> SourceLine:
    for line in lines:
        if line.question.code == code:
            return line
    raise Http404
