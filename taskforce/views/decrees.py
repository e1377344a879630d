"""Pages of the decrees, their members and certificates."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.views.deeds import done, tried
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from taskforce.forms import CertificateForm, DecreeForm, MemberForm, SuccessorForm
from taskforce.models import Certificate, Commitment, Decree, TaskForceMember
from taskforce.queries.composition import composition_board
from taskforce.queries.documents import matching_documents
from taskforce.services.decrees import (
    add_certificate,
    add_member,
    change_decree,
    correct_member,
    record_decree,
    remove_certificate,
    replace_official,
)
from taskforce.services.filing import file_paper
from taskforce.views.base import context_of, form_page


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def decree_create(request: HttpRequest, member: Membership) -> HttpResponse:
    form = DecreeForm(request.POST or None, city=member.city)
    decree = done(
        form,
        lambda: record_decree(
            city=member.city,
            facts=form.facts,
            copy_from=form.cleaned_data.get("copy_from"),
            by=member.user,
            at=timezone.now(),
        ),
    )
    if decree is not None:
        messages.success(request, _("%(decree)s tercatat.") % {"decree": decree})
        return redirect(decree)
    back = reverse("meetings:overview", args=[member.city.slug])
    title, back_to = _("Catat SK Gugus Tugas"), _("Gugus Tugas")
    return form_page(request, member, form, title=title, back=back, back_to=back_to)


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
def decree_detail(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """A decree on a day, today unless the address says otherwise; `cari` finds its document."""
    decree = _decree_or_404(member, pk)
    try:
        day = parse_date(request.GET.get("tanggal", "")) or timezone.localdate()
    except ValueError:
        day = timezone.localdate()
    words = request.GET.get("cari", "")
    context = context_of(
        member,
        board=composition_board(decree, Decree.objects.visible_to(member), day=day),
        decree=decree,
        words=words,
        found=matching_documents(member, words),
        file_url=reverse("taskforce:decree_file", args=[member.city.slug, decree.pk]),
    )
    return render(request, "taskforce/decree_detail.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def decree_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    decree = _decree_or_404(member, pk)
    form = DecreeForm(request.POST or None, city=member.city, decree=decree)
    if done(
        form,
        lambda: change_decree(decree=decree, facts=form.facts, by=member.user, at=timezone.now()),
    ):
        messages.success(request, _("Data SK tersimpan."))
        return redirect(decree)
    back = decree.get_absolute_url()
    return form_page(request, member, form, title=str(decree), back=back, back_to=_("SK ini"))


@require_POST
@city_view(Permission.MANAGE_TASKFORCE)
def decree_file(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Take a document that the member sees as the decree's paper; none takes it away."""
    decree = _decree_or_404(member, pk)
    save_paper(request, member, decree)
    return redirect(decree)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def member_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    decree = _decree_or_404(member, pk)
    initial = {"since": decree.valid_from, "role": "member"}
    form = MemberForm(request.POST or None, city=member.city, initial=initial)
    if done(
        form, lambda: add_member(decree=decree, facts=form.facts, by=member.user, at=timezone.now())
    ):
        messages.success(request, _("Anggota tersimpan."))
        return redirect(decree)
    back = decree.get_absolute_url()
    title = _("Tambah anggota")
    return form_page(request, member, form, title=title, back=back, back_to=str(decree))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def member_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Correct a seat; its certificates and the change of its official stand below the form."""
    seat = _member_or_404(member, pk)
    initial = MemberForm.initial_of(seat)
    form = MemberForm(request.POST or None, city=member.city, initial=initial)
    if done(
        form,
        lambda: correct_member(member=seat, facts=form.facts, by=member.user, at=timezone.now()),
    ):
        messages.success(request, _("Data anggota tersimpan."))
        return redirect(seat.decree)
    context = context_of(member, form=form, seat=seat, certificates=seat.certificates.all())
    context |= {"cancel_url": seat.decree.get_absolute_url()}
    return render(request, "taskforce/member_edit.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def member_replace(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Another official in the same post, from a day on."""
    seat = _member_or_404(member, pk)
    form = SuccessorForm(request.POST or None)
    if done(
        form,
        lambda: replace_official(
            member=seat,
            name=form.cleaned_data["name"],
            on=form.cleaned_data["on"],
            by=member.user,
            at=timezone.now(),
        ),
    ):
        messages.success(request, _("Pejabat diganti; pejabat sebelumnya tetap tercatat."))
        return redirect(seat.decree)
    back = reverse("taskforce:member_edit", args=[member.city.slug, seat.pk])
    title = _("Ganti pejabat: %(post)s") % {"post": seat.post}
    return form_page(request, member, form, title=title, back=back, back_to=str(seat))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_TASKFORCE)
def certificate_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    seat = _member_or_404(member, pk)
    form = CertificateForm(request.POST or None)
    if done(
        form,
        lambda: add_certificate(member=seat, facts=form.facts, by=member.user, at=timezone.now()),
    ):
        messages.success(request, _("Sertifikat tersimpan."))
        return redirect("taskforce:member_edit", member.city.slug, seat.pk)
    back = reverse("taskforce:member_edit", args=[member.city.slug, seat.pk])
    title = _("Sertifikat KHA")
    return form_page(request, member, form, title=title, back=back, back_to=str(seat))


@require_POST
@city_view(Permission.MANAGE_TASKFORCE)
def certificate_remove(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    of_city = Certificate.objects.filter(member__decree__city=member.city)
    certificate = get_object_or_404(of_city.select_related("member__decree__city"), pk=pk)
    remove_certificate(certificate=certificate, by=member.user, at=timezone.now())
    messages.success(request, _("Sertifikat dihapus."))
    return redirect("taskforce:member_edit", member.city.slug, certificate.member_id)


def save_paper(request: HttpRequest, member: Membership, paper_of: Decree | Commitment) -> None:
    """The document that the form names, if the member sees it."""
    wanted = request.POST.get("dokumen", "")
    words = request.POST.get("cari", "")
    document = next((d for d in matching_documents(member, words) if str(d.pk) == wanted), None)
    if wanted and document is None:
        messages.error(request, _("Dokumen itu tidak lagi cocok. Cari lagi."))
        return
    tried(
        request,
        lambda: file_paper(
            paper_of=paper_of,
            document_id=document.pk if document else None,
            by=member.user,
            at=timezone.now(),
        ),
        _("Berkas tersimpan."),
    )


def _decree_or_404(member: Membership, pk: int) -> Decree:
    visible = Decree.objects.visible_to(member).select_related("city", "document", "by")
    return get_object_or_404(visible, pk=pk)


def _member_or_404(member: Membership, pk: int) -> TaskForceMember:
    visible = TaskForceMember.objects.visible_to(member)
    return get_object_or_404(visible.select_related("decree__city", "opd"), pk=pk)
