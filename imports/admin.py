"""Imports that wait, to be looked at."""

from django.contrib import admin

from imports.models import StagedImport
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(StagedImport)
class StagedImportAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "kind", "city", "at", "by"]
    list_filter = ["kind"]
    list_select_related = ["city", "by"]
    search_fields = searched("name", "city__name")
