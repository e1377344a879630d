"""Units and their reports: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from territories.models import (
    CityCriteriaSet,
    CityRatingRules,
    CriteriaChoice,
    Declaration,
    DeclarationFile,
    Report,
    Unit,
    UnitBoundary,
    UnitChange,
    UnitSeat,
    VisitSample,
)
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(Unit)
class UnitAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "name", "level", "city", "active_from", "active_to"]
    list_filter = ["level"]
    list_select_related = ["city"]
    search_fields = searched("name", "code", "city__name")


@admin.register(UnitBoundary)
class UnitBoundaryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["unit", "source", "by", "at"]
    list_select_related = ["unit", "by"]
    search_fields = searched("unit__name", "source")
    exclude = ["stored"]


@admin.register(UnitSeat)
class UnitSeatAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["unit", "membership"]
    list_select_related = ["unit", "membership__user", "membership__city"]
    search_fields = searched("unit__name", "membership__user__name")


@admin.register(UnitChange)
class UnitChangeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["city", "kind", "on", "basis", "by", "at"]
    list_filter = ["kind"]
    list_select_related = ["city", "by"]
    search_fields = searched("city__name", "basis")


@admin.register(Declaration)
class DeclarationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["unit", "kind", "on", "number", "by", "at"]
    list_filter = ["kind"]
    list_select_related = ["unit", "by"]
    search_fields = searched("unit__name", "number")


@admin.register(DeclarationFile)
class DeclarationFileAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["declaration", "document"]
    list_select_related = ["declaration", "document"]
    search_fields = searched("declaration__unit__name", "document__title")


@admin.register(Report)
class ReportAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["unit", "year", "criterion", "state", "sent_by", "decided_by"]
    list_filter = ["state", "year"]
    list_select_related = ["unit__city", "sent_by", "decided_by"]
    search_fields = searched("unit__name", "criterion", "unit__city__name")


@admin.register(CityRatingRules)
class CityRatingRulesAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["city", "year", "pratama", "madya", "nindya", "by", "at"]
    list_select_related = ["city", "by"]
    search_fields = searched("city__name", "source")


@admin.register(VisitSample)
class VisitSampleAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["city", "year", "number", "seed", "per_district", "by", "at"]
    list_filter = ["year"]
    list_select_related = ["city", "by"]
    search_fields = searched("city__name", "seed")


@admin.register(CityCriteriaSet)
class CityCriteriaSetAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "title", "city", "number", "published_at", "made_by"]
    list_select_related = ["city", "made_by"]
    search_fields = searched("city__name", "title", "code")


@admin.register(CriteriaChoice)
class CriteriaChoiceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["city", "year", "criteria", "by", "at"]
    list_filter = ["year"]
    list_select_related = ["city", "by"]
    search_fields = searched("city__name", "criteria")
