"""The Gugus Tugas in the administration: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from taskforce.models import (
    Addendum,
    Attendance,
    Certificate,
    Commitment,
    Decision,
    Decree,
    Meeting,
    Photo,
    TaskForceMember,
)
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(Decree)
class DecreeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["number", "city", "valid_from", "valid_to"]
    list_select_related = ["city"]
    search_fields = searched("number", "city__name")


@admin.register(TaskForceMember)
class TaskForceMemberAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["post", "name", "institution", "element", "role", "since", "until"]
    list_filter = ["element", "role"]
    search_fields = searched("post", "name", "institution")


@admin.register(Certificate)
class CertificateAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["training", "member", "issued_on", "valid_to"]
    list_select_related = ["member"]


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


@admin.register(Commitment)
class CommitmentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["party", "sector", "city", "due_on", "state"]
    list_filter = ["sector", "state"]
    list_select_related = ["city"]
    search_fields = searched("party", "text")
