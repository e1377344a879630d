"""The Gugus Tugas of the demonstration: a fictional decree, two meetings, six commitments.

What the first meeting decided is about a question, an action of the RAD, a kelurahan that has not
reported and an office with a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from actionplan.models import ActionPlan
from assessments.models import Assessment
from cities.models import City, User
from facilities.models import Facility
from kla.demo.diary import Diary
from meetings.choices import MeetingKind
from meetings.services.attendances import AttendanceFacts, record_attendance
from meetings.services.decisions import DecisionFacts, add_decision, settle_decision
from meetings.services.meetings import MeetingFacts, close_meeting, record_meeting, save_minutes
from monitoring.decision_subject import ACTIONS
from taskforce.choices import CommitmentState, Element, Field, Sector, TaskForceRole
from taskforce.models import Decree, TaskForceMember
from taskforce.services.commitments import CommitmentFacts, record_commitment
from taskforce.services.decrees import (
    CertificateFacts,
    DecreeFacts,
    MemberFacts,
    add_certificate,
    add_member,
    record_decree,
    replace_official,
)

ROLE, UNSUR = TaskForceRole, Element
BEGAN = date(2023, 1, 9)
TRAINED = date(2023, 6, 14)
HELD, RECORDED = 15, 20  # working days before today
COMING = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Seat:
    """A post of the decree; `opd` is a code of the cast."""

    post: str
    institution: str
    name: str
    element: Element
    role: TaskForceRole
    field: str = ""
    opd: str = ""
    is_trained: bool = False


SEATS = (
    Seat("Wakil Wali Kota", "Pemerintah Kota", "Sri Contoh", UNSUR.GOVERNMENT, ROLE.CHAIR),
    Seat(
        "Kepala Dinas", "DP3A", "Ratna Peraga", UNSUR.GOVERNMENT, ROLE.SECRETARY, "", "DP3A", True
    ),
    Seat(
        "Kepala Badan", "Bappeda", "Bambang Contoh", UNSUR.GOVERNMENT, ROLE.COORDINATOR,
        Field.INSTITUTION, "BAPPEDA", True,
    ),
    Seat(
        "Kepala Dinas", "Dinas Kependudukan", "Dewi Peraga", UNSUR.GOVERNMENT, ROLE.COORDINATOR,
        Field.CIVIL_RIGHTS, "DUKCAPIL", True,
    ),
    Seat(
        "Kepala Dinas", "Dinas Sosial", "Hendra Contoh", UNSUR.GOVERNMENT, ROLE.COORDINATOR,
        Field.FAMILY, "DINSOS",
    ),
    Seat(
        "Kepala Dinas", "Dinas Kesehatan", "Lestari Contoh", UNSUR.GOVERNMENT, ROLE.COORDINATOR,
        Field.HEALTH, "DINKES", True,
    ),
    Seat(
        "Kepala Dinas", "Dinas Pendidikan", "Agus Peraga", UNSUR.GOVERNMENT, ROLE.COORDINATOR,
        Field.EDUCATION, "DISDIK",
    ),
    Seat(
        "Kepala Unit PPA", "Polres", "Maria Contoh", UNSUR.LAW_ENFORCEMENT, ROLE.COORDINATOR,
        Field.PROTECTION, "POLRES", True,
    ),
    Seat("Ketua Komisi IV", "DPRD", "Yusuf Peraga", UNSUR.LEGISLATIVE, ROLE.MEMBER),
    Seat("Ketua", "PKK Kota", "Ani Contoh", UNSUR.COMMUNITY, ROLE.MEMBER, "", "", True),
    Seat("Ketua", "Asosiasi Perusahaan Sahabat Anak", "", UNSUR.BUSINESS, ROLE.MEMBER),
    Seat("Ketua", "Forum Anak", "Perwakilan Forum Anak", UNSUR.CHILDREN, ROLE.MEMBER),
)  # fmt: skip

COMMITMENTS = (
    (Sector.MAYOR, "Wali Kota", "Menetapkan RAD KLA dan anggarannya dalam APBD Perubahan", 60),
    (Sector.LEGISLATIVE, "DPRD", "Membahas Raperda Penyelenggaraan KLA pada masa sidang ini", 90),
    (Sector.LAW_ENFORCEMENT, "Polres", "Membuka ruang pemeriksaan ramah anak di Unit PPA", 20),
    (Sector.COMMUNITY, "PKK Kota", "Melatih kader PATBM di setiap kelurahan", -12),
    (Sector.BUSINESS, "Asosiasi Perusahaan Sahabat Anak", "Menyediakan ruang laktasi", 45),
    (Sector.MEDIA, "Persatuan Wartawan Kota", "Menerbitkan rubrik anak setiap pekan", 30),
)

MINUTES = """Wakil Wali Kota membuka rapat dan meminta setiap OPD menyebutkan kendalanya.
Bappeda memaparkan rancangan RAD KLA; bagian klaster IV belum lengkap.
Dinas Sosial menyampaikan dokumen klaster II masih menunggu tanda tangan.
Forum Anak meminta jalan menuju sekolah diperiksa bersama."""


def fill_taskforce(year: Assessment, rad: ActionPlan, *, by: User, at: datetime) -> None:
    """Record it all as the secretariat would have; no answer is touched."""
    city, diary = year.city, Diary(at, year.city.zone)
    decree = _decree(city, by=by, at=diary.moment(RECORDED, 0))
    _held(year, rad, decree, by=by, diary=diary)
    _coming(city, by=by, at=at)
    _commitments(city, by=by, at=at)


def _decree(city: City, *, by: User, at: datetime) -> Decree:
    facts = DecreeFacts(
        "463/21/2023", date(2023, 1, 5), BEGAN, date(2027, 12, 31), "Wali Kota Contoh"
    )
    decree = record_decree(city=city, facts=facts, copy_from=None, by=by, at=at)
    opds = {opd.code: opd for opd in city.opds.all()}
    seated: dict[str, TaskForceMember] = {}
    for seat in SEATS:
        seated[seat.institution] = add_member(
            decree=decree,
            facts=MemberFacts(
                post=seat.post,
                institution=seat.institution,
                element=seat.element,
                role=seat.role,
                since=BEGAN,
                field=seat.field,
                opd=opds.get(seat.opd),
                name=seat.name,
            ),
            by=by,
            at=at,
        )
        if seat.is_trained:
            trained = CertificateFacts("Pelatihan Konvensi Hak Anak", TRAINED, "KHA/23/112")
            add_certificate(member=seated[seat.institution], facts=trained, by=by, at=at)
    moved = seated["Dinas Pendidikan"]
    replace_official(member=moved, name="Nur Contoh", on=date(2025, 2, 3), by=by, at=at)
    return decree


def _held(year: Assessment, rad: ActionPlan, decree: Decree, *, by: User, diary: Diary) -> None:
    city, start = year.city, diary.moment(HELD, 0)
    facts = MeetingFacts(
        kind=MeetingKind.COORDINATION,
        title="Rapat koordinasi Gugus Tugas: kelengkapan dokumen",
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        place="Ruang rapat Sekretariat Daerah",
        chair="Wakil Wali Kota",
        letter_number="005/318/DP3A",
        invited="\n".join(f"{seat.post}, {seat.institution}" for seat in SEATS),
        agenda="Kelengkapan dokumen setiap klaster\nRancangan RAD KLA",
    )
    meeting = record_meeting(city=city, facts=facts, by=by, at=start - timedelta(days=5))
    for seat in SEATS[:9]:
        there = AttendanceFacts(seat.name, seat.institution, seat.post)
        record_attendance(meeting=meeting, facts=there, by=by, at=start)
    ended = start + timedelta(hours=3)
    meeting = save_minutes(meeting=meeting, text=MINUTES, seen=0, by=by, at=ended)
    opds = {opd.code: opd for opd in city.opds.all()}
    due, today = start.date(), diary.moment(0, 0).date()
    decided = (
        ("Melengkapi bagian klaster IV dalam RAD KLA", "DISDIK", due + timedelta(days=10)),
        ("Menyerahkan dokumen klaster II yang sudah ditandatangani", "DINSOS", due),
        ("Menjadwalkan pelatihan KHA bagi anggota baru", "DP3A", today + timedelta(days=21)),
    )
    for text, opd, day in decided:
        decision = DecisionFacts(text, owner_opd=opds[opd], due_on=day)
        add_decision(meeting=meeting, facts=decision, by=by, at=ended)
    chair = decree.members.get(role=ROLE.CHAIR)
    answer = year.answers.get(question__code="2.4")
    last = DecisionFacts("Menetapkan RAD KLA", None, chair, today + timedelta(days=40), answer)
    for one in (last, *_about_things(city, rad, today)):
        add_decision(meeting=meeting, facts=one, by=by, at=ended)
    meeting = close_meeting(meeting=meeting, seen=meeting.revision, by=by, at=ended)
    done = meeting.decisions.get(text=decided[0][0])
    note = "Bagian klaster IV sudah dilengkapi dan dikirim ke Bappeda."
    settle_decision(decision=done, note=note, address="", by=by, at=ended + timedelta(days=6))


def _about_things(city: City, rad: ActionPlan, today: date) -> Iterator[DecisionFacts]:
    """Of an action, a unit and a facility; none of them has done yet what closes the decision."""
    action = rad.actions.get(name__startswith="Jemput bola akta kelahiran")
    yield DecisionFacts(
        "Mendahulukan kelurahan yang cakupan aktanya terendah",
        owner_opd=action.lead,
        due_on=today + timedelta(days=30),
        subject_kind=ACTIONS.kind,
        subject_id=action.pk,
    )
    yield DecisionFacts(
        "Mendampingi kelurahan yang belum mengirim laporan",
        owner_opd=city.opds.get(code="DP3A"),
        due_on=today + timedelta(days=12),
        unit=city.units.filter(parent__isnull=False, reports=None).order_by("code").first(),
    )
    office = Facility.objects.get(city=city, name="Balai Kota")
    yield DecisionFacts(
        "Memasang kunci pada ruang ASI Balai Kota",
        owner_opd=office.opd,
        due_on=today + timedelta(days=14),
        facility=office,
    )


def _coming(city: City, *, by: User, at: datetime) -> None:
    facts = MeetingFacts(
        kind=MeetingKind.COORDINATION,
        title="Rapat koordinasi Gugus Tugas: persiapan verifikasi",
        starts_at=(at + COMING).replace(hour=2, minute=0, second=0, microsecond=0),
        place="Aula Dinas P3A",
        chair="Wakil Wali Kota",
        agenda="Tindak lanjut rapat sebelumnya\nPersiapan verifikasi lapangan",
    )
    record_meeting(city=city, facts=facts, by=by, at=at)


def _commitments(city: City, *, by: User, at: datetime) -> None:
    today = at.astimezone(city.zone).date()
    for sector, party, text, days in COMMITMENTS:
        is_past = days < 0
        facts = CommitmentFacts(
            sector=sector,
            party=party,
            text=text,
            made_on=today - timedelta(days=40),
            signatory=f"Pimpinan {party}",
            due_on=today + timedelta(days=days),
            occasion="Rapat koordinasi Gugus Tugas",
            state=CommitmentState.KEPT if is_past else CommitmentState.RUNNING,
            outcome="Kader di setiap kelurahan sudah dilatih." if is_past else "",
        )
        record_commitment(city=city, facts=facts, by=by, at=at)
