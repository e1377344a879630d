"""The stock administration of people and places, for site administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cities.models import City, Membership, Opd, Province, User
from cities.services import RESERVED_SLUGS


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")
        field_classes: dict[str, type[forms.Field]] = {}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class UserEditForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, type[forms.Field]] = {}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class MembershipAdminForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["user", "city", "role", "opd"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        city, opd = self.cleaned_data.get("city"), self.cleaned_data.get("opd")
        if city and opd and opd.city_id != city.pk:
            self.add_error(
                "opd", ValidationError(_("OPD ini bukan milik kota ini."), code="foreign_opd")
            )
        return cleaned


class MembershipInline(admin.TabularInline):
    model = Membership
    form = MembershipAdminForm
    extra = 0
    autocomplete_fields = ["city", "opd"]


@admin.register(User)
class UserAdmin(StockUserAdmin):
    form = UserEditForm
    add_form = UserCreationForm
    inlines = [MembershipInline]
    list_display = ["email", "name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "is_staff"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = ["groups", "user_permissions"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (_("Hak"), {"fields": ["is_active", "is_superuser", "is_staff"]}),
        (_("Hak per model"), {"fields": ["groups", "user_permissions"], "classes": ["collapse"]}),
        (_("Waktu"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["email", "name", "usable_password", "password1", "password2"],
            },
        ),
    ]

    def get_inlines(self, request: Any, obj: User | None) -> list[Any]:
        return self.inlines if obj else []


@admin.register(Province)
class ProvinceAdmin(admin.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]


class CityAdminForm(forms.ModelForm):
    class Meta:
        model = City
        fields = ["code", "name", "slug", "province", "timezone"]

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug in RESERVED_SLUGS:
            raise ValidationError(
                _("Alamat “%(slug)s” dipakai oleh sebuah halaman. Pilih alamat lain."),
                code="reserved",
                params={"slug": slug},
            )
        return slug


@admin.register(City)
class CityAdmin(admin.ModelAdmin):
    form = CityAdminForm
    list_display = ["code", "name", "province", "timezone"]
    list_filter = ["timezone", "province"]
    list_select_related = ["province"]
    search_fields = ["code", "name", "slug"]
    autocomplete_fields = ["province"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Opd)
class OpdAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "city", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["city"]
    search_fields = ["code", "name", "city__name"]
    autocomplete_fields = ["city"]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    form = MembershipAdminForm
    list_display = ["user", "city", "role", "opd"]
    list_filter = ["role"]
    list_select_related = ["user", "city", "opd"]
    search_fields = ["user__email", "user__name", "city__name", "opd__name"]
    autocomplete_fields = ["user", "city", "opd"]
