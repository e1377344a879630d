"""Inviting people one by one or from a list, and accepting."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access import (
    asks_again,
    city_view,
    done_without_leading_on,
    own_transactions,
    person,
)
from cities.emails import comparable
from cities.forms.filters import InvitationFilterForm
from cities.forms.invitations import (
    AcceptanceForm,
    CheckedGuestsForm,
    CodeForm,
    InvitationForm,
    MemberSheetForm,
)
from cities.member_sheets import empty_sheet
from cities.models import Invitation, InvitationState, Membership
from cities.redirects import NEXT, next_or
from cities.roles import Permission
from cities.services.invitations import (
    accept_with_account,
    accept_with_new_account,
    account_of,
    get_invitation,
    hand_over_invitation,
    invite,
    resend_invitation,
    revoke_invitation,
)
from cities.services.mailing import send_invitations, send_test_letter, with_letters
from outbox.sending import is_set_up
from texts.languages import in_indonesian
from trail.address import coming_from
from workbooks.downloads import download_file

PAGE_SIZE = 25
ACCEPTABLE = (InvitationState.SENT, InvitationState.WAITING, InvitationState.HANDED_OVER)


# --- Inviting ---------------------------------------------------------------------------------


@require_safe
@city_view(Permission.MANAGE_MEMBERS)
def invitation_list(request: HttpRequest, member: Membership) -> HttpResponse:
    """Every invitation of the city with what became of it."""
    now = timezone.now()
    form = InvitationFilterForm(request.GET)
    wanted = form.narrowed(member.city.invitations.select_related("opd", "invited_by"), at=now)
    page = Paginator(wanted, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "member": member,
        "page": "members",
        "form": form,
        "page_obj": page,
        "rows": with_letters(page, at=now),
    }
    return render(request, "cities/invitation_list.html", context)


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def invitation_create(request: HttpRequest, member: Membership) -> HttpResponse:
    form = InvitationForm(request.POST or None, city=member.city)
    if form.is_valid() and send_guests(request, member, form):
        return redirect("cities:member_list", member.city.slug)
    context = {
        "member": member,
        "page": "members",
        "form": form,
        "has_opds": member.city.opds.active().exists(),
        "cancel_url": reverse("cities:member_list", args=[member.city.slug]),
    }
    return render(request, "cities/invitation_form.html", context)


def send_guests(
    request: HttpRequest, member: Membership, form: InvitationForm | CheckedGuestsForm
) -> bool:
    """Invite whom a valid form names and say what is now true; False with the refusal on it."""
    single = isinstance(form, InvitationForm)
    guests = [form.guest] if isinstance(form, InvitationForm) else form.cleaned_data["guests"]
    now = timezone.now()
    try:
        invitations = invite(city=member.city, guests=guests, by=member.user, at=now)
    except ValidationError as error:
        form.add_error(None, error.messages if single else error)
        return False
    tell_sent(request, invitations)
    return True


def tell_sent(request: HttpRequest, invitations: Sequence[Invitation]) -> None:
    """Send the letters at once and say how many went out."""
    outcome = send_invitations(now=timezone.now, only=invitations)
    if outcome.sent:
        sentence = ngettext(
            "%(count)d undangan terkirim. Tautannya berlaku 7 hari.",
            "%(count)d undangan terkirim. Tautannya berlaku 7 hari.",
            outcome.sent,
        )
        messages.success(request, sentence % {"count": outcome.sent})
    left = len(invitations) - outcome.sent
    if left and not is_set_up():
        sentence = _(
            "%(count)d undangan tercatat. Surat belum dapat dikirim: server e-mail belum diatur."
        )
    else:
        sentence = _(
            "%(count)d undangan tercatat, tetapi suratnya belum dapat dikirim. "
            "Surat dicoba lagi sendiri; sebabnya tertulis dalam daftar undangan."
        )
    if left:
        messages.warning(request, sentence % {"count": left})


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def invitation_resend(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    invitation = get_object_or_404(member.city.invitations, pk=pk)
    try:
        sent = resend_invitation(invitation=invitation, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        tell_sent(request, [sent])
    return redirect(next_or(request, _list_url(member)))


@require_POST
@never_cache
@city_view(Permission.MANAGE_MEMBERS)
def invitation_hand_over(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """The only page on which the new link and its code can be read."""
    invitation = get_object_or_404(member.city.invitations, pk=pk)
    try:
        made = hand_over_invitation(invitation=invitation, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(next_or(request, _list_url(member)))
    path = reverse("cities:invitation_accept", args=[made.token])
    context = {
        "member": member,
        "page": "members",
        "invitation": made.invitation,
        "url": f"{settings.KLA_BASE_URL}{path}",
        "code": f"{made.code[:4]}-{made.code[4:]}",
    }
    shown = render(request, "cities/invitation_handed_over.html", context)
    return done_without_leading_on(shown, again=_list_url(member))


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def invitation_revoke(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    invitation = get_object_or_404(member.city.invitations, pk=pk)
    try:
        revoke_invitation(invitation=invitation, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        sentence = _("Undangan untuk %(email)s dicabut; tautannya tidak berlaku lagi.")
        messages.success(request, sentence % {"email": invitation.email})
    return redirect(next_or(request, _list_url(member)))


@own_transactions
@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def mail_test(request: HttpRequest, member: Membership) -> HttpResponse:
    """Send a letter to whoever asks and say what the mail server answered."""
    back = redirect(_list_url(member))
    facts = {"email": member.user.email}
    if not is_set_up():
        messages.error(request, _("Surat uji tidak dikirim: server e-mail belum diatur."))
        return back
    if not ratelimit.consume(request, action="test_letter", user=member.user):
        messages.error(request, _("Paling banyak 5 surat uji dalam satu jam. Tunggu sebentar."))
        return back
    fault = send_test_letter(to=member.user)
    if fault is not None:
        sentence = _("Surat uji ke %(email)s tidak terkirim. %(fault)s")
        messages.error(request, sentence % (facts | {"fault": fault}))
        return back
    sentence = _(
        "Server e-mail menerima surat uji untuk %(email)s. "
        "Bila tidak tiba dalam beberapa menit, periksa folder spam."
    )
    messages.success(request, sentence % facts)
    return back


def _list_url(member: Membership) -> str:
    return reverse("cities:invitation_list", args=[member.city.slug])


# --- From a list ------------------------------------------------------------------------------


@require_safe
@city_view(Permission.MANAGE_MEMBERS)
@in_indonesian
def member_template(request: HttpRequest, member: Membership) -> FileResponse:
    return download_file(empty_sheet(member.city), f"anggota-{member.city.slug}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def member_import(request: HttpRequest, member: Membership) -> HttpResponse:
    """Upload a list and see who would be invited, or everything that is wrong with it."""
    form = MemberSheetForm(request.POST or None, request.FILES or None, city=member.city)
    sheet = form.cleaned_data["file"] if form.is_valid() else None
    checked = CheckedGuestsForm(city=member.city, by=member.user)
    may_invite = sheet is not None and sheet.guests and not sheet.faults
    context = _import_context(request, member) | {
        "form": form,
        "sheet": sheet,
        "signed": checked.signed(sheet.guests) if sheet and may_invite else "",
    }
    return render(request, "cities/member_import.html", context)


@asks_again
@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def member_import_confirm(request: HttpRequest, member: Membership) -> HttpResponse:
    form = CheckedGuestsForm(request.POST, city=member.city, by=member.user)
    if form.is_valid() and send_guests(request, member, form):
        return redirect(next_or(request, reverse("cities:member_list", args=[member.city.slug])))
    context = _import_context(request, member) | {
        "form": MemberSheetForm(city=member.city),
        "sheet": None,
        "refusals": [error for errors in form.errors.values() for error in errors],
    }
    return render(request, "cities/member_import.html", context)


def _import_context(request: HttpRequest, member: Membership) -> dict[str, object]:
    back = reverse("cities:member_list", args=[member.city.slug])
    return {
        "member": member,
        "page": "members",
        "next": next_or(request, ""),
        "back_url": next_or(request, back),
        "next_field": NEXT,
    }


# --- Accepting --------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a letter; holding it shows that the letter was read."""
    limited = ratelimit.consume_or_429(request, action="accept_invitation")
    if limited is not None:
        return limited
    invitation = get_invitation(token)
    state = invitation.state_at(timezone.now()) if invitation else None
    if invitation is None or state not in ACCEPTABLE:
        context = {"invitation": invitation, "state": state}
        status = 404 if invitation is None else 410
        return render(request, "cities/invitation_dead.html", context, status=status)
    with timezone.override(invitation.city.zone), coming_from(request):
        return _accept_page(request, invitation, token)


def _accept_page(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    user = request.user
    form: AcceptanceForm | CodeForm | None = None
    refusals: list[str] = []
    if not user.is_authenticated and account_of(invitation) is None:
        form = AcceptanceForm(request.POST or None, invitation=invitation)
    elif user.is_authenticated and invitation.handed_over_at is not None:
        form = CodeForm(request.POST if request.method == "POST" else None)
    may_accept = form.is_valid() if form is not None else user.is_authenticated
    if request.method == "POST" and may_accept:
        try:
            membership = _accepted(request, token, form)
        except ValidationError as error:
            refusals = error.messages
        else:
            sentence = _("Anda kini anggota %(city)s sebagai %(role)s.")
            facts = {"city": invitation.city.name, "role": membership.label}
            messages.success(request, sentence % facts)
            return redirect("home")
    context = {
        "invitation": invitation,
        "form": form,
        "refusals": refusals,
        "is_other": user.is_authenticated
        and comparable(user.email) != comparable(invitation.email),
    }
    return render(request, "cities/invitation_accept.html", context)


def _accepted(
    request: HttpRequest, token: str, form: AcceptanceForm | CodeForm | None
) -> Membership:
    now = timezone.now()
    typed = form.cleaned_data if form is not None else {}
    code = typed.get("code", "")
    if not isinstance(form, AcceptanceForm):
        return accept_with_account(token=token, user=person(request), at=now, code=code)
    facts = {"name": typed["name"], "password": typed["password"]}
    membership = accept_with_new_account(token=token, **facts, at=now, code=code)
    login(request, membership.user)
    # Whoever has just chosen the password need not type it again for the first deeds of weight.
    record_authentication(request, membership.user, method="password")
    return membership
