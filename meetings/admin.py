"""Meetings in the administration: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from meetings.models import Addendum, Attendance, Decision, Meeting, Photo
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(Meeting)
class MeetingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "city", "starts_at", "closed_at"]
    list_filter = ["kind"]
    list_select_related = ["city"]
    search_fields = searched("title", "city__name")


@admin.register(Attendance)
class AttendanceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "institution", "meeting", "at"]
    list_select_related = ["meeting"]
    exclude = ["signature"]


@admin.register(Photo)
class PhotoAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["caption", "meeting", "by", "at"]
    list_select_related = ["meeting", "by"]
    exclude = ["content"]


@admin.register(Addendum)
class AddendumAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["meeting", "by", "at"]
    list_select_related = ["meeting", "by"]


@admin.register(Decision)
class DecisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["text", "meeting", "owner", "due_on", "done_at"]
    list_select_related = ["meeting", "owner_opd", "owner_member"]
    search_fields = searched("text")
