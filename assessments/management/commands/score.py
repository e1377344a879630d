import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.scoring import Score, SectionScore, score
from assessments.sheets import SheetError, read_sheet
from clusters.choices import Measure
from clusters.management.instruments import InstrumentCommand
from clusters.models import Instrument
from clusters.spec import InstrumentSpec, plain_number


class Command(InstrumentCommand):
    help = "Score a filled sheet (CSV or XLSX with the columns question, points); writes nothing."
    requires_system_checks = []  # the sheet is scored wherever the code runs

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sheet", help="The file with the points.")
        parser.add_argument("--instrument", default="kla-2023", help="Code of the instrument.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, sheet: str, instrument: str, format: str, **options: Any) -> None:  # noqa: A002
        spec = self.spec_for(instrument)
        try:
            points = read_sheet(Path(sheet).read_bytes(), Path(sheet).name, spec)
        except OSError as error:
            self.refuse(f"{sheet}: {error.strerror}")
        except SheetError as error:
            self.refuse(*(str(fault) for fault in error.faults))
        result = score(spec, points)
        self.stdout.write(as_json(spec, result) if format == "json" else as_text(spec, result))

    def instruments(self) -> QuerySet[Instrument]:
        return Instrument.objects.published()


def as_json(spec: InstrumentSpec, result: Score) -> str:
    following = result.next
    return json.dumps(
        {
            "instrument": spec.code,
            "questions": result.answered + result.unanswered,
            "unanswered": result.unanswered,
            "total": plain_number(result.total),
            "max": plain_number(result.maximum),
            "predikat": result.predikat,
            "gap": result.in_gap,
            "next": following
            and {
                "predikat": following.predikat,
                "min": plain_number(following.minimum),
                "points_needed": plain_number(following.points_needed),
            },
            "clusters": [line_as_dict(line) for line in result.clusters],
            "indicators": [line_as_dict(line) for line in result.indicators],
        },
        ensure_ascii=False,
        indent=2,
    )


def line_as_dict(line: SectionScore) -> dict[str, object]:
    return {
        "code": line.code,
        "points": plain_number(line.points),
        "max": plain_number(line.maximum),
        "capped": line.is_capped,
    }


def as_text(spec: InstrumentSpec, result: Score) -> str:
    names = {cluster.code: cluster.label for cluster in spec.clusters}
    return "\n".join(
        [
            f"{spec.title}",
            f"{_('Total')}: {of_maximum(result.total, result.maximum)}",
            f"{_('Predikat')}: {result.predikat or _('belum ada')}",
            *remarks(result, Measure(spec.measure).unit),
            "",
            *(
                f"{names[line.code]}: {of_maximum(line.points, line.maximum)}"
                + (f" ({_('dibatasi nilai maksimumnya')})" if line.is_capped else "")
                for line in result.clusters
            ),
        ]
    )


def remarks(result: Score, unit: str) -> list[str]:
    lines = []
    if result.in_gap:
        lines.append(_("Total ada di antara dua rentang predikat; yang berlaku yang lebih rendah."))
    if result.next:
        lines.append(
            _("%(points)s %(unit)s lagi menuju %(predikat)s")
            % {
                "points": plain_number(result.next.points_needed),
                "unit": unit,
                "predikat": result.next.predikat,
            }
        )
    if result.unanswered:
        lines.append(
            _("%(unanswered)d dari %(questions)d pertanyaan belum dijawab")
            % {
                "unanswered": result.unanswered,
                "questions": result.answered + result.unanswered,
            }
        )
    return lines


def of_maximum(points: Decimal, maximum: Decimal) -> str:
    return f"{plain_number(points)} / {plain_number(maximum)}"
