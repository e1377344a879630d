"""Carry-over between two instruments, and of answers: what goes along, and what stays behind."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.choices import Stage, TrailEvent
from assessments.models import Answer, Evidence, PointsRecord
from assessments.queries import carry_over_proposals
from assessments.queries.carried_claims import carried_claim
from assessments.queries.carry_over import LeftOut, QuestionChange, Reason
from assessments.services.carry_over import ClaimPick, carry_over
from clusters.choices import MatchKind
from clusters.models import EvidenceKind, Question
from clusters.services.mappings import Wanted, confirm_matches, set_match, suggest_mapping
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    city_with_opds,
    claim,
    history,
    later,
    refused,
    secretary_of,
    set_stage,
    staff_of,
)
from tests.assessments.test_carry_over import TODAY, kept
from tests.clusters.situations import line_of
from tests.factories.assessments import answer_of, granted, open_year
from tests.factories.cities import MembershipFactory, SiteAdminFactory
from tests.factories.clusters import small_spec

pytestmark = pytest.mark.django_db

# Every question asks for photos, so that no kind of document stays behind by accident.
OLD = {"A": "Gugus tugas", "B": "Data akta", "C": "Pojok ASI", "D": "Kematian bayi", "E": "Dana"}
NEW = {"1": "Gugus tugas", "2": "Akta kelahiran", "3": "ASI kantor", "4": "ASI umum", "5": "Forum"}


def asking(texts, code, points=10, evidence=("foto",), **fields):
    spec = small_spec(code=code)
    cluster = spec.clusters[0]
    [row] = cluster.indicators
    question = replace(row.questions[0], max_points=Decimal(points), evidence=evidence)
    rows = tuple(
        replace(question, code=key, text=text, agencies=("DINKES",) if key in "A1" else ())
        for key, text in texts.items()
    )
    clusters = (replace(cluster, indicators=(replace(row, questions=rows),)),)
    return replace(spec, clusters=clusters, **fields)


@pytest.fixture
def city(db):
    return city_with_opds()


@pytest.fixture
def before(city):
    return open_year(city=city, year=2025, spec=asking(OLD, "lama-2020"))


@pytest.fixture
def now(city, before):
    return open_year(city=city, year=2026, spec=asking(NEW, "baru-2024", points=5))


@pytest.fixture
def mapping(before, now):
    """A → 1, B → 2, C → 3 and 4, D and E → 5: nothing confirmed yet but what these deeds are."""
    signed = {"by": SiteAdminFactory(), "at": NOW}
    made = suggest_mapping(before=before.instrument, after=now.instrument, **signed)
    for kind, old, new in (
        (MatchKind.REWORDED, "A", "1"),
        (MatchKind.REWORDED, "B", "2"),
        (MatchKind.SPLIT, "C", "34"),
        (MatchKind.MERGED, "DE", "5"),
    ):
        wanted = Wanted(kind, questions(made.before, old), questions(made.after, new))
        line = line_of(made, old[0])
        set_match(mapping_id=made.pk, match_id=line, wanted=wanted, **signed)
    return made


def questions(instrument, codes):
    return [Question.objects.of_instrument(instrument).get(code=code) for code in codes]


def proposed(year, member=None):
    visible = Answer.objects.visible_to(member) if member else Answer.objects.all()
    earlier = year.city.assessments.select_related("instrument").filter(year__lt=year.year)
    source = earlier.first()  # the newest comes first
    return carry_over_proposals(year, source, visible, today=TODAY)


def documents(found):
    return {
        row.answer.question.code: [proposal.document for proposal in row.proposals]
        for row in found.questions
    }


def left_out(found):
    return {
        reason: [(row.question.code, row.documents, row.has_claim) for row in rows]
        for reason, rows in found.left_out.items()
    }


def unconfirm(mapping, code):
    mapping.matches.filter(before__code=code).update(confirmed_at=None, confirmed_by=None)


def answered(year, code, points="5", **fields):
    return claim(answer_of(year, code), points, **fields)


# --- Documents --------------------------------------------------------------------------------


def test_documents_go_along_confirmed_lines_whatever_the_codes(before, now, mapping):
    photo = kept(before, "A").document

    [proposal] = proposed(now).proposals

    assert (proposal.answer.question.code, proposal.document) == ("1", photo)
    assert proposal.changes == [QuestionChange.QUESTION_CHANGED]
    assert proposal.kind.instrument == now.instrument


def test_a_split_question_offers_its_documents_to_each_part(before, now, mapping):
    photo = kept(before, "C").document

    found = proposed(now)

    assert documents(found) == {"3": [photo], "4": [photo]}
    assert {tuple(row.changes) for row in found.proposals} == {(QuestionChange.SPLIT,)}


def test_a_merged_question_is_offered_the_documents_of_all_its_sources(before, now, mapping):
    first, second = kept(before, "D").document, kept(before, "E").document
    kept(before, "E", document=first)

    found = proposed(now)

    assert documents(found) == {"5": [first, second]}
    assert {tuple(row.changes) for row in found.proposals} == {(QuestionChange.MERGED,)}
    [row] = found.questions
    assert [question.code for question in row.before] == ["D", "E"]


def test_a_part_that_has_the_document_already_is_left_out_and_the_other_is_not(
    before, now, mapping
):
    photo = kept(before, "C").document
    kept(now, "3", document=photo, accepted=False)

    assert documents(proposed(now)) == {"4": [photo]}


def test_a_suggestion_is_not_followed_and_says_so(before, now, mapping):
    kept(before, "C")
    answered(before, "C")
    unconfirm(mapping, "C")

    found = proposed(now)

    assert found.questions == []
    assert left_out(found) == {Reason.NOT_CONFIRMED: [("C", 1, True)]}


def test_what_is_asked_no_more_is_left_out_with_its_reason(before, now, mapping):
    wanted = Wanted(MatchKind.GONE, questions(mapping.before, "A"), [])
    signed = {"by": SiteAdminFactory(), "at": NOW}
    set_match(mapping_id=mapping.pk, match_id=line_of(mapping, "A"), wanted=wanted, **signed)
    kept(before, "A")
    kept(before, "A")
    ids = [line_of(mapping, "1")]
    confirm_matches(mapping_id=mapping.pk, match_ids=ids, **signed)

    found = proposed(now)

    assert left_out(found) == {Reason.GONE: [("A", 2, False)]}
    assert [answer.question.code for answer in found.new_questions] == ["1"]


def test_without_a_mapping_nothing_goes_along_even_where_codes_are_equal(city):
    before = open_year(city=city, year=2025, spec=asking(OLD, "lama-2020"))
    now = open_year(city=city, year=2026, spec=asking(OLD, "baru-2024"))
    kept(before, "A")
    answered(before, "B")

    found = proposed(now)

    assert (found.questions, found.new_questions) == ([], [])
    assert left_out(found) == {Reason.NO_MAPPING: [("A", 1, False), ("B", 0, True)]}


def test_a_kind_of_document_that_no_part_asks_for_is_left_out(city, before):
    now = open_year(city=city, year=2026, spec=asking(OLD, "baru-2024", evidence=("perda",)))
    signed = {"by": SiteAdminFactory(), "at": NOW}
    made = suggest_mapping(before=before.instrument, after=now.instrument, **signed)
    ids = list(made.matches.values_list("pk", flat=True))
    confirm_matches(mapping_id=made.pk, match_ids=ids, **signed)
    kept(before, "A")
    perda = EvidenceKind.objects.get(code="perda", instrument=before.instrument)
    kept(before, "A", kind="perda")

    found = proposed(now)

    assert [row.kind is None for row in found.proposals] == [True, False]
    assert left_out(found) == {Reason.KIND_NOT_ASKED: [("A", 1, False)]}
    assert perda.instrument != now.instrument


def test_what_had_nothing_is_not_counted_among_what_is_left_out(before, now, mapping):
    unconfirm(mapping, "C")

    assert proposed(now).left_out == {}


def test_an_opd_is_not_told_what_others_left_behind(before, now, mapping):
    unconfirm(mapping, "A")
    unconfirm(mapping, "B")
    kept(before, "A")
    kept(before, "B")

    found = proposed(now, staff_of(now, "DINKES"))

    assert left_out(found) == {Reason.NOT_CONFIRMED: [("A", 1, False)]}


# --- Answers ----------------------------------------------------------------------------------


def claims(found):
    return {row.key: row.points for row in found.claims}


def key(old, new):
    return f"{old.pk}-{new.pk}"


def test_an_answer_goes_along_as_the_same_share_of_the_new_maximum(before, now, mapping):
    old = answered(before, "A", "7.5", note="Lihat Perwali 3/2024")

    [found] = proposed(now).claims

    assert (found.before, found.answer) == (old, answer_of(now, "1"))
    assert (found.points, found.note, found.is_scaled) == (
        Decimal("3.75"),
        "Lihat Perwali 3/2024",
        True,
    )


def test_granted_points_and_verdicts_never_come_along(before, now, mapping):
    granted(answer_of(before, "A"), "10")
    kept(before, "A")

    found = proposed(now)

    assert found.claims == []
    assert {type(row.before.verdict) for row in found.proposals} == {str}
    assert Evidence.objects.filter(answer__assessment=now).count() == 0


def test_the_same_instrument_brings_the_very_claim(city):
    before = open_year(city=city, year=2025)
    now = open_year(city=city, year=2026)
    answered(before, "1.1", "29.999", choice="Perda")
    answered(before, "2a.1", "15", value=Decimal("12.5"))

    found = {row.answer.question.code: row for row in proposed(now).claims}

    assert (found["1.1"].points, found["1.1"].choice) == (Decimal("29.999"), "Perda")
    assert (found["2a.1"].value, found["2a.1"].is_scaled) == (Decimal("12.5"), False)


def test_a_split_answer_is_offered_to_each_part_and_a_merged_one_from_each_source(
    before, now, mapping
):
    split, one, two = (answered(before, code, "4") for code in "CDE")

    assert claims(proposed(now)) == {
        key(split, answer_of(now, "3")): Decimal(2),
        key(split, answer_of(now, "4")): Decimal(2),
        key(one, answer_of(now, "5")): Decimal(2),
        key(two, answer_of(now, "5")): Decimal(2),
    }


def test_a_question_that_is_answered_already_is_offered_no_answer(before, now, mapping):
    answered(before, "A")
    answered(now, "1", "0")

    found = proposed(now)

    assert (found.claims, found.left_out) == ([], {})


def test_between_instruments_that_count_other_things_points_say_nothing(city):
    before = open_year(
        city=city,
        year=2025,
        spec=asking(OLD, "lama-2020", points=1, measure="indicators"),
    )
    now = open_year(city=city, year=2026, spec=asking(OLD, "baru-2024"))
    signed = {"by": SiteAdminFactory(), "at": NOW}
    made = suggest_mapping(before=before.instrument, after=now.instrument, **signed)
    ids = list(made.matches.values_list("pk", flat=True))
    confirm_matches(mapping_id=made.pk, match_ids=ids, **signed)
    answered(before, "A", "1")
    answered(before, "B", "1", note="SK Wali Kota 7/2015")

    found = proposed(now)

    assert [(row.points, row.note) for row in found.claims] == [(None, "SK Wali Kota 7/2015")]
    assert left_out(found) == {Reason.NOT_COMPARABLE: [("A", 0, True)]}


def test_an_opd_is_not_offered_the_answer_of_another_opd(before, now, mapping):
    own = answered(before, "A")
    answer_of(before, "A").assignments.all().delete()
    member = staff_of(now, "DINKES")

    assert proposed(now, member).claims == []
    assert claims(proposed(now)) == {key(own, answer_of(now, "1")): Decimal("2.5")}


def test_a_choice_that_is_not_offered_any_more_stays_behind(before, now, mapping):
    Question.objects.filter(code="1").update(options=["Ada"])
    for code, choice in (("A", "Perda"), ("B", "Ada")):
        answered(before, code, None, choice=choice)

    found = proposed(now)

    assert found.claims == []
    assert left_out(found) == {Reason.NOT_COMPARABLE: [("A", 0, True), ("B", 0, True)]}


@given(st.integers(0, 100_000), st.integers(1, 100_000), st.integers(0, 100_000))
def test_a_carried_share_is_never_more_than_the_new_maximum(claimed, old, new):
    claimed = min(claimed, old)
    before = Answer(
        question=Question(max_points=Decimal(old) / 1000),
        claimed_points=Decimal(claimed) / 1000,
        claimed_at=NOW,
    )
    answer = Answer(question=Question(max_points=Decimal(new) / 1000))

    points = carried_claim(before, answer, is_comparable=True).points

    assert 0 <= points <= answer.question.max_points
    assert points == round(points, 3)
    assert abs(points * old - Decimal(claimed * new) / 1000) <= Decimal("0.0005") * old


# --- Taking over ------------------------------------------------------------------------------


def pick_of(found, **fields):
    [row] = found.claims
    given = {
        "answer_id": row.answer.pk,
        "points": row.points,
        "value": row.value,
        "choice": row.choice,
        "note": row.note,
        "source": "2025 A",
    }
    return ClaimPick(**given | fields)


def take(year, *picks, by=None):
    by = by or secretary_of(year)
    return carry_over(
        assessment_id=year.pk, picks=[], claims=picks, opd=None, by=by, at=later()
    ).claims


def test_a_carried_answer_is_a_claim_of_whoever_took_it_over(before, now, mapping):
    answered(before, "A", "7.5", note="Lihat Perwali")
    by = secretary_of(now)

    take(now, pick_of(proposed(now)), by=by)

    answer = answer_of(now, "1")
    assert (answer.claimed_points, answer.note) == (Decimal("3.75"), "Lihat Perwali")
    assert (answer.claimed_at, answer.claimed_by, answer.granted_points) == (later(), by, None)
    record = PointsRecord.objects.get(answer=answer)
    assert (record.points, record.why) == (Decimal("3.75"), "Jawaban tahun sebelumnya")
    assert history(now)[-1] == (TrailEvent.CLAIM_SAVED, "– → 3,75, dari 2025 A", by, later())
    assert_scores_are_right(now)


def test_the_earlier_answers_stay_as_they_were(before, now, mapping):
    answered(before, "A", "7.5")
    rows = list(Answer.objects.filter(assessment=before).order_by("pk").values())

    take(now, pick_of(proposed(now)))

    assert list(Answer.objects.filter(assessment=before).order_by("pk").values()) == rows


def test_what_a_colleague_has_answered_meanwhile_is_left_alone(before, now, mapping):
    answered(before, "A", "7.5")
    pick = pick_of(proposed(now))
    answered(now, "1", "1")

    assert take(now, pick) == []
    assert answer_of(now, "1").claimed_points == 1


def test_points_that_the_question_cannot_have_refuse_everything(before, now, mapping):
    answered(before, "A", "7.5")

    with refused("over_maximum"):
        take(now, pick_of(proposed(now), points=Decimal(6)))


def test_nothing_is_answered_in_a_closed_year(before, now, mapping):
    answered(before, "A", "7.5")
    pick = pick_of(proposed(now))
    set_stage(assessment_id=now.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        take(now, pick)


# --- The page ---------------------------------------------------------------------------------


def address(year):
    return reverse("assessments:documents_carry_over", args=[year.city.slug, year.year])


@pytest.fixture
def coordinator(client, city):
    user = MembershipFactory(gugus_tugas=True, city=city).user
    client.force_login(user)
    return user


def test_documents_and_answers_are_ticked_together(client, coordinator, before, now, mapping):
    photo, old = kept(before, "A"), answered(before, "B", "4")
    ticked = {
        "picks": [f"{photo.pk}-{answer_of(now, '1').pk}"],
        "claims": [key(old, answer_of(now, "2"))],
    }

    response = client.post(address(now), ticked, follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        "1 dokumen diajukan, menunggu pemeriksaan. 1 jawaban tersimpan sebagai klaim."
    ]
    assert answer_of(now, "2").claimed_points == 2
    assert Evidence.objects.get(answer__assessment=now).document == photo.document


def test_two_old_answers_for_one_question_are_refused(client, coordinator, before, now, mapping):
    one, two = answered(before, "D", "4"), answered(before, "E", "4")
    target = answer_of(now, "5")

    response = client.post(address(now), {"claims": [key(one, target), key(two, target)]})

    assert response.context["form"].errors == {
        "claims": ["Pilih satu jawaban lama saja untuk setiap pertanyaan."]
    }
    assert answer_of(now, "5").claimed_at is None


def test_the_page_says_where_a_proposal_comes_from_and_what_stays_behind(
    client, coordinator, before, now, mapping
):
    answered(before, "A", "7.5")
    kept(before, "C")
    unconfirm(mapping, "C")

    page = client.get(address(now)).content.decode()

    for sentence in (
        "0 dokumen dan 1 jawaban dari penilaian 2025",
        "klaim 3,75 dari 5",
        "dulu 7,5 dari 10",
        Reason.NOT_CONFIRMED.sentence,
    ):
        assert page.count(sentence) == 1
    assert Reason.GONE.sentence not in page


def test_the_numbers_of_queries_do_not_grow_with_what_is_followed_and_left_out(
    before, now, mapping
):
    unconfirm(mapping, "C")
    with CaptureQueriesContext(connection) as one:
        proposed(now)
    for code in OLD:
        answered(before, code)
        for _number in range(6):
            kept(before, code)

    with CaptureQueriesContext(connection) as many:
        found = proposed(now)

    assert (len(found.proposals), len(found.left_out)) == (24, 1)
    assert len(one) == len(many) == 8


def test_left_out_rows_keep_the_order_of_the_earlier_instrument(before, now, mapping):
    for code in "BAC":
        unconfirm(mapping, code)
        kept(before, code)

    [rows] = proposed(now).left_out.values()

    assert rows == [LeftOut(question, 1, False) for question in questions(mapping.before, "ABC")]
