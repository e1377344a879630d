"""An instrument as a file."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from clusters.access import is_site_admin
from clusters.models import Instrument
from clusters.services import spec_of
from clusters.sheets import draw
from clusters.spec import InstrumentSpec
from clusters.writing import write
from texts.languages import in_indonesian
from workbooks.downloads import download


def _as_yaml(spec: InstrumentSpec) -> bytes:
    return write(spec).encode()


FORMATS: dict[str, Callable[[InstrumentSpec], bytes]] = {"yaml": _as_yaml, "xlsx": draw}


@require_safe
@in_indonesian
def instrument_download(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """For everybody who may read it: what is published for all, drafts for their makers."""
    if kind not in FORMATS:
        raise Http404
    instruments = (
        Instrument.objects.all() if is_site_admin(request) else Instrument.objects.frozen()
    )
    instrument = get_object_or_404(instruments, code=code)
    return download(FORMATS[kind](spec_of(instrument)), f"{code}.{kind}")
