"""Plans in the administration: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from actionplan.models import (
    Action,
    ActionPlan,
    ActionQuestion,
    ActionYear,
    PlanLink,
)
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(ActionPlan)
class ActionPlanAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "city", "first_year", "last_year", "at"]
    search_fields = searched("title", "city__name")
    list_select_related = ["city"]


@admin.register(Action)
class ActionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["number", "name", "plan", "lead"]
    search_fields = searched("name", "code")
    list_select_related = ["plan", "lead"]


@admin.register(ActionYear)
class ActionYearAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["action", "year", "target", "ceiling", "source"]
    list_select_related = ["action"]


@admin.register(ActionQuestion)
class ActionQuestionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["action", "question", "start", "goal"]
    list_select_related = ["action", "question"]


@admin.register(PlanLink)
class PlanLinkAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["plan", "kind", "title"]
    list_select_related = ["plan"]
