"""Changing the rules by which a city follows its plans."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import City, CityTrailEvent, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from figures.numbers import format_points
from monitoring.choices import Light
from monitoring.models import CityRules
from monitoring.rules import Rules, packaged_rules
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """In percent: from where on a light holds, what should be done by the end of a quarter.

    `child_share` is supposed where an action says none; `source` is where all this stands written.
    """

    green: int
    yellow: int
    first: int
    second: int
    third: int
    child_share: Decimal | None = None
    source: str = ""

    @property
    def are_packaged(self) -> bool:
        """Whether they say the same as the file, whatever their source."""
        return replace(self, source="") == rule_facts(packaged_rules())


def rule_facts(rules: Rules) -> RuleFacts:
    """The rules as they are typed; those of the file without their source, for a city has its own."""
    bounds = dict(rules.lights)
    first, second, third = (int(rules.expected[quarter]) for quarter in (1, 2, 3))
    return RuleFacts(
        green=int(bounds[Light.GREEN]),
        yellow=int(bounds[Light.YELLOW]),
        first=first,
        second=second,
        third=third,
        child_share=rules.child_share,
        source="" if rules is packaged_rules() else rules.source,
    )


@deed
def set_rules(*, city: City, facts: RuleFacts, seen: str, by: User, at: datetime) -> Rules:
    """Follow the city's plans by these rules from now on, every year of them.

    Those of the file take the city's own away. `seen` is the version that the person looked at.
    Raises ValidationError (`moved`; or where they do not fit).
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_ACTIONS)
    if CityRules.objects.version(city.pk) != seen:
        raise ValidationError(
            _lazy(
                "Orang lain mengubah aturan ini sesudah Anda membukanya. Periksa yang berlaku sekarang "
                "pada halaman pemantauan, lalu simpan lagi bila isian Anda yang benar."
            ),
            code="moved",
        )
    own = CityRules.objects.filter(city=city).first()
    before = _told(own)
    if facts.are_packaged:
        if own is not None:
            own.delete()
        own = None
    else:
        own = own or CityRules(city=city)
        for one in fields(facts):
            setattr(own, one.name, getattr(facts, one.name))
        own.source = " ".join(facts.source.split())
        own.at, own.by = at, by
        own.full_clean()
        own.save()
    if before != _told(own):
        deed, target = CityTrailEvent.ACTION_PLAN_CHANGED, _("Aturan pemantauan")
        record(NewEntry(deed, target, before, _told(own)), city=city, by=by, at=at)
    return own.as_rules() if own else packaged_rules()


def _told(own: CityRules | None) -> dict[str, object]:
    """Nothing of a city that has none of its own."""
    if own is None:
        return {}
    return {
        "criteria": f"{own.green}%, {own.yellow}%",
        "target": f"{own.first}%, {own.second}%, {own.third}%",
        "share": None if own.child_share is None else format_points(own.child_share),
        "source": own.source,
    }
