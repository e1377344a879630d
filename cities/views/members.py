"""Pages about the members of a city."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access import asks_again, city_view, membership_of, person, signed_in_view
from cities.forms.filters import MemberFilterForm
from cities.forms.members import MemberEditForm, MemberReplaceForm
from cities.models import Membership
from cities.redirects import city_url, next_or
from cities.roles import Permission
from cities.services.mailing import with_failed_notices, with_letters
from cities.services.members import change_member, close_guide, remove_member
from cities.services.replacing import replace_member
from cities.services.second_factor import may_reset, reset_second_factor
from cities.views.invitations import tell_sent
from cities.views.people import tell_factor_reset
from outbox.models import LetterKind
from outbox.sending import try_again

PAGE_SIZE = 25


INVITATIONS_SHOWN = 10  # the rest stands on a page of its own


@require_safe
@city_view(Permission.MANAGE_MEMBERS)
def member_list(request: HttpRequest, member: Membership) -> HttpResponse:
    form = MemberFilterForm(request.GET, city=member.city)
    members = form.narrowed(member.city.memberships.select_related("user", "opd"))
    now = timezone.now()
    invitations = member.city.invitations.open().select_related("opd", "invited_by")
    page = Paginator(members, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "member": member,
        "page": "members",
        "page_obj": page,
        "rows": with_failed_notices(page, at=now),
        "form": form,
        "invitations": with_letters(invitations[:INVITATIONS_SHOWN], at=now),
    }
    return render(request, "cities/member_list.html", context)


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def member_retry(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Let the notices of a member that could not be mailed be tried without waiting longer."""
    reader = get_object_or_404(member.city.memberships.select_related("user"), pk=pk)
    try_again(LetterKind.NOTICES, reader.user_id, at=timezone.now())
    sentence = _("Surat untuk %(name)s dicoba lagi dalam sepuluh menit.")
    messages.success(request, sentence % {"name": reader.user})
    return redirect(next_or(request, city_url("member_list", member)))


@asks_again
@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def member_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    edited = get_object_or_404(member.city.memberships.select_related("user", "opd"), pk=pk)
    form = MemberEditForm(
        request.POST or None,
        city=member.city,
        current=edited.opd,
        initial={"role": edited.role, "opd": edited.opd_id},
    )
    if form.is_valid():
        try:
            change_member(membership=edited, **form.cleaned_data, by=member.user, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Peran %(name)s tersimpan.") % {"name": edited.user})
            return redirect("cities:member_list", member.city.slug)

    context = {
        "member": member,
        "page": "members",
        "edited": edited,
        "form": form,
        "cancel_url": city_url("member_list", member),
        "may_reset_factor": may_reset(member.user, edited.user),
    }
    return render(request, "cities/member_form.html", context)


@asks_again
@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def member_reset_factor(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Ask, then take away the second factor that a member has lost."""
    lost = get_object_or_404(member.city.memberships.select_related("user", "opd"), pk=pk)
    list_url = city_url("member_list", member)
    context = {"member": member, "page": "members", "lost": lost.user, "list_url": list_url}
    if request.method == "POST":
        try:
            reset_second_factor(user=lost.user, by=member.user, at=timezone.now())
        except ValidationError as error:
            context["error"] = error.messages[0]
        else:
            tell_factor_reset(request, lost.user)
            return redirect(list_url)
    return render(request, "cities/member_reset_factor.html", context)


@asks_again
@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def member_replace(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    leaving = get_object_or_404(member.city.memberships.select_related("user", "opd"), pk=pk)
    form = MemberReplaceForm(request.POST or None)
    if form.is_valid():
        try:
            invitation = replace_member(
                membership=leaving, **form.cleaned_data, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            tell_sent(request, [invitation])
            sentence = _("%(name)s menggantikan %(leaving)s sebagai %(role)s.")
            facts = {"name": invitation.name, "leaving": leaving.user, "role": invitation.label}
            messages.success(request, sentence % facts)
            return leave_or_list(member, leaving)

    context = {
        "member": member,
        "page": "members",
        "leaving": leaving,
        "form": form,
        "cancel_url": city_url("member_list", member),
    }
    return render(request, "cities/member_replace.html", context)


def leave_or_list(member: Membership, ended: Membership) -> HttpResponse:
    """Whoever leaves by their own hand may not open the list any more."""
    if ended.user == member.user and not member.user.is_superuser:
        return redirect("home")
    return redirect("cities:member_list", member.city.slug)


@asks_again
@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def member_remove(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    removed = get_object_or_404(member.city.memberships.select_related("user", "opd"), pk=pk)
    context: dict[str, Any] = {
        "member": member,
        "page": "members",
        "removed": removed,
        "error": None,
    }
    if request.method == "POST":
        try:
            remove_member(membership=removed, by=member.user, at=timezone.now())
        except ValidationError as error:
            context["error"] = error.messages[0]
        else:
            messages.success(
                request, _("%(name)s bukan lagi anggota kota ini.") % {"name": removed.user}
            )
            return leave_or_list(member, removed)

    return render(request, "cities/member_remove.html", context)


@require_POST
@signed_in_view
def guide_close(request: HttpRequest, city_slug: str) -> HttpResponse:
    """Never show the first steps to this member again, whatever their role; go on where they stood."""
    user = person(request)
    close_guide(city=membership_of(user, city_slug).city, by=user, at=timezone.now())
    return redirect("home")
