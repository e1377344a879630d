"""What was taken from registers: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from registers.models import TakenValue
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(TakenValue)
class TakenValueAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["answer", "register", "as_of", "numerator", "denominator", "by", "at"]
    list_filter = ["register"]
    list_select_related = ["answer__assessment__city", "answer__question", "by"]
    search_fields = searched("answer__assessment__city__name", "answer__question__code")
