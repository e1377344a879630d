"""Reminders of dates, Monday's digest, and the e-mail that carries them: once each."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command

from assessments.choices import NotificationKind, Stage
from assessments.models import Answer, Assignment, Notification
from assessments.services.deadlines import set_cluster_deadlines
from assessments.services.inbox import set_preferences
from assessments.services.mailing import send_pending
from assessments.services.notifications import Channels, Notice, deliver
from assessments.services.reminders import write_reminders
from cities.models import Membership, Opd
from outbox.models import Letter, LetterKind
from outbox.sending import HOLD, PAUSES
from tests.assessments.situations import (
    admin_of,
    city_with_opds,
    refused,
    set_stage,
    staff_of,
    working_year,
)
from tests.at_once import at_once
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory

DUE = date(2026, 6, 17)  # a Wednesday


def day(days, hour=10):
    """So many days before the due date, at this hour in Jakarta."""
    morning = datetime(DUE.year, DUE.month, DUE.day, tzinfo=UTC) - timedelta(days=days)
    return morning + timedelta(hours=hour - 7)


def due(year, code, on, opd=None):
    rows = Assignment.objects.filter(answer=answer_of(year, code))
    (rows.filter(opd__code=opd) if opd else rows).update(due_on=on)


def told(user=None, **wanted):
    rows = Notification.objects.filter(**wanted).order_by("pk")
    return [row.text for row in (rows.filter(user=user) if user else rows)]


def send(at):
    out = StringIO()
    call_command("send_reminders", "--at", at.isoformat(), stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def due_year(year, staff):
    """DISDIK's one question is due on a Wednesday; nobody was told of anything yet."""
    due(year, "1.2", DUE, "DISDIK")
    return year


# --- Near dates -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (8, None),
        (7, "Jatuh tempo 7 hari lagi, 17 Juni 2026: pertanyaan 1.2."),
        (3, "Jatuh tempo 3 hari lagi, 17 Juni 2026: pertanyaan 1.2."),
        (1, "Jatuh tempo besok, 17 Juni 2026: pertanyaan 1.2."),
        (0, "Jatuh tempo hari ini, 17 Juni 2026: pertanyaan 1.2."),
        (-1, "Terlambat 1 hari sejak 17 Juni 2026: pertanyaan 1.2."),
    ],
)
def test_the_opd_is_reminded_as_the_date_comes_near(due_year, staff, days, sentence):
    write_reminders(at=day(days))

    assert told(staff.user) == ([sentence] if sentence else [])


def test_over_the_weeks_each_step_is_told_once(due_year, staff):
    for days in range(20, -16, -1):
        for hour in (7, 15):
            write_reminders(at=day(days, hour))

    kinds = [NotificationKind.DUE_SOON, NotificationKind.OVERDUE]
    assert told(staff.user, kind__in=kinds) == [
        "Jatuh tempo 7 hari lagi, 17 Juni 2026: pertanyaan 1.2.",
        "Jatuh tempo 3 hari lagi, 17 Juni 2026: pertanyaan 1.2.",
        "Jatuh tempo besok, 17 Juni 2026: pertanyaan 1.2.",
        "Terlambat 1 hari sejak 17 Juni 2026: pertanyaan 1.2.",
        "Terlambat 8 hari sejak 17 Juni 2026: pertanyaan 1.2.",
        "Terlambat 15 hari sejak 17 Juni 2026: pertanyaan 1.2.",
    ]


def test_a_day_on_which_nothing_ran_is_made_up_for(due_year, staff):
    write_reminders(at=day(6))
    write_reminders(at=day(2))

    assert told(staff.user, kind=NotificationKind.DUE_SOON) == [
        "Jatuh tempo 6 hari lagi, 17 Juni 2026: pertanyaan 1.2.",
        "Jatuh tempo 2 hari lagi, 17 Juni 2026: pertanyaan 1.2.",
    ]


def test_a_date_that_was_moved_is_reminded_of_anew(due_year, staff):
    write_reminders(at=day(1))
    due(due_year, "1.2", DUE + timedelta(days=1))
    write_reminders(at=day(1))

    assert told(staff.user) == [
        "Jatuh tempo besok, 17 Juni 2026: pertanyaan 1.2.",
        "Jatuh tempo 2 hari lagi, 18 Juni 2026: pertanyaan 1.2.",
    ]


@pytest.mark.parametrize(
    ("fields", "count"),
    [({}, 0), ({"accepted": True}, 0), ({"returned": True}, 1)],
)
def test_what_waits_or_is_accepted_is_not_reminded_of(due_year, staff, fields, count):
    EvidenceFactory(answer=answer_of(due_year, "1.2"), **fields)

    write_reminders(at=day(1))

    assert len(told(staff.user)) == count


def test_many_questions_of_one_date_are_one_sentence(year):
    member = staff_of(year, "DINKES")
    due(year, "2a.2", DUE)
    due(year, "2b.1", DUE)

    write_reminders(at=day(1))

    assert told(member.user) == ["Jatuh tempo besok, 17 Juni 2026: 2 pertanyaan (2a.2, 2b.1)."]
    assert Notification.objects.get().url == f"/kota/{year.city.slug}/tugas/"


def test_each_opd_hears_of_its_own_date_alone(year, staff):
    partner = staff_of(year, "DP3A")
    due(year, "1.2", DUE, "DISDIK")
    due(year, "1.2", DUE + timedelta(days=30), "DP3A")

    write_reminders(at=day(1))

    assert (len(told(staff.user)), told(partner.user)) == (1, [])


def test_a_closed_year_reminds_nobody(due_year, staff):
    set_stage(assessment_id=due_year.pk, stage=Stage.CLOSED, at=day(9))

    write_reminders(at=day(1))

    assert told() == []


# --- Dates of clusters ------------------------------------------------------------------------


def cluster_of(year, code):
    return year.instrument.clusters.get(code=code)


def set_dates(year, dates):
    set_cluster_deadlines(assessment_id=year.pk, dates=dates, by=admin_of(year), at=day(30))


def test_the_assignment_goes_before_the_cluster_and_the_cluster_before_the_year(year):
    year.deadline = date(2026, 9, 1)
    year.save()
    set_dates(year, {cluster_of(year, "kelembagaan"): date(2026, 7, 1)})
    due(year, "1.2", DUE, "DISDIK")

    dates = dict(
        Answer.objects.filter(assessment=year).with_due_on().values_list("question__code", "due_on")
    )
    of_disdik = Assignment.objects.with_due().get(answer=answer_of(year, "1.2"), opd__code="DISDIK")
    of_dp3a = Assignment.objects.with_due().get(answer=answer_of(year, "1.2"), opd__code="DP3A")

    assert dates == {
        "1.1": date(2026, 7, 1),
        "1.2": DUE,
        "2a.1": date(2026, 9, 1),
        "2a.2": date(2026, 9, 1),
        "2b.1": date(2026, 9, 1),
    }
    assert (of_disdik.due, of_dp3a.due) == (DUE, date(2026, 7, 1))


def test_another_years_cluster_date_changes_nothing_here(year):
    set_dates(working_year(), {cluster_of(year, "kelembagaan"): DUE})

    assert answer_due(year, "1.1") is None


def answer_due(year, code):
    return Answer.objects.filter(assessment=year, question__code=code).with_due_on().get().due_on


def test_a_cluster_date_is_set_changed_and_taken_away(year):
    cluster = cluster_of(year, "klaster-1")
    for on in (DUE, DUE + timedelta(days=1), None):
        set_dates(year, {cluster: on})
        assert answer_due(year, "2a.1") == on

    details = list(
        year.activities.filter(deed="assessment_changed").values_list("detail", flat=True)
    )
    assert sorted(details) == ["Klaster I: 2026-06-17", "Klaster I: 2026-06-18", "Klaster I: –"]


def test_the_same_dates_again_leave_no_trace(year):
    cluster = cluster_of(year, "klaster-1")
    set_dates(year, {cluster: DUE})
    set_dates(year, {cluster: DUE})

    assert year.activities.filter(deed="assessment_changed").count() == 1


def test_a_cluster_of_another_instrument_is_refused(year):
    cluster = cluster_of(year, "klaster-1")
    cluster.instrument_id += 1

    with refused("foreign_cluster"):
        set_dates(year, {cluster: DUE})


def test_the_settings_page_sets_the_dates_of_the_clusters(client, year):
    admin = MembershipFactory(admin_kota=True, city=year.city)
    client.force_login(admin.user)
    cluster = cluster_of(year, "klaster-1")
    page = f"/kota/{year.city.slug}/penilaian/{year.year}/atur/"

    answer = client.post(f"{page}klaster/", {f"klaster_{cluster.pk}": "2026-06-17"})

    assert answer.url == page
    assert answer_due(year, "2a.1") == DUE
    assert 'value="17-06-2026"' in client.get(page).text


def test_a_date_that_is_none_is_refused_on_the_page(client, year):
    client.force_login(MembershipFactory(admin_kota=True, city=year.city).user)
    cluster = cluster_of(year, "klaster-1")

    page = client.post(
        f"/kota/{year.city.slug}/penilaian/{year.year}/atur/klaster/",
        {f"klaster_{cluster.pk}": "besok"},
    )

    assert list(page.context["cluster_form"].errors) == [f"klaster_{cluster.pk}"]
    assert answer_due(year, "2a.1") is None


def test_a_verifikator_sets_no_dates(client, year, reviewer):
    client.force_login(reviewer.user)
    page = f"/kota/{year.city.slug}/penilaian/{year.year}/atur/klaster/"

    assert client.post(page, {}).status_code == 403


# --- Mornings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Asia/Jakarta", "2026-06-15T23:00+00:00"),
        ("Asia/Makassar", "2026-06-15T22:00+00:00"),
        ("Asia/Jayapura", "2026-06-15T21:00+00:00"),
    ],
)
def test_the_day_begins_at_six_in_the_citys_own_morning(zone, moment, db):
    year = working_year(city=city_with_opds(timezone=zone))
    member = staff_of(year, "DISDIK")
    due(year, "1.2", DUE, "DISDIK")
    at = datetime.fromisoformat(moment)

    write_reminders(at=at - timedelta(seconds=1))
    assert told(member.user) == []

    write_reminders(at=at)
    assert told(member.user) == ["Jatuh tempo besok, 17 Juni 2026: pertanyaan 1.2."]


@pytest.mark.parametrize(
    ("zone", "days"),
    [("Asia/Jakarta", "7 hari lagi"), ("Asia/Makassar", None), ("Asia/Jayapura", None)],
)
def test_at_one_moment_it_is_another_day_elsewhere(zone, days, db):
    """23.30 on the tenth in Jakarta is past midnight, and before six, farther east."""
    year = working_year(city=city_with_opds(timezone=zone))
    member = staff_of(year, "DISDIK")
    due(year, "1.2", DUE, "DISDIK")

    write_reminders(at=datetime.fromisoformat("2026-06-10T23:30+07:00"))

    assert [days in text for text in told(member.user)] == ([True] if days else [])


# --- Monday's digest --------------------------------------------------------------------------

MONDAY = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)


def test_on_monday_an_opd_reads_where_its_questions_stand(year):
    member = staff_of(year, "DINKES")
    staff_of(working_year(), "DINKES")
    EvidenceFactory(answer=answer_of(year, "2a.2"))
    due(year, "2b.1", date(2026, 6, 1))

    write_reminders(at=MONDAY)

    assert told(member.user, kind=NotificationKind.WEEKLY_DIGEST) == [
        (
            "Ringkasan pekan ini: 0 dari 2 pertanyaan selesai, 1 menunggu pemeriksaan, 0 dikembalikan, "
            "1 belum lengkap, 1 terlambat. Nilai yang masih menunggu OPD Anda: 25."
        )
    ]


def test_on_monday_the_gugus_tugas_reads_where_the_year_stands(year, secretariat, reviewer):
    EvidenceFactory(answer=answer_of(year, "1.2"))
    EvidenceFactory(answer=answer_of(year, "2a.2"), returned=True)
    due(year, "2b.1", date(2026, 6, 1))

    write_reminders(at=MONDAY)

    assert told() == [
        (
            "Ringkasan pekan ini: terbukti 0 poin dari klaim 0; 1 dokumen menunggu pemeriksaan, "
            "1 pertanyaan dikembalikan, 1 terlambat, 1 tanpa penanggung jawab."
        )
    ]
    assert Notification.objects.get().user == secretariat.user


def test_the_digest_comes_on_mondays_alone_and_once(year, secretariat):
    for hours in range(0, 14 * 24, 6):
        write_reminders(at=MONDAY + timedelta(hours=hours))

    stamps = Notification.objects.order_by("pk").values_list("created_at", flat=True)
    assert [stamp - MONDAY for stamp in stamps] == [timedelta(0), timedelta(days=7)]


def test_an_opd_that_has_done_everything_gets_no_digest(year, staff):
    EvidenceFactory(answer=answer_of(year, "1.2"), accepted=True)

    write_reminders(at=MONDAY)

    assert told() == []


def test_an_opd_without_questions_gets_no_digest(year):
    member = MembershipFactory(of_opd=True, city=year.city)

    write_reminders(at=MONDAY)

    assert told(member.user) == []


# --- E-mail -----------------------------------------------------------------------------------


def test_twice_run_is_once_sent(due_year, staff):
    assert send(day(1)) == "1 e-mail terkirim."
    assert send(day(1)) == "0 e-mail terkirim."

    assert [letter.to for letter in mail.outbox] == [[staff.user.email]]
    assert Notification.objects.get().emailed_at == day(1)


def test_a_letter_says_what_and_where_in_plain_text(due_year, staff, settings):
    settings.KLA_BASE_URL = "https://kla.example.go.id"
    send(day(1))

    (letter,) = mail.outbox
    assert letter.subject == "[KLA] Tenggat 7, 3, atau 1 hari lagi"
    assert letter.extra_headers == {"Auto-Submitted": "auto-generated"}
    assert letter.body.strip().split("\n\n") == [
        f"Yth. {staff.user},",
        f"{due_year}",
        (
            "- Jatuh tempo besok, 17 Juni 2026: pertanyaan 1.2.\n"
            f"  https://kla.example.go.id{answer_of(due_year, '1.2').get_absolute_url()}"
        ),
        (
            "Pesan ini dikirim otomatis oleh KLA. Pilih apa yang ingin Anda terima di:\n"
            "https://kla.example.go.id/kotak-masuk/pengaturan/"
        ),
    ]


def notice(user, year, key="kabar", text="Kabar"):
    return Notice(user.pk, NotificationKind.RETURNED, year.pk, text, "/", key)


def test_a_person_gets_one_letter_for_all_their_cities(year, staff):
    other = working_year()
    Membership.objects.create(
        user=staff.user,
        city=other.city,
        role="opd",
        opd=Opd.objects.get(city=other.city, code="DINKES"),
    )
    deliver(
        [
            notice(staff.user, year, "a", "Satu"),
            notice(staff.user, other, "b", "Dua"),
            notice(staff.user, year, "c", "Tiga"),
        ],
        at=day(1),
    )

    send_pending(now=lambda: day(1))

    (letter,) = mail.outbox
    words = [line for line in letter.body.splitlines() if line and line[0] in "K-"]
    assert letter.subject == "[KLA] 3 pemberitahuan"
    assert words == [str(year), "- Satu", "- Tiga", str(other), "- Dua"]


def test_nothing_in_a_letter_is_escaped_and_no_header_is_broken(year, staff):
    deliver([notice(staff.user, year, text="“A & B” <c>\nBcc: x@y.id")], at=day(1))

    send_pending(now=lambda: day(1))

    (letter,) = mail.outbox
    assert "“A & B” <c>" in letter.body
    assert letter.subject == "[KLA] Dokumen dikembalikan"
    assert letter.recipients() == [staff.user.email]


def test_who_wants_no_mail_gets_none(due_year, staff):
    ways = Channels(in_app=True, email=False)
    set_preferences(chosen={NotificationKind.DUE_SOON: ways}, by=staff.user)

    send(day(1))

    assert mail.outbox == []
    assert len(told(staff.user, in_app=True)) == 1


def test_who_wants_neither_is_not_told_at_all(due_year, staff):
    ways = Channels(in_app=False, email=False)
    set_preferences(chosen={NotificationKind.DUE_SOON: ways}, by=staff.user)

    send(day(1))

    assert (mail.outbox, told()) == ([], [])


def test_a_closed_account_and_a_former_member_get_no_mail(year, staff):
    former = staff_of(year, "DISDIK")
    deliver([notice(staff.user, year), notice(former.user, year)], at=day(1))
    staff.user.is_active = False
    staff.user.save()
    former.delete()

    send_pending(now=lambda: day(1))

    assert mail.outbox == []


def test_old_news_is_not_mailed(year, staff):
    deliver([notice(staff.user, year)], at=day(5))

    send_pending(now=lambda: day(2))
    assert mail.outbox == []

    send_pending(now=lambda: day(2) - timedelta(seconds=1))
    assert len(mail.outbox) == 1


class FailingBackend(EmailBackend):
    """Takes letters until the one to `refuses`; then `error`."""

    refuses = ""
    error: Exception = ConnectionRefusedError("no server")

    def send_messages(self, messages):
        if messages[0].to == [self.refuses]:
            raise self.error
        return super().send_messages(messages)


@pytest.fixture
def three(year, settings, monkeypatch):
    """Three people with a letter each; the mail server fails at the second."""
    people = [staff_of(year, "DISDIK").user for _number in range(3)]
    deliver([notice(user, year) for user in people], at=day(1))
    settings.EMAIL_BACKEND = f"{FailingBackend.__module__}.FailingBackend"
    monkeypatch.setattr(FailingBackend, "refuses", people[1].email)
    return people


def sent_to():
    return [letter.to[0] for letter in mail.outbox]


def test_a_letter_that_fails_rests_alone_and_the_others_go_out(three, caplog, monkeypatch):
    send(day(1))

    assert sent_to() == [three[0].email, three[2].email]
    assert [record.getMessage() for record in caplog.records] == [
        f"Letter notices {three[1].pk} failed"
    ]
    waiting = Notification.objects.filter(emailed_at=None)
    assert [notice.user for notice in waiting] == [three[1]]

    monkeypatch.setattr(FailingBackend, "refuses", "")
    send(day(1) + PAUSES[0] - timedelta(seconds=1))
    assert len(sent_to()) == 2
    send(day(1) + PAUSES[0])
    assert sent_to()[2:] == [three[1].email]


def test_a_sender_that_died_gives_its_letters_free_after_a_while(year, staff):
    deliver([notice(staff.user, year)], at=day(1))
    Letter.objects.create(
        kind=LetterKind.NOTICES,
        subject=staff.user.pk,
        held_by="5f0c1f8e-0000-4000-8000-000000000000",
        held_until=day(1) + HOLD,
    )

    assert send_pending(now=lambda: day(1) + HOLD - timedelta(seconds=1)).sent == 0
    assert send_pending(now=lambda: day(1) + HOLD).sent == 1


# --- At once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_and_mail_once(transactional_db):
    year = working_year()
    people = [staff_of(year, code).user for code in ("DISDIK", "DINKES", "DP3A")]
    Assignment.objects.update(due_on=DUE)

    def run():
        write_reminders(at=day(1))
        return send_pending(now=lambda: day(1)).sent

    sent = at_once(run, run, run)

    assert sum(sent) == len(people)
    assert sorted(sent_to()) == sorted(user.email for user in people)
    assert Notification.objects.count() == len(people)
    assert not Notification.objects.filter(emailed_at=None).exists()


def test_reminding_costs_the_same_for_1_person_and_for_30(due_year, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as first:
        write_reminders(at=day(1))
    for _number in range(29):
        staff_of(due_year, "DISDIK")
    with django_assert_max_num_queries(12) as second:
        write_reminders(at=day(1))

    assert len(second) == len(first)


def test_the_moment_may_be_given_in_the_zone_of_the_server(due_year, staff):
    call_command("send_reminders", "--at", "2026-06-16T10:00", stdout=StringIO())

    assert Notification.objects.get().created_at == day(1)
