"""Counts of children: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from childdata.models import Observation, ObservedCount
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(Observation)
class ObservationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["variable", "year", "city", "unit", "opd", "at", "by"]
    list_filter = ["variable", "year"]
    list_select_related = ["city", "unit", "opd", "by"]
    search_fields = searched("variable", "city__name", "unit__name")


@admin.register(ObservedCount)
class ObservedCountAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["observation", "sex", "age", "disability", "count"]
    list_select_related = ["observation"]
    search_fields = searched("observation__variable", "observation__city__name")
