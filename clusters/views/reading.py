"""The instrument for reading. Anybody signed in may: it is a public document."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters.access import is_site_admin
from clusters.choices import InstrumentStatus
from clusters.models import Cluster, Indicator, Instrument

NEWEST = F("published_at").desc(nulls_first=True)


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


@dataclass(frozen=True, slots=True)
class Tab:
    """A choice above the list: a status, or with an empty value every instrument."""

    value: str
    label: str
    count: int


@require_safe
def instrument_list(request: HttpRequest) -> HttpResponse:
    """What may be read, newest first; drafts are for those who make them."""
    rows = Instrument.objects.visible_to(is_site_admin=is_site_admin(request))
    readable = list(rows.select_related("corrects").order_by(NEWEST, "code"))
    chosen = request.GET.get("status", "")
    counts = Counter(instrument.status for instrument in readable)
    context = {
        "instruments": [one for one in readable if chosen in ("", one.status)],
        "tabs": [
            Tab("", _("Semua"), len(readable)),
            *(
                Tab(status.value, str(status.label), counts[status])
                for status in InstrumentStatus
                if counts[status]
            ),
        ],
        "chosen": chosen,
        "is_site_admin": is_site_admin(request),
    }
    return render(request, "clusters/instrument_list.html", context)


@require_safe
def instrument_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The whole instrument, or with ?klaster=<code> one section of it."""
    rows = Instrument.objects.visible_to(is_site_admin=is_site_admin(request))
    instrument = get_object_or_404(rows.with_tree(), code=code)
    clusters = list(instrument.clusters.all())
    chosen = request.GET.get("klaster", "")
    shown = [cluster for cluster in clusters if chosen in ("", cluster.code)]
    if chosen and not shown:
        raise Http404
    indicators = [row for cluster in clusters for row in cluster.indicators.all()]
    context = {
        "instrument": instrument,
        "clusters": clusters,
        "chosen": chosen,
        "sections": [Section(cluster, numbered(cluster.indicators.all())) for cluster in shown],
        "indicator_count": counted(indicators),
        "question_count": sum(len(row.questions.all()) for row in indicators),
        "corrections": instrument.corrections.frozen(),
        "is_site_admin": is_site_admin(request),
    }
    return render(request, "clusters/instrument_detail.html", context)


def counted(rows: Sequence[Indicator]) -> int:
    """How many indicators people count: numbers among the 24, else every number."""
    among_24 = {row.number for row in rows if row.counts_among_24}
    return len(among_24 or {row.number for row in rows})


def numbered(rows: Iterable[Indicator]) -> list[NumberedIndicator]:
    """Rows in the instrument's order, gathered where neighbours share their number."""
    return [
        NumberedIndicator(number, list(group))
        for number, group in groupby(rows, key=lambda row: row.number)
    ]
