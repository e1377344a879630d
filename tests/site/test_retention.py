"""What is no longer kept: listed first, removed by rule, told in the trail, and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessments.choices import NotificationKind, Stage, TrailEvent
from assessments.models import Activity, Evidence, Notification, Rendition, SupportingDocument
from assessments.models.rendition import RenditionState
from assessments.services.renditions import make_pending, make_rendition, plan_again
from assessments.services.retention import (
    closed_by,
    documents_until,
    remove_documents,
    remove_notices,
    remove_renditions,
)
from cities.models import CityActivity, CityTrailEvent, Invitation, User
from cities.services.accounts import set_account_active
from cities.services.retention import anonymise_account, closed_accounts, remove_invitations
from tests.assessments import corpus
from tests.assessments.situations import (
    NOW,
    checked,
    everything,
    hand_in,
    secretary_of,
    set_stage,
    staff_of,
    stored_files,
    working_year,
)
from tests.factories.assessments import answer_of
from tests.factories.cities import InvitationFactory, MembershipFactory, SiteAdminFactory
from tests.factories.public import PublicMessageFactory

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=6 * 366)


@pytest.fixture
def admin():
    return SiteAdminFactory()


@pytest.fixture
def paper():
    """A document with its preview, of a year that is open."""
    year = working_year()
    staff = staff_of(year, "DISDIK")
    [evidence] = hand_in(answer_of(year, "1.2"), by=staff.user, files=[checked(corpus.pdf())])
    make_rendition(evidence.document_id, at=NOW)
    return evidence


def close(year, at):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=at)


def removed(year):
    lines = Activity.objects.filter(assessment=year, deed=TrailEvent.DATA_REMOVED)
    return list(lines.order_by("position").values_list("detail", flat=True))


def notice(user, year, at):
    return Notification.objects.create(
        user=user,
        kind=NotificationKind.RETURNED,
        assessment=year,
        text="Dokumen dikembalikan",
        url="/",
        key=str(at),
        created_at=at,
    )


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Files go once the transaction is done, which in these tests is told by this."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def retention(*options):
    out = StringIO()
    call_command("apply_retention", *options, stdout=out)
    return out.getvalue()


# --- A year -----------------------------------------------------------------------------------


def test_a_year_counts_from_when_it_was_last_closed(paper, admin):
    year = paper.answer.assessment
    assert list(closed_by(NOW)) == []
    close(year, NOW)
    assert list(closed_by(NOW - timedelta(seconds=1))) == []
    assert list(closed_by(NOW)) == [year]
    set_stage(assessment_id=year.pk, stage=Stage.FINAL, at=NOW)
    assert list(closed_by(NOW)) == []
    close(year, NOW + timedelta(days=1))
    assert list(closed_by(NOW)) == []


def test_what_pages_show_of_a_long_closed_year_goes_and_the_original_stays(paper, admin, committed):
    year = paper.answer.assessment
    close(year, NOW)

    with committed():
        assert remove_renditions(until=NOW, by=admin, at=NOW) == 1

    row = Rendition.objects.get()
    assert (row.state, row.file.name) == (RenditionState.REMOVED, "")
    assert stored_files() == [SupportingDocument.objects.get().file.name]
    assert removed(year) == ["1 pratinjau"]
    assert (make_pending(at=NOW), plan_again(everything=True)) == (0, 0)  # it does not come back
    assert remove_renditions(until=NOW, by=admin, at=NOW) == 0
    assert removed(year) == ["1 pratinjau"]


def test_files_go_and_their_facts_verdicts_and_checks_stay(paper, admin, committed):
    year = paper.answer.assessment
    close(year, NOW)
    before = SupportingDocument.objects.get()

    with committed():
        assert remove_documents(until=NOW, by=admin, at=NOW) == 1

    after = SupportingDocument.objects.get()
    assert (after.file.name, after.removed_at) == ("", NOW)
    assert (after.title, after.sha256, after.size) == (before.title, before.sha256, before.size)
    assert stored_files() == []
    assert Evidence.objects.filter(pk=paper.pk).exists()
    assert removed(year) == [before.title]
    assert list(documents_until(NOW)) == []


def test_a_document_that_a_younger_year_uses_stays(paper, admin):
    year = paper.answer.assessment
    later = working_year(city=year.city, year=year.year + 1)
    kind = answer_of(later, "1.2").question.evidence_kinds.first()
    Evidence.objects.create(
        answer=answer_of(later, "1.2"),
        document=paper.document,
        kind=kind,
        offered_at=NOW,
        offered_by=paper.offered_by,
    )
    close(year, NOW)

    assert remove_documents(until=NOW, by=admin, at=NOW) == 0
    assert remove_renditions(until=NOW, by=admin, at=NOW) == 0
    assert len(stored_files()) == 2


def test_old_notifications_go_and_younger_ones_stay(paper, admin):
    year, user = paper.answer.assessment, paper.offered_by
    notice(user, year, NOW)
    young = notice(user, year, NOW + timedelta(seconds=1))

    assert remove_notices(until=NOW, by=admin, at=NOW) == 1

    assert list(Notification.objects.filter(user=user, text="Dokumen dikembalikan")) == [young]
    assert removed(year) == ["1 pemberitahuan"]


# --- People -----------------------------------------------------------------------------------


def closed_account(admin, at=NOW):
    member = MembershipFactory(
        gugus_tugas=True, user__name="Sari Dewi", user__email="sari@kota.go.id"
    )
    set_account_active(user=member.user, is_active=False, by=admin, at=at)
    return User.objects.get(pk=member.user_id), member.city


def test_a_closed_account_loses_name_address_and_everything_personal(admin):
    user, city = closed_account(admin)

    assert closed_accounts(NOW - timedelta(seconds=1)) == []
    assert closed_accounts(NOW) == [user]
    anonymise_account(user=user, by=admin, at=NOW)

    user.refresh_from_db()
    assert (user.name, user.email) == (
        f"Akun yang dihapus {user.pk}",
        f"akun-{user.pk}@dihapus.invalid",
    )
    assert not user.memberships.exists()
    assert not user.has_usable_password()
    assert closed_accounts(NOW) == []
    line = CityActivity.objects.filter(deed=CityTrailEvent.ACCOUNT_ANONYMISED).get()
    assert (line.city, line.target) == (city, user.name)


def test_what_it_did_stays_in_a_trail_whose_hashes_still_fit(paper, admin):
    user = paper.offered_by
    set_account_active(user=user, is_active=False, by=admin, at=NOW)

    anonymise_account(user=User.objects.get(pk=user.pk), by=admin, at=NOW)

    lines = Activity.objects.filter(by=user)
    assert lines.exists()
    for line in [*Activity.objects.all(), *CityActivity.objects.all()]:
        assert line.compute_hash() == line.hash


def test_an_account_opened_again_or_still_open_is_left_alone(admin):
    user, _city = closed_account(admin)
    set_account_active(user=user, is_active=True, by=admin, at=NOW)

    assert closed_accounts(NOW) == []
    with pytest.raises(ValidationError) as refusal:
        anonymise_account(user=user, by=admin, at=NOW)
    assert refusal.value.code == "open"
    assert User.objects.get(pk=user.pk).name == "Sari Dewi"


def test_settled_invitations_go_and_open_ones_stay(admin):
    InvitationFactory(expires_at=NOW)
    open_one = InvitationFactory(expires_at=NOW + timedelta(seconds=1))

    assert remove_invitations(until=NOW, by=admin, at=NOW) == 1

    assert list(Invitation.objects.all()) == [open_one]
    line = CityActivity.objects.get(deed=CityTrailEvent.DATA_REMOVED)
    assert line.target == "1 undangan"


@pytest.mark.parametrize(
    "deed", [remove_renditions, remove_documents, remove_notices, remove_invitations]
)
def test_only_a_site_administrator_removes(paper, deed):
    close(paper.answer.assessment, NOW)
    before = everything()

    with pytest.raises(PermissionDenied):
        deed(until=NOW, by=secretary_of(paper.answer), at=NOW)

    assert everything() == before


# --- The command ------------------------------------------------------------------------------


@pytest.fixture
def lived_in(paper, admin):
    """Something for every rule that is on."""
    past = timezone.now() - LONG_AGO
    year = paper.answer.assessment
    close(year, past)
    notice(paper.offered_by, year, past)
    InvitationFactory(expires_at=past, city=year.city)
    PublicMessageFactory(city=year.city, on=past.date(), text="Rahasia keluarga kami")
    closed_account(admin, at=past)
    return year


def test_a_dry_run_lists_everything_and_changes_nothing(lived_in):
    before = everything(), list(User.objects.values()), list(Invitation.objects.values())

    told = retention("--dry-run")

    assert before == (everything(), list(User.objects.values()), list(Invitation.objects.values()))
    for line in ("pemberitahuan: ", "undangan: 1,", "akun: 1,", "pratinjau: 1,", "pesan warga: 1,"):
        assert line in told
    assert "Rahasia" not in told
    assert "sari@kota.go.id" in told
    assert "berkas dokumen: disimpan terus" in told
    assert "nama pada daftar hadir rapat: disimpan terus" in told
    assert "dihapus:" not in told


def test_it_removes_what_the_dry_run_listed_once(lived_in, admin, committed):
    listed = retention("--dry-run").splitlines()

    with committed():
        told = retention("--by", admin.email)

    assert [line for line in told.splitlines() if "dihapus:" not in line] == listed
    assert not User.objects.filter(email="sari@kota.go.id").exists()
    again = retention("--dry-run")
    for line in (
        "pemberitahuan: 0,",
        "undangan: 0,",
        "akun: 0,",
        "pratinjau: 0,",
        "pesan warga: 0,",
    ):
        assert line in again
    assert len(stored_files()) == 1  # the original: its rule is off


def test_files_of_documents_go_only_where_the_installation_says_so(
    lived_in, admin, settings, committed
):
    settings.KLA_RETENTION = settings.KLA_RETENTION | {"documents": "5"}

    with committed():
        assert "berkas dokumen: 1," in retention("--by", admin.email)

    assert stored_files() == []


@pytest.mark.parametrize("options", [(), ("--by", "siapa@example.org")])
def test_without_an_administrator_nothing_is_removed(lived_in, options):
    before = everything()

    with pytest.raises(CommandError, match="administrator situs"):
        retention(*options)

    assert everything() == before


@pytest.mark.parametrize("years", ["0", "-1", "lima"])
def test_a_rule_that_makes_no_sense_is_refused(settings, years):
    settings.KLA_RETENTION = settings.KLA_RETENTION | {"notices": years}

    with pytest.raises(CommandError, match="KLA_KEEP_NOTICES_YEARS"):
        retention("--dry-run")
