"""A rule that no longer holds, offered as evidence: told at upload, at review and in the question."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.cautions import Caution, Offered, cautions_of, judges_of, offered_in
from assessments.models import Evidence, SupportingDocument
from assessments.services.review import return_evidence
from plans.checks import RULES
from plans.queries.checks import checked_year
from regulations.models import Relation
from tests.assessments.situations import checked, hand_in, reviewer_of, secretary_of, working_year
from tests.factories.assessments import NOW, SupportingDocumentFactory, answer_of
from tests.factories.regulations import RegulationFactory, RelationFactory


def offers(answer):
    return offered_in(Evidence.objects.filter(answer=answer).order_by("pk"))


def told(year, answer):
    found = cautions_of(year, offers(answer))
    return [[one.sentence for one in found.get(offer.pk, [])] for offer in offers(answer)]


@pytest.fixture
def answer(year):
    """Question 1.2, which asks for a Perda first."""
    return answer_of(year, "1.2")


@pytest.fixture
def revoked(year):
    """Perda 9/2015, revoked since 10 May 2021."""
    old = RegulationFactory(city=year.city, number="9", year=2015, promulgated_on=date(2015, 1, 5))
    new = RegulationFactory(city=year.city, number="4", year=2021, promulgated_on=date(2021, 5, 10))
    RelationFactory(source=new, target=old)
    return old


SENTENCE = (
    "Peraturan daerah Nomor 9 Tahun 2015 dicabut oleh Peraturan daerah Nomor 4 Tahun 2021 "
    "sejak 10 Mei 2021. Ganti dengan yang berlaku."
)


def test_a_revoked_rule_is_known_by_its_number(year, answer, revoked):
    hand_in(answer, number="Nomor 9 Tahun 2015")
    hand_in(answer, number="4/2021", files=[checked(b"lain")])

    assert told(year, answer) == [[SENTENCE], []]


def test_a_revoked_rule_is_known_by_its_file_whatever_its_number_says(year, answer, revoked):
    (offer,) = hand_in(answer, number="tanpa nomor")
    revoked.document = offer.document
    revoked.save()

    assert told(year, answer) == [[SENTENCE]]


@pytest.mark.parametrize(
    ("traits", "sentence"),
    [
        (
            {"is_draft": True},
            "Peraturan daerah Nomor 7 Tahun 2020 tercatat sebagai rancangan, belum berlaku.",
        ),
        (
            {"ends_on": date(2024, 6, 30)},
            "Masa berlaku Peraturan daerah Nomor 7 Tahun 2020 habis pada 30 Juni 2024.",
        ),
        (
            {"effective_on": date(2026, 2, 1)},
            "Peraturan daerah Nomor 7 Tahun 2020 baru berlaku pada 1 Februari 2026, "  # noqa: ISC004
            "sesudah tahun yang dinilai.",
        ),
    ],
)
def test_other_reasons_are_told_with_their_day(year, answer, traits, sentence):
    RegulationFactory(city=year.city, number="7", **traits)
    hand_in(answer, number="7 Tahun 2020")

    assert told(year, answer) == [[sentence]]


def test_a_rule_in_force_or_of_unknown_day_or_of_another_city_or_kind_is_no_reason(year, answer):
    RegulationFactory(city=year.city, number="7")
    RegulationFactory(city=year.city, number="8", promulgated_on=None)
    RegulationFactory(city=working_year().city, number="9", is_draft=True)
    RegulationFactory(city=year.city, number="10", is_draft=True, kind="perkada")
    for number in (7, 8, 9, 10):
        hand_in(
            answer,
            number=f"{number} Tahun 2020",
            files=[checked(f"isi {number}".encode())],
        )

    assert told(year, answer) == [[], [], [], []]


def test_each_of_many_documents_is_told_of_its_own_rule_and_of_the_last_where_two_fit(year):
    rules = [
        ("perda", "4", 2021),
        ("perda", "4", 2020),
        ("perda", "4 Tahun 2021", 2021),
        ("perda", "04", 2021),
        ("perkada", "4", 2021),
        ("keputusan", "463/KEP.118-DP3A/2022", 2022),
    ]
    for day, (kind, number, issued) in enumerate(rules, 1):
        facts = {"kind": kind, "number": number, "year": issued}
        RegulationFactory(city=year.city, **facts, ends_on=date(2024, 1, day))
    written = {
        ("perda", "No. 4/2021"): 1,
        ("perda", "4 Th. 2020"): 2,
        ("perda", "Nomor 4 Tahun 2021"): 3,
        ("perda", "04 / 2021"): 4,
        ("perda", "4"): None,
        ("perda", "5 Tahun 2021"): None,
        ("perkada", "4/2021"): 5,
        ("sk", "Nomor: 463/kep.118-dp3a/2022"): 6,
        ("sk", "4/2021"): None,
    }
    rows = [Offered(pk, 1, uuid4(), *said) for pk, said in enumerate(written, 1)]

    cautions = cautions_of(year, rows)

    told = [
        [one.sentence.rpartition(" habis pada ")[2] for one in cautions[row.pk]] for row in rows
    ]
    assert told == [[f"{day} Januari 2024."] if day else [] for day in written.values()]
    [judge] = judges_of(year)
    papers = {
        SupportingDocumentFactory(city=year.city, number=number).pk: number
        for _kind, number in written
    }
    sound = ("4", "5 Tahun 2021")
    assert judge.doubted(SupportingDocument.objects.all()) == {
        pk for pk, number in papers.items() if number not in sound
    }


def test_it_costs_no_query_where_no_rule_is_offered_and_one_however_many_are(year, answer, revoked):
    photo = answer.question.evidence_kinds.get(code="foto")
    hand_in(answer, kind=photo, files=[checked(b"foto")])
    rows = offers(answer)
    with CaptureQueriesContext(connection) as none:
        cautions_of(year, rows)
    for number in range(5):
        hand_in(answer, number="9 Tahun 2015", files=[checked(f"isi {number}".encode())])
    rows = offers(answer)
    with CaptureQueriesContext(connection) as many:
        assert len(cautions_of(year, rows)) == 5

    assert (len(none), len(many)) == (0, 1)


def test_the_question_and_the_review_tell_it(client, year, answer, revoked):
    (offer,) = hand_in(answer, number="9 Tahun 2015")
    place = [year.city.slug, year.year]
    client.force_login(secretary_of(year))
    assert SENTENCE in client.get(answer.get_absolute_url()).content.decode()

    client.force_login(reviewer_of(year).user)
    review = reverse("assessments:evidence_review", args=[*place, offer.pk])
    assert SENTENCE in client.get(review).content.decode()


def test_offering_a_stored_one_tells_it_at_once(client, year, answer, revoked):
    (offer,) = hand_in(answer, number="9 Tahun 2015", title="Perda lama")
    other = answer_of(year, "2a.2")
    other.question.evidence_kinds.add(offer.kind)
    client.force_login(secretary_of(year))
    url = reverse("assessments:document_offer", args=[year.city.slug, year.year, "2a.2"])

    answered = client.post(
        url,
        {
            "document": offer.document_id,
            "kind": offer.kind.code,
        },
        follow=True,
    )

    assert Evidence.objects.filter(answer=other).count() == 1
    assert f"Perda lama: {SENTENCE}" in [str(one) for one in answered.context["messages"]]


def test_the_checks_of_the_year_tell_it_until_the_document_was_sent_back(year, answer, revoked):
    [rule] = [rule for rule in RULES if rule.code == "R6"]

    def found():
        return [(one.answer, one.facts) for one in rule.find(checked_year(year, today=NOW.date()))]

    hand_in(answer, number="4/2021", files=[checked(b"yang berlaku")])
    (first,) = hand_in(answer, number="9 Tahun 2015")
    hand_in(answer, number="9/2015", files=[checked(b"pindaian lain")])
    assert found() == [(answer, SENTENCE)]  # once, however many papers of it there are

    Evidence.objects.exclude(pk=first.pk).delete()
    return_evidence(evidence_id=first.pk, reason="Dicabut", by=reviewer_of(year).user, at=NOW)
    assert found() == []


def test_the_checks_know_a_revoked_rule_by_its_file_as_well(year, answer, revoked):
    (offer,) = hand_in(answer, number="tanpa nomor")
    hand_in(answer_of(year, "1.2"), number="tanpa nomor", files=[checked(b"lain")])
    revoked.document = offer.document
    revoked.save()

    assert checked_year(year, today=NOW.date()).cautions == [(answer.pk, SENTENCE)]


def test_the_checks_tell_nothing_of_another_year_or_city(year, answer, revoked):
    hand_in(answer, number="9 Tahun 2015")
    later_year = working_year(city=year.city, year=year.year + 1)
    elsewhere = working_year(year=year.year)
    hand_in(answer_of(elsewhere, "1.2"), number="9 Tahun 2015", files=[checked(b"lain")])

    assert checked_year(later_year, today=NOW.date()).cautions == []
    assert checked_year(elsewhere, today=NOW.date()).cautions == []


def test_the_checks_read_the_offers_of_doubtful_documents_alone(year, answer, revoked):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            checked_year(year, today=NOW.date())
        return len(asked)

    for number in range(3):
        hand_in(answer, number=f"{number}/2021", files=[checked(f"isi {number}".encode())])
    without = queries()
    hand_in(answer, number="9 Tahun 2015")
    doubted = queries()
    Relation.objects.all().delete()

    assert (doubted, queries()) == (without + 1, without - 1)


def test_every_source_of_the_settings_is_asked(year, answer, revoked, settings):
    hand_in(answer, number="9 Tahun 2015")
    (offer,) = offers(answer)

    assert cautions_of(year, [offer]) == {offer.pk: [Caution(SENTENCE)]}
    assert cautions_of(year, []) == {}
    settings.CAUTION_SOURCES = [*settings.CAUTION_SOURCES] * 2
    assert cautions_of(year, [offer]) == {offer.pk: [Caution(SENTENCE)] * 2}
    settings.CAUTION_SOURCES = []
    assert cautions_of(year, [offer]) == {}
