"""Whether a document speaks of the evaluated years, at each border and on both its sides."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.choices import Stage, TrailEvent
from assessments.freshness import Concern, flags, is_timed
from assessments.models import Assessment
from assessments.services.evidence_window import change_evidence_window
from clusters.library import packaged
from clusters.models import EvidenceKind
from tests.assessments import corpus
from tests.assessments.situations import NOW, admin_of, history, refused, set_stage
from tests.factories.assessments import EvidenceFactory, open_year
from tests.factories.cities import MembershipFactory

DAY = timedelta(days=1)
FROM, TO = date(2024, 1, 1), date(2025, 12, 31)
TODAY = date(2026, 3, 2)


@dataclass
class Years:
    evidence_from: date = FROM
    evidence_to: date = TO


@dataclass
class Paper:
    issued_on: date | None = None
    seen_on: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    valid_until: date | None = None


def flagged(kind, *, today=TODAY, **fields):
    return flags(Paper(**fields), Years(), kind, today=today)


def covering(start, end):
    return {"period_start": start, "period_end": end}


days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
near = st.integers(-2, 2).map(lambda n: n * DAY)
kinds = st.sampled_from(["perda", "sk", "laporan", "foto", "dpa_ttd_bappeda", "data_2_tahun"])


# --- The rule ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "expected"), [(FROM - DAY, (Concern.BEFORE,)), (FROM, ()), (FROM + DAY, ())]
)
def test_what_ends_before_the_first_day_is_of_the_time_before(end, expected):
    assert flagged("laporan", **covering(date(2023, 1, 1), end)) == expected


@pytest.mark.parametrize(
    ("start", "expected"), [(TO - DAY, ()), (TO, ()), (TO + DAY, (Concern.AFTER,))]
)
def test_what_begins_after_the_last_day_is_of_the_time_after(start, expected):
    assert flagged("laporan", **covering(start, date(2026, 12, 31))) == expected


@pytest.mark.parametrize("kind", ["data_2_tahun", "matriks"])
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (FROM, TO, ()),
        (FROM - DAY, TO + DAY, ()),
        (FROM + DAY, TO, (Concern.OUT_OF_PERIOD,)),
        (FROM, TO - DAY, (Concern.OUT_OF_PERIOD,)),
        (None, TO, ()),
        (FROM, None, ()),
    ],
)
def test_figures_of_two_years_cover_both_of_them(kind, start, end, expected):
    assert flagged(kind, **covering(start, end)) == expected


def test_a_report_of_one_of_the_years_is_not_doubted():
    assert flagged("laporan", **covering(date(2025, 1, 1), date(2025, 12, 31))) == ()


@pytest.mark.parametrize(
    ("valid_until", "expected"),
    [(TODAY - DAY, (Concern.EXPIRED,)), (TODAY, ()), (TODAY + DAY, ()), (None, ())],
)
def test_a_document_is_valid_through_its_last_day(valid_until, expected):
    assert flagged("sk", valid_until=valid_until) == expected


def test_a_document_can_be_doubted_twice():
    paper = covering(date(2021, 1, 1), date(2022, 12, 31))

    assert flagged("sk", valid_until=date(2022, 12, 31), **paper) == (
        Concern.BEFORE,
        Concern.EXPIRED,
    )


@pytest.mark.parametrize("kind", ["data_2_tahun", "matriks", "laporan", "foto", "dpa_ttd_bappeda"])
def test_what_speaks_of_a_time_has_to_say_which(kind):
    assert flagged(kind) == (Concern.NO_PERIOD,)


@pytest.mark.parametrize("kind", ["perda", "perkada", "sk", "mou", "sop", "sertifikat", "notula"])
def test_what_holds_until_it_is_replaced_needs_no_period(kind):
    assert flagged(kind) == ()


def test_the_kinds_that_speak_of_a_time_are_kinds_of_the_instrument():
    spec = packaged("kla-2023")

    timed = [kind.code for kind in spec.evidence_kinds if is_timed(kind.code)]

    assert timed == [
        "dpa_ttd_bappeda",
        "dpa_ttd_lurah_kades",
        "matriks",
        "foto",
        "data_2_tahun",
        "laporan",
    ]


@pytest.mark.parametrize(
    ("issued_on", "expected"),
    [(FROM - DAY, (Concern.BEFORE,)), (FROM, ()), (TO, ()), (TO + DAY, (Concern.AFTER,))],
)
def test_a_photo_speaks_of_the_day_it_was_taken(issued_on, expected):
    assert flagged("foto", issued_on=issued_on) == expected


@pytest.mark.parametrize(
    ("issued_on", "expected"),
    [(date(2010, 5, 1), ()), (TO, ()), (TO + DAY, (Concern.AFTER,))],
)
def test_a_regulation_holds_from_the_day_it_was_issued(issued_on, expected):
    assert flagged("perda", issued_on=issued_on) == expected


def test_the_date_of_a_report_does_not_tell_its_period():
    assert flagged("laporan", issued_on=date(2025, 2, 1)) == (Concern.NO_PERIOD,)


@given(kind=kinds, start=near, length=st.integers(0, 900))
def test_before_and_after_are_told_exactly_at_the_borders(kind, start, length):
    for border in (FROM, TO):
        first = border + start
        last = first + length * DAY
        found = flagged(kind, **covering(first, last))
        assert (Concern.BEFORE in found) == (last < FROM)
        assert (Concern.AFTER in found) == (first > TO)


@given(kind=kinds, first=days, second=days)
def test_a_period_gives_at_most_one_doubt_and_none_when_it_covers_the_years(kind, first, second):
    start, end = sorted([first, second])
    found = flagged(kind, **covering(start, end))

    assert len(found) <= 1
    assert Concern.NO_PERIOD not in found
    if start <= FROM and end >= TO:
        assert found == ()


@given(valid_until=days, today=days)
def test_expiry_depends_on_today_alone(valid_until, today):
    found = flagged("sk", valid_until=valid_until, today=today)

    assert (Concern.EXPIRED in found) == (valid_until < today)


@given(kind=kinds, start=days, length=st.integers(0, 4000), years=st.integers(1, 5))
def test_moving_document_and_years_alike_changes_nothing(kind, start, length, years):
    moved = years * 365 * DAY
    paper = Paper(period_start=start, period_end=start + length * DAY)
    later_paper = Paper(period_start=start + moved, period_end=start + length * DAY + moved)

    assert flags(paper, Years(), kind, today=TODAY) == flags(
        later_paper, Years(FROM + moved, TO + moved), kind, today=TODAY
    )


def test_every_doubt_has_a_sentence():
    sentences = {concern.sentence for concern in Concern}

    assert (len(sentences), "" in sentences) == (len(Concern), False)


# --- The years of an evaluation ---------------------------------------------------------------


@pytest.mark.django_db
def test_a_year_looks_at_the_two_years_before_it():
    assessment = open_year(year=2026)

    assert (assessment.evidence_from, assessment.evidence_to) == (FROM, TO)


def change(assessment, start, end, *, by):
    return change_evidence_window(
        assessment_id=assessment.pk, evidence_from=start, evidence_to=end, by=by, at=NOW
    )


@pytest.mark.django_db
def test_the_years_can_be_changed_and_the_history_tells(year):
    by = admin_of(year)

    change(year, date(2023, 7, 1), TO, by=by)

    year.refresh_from_db()
    assert (year.evidence_from, year.evidence_to) == (date(2023, 7, 1), TO)
    assert history(year)[-1] == (
        TrailEvent.WINDOW_CHANGED,
        "2024-01-01–2025-12-31 → 2023-07-01–2025-12-31",
        by,
        NOW,
    )


@pytest.mark.django_db
def test_the_same_years_again_leave_no_trace(year):
    rows = len(history(year))

    change(year, FROM, TO, by=admin_of(year))

    assert len(history(year)) == rows


@pytest.mark.django_db
def test_a_window_of_one_day_is_one_and_a_reversed_one_is_refused(year):
    by = admin_of(year)
    change(year, TO, TO, by=by)

    with refused("order"):
        change(year, TO, TO - DAY, by=by)


@pytest.mark.django_db
def test_the_database_refuses_years_in_the_wrong_order(year):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=year.pk).update(evidence_from=TO, evidence_to=FROM)


@pytest.mark.django_db
def test_a_closed_year_keeps_its_window(year):
    by = admin_of(year)
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        change(year, FROM, TO + DAY, by=by)


# --- Pages ------------------------------------------------------------------------------------

BEFORE_WORDS = "Isi dokumen berasal dari masa sebelum tahun yang dinilai."


def address(name, assessment, *more):
    return reverse(f"assessments:{name}", args=[assessment.city.slug, assessment.year, *more])


@pytest.mark.django_db
def test_the_uploader_is_told_at_once_and_beside_the_document(client, year, answer, staff):
    client.force_login(staff.user)
    data = {
        "file": SimpleUploadedFile("lama.pdf", corpus.pdf()),
        "kind": "foto",
        "title": "Foto 2022",
        "period_start": "2022-01-01",
        "period_end": "2022-12-31",
    }

    page = client.post(address("document_upload", year, "1.2"), data, follow=True)

    assert [str(message) for message in page.context["messages"]] == [
        "1 dokumen tersimpan, menunggu pemeriksaan.",
        f"Foto 2022: {BEFORE_WORDS}",
    ]
    [shown] = page.context["documents"]
    assert shown.concerns == (Concern.BEFORE,)
    assert page.content.decode().count(BEFORE_WORDS) == 2


@pytest.mark.django_db
def test_the_reviewer_is_told_too(client, year, answer, reviewer):
    foto = EvidenceKind.objects.get(code="foto", instrument=year.instrument)
    evidence = EvidenceFactory(answer=answer, kind=foto, document__period_end=date(2022, 12, 31))
    client.force_login(reviewer.user)

    page = client.get(address("evidence_review", year, evidence.pk)).content.decode()

    assert page.count(BEFORE_WORDS) == 1


@pytest.mark.django_db
def test_the_administrator_changes_the_years_on_the_page_of_the_year(client, year):
    client.force_login(MembershipFactory(admin_kota=True, city=year.city).user)
    settings = client.get(address("assessment_edit", year)).content.decode()
    form = address("evidence_window_edit", year)

    client.post(form, {"evidence_from": "2023-01-01", "evidence_to": "2024-12-31"})

    year.refresh_from_db()
    assert (form in settings, year.evidence_from, year.evidence_to) == (
        True,
        date(2023, 1, 1),
        date(2024, 12, 31),
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"evidence_from": "2024-01-01", "evidence_to": ""},
        {"evidence_from": "2024-01-01", "evidence_to": "2023-12-31"},
    ],
)
def test_wrong_years_are_refused_on_the_form(client, year, data):
    client.force_login(MembershipFactory(admin_kota=True, city=year.city).user)

    page = client.post(address("evidence_window_edit", year), {"_": "", **data})

    year.refresh_from_db()
    assert (page.status_code, bool(page.context["form"].errors)) == (200, True)
    assert (year.evidence_from, year.evidence_to) == (FROM, TO)


# --- Links ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen_on", "expected"),
    [
        (date(2023, 12, 31), (Concern.BEFORE,)),
        (date(2024, 1, 1), ()),
        (date(2026, 3, 1), ()),  # what a page says today may have happened in time
    ],
)
def test_a_page_seen_before_the_evaluated_years_cannot_speak_of_them(seen_on, expected):
    assert flagged("laporan", seen_on=seen_on) == expected


def test_a_period_that_was_told_counts_before_the_day_a_page_was_seen():
    told = {"period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31)}

    assert flagged("laporan", seen_on=date(2024, 6, 1), **told) == (Concern.BEFORE,)
