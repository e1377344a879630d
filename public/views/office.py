"""Pages inside the site: what of a year the public reads, and what the public wrote."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Assessment
from assessments.views.deeds import tried
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from public.choices import MessageState
from public.forms import MessageFilterForm
from public.models import PublicMessage, Release
from public.queries.board import boards_of
from public.queries.contents import draft_of, frozen_year
from public.queries.pages import Part
from public.sections import Section
from public.services.messages import settle_message
from public.services.releases import release_section, withdraw_section

PAGE_SIZE = 30


@require_safe
@city_view(Permission.RELEASE_PUBLIC)
def release_list(request: HttpRequest, member: Membership) -> HttpResponse:
    context = {"member": member, "page": "public", "boards": boards_of(member.city)}
    return render(request, "public/release_list.html", context)


@require_safe
@city_view(Permission.RELEASE_PUBLIC)
def release_preview(
    request: HttpRequest, member: Membership, year: int, section: str
) -> HttpResponse:
    """The part as the public will read it, or reads it already."""
    assessment, kind = _place(member, year, section)
    standing = Release.objects.standing().filter(assessment=assessment, section=kind).first()
    draft = None
    if standing is None:
        frozen = frozen_year(member, assessment)
        if frozen is None:
            messages.error(request, _("Penilaian ini belum diajukan, jadi belum dapat dirilis."))
            return redirect("public:release_list", member.city.slug)
        draft = draft_of(kind, frozen)
    shown = standing or Release(section=kind, content=draft.content if draft else {})
    context = {
        "member": member,
        "page": "public",
        "assessment": assessment,
        "section": kind,
        "draft": draft,
        "standing": standing,
        "part": Part(shown),
    }
    return render(request, "public/release_preview.html", context)


@require_POST
@city_view(Permission.RELEASE_PUBLIC)
def release_do(request: HttpRequest, member: Membership, year: int, section: str) -> HttpResponse:
    assessment, kind = _place(member, year, section)
    tried(
        request,
        lambda: release_section(
            assessment=assessment,
            section=kind,
            seen=request.POST.get("seen", ""),
            by=member.user,
            at=timezone.now(),
        ),
        _("Bagian ini dirilis; semua orang kini dapat membacanya."),
    )
    return redirect("public:release_preview", member.city.slug, year, kind.value)


@require_POST
@city_view(Permission.RELEASE_PUBLIC)
def release_undo(request: HttpRequest, member: Membership, year: int, section: str) -> HttpResponse:
    assessment, kind = _place(member, year, section)
    tried(
        request,
        lambda: withdraw_section(
            assessment=assessment, section=kind, by=member.user, at=timezone.now()
        ),
        _("Bagian ini ditarik. Salinan di perantara hilang dalam lima menit."),
    )
    return redirect("public:release_preview", member.city.slug, year, kind.value)


@require_safe
@city_view(Permission.READ_PUBLIC_MESSAGES)
def message_list(request: HttpRequest, member: Membership) -> HttpResponse:
    """What the public says is missing, the newest first."""
    form = MessageFilterForm(request.GET)
    found = PublicMessage.objects.visible_to(member).select_related("unit")
    if state := form.wanted.get("keadaan"):
        found = found.filter(state=state)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "member": member,
        "page": "messages",
        "form": form,
        "page_obj": page,
        "deeds": [MessageState.READ, MessageState.PASSED_ON, MessageState.REJECTED],
    }
    return render(request, "public/message_list.html", context)


@require_safe
@city_view(Permission.READ_PASSED_MESSAGES)
def passed_list(request: HttpRequest, member: Membership) -> HttpResponse:
    """The same for the Forum Anak: what was passed on, and nothing of who did that."""
    found = PublicMessage.objects.visible_to(member).select_related("unit")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {"member": member, "page": "messages", "page_obj": page}
    return render(request, "public/passed_list.html", context)


@require_POST
@city_view(Permission.READ_PUBLIC_MESSAGES)
def message_settle(request: HttpRequest, member: Membership, pk: int, state: str) -> HttpResponse:
    message = get_object_or_404(
        PublicMessage.objects.visible_to(member).select_related("city"), pk=pk
    )
    if state not in MessageState.values or state == MessageState.NEW:
        raise Http404
    tried(
        request,
        lambda: settle_message(
            message=message, state=MessageState(state), by=member.user, at=timezone.now()
        ),
        _("Pesan ditandai."),
    )
    return redirect("public:message_list", member.city.slug)


def _place(member: Membership, year: int, section: str) -> tuple[Assessment, Section]:
    if section not in Section.values:
        raise Http404
    return get_assessment_or_404(member, year), Section(section)
