"""Reports and targets in the administration: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from monitoring.models import CityRules, Realisation, YearGoal
from trail.admin import ReadOnly


@admin.register(Realisation)
class RealisationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["action_year", "quarter", "revision", "physical", "money", "by", "at"]
    list_select_related = ["action_year", "by"]


@admin.register(CityRules, YearGoal)
class OfCityAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "city", "by", "at"]
    list_select_related = ["city", "by"]
