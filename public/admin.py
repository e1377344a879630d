"""Releases and messages: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from public.models import PublicMessage, Release, ReleasedDocument
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(Release)
class ReleaseAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["assessment", "section", "at", "by", "withdrawn_at"]
    list_filter = ["section"]
    list_select_related = ["assessment__city", "by"]
    search_fields = searched("assessment__city__name", "checksum")


@admin.register(ReleasedDocument)
class ReleasedDocumentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "assessment", "at", "by", "withdrawn_at"]
    list_select_related = ["assessment__city", "by"]
    search_fields = searched("title", "assessment__city__name", "sha256")


@admin.register(PublicMessage)
class PublicMessageAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["city", "unit", "on", "state"]
    list_filter = ["state"]
    list_select_related = ["city", "unit"]
    search_fields = searched("text", "city__name", "unit__name")
