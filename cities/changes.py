"""What a deed changed, to be kept and to be read; knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a deed changed. Empty is text too: –."""

    label: str
    before: str
    after: str


def changes_between(
    before: Mapping[str, object], after: Mapping[str, object], labels: Mapping[str, object]
) -> list[Change]:
    """Each key of either side under its label; a key without one speaks for itself."""
    return [
        Change(str(labels.get(key, key)), _said(before.get(key)), _said(after.get(key)))
        for key in dict.fromkeys([*before, *after])
    ]


def differing(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    """Both sides, of the keys whose values differ only."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}


def _said(value: object) -> str:
    if value is None or value in ("", []):
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
