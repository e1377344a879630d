import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from clusters.choices import Severity
from clusters.library import LINTED_FAULTS, InstrumentError, read
from clusters.linter import Finding, errors, lint
from clusters.management.instruments import REFUSED, InstrumentCommand
from clusters.plain_yaml import Fault
from clusters.spec import InstrumentSpec

HAS_ERRORS = 1


class Command(InstrumentCommand):
    help = "Say what is odd in an instrument. Exit 1 with errors in it, 2 if it cannot be read."
    requires_system_checks = []  # a file is checked wherever the code runs

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("instrument", help="A YAML file, or the code of an instrument.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, instrument: str, format: str, **options: Any) -> None:  # noqa: A002
        try:
            spec = self.spec_in(instrument)
        except InstrumentError as error:
            if format == "json":
                self.stdout.write(as_json([], error.faults))
                sys.exit(REFUSED)
            self.refuse(*(str(fault) for fault in error.faults))
        findings = lint(spec)
        self.stdout.write(as_json(findings, []) if format == "json" else as_text(spec, findings))
        if errors(findings):
            sys.exit(HAS_ERRORS)

    def spec_in(self, instrument: str) -> InstrumentSpec:
        path = Path(instrument)
        if path.suffix or path.exists():
            return read(self.text_of(path), leaving=LINTED_FAULTS)
        return self.spec_for(instrument)


def as_json(findings: list[Finding], faults: list[Fault]) -> str:
    """`faults` is why nothing could be looked for; else there are only findings."""
    found = {
        "findings": [asdict(finding) for finding in findings],
        "faults": [{"place": fault.place, "message": fault.message} for fault in faults],
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def as_text(spec: InstrumentSpec, findings: list[Finding]) -> str:
    lines = [
        f"{Severity(finding.severity).label}: {finding.place}: {finding.sentence} ({finding.code})"
        for finding in findings
    ]
    counts = ", ".join(
        f"{sum(finding.severity == severity for finding in findings)} {severity.label}"
        for severity in Severity
    )
    return "\n".join([*lines, _("%(code)s: %(counts)s") % {"code": spec.code, "counts": counts}])
