"""Messages with which the Gugus Tugas reminds OPDs: what they say, what they never say, whose they are."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.choices import AnswerState, Stage
from assessments.models import Assessment, RescueWindow
from assessments.reminder_text import QUESTIONS_NAMED, OwedQuestion, reminder_text, whatsapp_url
from assessments.services.owed import in_order, owed_by_opd
from cities.models import Opd
from tests.assessments.situations import NOW, secretary_of, staff_of
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import CityFactory, OpdFactory

TODAY = date(2026, 3, 2)


def owed(code="1.2", **facts):
    usual = {"text": "Anak punya akta", "state": AnswerState.EMPTY, "due_on": date(2026, 3, 1)}
    return OwedQuestion(code=code, **(usual | {"is_late": False} | facts))


def told(*questions):
    return reminder_text(
        opd="Dinas & Anak", city="Kota A", year=2026, owed=questions, url="https://kla.test/x/"
    )


def test_a_message_says_who_what_until_when_and_where():
    returned = owed("2a.1", state=AnswerState.RETURNED, is_late=True)

    assert told(owed(), returned) == (
        "Yth. Dinas & Anak,\n"
        "\n"
        "Mohon dilengkapi untuk penilaian Kota Layak Anak Kota A 2026:\n"
        "1. 1.2 Anak punya akta – paling lambat 1 Maret 2026\n"
        "2. 2a.1 Anak punya akta – dokumen dikembalikan, mohon diperbaiki"
        " – terlambat, tenggatnya 1 Maret 2026\n"
        "\n"
        "Unggah dokumen dan isi klaim di: https://kla.test/x/\n"
        "\n"
        "Terima kasih.\n"
        "Gugus Tugas KLA Kota A"
    )


def test_a_question_without_a_date_is_told_without_one():
    assert "1. 1.2 Anak punya akta\n" in told(owed(due_on=None))


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Asia/Jakarta", "1 Maret 2026 13.05 WIB"),
        ("Asia/Makassar", "1 Maret 2026 14.05 WITA"),
        ("Asia/Jayapura", "1 Maret 2026 15.05 WIT"),
    ],
)
def test_the_end_of_a_window_is_told_by_the_citys_own_clock(zone, moment):
    closing = owed(closes_at=datetime(2026, 3, 1, 6, 5, tzinfo=UTC))

    with timezone.override(zone):
        text = told(closing)

    assert f"1. 1.2 Anak punya akta – sampai {moment}\n" in text


@pytest.mark.parametrize("more", [0, 1, 264])
def test_a_message_names_ten_questions_and_counts_the_rest(more):
    lines = told(*[owed(f"1.{n}") for n in range(QUESTIONS_NAMED + more)]).splitlines()

    assert len([line for line in lines if "Anak punya akta" in line]) == QUESTIONS_NAMED
    assert [line for line in lines if "lainnya" in line] == (
        [f"… dan {more} pertanyaan lainnya."] if more else []
    )


def test_a_long_question_is_cut_so_that_the_address_stays_short():
    text = told(*[owed(text="panjang & lebar " * 40) for _ in range(300)])

    assert len(whatsapp_url(text)) < 4000


@pytest.mark.parametrize("text", ["a & b?c=d#e", "1.2a – 100%\nbaris", "é + “kutip”", "😀"])
def test_whatsapp_is_handed_the_very_text(text):
    url = urlsplit(whatsapp_url(text))

    assert (url.scheme, url.netloc, url.path) == ("https", "wa.me", "/")
    assert url.fragment == ""
    assert parse_qs(url.query) == {"text": [text]}
    assert "+" not in url.query  # which some phones show as it stands


def test_a_window_comes_first_and_what_has_no_date_last():
    rows = [
        owed("none", due_on=None),
        owed("later", due_on=date(2026, 5, 1)),
        owed("sooner", due_on=date(2026, 4, 1)),
        owed("window", closes_at=NOW),
    ]

    assert [one.code for one in in_order(rows)] == ["window", "sooner", "later", "none"]


# --- What is owed -----------------------------------------------------------------------------


def owing(year, **narrowed):
    found = owed_by_opd(
        Assessment.objects.get(pk=year.pk), today=TODAY, at=narrowed.pop("at", NOW), **narrowed
    )
    return {one.opd.code: [question.code for question in one.questions] for one in found}


@pytest.mark.parametrize(
    ("verdict", "is_owed"), [({}, False), ({"accepted": True}, False), ({"returned": True}, True)]
)
def test_an_opd_owes_what_it_holds_and_has_not_handed_in(year, verdict, is_owed):
    EvidenceFactory(answer=answer_of(year, "1.2"), **verdict)

    both = {"DISDIK": ["1.2"], "DP3A": ["1.1", "1.2"], "DINKES": ["2a.2", "2b.1"]}
    rest = {"DP3A": ["1.1"], "DINKES": ["2a.2", "2b.1"]}
    assert owing(year) == (both if is_owed else rest)


def test_it_is_late_by_the_opds_own_date(year):
    answer = answer_of(year, "1.2")
    answer.assignments.filter(opd__code="DP3A").update(due_on=TODAY - timedelta(days=1))
    answer.assignments.filter(opd__code="DISDIK").update(due_on=TODAY)

    found = owed_by_opd(Assessment.objects.get(pk=year.pk), today=TODAY, at=NOW)

    assert {one.opd.code: one.late for one in found} == {"DP3A": 1, "DISDIK": 0, "DINKES": 0}
    assert found[0].opd.code == "DP3A"
    assert [question.code for question in found[0].only_late().questions] == ["1.2"]


def test_a_closed_opd_and_another_question_are_left_out(year):
    Opd.objects.filter(city=year.city, code="DISDIK").update(is_active=False)

    assert owing(year, answer=answer_of(year, "1.2")) == {"DP3A": ["1.2"]}


def test_a_stage_that_takes_nothing_leaves_only_what_an_open_window_asks(year):
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.FIELD)
    assert owing(year) == {}
    window = RescueWindow.objects.create(
        assessment=year,
        opens_at=NOW,
        closes_at=NOW + timedelta(hours=48),
        at=NOW,
        by=secretary_of(year),
    )
    window.answers.add(answer_of(year, "1.2"))

    assert owing(year) == {"DISDIK": ["1.2"], "DP3A": ["1.2"]}
    assert owing(year, at=NOW + timedelta(hours=49)) == {}


def test_of_two_open_windows_the_one_that_closes_last_counts_in_two_queries(
    year, django_assert_num_queries
):
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.FIELD)
    for hours in (48, 12, 24):
        window = RescueWindow.objects.create(
            assessment=year,
            opens_at=NOW,
            closes_at=NOW + timedelta(hours=hours),
            at=NOW,
            by=secretary_of(year),
        )
        window.answers.add(answer_of(year, "1.1"))
    assessment = Assessment.objects.get(pk=year.pk)

    with django_assert_num_queries(2):
        [found] = owed_by_opd(assessment, today=TODAY, at=NOW)

    assert [one.closes_at for one in found.questions] == [NOW + timedelta(hours=48)]


# --- The pages --------------------------------------------------------------------------------


def page(client, user, name, *args, query=""):
    client.force_login(user)
    return client.get(reverse(f"assessments:{name}", args=args) + query)


def messages(response):
    return {one["opd"].code: one["text"] for one in response.context["reminders"]}


def opd_of(year, code):
    return Opd.objects.get(city=year.city, code=code)


def test_the_page_of_an_opd_offers_the_message_to_copy_and_to_open(client, year):
    opd = opd_of(year, "DINKES")

    response = page(client, secretary_of(year), "reminder_opd", year.city.slug, year.year, opd.pk)

    [text] = messages(response).values()
    html = response.content.decode()
    assert "2a.2" in text
    assert f"/kota/{year.city.slug}/tugas/" in text
    assert f'href="{whatsapp_url(text)}" target="_blank" rel="noopener noreferrer"' in html
    assert 'rows="12" readonly>Yth. Dinas DINKES,' in html


def test_no_person_is_named_in_a_message(client, year):
    staff = staff_of(year, "DINKES")
    secretary = secretary_of(year, name="Sri Rahayu", email="sri@kota.test")
    answer = answer_of(year, "2a.2")
    EvidenceFactory(answer=answer, returned=True, reason="Tanda tangan Pak Budi belum ada")

    response = page(
        client, secretary, "reminder_question", year.city.slug, year.year, answer.question.code
    )

    [text] = messages(response).values()
    for personal in (staff.user.name, staff.user.email, "Sri", "sri@kota.test", "Budi", "@"):
        assert personal not in text


def test_a_question_has_a_message_for_each_of_its_opds(client, year):
    response = page(client, secretary_of(year), "reminder_question", year.city.slug, 2026, "1.2")

    assert messages(response).keys() == {"DP3A", "DISDIK"}


def test_only_what_is_late_can_be_asked_for(client, year):
    opd = opd_of(year, "DP3A")
    past = timezone.localdate() - timedelta(days=1)
    opd.assignments.filter(answer=answer_of(year, "1.2")).update(due_on=past)
    address = ("reminder_opd", year.city.slug, 2026, opd.pk)
    secretary = secretary_of(year)

    everything = messages(page(client, secretary, *address))["DP3A"]
    late = messages(page(client, secretary, *address, query="?keadaan=terlambat"))["DP3A"]

    assert ("1.1 " in everything, "1.2 " in everything) == (True, True)
    assert ("1.1 " in late, "1.2 " in late) == (False, True)


def test_nothing_owed_says_so_and_offers_no_message(client, year):
    opd = opd_of(year, "DISDIK")
    EvidenceFactory(answer=answer_of(year, "1.2"))

    response = page(client, secretary_of(year), "reminder_opd", year.city.slug, 2026, opd.pk)

    assert messages(response) == {}
    assert "Tidak ada yang perlu diingatkan" in response.content.decode()
    assert "wa.me" not in response.content.decode()


def test_an_opd_of_another_city_is_not_there(client, year):
    strange = OpdFactory(city=CityFactory())

    response = page(client, secretary_of(year), "reminder_opd", year.city.slug, 2026, strange.pk)

    assert response.status_code == 404


def test_the_list_counts_what_each_opd_owes(client, year):
    response = page(client, secretary_of(year), "reminder_list", year.city.slug, 2026)

    counted = {one.opd.code: len(one.questions) for one in response.context["owing"]}
    assert counted == {"DP3A": 2, "DINKES": 2, "DISDIK": 1}


@pytest.mark.parametrize(
    ("name", "part"), [("opd_detail", "DINKES"), ("question_detail", "1.2"), ("question_list", "")]
)
def test_only_who_may_remind_is_offered_it(client, year, reviewer, name, part):
    args = [year.city.slug, 2026, *filter(None, [part])]
    if name == "opd_detail":
        args[-1] = opd_of(year, part).pk

    offered = {
        who: "ingatkan/" in page(client, user, name, *args).content.decode()
        for who, user in (("secretary", secretary_of(year)), ("reviewer", reviewer.user))
    }

    assert offered == {"secretary": True, "reviewer": False}
