"""Where events of a city are sent: the list, each with its deliveries, and what can be done."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from api.forms import WebhookEventsForm, WebhookForm
from api.models import Webhook
from api.queries.webhooks import webhooks_of
from api.services import deliveries, webhooks
from assessments.views.deeds import done, tried
from cities.access import asks_again, city_view, done_without_leading_on
from cities.models import Membership
from cities.roles import Permission

PER_PAGE = 30
PAGE = "webhooks"


@require_safe
@city_view(Permission.MANAGE_MEMBERS)
def webhook_list(request: HttpRequest, member: Membership) -> HttpResponse:
    context = {"member": member, "page": PAGE, "webhooks": webhooks_of(member.city)}
    return render(request, "api/webhook_list.html", context)


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def webhook_create(request: HttpRequest, member: Membership) -> HttpResponse:
    """Register an address; its secret is shown in the answer and never again."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    list_url = reverse("api:webhook_list", args=[member.city.slug])
    made = done(
        form,
        lambda: webhooks.create_webhook(
            city=member.city,
            url=form.cleaned_data["url"],
            events=form.cleaned_data["events"],
            by=member.user,
            at=timezone.now(),
        ),
    )
    if made is None:
        context = {"member": member, "page": PAGE, "form": form, "cancel_url": list_url}
        return render(request, "api/webhook_form.html", context)
    return _shown(request, member, *made)


@require_safe
@city_view(Permission.MANAGE_MEMBERS)
def webhook_detail(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    webhook = _webhook_or_404(member, pk)
    rows = Paginator(webhook.deliveries.all(), PER_PAGE).get_page(request.GET.get("halaman"))
    context = {"member": member, "page": PAGE, "webhook": webhook, "page_obj": rows}
    return render(request, "api/webhook_detail.html", context)


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def webhook_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Choose other events."""
    webhook = _webhook_or_404(member, pk)
    data = request.POST if request.method == "POST" else None
    form = WebhookEventsForm(data, initial={"events": webhook.events})
    changed = done(
        form,
        lambda: webhooks.choose_events(
            webhook=webhook, events=form.cleaned_data["events"], by=member.user, at=timezone.now()
        ),
    )
    if changed is not None:
        messages.success(request, _("Peristiwa webhook disimpan."))
        return _to(webhook)
    context = {
        "member": member,
        "page": PAGE,
        "form": form,
        "webhook": webhook,
        "cancel_url": _url(webhook),
    }
    return render(request, "api/webhook_edit.html", context)


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def webhook_renew(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """A new secret, shown in the answer and never again."""
    webhook = _webhook_or_404(member, pk)
    if request.method != "POST":
        context = {"member": member, "page": PAGE, "webhook": webhook}
        return render(request, "api/webhook_renew.html", context)
    secret = webhooks.renew_secret(webhook=webhook, by=member.user, at=timezone.now())
    return _shown(request, member, webhook, secret)


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def webhook_pause(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    webhook = _webhook_or_404(member, pk)
    webhooks.pause(webhook=webhook, by=member.user, at=timezone.now())
    messages.success(request, _("Webhook dijeda. Peristiwa baru menunggu sampai dilanjutkan."))
    return _to(webhook)


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def webhook_resume(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    webhook = _webhook_or_404(member, pk)
    webhooks.resume(webhook=webhook, by=member.user, at=timezone.now())
    messages.success(request, _("Webhook dilanjutkan."))
    return _to(webhook)


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def webhook_delete(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    webhook = _webhook_or_404(member, pk)
    if request.method == "POST":
        webhooks.delete_webhook(webhook=webhook, by=member.user, at=timezone.now())
        messages.success(request, _("Webhook dihapus."))
        return redirect("api:webhook_list", member.city.slug)
    context = {"member": member, "page": PAGE, "webhook": webhook}
    return render(request, "api/webhook_delete.html", context)


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def delivery_resend(
    request: HttpRequest, member: Membership, pk: int, delivery_pk: int
) -> HttpResponse:
    webhook = _webhook_or_404(member, pk)
    found = webhook.deliveries.select_related("webhook__city")
    delivery = get_object_or_404(found, pk=delivery_pk)
    tried(
        request,
        lambda: deliveries.resend(delivery=delivery, by=member.user, at=timezone.now()),
        _("Pengiriman diulang."),
    )
    return _to(webhook)


def _webhook_or_404(member: Membership, pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.select_related("city"), pk=pk, city=member.city_id)


def _shown(request: HttpRequest, member: Membership, webhook: Webhook, secret: str) -> HttpResponse:
    context = {"member": member, "page": PAGE, "webhook": webhook, "secret": secret}
    shown = render(request, "api/webhook_secret.html", context)
    return done_without_leading_on(shown, again=_url(webhook))


def _url(webhook: Webhook) -> str:
    return reverse("api:webhook_detail", args=[webhook.city.slug, webhook.pk])


def _to(webhook: Webhook) -> HttpResponse:
    return redirect("api:webhook_detail", webhook.city.slug, webhook.pk)
