"""Nomenclatures in the administration: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from nomenclature.models import Nomenclature, NomenclatureCode
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(Nomenclature)
class NomenclatureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["decree", "city", "valid_from", "by", "at"]
    list_select_related = ["city", "by"]


@admin.register(NomenclatureCode)
class NomenclatureCodeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "name", "nomenclature"]
    search_fields = searched("code", "name")
    list_select_related = ["nomenclature"]
