"""The regional action plan of the demonstration: fictional, thirty actions with two quarters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from actionplan.choices import FundSource, LinkKind, Reach
from actionplan.models import Action, ActionPlan
from actionplan.services.actions import ActionFacts, YearFacts, record_action, set_year
from actionplan.services.from_plans import take_steps
from actionplan.services.plans import PlanFacts, add_link, record_plan
from assessments.choices import ScoreKind
from assessments.models import Answer, Assessment, TotalScore
from cities.models import City, Opd, User
from clusters.models import Indicator
from monitoring.services.goals import set_year_goal
from monitoring.services.realisations import QuarterFacts, report_quarter
from plans.choices import Basis
from plans.services.plans import PlannedStep, save_plan
from regulations.models import Regulation

FIRST, LAST = 2024, 2030
MILLION = 1_000_000
PROMISED = 4  # actions that came from last year's way
REPORTED = (Decimal("24.5"), Decimal("46.25"), Decimal("69.5"))  # physical percent by quarter
STEP = Decimal("2.75")
GOALS = {2024: "Nindya", 2026: "Nindya", 2028: "Utama", 2030: "KLA"}


@dataclass(frozen=True, slots=True)
class Row:
    """An action; `millions` of rupiah are its ceiling a year, 0 for none; `apbn` the state's part of it."""

    indicator: str
    name: str
    opd: str
    measure: str
    unit: str
    baseline: int
    target: int
    millions: int
    reach: Reach = Reach.DIRECT
    apbn: int = 0


ROWS = (
    Row("1", "Susun Peraturan Wali Kota tentang Dana Kelurahan Layak Anak", "HUKUM",
        "Peraturan yang ditetapkan", "peraturan", 0, 1, 145, Reach.INDIRECT),
    Row("2", "Latih anggota Gugus Tugas tentang Konvensi Hak Anak", "DP3A",
        "Anggota bersertifikat", "orang", 18, 60, 320, Reach.INDIRECT),
    Row("2", "Rapat koordinasi Gugus Tugas tiap triwulan", "BAPPEDA",
        "Rapat dengan notula", "rapat", 2, 4, 96, Reach.INDIRECT),
    Row("3", "Perjanjian dengan dunia usaha ramah anak", "DP3A",
        "Perusahaan yang berkomitmen", "perusahaan", 7, 20, 110, Reach.INDIRECT),
    Row("4", "Jemput bola akta kelahiran di kelurahan", "DUKCAPIL",
        "Anak berakta kelahiran", "persen", 91, 98, 1250),
    Row("5", "Lengkapi pusat informasi sahabat anak", "PERPUS",
        "PISA terstandar", "unit", 0, 2, 430),
    Row("6", "Forum anak dalam musrenbang", "DP3A",
        "Kelurahan yang melibatkan anak", "kelurahan", 12, 34, 275),
    Row("7", "Cegah perkawinan anak lewat sekolah dan KUA", "KEMENAG",
        "Sekolah yang menyuluh", "sekolah", 9, 40, 180),
    Row("8", "Tambah konselor PUSPAGA", "DP3A", "Konselor bersertifikat", "orang", 2, 6, 365),
    Row("9", "Bina satuan PAUD HI", "DISDIK", "PAUD yang terintegrasi", "satuan", 48, 120, 890),
    Row("10", "Dampingi lembaga pengasuhan menuju standar", "DINSOS",
        "Lembaga terstandar", "lembaga", 1, 4, 210),
    Row("11", "Bangun ruang bermain ramah anak", "PERKIM", "RBRA bersertifikat", "lokasi",
        0, 2, 3750),
    Row("11", "Rute aman selamat ke sekolah", "DISHUB", "Sekolah dengan rute aman", "sekolah",
        6, 18, 1420),
    Row("12", "Rumah tunggu kelahiran dan rujukan", "DINKES",
        "Persalinan di fasilitas kesehatan", "persen", 97, 99, 640),
    Row("13", "Makanan tambahan bagi balita kurang gizi", "DINKES",
        "Balita yang mendapat", "anak", 420, 900, 5125, apbn=2000),
    Row("14", "Ruang ASI di kantor pelayanan", "DINKES", "Kantor dengan ruang ASI", "kantor",
        14, 40, 380),
    Row("15", "Puskesmas ramah anak", "DINKES", "Puskesmas terstandar", "puskesmas", 3, 9, 560),
    Row("16", "Sambungan air minum rumah tangga berpenghasilan rendah", "PUPR",
        "Rumah tersambung", "rumah", 800, 2400, 12800),
    Row("17", "Pengawasan kawasan tanpa rokok di sekolah", "SATPOLPP",
        "Sekolah yang diperiksa", "sekolah", 25, 90, 0),
    Row("18", "Kembalikan anak putus sekolah", "DISDIK", "Anak kembali bersekolah", "anak",
        60, 240, 1980),
    Row("19", "Sekolah ramah anak", "DISDIK", "Sekolah ber-SK SRA", "sekolah", 70, 55, 720),
    Row("21a", "Sosialisasi pencegahan kekerasan di kelurahan", "DP3A",
        "Kelurahan yang disosialisasi", "kelurahan", 10, 34, 240),
    Row("21b", "Pendampingan anak korban kekerasan", "UPTD_PPA", "Kasus yang didampingi", "persen",
        85, 100, 1150),
    Row("22b", "Sekolah aman bencana", "BPBD", "Sekolah yang berlatih", "sekolah", 8, 30, 460),
    Row("24a", "Diversi anak berhadapan dengan hukum", "POLRES", "Kasus yang didiversi", "persen",
        62, 80, 0),
    Row("26", "Kelurahan layak anak", "DP3A", "Kelurahan yang dicanangkan", "kelurahan",
        9, 34, 810, Reach.INDIRECT),
)  # fmt: skip
UNREPORTED = 7  # every so many an action of which the last quarter is still missing


def fill_action_plan(*, last_year: Assessment, by: User, at: datetime) -> ActionPlan:
    """Record the plan, its actions and what came of them; `last_year` is closed."""
    city = last_year.city
    basis = Regulation.objects.filter(city=city, title__startswith="Rencana Aksi Daerah").first()
    facts = PlanFacts(
        title=f"RAD KLA {FIRST}–{LAST}",
        first_year=FIRST,
        last_year=LAST,
        legal_basis=basis,
        children=58_214,
        children_source="Profil Anak Kota Contoh (peragaan)",
    )
    rad = record_plan(city=city, instrument=last_year.instrument, facts=facts, by=by, at=at)
    for kind, title in (
        (LinkKind.RPJMD, "RPJMD Kota Contoh 2021–2026, bab IV, halaman 112"),
        (LinkKind.RENJA, "Renja DP3A, program pemenuhan hak anak"),
    ):
        add_link(plan_id=rad.pk, kind=kind, title=title, address="", document_id=None, by=by, at=at)
    _add_actions(rad, city, by=by, at=at)
    _take_way(rad, last_year, by=by, at=at)
    for year, predikat in GOALS.items():
        set_year_goal(
            city=city, year=year, predikat=predikat, source="RPJMD (peragaan)", by=by, at=at
        )
    return rad


def _add_actions(rad: ActionPlan, city: City, *, by: User, at: datetime) -> None:
    opds = {one.code: one for one in Opd.objects.filter(city=city)}
    indicators = Indicator.objects.filter(cluster__instrument=rad.instrument)
    by_code = {one.code: one for one in indicators.select_related("cluster")}
    years = sorted({rad.year_near(at.year - 1), rad.year_near(at.year), rad.year_near(at.year + 1)})
    for number, row in enumerate(ROWS, 1):
        facts = ActionFacts(
            number=number,
            indicator=by_code[row.indicator],
            name=row.name,
            reach=row.reach,
            measure=row.measure,
            unit=row.unit,
            baseline=Decimal(row.baseline),
            lead=opds[row.opd],
        )
        action = record_action(plan_id=rad.pk, facts=facts, by=by, at=at)
        for year in years:
            _add_year(action, row, year, by=by, at=at)
        _report(action, number, row, rad.year_near(_reported(at)), by=by, at=at)


def _add_year(action: Action, row: Row, year: int, *, by: User, at: datetime) -> None:
    is_shared = row.reach == Reach.INDIRECT and row.millions > 0
    paid = {FundSource.APBD_KOTA: row.millions - row.apbn, FundSource.APBN: row.apbn}
    facts = YearFacts(
        target=Decimal(row.target),
        ceiling=row.millions * MILLION or None,
        source=FundSource.APBD_KOTA if row.millions else "",
        child_share=Decimal(40) if is_shared else None,
        child_reason="Sebagian kegiatan menyasar anak" if is_shared else "",
        funds={one: part * MILLION for one, part in paid.items()} if row.apbn else {},
    )
    set_year(action_id=action.pk, year=year, facts=facts, by=by, at=at)


def _reported(at: datetime) -> int:
    """The year whose first two quarters have begun."""
    return at.year if at.month > 3 else at.year - 1


def _report(action: Action, number: int, row: Row, year: int, *, by: User, at: datetime) -> None:
    """The quarters that have ended, two at least; some lag behind, and of some the last is missing."""
    year_row = action.years.filter(year=year).first()
    if year_row is None:
        return
    ended = REPORTED[: max(2, (at.month - 1) // 3)]
    shares: Sequence[Decimal] = ended if number % UNREPORTED else ended[:-1]
    for quarter, share in enumerate(shares, 1):
        physical = max(share - STEP * (number % 9) * quarter, Decimal(2) * quarter)
        facts = QuarterFacts(
            physical=physical,
            money=int(row.millions * MILLION * physical // 100),
            obstacle="Lelang terlambat" if number % 5 == 0 else "",
            follow_up="Kontrak ditandatangani bulan depan" if number % 5 == 0 else "",
        )
        report_quarter(year_id=year_row.pk, quarter=quarter, facts=facts, seen=0, by=by, at=at)


def _take_way(rad: ActionPlan, last_year: Assessment, *, by: User, at: datetime) -> None:
    """A way of the year before, and the actions that came of it."""
    answers = Answer.objects.filter(assessment=last_year).with_state().select_related("question")
    open_ones = [one for one in answers.order_by("question__position") if one.points_left > 0]
    steps = [
        PlannedStep(
            answer_id=one.pk,
            start=one.proven_points or Decimal(0),
            goal=one.question.max_points,
            effort=3,
        )
        for one in open_ones[:: max(len(open_ones) // PROMISED, 1)][:PROMISED]
    ]
    total = TotalScore.objects.get(assessment=last_year, kind=ScoreKind.EVIDENCED).points
    plan = save_plan(
        assessment_id=last_year.pk,
        name="Empat langkah pertama",
        basis=Basis.PROVEN,
        start=total,
        goal=total + sum(step.goal - step.start for step in steps),
        predikat="",
        steps=steps,
        by=by,
        at=at,
    )
    chosen = plan.steps.values_list("pk", flat=True)
    take_steps(plan_id=plan.pk, rad_id=rad.pk, chosen=set(chosen), by=by, at=at)
