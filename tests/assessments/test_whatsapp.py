"""Reminders by WhatsApp: only who agreed, once each, never above their limit, and none lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from assessments.choices import NotificationKind, TrailEvent
from assessments.models import Activity, Notification, WhatsappConsent
from assessments.services.chasing import remind_opd
from assessments.services.consent import agree_to_whatsapp, withdraw_from_whatsapp
from assessments.services.inbox import set_preferences
from assessments.services.messaging import send_messages
from assessments.services.notifications import Channels
from cities.models import Opd
from cities.services.members import remove_member
from outbox.models import Letter, LetterKind
from tests.assessments.situations import NOW, admin_of, later, secretary_of, staff_of
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory, OpdFactory
from tests.outbox.gateway_server import TOKEN, Answer, FormServer, serving

pytestmark = pytest.mark.django_db

NUMBER = "+6281234567890"


@pytest.fixture
def gateway(settings):
    with serving(FormServer) as behaviour:
        facts = {"gateway": "form", "url": behaviour.url, "token": TOKEN}
        settings.WHATSAPP = settings.WHATSAPP | facts
        yield behaviour


@pytest.fixture
def opd(year):
    return Opd.objects.get(city=year.city, code="DINKES")


@pytest.fixture
def agreed(year):
    """Somebody of DINKES who wants to be reminded, once a day."""
    person = staff_of(year, "DINKES").user
    agree_to_whatsapp(number=NUMBER, most_a_day=1, by=person, at=NOW)
    return person


def remind(year, opd, at=NOW, by=None):
    return remind_opd(assessment_id=year.pk, opd=opd, by=by or secretary_of(year), at=at)


def send(at=NOW):
    return send_messages(now=lambda: at)


def targets(gateway):
    return [seen.fields["target"] for seen in gateway.seen]


# --- The deed ---------------------------------------------------------------------------------


def test_everybody_of_the_opd_is_told_and_the_trail_says_so(year, opd):
    people = [staff_of(year, "DINKES").user for _ in range(2)]
    staff_of(year, "DISDIK")

    assert remind(year, opd) == 2

    told = Notification.objects.filter(kind=NotificationKind.REMINDED).order_by("user")
    assert [notice.user_id for notice in told] == [person.pk for person in people]
    assert told[0].text == (
        "Gugus Tugas mengingatkan Dinas DINKES: 2 pertanyaan belum lengkap (2a.2, 2b.1)."
    )
    assert Activity.objects.get(deed=TrailEvent.OPD_REMINDED).detail == "Dinas DINKES"


def refused(year, opd, **facts):
    before = Notification.objects.count(), Activity.objects.count()
    with pytest.raises(ValidationError) as caught:
        remind(year, opd, **facts)
    assert (Notification.objects.count(), Activity.objects.count()) == before
    return caught.value.code


def test_an_opd_is_reminded_once_a_day_by_the_citys_own_clock(year, opd, agreed):
    remind(year, opd)  # at 10.00 WIB

    assert refused(year, opd, at=NOW + timedelta(hours=13, minutes=59)) == "reminded_today"
    assert remind(year, opd, at=NOW + timedelta(hours=14)) == 1


def test_nothing_owed_and_nobody_there_are_refused(year, opd):
    assert refused(year, opd) == "nobody_there"
    staff_of(year, "DISDIK")
    EvidenceFactory(answer=answer_of(year, "1.2"))
    assert refused(year, Opd.objects.get(city=year.city, code="DISDIK")) == "nothing_owed"


def test_an_opd_of_another_city_cannot_be_reminded(year):
    with pytest.raises(PermissionDenied):
        remind(year, OpdFactory())


def test_who_wants_to_hear_nothing_of_it_hears_nothing(year, opd):
    person = staff_of(year, "DINKES").user
    silent = {NotificationKind.REMINDED: Channels(in_app=False, email=False)}
    set_preferences(chosen=silent, by=person)

    remind(year, opd)

    assert not Notification.objects.filter(user=person).exists()


# --- What goes out ----------------------------------------------------------------------------


def test_only_who_agreed_gets_a_message_and_gets_it_once(year, opd, agreed, gateway):
    staff_of(year, "DINKES")  # has not agreed
    remind(year, opd)

    outcomes = [send(), send(), send(later(60))]

    assert [outcome.sent for outcome in outcomes] == [1, 0, 0]
    [seen] = gateway.seen
    assert seen.fields["target"] == NUMBER.removeprefix("+")
    assert seen.fields["message"].startswith("Gugus Tugas mengingatkan Dinas DINKES")
    assert f"/kota/{year.city.slug}/tugas/" in seen.fields["message"]
    assert Notification.objects.get(user=agreed).messaged_at == NOW
    assert not Letter.objects.exists()


def test_without_a_gateway_nothing_waits_and_nothing_is_sent(year, opd, agreed):
    remind(year, opd)

    assert Notification.objects.get(user=agreed).by_whatsapp is False
    assert send().sent == 0


def test_no_more_than_the_persons_own_limit_a_day(year, opd, agreed, gateway):
    other = Opd.objects.get(city=year.city, code="DISDIK")
    remind(year, opd)
    send()
    Notification.objects.create(
        user=agreed,
        kind=NotificationKind.REMINDED,
        assessment=year,
        text="Pengingat kedua",
        url="/",
        key="kedua",
        created_at=NOW,
        by_whatsapp=True,
    )

    assert (send(later(60)).sent, len(gateway.seen)) == (0, 1)
    assert not Letter.objects.exists()  # a limit is no failure
    assert other.pk != opd.pk
    tomorrow = NOW + timedelta(hours=14)  # 00.00 WIB
    assert (send(tomorrow).sent, len(gateway.seen)) == (1, 2)


def test_a_higher_limit_lets_more_through(year, opd, agreed, gateway):
    agree_to_whatsapp(number=NUMBER, most_a_day=2, by=agreed, at=NOW)
    remind(year, opd)
    send()
    Notification.objects.filter(user=agreed).update(key="pertama")
    remind(year, opd, at=later(60))

    assert (send(later(60)).sent, len(gateway.seen)) == (1, 2)


def test_what_waits_goes_out_as_one_message(year, opd, agreed, gateway):
    for number in (1, 2):
        remind(year, opd)
        Notification.objects.filter(key__startswith="reminded").update(key=f"n{number}")

    send()

    [seen] = gateway.seen
    assert seen.fields["message"].count("Gugus Tugas mengingatkan") == 2
    assert seen.fields["message"].endswith(reverse("assessments:inbox"))


def test_whoever_takes_the_agreement_back_gets_nothing_more(year, opd, agreed, gateway):
    remind(year, opd)
    withdraw_from_whatsapp(by=agreed)

    assert (send().sent, gateway.seen) == (0, [])


def test_whoever_left_the_city_gets_nothing_more(year, opd, agreed, gateway):
    remind(year, opd)
    remove_member(membership=agreed.memberships.get(), by=admin_of(year), at=NOW)

    assert (send().sent, gateway.seen) == (0, [])


def test_what_could_not_be_sent_for_three_days_is_no_news(year, opd, agreed, gateway):
    remind(year, opd)

    assert send(NOW + timedelta(days=3)).sent == 0


# --- When it fails ----------------------------------------------------------------------------


def test_a_refusal_is_tried_again_after_its_pause(year, opd, agreed, gateway):
    remind(year, opd)
    gateway.answers = [Answer(200, {"status": False, "reason": "disconnected device"})]

    first, early, again = send(), send(later(9)), send(later(10))

    assert (first.failed, early.sent, again.sent, len(gateway.seen)) == (1, 0, 1, 2)


def test_the_fault_is_kept_for_people_without_the_secret(year, opd, agreed, gateway):
    remind(year, opd)
    gateway.answers = [Answer(200, {"status": False, "reason": f"device {TOKEN}"})]

    send()

    letter = Letter.objects.get(kind=LetterKind.WHATSAPP, subject=agreed.pk)
    assert letter.fault == "Gateway WhatsApp menolak pesan ini. Jawabannya: device …"


def test_a_busy_gateway_is_left_alone_as_long_as_it_asked(year, opd, agreed, gateway):
    remind(year, opd)
    gateway.answers = [Answer(429, {"status": False}, {"Retry-After": "7200"})]

    first, early, again = send(), send(later(119)), send(later(120))

    assert (first.is_server_away, early.sent, again.sent, len(gateway.seen)) == (True, 0, 1, 2)


@pytest.mark.parametrize("status", [401, 429, 500])
def test_what_ails_the_gateway_is_asked_once_and_not_held_against_the_rest(
    year, opd, agreed, gateway, status
):
    second = staff_of(year, "DINKES").user
    agree_to_whatsapp(number="+6281111111111", most_a_day=1, by=second, at=NOW)
    remind(year, opd)
    gateway.answers = [Answer(status, b"")]

    outcome = send()

    assert (outcome.is_server_away, len(gateway.seen)) == (True, 1)
    assert [letter.subject for letter in Letter.objects.all()] == [agreed.pk]


def test_a_refused_number_does_not_stop_the_others(year, opd, agreed, gateway):
    second = staff_of(year, "DINKES").user
    agree_to_whatsapp(number="+6281111111111", most_a_day=1, by=second, at=NOW)
    remind(year, opd)
    gateway.by_number[NUMBER.removeprefix("+")] = Answer(200, {"status": False})

    outcome = send()

    assert (outcome.sent, outcome.failed) == (1, 1)
    assert targets(gateway) == ["6281234567890", "6281111111111"]


@pytest.mark.parametrize("answer", [Answer(200, b"<html>"), Answer(hangs_up=True)])
def test_what_may_have_been_sent_is_never_sent_again(year, opd, agreed, gateway, answer):
    remind(year, opd)
    gateway.answers = [answer]

    outcomes = [send(), send(later(10)), send(later(600))]

    assert [(outcome.sent, outcome.failed) for outcome in outcomes] == [(0, 1), (0, 0), (0, 0)]
    assert len(gateway.seen) == 1


def test_a_gateway_that_is_away_loses_nothing(year, opd, agreed, gateway, settings):
    remind(year, opd)
    there = settings.WHATSAPP
    with serving(FormServer) as gone:
        nobody = there | {"url": gone.url}
    settings.WHATSAPP = nobody
    failed = send()
    settings.WHATSAPP = there

    assert (failed.failed, send(later(10)).sent, len(gateway.seen)) == (1, 1, 1)


def test_the_secret_and_the_number_stay_out_of_the_log(year, opd, agreed, gateway, caplog):
    remind(year, opd)
    gateway.answers = [Answer(500, f"{TOKEN} {NUMBER}".encode())]

    send()

    assert "failed" in caplog.text
    assert TOKEN not in caplog.text
    assert "6281234567890" not in caplog.text


def test_the_command_sends_them(year, opd, agreed, gateway, capsys):
    remind(year, opd, at=timezone.now())

    call_command("send_reminders")

    assert targets(gateway) == ["6281234567890"]
    assert "1 pesan WhatsApp terkirim." in capsys.readouterr().out


# --- The person's own page --------------------------------------------------------------------

PAGE = "assessments:whatsapp_consent"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0812 3456 7890", NUMBER),
        ("+62 812-3456-7890", NUMBER),
        ("6281234567890", NUMBER),
        ("+65 6123 4567", "+6561234567"),
    ],
)
def test_a_person_gives_their_own_number(client, year, gateway, typed, stored):
    person = staff_of(year, "DINKES").user
    client.force_login(person)

    client.post(reverse(PAGE), {"number": typed, "most_a_day": "2", "agrees": "on"})

    consent = WhatsappConsent.objects.get()
    assert (consent.user_id, consent.number, consent.most_a_day) == (person.pk, stored, 2)


@pytest.mark.parametrize(
    "said",
    [
        {"agrees": ""},
        {"number": "12"},
        {"number": "0812x3456789"},
        {"number": "٠٨١٢٣٤٥٦٧٨٩٠"},
        {"number": "+62812345678901234567"},
        {"most_a_day": "0"},
        {"most_a_day": "6"},
    ],
)
def test_without_agreement_or_a_whole_number_nothing_is_kept(client, year, gateway, said):
    client.force_login(staff_of(year, "DINKES").user)
    usual = {"number": NUMBER, "most_a_day": "1", "agrees": "on"}

    response = client.post(reverse(PAGE), usual | said)

    assert response.status_code == 200
    assert not WhatsappConsent.objects.exists()


def test_a_person_takes_it_back_and_the_number_is_gone(client, agreed, gateway):
    client.force_login(agreed)

    client.post(reverse(PAGE), {"cabut": "1"})

    assert not WhatsappConsent.objects.exists()


def test_without_a_gateway_no_number_is_asked_for_but_one_can_be_taken_back(client, agreed):
    client.force_login(agreed)
    usual = {"number": "+6280000000000", "most_a_day": "1", "agrees": "on"}

    html = client.get(reverse(PAGE)).content.decode()
    client.post(reverse(PAGE), usual)

    assert 'name="number"' not in html
    assert 'name="cabut"' in html
    assert WhatsappConsent.objects.get().number == NUMBER


def test_nobody_sees_the_number_of_another(client, year, agreed, gateway):
    other = MembershipFactory(admin_kota=True, city=year.city).user
    client.force_login(other)

    pages = [reverse(PAGE), reverse("cities:member_list", args=[year.city.slug])]

    assert [NUMBER in client.get(page).content.decode() for page in pages] == [False, False]


def test_the_page_of_reminders_tells_the_people_by_a_button(client, year, opd, agreed):
    client.force_login(secretary_of(year))
    page = reverse("assessments:reminder_opd", args=[year.city.slug, year.year, opd.pk])

    first = client.post(page, follow=True).content.decode()
    second = client.post(page, follow=True).content.decode()

    assert "Pengingat tersimpan untuk 1 orang Dinas DINKES." in first
    assert "sudah diingatkan hari ini" in second
    assert Notification.objects.filter(kind=NotificationKind.REMINDED).count() == 1
