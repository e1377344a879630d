"""What verifiers criticise in a RAD, found before they do. Each finding is a sentence with a way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplan.choices import LinkKind
from actionplan.models import ActionPlan, ActionYear, PlanLink
from cities.models import Opd
from clusters.models import Indicator
from figures.numbers import format_points, format_rupiah
from monitoring.choices import Light
from monitoring.queries.board import Monitoring
from nomenclature.codes import look_up_in
from nomenclature.models import Nomenclature
from regulations.choices import Force
from regulations.force import force_on
from regulations.models import revocation_of


@dataclass(frozen=True, slots=True)
class Finding:
    """A thing to mend: what is wrong with its facts, and the page where it is mended."""

    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    key: str
    title: str
    findings: list[Finding]


def check_plan(board: Monitoring, *, today: date) -> list[FindingGroup]:
    """Groups with at least one finding, in the order in which they weigh.

    Four queries, where the plan comes with its legal basis.
    """
    plan = board.plan
    is_linked, revoked_on = _standing(plan)
    groups = (
        ("rpjmd", _("RAD tidak terkait RPJMD"), _unlinked(plan, is_linked)),
        ("dasar", _("Dasar hukum"), _basis(plan, revoked_on, today)),
        ("indikator", _("Indikator tanpa aksi"), _without_action(board)),
        ("anggaran", _("Aksi tanpa anggaran"), _without_budget(board)),
        ("satu-opd", _("Anggaran hanya pada satu OPD"), _one_opd(board)),
        ("target", _("Target di bawah keadaan awal"), _below(board)),
        ("triwulan", _("Triwulan belum dilaporkan"), _missing(board)),
        ("opd", _("Aksi tanpa OPD"), _without_lead(board)),
        ("kode", _("Kode nomenklatur berubah"), _codes(board)),
    )
    return [FindingGroup(key, title, found) for key, title, rows in groups if (found := list(rows))]


def _standing(plan: ActionPlan) -> tuple[bool, date | None]:
    """Whether it is tied to the RPJMD, and since when its legal basis is revoked; one query."""
    to_rpjmd = PlanLink.objects.filter(plan=OuterRef("pk"), kind=LinkKind.RPJMD)
    told = ActionPlan.objects.filter(pk=plan.pk).values_list(
        Exists(to_rpjmd), revocation_of("legal_basis")
    )
    return told.get()


def _unlinked(plan: ActionPlan, is_linked: bool) -> Iterator[Finding]:
    if not is_linked:
        sentence = _("RAD ini belum dikaitkan dengan RPJMD. Tambahkan bab dan halamannya.")
        yield Finding(sentence, f"{plan.get_absolute_url()}#kaitan")


def _basis(plan: ActionPlan, revoked_on: date | None, today: date) -> Iterator[Finding]:
    edit = reverse("actionplan:plan_edit", args=[plan.city.slug, plan.pk])
    basis = plan.legal_basis
    if basis is None:
        yield Finding(_("RAD ini belum punya dasar hukum. Pilih produk hukumnya."), edit)
    elif (force := force_on(basis, today, revoked_on=revoked_on)) != Force.IN_FORCE:
        words = _("%(basis)s: %(force)s. Pilih produk hukum yang berlaku.")
        yield Finding(words % {"basis": basis, "force": force.label}, edit)


def _without_action(board: Monitoring) -> Iterator[Finding]:
    covered = {row.action.indicator_id for row in board.rows}
    of_instrument = Indicator.objects.filter(cluster__instrument=board.plan.instrument_id)
    create = reverse("actionplan:action_create", args=[board.plan.city.slug, board.plan.pk])
    for one in of_instrument.order_by("position"):
        if one.pk not in covered:
            words = _("Indikator %(indicator)s belum punya aksi; nilainya %(points)s poin.")
            facts = {"indicator": one, "points": format_points(one.max_points)}
            yield Finding(words % facts, f"{create}?indikator={one.pk}")


def _without_budget(board: Monitoring) -> Iterator[Finding]:
    for row in board.rows:
        if row.year is not None and not row.ceiling:
            words = _("Aksi %(action)s belum punya pagu %(year)d.")
            url = reverse("actionplan:year_edit", args=_place(board, row.action.number))
            yield Finding(words % {"action": row.action, "year": board.year}, url)


def _place(board: Monitoring, number: int) -> list[object]:
    return [board.plan.city.slug, board.plan.pk, number, board.year]


def _one_opd(board: Monitoring) -> Iterator[Finding]:
    funded: dict[Opd | None, int] = {}
    for row in board.rows:
        if row.ceiling:
            funded[row.action.lead] = funded.get(row.action.lead, 0) + row.ceiling
    leads = {row.action.lead for row in board.rows}
    if len(funded) == 1 and len(leads) > 1:
        [(opd, amount)] = funded.items()
        words = _(
            "Seluruh pagu %(year)d (%(amount)s) ada pada %(opd)s, padahal %(count)d OPD punya aksi."
        )
        facts = {
            "year": board.year,
            "amount": format_rupiah(amount),
            "opd": opd or _("aksi tanpa OPD"),
            "count": len(leads),
        }
        url = reverse("actionplan:budget", args=[board.plan.city.slug, board.plan.pk, board.year])
        yield Finding(words % facts, url)


def _below(board: Monitoring) -> Iterator[Finding]:
    rows = ActionYear.objects.filter(
        action__in=[row.action.pk for row in board.rows], target__isnull=False
    )
    for one in rows.select_related("action__plan__city").order_by("action__number", "year"):
        if one.target is not None and one.action.is_below(one.target):
            words = _("Aksi %(action)s: target %(year)d %(target)s, keadaan awal %(baseline)s.")
            facts = {
                "action": one.action,
                "year": one.year,
                "target": format_points(one.target),
                "baseline": format_points(one.action.baseline),
            }
            place = [board.plan.city.slug, board.plan.pk, one.action.number, one.year]
            yield Finding(words % facts, reverse("actionplan:year_edit", args=place))


def _missing(board: Monitoring) -> Iterator[Finding]:
    """One sentence for each OPD and quarter: how many of its actions are not reported."""
    missing = Counter(
        (cell.quarter, row.action.lead)
        for row in board.rows
        for cell in row.quarters
        if cell.light == Light.MISSING
    )
    url = reverse("actionplan:monitoring", args=[board.plan.city.slug, board.plan.pk, board.year])
    for (quarter, opd), count in sorted(
        missing.items(), key=lambda one: (one[0][0], str(one[0][1]))
    ):
        words = _("%(opd)s belum melaporkan triwulan %(quarter)d untuk %(count)d aksi.")
        facts = {"opd": opd or _("Aksi tanpa OPD"), "quarter": quarter, "count": count}
        address = f"{url}?opd={opd.code}" if opd else url
        yield Finding(words % facts, address)


def _without_lead(board: Monitoring) -> Iterator[Finding]:
    for row in board.rows:
        if row.action.lead is None:
            words = _("Aksi %(action)s belum punya OPD penanggung jawab.")
            place = [board.plan.city.slug, board.plan.pk, row.action.number]
            yield Finding(
                words % {"action": row.action}, reverse("actionplan:action_edit", args=place)
            )


def _codes(board: Monitoring) -> Iterator[Finding]:
    books = Nomenclature.objects.filter(city=board.plan.city_id).books()
    for row in board.rows:
        answer = look_up_in(row.action.code, books, year=board.year)
        if answer.is_gone:
            words = _("Kode %(code)s pada aksi %(action)s: %(change)s")
            facts = {"code": row.action.code, "action": row.action, "change": answer.change}
            yield Finding(words % facts, row.action.get_absolute_url())
