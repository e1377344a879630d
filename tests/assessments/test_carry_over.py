"""Last year's documents as proposals: flagged, never accepted before somebody has looked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.choices import AnswerState, Stage, TrailEvent, Verdict
from assessments.freshness import Concern
from assessments.models import Answer, Evidence, SupportingDocument
from assessments.queries import CarryOver, carry_over_proposals
from assessments.queries.carry_over import QuestionChange
from assessments.services.carry_over import Pick, carry_over
from clusters.models import EvidenceKind
from clusters.services.mappings import confirm_matches, suggest_mapping
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    city_with_opds,
    history,
    later,
    refused,
    reviewer_of,
    secretary_of,
    set_stage,
    staff_of,
    stored_files,
)
from tests.at_once import at_once
from tests.factories.assessments import (
    EvidenceFactory,
    SupportingDocumentFactory,
    answer_of,
    open_year,
)
from tests.factories.cities import MembershipFactory, SiteAdminFactory
from tests.factories.clusters import small_spec

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


def changed_spec():
    """Next year's instrument: 1.2 reworded, 2b.1 worth less, 1.3 new, photos no longer for 1.2."""
    spec = small_spec(code="kecil-2027")
    institutional, substantive = spec.clusters
    [first] = institutional.indicators
    led, reworded = first.questions
    reworded = replace(reworded, text="Pertanyaan 1.2 baru", evidence=("perda",))
    new = replace(led, code="1.3", text="Forum Anak dilibatkan")
    one = replace(first, questions=(led, reworded, new))
    over, last = substantive.indicators
    [cheaper] = last.questions
    last = replace(last, questions=(replace(cheaper, max_points=Decimal(20)),))
    return replace(
        spec,
        clusters=(
            replace(institutional, indicators=(one,)),
            replace(substantive, indicators=(over, last)),
        ),
    )


@pytest.fixture
def city(db):
    return city_with_opds()


@pytest.fixture
def before(city):
    return open_year(city=city, year=2025)


@pytest.fixture
def now(city, before):
    return open_year(city=city, year=2026)


def kept(year, code, kind="foto", **fields):
    """A document that was accepted for a question, unless told otherwise."""
    if not {"returned", "accepted", "verdict"} & fields.keys():
        fields["accepted"] = True
    kind = EvidenceKind.objects.get(code=kind, instrument=year.instrument)
    return EvidenceFactory(answer=answer_of(year, code), kind=kind, **fields)


def proposed(year, member=None, today=TODAY):
    visible = Answer.objects.visible_to(member) if member else Answer.objects.all()
    earlier = year.city.assessments.select_related("instrument").filter(year__lt=year.year)
    source = earlier.first()  # the newest comes first
    return carry_over_proposals(year, source, visible, today=today)


def mapped(before, now, *, confirmed=True):
    """The suggested mapping between the instruments of two years."""
    signed = {"by": SiteAdminFactory(), "at": NOW}
    mapping = suggest_mapping(before=before.instrument, after=now.instrument, **signed)
    if confirmed:
        ids = list(mapping.matches.values_list("pk", flat=True))
        confirm_matches(mapping_id=mapping.pk, match_ids=ids, **signed)
    return mapping


def documents(found):
    return {
        row.answer.question.code: [proposal.document for proposal in row.proposals]
        for row in found.questions
    }


def only(found):
    [question] = found.questions
    [proposal] = question.proposals
    return proposal


def carry(year, *picks, by, at=NOW, opd=None):
    return carry_over(assessment_id=year.pk, picks=picks, opd=opd, by=by, at=at).documents


def pick_of(year, evidence, code=None):
    answer = answer_of(year, code or evidence.answer.question.code)
    kind = answer.question.evidence_kinds.get(code=evidence.kind.code)
    return Pick(answer.pk, evidence.document_id, kind)


# --- What is proposed -------------------------------------------------------------------------


def test_the_first_year_of_a_city_has_nothing_to_propose(before):
    found = proposed(before)

    assert found == CarryOver()


def test_documents_are_proposed_for_the_question_of_the_same_code(before, now):
    perda = kept(before, "1.2", "perda").document
    photo = kept(before, "2a.2").document

    found = proposed(now)

    assert documents(found) == {"1.2": [perda], "2a.2": [photo]}
    assert (found.source, len(found.proposals), found.new_questions) == (before, 2, [])
    assert found.left_out == {}


def test_the_year_just_before_counts_not_an_older_or_a_later_one(city, before, now):
    later_year = open_year(city=city, year=2027)
    oldest = open_year(city=city, year=2023)
    kept(oldest, "2a.2")
    kept(later_year, "2a.2")
    photo = kept(before, "2a.2").document

    assert documents(proposed(now)) == {"2a.2": [photo]}


def test_another_citys_year_is_not_looked_at(now):
    kept(open_year(city=city_with_opds(), year=2025), "2a.2")

    assert documents(proposed(now)) == {}


def test_what_was_returned_is_proposed_with_its_reason_and_what_waits_is_not(before, now):
    returned = kept(before, "1.2", returned=True)
    kept(before, "2a.2", verdict=Verdict.WAITING)

    proposal = only(proposed(now))

    assert (proposal.document, proposal.before.reason) == (
        returned.document,
        "Belum ditandatangani",
    )


def test_what_was_replaced_last_year_is_not_proposed(before, now):
    better = kept(before, "1.2")
    kept(before, "1.2", returned=True, superseded_by=better)

    assert documents(proposed(now)) == {"1.2": [better.document]}


def test_the_newest_version_of_a_document_is_proposed_once(before, now):
    first = kept(before, "1.2")
    newest = SupportingDocumentFactory(
        city=now.city, revision_of=first.document, revision=2, changes="Dicap"
    )
    kept(before, "1.2", document=newest)

    assert documents(proposed(now)) == {"1.2": [newest]}


def test_what_is_offered_this_year_already_is_not_proposed(before, now):
    used = kept(before, "2a.2")
    kept(now, "2a.2", document=used.document, verdict=Verdict.WAITING)
    other = kept(before, "2a.2")

    assert documents(proposed(now)) == {"2a.2": [other.document]}


# --- Flags ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "concerns"),
    [
        ({"issued_on": date(2025, 6, 1)}, ()),
        ({"issued_on": date(2023, 12, 31)}, (Concern.BEFORE,)),
        ({"issued_on": date(2026, 1, 1)}, (Concern.AFTER,)),
        ({}, (Concern.NO_PERIOD,)),
        (
            {"issued_on": date(2025, 6, 1), "valid_until": date(2026, 3, 1)},
            (Concern.EXPIRED,),
        ),
    ],
)
def test_a_proposal_says_whether_its_time_fits_the_new_year(before, now, fields, concerns):
    document = SupportingDocumentFactory(city=now.city, **fields)
    kept(before, "2a.2", document=document)

    proposal = only(proposed(now))

    assert (proposal.concerns, proposal.changes) == (concerns, [])
    assert proposal.sentences == [concern.sentence for concern in concerns]


def test_a_changed_question_is_flagged_and_a_new_one_listed(city, before):
    kept(before, "1.2", "perda")
    kept(before, "2b.1", "foto")
    kept(before, "2a.2")
    now = open_year(city=city, year=2026, spec=changed_spec())
    mapped(before, now)

    found = proposed(now)

    assert {row.answer.question.code: row.changes for row in found.proposals} == {
        "1.2": [QuestionChange.QUESTION_CHANGED],  # its words
        "2b.1": [QuestionChange.QUESTION_CHANGED, QuestionChange.KIND_NOT_ASKED],  # its points
        "2a.2": [],
    }
    assert [answer.question.code for answer in found.new_questions] == ["1.3"]


def test_a_kind_that_is_no_longer_asked_for_can_only_be_read(city, before):
    kept(before, "1.2", "foto")
    now = open_year(city=city, year=2026, spec=changed_spec())
    mapped(before, now)

    proposal = only(proposed(now))

    assert (proposal.kind, proposal.changes) == (
        None,
        [QuestionChange.QUESTION_CHANGED, QuestionChange.KIND_NOT_ASKED],
    )


def test_proposals_take_as_many_queries_with_thirty_documents_as_with_one(before, now):
    kept(before, "1.2")
    with CaptureQueriesContext(connection) as one:
        proposed(now)
    for code in ("1.2", "2a.2") * 15:
        kept(before, code)

    with CaptureQueriesContext(connection) as many:
        assert len(proposed(now).proposals) == 31

    assert len(one) == len(many)


# --- Accepting a proposal ---------------------------------------------------------------------


def test_a_carried_document_waits_for_a_verdict_of_its_own(before, now):
    old = kept(before, "2a.2")
    files, by = stored_files(), secretary_of(now)

    [evidence] = carry(now, pick_of(now, old), by=by, at=later())

    assert (evidence.document, evidence.verdict) == (old.document, Verdict.WAITING)
    assert (evidence.decided_by, evidence.counted_at) == (None, None)
    assert (evidence.offered_by, evidence.offered_at) == (by, later())
    assert evidence.kind.instrument == now.instrument
    assert history(now)[-1] == (TrailEvent.DOCUMENT_CARRIED, old.document.title, by, later())
    assert stored_files() == files
    assert_scores_are_right(now)


def test_carrying_everything_over_accepts_nothing(before, now):
    old = [kept(before, code) for code in ("1.2", "2a.2", "1.1")][:2]

    carry(now, *(pick_of(now, evidence) for evidence in old), by=secretary_of(now))

    answers = Answer.objects.filter(assessment=now)
    assert Evidence.objects.filter(answer__in=answers, verdict=Verdict.ACCEPTED).count() == 0
    assert answers.with_state().filter(state=AnswerState.WAITING).count() == 2


def test_the_earlier_year_stays_as_it_was(before, now):
    old = kept(before, "2a.2")
    rows = list(Evidence.objects.filter(answer__assessment=before).values())

    carry(now, pick_of(now, old), by=secretary_of(now))

    assert list(Evidence.objects.filter(answer__assessment=before).values()) == rows


def test_what_a_colleague_has_offered_meanwhile_is_left_alone(before, now):
    first, second = kept(before, "2a.2"), kept(before, "1.2")
    picks = [pick_of(now, first), pick_of(now, second)]
    [offered] = carry(now, picks[0], by=secretary_of(now))

    carried = carry(now, *picks, by=secretary_of(now))

    assert [evidence.document for evidence in carried] == [second.document]
    assert Evidence.objects.filter(pk=offered.pk).count() == 1


def test_a_document_that_was_revised_meanwhile_refuses_the_whole_lot(before, now):
    fine, old = kept(before, "2a.2"), kept(before, "1.2")
    picks = [pick_of(now, fine), pick_of(now, old)]
    SupportingDocumentFactory(city=now.city, revision_of=old.document, revision=2, changes="Dicap")

    with refused("outdated"):
        carry(now, *picks, by=secretary_of(now))


def test_a_kind_that_the_question_does_not_ask_for_is_refused(before, now):
    old = kept(before, "2a.2")
    perda = EvidenceKind.objects.get(code="perda", instrument=now.instrument)

    with refused("wrong_kind"):
        carry(now, replace(pick_of(now, old), kind=perda), by=secretary_of(now))


def test_nothing_is_carried_into_a_closed_year(before, now):
    old, by = kept(before, "2a.2"), secretary_of(now)
    set_stage(assessment_id=now.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        carry(now, pick_of(now, old), by=by)


@pytest.mark.django_db(transaction=True)
def test_two_people_carrying_the_same_documents_offer_each_once():
    city = city_with_opds()
    before, now = open_year(city=city, year=2025), open_year(city=city, year=2026)
    picks = [pick_of(now, kept(before, "2a.2")), pick_of(now, kept(before, "1.2"))]

    def carrying(by):
        return lambda: len(carry(now, *picks, by=by))

    told = at_once(*map(carrying, [secretary_of(now) for _ in range(2)]))

    assert sorted(told) == [0, 2]
    assert Evidence.objects.filter(answer__assessment=now).count() == 2


# --- The page ---------------------------------------------------------------------------------


def key_of(year, evidence):
    return f"{evidence.pk}-{answer_of(year, evidence.answer.question.code).pk}"


def address(year):
    return reverse("assessments:documents_carry_over", args=[year.city.slug, year.year])


def test_an_opd_ticks_documents_of_its_own_questions(client, before, now):
    dinkes = staff_of(now, "DINKES")
    own, foreign = kept(before, "2a.2"), kept(before, "1.2")
    client.force_login(dinkes.user)

    page = client.get(address(now))
    response = client.post(address(now), {"picks": [key_of(now, own)]}, follow=True)

    assert documents(page.context["proposed"]) == {"2a.2": [own.document]}
    assert foreign.document.title not in page.content.decode()
    evidence = Evidence.objects.get(answer__assessment=now)
    assert (evidence.document, evidence.opd) == (own.document, dinkes.opd)
    assert "1 dokumen diajukan, menunggu pemeriksaan." in response.content.decode()
    assert documents(response.context["proposed"]) == {}


def test_an_opd_carries_nothing_for_questions_of_others(client, before, now):
    foreign = kept(before, "1.2")
    client.force_login(staff_of(now, "DINKES").user)

    response = client.post(address(now), {"picks": [key_of(now, foreign)]})

    assert response.context["form"].errors.keys() == {"picks"}
    assert Evidence.objects.filter(answer__assessment=now).count() == 0


def test_indicators_fold_with_their_sums_and_a_cluster_can_be_chosen(client, before, now):
    one, other = kept(before, "1.2"), kept(before, "2a.2")
    kept(before, "2a.2")
    client.force_login(MembershipFactory(gugus_tugas=True, city=now.city).user)
    [first, second] = now.instrument.clusters.all()

    whole = client.get(address(now)).context
    part = client.get(address(now), {"klaster": second.code})

    assert whole["clusters"] == {first: 1, second: 1}
    assert [(row.indicator.code, row.documents, row.claims) for row in whole["indicators"]] == [
        (one.answer.question.indicator.code, 1, 0),
        (other.answer.question.indicator.code, 2, 0),
    ]
    assert part.context["indicators"] == [whole["indicators"][1]]
    assert one.document.title not in part.content.decode()
    assert "1 pertanyaan: 2 dokumen, 0 jawaban" in part.content.decode()


def test_taking_over_one_cluster_leads_back_to_it(client, before, now):
    own = kept(before, "2a.2")
    kept(before, "1.2")
    client.force_login(MembershipFactory(gugus_tugas=True, city=now.city).user)
    chosen = f"{address(now)}?klaster={own.answer.question.indicator.cluster.code}"

    response = client.post(chosen, {"picks": [key_of(now, own)]})

    assert response.url == chosen


def test_a_newer_version_that_is_offered_this_year_already_is_not_proposed(before, now):
    old = kept(before, "2a.2")
    newest = SupportingDocumentFactory(
        city=now.city, revision_of=old.document, revision=2, changes="Dicap"
    )
    kept(now, "2a.2", document=newest, verdict=Verdict.WAITING)
    kept(now, "1.2", document=newest, verdict=Verdict.WAITING)  # another question's

    assert documents(proposed(now)) == {}


def test_a_document_that_another_question_has_this_year_is_still_proposed(before, now):
    old = kept(before, "2a.2")
    kept(now, "1.2", document=old.document, verdict=Verdict.WAITING)

    assert documents(proposed(now)) == {"2a.2": [old.document]}


def test_nothing_ticked_says_so(client, before, now):
    kept(before, "2a.2")
    client.force_login(staff_of(now, "DINKES").user)

    page = client.post(address(now), {"picks": [], "_": ""})

    assert "Centang sedikitnya satu dokumen atau jawaban." in page.content.decode()


def test_flags_and_reasons_stand_beside_the_proposal(client, city, before):
    old = SupportingDocumentFactory(city=city, period_end=date(2020, 12, 31))
    kept(before, "1.2", "perda", document=old, returned=True)
    now = open_year(city=city, year=2026, spec=changed_spec())
    mapped(before, now)
    client.force_login(MembershipFactory(gugus_tugas=True, city=city).user)

    page = client.get(address(now)).content.decode()

    for sentence in (
        QuestionChange.QUESTION_CHANGED.sentence,
        "Penilaian 2025 memakai instrumen lain.",
        Concern.BEFORE.sentence,
        "Belum ditandatangani",
        "1 pertanyaan baru, tanpa dokumen tahun lalu",
    ):
        assert page.count(sentence) == 1


def test_a_document_of_another_opds_question_of_last_year_is_not_opened_here(client, city, before):
    """The question came to DINKES only this year; the file of DISDIK opens once it is offered."""
    evidence = kept(before, "1.2")
    now = open_year(city=city, year=2026)
    contributor = staff_of(now, "DINKES")
    answer_of(now, "1.2").assignments.create(opd=contributor.opd)
    client.force_login(contributor.user)

    page = client.get(address(now))

    assert documents(page.context["proposed"]) == {"1.2": [evidence.document]}
    assert page.context["shown"]["readable"] == set()
    assert evidence.document.get_absolute_url() not in page.content.decode()


def test_a_reviewer_does_not_open_the_page_and_a_stranger_does_not_find_it(client, now):
    client.force_login(reviewer_of(now).user)
    refused_to_reviewer = client.get(address(now)).status_code
    client.force_login(MembershipFactory().user)

    assert (refused_to_reviewer, client.get(address(now)).status_code) == (403, 404)


def test_without_an_earlier_year_the_page_says_what_it_is_for(client, before):
    client.force_login(staff_of(before, "DINKES").user)

    page = client.get(address(before)).content.decode()

    assert "Belum ada tahun sebelumnya" in page
    assert SupportingDocument.objects.count() == 0


def test_the_page_takes_as_many_queries_with_thirty_documents_as_with_one(
    client, before, now, django_assert_num_queries
):
    kept(before, "1.2")
    client.force_login(MembershipFactory(gugus_tugas=True, city=now.city).user)
    with CaptureQueriesContext(connection) as one:
        client.get(address(now))
    for code in ("1.2", "2a.2") * 15:
        kept(before, code)

    with django_assert_num_queries(len(one)):
        client.get(address(now))
