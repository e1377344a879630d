"""What was changed, as a trail keeps it and as people read it; knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field with its values before and after; – stands for an empty one."""

    label: str
    before: str
    after: str


def field_changes(
    before: Mapping[str, object], after: Mapping[str, object], labels: Mapping[str, object]
) -> list[FieldChange]:
    """Each key of either side under its label; a key without one is shown as it is."""
    return [
        FieldChange(
            str(labels.get(key, key)), _for_reading(before.get(key)), _for_reading(after.get(key))
        )
        for key in dict.fromkeys([*before, *after])
    ]


def differing(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    """Both sides without the keys whose values are the same; missing and None are the same."""
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return (
        {key: before[key] for key in keys if key in before},
        {key: after[key] for key in keys if key in after},
    )


def recorded(values: Mapping[str, object]) -> dict[str, object]:
    """The values as JSON gives them back on every database: no number has decimals."""
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        # The form of the trail's own, never that of pages: it is part of the hash.
        return f"{value.normalize():f}".replace(".", ",")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)


def _for_reading(value: object) -> str:
    if value is None or value in ("", []):
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
