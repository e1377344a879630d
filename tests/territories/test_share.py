"""The share of a register is a plain recount, under any order of deeds."""

from collections import defaultdict
from datetime import date
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from territories.choices import ChangeKind, ReportState, UnitLevel
from territories.criteria import Said, set_for
from territories.models import Report
from territories.register import TERRITORIES
from territories.services.reports import (
    Entry,
    accept_reports,
    return_report,
    save_reports,
    send_reports,
)
from territories.services.units import NewUnit, end_unit, succeed_units
from tests.assessments.situations import NOW
from tests.factories.cities import MembershipFactory
from tests.factories.territories import UnitFactory, UnitSeatFactory

CRITERIA = set_for("kla-2023")
REPORTING = ("yes", "no", "empty", "send", "accept", "return")
CHANGES = ("split", "merge", "end")
DEEDS = st.lists(
    st.tuples(
        st.sampled_from([*REPORTING, *CHANGES, *(f"{change} later" for change in CHANGES)]),
        st.integers(0, 3),
    ),
    max_size=20,
)


class World:
    """A city of four kelurahan, and what a person with a sheet of paper would note of it."""

    def __init__(self):
        self.district = UnitFactory(kecamatan=True)
        city = self.district.city
        self.camat = UnitSeatFactory(unit=self.district).membership.user
        self.secretary = MembershipFactory(gugus_tugas=True, city=city).user
        self.admin = MembershipFactory(admin_kota=True, city=city).user
        self.units = [UnitFactory(city=city, parent=self.district) for _ in range(4)]
        self.active = {unit.pk for unit in self.units}
        self.ended = set()
        self.counted, self.last = {}, defaultdict(lambda: ("none", None))

    def do(self, deed, number):
        unit = self.units[number]
        place = {"unit_id": unit.pk, "year": 2025, "criteria": CRITERIA, "at": NOW}
        state, said = self.last[unit.pk]
        if deed in ("yes", "no", "empty") and state != "sent":
            yes = {"yes": True, "no": False, "empty": None}[deed]
            save_reports(**place, entries={"26.4": Entry(Said(yes=yes))}, by=self.camat)
            if yes is not None and (state == "draft" or yes != said or state == "none"):
                self.last[unit.pk] = ("draft", yes)
            elif yes is None and state == "draft":
                newest = unit.reports.order_by("pk").last()
                self.last[unit.pk] = (newest.state, newest.yes) if newest else ("none", None)
        elif deed == "send" and state == "draft":
            send_reports(**place, by=self.camat)
            self.last[unit.pk] = ("sent", said)
        elif deed == "accept" and state == "sent":
            seen = set(Report.objects.values_list("pk", flat=True))
            accept_reports(**place, seen=seen, by=self.secretary)
            self.last[unit.pk], self.counted[unit.pk] = ("accepted", said), said
        elif deed == "return" and state == "sent":
            report = unit.reports.get(state=ReportState.SENT)
            return_report(report_id=report.pk, reason="Perbaiki", by=self.secretary, at=NOW)
            self.last[unit.pk] = ("returned", said)
        elif deed.startswith(CHANGES) and unit.pk not in self.ended:
            on = date(2026, 3, 1) if deed.endswith("later") else date(2025, 6, 1)
            self.change(deed.split()[0], unit, on)

    def change(self, deed, unit, on):
        """End the unit, and with a merger the next that is still there; begin what follows."""
        signed = {"on": on, "basis": "Perda 1/2025", "by": self.admin, "at": NOW}
        others = [row.pk for row in self.units if row.pk not in {*self.ended, unit.pk}]
        ending, begun = [unit.pk], set()
        if deed == "end":
            end_unit(unit_id=unit.pk, **signed)
        elif deed == "split" or others:
            ending += others[:1] if deed == "merge" else []
            codes = [f"{unit.code[-5:]}.{i}" for i in ((1, 2) if deed == "split" else (1,))]
            change = succeed_units(
                kind=ChangeKind.SPLIT if deed == "split" else ChangeKind.MERGED,
                before=ending,
                after=[NewUnit(code, "Baru", UnitLevel.KELURAHAN) for code in codes],
                **signed,
            )
            begun = set(change.after.values_list("pk", flat=True))
        else:
            return  # nobody is left to merge with
        self.ended |= set(ending)
        if on.year == 2025:
            self.active = self.active - set(ending) | begun

    def recount(self):
        known = {pk: self.counted[pk] for pk in self.active if pk in self.counted}
        return sum(known.values()), len(self.active), len(self.active) - len(known)


class TestShares(TestCase):
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(deeds=DEEDS)
    def test_the_share_equals_a_recount_and_silence_is_never_silently_in_or_out(self, deeds):
        world = World()

        for deed, number in deeds:
            world.do(deed, number)

        city = world.district.city
        answer = TERRITORIES.answer(
            city_id=city.pk, city_slug=city.slug, year=2026, key="kla-2023/26.4"
        )
        numbers = answer.numerator, answer.denominator, len(answer.missing)
        assert numbers == world.recount()
        if answer.denominator:
            exact = Fraction(100 * answer.numerator, answer.denominator)
            assert abs(Fraction(answer.value) - exact) <= Fraction(1, 200)
