"""A person's inbox and what they choose to find there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from assessments.choices import EMAILED_BY_DEFAULT, NotificationKind
from assessments.models import Notification, NotificationPreference
from assessments.services.inbox import mark_all_read, mark_read
from tests.assessments.situations import NOW, later
from tests.factories.cities import UserFactory

INBOX = "/kotak-masuk/"


def write(user, year, text="Kabar", *, minutes=0, **fields):
    values = {
        "user": user,
        "kind": NotificationKind.RETURNED,
        "assessment": year,
        "text": text,
        "url": f"/kota/{year.city.slug}/tugas/",
        "key": f"{text}:{minutes}",
        "created_at": NOW + timedelta(minutes=minutes),
    }
    return Notification.objects.create(**(values | fields))


@pytest.fixture
def reader(client, staff):
    client.force_login(staff.user)
    return client


def texts(response):
    return [row.text for row in response.context["page_obj"]]


def test_unread_comes_first_and_then_the_newest(reader, year, staff):
    write(staff.user, year, "lama", minutes=1)
    write(staff.user, year, "terbaca", minutes=9, read_at=later(10))
    write(staff.user, year, "baru", minutes=5)

    assert texts(reader.get(INBOX)) == ["baru", "lama", "terbaca"]


def test_nobody_reads_anothers_inbox(reader, year, staff):
    other = write(UserFactory(), year, "rahasia")

    assert texts(reader.get(INBOX)) == []
    assert reader.post(f"{INBOX}{other.pk}/buka/").status_code == 404
    assert reader.post(f"{INBOX}{other.pk}/dibaca/").status_code == 404
    reader.post(f"{INBOX}dibaca/")
    other.refresh_from_db()
    assert other.read_at is None


def test_what_goes_by_mail_alone_is_not_in_the_inbox(reader, year, staff):
    mail = write(staff.user, year, in_app=False)

    assert texts(reader.get(INBOX)) == []
    assert reader.post(f"{INBOX}{mail.pk}/buka/").status_code == 404


def test_opening_leads_to_the_page_and_counts_as_read(reader, year, staff):
    row = write(staff.user, year)

    answer = reader.post(f"{INBOX}{row.pk}/buka/")

    row.refresh_from_db()
    assert answer.url == f"/kota/{year.city.slug}/tugas/"
    assert row.read_at is not None


def test_looking_changes_nothing(reader, year, staff):
    row = write(staff.user, year)

    reader.get(INBOX)
    assert reader.get(f"{INBOX}{row.pk}/buka/").status_code == 405

    row.refresh_from_db()
    assert row.read_at is None


def test_one_is_marked_and_the_others_stay(reader, year, staff):
    first, second = (write(staff.user, year, text) for text in "ab")

    reader.post(f"{INBOX}{first.pk}/dibaca/")

    assert list(Notification.objects.unread()) == [second]


def test_all_are_marked_at_once(reader, year, staff):
    for text in "abc":
        write(staff.user, year, text)

    page = reader.post(f"{INBOX}dibaca/", follow=True)

    assert not Notification.objects.unread().exists()
    assert "3 pemberitahuan ditandai dibaca." in page.content.decode()


def test_what_came_after_the_click_stays_unread(year, staff):
    write(staff.user, year, "sebelum", minutes=1)
    after = write(staff.user, year, "sesudah", minutes=3)

    assert mark_all_read(by=staff.user, at=later(2)) == 1

    assert list(Notification.objects.unread()) == [after]


def test_the_first_reading_is_the_one_remembered(year, staff):
    row = write(staff.user, year)

    for minutes in (1, 2):
        mark_read(notification=row, at=later(minutes))

    row.refresh_from_db()
    assert row.read_at == later(1)


def test_a_long_inbox_comes_in_pages(reader, year, staff):
    for number in range(21):
        write(staff.user, year, f"kabar {number}", minutes=number)

    assert len(texts(reader.get(INBOX))) == 20
    assert texts(reader.get(f"{INBOX}?halaman=2")) == ["kabar 0"]


def test_the_text_of_others_is_escaped(reader, year, staff):
    write(staff.user, year, "<script>alert(1)</script>")

    text = reader.get(INBOX).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text


def test_times_are_those_of_the_city(reader, year, staff):
    year.city.timezone = "Asia/Jayapura"
    year.city.save()
    write(staff.user, year)

    assert "2 Maret 2026 12.00 WIT" in reader.get(INBOX).content.decode()


def test_an_empty_inbox_says_what_it_is_for(reader):
    assert "Belum ada pemberitahuan" in reader.get(INBOX).content.decode()


def test_the_inbox_costs_the_same_for_1_and_for_25(reader, year, staff, django_assert_num_queries):
    write(staff.user, year)
    with django_assert_num_queries(4):  # session, user with unread, count, rows
        reader.get(INBOX)
    for number in range(24):
        write(staff.user, year, str(number))
    with django_assert_num_queries(4):
        reader.get(INBOX)


# --- The header -------------------------------------------------------------------------------


def unread_in_header(client, address="/kota/"):
    text = client.get(address).content.decode()
    return text.partition('class="inbox-link__count num">')[2].partition("<")[0]


def test_every_page_tells_how_much_is_unread(reader, year, staff):
    write(staff.user, year, "a")
    write(staff.user, year, "b")
    write(staff.user, year, "c", read_at=later())
    write(staff.user, year, "d", in_app=False)
    write(UserFactory(), year, "e")

    assert unread_in_header(reader) == "2"
    assert unread_in_header(reader, f"/kota/{year.city.slug}/tugas/") == "2"


def test_nothing_unread_shows_no_number(reader):
    assert unread_in_header(reader) == ""


@pytest.mark.parametrize("address", ["/masuk/", "/tidak-ada/"])
def test_pages_without_a_person_have_no_inbox(client, db, address):
    assert "kotak-masuk" not in client.get(address).content.decode()


@pytest.mark.parametrize("name", ["inbox", "notifications_read", "notification_preferences"])
def test_the_inbox_asks_who_is_there(client, db, name):
    answer = client.get(reverse(f"assessments:{name}"))

    assert answer.url.startswith("/masuk/")


# --- Preferences ------------------------------------------------------------------------------


def boxes(response):
    return {
        kind.value: (bool(in_app.value()), bool(email.value()))
        for kind, in_app, email in response.context["form"].rows()
    }


def test_the_page_shows_the_usual_ways_until_one_chooses(reader):
    shown = boxes(reader.get(f"{INBOX}pengaturan/"))

    assert shown == {kind.value: (True, kind in EMAILED_BY_DEFAULT) for kind in NotificationKind}


def test_what_is_ticked_is_what_is_stored(reader, staff):
    reader.post(f"{INBOX}pengaturan/", {"returned_in_app": "on", "overdue_email": "on"})

    shown = boxes(reader.get(f"{INBOX}pengaturan/"))
    expected = {kind.value: (False, False) for kind in NotificationKind}
    assert shown == expected | {"returned": (True, False), "overdue": (False, True)}
    assert set(NotificationPreference.objects.values_list("user", flat=True)) == {staff.user_id}


def test_an_empty_form_means_that_nothing_is_wanted(reader):
    """A browser sends no box that is not ticked; the form's token comes all the same."""
    reader.post(f"{INBOX}pengaturan/", {"csrfmiddlewaretoken": "x"})

    assert set(boxes(reader.get(f"{INBOX}pengaturan/")).values()) == {(False, False)}


def test_somebody_without_a_city_has_an_inbox_too(client, db):
    client.force_login(UserFactory())

    assert client.get(INBOX).status_code == 200
    assert client.get(f"{INBOX}pengaturan/").status_code == 200
