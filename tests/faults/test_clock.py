"""The server's clock jumps by an hour, forward and back: what people have in hand goes on."""

import io
import time
from datetime import timedelta
from email.utils import parseaddr

import pytest
from allauth.account.forms import default_token_generator
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assessments.choices import NotificationKind, Stage
from assessments.models import Assessment, Notification, Upload
from assessments.services.mailing import send_pending
from assessments.services.rescue import open_rescue_window
from assessments.services.trail_verification import verify_year
from assessments.services.uploads import append, create_upload, sweep
from outbox.models import Letter
from tests.assessments.situations import (
    assert_scores_are_right,
    checked,
    claim,
    hand_in,
    secretary_of,
    staff_of,
    working_year,
)
from tests.assessments.tus import committed
from tests.factories.assessments import answer_of
from tests.factories.cities import InvitationFactory
from tests.faults.dying import is_over
from tests.outbox.smtp import mail_server

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
HOUR = timedelta(hours=1)


class Clock:
    """Both clocks that the site reads, set by hand: Django's moment and the system's seconds."""

    def __init__(self, monkeypatch):
        self.off = timedelta()
        moment, seconds = timezone.now, time.time
        monkeypatch.setattr(timezone, "now", lambda: moment() + self.off)
        monkeypatch.setattr(time, "time", lambda: seconds() + self.off.total_seconds())

    def jump(self, by):
        self.off += by


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def year():
    return working_year()


@pytest.mark.parametrize("jumps", [[HOUR], [-HOUR], [HOUR, -HOUR], [-HOUR, HOUR]])
def test_whoever_is_signed_in_stays_so_and_twelve_hours_still_end_it(clock, client, year, jumps):
    member = staff_of(year, "DISDIK")
    client.force_login(member.user)
    address = answer_of(year, "1.2").get_absolute_url()
    assert client.get(address).status_code == 200

    for jump in jumps:
        clock.jump(jump)
        assert client.get(address).status_code == 200

    clock.jump(timedelta(hours=14))
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_form_opened_before_the_jump_is_taken_once(clock, client, year, jump):
    client.force_login(staff_of(year, "DISDIK").user)
    answer = answer_of(year, "1.2")
    page = client.get(answer.get_absolute_url())
    form = {
        "text": "Sebelum loncat.",
        "form_token": page.text.partition('name="form_token" value="')[2].partition('"')[0],
    }
    address = reverse("assessments:comment_add", args=[year.city.slug, year.year, "1.2"])

    clock.jump(jump)
    first, second = client.post(address, form), client.post(address, form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert answer.comments.filter(text="Sebelum loncat.").count() == 1


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_links_of_invitations_and_passwords_go_on_working(clock, client, year, jump):
    invitation = InvitationFactory(city=year.city, token="tautan-jam")
    user = staff_of(year, "DISDIK").user
    token = default_token_generator.make_token(user)

    clock.jump(jump)

    assert client.get(reverse("cities:invitation_accept", args=["tautan-jam"])).status_code == 200
    assert default_token_generator.check_token(user, token)
    clock.jump(invitation.expires_at - timezone.now() + timedelta(seconds=1))
    assert client.get(reverse("cities:invitation_accept", args=["tautan-jam"])).status_code != 200


def test_a_deadline_follows_the_clock_forward_and_back_and_keeps_what_was_in_time(clock, year):
    answer = answer_of(year, "1.2")
    person = staff_of(year, "DISDIK").user
    chief = secretary_of(year)
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.FIELD)
    open_rescue_window(
        assessment_id=year.pk,
        answer_ids=[answer.pk],
        closes_at=timezone.now() + timedelta(minutes=30),
        note="",
        by=chief,
        at=timezone.now(),
    )
    hand_in(answer, by=person, at=timezone.now())

    clock.jump(HOUR)
    with pytest.raises(ValidationError) as refusal:
        hand_in(answer, by=person, at=timezone.now(), files=[checked(b"terlambat")])
    clock.jump(-HOUR)
    hand_in(answer, by=person, at=timezone.now(), files=[checked(b"surat kedua")])

    assert refusal.value.code == "closed"
    assert answer.evidence.count() == 2


def test_a_trail_written_while_the_clock_went_back_is_whole_and_in_order(clock, year):
    answer = answer_of(year, "1.2")
    person = staff_of(year, "DISDIK").user
    seen = None
    for number, jump in enumerate([HOUR, -HOUR, -HOUR, HOUR], 1):
        clock.jump(jump)
        at = timezone.now()
        claim(answer, str(number), by=person, at=at, seen_at=seen)
        seen = at

    rows = year.activities.order_by("position").values_list("detail", flat=True)
    assert list(rows)[-4:] == ["– → 1", "1 → 2", "2 → 3", "3 → 4"]
    assert verify_year(year).broken is None
    assert_scores_are_right(year)


# --- Letters ------------------------------------------------------------------------------------------


def notice(year, at):
    person = staff_of(year, "DISDIK").user
    Notification.objects.create(
        user=person, assessment=year, kind=NotificationKind.RETURNED, key="satu", created_at=at
    )
    return person


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_letter_written_before_the_jump_goes_out_once(clock, settings, year, jump):
    with mail_server(settings) as server:
        person = notice(year, timezone.now())
        clock.jump(jump)

        for _turn in range(3):
            send_pending(now=timezone.now)
        clock.jump(-jump)
        for _turn in range(3):
            send_pending(now=timezone.now)

        assert [parseaddr(one)[1] for one in server.delivered] == [person.email]


@pytest.mark.django_db(transaction=True)
def test_a_letter_held_by_a_sender_of_the_future_is_free_after_the_hour_and_ten_minutes(
    clock, settings, year
):
    with mail_server(settings) as server:
        person = notice(year, timezone.now())
        clock.jump(HOUR)
        assert not is_over(lambda: send_pending(now=timezone.now), before=6)
        assert server.delivered == []
        assert Letter.objects.filter(held_until__isnull=False).count() == 1
        clock.jump(-HOUR)

        sent = []
        for _turn in range(9):
            send_pending(now=timezone.now)
            sent.append(len(server.delivered))
            clock.jump(timedelta(minutes=10))

        assert sent in ([0] * 8 + [1], [0] * 7 + [1] * 2)  # seventy minutes, give or take a second
        assert server.delivered == [person.email]


# --- Uploads ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_an_upload_under_way_goes_on_and_no_sweep_takes_it(clock, settings, tmp_path, year, jump):
    settings.KLA_UPLOADS = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    answer, person = answer_of(year, "1.2"), staff_of(year, "DISDIK").user
    upload = create_upload(
        answer=answer, name="surat.pdf", length=10, sha256="", by=person, at=timezone.now()
    )
    append(upload_id=upload.pk, offset=0, piece=io.BytesIO(b"lima "), at=timezone.now())

    clock.jump(jump)
    sweep(at=timezone.now())
    append(upload_id=upload.pk, offset=5, piece=io.BytesIO(b"lagi!"), at=timezone.now())
    clock.jump(-jump)
    sweep(at=timezone.now())

    assert Upload.objects.get(pk=upload.pk).is_complete
    assert (settings.KLA_UPLOADS / upload.pk.hex).read_bytes() == b"lima lagi!"
    clock.jump(timedelta(hours=26))
    with committed():
        sweep(at=timezone.now())
    assert not Upload.objects.exists()
    assert list(settings.KLA_UPLOADS.iterdir()) == []
