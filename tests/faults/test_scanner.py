"""A real clamd: clean, infected, packed away, killed and back."""

import io
import zipfile

import pytest
from django.core.management import CommandError, call_command

from assessments import scanner
from assessments.choices import NotificationKind, ScanState
from assessments.models import Notification, SupportingDocument
from assessments.services.scanning import Outcome, scan_document
from tests.assessments import corpus
from tests.assessments.situations import checked, hand_in, later, staff_of, working_year
from tests.factories.assessments import answer_of
from tests.faults.clamd import EICAR, SIGNATURE, Clamd

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

FOUND = f"{SIGNATURE}.UNOFFICIAL"


@pytest.fixture(scope="module")
def daemon():
    daemon = Clamd()
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.remove()


@pytest.fixture
def clamd(daemon, settings):
    """Running, whatever the test before did to it."""
    settings.CLAMAV_SOCKET = str(daemon.socket)
    if daemon.process is None:
        daemon.start()
    return daemon


@pytest.fixture
def answer():
    return answer_of(working_year(), "1.2")


@pytest.fixture
def staff(answer):
    return staff_of(answer.assessment, "DISDIK")


def handed_in(answer, staff, content, name="surat.pdf"):
    [evidence] = hand_in(answer, by=staff.user, files=[checked(content, name)], title=name)
    return evidence.document


def zipped(content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("di dalam.txt", content)
    return out.getvalue()


def state(document):
    return SupportingDocument.objects.get(pk=document.pk).scan_state


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"isi biasa", ""),
        (corpus.pdf(), ""),
        (b"x" * 25 * 1024 * 1024, ""),
        (EICAR, FOUND),
        (b"awal " * 1000 + EICAR + b" akhir", FOUND),
        (zipped(EICAR), FOUND),
    ],
    ids=["text", "pdf", "25 MB", "test string", "in the middle", "inside a ZIP"],
)
def test_a_real_scanner_tells_clean_from_infected(clamd, content, found):
    assert scanner.scan(io.BytesIO(content)) == found


def test_what_is_longer_than_it_takes_is_no_answer(clamd):
    with pytest.raises(scanner.ScannerError):
        scanner.scan(io.BytesIO(b"x" * 31 * 1024 * 1024))


def test_the_test_virus_is_refused_and_the_person_told(clamd, client, answer, staff):
    document = handed_in(answer, staff, EICAR)
    client.force_login(staff.user)
    assert client.get(document.get_absolute_url()).status_code == 403

    assert scan_document(document.pk, at=later()) == Outcome.INFECTED

    assert SupportingDocument.objects.get().scan_finding == FOUND
    assert client.get(document.get_absolute_url()).status_code == 403
    assert (
        f"Pemindai virus menolak berkas ini ({FOUND})" in client.get(answer.get_absolute_url()).text
    )
    assert Notification.objects.filter(user=staff.user, kind=NotificationKind.INFECTED).exists()


def test_killed_it_lets_nothing_through_and_back_it_catches_up(clamd, client, answer, staff):
    sound = handed_in(answer, staff, corpus.pdf())
    evil = handed_in(answer, staff, EICAR, "lain.pdf")
    client.force_login(staff.user)
    clamd.kill()

    with pytest.raises(CommandError, match="Pemindai tidak dapat dihubungi"):
        call_command("scan_documents")
    assert {state(sound), state(evil)} == {ScanState.WAITING}
    assert client.get(sound.get_absolute_url()).status_code == 403

    clamd.start()
    call_command("scan_documents")
    assert (state(sound), state(evil)) == (ScanState.CLEAN, ScanState.INFECTED)
    response = client.get(sound.get_absolute_url())
    assert b"".join(response.streaming_content) == corpus.pdf()
    assert client.get(evil.get_absolute_url()).status_code == 403
