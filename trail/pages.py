"""What the page of every trail shows; its parts are `components/trail_….html`."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest

from trail.forms import Entry, TrailFilters

PAGE = 20


def trail_context(request: HttpRequest, form: TrailFilters[Entry]) -> dict[str, object]:
    """The filters, the entries of the page that the address asks for, and the newest of all."""
    return {
        "form": form,
        "page_obj": Paginator(form.rows(), PAGE).get_page(request.GET.get("halaman")),
        "head": form.entries.order_by("-position").first(),
    }
