"""What became of a unit: a new name, a split, a merger, a promotion, its end."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership, User
from cities.roles import Permission
from territories.choices import ChangeKind
from territories.forms.changes import UnitChangeForm
from territories.models import Unit, UnitChange
from territories.services.units import end_unit, rename_unit, succeed_units
from territories.views.units import unit_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def unit_change(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    """The form of a change; with it the unit's page says what was."""
    assessment = get_assessment_or_404(member, year)
    unit = unit_or_404(member, code)
    # Of one kecamatan, so that a long list stays out of the way and the parent is no question.
    others = Unit.objects.filter(city=member.city, parent=unit.parent_id, active_to=None)
    form = UnitChangeForm(request.POST or None, unit=unit, others=others.exclude(pk=unit.pk))
    back = reverse("territories:unit_detail", args=[member.city.slug, year, code])
    if form.is_valid():
        try:
            change = _changed(form, by=member.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = {"kind": ChangeKind(change.kind).label, "name": unit.name}
            messages.success(request, _("Tercatat: %(kind)s %(name)s.") % said)
            return redirect(back)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "unit": unit,
        "form": form,
        "cancel_url": back,
    }
    return render(request, "territories/unit_change.html", context)


def _changed(form: UnitChangeForm, *, by: User) -> UnitChange:
    """Do what the form says. Raises ValidationError as the deeds do."""
    on, basis, at = form.cleaned_data["on"], form.cleaned_data["basis"], timezone.now()
    if form.kind_chosen == ChangeKind.RENAMED:
        name = form.cleaned_data["name"]
        return rename_unit(unit_id=form.unit.pk, name=name, on=on, basis=basis, by=by, at=at)
    if form.kind_chosen == ChangeKind.ENDED:
        return end_unit(unit_id=form.unit.pk, on=on, basis=basis, by=by, at=at)
    return succeed_units(
        kind=form.kind_chosen,
        before=form.ending,
        after=form.following,
        on=on,
        basis=basis,
        by=by,
        at=at,
    )
