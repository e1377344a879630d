"""The heads of the trails are kept outside, on a schedule, and find a tail that was cut later."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessments.choices import TrailEvent
from assessments.services.activity import record
from tests.assessments.situations import working_year
from tests.assessments.tampering import triggers_dropped
from tests.assessments.test_verify_trail import head_of
from tests.factories.assessments import NOW
from tests.factories.cities import UserFactory

pytestmark = pytest.mark.django_db
LOST = "tidak ada lagi; ujung jejak dipotong atau ditulis ulang"


@pytest.fixture
def outside(settings, tmp_path):
    settings.KLA_TRAIL_HEADS_DIR = str(tmp_path / "outside")
    (tmp_path / "outside").mkdir()
    return tmp_path / "outside"


@pytest.fixture
def trail():
    year = working_year()
    for number in range(5):
        grow(year, number)
    return year


def grow(trail, number=0):
    at = NOW + timedelta(minutes=number)
    record(TrailEvent.CLAIM_SAVED, assessment=trail, by=UserFactory(), at=at)


def cut(trail, lines):
    """Remove the last lines, as the owner of the database can."""
    last = list(trail.activities.order_by("-position").values_list("pk", flat=True)[:lines])
    with triggers_dropped() as cursor:
        cursor.executemany("DELETE FROM assessments_activity WHERE id = %s", [[pk] for pk in last])


def kept(outside):
    return [path.read_text() for path in sorted(outside.iterdir())]


def test_each_day_gets_a_file_of_its_own_and_nothing_is_written_over(outside, trail):
    call_command("keep_trail_heads")
    first = head_of(trail)
    grow(trail)

    call_command("keep_trail_heads")

    assert kept(outside) == [f"{first}\n", f"{head_of(trail)}\n"]


def test_where_nothing_happened_nothing_is_written(outside, trail):
    call_command("keep_trail_heads")
    call_command("keep_trail_heads")

    assert len(kept(outside)) == 1


def test_a_tail_cut_since_is_told_and_the_old_head_stays(outside, trail):
    call_command("keep_trail_heads")
    head = head_of(trail)
    cut(trail, 2)

    with pytest.raises(CommandError) as refusal:
        call_command("keep_trail_heads")

    assert f"{head}: {LOST}" in str(refusal.value)
    assert kept(outside) == [f"{head}\n", f"{head_of(trail)}\n"]
    with pytest.raises(CommandError):  # and again, for the newest file knows nothing of it
        call_command("keep_trail_heads")


def test_verify_trail_compares_with_one_file_or_with_all_of_them(outside, trail, capsys):
    call_command("keep_trail_heads")
    head = head_of(trail)
    [file] = outside.iterdir()
    call_command("verify_trail", "--against", str(file))
    call_command("verify_trail", "--against", str(outside))
    cut(trail, 1)
    capsys.readouterr()

    for place in (file, outside):
        with pytest.raises(CommandError, match=r"^1 kerusakan pada jejak\.$"):
            call_command("verify_trail", "--against", str(place))
        assert capsys.readouterr().err == f"{head}: {LOST}\n"


def test_they_go_to_addresses_outside_with_what_is_wrong_on_top(outside, trail, settings):
    settings.KLA_TRAIL_HEADS_TO = ["auditor@kota.example", "inspektorat@kota.example"]
    call_command("keep_trail_heads")
    head = head_of(trail)
    cut(trail, 1)

    with pytest.raises(CommandError):
        call_command("keep_trail_heads")

    first, second = mail.outbox
    assert first.to == ["auditor@kota.example", "inspektorat@kota.example"]
    assert first.body == f"{head}\n"
    assert first.subject == f"[KLA] Kode keaslian terakhir jejak {timezone.now():%Y-%m-%d}"
    assert second.body.startswith(f"{head}: {LOST}\n")
    assert second.body.endswith(f"\n\n{head_of(trail)}\n")


def test_a_folder_that_is_gone_is_an_error_and_not_a_folder_made_anew(outside, trail):
    outside.rmdir()

    with pytest.raises(CommandError, match=r"^The heads were not kept: "):
        call_command("keep_trail_heads")

    assert not outside.exists()


def test_without_a_mail_server_it_does_not_say_that_they_were_sent(trail, settings):
    settings.KLA_TRAIL_HEADS_TO = ["auditor@kota.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    with pytest.raises(CommandError, match="no mail server is"):
        call_command("keep_trail_heads")


def test_where_nothing_is_set_it_says_what_to_set():
    with pytest.raises(CommandError) as refusal:
        call_command("keep_trail_heads")

    assert str(refusal.value) == "Set KLA_TRAIL_HEADS_DIR or KLA_TRAIL_HEADS_TO first."
