"""With a scanner, nobody opens a file that was not found clean, by whatever way."""

import io
import logging
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from assessments import jobs as years
from assessments import scanner
from assessments.choices import AnswerState, NotificationKind, ScanState, TrailEvent, Verdict
from assessments.models import Activity, Answer, Evidence, Notification, SupportingDocument
from assessments.models.rendition import RenditionState
from assessments.packaging.index import HTML, MANIFEST
from assessments.queries.overview import backlog
from assessments.queries.question import question_page_of
from assessments.services.attachments import take_attachment
from assessments.services.carry_over import Pick, carry_over
from assessments.services.creation import open_assessment
from assessments.services.documents import DocumentFacts, withdraw_evidence
from assessments.services.links import LinkFacts, offer_link
from assessments.services.marked_copies import is_marked_for
from assessments.services.offers import offer_document
from assessments.services.renditions import make_pending, make_rendition, preview_text
from assessments.services.review import accept_evidence, return_evidence
from assessments.services.scanning import Outcome, scan_document, scan_waiting, waiting_since
from jobs.models import Job
from jobs.running import carry_out
from kla.schedule import SCHEDULE
from tests.assessments import corpus
from tests.assessments.clamd_server import EVIL, SIGNATURE, clamd
from tests.assessments.situations import (
    NOW,
    admin_of,
    checked,
    hand_in,
    later,
    refused,
    reviewer_of,
    staff_of,
    stored_files,
)
from tests.at_once import at_once
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db

ROLES = ("gugus_tugas", "verifikator", "pimpinan", "pendamping", "admin_kota")
WAITS = "Berkas ini menunggu pemindaian virus."
REFUSED = f"Pemindai virus menolak berkas ini ({SIGNATURE})"
WORDS = b"Rahasia yang tidak boleh keluar"


@pytest.fixture
def daemon(settings):
    """A scanner that the site knows; its path is short, as sockets need it."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        settings.CLAMAV_SOCKET = f"{folder}/clamd.ctl"
        with clamd(settings.CLAMAV_SOCKET) as server:
            yield server


@pytest.fixture
def nobody_there(settings, tmp_path):
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody.ctl")


def text(content=WORDS, name="catatan.txt"):
    return checked(content, name, "text/plain")


def handed_in(answer, staff, content=WORDS, **said):
    [evidence] = hand_in(answer, by=staff.user, files=[text(content)], title="Catatan", **said)
    return evidence


def scanned(evidence, minutes=1):
    return scan_document(evidence.document_id, at=later(minutes))


def state(evidence):
    return SupportingDocument.objects.get(pk=evidence.document_id).scan_state


def infect(evidence):
    SupportingDocument.objects.filter(pk=evidence.document_id).update(
        scan_state=ScanState.INFECTED, scan_finding=SIGNATURE
    )


def shut(evidence, how):
    """The document in either quarantine, as if made before with everything it once had."""
    SupportingDocument.objects.filter(pk=evidence.document_id).update(
        scan_state=how, scan_finding=SIGNATURE if how == ScanState.INFECTED else ""
    )


def url(name, evidence):
    city = evidence.answer.assessment.city
    return reverse(f"assessments:{name}", args=[city.slug, evidence.document_id])


def year_url(name, assessment, *more):
    return reverse(f"assessments:{name}", args=[assessment.city.slug, assessment.year, *more])


def get(client, member, address):
    client.force_login(member.user)
    response = client.get(address)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, content


def people(year):
    members = {role: MembershipFactory(**{role: True}, city=year.city) for role in ROLES}
    return members | {"own": staff_of(year, "DISDIK"), "supporting": staff_of(year, "DP3A")}


quarantines = pytest.mark.parametrize("how", [ScanState.WAITING, ScanState.INFECTED])


@pytest.fixture
def made(settings, answer, staff):
    """A document of before the scanner, with a preview that anybody could look at."""
    evidence = handed_in(answer, staff)
    assert make_rendition(evidence.document_id, at=later()) == RenditionState.READY
    settings.CLAMAV_SOCKET = "/run/clamav/clamd.ctl"
    return Evidence.objects.select_related("document__rendition").get(pk=evidence.pk)


# --- The client -------------------------------------------------------------------------------


def test_a_clean_file_and_an_infected_one_are_told_apart(daemon):
    assert scanner.scan(io.BytesIO(b"bersih" * 1000)) == ""
    assert scanner.scan(io.BytesIO(b"." * 3000 + EVIL)) == SIGNATURE
    assert daemon.seen == [b"bersih" * 1000, b"." * 3000 + EVIL]


@pytest.mark.parametrize("mood", ["garbled", "error"])
def test_what_is_not_clearly_clean_is_no_answer(daemon, mood):
    daemon.mood = mood

    with pytest.raises(scanner.ScannerError) as refusal:
        scanner.scan(io.BytesIO(b"bersih"))

    assert not isinstance(refusal.value, scanner.ScannerAwayError)


def test_a_daemon_that_says_nothing_is_not_waited_for(daemon, settings):
    daemon.mood, settings.CLAMAV_SECONDS = "silent", 0.2

    with pytest.raises(scanner.ScannerAwayError):
        scanner.scan(io.BytesIO(b"bersih"))


def test_a_file_above_the_limit_of_the_daemon_is_not_waved_through(daemon):
    daemon.most = 2000

    with pytest.raises(scanner.ScannerError):
        scanner.scan(io.BytesIO(b"b" * 1_000_000))


def test_a_daemon_that_is_not_there_is_away(nobody_there):
    with pytest.raises(scanner.ScannerAwayError):
        scanner.scan(io.BytesIO(b"bersih"))


@pytest.mark.parametrize(
    ("host", "port"), [("clamav", 3310), ("127.0.0.1:3311", 3311)], ids=["usual", "named"]
)
def test_a_daemon_over_the_network_has_a_host_and_a_port(settings, host, port):
    settings.CLAMAV_HOST = host

    daemon = scanner._daemon()

    assert scanner.is_set_up()
    assert (daemon.host, daemon.port) == (host.partition(":")[0], port)


# --- Without the setting ----------------------------------------------------------------------


def test_without_a_scanner_nothing_is_any_different(client, answer, staff):
    evidence = handed_in(answer, staff)

    assert state(evidence) == ""
    assert get(client, staff, url("document_download", evidence)) == (200, WORDS)
    assert WAITS not in get(client, staff, answer.get_absolute_url())[1].decode()
    assert list(Evidence.objects.waiting()) == [evidence]
    call_command("scan_documents")
    assert state(evidence) == ""


def test_a_link_without_a_copy_has_nothing_to_scan(daemon, answer, staff):
    link = LinkFacts("https://kota.example/berita", NOW.date(), "Pelantikan")

    evidence = offer_link(
        answer_id=answer.pk,
        link=link,
        copy=None,
        kind=answer.question.evidence_kinds.first(),
        said=DocumentFacts(),
        opd=staff.opd,
        by=staff.user,
        at=NOW,
    )

    assert state(evidence) == ""


# --- From waiting to clean --------------------------------------------------------------------


def test_a_new_document_waits_and_opens_once_it_is_clean(client, daemon, answer, staff):
    evidence = handed_in(answer, staff)

    assert state(evidence) == ScanState.WAITING
    assert get(client, staff, url("document_download", evidence))[0] == 403
    page = get(client, staff, answer.get_absolute_url())[1].decode()
    assert WAITS in page
    assert "Menunggu pemindaian" in page

    assert scanned(evidence) == Outcome.CLEAN
    assert state(evidence) == ScanState.CLEAN
    assert daemon.seen == [WORDS]
    assert get(client, staff, url("document_download", evidence)) == (200, WORDS)
    assert WAITS not in get(client, staff, answer.get_absolute_url())[1].decode()


def test_whoever_hands_in_reads_what_it_waits_for(client, daemon, answer, staff):
    client.force_login(staff.user)
    kind = answer.question.evidence_kinds.first()

    response = client.post(
        year_url("document_upload", answer.assessment, answer.question.code),
        {"file": SimpleUploadedFile("surat.pdf", corpus.pdf()), "kind": kind.code},
        follow=True,
    )

    assert "1 dokumen tersimpan, menunggu pemindaian virus, lalu pemeriksaan." in response.text
    assert WAITS in response.text


def test_it_is_no_work_for_reviewers_until_it_is_clean(daemon, year, answer, staff, reviewer):
    evidence = handed_in(answer, staff)
    today = NOW.date()

    assert (list(Evidence.objects.waiting()), backlog(year, today=today).total) == ([], 0)
    assert not Evidence.objects.select_related("document").get().is_waiting
    for deed in (
        lambda: accept_evidence(
            evidence_id=evidence.pk, granted_points=1, by=reviewer.user, at=later()
        ),
        lambda: return_evidence(
            evidence_id=evidence.pk, reason="Buram", by=reviewer.user, at=later()
        ),
    ):
        with refused("unscanned"):
            deed()

    scanned(evidence)
    assert (list(Evidence.objects.waiting()), backlog(year, today=today).total) == ([evidence], 1)
    assert Evidence.objects.select_related("document").get().is_waiting


def test_the_opd_has_done_its_part_while_it_waits(daemon, answer, staff):
    handed_in(answer, staff)

    assert Answer.objects.with_state().get(pk=answer.pk).state == AnswerState.WAITING


def test_no_preview_is_made_of_what_was_not_scanned(daemon, answer, staff):
    evidence = handed_in(answer, staff)

    assert make_rendition(evidence.document_id, at=later()) is None
    assert make_pending(at=later()) == 0
    scanned(evidence)
    assert make_rendition(evidence.document_id, at=later(2)) == RenditionState.READY


def test_a_worker_is_asked_to_scan_and_then_for_the_preview(daemon, answer, staff):
    evidence = handed_in(answer, staff)
    key = str(evidence.document_id)

    assert [job.key for job in Job.objects.all()] == [f"assessments.jobs.scan_document:{key}"]
    carry_out(f"assessments.jobs.scan_document:{key}", now=later)
    assert state(evidence) == ScanState.CLEAN
    assert Job.objects.filter(key=f"assessments.jobs.make_rendition:{key}").exists()


def test_by_the_clock_what_was_left_is_scanned(daemon, answer, staff):
    evidence = handed_in(answer, staff)

    years.scan_waiting.function(now=later)

    assert state(evidence) == ScanState.CLEAN
    assert [entry.interval for entry in SCHEDULE if entry.kind == years.scan_waiting] == [
        timedelta(minutes=10)
    ]


def test_by_the_clock_nothing_is_tried_without_a_scanner(settings, daemon, answer, staff):
    evidence = handed_in(answer, staff)
    settings.CLAMAV_SOCKET = ""

    years.scan_waiting.function(now=later)

    assert state(evidence) == ScanState.WAITING


# --- No way out -------------------------------------------------------------------------------


@quarantines
@pytest.mark.parametrize("page", ["document_view", "document_download"])
def test_nobody_opens_it_in_any_role(client, made, year, how, page):
    shut(made, how)

    answers = {who: get(client, member, url(page, made)) for who, member in people(year).items()}

    assert {status for status, _content in answers.values()} == {403}
    said = WAITS if how == ScanState.WAITING else REFUSED
    assert all(said in content.decode() for _status, content in answers.values())
    assert not any(WORDS in content for _status, content in answers.values())


@quarantines
def test_the_gate_lets_nobody_through(made, year, how):
    shut(made, how)
    document = SupportingDocument.objects.get()

    for member in people(year).values():
        for in_bulk in (True, False):
            assert not SupportingDocument.objects.openable_by(member, in_bulk=in_bulk).exists()
            assert SupportingDocument.objects.openable_keys([document], member) == set()
        assert not SupportingDocument.objects.readable_by(member).exists()
        assert not SupportingDocument.objects.offerable_by(member).exists()


@quarantines
def test_the_page_of_a_decision_shows_nothing_of_it(client, made, year, how):
    shut(made, how)
    reviewer = reviewer_of(year)
    assert preview_text(made.document, at=later())  # what the page would show

    page = get(client, reviewer, year_url("evidence_review", year, made.pk))[1]

    assert WORDS not in page
    assert "Unduh berkas asli" not in page.decode()
    assert 'name="verdict"' not in page.decode()


@quarantines
def test_a_package_names_it_and_leaves_it_out(client, made, year, how):
    shut(made, how)

    _status, content = get(client, people(year)["gugus_tugas"], year_url("package_download", year))

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        texts = {name: package.read(name) for name in package.namelist()}
        manifest = package.read(MANIFEST).decode()
    assert not any(WORDS in text for text in texts.values())
    assert '"trouble": "quarantined"' in manifest
    assert "belum dipindai, atau ditolak pemindai virus" in texts[HTML].decode()
    assert "catatan.txt" not in manifest


@quarantines
def test_no_marked_copy_of_a_sensitive_one_goes_out(client, made, year, how):
    SupportingDocument.objects.update(sensitivity="child")
    shut(made, how)
    member = people(year)["gugus_tugas"]
    document = SupportingDocument.objects.select_related("rendition").get()
    assert is_marked_for(document, member)

    assert get(client, member, url("document_download", made))[0] == 403
    assert not Activity.objects.filter(deed=TrailEvent.SENSITIVE_OPENED).exists()


@quarantines
def test_nothing_is_taken_out_of_it(made, staff, how):
    made.document.rendition.attachments = ["lampiran.pdf"]
    made.document.rendition.save(update_fields=["attachments"])
    shut(made, how)
    files = stored_files()

    with pytest.raises(PermissionDenied):
        take_attachment(evidence_id=made.pk, position=0, opd=None, by=staff.user, at=later())

    assert stored_files() == files


@quarantines
def test_it_is_not_carried_into_the_next_year(client, made, year, staff, how):
    accept_evidence(evidence_id=made.pk, granted_points=1, by=reviewer_of(year).user, at=later())
    following = open_assessment(
        city=year.city,
        instrument=year.instrument,
        year=year.year + 1,
        target=None,
        deadline=None,
        by=admin_of(year),
        at=later(),
    )
    shut(made, how)
    target = answer_of(following, "1.2")

    with pytest.raises(PermissionDenied):
        carry_over(
            assessment_id=following.pk,
            picks=[Pick(target.pk, made.document_id, made.kind)],
            opd=staff.opd,
            by=staff.user,
            at=later(),
        )

    assert not Evidence.objects.filter(answer=target).exists()


@quarantines
def test_the_copy_of_a_page_is_shut_with_its_link(client, made, year, how):
    SupportingDocument.objects.update(
        address="https://kota.example/berita", seen_on=NOW.date(), shows="Pelantikan"
    )
    shut(made, how)

    for member in people(year).values():
        assert get(client, member, url("link_detail", made))[0] == 403
        assert get(client, member, url("document_download", made))[0] == 403


@quarantines
def test_search_finds_its_title_and_leads_to_the_closed_door(client, made, year, how):
    shut(made, how)
    member = people(year)["gugus_tugas"]
    address = reverse("assessments:city_search", args=[year.city.slug])

    content = get(client, member, f"{address}?q=Catatan")[1]

    assert WORDS not in content


def test_the_same_file_for_another_question_opens_no_door(client, daemon, year, answer, staff):
    evidence = handed_in(answer, staff)
    MembershipFactory(gugus_tugas=True, city=year.city)
    other = answer_of(year, "2a.2")
    member = people(year)["gugus_tugas"]

    offer_document(
        answer_id=other.pk,
        document_id=evidence.document_id,
        kind=other.question.evidence_kinds.first(),
        opd=None,
        by=member.user,
        at=later(),
    )

    assert list(Evidence.objects.waiting()) == []
    assert get(client, member, url("document_download", evidence))[0] == 403


# --- Infected ---------------------------------------------------------------------------------


def test_an_infected_file_is_told_to_the_person_the_operator_and_the_trail(
    client, daemon, answer, staff, caplog
):
    evidence = handed_in(answer, staff, WORDS + EVIL)

    with caplog.at_level(logging.ERROR, "assessments.services.scanning"):
        assert [scanned(evidence), scanned(evidence, 2)] == [Outcome.INFECTED] * 2

    document = SupportingDocument.objects.get()
    assert (document.scan_state, document.scan_finding) == (ScanState.INFECTED, SIGNATURE)
    assert document.scanned_at == later(1)
    [line] = [one.message for one in caplog.records]
    assert line == (
        f"Document {document.pk}, handed in by user {staff.user.pk}, is infected ({SIGNATURE}); "
        "nobody can open it"
    )
    [notice] = Notification.objects.filter(kind=NotificationKind.INFECTED)
    assert (notice.user, notice.in_app, notice.by_email) == (staff.user, True, True)
    assert notice.text == (
        "Pemindai virus menolak “Catatan” untuk pertanyaan 1.2. Unggah berkas yang bersih."
    )
    [entry] = Activity.objects.filter(deed=TrailEvent.DOCUMENT_INFECTED)
    assert (entry.by, entry.detail, entry.at) == (staff.user, "Catatan", later(1))
    assert entry.after == {"document": str(document.pk), "finding": SIGNATURE}
    page = get(client, staff, answer.get_absolute_url())[1].decode()
    assert REFUSED in page
    assert "Ditolak pemindai" in page


def test_it_counts_for_nothing(daemon, year, answer, staff, reviewer):
    evidence = handed_in(answer, staff, EVIL)
    scanned(evidence)

    assert Answer.objects.with_state().get(pk=answer.pk).state == AnswerState.EMPTY
    page = question_page_of(
        Answer.objects.with_state().with_due_on().with_document_counts().get(pk=answer.pk),
        staff,
        may_hand_in=True,
        term=None,
        today=NOW.date(),
    )
    assert [kind.state for kind in page["owed"].asked] == [AnswerState.EMPTY] * 2
    with refused("infected"):
        accept_evidence(evidence_id=evidence.pk, granted_points=1, by=reviewer.user, at=later())


def test_the_same_file_is_refused_when_it_comes_again(daemon, year, answer, staff):
    evidence = handed_in(answer, staff, EVIL)
    scanned(evidence)
    other = answer_of(year, "2a.2")
    member = MembershipFactory(gugus_tugas=True, city=year.city)

    with refused("infected"):
        hand_in(other, by=member.user, files=[text(EVIL)], at=later())
    with refused("infected"):
        offer_document(
            answer_id=other.pk,
            document_id=evidence.document_id,
            kind=other.question.evidence_kinds.first(),
            opd=None,
            by=member.user,
            at=later(),
        )


def test_it_can_be_taken_back_and_its_file_goes(
    daemon, answer, staff, django_capture_on_commit_callbacks
):
    evidence = handed_in(answer, staff, EVIL)
    scanned(evidence)

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_evidence(evidence_id=evidence.pk, by=staff.user, at=later())

    assert (SupportingDocument.objects.count(), stored_files()) == (0, [])


def test_one_that_was_accepted_before_is_shut_as_well(client, daemon, year, answer, staff):
    """New signatures find what the old ones did not."""
    evidence = handed_in(answer, staff, WORDS + b"baru dikenal")
    scanned(evidence)
    accept_evidence(
        evidence_id=evidence.pk, granted_points=1, by=reviewer_of(year).user, at=later(2)
    )
    daemon.evil = b"baru dikenal"

    assert scan_waiting(at=later(3)) == {}
    assert scan_waiting(at=later(3), everything=True) == {Outcome.INFECTED: 1}
    assert get(client, staff, url("document_download", evidence))[0] == 403
    evidence.refresh_from_db()
    assert evidence.verdict == Verdict.ACCEPTED  # a verdict is a person's


def test_what_turns_out_to_be_clean_opens_again_and_stands_in_the_trail(daemon, answer, staff):
    evidence = handed_in(answer, staff)
    infect(evidence)

    assert scan_waiting(at=later()) == {}
    assert scan_waiting(at=later(), everything=True) == {Outcome.CLEAN: 1}

    document = SupportingDocument.objects.get()
    assert (document.scan_state, document.scan_finding) == (ScanState.CLEAN, "")
    assert Activity.objects.filter(deed=TrailEvent.DOCUMENT_RELEASED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_scanners_at_once_tell_of_it_once(daemon, answer, staff):
    evidence = handed_in(answer, staff, EVIL)

    told = at_once(*(lambda: scanned(evidence) for _scanner in range(4)))

    assert told == [Outcome.INFECTED] * 4
    assert Notification.objects.filter(kind=NotificationKind.INFECTED).count() == 1
    assert Activity.objects.filter(deed=TrailEvent.DOCUMENT_INFECTED).count() == 1


# --- Without an answer it waits on ------------------------------------------------------------


def test_while_the_scanner_is_away_it_waits_and_is_asked_again(
    client, settings, nobody_there, answer, staff, caplog
):
    evidence = handed_in(answer, staff)

    with pytest.raises(CommandError, match="Pemindai tidak dapat dihubungi") as failure:
        call_command("scan_documents")

    assert failure.value.returncode == 1
    assert state(evidence) == ScanState.WAITING
    assert get(client, staff, url("document_download", evidence))[0] == 403
    assert f"Document {evidence.document_id} could not be scanned" in caplog.text

    out = io.StringIO()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        settings.CLAMAV_SOCKET = f"{folder}/clamd.ctl"
        with clamd(settings.CLAMAV_SOCKET):
            call_command("scan_documents", stdout=out)
    assert out.getvalue() == "1 dokumen bersih.\n"
    assert state(evidence) == ScanState.CLEAN


def test_one_that_cannot_be_scanned_holds_up_no_other(daemon, answer, staff):
    daemon.most = 5000
    large = handed_in(answer, staff, b"x" * 100_000)
    small = hand_in(answer, by=staff.user, files=[text(b"kecil", "b.txt")], at=later(1))[0]
    evil = hand_in(answer, by=staff.user, files=[text(EVIL, "c.txt")], at=later(2))[0]

    outcomes = scan_waiting(at=later(3))

    assert outcomes == {Outcome.FAILED: 1, Outcome.CLEAN: 1, Outcome.INFECTED: 1}
    assert [state(one) for one in (large, small, evil)] == [
        ScanState.WAITING,
        ScanState.CLEAN,
        ScanState.INFECTED,
    ]
    assert waiting_since() == (1, NOW)


@pytest.mark.parametrize("mood", ["garbled", "error"])
def test_an_answer_that_is_none_leaves_it_waiting(daemon, answer, staff, mood):
    evidence = handed_in(answer, staff)
    daemon.mood = mood

    assert scanned(evidence) == Outcome.FAILED
    assert state(evidence) == ScanState.WAITING


@pytest.mark.parametrize("damage", ["exchanged", "gone"])
def test_only_the_content_that_was_handed_in_is_found_clean(daemon, answer, staff, damage):
    evidence = handed_in(answer, staff)
    path = Path(SupportingDocument.objects.get().file.path)
    path.chmod(0o600)
    path.unlink()
    if damage == "exchanged":
        path.write_bytes(b"x" * len(WORDS))

    assert scanned(evidence) == Outcome.FAILED

    document = SupportingDocument.objects.get()
    assert (document.scan_state, document.damaged_since) == (ScanState.WAITING, later())


def test_one_that_was_taken_back_meanwhile_is_no_trouble(daemon, answer, staff):
    evidence = handed_in(answer, staff)
    withdraw_evidence(evidence_id=evidence.pk, by=staff.user, at=later())

    assert scanned(evidence) == Outcome.GONE


def test_taking_the_setting_away_opens_nothing(settings, daemon, client, answer, staff):
    evidence = handed_in(answer, staff)
    settings.CLAMAV_SOCKET = ""

    with pytest.raises(CommandError, match="1 dokumen menunggu pemindaian"):
        call_command("scan_documents")

    assert state(evidence) == ScanState.WAITING
    assert get(client, staff, url("document_download", evidence))[0] == 403


def test_the_health_page_tells_how_long_the_oldest_has_waited(settings, client, answer, staff):
    settings.CLAMAV_SOCKET = "/tmp/nobody.ctl"
    assert client.get("/sehat/").text == "sehat\n"
    evidence = handed_in(answer, staff)
    from_then = SupportingDocument.objects.filter(pk=evidence.document_id)
    from_then.update(uploaded_at=timezone.now() - timedelta(minutes=7, seconds=20))

    assert client.get("/sehat/").text == "sehat\nmenunggu pemindaian: 1, terlama 7 menit\n"


def test_a_refusal_is_a_sentence(daemon, answer, staff, reviewer):
    evidence = handed_in(answer, staff)

    with pytest.raises(ValidationError, match="masih menunggu pemindaian virus"):
        accept_evidence(evidence_id=evidence.pk, granted_points=1, by=reviewer.user, at=later())
