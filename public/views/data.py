"""Released parts as files that anybody may use, at addresses that stay."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from public.queries.open_data import (
    Table,
    as_json,
    catalogue_of,
    nation_catalogue,
    nation_table,
    part_table,
)
from public.queries.pages import released_pages
from public.sections import Section
from public.views.pages import absolute, page_or_404, public_page
from workbooks.downloads import download


@public_page
def data_page(request: HttpRequest, city_slug: str, year: int) -> HttpResponse:
    """The catalogue for people: each table with its files and checksums."""
    page = page_or_404(city_slug, year)
    context = {
        "page": page,
        "catalogue": catalogue_of(page),
        "address": absolute("public:data_page", page.slug, page.year),
    }
    return render(request, "public/data_page.html", context)


@public_page
def catalogue_file(request: HttpRequest, city_slug: str, year: int) -> HttpResponse:
    content = as_json(catalogue_of(page_or_404(city_slug, year)))
    return HttpResponse(content, content_type="application/json")


@public_page
def data_file(
    request: HttpRequest, city_slug: str, year: int, section: str, kind: str
) -> HttpResponse:
    page = page_or_404(city_slug, year)
    part = page.part(Section(section)) if section in Section.values else None
    if part is None:
        raise Http404
    return _file(part_table(page, part), kind, f"{page.slug}-{page.year}-{section}")


@public_page
def nation_catalogue_file(request: HttpRequest) -> HttpResponse:
    content = as_json(nation_catalogue(released_pages()))
    return HttpResponse(content, content_type="application/json")


@public_page
def nation_file(request: HttpRequest, kind: str) -> HttpResponse:
    return _file(nation_table(released_pages()), kind, "kota-layak-anak-predikat")


def _file(table: Table, kind: str, name: str) -> HttpResponse:
    """The same bytes as the catalogue's checksum is of; 404 for another format."""
    if kind not in ("csv", "json"):
        raise Http404
    return download(table.csv if kind == "csv" else table.json, f"{name}.{kind}")
