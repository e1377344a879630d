"""Pages of the legal register of a city."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Assessment
from assessments.views.deeds import done, tried
from assessments.views.lookups import get_answer_or_404, get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from clusters.models import Instrument
from figures.downloads import chart_file
from imports.views import Place, review, upload, waiting
from regulations.choices import Force, RelationKind
from regulations.forms import (
    DraftForm,
    FeedForm,
    RegulationFilterForm,
    RegulationForm,
    RelationForm,
    TopicsForm,
)
from regulations.jdih import write_feed
from regulations.models import Regulation
from regulations.queries.coverage import coverage_board, coverage_chart, gap_sentence
from regulations.queries.register import day_of_force, feed_of, register, regulation_page
from regulations.services.drafts import draft_regulation, own_topics, redraft_regulation
from regulations.services.feeds import FEED, read_entries
from regulations.services.offering import offer_regulation
from regulations.services.regulations import (
    change_regulation,
    cover,
    file_regulation,
    record_regulation,
    relate,
    remove_regulation,
    unrelate,
)
from texts.languages import in_indonesian
from workbooks.downloads import download

PAGE_SIZE = 25


@require_safe
@city_view(Permission.VIEW_CITY)
def regulation_list(request: HttpRequest, member: Membership) -> HttpResponse:
    """Every regulation with whether it holds for the years that are evaluated."""
    form = RegulationFilterForm(request.GET)
    current = Assessment.objects.current(member.city)
    found = register(
        form.narrowed(Regulation.objects.visible_to(member)),
        wanted=form.wanted.get("keadaan"),
        day=day_of_force(current, today=timezone.localdate()),
    )
    context = _context(member) | {
        "register": found,
        "counts": [(force, found.forces[force]) for force in Force if found.forces[force]],
        "page_obj": Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("halaman")),
        "form": form,
        "assessment": current,
    }
    return render(request, "regulations/regulation_list.html", context)


@require_safe
@city_view(Permission.VIEW_CITY)
def guide(request: HttpRequest, member: Membership) -> HttpResponse:
    """One page for whoever keeps the register, to be printed."""
    return render(request, "regulations/guide.html", _context(member))


@require_safe
@city_view(Permission.VIEW_CITY)
def regulation_detail(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    return _detail(request, member, _get_or_404(member, pk))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_REGULATIONS)
def regulation_create(request: HttpRequest, member: Membership) -> HttpResponse:
    form = RegulationForm(request.POST or None, city=member.city, save=_("Catat produk hukum"))
    if form.is_valid():
        try:
            regulation = record_regulation(
                city=member.city, facts=form.facts, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(regulation)s tercatat.") % {"regulation": regulation})
            return redirect(regulation)
    cancel_url = reverse("regulations:regulation_list", args=[member.city.slug])
    context = _context(member) | {"form": form, "cancel_url": cancel_url}
    return render(request, "regulations/regulation_form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_REGULATIONS)
def regulation_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    regulation = _get_or_404(member, pk)
    form = RegulationForm(
        request.POST or None,
        initial=RegulationForm.initial_of(regulation),
        city=member.city,
        save=_("Simpan"),
        jdih_id=regulation.jdih_id,
    )
    if form.is_valid():
        try:
            change_regulation(
                regulation=regulation, facts=form.facts, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Data produk hukum tersimpan."))
            return redirect(regulation)
    context = _context(member) | {
        "regulation": regulation,
        "form": form,
        "cancel_url": regulation.get_absolute_url(),
    }
    return render(request, "regulations/regulation_form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.DRAFT_REGULATIONS)
def draft_create(request: HttpRequest, member: Membership) -> HttpResponse:
    """An OPD drafts a regulation for a topic of its own; a query chooses the topic beforehand."""
    return _draft(request, member, None)


@require_http_methods(["GET", "POST"])
@city_view(Permission.DRAFT_REGULATIONS)
def draft_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    own = Regulation.objects.drafted_by(member).select_related("city", "initiator")
    return _draft(request, member, get_object_or_404(own, pk=pk))


def _draft(request: HttpRequest, member: Membership, draft: Regulation | None) -> HttpResponse:
    assessment = Assessment.objects.current(member.city)
    topics = own_topics(assessment, member) if assessment else {}
    if assessment is None or not topics:
        messages.info(request, _("Belum ada topik produk hukum pada pertanyaan OPD Anda."))
        return redirect("regulations:regulation_list", member.city.slug)
    wanted = {"topic": request.GET.get("topik"), "year": timezone.localdate().year}
    initial = wanted if draft is None else DraftForm.initial_of(draft, topics)
    form = DraftForm(request.POST or None, initial=initial, topics=topics)
    deed = draft_regulation if draft is None else partial(redraft_regulation, regulation=draft)
    saved = done(
        form,
        lambda: deed(assessment=assessment, facts=form.facts, by=member.user, at=timezone.now()),
    )
    if saved is not None:
        messages.success(request, _("Rancangan tersimpan. Gugus Tugas meneruskannya."))
        return redirect(saved)
    list_url = reverse("regulations:regulation_list", args=[member.city.slug])
    context = _context(member) | {
        "regulation": draft,
        "form": form,
        "new_title": _("Susun rancangan"),
        "cancel_url": draft.get_absolute_url() if draft else list_url,
    }
    return render(request, "regulations/regulation_form.html", context)


@require_POST
@city_view(Permission.MANAGE_REGULATIONS)
def regulation_remove(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    regulation = _get_or_404(member, pk)
    name = str(regulation)
    try:
        remove_regulation(regulation=regulation, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(regulation)
    messages.success(request, _("%(regulation)s dihapus dari daftar.") % {"regulation": name})
    return redirect("regulations:regulation_list", member.city.slug)


@require_POST
@city_view(Permission.MANAGE_REGULATIONS)
def regulation_file(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Take a document that was handed in as the text of the regulation; none takes it away."""
    regulation = _get_or_404(member, pk)
    page = regulation_page(regulation, member, day=timezone.localdate())
    wanted = request.POST.get("dokumen", "")
    document = next((one for one in page.suggested if str(one.pk) == wanted), None)
    if wanted and document is None:
        messages.error(request, _("Dokumen itu tidak lagi cocok. Pilih dari daftar."))
        return redirect(regulation)
    file_regulation(
        regulation=regulation,
        document_id=document.pk if document else None,
        by=member.user,
        at=timezone.now(),
    )
    messages.success(request, _("Berkas produk hukum tersimpan."))
    return redirect(regulation)


@require_POST
@city_view(Permission.MANAGE_REGULATIONS)
def relation_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    regulation = _get_or_404(member, pk)
    form = RelationForm(request.POST, regulation=regulation)
    if form.is_valid():
        try:
            relate(
                source=regulation,
                target=form.cleaned_data["target"],
                kind=RelationKind(form.cleaned_data["kind"]),
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Hubungan tersimpan."))
            return redirect(regulation)
    return _detail(request, member, regulation, form)


@require_POST
@city_view(Permission.MANAGE_REGULATIONS)
def relation_remove(
    request: HttpRequest, member: Membership, pk: int, relation_pk: int
) -> HttpResponse:
    regulation = _get_or_404(member, pk)
    relation = get_object_or_404(
        regulation.relations.select_related("source__city"), pk=relation_pk
    )
    unrelate(relation=relation, by=member.user, at=timezone.now())
    messages.success(request, _("Hubungan dihapus."))
    return redirect(regulation)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_REGULATIONS)
def topics_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Which questions of the present year's instrument the regulation is about."""
    regulation = _get_or_404(member, pk)
    instrument = get_object_or_404(
        Instrument, pk=getattr(Assessment.objects.current(member.city), "instrument_id", None)
    )
    known = regulation.coverages.filter(question__indicator__cluster__instrument=instrument)
    initial = {"codes": list(known.values_list("question__code", flat=True))}
    sent = request.POST if request.method == "POST" else None  # none ticked is an answer too
    form = TopicsForm(sent, initial=initial, instrument=instrument)
    if form.is_valid():
        cover(
            regulation=regulation,
            instrument=instrument,
            codes=form.cleaned_data["codes"],
            by=member.user,
            at=timezone.now(),
        )
        messages.success(request, _("Topik produk hukum tersimpan."))
        return redirect(regulation)
    context = _context(member) | {
        "regulation": regulation,
        "form": form,
        "cancel_url": regulation.get_absolute_url(),
    }
    return render(request, "regulations/regulation_form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_REGULATIONS)
def feed_upload(request: HttpRequest, member: Membership) -> HttpResponse:
    form = FeedForm(request.POST or None, request.FILES or None, read=read_entries)
    return upload(request, member, form, FEED, _feed_place(member))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_REGULATIONS)
def feed_review(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """What a feed would bring; only sending the form takes it over."""
    return review(request, member, waiting(member, FEED, pk), FEED, _feed_place(member))


def _feed_place(member: Membership) -> Place:
    lead = _(
        "Berkas JSON yang dikirim JDIH kota ke JDIHN. Isinya ditampilkan lebih dahulu; "
        "tidak ada yang tercatat dua kali."
    )
    return Place(
        context=_context(member) | {"lead": lead},
        title=_("Ambil daftar dari JDIH"),
        back=_("Produk hukum"),
        back_url=reverse("regulations:regulation_list", args=[member.city.slug]),
        upload_url=reverse("regulations:feed_upload", args=[member.city.slug]),
        review=lambda pk: reverse("regulations:feed_review", args=[member.city.slug, pk]),
    )


@require_safe
@city_view(Permission.VIEW_CITY)
@in_indonesian
def feed_export(request: HttpRequest, member: Membership) -> HttpResponse:
    """The register as a JDIH takes it; drafts stay here."""
    current = Assessment.objects.current(member.city)
    day = day_of_force(current, today=timezone.localdate())
    entries = feed_of(Regulation.objects.visible_to(member), day=day)
    return download(write_feed(entries), f"{member.city.slug}-jdih.json")


@require_safe
@city_view(Permission.VIEW_QUESTION)
def coverage_detail(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Topic by topic, the strongest regulation in force and what is still to be won.

    An OPD sees the topics that are with it, where it drafts.
    """
    assessment = get_assessment_or_404(member, year)
    board = coverage_board(assessment, member)
    chart = coverage_chart(board)
    file = chart_file(request, [chart], f"{member.city.slug}-{year}")
    if file is not None:
        return file
    context = _context(member) | {
        "assessment": assessment,
        "board": board,
        "sentence": gap_sentence(board),
        "chart": chart,
    }
    return render(request, "regulations/coverage_detail.html", context)


@require_POST
@city_view(Permission.ANSWER_QUESTIONS)
def regulation_offer(
    request: HttpRequest, member: Membership, year: int, pk: int, code: str
) -> HttpResponse:
    """Offer the text of a regulation for one of its topics."""
    regulation = get_object_or_404(Regulation.objects.visible_to(member), pk=pk)
    answer = get_answer_or_404(member, get_assessment_or_404(member, year), code)
    tried(
        request,
        lambda: offer_regulation(
            regulation=regulation, answer=answer, by=member.user, at=timezone.now()
        ),
        _("%(regulation)s diajukan untuk pertanyaan %(code)s dan menunggu pemeriksaan.")
        % {"regulation": regulation, "code": code},
    )
    return redirect("regulations:coverage_detail", member.city.slug, year)


def _context(member: Membership) -> dict[str, Any]:
    return {
        "member": member,
        "page": "regulations",
        "may_manage": member.may(Permission.MANAGE_REGULATIONS),
        "may_draft": member.may(Permission.DRAFT_REGULATIONS),
    }


def _get_or_404(member: Membership, pk: int) -> Regulation:
    visible = Regulation.objects.visible_to(member).with_revocation()
    return get_object_or_404(visible.select_related("city", "initiator", "by"), pk=pk)


def _detail(
    request: HttpRequest,
    member: Membership,
    regulation: Regulation,
    form: RelationForm | None = None,
) -> HttpResponse:
    current = Assessment.objects.current(member.city)
    day = day_of_force(current, today=timezone.localdate())
    context = _context(member) | {
        "assessment": current,
        "regulation": regulation,
        "may_redraft": member.may(Permission.DRAFT_REGULATIONS)
        and Regulation.objects.drafted_by(member).filter(pk=regulation.pk).exists(),
        "board": regulation_page(regulation, member, day=day),
        "day": day,
        "form": form or RelationForm(regulation=regulation),
    }
    return render(request, "regulations/regulation_detail.html", context)
