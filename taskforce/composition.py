"""Whether a decree covers what it must: rules as data, faults as plain sentences. Knows no database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Protocol

import yaml
from django.utils.translation import gettext as _

from figures.numbers import format_date
from taskforce.choices import DecreeState, Element, Field, TaskForceRole

PACKAGED = resources.files("taskforce") / "compositions" / "perpres-25-2021.yaml"


@dataclass(frozen=True, slots=True)
class CompositionRules:
    """What a decree must have; `warn_days` before its end it is told that it ends."""

    source: str
    elements: tuple[Element, ...]
    roles: tuple[TaskForceRole, ...]
    coordinated: tuple[Field, ...]
    warn_days: int


class DatedDecree(Protocol):
    """What is asked of a decree."""

    valid_from: date
    valid_to: date | None


class SeatedMember(Protocol):
    """What is asked of a member: unsur, kedudukan, bidang and the name, which may be empty."""

    element: str
    role: str
    field: str
    name: str


@cache
def composition_rules() -> CompositionRules:
    said = yaml.safe_load(PACKAGED.read_text(encoding="utf-8"))
    return CompositionRules(
        source=said["source"],
        elements=tuple(Element(one) for one in said["elements"]),
        roles=tuple(TaskForceRole(one) for one in said["roles"]),
        coordinated=tuple(Field(one) for one in said["coordinated"]),
        warn_days=int(said["warn_days"]),
    )


def decree_state(decree: DatedDecree, *, day: date, is_newest: bool) -> DecreeState:
    """`is_newest`: no later decree has begun by that day."""
    if decree.valid_from > day:
        return DecreeState.NOT_YET
    if decree.valid_to is not None and decree.valid_to < day:
        return DecreeState.EXPIRED
    return DecreeState.IN_FORCE if is_newest else DecreeState.REPLACED


def composition_faults(
    decree: DatedDecree | None, members: Sequence[SeatedMember], *, day: date
) -> list[str]:
    """What is missing on that day, a sentence each; nothing where all is covered.

    `decree` is the one in force, or the last one; `members` are those in it that day.
    """
    if decree is None:
        return [_("Belum ada SK Gugus Tugas yang tercatat. Catat SK yang berlaku.")]
    return [*_of_validity(decree, day), *_of_members(members, composition_rules())]


def _of_validity(decree: DatedDecree, day: date) -> Iterator[str]:
    if decree.valid_from > day:
        yield _("SK baru berlaku mulai %(date)s; sebelum itu tidak ada SK yang berlaku.") % {
            "date": format_date(decree.valid_from)
        }
    if decree.valid_to is None:
        return
    facts = {"date": format_date(decree.valid_to), "days": (decree.valid_to - day).days}
    if decree.valid_to < day:
        yield _("Masa berlaku SK habis pada %(date)s. Siapkan SK baru.") % facts
    elif decree.valid_to - day <= timedelta(days=composition_rules().warn_days):
        yield _("SK berakhir pada %(date)s, %(days)d hari lagi. Siapkan SK baru.") % facts


def _of_members(members: Sequence[SeatedMember], rules: CompositionRules) -> Iterator[str]:
    present = {member.element for member in members}
    missing = [str(one.label) for one in rules.elements if one not in present]
    if missing:
        yield _("Unsur yang belum ada: %(missing)s.") % {"missing": ", ".join(missing)}
    filled = {member.role for member in members}
    for role in rules.roles:
        if role not in filled:
            yield _("Belum ada %(role)s.") % {"role": str(role.label).lower()}
    coordinated = {one.field for one in members if one.role == TaskForceRole.COORDINATOR}
    bare = [str(one.label) for one in rules.coordinated if one not in coordinated]
    if bare:
        yield _("Belum ada koordinator untuk: %(fields)s.") % {"fields": "; ".join(bare)}
    nameless = sum(not member.name for member in members)
    if nameless:
        yield _("%(count)d jabatan belum terisi nama pejabatnya.") % {"count": nameless}
