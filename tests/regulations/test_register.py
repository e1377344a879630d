"""Recording regulations, and what becomes of them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cities.models import CityActivity, CityTrailEvent
from regulations.choices import Force, RegulationKind, RelationKind
from regulations.models import Regulation
from regulations.queries.register import day_of_force, register
from regulations.services.regulations import (
    RegulationFacts,
    change_regulation,
    cover,
    file_regulation,
    record_regulation,
    relate,
    remove_regulation,
    unrelate,
)
from tests.assessments.situations import NOW, hand_in, secretary_of, working_year
from tests.factories.assessments import answer_of
from tests.factories.clusters import small_spec
from tests.factories.regulations import RegulationFactory, RelationFactory

FACTS = RegulationFacts(
    kind=RegulationKind.PERDA,
    number=" 4 ",
    year=2021,
    title="Penyelenggaraan  Kota Layak Anak",
    promulgated_on=date(2021, 5, 10),
)
DAY = date(2025, 12, 31)


@pytest.fixture
def by(year):
    return secretary_of(year)


def recorded(assessment, by, /, **changes):
    facts = {name: getattr(FACTS, name) for name in FACTS.__slots__} | changes
    return record_regulation(city=assessment.city, facts=RegulationFacts(**facts), by=by, at=NOW)


def trail(year, *deeds):
    return list(
        CityActivity.objects.filter(city=year.city, deed__in=deeds)
        .order_by("position")
        .values_list("deed", "target", "before", "after")
    )


def force_of(regulation, day=DAY):
    return Regulation.objects.with_revocation().get(pk=regulation.pk).force_on(day)


def test_a_regulation_is_recorded_with_its_line_in_the_trail(year, by):
    one = recorded(year, by)

    assert str(one) == "Peraturan daerah Nomor 4 Tahun 2021"
    assert (one.number, one.title) == ("4", "Penyelenggaraan Kota Layak Anak")
    ((deed, target, before, after),) = trail(year, CityTrailEvent.REGULATION_RECORDED)
    assert (deed, target, before) == ("regulation_recorded", str(one), {})
    assert after == {
        "kind": "Peraturan daerah",
        "number": "4",
        "year": "2021",
        "title": "Penyelenggaraan Kota Layak Anak",
        "promulgated_on": "10 Mei 2021",
    }


def test_a_number_that_holds_its_year_does_not_say_it_twice(year):
    one = RegulationFactory(city=year.city, number="463/118/2022", year=2022, kind="surat_edaran")

    assert str(one) == "Surat edaran Nomor 463/118/2022"


def test_the_same_number_of_the_same_kind_and_year_is_refused(year, by):
    recorded(year, by)

    with pytest.raises(ValidationError) as refusal:
        recorded(year, by)

    assert refusal.value.messages == [
        "Produk hukum dengan jenis, nomor, dan tahun itu sudah tercatat."
    ]
    assert recorded(year, by, kind=RegulationKind.PERKADA).pk
    assert Regulation.objects.count() == 2


def test_another_city_may_have_the_same_number(year, by):
    recorded(year, by)
    other = working_year()

    assert recorded(other, secretary_of(other)).city == other.city


def test_a_correction_tells_what_changed_and_a_repetition_nothing(year, by):
    one = recorded(year, by)

    for _twice in range(2):
        facts = RegulationFacts(
            kind=one.kind, number="4", year=2021, title="Kota Layak Anak", is_draft=True
        )
        change_regulation(regulation=one, facts=facts, by=by, at=NOW)

    ((_deed, _target, before, after),) = trail(year, CityTrailEvent.REGULATION_CHANGED)
    assert before == {
        "title": "Penyelenggaraan Kota Layak Anak",
        "promulgated_on": "10 Mei 2021",
        "draft": None,
    }
    assert after == {"title": "Kota Layak Anak", "promulgated_on": None, "draft": "Rancangan"}


def test_the_initiator_is_an_opd_of_the_city(year, by):
    foreign = working_year().city.opds.first()

    with pytest.raises(ValidationError) as refusal:
        recorded(year, by, initiator=foreign)

    assert refusal.value.code == "foreign"
    assert not Regulation.objects.exists()


def test_it_is_revoked_from_the_first_day_of_the_rule_that_revokes_it(year, by):
    old = recorded(year, by, number="9", year=2015, promulgated_on=date(2015, 1, 1))
    new = recorded(year, by, promulgated_on=DAY)

    relate(source=new, target=old, kind=RelationKind.REVOKES, by=by, at=NOW)

    assert force_of(old, date(2025, 12, 30)) == Force.IN_FORCE
    assert force_of(old, DAY) == Force.REVOKED
    assert force_of(new, DAY) == Force.IN_FORCE


@pytest.mark.parametrize("kind", [kind for kind in RelationKind if kind != RelationKind.REVOKES])
def test_what_was_only_amended_or_carried_out_holds_on(year, kind):
    old, new = RegulationFactory.create_batch(2, city=year.city)
    RelationFactory(source=new, target=old, kind=kind)

    assert force_of(old) == Force.IN_FORCE


@pytest.mark.parametrize("traits", [{"is_draft": True}, {"promulgated_on": None}])
def test_a_draft_or_a_rule_without_a_day_revokes_nothing(year, traits):
    old = RegulationFactory(city=year.city)
    RelationFactory(source=RegulationFactory(city=year.city, **traits), target=old)

    assert force_of(old) == Force.IN_FORCE


def test_of_two_that_revoke_it_the_earlier_counts(year):
    old = RegulationFactory(city=year.city)
    for day in (date(2024, 1, 1), date(2022, 1, 1), date(2023, 1, 1)):
        RelationFactory(source=RegulationFactory(city=year.city, promulgated_on=day), target=old)

    assert Regulation.objects.with_revocation().get(pk=old.pk).revoked_on == date(2022, 1, 1)


def test_two_cannot_revoke_each_other_nor_one_itself(year, by):
    first, second = RegulationFactory.create_batch(2, city=year.city)
    relate(source=first, target=second, kind=RelationKind.REVOKES, by=by, at=NOW)

    for source, target in ((second, first), (first, first), (first, second)):
        with pytest.raises(ValidationError):
            relate(source=source, target=target, kind=RelationKind.REVOKES, by=by, at=NOW)

    assert first.relations.count() == 1
    assert second.relations.count() == 0


def test_a_rule_of_another_city_is_not_related(year, by):
    foreign = RegulationFactory(city=working_year().city)

    with pytest.raises(ValidationError) as refusal:
        relate(
            source=RegulationFactory(city=year.city),
            target=foreign,
            kind=RelationKind.AMENDS,
            by=by,
            at=NOW,
        )

    assert refusal.value.code == "foreign"


def test_a_relation_comes_and_goes_in_the_trail(year, by):
    new, old = RegulationFactory.create_batch(2, city=year.city)
    relation = relate(source=new, target=old, kind=RelationKind.AMENDS, by=by, at=NOW)
    for _twice in range(2):
        unrelate(relation=relation, by=by, at=NOW)

    words = {"relation": f"mengubah {old}"}
    assert trail(year, CityTrailEvent.REGULATION_RELATED) == [
        ("regulation_related", str(new), {}, words),
        ("regulation_related", str(new), words, {}),
    ]


def test_one_that_others_refer_to_stays(year, by):
    new, old = RegulationFactory.create_batch(2, city=year.city)
    RelationFactory(source=new, target=old)

    with pytest.raises(ValidationError) as refusal:
        remove_regulation(regulation=old, by=by, at=NOW)
    assert refusal.value.code == "related"
    assert refusal.value.messages == [
        f"{new} merujuk produk hukum ini. Hapus hubungannya lebih dahulu."
    ]

    remove_regulation(regulation=new, by=by, at=NOW)
    remove_regulation(regulation=old, by=by, at=NOW)
    assert not Regulation.objects.exists()


def test_what_a_colleague_removed_is_told(year, by):
    one = recorded(year, by)
    remove_regulation(regulation=one, by=by, at=NOW)

    for deed in (
        lambda: change_regulation(regulation=one, facts=FACTS, by=by, at=NOW),
        lambda: remove_regulation(regulation=one, by=by, at=NOW),
        lambda: cover(regulation=one, instrument=year.instrument, codes=[], by=by, at=NOW),
    ):
        with pytest.raises(ValidationError) as refusal:
            deed()
        assert refusal.value.messages == ["Produk hukum ini sudah dihapus."]


def test_topics_are_those_that_were_ticked_and_only_of_that_instrument(year, by):
    one = recorded(year, by)
    other = working_year(spec=small_spec("lain-2025"))
    cover(regulation=one, instrument=other.instrument, codes=["2a.1"], by=by, at=NOW)
    cover(regulation=one, instrument=year.instrument, codes=["1.1", "1.2"], by=by, at=NOW)

    cover(regulation=one, instrument=year.instrument, codes=["1.2", "9.9"], by=by, at=NOW)

    found = one.coverages.order_by("question__code").values_list("question__code", flat=True)
    assert list(found) == ["1.2", "2a.1"]
    assert len(trail(year, CityTrailEvent.REGULATION_CHANGED)) == 3


def test_its_text_is_a_document_of_the_city(year, by):
    one, answer = recorded(year, by), answer_of(year, "1.2")
    (offer,) = hand_in(answer, by=by)
    elsewhere = working_year()
    (foreign,) = hand_in(answer_of(elsewhere, "1.2"))

    with pytest.raises(ValidationError) as refusal:
        file_regulation(regulation=one, document_id=foreign.document_id, by=by, at=NOW)
    assert refusal.value.code == "foreign"

    file_regulation(regulation=one, document_id=offer.document_id, by=by, at=NOW)
    one.refresh_from_db()
    assert one.document_id == offer.document_id
    file_regulation(regulation=one, document_id=None, by=by, at=NOW)
    one.refresh_from_db()
    assert one.document_id is None


def test_the_register_counts_states_and_shows_those_wanted(year):
    old = RegulationFactory(city=year.city, number="1")
    new = RegulationFactory(city=year.city, number="2", year=2021)
    draft = RegulationFactory(city=year.city, number="3", is_draft=True)
    RelationFactory(source=new, target=old)
    RegulationFactory(city=working_year().city)

    found = register(Regulation.objects.filter(city=year.city), wanted=None, day=DAY)
    drafts = register(Regulation.objects.filter(city=year.city), wanted="draft", day=DAY)

    assert dict(found.forces) == {Force.REVOKED: 1, Force.IN_FORCE: 1, Force.DRAFT: 1}
    assert [row.regulation for row in found.rows] == [new, old, draft]
    assert [row.regulation for row in drafts.rows] == [draft]
    assert drafts.forces == found.forces


def test_the_state_is_told_for_the_end_of_the_evaluated_years(year):
    assert day_of_force(year, today=date(2026, 3, 1)) == year.evidence_to
    assert day_of_force(None, today=date(2026, 3, 1)) == date(2026, 3, 1)
