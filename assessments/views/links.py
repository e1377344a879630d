"""A link that was handed in, on a page of its own: nothing of it can be downloaded."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.models import Evidence, SupportingDocument
from assessments.services.sensitivity import PREVIEW, note_opened
from assessments.views.documents import unreadable_page
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission


@require_safe
@city_view(Permission.VIEW_QUESTION)
def link_detail(request: HttpRequest, member: Membership, pk: object) -> HttpResponse:
    """Where it leads, what it shows, the copy kept of it, and for what it was offered."""
    links = SupportingDocument.objects.visible_to(member).exclude(address="")
    document = get_object_or_404(links.select_related("opd", "uploaded_by", "city"), pk=pk)
    if not SupportingDocument.objects.openable_keys([document], member):
        return unreadable_page(request, member, document)
    if request.method != "HEAD":
        note_opened([document], member, way=PREVIEW, at=timezone.now())
    offered = (
        Evidence.objects.visible_to(member)
        .filter(document=document)
        .select_related("answer__question", "answer__assessment", "kind")
        .order_by("-answer__assessment__year", "answer__question__position")
    )
    context = {"member": member, "document": document, "offered": offered}
    return render(request, "assessments/link_detail.html", context)
