"""One's own tokens, and those of the accounts of other systems in a city."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from api.choices import Scope
from api.forms import ServiceAccountForm, TokenForm
from api.models import ApiToken
from api.queries.tokens import service_accounts, tokens_of
from api.services.tokens import (
    create_service_account,
    create_service_token,
    create_token,
    revoke_service_token,
    revoke_token,
)
from assessments.views.deeds import done
from cities.access import (
    asks_again,
    city_view,
    done_without_leading_on,
    person,
    signed_in_view,
)
from cities.models import Membership
from cities.roles import Permission
from trail.address import coming_from


@require_safe
@signed_in_view
def token_list(request: HttpRequest) -> HttpResponse:
    tokens = tokens_of(person(request), at=timezone.now())
    return render(request, "api/token_list.html", {"tokens": tokens})


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_view
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a token of one's own; it is shown in the answer and never again."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    user, at = person(request), timezone.now()
    list_url = reverse("api:token_list")
    with coming_from(request):
        made = done(
            form,
            lambda: create_token(
                name=form.cleaned_data["name"],
                scope=Scope(form.cleaned_data["scope"]),
                expires_at=at + form.lasting,
                by=user,
                at=at,
            ),
        )
    if made is None:
        return render(request, "api/token_form.html", {"form": form, "cancel_url": list_url})
    context = {"token": made[0], "secret": made[1], "list_url": list_url}
    return done_without_leading_on(render(request, "api/token_shown.html", context), again=list_url)


@require_POST
@signed_in_view
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, user=person(request))
    with coming_from(request):
        revoke_token(token=token, by=person(request), at=timezone.now())
    messages.success(request, _("Token %(name)s dicabut.") % {"name": token.name})
    return redirect("api:token_list")


@require_safe
@city_view(Permission.MANAGE_MEMBERS)
def service_list(request: HttpRequest, member: Membership) -> HttpResponse:
    rows = service_accounts(member.city, at=timezone.now())
    context = {"member": member, "page": "services", "accounts": rows}
    return render(request, "api/service_list.html", context)


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def service_create(request: HttpRequest, member: Membership) -> HttpResponse:
    form = ServiceAccountForm(request.POST if request.method == "POST" else None, city=member.city)
    made = done(
        form,
        lambda: create_service_account(
            city=member.city, **form.cleaned_data, by=member.user, at=timezone.now()
        ),
    )
    if made is not None:
        sentence = _("Akun layanan %(name)s ditambahkan. Buatkan tokennya.")
        messages.success(request, sentence % {"name": made.user})
        return redirect("api:service_list", member.city.slug)
    context = {
        "member": member,
        "page": "services",
        "form": form,
        "cancel_url": reverse("api:service_list", args=[member.city.slug]),
    }
    return render(request, "api/service_form.html", context)


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def service_token_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Make a token of a service account; it is shown in the answer and never again."""
    account = _service_or_404(member, pk)
    form, at = TokenForm(request.POST if request.method == "POST" else None), timezone.now()
    list_url = reverse("api:service_list", args=[member.city.slug])
    made = done(
        form,
        lambda: create_service_token(
            membership=account,
            name=form.cleaned_data["name"],
            scope=Scope(form.cleaned_data["scope"]),
            expires_at=at + form.lasting,
            by=member.user,
            at=at,
        ),
    )
    context = {"member": member, "page": "services", "account": account, "cancel_url": list_url}
    if made is None:
        return render(request, "api/service_token_form.html", context | {"form": form})
    context |= {"token": made[0], "secret": made[1], "list_url": list_url}
    return done_without_leading_on(
        render(request, "api/service_token_shown.html", context), again=list_url
    )


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def service_token_revoke(
    request: HttpRequest, member: Membership, pk: int, token_pk: int
) -> HttpResponse:
    account = _service_or_404(member, pk)
    token = get_object_or_404(ApiToken, pk=token_pk, user=account.user_id)
    revoke_service_token(membership=account, token=token, by=member.user, at=timezone.now())
    messages.success(request, _("Token %(name)s dicabut.") % {"name": token.name})
    return redirect("api:service_list", member.city.slug)


def _service_or_404(member: Membership, pk: int) -> Membership:
    accounts = member.city.memberships.select_related("user", "city", "opd")
    return get_object_or_404(accounts, pk=pk, user__service_since__isnull=False)
