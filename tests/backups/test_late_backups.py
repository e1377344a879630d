"""A backup that is late is told: on the page, in /sehat/, and once a day in a letter."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from backups.age import backup_age
from cities.services.backup_letters import send_late_backup
from tests.factories.cities import MembershipFactory, SiteAdminFactory
from tests.outbox.smtp import mail_server

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
LATE = "Cadangan terakhir berumur"


@pytest.fixture
def stamp(settings):
    settings.KLA_BACKUP_LATE_HOURS = 26
    return settings.KLA_BACKUP_STAMP


def made(stamp, hours, now=NOW):
    stamp.write_text((now - timedelta(hours=hours)).isoformat())


def sent(now):
    """How many letters go out at that moment."""
    before = len(mail.outbox)
    send_late_backup(now=lambda: now)
    return len(mail.outbox) - before


@pytest.mark.parametrize(("hours", "late"), [(0, False), (26, False), (26.01, True), (700, True)])
def test_it_is_late_above_the_limit_and_not_at_it(stamp, hours, late):
    made(stamp, hours)

    age = backup_age(NOW)

    assert (age.hours, age.is_late) == (int(hours), late)


def test_none_at_all_is_late_and_so_is_one_of_which_nobody_can_tell(stamp):
    none = backup_age(NOW)
    stamp.write_text("kemarin")
    unreadable = backup_age(NOW)

    assert (none.is_late, none.is_readable, none.made_at) == (True, True, None)
    assert (unreadable.is_late, unreadable.is_readable) == (True, False)


def test_where_none_is_waited_for_nothing_is_late(stamp, settings):
    settings.KLA_BACKUP_LATE_HOURS = 0
    assert not backup_age(NOW).is_late

    made(stamp, 5000)

    assert not backup_age(NOW).is_late


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "line"),
    [
        (1, "cadangan terakhir: 1 jam lalu\n"),
        (30, "cadangan terakhir: 30 jam lalu (terlambat)\n"),
        (None, "cadangan terakhir: belum pernah (terlambat)\n"),
    ],
)
def test_the_health_page_says_so_and_stays_well(client, stamp, hours, line):
    if hours is not None:
        made(stamp, hours, now=timezone.now() - timedelta(minutes=1))

    answer = client.get("/sehat/")

    assert (answer.status_code, answer.text) == (200, f"sehat\n{line}")


@pytest.mark.django_db
def test_site_administrators_see_it_on_their_page_and_nobody_else_does(client, stamp):
    made(stamp, 50, now=timezone.now())
    client.force_login(SiteAdminFactory())
    assert f"{LATE} 50 jam." in client.get(reverse("assessments:city_list")).text

    client.force_login(MembershipFactory(admin_kota=True).user)
    assert LATE not in client.get(reverse("assessments:city_list")).text

    made(stamp, 1, now=timezone.now())
    client.force_login(SiteAdminFactory())
    assert LATE not in client.get(reverse("assessments:city_list")).text


@pytest.mark.django_db
def test_one_letter_goes_to_every_active_administrator(stamp, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    people = [SiteAdminFactory(), SiteAdminFactory()]
    SiteAdminFactory(is_active=False)
    MembershipFactory(admin_kota=True)
    made(stamp, 30)

    assert sent(NOW) == 1

    [letter] = mail.outbox
    assert letter.to == [person.email for person in people]
    assert letter.subject == "[KLA] Cadangan terlambat"
    assert "Cadangan terakhir berumur 30 jam; batasnya 26 jam." in letter.body


@pytest.mark.django_db
def test_it_is_told_once_a_day_and_anew_after_a_backup_in_between(stamp):
    SiteAdminFactory()
    made(stamp, 30)

    hours = [hour for hour in range(50) if sent(NOW + timedelta(hours=hour))]
    made(stamp, 0, now=NOW + timedelta(hours=50))
    after = [hour for hour in range(50, 80) if sent(NOW + timedelta(hours=hour))]

    assert hours == [0, 24, 48]
    assert after == [77]


@pytest.mark.django_db
def test_a_backup_in_time_and_a_site_without_administrators_send_nothing(stamp):
    made(stamp, 30)
    assert sent(NOW) == 0

    SiteAdminFactory()
    made(stamp, 20)
    assert sent(NOW) == 0


@pytest.mark.django_db
def test_a_letter_that_failed_is_not_taken_for_told(stamp, settings):
    person = SiteAdminFactory()
    made(stamp, 30)
    with mail_server(settings, refused={person.email: "450 later"}) as server:
        send_late_backup(now=lambda: NOW)
        assert server.delivered == []
        server.refused.clear()

        send_late_backup(now=lambda: NOW + timedelta(minutes=11))
        send_late_backup(now=lambda: NOW + timedelta(minutes=33))

        assert server.delivered == [person.email]


@pytest.mark.django_db
def test_where_it_cannot_be_noted_no_letter_goes_out_again_and_again(stamp):
    SiteAdminFactory()
    made(stamp, 30)
    (stamp.parent / "late-backup-told-at.next").mkdir()

    assert [sent(NOW + timedelta(minutes=15 * n)) for n in range(4)] == [0, 0, 0, 0]


@pytest.mark.django_db
def test_the_command_of_every_ten_minutes_sends_it(stamp):
    SiteAdminFactory()
    made(stamp, 30, now=timezone.now())

    call_command("send_reminders")

    assert [letter.subject for letter in mail.outbox] == ["[KLA] Cadangan terlambat"]
