"""People and places in the administration: to look up, never to edit.

Whatever changes a city, its OPDs, its members or an account is done on the pages made for it,
by deeds that leave a line in the trail; a row changed by hand would leave none.
"""

from __future__ import annotations

from django.contrib import admin

from cities.models import (
    AgencyAlias,
    City,
    CityActivity,
    District,
    EmailChange,
    Invitation,
    Membership,
    Opd,
    Province,
    SentForm,
    User,
    UserSession,
    Village,
)
from texts.searching import searched
from trail.admin import ReadOnly


class MembershipInline(ReadOnly, admin.TabularInline):
    model = Membership


@admin.register(User)
class UserAdmin(ReadOnly, admin.ModelAdmin):
    inlines = [MembershipInline]
    list_display = ["email", "name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "is_staff"]
    search_fields = searched("email", "name")
    ordering = ["email"]
    fields = [
        "email",
        "name",
        "is_active",
        "is_superuser",
        "is_staff",
        "last_login",
        "date_joined",
    ]


@admin.register(Province)
class ProvinceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = searched("code", "name")


@admin.register(City)
class CityAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "name", "province", "timezone"]
    list_filter = ["timezone", "province"]
    list_select_related = ["province"]
    search_fields = searched("code", "name", "slug")


@admin.register(District)
class DistrictAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "name", "city", "is_listed"]
    list_filter = ["is_listed"]
    list_select_related = ["city"]
    search_fields = searched("code", "name", "city__name")


@admin.register(Village)
class VillageAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "name", "kind", "district", "is_listed"]
    list_filter = ["kind", "is_listed"]
    list_select_related = ["district"]
    search_fields = searched("code", "name", "district__name")


@admin.register(Opd)
class OpdAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "code", "kind", "city", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["city"]
    search_fields = searched("code", "name", "city__name")


@admin.register(Membership)
class MembershipAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["user", "city", "role", "opd"]
    list_filter = ["role"]
    list_select_related = ["user", "city", "opd"]
    search_fields = searched("user__email", "user__name", "city__name", "opd__name")


@admin.register(CityActivity)
class CityActivityAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "by", "deed", "target", "city"]
    list_filter = ["deed", "at"]
    list_select_related = ["by", "city"]
    search_fields = searched("target", "by__name", "by__email", "city__name")


@admin.register(AgencyAlias)
class AgencyAliasAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "opd", "city"]
    list_select_related = ["opd", "city"]
    search_fields = searched("code", "opd__name", "city__name")


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "email",
        "name",
        "city",
        "role",
        "opd",
        "sent_at",
        "handed_over_at",
        "accepted_at",
        "revoked_at",
    ]
    list_filter = ["role", "invited_at"]
    list_select_related = ["city", "opd"]
    search_fields = searched("email", "name", "city__name", "opd__name")


@admin.register(UserSession)
class UserSessionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["user", "device", "network", "signed_in_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = searched("user__email", "user__name")
    fields = ["user", "user_agent", "network", "signed_in_at", "last_used_at"]


@admin.register(EmailChange)
class EmailChangeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["user", "before", "after", "asked_at", "done_at"]
    list_select_related = ["user"]
    search_fields = searched("user__email", "before", "after")
    fields = ["user", "before", "after", "is_by_administrator", "asked_at", "done_at", "told_at"]


@admin.register(SentForm)
class SentFormAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "user", "location"]
    list_select_related = ["user"]
    search_fields = searched("user__email", "location")
    fields = ["user", "location", "at"]
