"""The demonstration: a fictional city at work, and nothing invented about a real one."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from assessments.choices import AnswerState, ScoreKind, Stage, TrailEvent, Verdict
from assessments.models import (
    Answer,
    Assessment,
    Assignment,
    Award,
    Comment,
    Evidence,
    SupportingDocument,
    is_late,
)
from assessments.services.answers import import_points
from assessments.services.scores import refresh_all
from assessments.services.trail_verification import verify_year
from assessments.sheets import read_sheet
from cities.models import City, Membership, Opd, User
from cities.roles import Role
from clusters.library import packaged
from clusters.models import Agency
from kla.demo.build import build
from kla.demo.cast import EVERYBODY, OPD_STAFF
from kla.demo.year import SHEET
from meetings.models import Decision
from meetings.queries.subjects import told_decisions
from regulations.choices import Force
from regulations.models import Regulation, Relation

MONDAY = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)  # 10.00 WIB
PASSWORD = "layak-anak-2024"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration as of a Monday, loaded once for this module; gives its media folder."""
    media = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock():
        try:
            call_command("load_regions", stdout=StringIO())
            call_command("load_instrument", "kla-2023", stdout=StringIO())
            with override_settings(MEDIA_ROOT=media):
                build(password=PASSWORD, at=MONDAY)
            yield media
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def demo(loaded, media_root, settings):
    settings.MEDIA_ROOT = loaded
    return Assessment.objects.get(year=2024)


@pytest.fixture(autouse=True)
def _public_password(monkeypatch):
    monkeypatch.delenv("KLA_DEMO_PASSWORD", raising=False)


def run():
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue().splitlines()


def row_counts():
    return {model: model.objects.count() for model in apps.get_models()}


def total(assessment, kind):
    return assessment.totals.values_list("points", "predikat", "answered").get(kind=kind)


def states(assessment):
    return Counter(
        Answer.objects.filter(assessment=assessment).with_state().values_list("state", flat=True)
    )


def files_below(folder: Path):
    return sorted(path for path in folder.rglob("*") if path.is_file())


# --- The year -----------------------------------------------------------------------------------


def test_the_claim_is_the_real_sheets_total(demo):
    assert total(demo, ScoreKind.CLAIMED) == (Decimal("771.81"), "Nindya", 260)


def test_the_real_sheet_on_top_changes_no_total(demo):
    points = read_sheet(SHEET.read_bytes(), SHEET.name, packaged("kla-2023"))

    result = import_points(
        assessment=demo,
        kind=ScoreKind.CLAIMED,
        points=points,
        overwrite=False,
        by=demo.opened_by,
        at=MONDAY,
    )

    assert (result.changed, result.unchanged, result.kept) == (14, 260, ())
    assert total(demo, ScoreKind.CLAIMED) == (Decimal("771.81"), "Nindya", 274)


def test_what_is_proven_reaches_a_lower_predikat_than_the_claim(demo):
    assert total(demo, ScoreKind.EVIDENCED) == (Decimal("576.74"), "Pratama", 150)


def test_stored_scores_are_what_the_answers_add_up_to(demo):
    assert refresh_all(assessment_id=demo.pk, dry_run=True) == []


def test_no_question_is_granted_more_than_claimed(demo):
    granted = Answer.objects.exclude(granted_points=None)

    assert [a for a in granted if a.granted_points > a.claimed_points] == []
    assert any(a.granted_points < a.claimed_points for a in granted)


def test_every_state_of_an_answer_occurs(demo):
    assert sorted(states(demo)) == sorted(AnswerState.values)


def test_some_questions_are_late(demo):
    today = date(2026, 3, 2)
    answers = demo.answers.with_state().with_due_on()

    late = [a for a in answers if is_late(a.state, a.due_on, today)]

    assert {a.due_on for a in late} == {date(2026, 2, 21), date(2026, 2, 26)}
    assert demo.deadline == date(2026, 3, 26)


def test_every_question_is_held_by_an_opd(demo):
    assert Opd.objects.count() == Agency.objects.count() == 30
    assert not Answer.objects.filter(assignments=None).exists()
    leading = Assignment.objects.filter(is_lead=True, answer__assessment=demo)
    assert leading.count() == 274


def test_every_document_has_its_file(demo, loaded):
    documents = SupportingDocument.objects.all()

    assert files_below(loaded) == sorted(Path(document.file.path) for document in documents)
    assert [d for d in documents if d.file.size != d.size] == []
    assert {d.media_type for d in documents} == {"application/pdf", "image/jpeg"}


def test_documents_come_from_the_opd_that_holds_the_question_or_from_the_secretariat(demo):
    evidence = Evidence.objects.select_related("document").prefetch_related("answer__assignments")

    strangers = [
        row
        for row in evidence
        if row.document.opd_id
        and row.document.opd_id not in {a.opd_id for a in row.answer.assignments.all()}
    ]

    assert strangers == []
    hands = set(SupportingDocument.objects.values_list("uploaded_by__email", "opd__code"))
    assert hands == {
        ("gugustugas@kota-contoh.example", None),
        *((person.email, person.opd) for person in OPD_STAFF),
    }


def test_returned_documents_carry_different_reasons_and_some_were_replaced(demo):
    returned = Evidence.objects.filter(verdict=Verdict.RETURNED)

    assert returned.exclude(reason="").count() == returned.count() > 10
    assert returned.values("reason").distinct().count() > 3
    assert returned.exclude(superseded_by=None).count() == 5
    assert Comment.objects.values("by").distinct().count() > 2


def test_everything_happened_in_office_hours_before_now(demo):
    moments = [
        *demo.activities.values_list("at", flat=True),
        *Comment.objects.values_list("at", flat=True),
    ]

    local = [moment.astimezone(demo.city.zone) for moment in moments]

    assert max(local) < MONDAY
    assert [m for m in local if m.weekday() > 4 or not 8 <= m.hour < 18] == []


def test_a_document_is_decided_on_after_it_came_in(demo):
    decided = Evidence.objects.exclude(decided_at=None).select_related("document")

    assert [row for row in decided if row.decided_at <= row.offered_at] == []
    assert [row for row in decided if row.decided_by_id == row.document.uploaded_by_id] == []


# --- The city's own work --------------------------------------------------------------------------


def test_a_meeting_decided_about_a_question_an_action_a_unit_and_a_facility(demo, client):
    client.force_login(User.objects.get(email="gugustugas@kota-contoh.example"))
    member = Membership.objects.get(role=Role.GUGUS_TUGAS)
    decided = told_decisions(Decision.objects.all(), member)

    about = {one.text: (one.subject.title, one.is_done) for one in decided if one.subject}
    assert about == {
        "Menetapkan RAD KLA": ("Pertanyaan 2.4", True),  # its documents were accepted since
        "Mendahulukan kelurahan yang cakupan aktanya terendah": (
            "Aksi RAD 5. Jemput bola akta kelahiran di kelurahan",
            False,
        ),
        "Mendampingi kelurahan yang belum mengirim laporan": ("Kelurahan Bina Warga Tengah", False),
        "Memasang kunci pada ruang ASI Balai Kota": ("Balai Kota", False),
    }
    waiting = [one for one in decided if one.subject and not one.is_done]
    pages = [client.get(one.subject.url).text for one in waiting]
    assert [one.text in page for one, page in zip(waiting, pages, strict=True)] == [True] * 3


def test_one_regulation_was_amended_and_one_revoked(demo):
    day = demo.evidence_to
    register = {one.number: one for one in Regulation.objects.with_revocation().order_by("pk")}

    assert Counter(one.force_on(day) for one in register.values()) == {
        Force.IN_FORCE: 7,
        Force.REVOKED: 1,
        Force.DRAFT: 1,
    }
    told = {(one.source.number, one.kind, one.target.number) for one in Relation.objects.all()}
    assert told == {("4", "revokes", "9"), ("31", "carries_out", "4"), ("7", "amends", "12")}
    assert register["12"].force_on(day) == Force.IN_FORCE  # amended is not revoked


# --- The year before -----------------------------------------------------------------------------


@pytest.fixture
def before(demo):
    return Assessment.objects.get(year=2023)


def test_the_year_before_is_closed_and_lost_points_from_stage_to_stage(before):
    kinds = [ScoreKind.CLAIMED, ScoreKind.EM, ScoreKind.VA, ScoreKind.VL, ScoreKind.VF]

    assert before.stage == Stage.CLOSED
    assert [total(before, kind)[:2] for kind in kinds] == [
        (Decimal("728.69"), "Nindya"),
        (Decimal("728.69"), "Nindya"),
        (Decimal("595.51"), "Pratama"),
        (Decimal("634.46"), "Madya"),
        (Decimal("623.78"), "Madya"),
    ]


def test_the_award_is_what_the_last_stage_gave(before):
    award = Award.objects.get(city=before.city, year=2023)

    assert award.predikat == total(before, ScoreKind.VF)[1]


def test_the_stored_scores_of_the_year_before_add_up(before):
    assert refresh_all(assessment_id=before.pk, dry_run=True) == []


def test_the_year_before_ended_before_this_one_began(before, demo):
    # What the RAD takes over from it is planned later, on purpose.
    deeds = before.activities.exclude(deed=TrailEvent.PLAN_SAVED)
    moments = deeds.values_list("at", flat=True)

    assert max(moments) < demo.opened_at
    assert verify_year(before).broken is None


def test_documents_of_the_year_before_can_be_carried_over(before, demo, client):
    client.force_login(User.objects.get(email="gugustugas@kota-contoh.example"))

    page = client.get(reverse("assessments:documents_carry_over", args=[demo.city.slug, 2024]))

    proposed = page.context["proposed"]
    accepted = Evidence.objects.filter(answer__assessment=before, verdict=Verdict.ACCEPTED)
    assert proposed.source == before
    assert len(proposed.proposals) == accepted.count() > 50


# --- The people ---------------------------------------------------------------------------------


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.mailbox)
def test_every_account_can_sign_in(demo, client, person):
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})

    assert client.session[SESSION_KEY] == str(User.objects.get(email=person.email).pk)


def test_there_is_an_account_for_every_role(demo):
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert User.objects.filter(is_superuser=True).count() == 1


# --- Other cities -------------------------------------------------------------------------------


def test_who_has_worked_here_is_told_no_longer_what_the_role_does(demo):
    members = list(demo.city.memberships.all())

    assert len(members) > 5
    told = {member.role for member in members if member.first_steps}
    assert told == {"pimpinan", "wilayah", "forum_anak"}


def test_nothing_is_loaded_of_any_other_city(demo):
    assert set(City.objects.taking_part().values_list("code", flat=True)) == {"00.71"}
    assert list(Award.objects.values_list("city__code", "year", "predikat", "source")) == [
        ("00.71", 2023, "Madya", "data peragaan")
    ]


# --- The command --------------------------------------------------------------------------------


def test_a_second_time_changes_nothing_and_keeps_what_was_entered(demo, loaded):
    Opd.objects.filter(code="DINKES").update(name="Dinas yang Baru")
    before = row_counts(), files_below(loaded), total(demo, ScoreKind.EVIDENCED)

    lines = run()

    assert lines[0] == "Kota Contoh sudah ada, tidak ada yang berubah."
    assert (row_counts(), files_below(loaded), total(demo, ScoreKind.EVIDENCED)) == before
    assert Opd.objects.get(code="DINKES").name == "Dinas yang Baru"


def test_the_accounts_are_shown_with_role_e_mail_and_password(demo):
    rows = [line.split() for line in run()[1:]]

    assert rows[0] == ["Peran", "E-mail", "Kata", "sandi"]
    assert [row[-2:] for row in rows[1:]] == [[person.email, PASSWORD] for person in EVERYBODY]
    assert rows[-1][:2] == ["OPD", "BAPPEDA"]


def test_a_password_that_was_changed_is_not_shown(demo):
    user = User.objects.get(email="dinkes@kota-contoh.example")
    user.set_password("rahasia-yang-baru")
    user.save()

    shown = {line.split()[-3 if "(" in line else -2]: line for line in run()[2:]}

    assert shown[user.email].endswith("(sudah diganti)")
    assert shown["disdik@kota-contoh.example"].endswith(PASSWORD)


def test_an_account_that_is_closed_or_gone_is_not_shown(demo):
    User.objects.filter(email="pimpinan@kota-contoh.example").update(is_active=False)

    assert [line for line in run() if "pimpinan" in line] == []
