"""Better versions of documents: what gives way, what stays, and who looks at it again."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.choices import AnswerState, Stage, TrailEvent, Verdict
from assessments.forms.review_queue import QueueFilterForm
from assessments.models import Answer, Evidence, SupportingDocument
from assessments.queries.review_queue import review_queue_of
from assessments.services.creation import open_assessment
from assessments.services.documents import DocumentFacts, withdraw_evidence
from assessments.services.review import accept_evidence, return_evidence, undo_verdict
from assessments.services.revisions import revise_document
from tests.assessments import corpus
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    checked,
    hand_in,
    history,
    later,
    overtaken,
    refused,
    reviewer_of,
    secretary_of,
    set_stage,
    staff_of,
    stored_files,
    working_year,
)
from tests.at_once import at_once
from tests.factories.assessments import EvidenceFactory, SupportingDocumentFactory, answer_of
from tests.factories.cities import MembershipFactory, SiteAdminFactory

pytestmark = pytest.mark.django_db


def revise(evidence, *, by, at=NOW, content=b"versi baru", changes="Sudah dicap", **said):
    return revise_document(
        evidence_id=evidence.pk,
        file=checked(content, "baru.pdf"),
        said=DocumentFacts(**said),
        changes=changes,
        by=by,
        at=at,
    )


def offered_for(answer, document, **traits):
    kind = answer.question.evidence_kinds.get(code="foto")
    return EvidenceFactory(answer=answer, document=document, kind=kind, **traits)


def state_of(answer):
    return Answer.objects.with_state().get(pk=answer.pk).state


@pytest.fixture
def elsewhere(year):
    return answer_of(year, "2a.2")


@pytest.fixture
def by(year):
    return secretary_of(year)


# --- What a revision is -----------------------------------------------------------------------


def test_a_revision_waits_in_the_place_of_the_returned_document(year, answer, by):
    old = EvidenceFactory(answer=answer, returned=True, document__title="SK Gugus Tugas")

    new = revise(old, by=by, at=later(), number="7/2025", valid_until=date(2027, 1, 1)).evidence

    old.refresh_from_db()
    document = new.document
    assert (old.superseded_by, old.verdict, old.reason) == (
        new,
        Verdict.RETURNED,
        "Belum ditandatangani",
    )
    assert (new.verdict, new.kind, new.offered_at, new.offered_by) == (
        Verdict.WAITING,
        old.kind,
        later(),
        by,
    )
    assert (document.revision_of, document.revision, document.changes) == (
        old.document,
        2,
        "Sudah dicap",
    )
    assert (document.title, document.number) == ("SK Gugus Tugas", "7/2025")
    assert document.valid_until == date(2027, 1, 1)
    assert (document.opd, document.uploaded_by) == (old.document.opd, by)
    assert history(year)[-1] == (
        TrailEvent.DOCUMENT_REVISED,
        "SK Gugus Tugas (2): Sudah dicap",
        by,
        later(),
    )


def test_both_files_stay_on_disk(answer, by):
    old = EvidenceFactory(answer=answer, returned=True)

    new = revise(old, by=by).evidence

    assert stored_files() == sorted([old.document.file.name, new.document.file.name])


def test_a_revision_is_reviewed_by_who_returned_the_version_before(answer, by):
    old = EvidenceFactory(answer=answer, returned=True)

    second = revise(old, by=by).evidence
    third = revise(second, by=by, content=b"lebih baru lagi").evidence

    assert (second.reviewer, third.reviewer) == (old.decided_by, old.decided_by)


def queue(member, year):
    form = QueueFilterForm(QueryDict(), assessment=year)
    return review_queue_of(
        member, year, condition=form.condition(NOW), order=form.order_for(member.user)
    )


def test_the_revision_of_an_undecided_document_takes_it_out_of_the_queue(year, answer, by):
    old = EvidenceFactory(answer=answer)

    new = revise(old, by=by).evidence

    assert list(Evidence.objects.waiting()) == [new]
    assert list(queue(reviewer_of(year), year)) == [new]
    assert state_of(answer) == AnswerState.WAITING


def test_a_replaced_document_that_waited_no_longer_keeps_its_question_waiting(answer, by):
    old = EvidenceFactory(answer=answer)
    new = revise(old, by=by).evidence

    return_evidence(evidence_id=new.pk, reason="Buram", by=secretary_of(answer), at=NOW)

    assert state_of(answer) == AnswerState.RETURNED


# --- The verdict belongs to the pair ----------------------------------------------------------


def test_every_question_where_the_old_version_is_undecided_gets_the_new_one(
    year, answer, elsewhere, by
):
    old = EvidenceFactory(answer=answer, returned=True)
    waiting = offered_for(elsewhere, old.document)

    revised = revise(old, by=by)

    waiting.refresh_from_db()
    [also] = revised.also
    assert (also.answer, also.document, also.kind) == (
        elsewhere,
        revised.evidence.document,
        waiting.kind,
    )
    assert (waiting.superseded_by, also.reviewer) == (also, None)
    deeds = [row.answer for row in year.activities.filter(deed=TrailEvent.DOCUMENT_REVISED)]
    assert sorted(deeds, key=lambda a: a.pk) == sorted([answer, elsewhere], key=lambda a: a.pk)


def test_where_the_old_version_is_accepted_it_stays_untouched(year, answer, elsewhere, by):
    old = EvidenceFactory(answer=answer, returned=True)
    accepted = offered_for(elsewhere, old.document, accepted=True)
    before = Evidence.objects.filter(pk=accepted.pk).values().get()

    revised = revise(old, by=by)

    assert (revised.also, revised.kept) == ([], [accepted])
    assert Evidence.objects.filter(pk=accepted.pk).values().get() == before
    assert list(elsewhere.evidence.all()) == [accepted]
    assert state_of(elsewhere) == AnswerState.ACCEPTED
    assert_scores_are_right(year)


def test_a_closed_year_keeps_the_version_that_it_had(answer, by):
    old = EvidenceFactory(answer=answer, returned=True)
    last_year = open_assessment(
        city=answer.assessment.city,
        instrument=answer.assessment.instrument,
        year=2025,
        target=None,
        deadline=None,
        by=SiteAdminFactory(),
        at=NOW,
    )
    past = offered_for(answer_of(last_year, "2a.2"), old.document)
    set_stage(assessment_id=last_year.pk, stage=Stage.CLOSED, at=NOW)

    revised = revise(old, by=by)

    past.refresh_from_db()
    assert (revised.also, past.superseded_by) == ([], None)


def test_the_chain_goes_on_from_the_newest_version_even_where_the_first_is_offered(
    answer, elsewhere, by
):
    old = EvidenceFactory(answer=answer, returned=True)
    kept = offered_for(elsewhere, old.document, accepted=True)
    second = revise(old, by=by).evidence
    undo_verdict(evidence_id=kept.pk, by=secretary_of(answer), at=NOW)

    third = revise(kept, by=by, content=b"versi ketiga")

    assert third.evidence.document.revision_of == second.document
    assert [also.answer for also in third.also] == [answer]
    assert [document.revision for document in old.document.family] == [3, 2, 1]


# --- Refusals ---------------------------------------------------------------------------------


def test_what_was_accepted_for_a_question_is_not_revised_there(answer, by):
    old = EvidenceFactory(answer=answer, accepted=True)

    with refused("accepted"):
        revise(old, by=by)


def test_a_replaced_version_is_not_replaced_again(answer, by):
    old = EvidenceFactory(answer=answer, returned=True)
    revise(old, by=by)

    with refused("revised"):
        revise(old, by=by, content=b"versi lain")


@pytest.mark.parametrize("changes", ["", "  \n"])
def test_a_revision_says_what_changed(answer, by, changes):
    old = EvidenceFactory(answer=answer, returned=True)

    with refused("changes"):
        revise(old, by=by, changes=changes)


def test_the_same_file_is_no_revision(answer, by):
    [old] = hand_in(answer, by=by, files=[checked(b"isi lama")])

    with refused("already_offered"):
        revise(old, by=by, content=b"isi lama")


def test_a_file_that_the_city_has_already_is_no_revision(answer, by):
    old = EvidenceFactory(answer=answer, returned=True)
    SupportingDocumentFactory(city=answer.assessment.city, sha256=checked(b"sama").facts.sha256)

    with refused("already_stored"):
        revise(old, by=by, content=b"sama")


def test_nothing_is_revised_in_a_closed_year(year, answer, by):
    old = EvidenceFactory(answer=answer, returned=True)
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        revise(old, by=by)


def test_a_withdrawn_document_is_not_revised(answer, by):
    old = EvidenceFactory(answer=answer)
    Evidence.objects.filter(pk=old.pk).delete()

    with refused("withdrawn"):
        revise(old, by=by)


@pytest.mark.parametrize("decision", ["accept", "return", "undo"])
def test_nobody_decides_on_a_version_that_was_replaced(answer, by, decision):
    old = EvidenceFactory(answer=answer, returned=decision == "undo")
    revise(old, by=by)
    reviewer = secretary_of(answer)
    decide = {
        "accept": lambda: accept_evidence(
            evidence_id=old.pk, granted_points=Decimal(1), by=reviewer, at=NOW
        ),
        "return": lambda: return_evidence(evidence_id=old.pk, reason="Buram", by=reviewer, at=NOW),
        "undo": lambda: undo_verdict(evidence_id=old.pk, by=reviewer, at=NOW),
    }

    with overtaken("revised"):
        decide[decision]()


def test_a_document_has_one_next_revision(answer, by):
    old = EvidenceFactory(answer=answer, returned=True)
    revise(old, by=by)

    with pytest.raises(IntegrityError), transaction.atomic():
        SupportingDocumentFactory(
            city=old.document.city, revision_of=old.document, revision=2, changes="Lain"
        )


# --- Taking back ------------------------------------------------------------------------------


def test_withdrawing_a_revision_puts_an_undecided_version_back_in_the_queue(answer, by):
    old = EvidenceFactory(answer=answer)
    new = revise(old, by=by).evidence

    withdraw_evidence(evidence_id=new.pk, by=by, at=NOW)

    assert list(Evidence.objects.waiting()) == [old]


def test_withdrawing_a_revision_brings_the_returned_version_back(answer, by):
    old = EvidenceFactory(answer=answer, returned=True)
    new = revise(old, by=by).evidence

    withdraw_evidence(evidence_id=new.pk, by=by, at=NOW)

    assert state_of(answer) == AnswerState.RETURNED
    assert SupportingDocument.objects.count() == 1


def test_a_replaced_version_is_not_withdrawn(answer, by):
    old = EvidenceFactory(answer=answer)
    revise(old, by=by)

    with refused("revised"):
        withdraw_evidence(evidence_id=old.pk, by=by, at=NOW)


def test_what_once_counted_is_never_removed_even_after_its_verdict_is_undone(
    answer, by, django_capture_on_commit_callbacks
):
    [evidence] = hand_in(answer, by=by)
    accept_evidence(
        evidence_id=evidence.pk, granted_points=Decimal(5), by=secretary_of(answer), at=NOW
    )
    undo_verdict(evidence_id=evidence.pk, by=secretary_of(answer), at=NOW)

    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(ValidationError) as refusal,
    ):
        withdraw_evidence(evidence_id=evidence.pk, by=by, at=NOW)

    assert refusal.value.code == "decided"
    assert len(stored_files()) == 1


# --- Several at once --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_revisions_of_one_document_at_once_one_holds():
    year = working_year()
    answer, elsewhere = answer_of(year, "1.2"), answer_of(year, "2a.2")
    people = [secretary_of(year) for _ in range(2)]
    for round_ in range(8):
        old = EvidenceFactory(answer=answer, returned=True)
        offered_for(elsewhere, old.document)

        def revising(by, content, old=old):
            def revise_it():
                revise(old, by=by, content=content)
                return "revised it"

            return revise_it

        told = at_once(*(revising(by, f"{round_} {by.pk}".encode()) for by in people))

        assert sorted(told) == ["revised", "revised it"]
        assert [document.revision for document in old.document.family] == [2, 1]
    assert Evidence.objects.current().filter(answer=elsewhere).count() == 8
    assert len(stored_files()) == SupportingDocument.objects.count() == 16


@pytest.mark.django_db(transaction=True)
def test_a_verdict_comes_before_a_revision_or_not_at_all():
    answer = answer_of(working_year(), "1.2")
    author, reviewer = secretary_of(answer), secretary_of(answer)
    for round_ in range(8):
        old = EvidenceFactory(answer=answer, document__uploaded_by=author)

        def accept(pk=old.pk):
            accept_evidence(evidence_id=pk, granted_points=Decimal(5), by=reviewer, at=NOW)
            return "first"

        def renew(old=old, number=round_):
            revise(old, by=author, content=str(number).encode())
            return "first"

        told = at_once(accept, renew)

        old.refresh_from_db()
        accepted = old.verdict == Verdict.ACCEPTED
        assert told == (["first", "accepted"] if accepted else ["revised", "first"])
        assert (old.superseded_by is None) is accepted
    assert_scores_are_right(answer.assessment)


# --- Pages ------------------------------------------------------------------------------------


def revise_url(evidence):
    assessment = evidence.answer.assessment
    return reverse(
        "assessments:document_revise", args=[assessment.city.slug, assessment.year, evidence.pk]
    )


def own(answer, staff, **traits):
    return EvidenceFactory(
        answer=answer, document__opd=staff.opd, document__uploaded_by=staff.user, **traits
    )


def posted(name="perbaikan.pdf", changes="Sudah ditandatangani"):
    content = corpus.pdf(pages=2)
    return {"file": SimpleUploadedFile(name, content), "changes": changes}


def test_an_opd_uploads_a_better_version_and_reads_what_came_of_it(client, answer, staff):
    old = own(answer, staff, returned=True)
    client.force_login(staff.user)
    page = client.get(revise_url(old))

    response = client.post(revise_url(old), posted(), follow=True)

    assert "Belum ditandatangani" in page.content.decode()
    new = Evidence.objects.waiting().get()
    assert new.document.changes == "Sudah ditandatangani"
    shown = response.content.decode()
    assert response.redirect_chain == [(f"{answer.get_absolute_url()}?terunggah=1", 302)]
    assert "1 dokumen sebelumnya" in shown
    assert "Versi 2" in shown


def test_the_page_tells_where_the_accepted_version_stays(client, year, answer, elsewhere, staff):
    old = own(answer, staff, returned=True)
    offered_for(elsewhere, old.document, accepted=True)
    client.force_login(staff.user)

    shown = client.post(revise_url(old), posted(), follow=True).content.decode()

    assert "Pada pertanyaan 2a.2 versi lama sudah diterima dan tetap berlaku." in shown


def test_without_saying_what_changed_nothing_is_stored(client, answer, staff):
    old = own(answer, staff, returned=True)
    client.force_login(staff.user)

    response = client.post(revise_url(old), posted(changes=""))

    assert response.context["form"].errors.keys() == {"changes"}
    assert SupportingDocument.objects.count() == 1


def test_a_file_that_the_city_has_is_offered_instead_of_stored_again(client, answer, staff):
    old = own(answer, staff, returned=True)
    file = posted()
    known = SupportingDocumentFactory(city=old.document.city, opd=staff.opd, title="SK lengkap")
    SupportingDocument.objects.filter(pk=known.pk).update(
        sha256=checked(corpus.pdf(pages=2)).facts.sha256
    )
    client.force_login(staff.user)

    page = client.post(revise_url(old), file)
    [stored] = page.context["stored_offers"]
    year = answer.assessment
    address = reverse("assessments:document_offer", args=[year.city.slug, year.year, "1.2"])
    client.post(address, {"proof": stored.proof})

    old.refresh_from_db()
    assert stored.label == "Pakai dokumen tersimpan “SK lengkap”"
    assert old.superseded_by.document == known


def test_an_opd_does_not_revise_what_another_opd_brought(client, year, answer):
    contributor = staff_of(year, "DP3A")
    old = own(answer, staff_of(year, "DISDIK"), returned=True)
    client.force_login(contributor.user)

    response = client.post(revise_url(old), posted())

    assert (response.status_code, response.url) == (302, answer.get_absolute_url())
    assert SupportingDocument.objects.count() == 1


def test_a_document_of_a_question_that_is_not_the_opds_does_not_exist(client, year, answer):
    stranger = staff_of(year, "DINKES")
    old = own(answer, staff_of(year, "DISDIK"), returned=True)
    client.force_login(stranger.user)

    assert client.get(revise_url(old)).status_code == 404


def test_an_accepted_document_offers_no_revision(client, answer, staff):
    old = own(answer, staff, accepted=True)
    client.force_login(staff.user)

    page = client.get(answer.get_absolute_url()).content.decode()

    assert revise_url(old) not in page


def test_the_queue_shows_a_reviewer_first_what_comes_back_to_them(client, year, answer):
    mine, colleague = reviewer_of(year), reviewer_of(year)
    most_points = EvidenceFactory(
        answer=answer_of(year, "1.1"), kind=answer.question.evidence_kinds.first()
    )
    back = EvidenceFactory(answer=answer, reviewer=mine.user)
    client.force_login(mine.user)

    page = client.get(reverse("assessments:review_queue", args=[year.city.slug, year.year]))

    assert list(queue(mine, year)) == [back, most_points]
    assert list(queue(colleague, year)) == [most_points, back]
    assert page.content.decode().count("Anda mengembalikan versi sebelumnya") == 1


def test_a_reviewer_reads_what_changed_and_opens_the_version_before(client, year, answer, reviewer):
    old = EvidenceFactory(answer=answer)
    return_evidence(evidence_id=old.pk, reason="Tanpa cap", by=reviewer.user, at=NOW)
    new = revise(old, by=secretary_of(year), changes="Cap ditambahkan").evidence
    client.force_login(reviewer.user)
    address = reverse("assessments:evidence_review", args=[year.city.slug, year.year, new.pk])
    before = reverse("assessments:evidence_review", args=[year.city.slug, year.year, old.pk])

    page = client.get(address).content.decode()
    old_page = client.get(before)

    assert ["Cap ditambahkan" in page, "Tanpa cap" in page, before in page] == [True] * 3
    assert (old_page.context["form"], old_page.context["newer"]) == (None, new)


def test_who_offered_a_revision_does_not_find_it_in_their_own_queue(year, answer, secretariat):
    old = EvidenceFactory(answer=answer, returned=True)

    revise(old, by=secretariat.user)

    assert list(queue(secretariat, year)) == []
    assert len(queue(MembershipFactory(gugus_tugas=True, city=year.city), year)) == 1


def test_a_question_with_many_versions_takes_as_many_queries_as_with_one(
    client, answer, staff, django_assert_num_queries
):
    old = own(answer, staff, returned=True)
    client.force_login(staff.user)
    with CaptureQueriesContext(connection) as one:
        client.get(answer.get_absolute_url())
    for number in range(15):
        old = revise(old, by=staff.user, content=str(number).encode()).evidence
        own(answer, staff, returned=True)

    with django_assert_num_queries(len(one)):
        client.get(answer.get_absolute_url())
