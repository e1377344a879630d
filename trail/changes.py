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
    """Both sides without the keys that say the same on both; missing and None are the same."""
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return (
        {key: before[key] for key in keys if key in before},
        {key: after[key] for key in keys if key in after},
    )


def _said(value: object) -> str:
    if value is None or value in ("", []):
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
