"""Facilities and what belongs to them: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from facilities.models import (
    Credential,
    Facility,
    FacilityPhoto,
    FacilityUse,
    Finding,
    Route,
    RouteStop,
    Visit,
)
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(Facility)
class FacilityAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "type", "kind", "city", "opd", "active_to"]
    list_filter = ["type"]
    list_select_related = ["city", "opd"]
    search_fields = searched("name", "code", "city__name")


@admin.register(Credential)
class CredentialAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["facility", "scheme", "number", "issued_on", "expires_on"]
    list_filter = ["kind"]
    list_select_related = ["facility"]
    search_fields = searched("facility__name", "number")


@admin.register(FacilityPhoto)
class FacilityPhotoAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["facility", "document"]
    list_select_related = ["facility", "document"]
    search_fields = searched("facility__name")


@admin.register(FacilityUse)
class FacilityUseAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["facility", "year", "boys", "girls", "special"]
    list_select_related = ["facility"]
    search_fields = searched("facility__name")


@admin.register(Visit)
class VisitAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["facility", "checklist", "on", "score", "missing", "by"]
    list_select_related = ["facility", "by"]
    search_fields = searched("facility__name")


@admin.register(Finding)
class FindingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["facility", "sentence", "due_on", "opd", "closed_at", "by"]
    list_select_related = ["facility", "opd", "by"]
    search_fields = searched("facility__name", "sentence")


@admin.register(Route)
class RouteAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "city", "on", "by"]
    list_select_related = ["city", "by"]
    search_fields = searched("name", "city__name")


@admin.register(RouteStop)
class RouteStopAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["route", "position", "facility", "unit", "receiver"]
    list_select_related = ["route", "facility", "unit"]
    search_fields = searched("route__name", "facility__name", "unit__name")
