"""What a decision is about, and how closing that there closes the decision here."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from cities.models import CityActivity, Membership
from meetings.models import Decision
from meetings.queries.followup import follow_up_board
from meetings.queries.papers import minutes_content
from meetings.queries.subjects import told_decisions
from meetings.services.decisions import DecisionFacts, add_decision
from territories.choices import CriterionLevel, ReportState
from territories.criteria import packaged_set
from territories.models import Report
from territories.models.criteria import criterion_as_json
from tests.assessments.situations import staff_of
from tests.factories.assessments import NOW, EvidenceFactory, answer_of
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.facilities import FacilityFactory, FindingFactory
from tests.factories.meetings import AttendanceFactory, DecisionFactory, MeetingFactory
from tests.factories.territories import CityCriteriaSetFactory, ReportFactory, UnitFactory

BEGAN = NOW - timedelta(hours=1)
SOON, BEFORE = NOW + timedelta(days=1), BEGAN - timedelta(seconds=1)
CRITERIA = packaged_set("kla-2023")


@pytest.fixture
def meeting(city):
    """Begun an hour before NOW, closed at NOW; 2026."""
    return MeetingFactory(city=city, closed=True)


@pytest.fixture
def opd(city):
    return city.opds.get(code="DISDIK")


def is_open(decision):
    """By the query and by the row, which have to agree."""
    by_query = Decision.objects.still_open().filter(pk=decision.pk).exists()
    assert by_query is not Decision.objects.with_progress().get(pk=decision.pk).is_done
    return by_query


def settle(finding, at):
    finding.closed_at, finding.closed_by, finding.done = at, finding.by, "Diganti"
    finding.save()


def report_everything(unit, *, year, at, but=0):
    """An accepted report to every criterion of the unit's level, but for the last ones."""
    asked = CRITERIA.of(unit.criterion_level)
    by = ReportFactory(unit=unit, year=year, criterion=asked[0].code, decided_at=at).written_by
    for one in asked[1 : len(asked) - but]:
        ReportFactory(unit=unit, year=year, criterion=one.code, decided_at=at, written_by=by)


def test_a_facility_is_mended_once_all_that_was_noted_there_is_settled(city, meeting):
    facility = FacilityFactory(city=city)
    first, second = FindingFactory.create_batch(2, facility=facility)
    FindingFactory(facility=facility, at=NOW + timedelta(seconds=1))  # found later: another matter
    FindingFactory(facility__city=city)
    decision = DecisionFactory(meeting=meeting, facility=facility)

    found = [is_open(decision)]
    for finding in (first, second):
        settle(finding, SOON)
        found.append(is_open(decision))

    assert found == [True, True, False]


@pytest.mark.parametrize(("at", "still"), [(BEFORE, True), (BEGAN, False)])
def test_what_was_settled_before_the_meeting_began_closes_nothing(city, meeting, at, still):
    facility = FacilityFactory(city=city)
    settle(FindingFactory(facility=facility, at=BEFORE), at)

    assert is_open(DecisionFactory(meeting=meeting, facility=facility)) is still


@pytest.mark.parametrize(("at", "still"), [(BEFORE, True), (BEGAN, False)])
def test_documents_that_were_accepted_before_the_meeting_close_nothing(year, meeting, at, still):
    answer = answer_of(year, "1.2")
    EvidenceFactory(answer=answer, accepted=True, decided_at=at)
    EvidenceFactory(answer=answer_of(year, "2a.2"), accepted=True)

    assert is_open(DecisionFactory(meeting=meeting, answer=answer)) is still


def test_a_facility_without_findings_waits_for_a_person(city, meeting):
    assert is_open(DecisionFactory(meeting=meeting, facility=FacilityFactory(city=city)))


@pytest.mark.parametrize("level", CriterionLevel)
@pytest.mark.parametrize(("but", "still"), [(1, True), (0, False)])
def test_a_unit_has_reported_once_every_criterion_of_its_level_is_accepted(
    city, meeting, level, but, still
):
    unit = UnitFactory(city=city, kecamatan=level == CriterionLevel.KECAMATAN)
    report_everything(unit, year=2025, at=SOON, but=but)

    assert is_open(DecisionFactory(meeting=meeting, unit=unit)) is still


@pytest.mark.parametrize(
    ("of", "at", "state", "still"),
    [
        (2025, BEFORE, ReportState.ACCEPTED, True),
        (2025, BEGAN, ReportState.ACCEPTED, False),
        (2024, SOON, ReportState.ACCEPTED, True),  # a year that the meeting was not about
        (2026, SOON, ReportState.ACCEPTED, False),
        (2025, SOON, ReportState.SENT, True),
    ],
)
def test_it_counts_what_is_accepted_since_the_meeting_of_its_year(
    city, meeting, of, at, state, still
):
    unit = UnitFactory(city=city)
    report_everything(unit, year=of, at=at)
    report_everything(UnitFactory(city=city), year=2025, at=SOON)
    if state != ReportState.ACCEPTED:
        Report.objects.filter(pk=Report.objects.filter(unit=unit).last().pk).update(state=state)

    assert is_open(DecisionFactory(meeting=meeting, unit=unit)) is still


@pytest.mark.parametrize(
    ("level", "codes", "is_published", "still"),
    [
        ("kelurahan", ["K1", "K2"], True, False),
        ("kelurahan", ["K1"], True, True),
        ("kecamatan", ["C1"], True, False),
        ("kelurahan", ["K1", "K2"], False, True),  # a draft asks nobody
    ],
)
def test_criteria_of_the_citys_own_close_it_as_those_of_the_project_do(
    city, meeting, level, codes, is_published, still
):
    asked = [
        criterion_as_json(replace(CRITERIA.criteria[0], code=code, level=of))
        for code, of in [("K1", "kelurahan"), ("K2", "kelurahan"), ("C1", "kecamatan")]
    ]
    own = CityCriteriaSetFactory(city=city, criteria=asked)
    if is_published:
        own.published_at, own.published_by = BEFORE, own.made_by
        own.save()
    CityCriteriaSetFactory(
        code=own.code, criteria=asked[:1], published_at=NOW, published_by=own.made_by
    )
    unit = UnitFactory(city=city, kecamatan=level == "kecamatan")
    for code in codes:
        ReportFactory(unit=unit, year=2025, criteria=own.code, criterion=code, decided_at=SOON)

    assert is_open(DecisionFactory(meeting=meeting, unit=unit)) is still


def test_a_decision_is_about_one_thing(city, secretary, year):
    meeting = MeetingFactory(city=city)
    two = DecisionFacts("Dua hal", facility=FacilityFactory(city=city), unit=UnitFactory(city=city))

    with pytest.raises(ValidationError, match=r"Pilih satu hal saja yang dituju keputusan ini\."):
        add_decision(meeting=meeting, facts=two, by=secretary, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionFactory(meeting=meeting, unit=two.unit, answer=answer_of(year, "1.1"))

    assert Decision.objects.count() == 0


@pytest.mark.parametrize("foreign", ["facility", "unit", "subject"])
def test_nothing_of_another_city_is_decided_about(city, secretary, foreign):
    other, meeting = CityFactory(), MeetingFactory(city=city)
    about = {
        "facility": {"facility": FacilityFactory(city=other)},
        "unit": {"unit": UnitFactory(city=other)},
        "subject": {"subject_kind": "aksi", "subject_id": 1},
    }[foreign]

    with pytest.raises(ValidationError) as refused:
        add_decision(meeting=meeting, facts=DecisionFacts("Hal", **about), by=secretary, at=NOW)

    assert (refused.value.code, Decision.objects.count()) == ("foreign", 0)


def test_the_seal_holds_what_a_decision_is_about(city):
    meeting = MeetingFactory(city=city, closed=True)
    decision = DecisionFactory(meeting=meeting)
    seals = [meeting.minutes_checksum()]
    for about in ({"facility": FacilityFactory(city=city)}, {"unit": UnitFactory(city=city)}):
        Decision.objects.filter(pk=decision.pk).update(**{"facility": None, "unit": None, **about})
        seals.append(meeting.minutes_checksum())

    assert len(set(seals)) == 3


def test_the_board_names_it_and_links_only_what_the_reader_may_open(
    year, city, meeting, opd, secretary
):
    facility = FacilityFactory(city=city, name="Puskesmas Utara")
    unit = UnitFactory(city=city, name="Mulyojati")
    about = [{"facility": facility}, {"unit": unit}, {"answer": answer_of(year, "1.1")}, {}]
    for one in about:
        DecisionFactory(meeting=meeting, owner_opd=opd, **one)

    def told(member):
        board = follow_up_board(Decision.objects.visible_to(member), member, today=NOW.date())
        subjects = [row.decision.subject for row in board.waiting]
        return [(one.title, bool(one.url)) if one else None for one in subjects]

    names = ["Puskesmas Utara", "Kelurahan Mulyojati", "Pertanyaan 1.1"]
    writer = Membership.objects.get(user=secretary, city=city)
    assert told(writer) == [*((name, True) for name in names), None]
    assert told(staff_of(year, "DISDIK")) == [
        *zip(names, (False, False, True), strict=True),
        None,
    ]


def test_subjects_cost_a_query_of_each_kind_however_many_there_are(
    city, meeting, secretary, django_assert_num_queries
):
    member = Membership.objects.select_related("city").get(user=secretary)
    for _number in range(5):
        DecisionFactory(meeting=meeting, facility=FacilityFactory(city=city))
        DecisionFactory(meeting=meeting, unit=UnitFactory(city=city))

    with django_assert_num_queries(3):  # the decisions, the facilities, the year
        told_decisions(Decision.objects.all(), member)


def test_page_and_paper_of_the_minutes_name_the_subject(client, city, secretary):
    meeting = MeetingFactory(city=city, closed=True)
    AttendanceFactory(meeting=meeting)
    facility = FacilityFactory(city=city, name="Puskesmas Utara")
    DecisionFactory(meeting=meeting, text="Menutup temuan", facility=facility)
    client.force_login(secretary)

    page = client.get(meeting.get_absolute_url()).text

    [decision] = minutes_content(meeting).decisions
    assert f'<a href="{facility.get_absolute_url()}">Puskesmas Utara</a>' in page
    assert (decision.subject.title, decision.subject.url) == ("Puskesmas Utara", "")


def form_data(**about):
    return {"text": "Menutup temuan", "due_on": "01-04-2026", **about}


def test_a_facility_is_named_by_its_name_its_code_or_a_part_that_fits_one(client, city, secretary):
    meeting = MeetingFactory(city=city)
    utara = FacilityFactory(city=city, name="Puskesmas Utara", code="P-1")
    FacilityFactory(city=city, name="Puskesmas Utara Baru", code="P-2")
    FacilityFactory(city=CityFactory(), name="Puskesmas Selatan")
    client.force_login(secretary)
    url = reverse("meetings:decision_create", args=[city.slug, meeting.pk])

    refused = [
        client.post(url, form_data(place=words)).text
        for words in ("puskesmas", "Puskesmas Selatan")
    ]
    for words in ("puskesmas utara", "P-2", "baru"):
        client.post(url, form_data(place=words))

    assert "Puskesmas Utara (P-1); Puskesmas Utara Baru (P-2)" in refused[0]
    assert "Tidak ada fasilitas “Puskesmas Selatan”." in refused[1]
    found = [one.facility.code for one in Decision.objects.order_by("pk")]
    assert found == [utara.code, "P-2", "P-2"]


def test_the_trail_names_what_a_decision_is_about(city, secretary):
    unit = UnitFactory(city=city, name="Mulyojati")
    facts = DecisionFacts("Melengkapi laporan", due_on=date(2026, 4, 1), unit=unit)

    add_decision(meeting=MeetingFactory(city=city), facts=facts, by=secretary, at=NOW)

    entry = CityActivity.objects.order_by("position").last()
    assert entry.after["link"] == "Kelurahan Mulyojati"


def test_the_page_of_the_place_tells_what_was_decided_about_it_and_is_open(
    client, year, city, meeting, opd, secretary
):
    facility, unit = FacilityFactory(city=city), UnitFactory(city=city)
    for about in ({"facility": facility}, {"unit": unit}):
        DecisionFactory(meeting=meeting, text="Menutup temuan", owner_opd=opd, **about)
        DecisionFactory(meeting=MeetingFactory(city=city), text="Belum tetap", **about)
    DecisionFactory(meeting=meeting, text="Di tempat lain", facility=FacilityFactory(city=city))
    verifikator = MembershipFactory(city=city, verifikator=True).user  # does not read meetings

    pages = []
    for user in (secretary, verifikator):
        client.force_login(user)
        urls = (facility.get_absolute_url(), unit.url_in(year.year))
        pages += [client.get(url).text for url in urls]

    said = f"Keputusan rapat, tenggat 1 April 2026: Menutup temuan ({opd})"
    assert [said in page for page in pages] == [True, True, False, False]
    assert [w in "".join(pages) for w in ("Belum tetap", "Di tempat lain")] == [False, False]
