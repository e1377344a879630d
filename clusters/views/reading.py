"""The instrument for reading. Anybody signed in may: it is a public document."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clusters.models import Cluster, Indicator, Instrument


@dataclass(frozen=True, slots=True)
class NumberedIndicator:
    """What people count as one indicator: the rows 21a, 21b and 21c under the number 21."""

    number: int
    rows: list[Indicator]

    @property
    def is_split(self) -> bool:
        return len(self.rows) > 1

    @property
    def max_points(self) -> Decimal:
        return sum((row.max_points for row in self.rows), Decimal(0))


@dataclass(frozen=True, slots=True)
class Section:
    """A cluster on the page, its rows gathered under their numbers."""

    cluster: Cluster
    indicators: list[NumberedIndicator]

    @property
    def question_count(self) -> int:
        return sum(len(row.questions.all()) for item in self.indicators for row in item.rows)


@require_safe
def instrument_list(request: HttpRequest) -> HttpResponse:
    context = {"instruments": Instrument.objects.published()}
    return render(request, "clusters/instrument_list.html", context)


@require_safe
def instrument_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The whole instrument, or with ?klaster=<code> one section of it."""
    instrument = get_object_or_404(Instrument.objects.published().with_tree(), code=code)
    clusters = list(instrument.clusters.all())
    chosen = request.GET.get("klaster", "")
    shown = [cluster for cluster in clusters if chosen in ("", cluster.code)]
    if not shown:
        raise Http404
    rows = [row for cluster in clusters for row in cluster.indicators.all()]
    context = {
        "instrument": instrument,
        "clusters": clusters,
        "chosen": chosen,
        "sections": [Section(cluster, numbered(cluster.indicators.all())) for cluster in shown],
        "indicator_count": len({row.number for row in rows if row.counts_among_24}),
        "question_count": sum(len(row.questions.all()) for row in rows),
    }
    return render(request, "clusters/instrument_detail.html", context)


def numbered(rows: Iterable[Indicator]) -> list[NumberedIndicator]:
    """Rows in the instrument's order, gathered where neighbours share their number."""
    return [
        NumberedIndicator(number, list(group))
        for number, group in groupby(rows, key=lambda row: row.number)
    ]
