"""How many units have which rating, and the rules behind it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.views.deeds import done
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from territories.forms.ratings import RatingRulesForm
from territories.queries import ratings
from territories.queries.boards import reporting_year
from territories.queries.maps import unit_map
from territories.rating import packaged_rules
from territories.services.ratings import RatingFacts, set_rating_rules


@require_safe
@city_view(Permission.VIEW_UNIT_REPORTS)
def rating_overview(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    reporting = reporting_year(assessment)
    overview = ratings.rating_overview(member, reporting)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "reporting": reporting,
        "overview": overview,
        "map": unit_map(member, overview),
        "may_change": member.may(Permission.MANAGE_CRITERIA),
        "may_visit": member.may(Permission.VIEW_ASSESSMENT),
    }
    return render(request, "territories/rating_overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_CRITERIA)
def rating_rules(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    reporting = reporting_year(assessment)
    rules = ratings.rules_of(member.city_id, reporting)
    initial = RatingRulesForm.initial_of(RatingFacts.of(rules))
    if rules is packaged_rules():
        del initial["source"]  # a city that changes them has a source of its own
    form = RatingRulesForm(request.POST or None, initial=initial)
    back = reverse("territories:rating_overview", args=[member.city.slug, year])
    deed = lambda: set_rating_rules(  # noqa: E731
        city=member.city,
        year=reporting.year,
        criteria=reporting.criteria,
        facts=form.facts,
        by=member.user,
        at=timezone.now(),
    )
    if done(form, deed) is not None:
        messages.success(request, _("Aturan peringkat tersimpan."))
        return redirect(back)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "reporting": reporting,
        "form": form,
        "cancel_url": back,
    }
    return render(request, "territories/rating_rules.html", context)
