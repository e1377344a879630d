"""The findings of the linter, gathered for a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clusters.choices import Severity
from clusters.linter import Finding


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of one severity."""

    severity: Severity
    rows: list[Finding]


def grouped(findings: Iterable[Finding]) -> list[Findings]:
    """By severity, errors first; a severity without findings is left out."""
    rows = list(findings)
    groups = [Findings(kind, [row for row in rows if row.severity == kind]) for kind in Severity]
    return [group for group in groups if group.rows]
