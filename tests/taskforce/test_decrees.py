from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from cities.models import CityActivity
from taskforce.choices import DecreeState, Element, TaskForceRole
from taskforce.models import Certificate, Decree, TaskForceMember
from taskforce.queries.composition import composition_board, composition_on, current_decree
from taskforce.services.decrees import (
    CertificateFacts,
    DecreeFacts,
    MemberFacts,
    add_certificate,
    add_member,
    change_decree,
    correct_member,
    record_decree,
    remove_certificate,
    replace_official,
)
from taskforce.services.filing import file_paper
from tests.factories.assessments import NOW, SupportingDocumentFactory
from tests.factories.cities import CityFactory, OpdFactory
from tests.factories.taskforce import CertificateFactory, DecreeFactory, TaskForceMemberFactory

BEGAN, DAY = date(2023, 1, 9), date(2026, 3, 2)
FACTS = DecreeFacts("463/21/2023", date(2023, 1, 5), BEGAN, date(2027, 12, 31), "Wali Kota")
SEAT = MemberFacts(
    " Kepala  Dinas ", "Dinas Sosial", Element.GOVERNMENT, TaskForceRole.MEMBER, BEGAN, name="Ani"
)


@pytest.fixture
def signed(secretary):
    return {"by": secretary, "at": NOW}


@pytest.fixture
def seat(city):
    return TaskForceMemberFactory(decree=DecreeFactory(city=city), name="Ani")


def board_of(decree, *, day):
    """With the state that it has among all of its city."""
    return composition_board(decree, Decree.objects.filter(city=decree.city), day=day)


def trail():
    return list(CityActivity.objects.order_by("position").values_list("deed", "target"))


def test_a_decree_is_recorded_with_what_it_says(city, signed):
    decree = record_decree(city=city, facts=FACTS, copy_from=None, **signed)

    stored = Decree.objects.get()
    assert (stored, stored.number, stored.signatory) == (decree, "463/21/2023", "Wali Kota")
    assert (stored.valid_from, stored.valid_to) == (BEGAN, date(2027, 12, 31))
    assert trail()[-1] == ("decree_recorded", "SK Nomor 463/21/2023")


def test_the_same_number_is_refused_in_one_city_and_taken_in_another(city, signed):
    DecreeFactory(city=CityFactory(), number=FACTS.number)
    record_decree(city=city, facts=FACTS, copy_from=None, **signed)

    with pytest.raises(ValidationError) as refused:
        record_decree(city=city, facts=FACTS, copy_from=None, **signed)

    assert refused.value.messages == ["SK dengan nomor itu sudah tercatat."]
    assert Decree.objects.filter(city=city).count() == 1


def test_a_decree_can_not_end_before_it_begins(city, signed):
    with pytest.raises(ValidationError) as refused:
        record_decree(
            city=city, facts=replace(FACTS, valid_to=date(2023, 1, 8)), copy_from=None, **signed
        )

    assert refused.value.messages == ["Akhir masa berlaku tidak boleh sebelum mulai berlaku."]
    assert Decree.objects.count() == 0


def test_a_new_decree_takes_over_who_is_still_in_the_old_one_with_certificates(city, seat, signed):
    CertificateFactory(member=seat, training="KHA dasar")
    gone = TaskForceMemberFactory(decree=seat.decree, until=date(2024, 1, 1))
    facts = replace(FACTS, number="2/2026", valid_from=date(2026, 1, 5), valid_to=None)

    decree = record_decree(city=city, facts=facts, copy_from=seat.decree, **signed)

    [copy] = decree.members.all()
    assert (copy.name, copy.post, copy.since) == ("Ani", seat.post, date(2026, 1, 5))
    assert [one.training for one in copy.certificates.all()] == ["KHA dasar"]
    assert list(seat.decree.members.all()) == [seat, gone]  # the old one stays as it was


def test_a_decree_of_another_city_is_not_copied(city, signed):
    foreign = DecreeFactory(city=CityFactory())

    with pytest.raises(ValidationError) as refused:
        record_decree(city=city, facts=FACTS, copy_from=foreign, **signed)

    assert refused.value.code == "foreign"


def test_a_change_that_changes_nothing_leaves_no_entry(city, signed):
    decree = record_decree(city=city, facts=FACTS, copy_from=None, **signed)
    before = trail()

    change_decree(decree=decree, facts=FACTS, **signed)
    assert trail() == before

    change_decree(decree=decree, facts=replace(FACTS, signatory="Pj Wali Kota"), **signed)
    assert trail() == [*before, ("decree_changed", "SK Nomor 463/21/2023")]


def test_a_member_is_added_and_corrected(city, signed):
    decree = DecreeFactory(city=city)

    member = add_member(decree=decree, facts=SEAT, **signed)
    correct_member(member=member, facts=replace(SEAT, name="Budi"), **signed)

    stored = TaskForceMember.objects.get()
    assert (stored.post, stored.name) == ("Kepala Dinas", "Budi")
    entry = CityActivity.objects.order_by("position").last()
    assert (entry.before, entry.after) == ({"person": "Ani"}, {"person": "Budi"})


def test_nobody_is_a_member_before_the_decree_or_for_an_opd_of_another_city(city, signed):
    decree = DecreeFactory(city=city)

    codes = []
    for facts in (
        replace(SEAT, since=date(2023, 1, 8)),
        replace(SEAT, opd=OpdFactory(city=CityFactory())),
    ):
        with pytest.raises(ValidationError) as refused:
            add_member(decree=decree, facts=facts, **signed)
        codes.append(refused.value.code)

    assert codes == ["outside", "foreign"]
    assert TaskForceMember.objects.count() == 0


def test_a_change_of_official_ends_the_one_and_begins_the_other(seat, signed):
    successor = replace_official(member=seat, name=" Budi ", on=DAY, **signed)

    seat.refresh_from_db()
    assert (seat.name, seat.until) == ("Ani", date(2026, 3, 1))
    assert (successor.name, successor.since, successor.until) == ("Budi", DAY, None)
    assert (successor.post, successor.role) == (seat.post, seat.role)
    on = TaskForceMember.objects.on
    assert (list(on(date(2026, 3, 1))), list(on(DAY))) == ([seat], [successor])


def test_a_successor_has_not_the_certificate_of_who_was_there_before(seat, signed):
    CertificateFactory(member=seat)

    successor = replace_official(member=seat, name="Budi", on=DAY, **signed)

    assert successor.certificates.count() == 0


@pytest.mark.parametrize(
    ("name", "on", "code"),
    [("Budi", BEGAN, "too_early"), ("  ", DAY, "nameless")],
)
def test_a_change_of_official_that_can_not_be_is_refused(seat, signed, name, on, code):
    with pytest.raises(ValidationError) as refused:
        replace_official(member=seat, name=name, on=on, **signed)

    seat.refresh_from_db()
    assert (refused.value.code, seat.until) == (code, None)


def test_who_has_left_is_not_replaced_again(seat, signed):
    replace_official(member=seat, name="Budi", on=DAY, **signed)

    with pytest.raises(ValidationError) as refused:
        replace_official(member=seat, name="Citra", on=date(2026, 4, 1), **signed)

    assert refused.value.code == "left"
    assert TaskForceMember.objects.count() == 2


def test_a_certificate_belongs_to_a_person_and_not_to_a_post(city, seat, signed):
    facts = CertificateFacts("KHA", date(2025, 1, 1))
    empty = TaskForceMemberFactory(decree=seat.decree, name="")

    with pytest.raises(ValidationError) as refused:
        add_certificate(member=empty, facts=facts, **signed)
    kept = add_certificate(member=seat, facts=facts, **signed)

    assert refused.value.code == "nameless"
    assert list(Certificate.objects.all()) == [kept]
    remove_certificate(certificate=kept, **signed)
    remove_certificate(certificate=kept, **signed)  # pressed twice
    assert Certificate.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2026, 1, 1), True),
        (date(2026, 1, 2), False),
    ],
)
def test_a_certificate_holds_from_its_first_to_its_last_day(day, holds):
    certificate = Certificate(issued_on=date(2025, 1, 1), valid_to=date(2026, 1, 1))

    assert certificate.holds_on(day) is holds


def test_the_board_of_a_day_tells_who_was_in_it_then(city, seat, signed):
    CertificateFactory(member=seat, valid_to=date(2025, 1, 1))
    successor = replace_official(member=seat, name="Budi", on=DAY, **signed)
    CertificateFactory(member=successor)

    then = board_of(seat.decree, day=date(2024, 6, 1))
    now = board_of(seat.decree, day=DAY)

    assert [row.member for row in then.rows] == [seat]
    assert (then.trained, then.former) == (1, [])
    assert ([row.member for row in now.rows], now.former) == ([successor], [seat])
    assert (now.trained_share, now.state) == ("100%", DecreeState.IN_FORCE)


def test_an_expired_certificate_is_told_and_not_counted(city, seat):
    expired = CertificateFactory(member=seat, valid_to=date(2025, 1, 1))

    [row] = board_of(seat.decree, day=DAY).rows

    assert (row.certificate, row.expired) == (None, expired)


def test_the_present_decree_is_the_latest_that_holds_else_the_newest_there_is(city):
    old = DecreeFactory(city=city)
    new = DecreeFactory(city=city, valid_from=date(2026, 3, 2))
    DecreeFactory(city=CityFactory(), valid_from=date(2026, 3, 1))

    assert current_decree(city, date(2026, 3, 1)) == old
    assert current_decree(city, date(2026, 3, 2)) == new
    assert board_of(old, day=DAY).state == DecreeState.REPLACED
    assert current_decree(city, date(2020, 1, 1)) == new  # none held then


def test_the_decrees_in_force_on_a_day_are_the_same_from_the_database_and_from_rows(city):
    for begins, ends in ((1, None), (1, 9), (1, 10), (10, None), (11, None)):
        DecreeFactory(
            city=city,
            valid_from=date(2026, 3, begins),
            valid_to=date(2026, 3, ends) if ends else None,
        )
    day = date(2026, 3, 10)

    rows = [one for one in Decree.objects.filter(city=city) if one.is_in_force_on(day)]

    assert rows == list(Decree.objects.filter(city=city).in_force_on(day))
    assert [(one.valid_from.day, one.valid_to and one.valid_to.day) for one in rows] == [
        (10, None),
        (1, 10),
        (1, None),
    ]


def test_the_composition_of_a_day_is_that_of_its_board_in_two_queries(
    city, seat, django_assert_num_queries
):
    TaskForceMemberFactory(decree=seat.decree, until=DAY - timedelta(days=1))
    board = board_of(seat.decree, day=DAY)

    with django_assert_num_queries(2):
        composition = composition_on(city, DAY)

    assert composition.members == [row.member for row in board.rows] == [seat]
    assert composition.faults == board.faults
    assert composition_on(CityFactory(), DAY).members == []


def test_the_paper_of_a_decree_is_a_document_of_the_city(city, seat, signed):
    paper = SupportingDocumentFactory(city=city)
    foreign = SupportingDocumentFactory()

    file_paper(paper_of=seat.decree, document_id=paper.pk, **signed)
    with pytest.raises(ValidationError) as refused:
        file_paper(paper_of=seat.decree, document_id=foreign.pk, **signed)

    seat.decree.refresh_from_db()
    assert (seat.decree.document, refused.value.code) == (paper, "foreign")
    file_paper(paper_of=seat.decree, document_id=None, **signed)
    seat.decree.refresh_from_db()
    assert seat.decree.document is None
