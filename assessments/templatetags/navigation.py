"""What the head of a page tells and where its navigation leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.models import Assessment
from cities.models import Membership, User
from cities.roles import Permission

register = template.Library()


@dataclass(frozen=True, slots=True)
class NavItem:
    """A page that the person may open; `is_current` where they are."""

    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Pages that belong together, at least one; a single one stands for its group."""

    label: str
    links: list[NavItem]

    @property
    def current(self) -> NavItem | None:
        return next((link for link in self.links if link.is_current), None)


@register.simple_tag
def current_year(
    member: Membership, assessment: Assessment | None, known: Assessment | None = None
) -> Assessment | None:
    """The year a city page is about, else the one the city works on; for the navigation.

    `known` is the latter where the page has read it already.
    """
    return assessment or known or Assessment.objects.current(member.city)


@register.simple_tag
def site_groups(user: User, request: HttpRequest | None) -> list[NavGroup]:
    """The pages above all cities, each by itself."""
    return [NavGroup(link.label, [link]) for link in _site(user, request)]


def _site(user: User, request: HttpRequest | None) -> list[NavItem]:
    links = [
        (_("Daftar kota"), "assessments:city_list"),
        (_("Peringkat"), "assessments:nation"),
        (_("Instrumen"), "clusters:instrument_list"),
    ]
    if user.is_superuser:
        links += [(_("Orang"), "cities:person_list"), (_("Pekerjaan latar"), "job_list")]
    if user.is_staff:
        links.append((_("Administrasi"), "admin:index"))
    path = request.path if request else ""
    found = [(label, reverse(name)) for label, name in links]
    return [NavItem(label, url, url == path) for label, url in found]


@register.simple_tag
def city_groups(
    member: Membership, assessment: Assessment | None, page: str, request: HttpRequest | None
) -> list[NavGroup]:
    """The pages of a city and, last, those above it; none that the person may not open.

    `page` names the current item, as layouts/city.html lists them. Without an assessment the
    pages of one year are left out.
    """
    groups = [
        NavGroup(_("Kerja"), list(_work(member, assessment, page))),
        NavGroup(_("Pantau"), list(_watch(member, assessment, page))),
        NavGroup(_("Rencana"), list(_plan(member, assessment, page, request))),
        NavGroup(_("Kota"), list(_city(member, page))),
        NavGroup(_("Nasional"), _site(member.user, request)),
    ]
    return [group for group in groups if group.links]


@register.simple_tag
def current_item(groups: list[NavGroup]) -> NavItem | None:
    return next((group.current for group in groups if group.current), None)


def _work(member: Membership, assessment: Assessment | None, page: str) -> Iterator[NavItem]:
    slug = member.city.slug
    if member.may(Permission.OWN_TASKS):
        yield NavItem(_("Tugas"), reverse("assessments:task_list", args=[slug]), page == "tasks")
    if member.may(Permission.FILL_UNIT_REPORTS):
        url = reverse("territories:own_unit", args=[slug])
        yield NavItem(_("Laporan wilayah"), url, page == "units")
    if member.may(Permission.READ_PASSED_MESSAGES):
        url = reverse("public:passed_list", args=[slug])
        yield NavItem(_("Pesan warga"), url, page == "messages")
    if assessment is None:
        return
    year = [slug, assessment.year]
    if member.may(Permission.REVIEW_EVIDENCE):
        url = reverse("assessments:review_queue", args=year)
        yield NavItem(_("Periksa"), url, page == "review")
    if member.may(Permission.VIEW_ASSESSMENT):
        url = reverse("assessments:question_list", args=year)
        yield NavItem(_("Pertanyaan"), url, page == "questions")
    if member.may(Permission.ASSIGN_QUESTIONS):
        url = reverse("assessments:assignment_list", args=year)
        yield NavItem(_("Penugasan"), url, page == "assignments")


def _watch(member: Membership, assessment: Assessment | None, page: str) -> Iterator[NavItem]:
    slug = member.city.slug
    if member.may(Permission.VIEW_ASSESSMENT):
        for label, view, name in (
            (_("Ringkasan"), "city_dashboard", "dashboard"),
            (_("Pimpinan"), "city_leadership", "leadership"),
            (_("Riwayat"), "city_history", "history"),
        ):
            yield NavItem(label, reverse(f"assessments:{view}", args=[slug]), page == name)
        url = reverse("actionplan:targets", args=[slug])
        yield NavItem(_("Target"), url, page == "targets")
        if assessment is not None:
            url = reverse("territories:unit_list", args=[slug, assessment.year])
            yield NavItem(_("Laporan wilayah"), url, page == "units")
    if member.may(Permission.VIEW_TRAIL):
        url = reverse("cities:trail_list", args=[slug])
        if assessment:
            url = reverse("assessments:trail_list", args=[slug, assessment.year])
        yield NavItem(_("Jejak"), url, page == "trail")


def _plan(
    member: Membership, assessment: Assessment | None, page: str, request: HttpRequest | None
) -> Iterator[NavItem]:
    if assessment is None or not member.may(Permission.VIEW_ASSESSMENT):
        return
    path = request.path if request and page == "plans" else ""
    for label, view in (
        (_("Langkah menuju predikat"), "pathway_detail"),
        (_("Rencana"), "plan_list"),
        (_("Andai"), "whatif"),
        (_("Perkiraan verifikasi"), "forecast_detail"),
        (_("Pemeriksaan data"), "check_list"),
    ):
        url = reverse(f"plans:{view}", args=[member.city.slug, assessment.year])
        yield NavItem(label, url, path.startswith(url))


def _city(member: Membership, page: str) -> Iterator[NavItem]:
    slug = [member.city.slug]
    if member.may(Permission.VIEW_ASSESSMENT):
        url = reverse("assessments:assessment_list", args=slug)
        yield NavItem(_("Penilaian"), url, page == "assessments")
    if member.may(Permission.VIEW_CITY):
        yield NavItem(
            pgettext("menu", "Wilayah"), reverse("cities:region_list", args=slug), page == "regions"
        )
        url = reverse("regulations:regulation_list", args=slug)
        yield NavItem(_("Produk hukum"), url, page == "regulations")
    if member.may(Permission.VIEW_TASKFORCE):
        yield NavItem(
            _("Gugus Tugas"), reverse("meetings:overview", args=slug), page == "taskforce"
        )
    if member.may(Permission.VIEW_ACTIONS):
        yield NavItem(_("RAD"), reverse("actionplan:plan_list", args=slug), page == "actions")
    if member.may(Permission.VIEW_CHILD_DATA):
        url = reverse("childdata:overview", args=slug)
        yield NavItem(_("Data anak"), url, page == "childdata")
    if member.may(Permission.VIEW_FACILITIES):
        url = reverse("facilities:facility_list", args=slug)
        yield NavItem(_("Fasilitas"), url, page == "facilities")
    if member.may(Permission.RELEASE_PUBLIC):
        url = reverse("public:release_list", args=slug)
        yield NavItem(_("Halaman publik"), url, page == "public")
    if member.may(Permission.READ_PUBLIC_MESSAGES):
        url = reverse("public:message_list", args=slug)
        yield NavItem(_("Pesan warga"), url, page == "messages")
    if member.may(Permission.MANAGE_MEMBERS):
        yield NavItem(
            pgettext("menu", "OPD"), reverse("cities:opd_list", args=slug), page == "opds"
        )
        yield NavItem(_("Anggota"), reverse("cities:member_list", args=slug), page == "members")
        yield NavItem(_("Akun layanan"), reverse("api:service_list", args=slug), page == "services")
        yield NavItem(_("Webhook"), reverse("api:webhook_list", args=slug), page == "webhooks")
