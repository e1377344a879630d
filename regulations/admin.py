"""The register in the administration: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from regulations.models import Coverage, Regulation, Relation
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(Regulation)
class RegulationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "title", "city", "is_draft", "at"]
    list_filter = ["kind", "is_draft"]
    search_fields = searched("number", "title", "city__name")
    list_select_related = ["city"]


@admin.register(Relation)
class RelationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["source", "kind", "target"]
    list_filter = ["kind"]
    list_select_related = ["source", "target"]


@admin.register(Coverage)
class CoverageAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["regulation", "question"]
    list_select_related = ["regulation", "question"]
