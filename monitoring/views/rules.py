"""The rules by which the city follows its plans."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionplan.views.shared import context_of
from assessments.views.deeds import done
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from monitoring.forms import RulesForm
from monitoring.models import CityRules, rules_of
from monitoring.rules import packaged_rules
from monitoring.services.rules import rule_facts, set_rules


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def rules_edit(request: HttpRequest, member: Membership) -> HttpResponse:
    rules = rules_of(member.city)
    version = CityRules.objects.version(member.city_id)
    form = RulesForm(request.POST or None, initial=asdict(rule_facts(rules)) | {"seen": version})
    if form.is_valid():
        deed = lambda: set_rules(  # noqa: E731
            city=member.city,
            facts=form.facts,
            seen=form.cleaned_data["seen"],
            by=member.user,
            at=timezone.now(),
        )
        if done(form, deed) is not None:
            messages.success(request, _("Aturan pemantauan tersimpan."))
            return redirect("actionplan:plan_list", member.city.slug)
        form.show_newest(CityRules.objects.version(member.city_id))
    context = context_of(
        member,
        form=form,
        cancel_url=reverse("actionplan:plan_list", args=[member.city.slug]),
        title=_("Aturan pemantauan"),
        lead=_(
            "Berlaku bagi semua tahun RAD. Aturan bawaan: mulai %(green)d%% dan %(yellow)d%%; pekerjaan "
            "%(first)d%%, %(second)d%%, dan %(third)d%%. Isi kembali angka itu untuk memakainya lagi."
        )
        % asdict(rule_facts(packaged_rules())),
    )
    return render(request, "actionplan/form.html", context)
