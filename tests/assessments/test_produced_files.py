"""Files that take long: asked for once, made by a job, fetched by whoever may, gone after a day."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from assessments import producing
from assessments.choices import FileKind, NotificationKind, ScanState, Sensitivity, TrailEvent
from assessments.models import Activity, Assignment, Notification, ProducedFile
from assessments.models.produced_file import KEPT
from assessments.services import produced_files
from assessments.services.produced_files import (
    MOST,
    ask_for_file,
    discard_file,
    may_take,
    sweep_files,
)
from cities.models import Membership
from cities.roles import Role
from jobs.models import Job
from jobs.running import Outcome, carry_out
from tests.assessments.situations import refused, reviewer_of, staff_of, working_year
from tests.assessments.test_package import OWN, paper
from tests.at_once import at_once
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db

PACKAGE = "assessments:package_download"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _everything_is_long(settings):
    settings.KLA_BACKGROUND_FILES = 0


def url(name, year, *more):
    return reverse(name, args=[year.city.slug, year.year, *more])


def asked(year, member, *, kind=FileKind.PACKAGE, scope="", at=None):
    return ask_for_file(
        assessment=year, kind=kind, scope=scope, by=member.user, at=at or timezone.now()
    )


def job_of(produced):
    return Job.objects.get(key=f"{produced_files.JOB}:{produced.pk}")


def made(produced, *, now=timezone.now):
    """The outcome of its job, and the row as it is then."""
    outcome = carry_out(job_of(produced).key, now=now)
    return outcome, ProducedFile.objects.filter(pk=produced.pk).first()


def ready(year, member, **wish):
    return made(asked(year, member, **wish))[1]


def fetched(client, member, produced):
    client.force_login(member.user)
    return client.get(url("assessments:file_download", produced.assessment, produced.pk))


def names_in(response):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return sorted(name.rpartition("/")[2] for name in archive.namelist() if name not in OWN)


def stored():
    try:
        return default_storage.listdir("produced")[1]
    except FileNotFoundError:
        return []


# --- Asking -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "size", "waits"), [(2, 100, False), (1, 100, True), (2, 9, True), (3, 10, False)]
)
def test_what_is_small_comes_at_once(client, settings, reviewer, answer, files, size, waits):
    paper(answer, content=b"12345")
    paper(answer, content=b"67890")
    settings.KLA_BACKGROUND_FILES, settings.KLA_BACKGROUND_BYTES = files, size
    client.force_login(reviewer.user)

    response = client.get(url(PACKAGE, answer.assessment))

    assert response.streaming is not waits


def test_a_look_asks_for_nothing_and_the_button_asks_once(client, reviewer, answer):
    paper(answer)
    client.force_login(reviewer.user)
    address = url(PACKAGE, answer.assessment) + "?opd=DISDIK&halaman=3"

    looked = client.get(address).content.decode()
    before = ProducedFile.objects.count()
    pages = {client.post(address).url for _tap in range(3)}

    assert ("Buat berkas" in looked, before) == (True, 0)
    produced = ProducedFile.objects.get()
    assert (pages, produced.scope) == ({produced.get_absolute_url()}, "opd=DISDIK")
    assert client.get(address).url == produced.get_absolute_url()
    assert Job.objects.filter(name=produced_files.JOB).count() == 1


@pytest.mark.parametrize("name", ["report_pdf", "report_xlsx"])
def test_a_report_with_many_documents_is_made_in_the_background(client, reviewer, answer, name):
    paper(answer)
    client.force_login(reviewer.user)
    address = url(f"assessments:{name}", answer.assessment)

    assert b"memuat 1 dokumen" in client.get(address).content
    page = client.post(address, follow=True)
    outcome, produced = made(ProducedFile.objects.get())

    assert b"Sedang dibuat" in page.content
    content = b"".join(fetched(client, reviewer, produced).streaming_content)
    assert (outcome, content[:4]) == (
        Outcome.DONE,
        b"%PDF" if name == "report_pdf" else b"PK\x03\x04",
    )
    assert produced.size == len(content)


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_file():
    year = working_year()
    member = reviewer_of(year)

    first, second = at_once(*[lambda: asked(year, member)] * 2)

    assert first == second
    assert (ProducedFile.objects.count(), Job.objects.count()) == (1, 1)


def test_nobody_has_more_than_a_few_at_a_time(year, reviewer, secretariat):
    codes = [f"isi={number}" for number in range(MOST)]
    own = [asked(year, reviewer, scope=code) for code in codes]

    with refused("many"):
        asked(year, reviewer, scope="isi=lagi")
    assert asked(year, reviewer, scope=codes[0]) == own[0]
    asked(year, secretariat, scope="isi=lagi")
    discard_file(produced=own[0], by=reviewer.user)
    asked(year, reviewer, scope="isi=lagi")


def test_too_many_are_refused_in_words(client, year, answer, reviewer):
    paper(answer)
    for number in range(MOST):
        asked(year, reviewer, scope=f"isi={number}")
    client.force_login(reviewer.user)

    page = client.post(url(PACKAGE, year), follow=True)

    assert f"Sudah ada {MOST} berkas Anda" in page.content.decode()
    assert ProducedFile.objects.count() == MOST


def test_what_is_over_makes_room_for_the_same_wish(year, reviewer):
    at = timezone.now()
    old = asked(year, reviewer, at=at - KEPT)

    assert asked(year, reviewer, at=at) != old
    assert ProducedFile.objects.count() == 1


def test_an_opd_asks_for_no_report_of_the_city(year, staff):
    with pytest.raises(PermissionDenied):
        asked(year, staff, kind=FileKind.REPORT_PDF)
    assert (ProducedFile.objects.count(), Job.objects.count()) == (0, 0)


# --- Making -----------------------------------------------------------------------------------


def test_a_package_holds_what_its_person_sees(client, year, answer, staff):
    paper(answer, "Milik DISDIK")
    paper(answer_of(year, "2a.2"), "Milik lain")

    produced = ready(year, staff)

    assert names_in(fetched(client, staff, produced)) == ["01 Milik DISDIK.pdf"]
    assert (produced.done, produced.total) == (1, 1)
    assert produced.name == f"Paket KLA {year.city.name} {year.year}.zip"


def test_made_twice_it_is_one_file_and_told_once(year, answer, reviewer):
    paper(answer)
    produced = asked(year, reviewer)

    for _time in range(2):
        producing.make_file(produced.pk, now=timezone.now)

    [told] = Notification.objects.filter(user=reviewer.user)
    assert (told.kind, told.url) == (NotificationKind.FILE_READY, produced.get_absolute_url())
    assert (told.by_email, len(stored())) == (False, 1)


def test_two_workers_that_made_the_same_leave_one_file(year, answer, reviewer, monkeypatch):
    paper(answer)
    produced = asked(year, reviewer)
    plainly = producing.store

    def slower(*args, **kwargs):
        monkeypatch.setattr(producing, "store", plainly)
        producing.make_file(produced.pk, now=timezone.now)
        plainly(*args, **kwargs)

    monkeypatch.setattr(producing, "store", slower)
    made(produced)

    assert stored() == [ProducedFile.objects.get().file.name.rpartition("/")[2]]
    assert Notification.objects.count() == 1


def test_progress_is_written_once_a_second_and_keeps_the_job(year, answer, reviewer):
    for number in range(4):
        paper(answer, f"Perda {number}")
    produced = asked(year, reviewer)
    begun, steps = timezone.now(), count()
    seen = []

    def now():  # a file takes 0.4 seconds
        seen.append(ProducedFile.objects.values_list("done", "total").get())
        return begun + next(steps) * timedelta(seconds=0.4)

    _outcome, row = made(produced, now=now)

    assert [total for _done, total in seen if total] == [4] * sum(1 for _d, total in seen if total)
    assert sorted({done for done, _total in seen}) == [0, 3, 4]
    assert row.is_ready


def test_work_that_goes_on_stays_with_its_worker(year, answer, reviewer, monkeypatch):
    paper(answer)
    produced = asked(year, reviewer)
    begun = timezone.now()
    plainly = producing.store

    def watched(*args, **kwargs):
        held = job_of(produced).held_until
        assert held >= begun + HOUR  # by the first step, an hour after the start
        plainly(*args, **kwargs)

    monkeypatch.setattr(producing, "store", watched)
    steps = iter([begun, begun, begun + HOUR])

    outcome, _row = made(produced, now=lambda: next(steps, begun + HOUR))

    assert outcome is Outcome.DONE


def test_killed_in_the_middle_it_is_made_by_the_next_worker(year, answer, reviewer, monkeypatch):
    paper(answer)
    produced = asked(year, reviewer)
    at = timezone.now()

    def killed(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(producing, "store", killed)
        with pytest.raises(SystemExit):
            made(produced, now=lambda: at)
    early = made(produced, now=lambda: at + timedelta(minutes=14))

    assert early[0] is Outcome.NOTHING
    outcome, row = made(produced, now=lambda: at + timedelta(minutes=15))
    assert (outcome, row.is_ready, len(stored())) == (Outcome.DONE, True, 1)


def test_thrown_away_while_it_is_made_it_is_made_no_further(year, answer, reviewer, monkeypatch):
    for number in range(3):
        paper(answer, f"Perda {number}")
    produced = asked(year, reviewer)
    begun, steps = timezone.now(), count()
    plainly = producing.stream
    packed = []

    def discarding(package, *, storage, packed):
        def after(number):
            discard_file(produced=produced, by=reviewer.user)
            count_of.append(number)
            packed(number)

        return plainly(package, storage=storage, packed=after)

    count_of = packed
    monkeypatch.setattr(producing, "stream", discarding)
    outcome, row = made(produced, now=lambda: begun + next(steps) * SECOND)

    assert (outcome, row, packed) == (Outcome.DONE, None, [1])
    assert (stored(), Notification.objects.count()) == ([], 0)


def test_nothing_half_made_is_left_when_the_disk_is_full(
    settings, tmp_path, year, answer, reviewer, monkeypatch
):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    paper(answer)

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(producing, "store", full)
    outcome, row = made(asked(year, reviewer))

    assert (outcome, row.is_ready) == (Outcome.FAILED, False)
    assert list(tmp_path.glob("tmp*")) == []


def test_whoever_lost_the_right_meanwhile_gets_nothing(year, answer, reviewer):
    paper(answer)
    produced = asked(year, reviewer)
    Membership.objects.filter(pk=reviewer.pk).delete()

    assert made(produced) == (Outcome.DONE, None)
    assert stored() == []


def test_a_part_that_is_gone_is_not_widened(year, answer, reviewer):
    paper(answer)

    assert made(asked(year, reviewer, scope="opd=TIDAKADA")) == (Outcome.DONE, None)


# --- Its page ---------------------------------------------------------------------------------


def test_the_page_looks_again_by_itself_until_it_is_there(client, year, answer, reviewer):
    paper(answer)
    produced = asked(year, reviewer)
    client.force_login(reviewer.user)
    ProducedFile.objects.update(done=38, total=181)

    waiting = client.get(produced.get_absolute_url())
    made(produced)
    there = client.get(produced.get_absolute_url())

    assert ("38 dari 181 berkas" in waiting.content.decode(), waiting["Refresh"]) == (True, "3")
    assert ("Unduh" in there.content.decode(), "Refresh" in there) == (True, False)


def test_what_could_not_be_made_says_so(client, year, answer, reviewer, monkeypatch):
    paper(answer)
    produced = asked(year, reviewer)

    def broken(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr(producing, "store", broken)
    at = timezone.now()
    for hour in range(4):
        made(produced, now=lambda hour=hour: at + hour * HOUR)
    client.force_login(reviewer.user)
    page = client.get(produced.get_absolute_url())

    assert "tidak berhasil dibuat" in page.content.decode()
    assert "Refresh" not in page


def test_it_is_found_again_in_the_inbox(client, year, answer, reviewer):
    paper(answer)
    produced = ready(year, reviewer)
    client.force_login(reviewer.user)
    told = Notification.objects.get()

    opened = client.post(reverse("assessments:notification_open", args=[told.pk]))

    assert opened.url == produced.get_absolute_url()


# --- Fetching ---------------------------------------------------------------------------------


def test_nobody_else_sees_it(client, year, answer, reviewer):
    paper(answer)
    produced = ready(year, reviewer)
    others = [
        MembershipFactory(gugus_tugas=True, city=year.city),  # of the same city
        staff_of(year, "DISDIK"),
        reviewer_of(working_year()),
    ]

    for other in others:
        client.force_login(other.user)
        for name in ("file_detail", "file_download"):
            assert client.get(url(f"assessments:{name}", year, produced.pk)).status_code == 404
        gone = client.post(url("assessments:file_discard", year, produced.pk))
        assert gone.status_code == 404
    with pytest.raises(PermissionDenied):
        discard_file(produced=produced, by=others[0].user)
    assert len(stored()) == 1


def test_a_role_that_was_taken_away_takes_the_report_along(client, year, answer, reviewer):
    paper(answer)
    produced = ready(year, reviewer, kind=FileKind.REPORT_PDF)
    opd = staff_of(year, "DISDIK").opd
    Membership.objects.filter(pk=reviewer.pk).update(role=Role.OPD, opd=opd)

    assert fetched(client, reviewer, produced).status_code == 404


def no_longer_held(evidence):
    Assignment.objects.filter(answer=evidence.answer).delete()


def withdrawn(evidence):
    evidence.delete()


def marked(evidence):
    evidence.document.sensitivity = Sensitivity.CHILD
    evidence.document.opd = None
    evidence.document.save()


def infected(evidence):
    evidence.document.scan_state = ScanState.INFECTED
    evidence.document.save()


def removed(evidence):
    evidence.document.removed_at = timezone.now()
    evidence.document.file = ""
    evidence.document.save()


@pytest.mark.parametrize("happens", [no_longer_held, withdrawn, marked, infected, removed])
def test_what_may_not_be_opened_any_more_leaves_in_no_package(client, year, answer, staff, happens):
    paper(answer, "Tetap")
    evidence = paper(answer, "Berubah")
    produced = ready(year, staff)
    assert may_take(produced, staff)

    happens(evidence)

    response = fetched(client, staff, produced)
    assert response.url == produced.get_absolute_url()
    page = client.get(response.url).content.decode()
    assert "tidak boleh lagi Anda buka" in page


def test_taking_a_sensitive_document_along_stands_in_the_trail(client, year, answer, secretariat):
    paper(answer, document={"sensitivity": Sensitivity.CASE})
    produced = ready(year, secretariat)
    opened = Activity.objects.filter(deed=TrailEvent.SENSITIVE_OPENED)
    assert not opened.exists()

    client.force_login(secretariat.user)
    client.head(url("assessments:file_download", year, produced.pk))
    assert not opened.exists()
    list(fetched(client, secretariat, produced))

    assert [line.by for line in opened] == [secretariat.user]


def test_a_file_that_is_not_there_yet_or_any_more_leads_to_its_page(client, year, answer, reviewer):
    paper(answer)
    produced = asked(year, reviewer)
    early = fetched(client, reviewer, produced)
    _outcome, row = made(produced)
    default_storage.delete(row.file.name)
    lost = fetched(client, reviewer, row)

    assert early.url == lost.url == produced.get_absolute_url()
    assert "tidak dapat dibaca" in client.get(lost.url).content.decode()


# --- Going ------------------------------------------------------------------------------------


def test_thrown_away_nothing_of_it_is_left(client, year, answer, reviewer):
    paper(answer)
    produced = ready(year, reviewer)
    client.force_login(reviewer.user)

    response = client.post(url("assessments:file_discard", year, produced.pk))

    assert response.url == url(PACKAGE, year)
    assert (stored(), ProducedFile.objects.count(), Notification.objects.count()) == ([], 0, 0)


def test_it_is_kept_for_a_day_from_when_it_was_ready(client, year, answer, reviewer):
    paper(answer)
    produced = ready(year, reviewer)
    over = produced.ready_at + KEPT

    assert (sweep_files(at=over - SECOND), len(stored())) == (0, 1)
    ProducedFile.objects.update(expires_at=timezone.now())  # over, though nobody swept yet
    assert fetched(client, reviewer, produced).status_code == 404
    assert (sweep_files(at=over), stored(), Notification.objects.count()) == (1, [], 0)


def test_what_killed_workers_stored_goes_after_an_hour(year, answer, reviewer):
    paper(answer)
    ready(year, reviewer)
    name = default_storage.save("produced/terputus", ContentFile(b"setengah"))
    at = datetime.fromtimestamp(Path(default_storage.path(name)).stat().st_mtime, tz=UTC)

    assert sweep_files(at=at + HOUR - SECOND) == 0
    assert sweep_files(at=at + HOUR) == 1
    assert len(stored()) == 1
