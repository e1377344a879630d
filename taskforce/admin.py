"""The Gugus Tugas in the administration: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from taskforce.models import Certificate, Commitment, Decree, TaskForceMember
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


@admin.register(Commitment)
class CommitmentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["party", "sector", "city", "due_on", "state"]
    list_filter = ["sector", "state"]
    list_select_related = ["city"]
    search_fields = searched("party", "text")
