"""Stored documents offered for more questions, and the same file recognised."""

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.choices import AnswerState, Stage, TrailEvent, Verdict
from assessments.models import Answer, Evidence, SupportingDocument
from assessments.queries import uses
from assessments.services.creation import open_assessment
from assessments.services.documents import withdraw_evidence
from assessments.services.offers import offer_document
from assessments.services.review import return_evidence
from assessments.views.reuse import SALT
from clusters.models import EvidenceKind
from tests.assessments import corpus
from tests.assessments.situations import (
    NOW,
    checked,
    hand_in,
    history,
    later,
    refused,
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


@pytest.fixture
def by(year):
    return secretary_of(year)


@pytest.fixture
def elsewhere(year):
    """Question 2a.2, held by DINKES, which asks for photos only."""
    return answer_of(year, "2a.2")


def offer(answer, document, *, by, at=NOW, kind="foto", opd=None):
    return offer_document(
        answer_id=answer.pk,
        document_id=document.pk,
        kind=EvidenceKind.objects.get(code=kind, instrument=answer.assessment.instrument_id),
        opd=opd,
        by=by,
        at=at,
    )


def state_of(answer):
    return Answer.objects.with_state().get(pk=answer.pk).state


# --- Offering again ---------------------------------------------------------------------------


def test_a_stored_document_is_offered_without_a_copy(year, answer, elsewhere):
    staff = staff_of(year, "DINKES")
    document = EvidenceFactory(answer=answer, accepted=True).document

    evidence = offer(elsewhere, document, by=staff.user, at=later(), opd=staff.opd)

    assert (evidence.document, evidence.verdict, evidence.kind.code) == (
        document,
        Verdict.WAITING,
        "foto",
    )
    assert (evidence.offered_at, evidence.offered_by, evidence.opd) == (
        later(),
        staff.user,
        staff.opd,
    )
    assert len(stored_files()) == SupportingDocument.objects.count() == 1
    assert history(year)[-1] == (TrailEvent.DOCUMENT_OFFERED, document.title, staff.user, later())


def test_returning_a_document_for_one_question_leaves_its_acceptance_for_another(
    year, answer, elsewhere, by, reviewer
):
    accepted = EvidenceFactory(answer=answer, accepted=True)
    before = Evidence.objects.filter(pk=accepted.pk).values().get()
    offered = offer(elsewhere, accepted.document, by=by)

    return_evidence(evidence_id=offered.pk, reason="Bukan untuk ini", by=reviewer.user, at=NOW)

    assert Evidence.objects.filter(pk=accepted.pk).values().get() == before
    assert [state_of(answer), state_of(elsewhere)] == [AnswerState.ACCEPTED, AnswerState.RETURNED]
    assert list(year.activities.filter(answer=answer)) == []


def test_an_offered_document_answers_what_was_returned_of_its_kind(answer, elsewhere, by):
    returned = EvidenceFactory(answer=elsewhere, returned=True)
    document = EvidenceFactory(answer=answer).document

    evidence = offer(elsewhere, document, by=by)

    returned.refresh_from_db()
    assert returned.superseded_by == evidence


def test_a_newer_version_offered_by_hand_takes_the_place_of_the_old_one(answer, elsewhere, by):
    old = EvidenceFactory(answer=elsewhere)
    newer = SupportingDocumentFactory(
        city=old.document.city, revision_of=old.document, revision=2, changes="Dicap"
    )

    evidence = offer(elsewhere, newer, by=by)

    assert list(Evidence.objects.waiting()) == [evidence]


@pytest.mark.parametrize("traits", [{}, {"returned": True}, {"accepted": True}])
def test_a_document_is_offered_once_for_a_question(elsewhere, by, traits):
    document = EvidenceFactory(answer=elsewhere, **traits).document

    with refused("already_offered"):
        offer(elsewhere, document, by=by)


def test_an_outdated_version_is_not_offered(answer, elsewhere, by):
    old = EvidenceFactory(answer=answer).document
    SupportingDocumentFactory(city=old.city, revision_of=old, revision=2, changes="Dicap")

    with refused("outdated"):
        offer(elsewhere, old, by=by)


def test_a_kind_that_the_question_does_not_ask_for_is_refused(answer, elsewhere, by):
    document = EvidenceFactory(answer=answer).document

    with refused("wrong_kind"):
        offer(elsewhere, document, by=by, kind="perda")


def test_a_closed_year_takes_no_offer(year, answer, elsewhere, by):
    document = EvidenceFactory(answer=answer).document
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        offer(elsewhere, document, by=by)


def test_a_document_of_another_city_is_as_good_as_gone(elsewhere, by):
    foreign = SupportingDocumentFactory()

    with refused("gone"):
        offer(elsewhere, foreign, by=by)


def test_whoever_offered_a_document_does_not_accept_it(answer, elsewhere, secretariat):
    evidence = offer(elsewhere, EvidenceFactory(answer=answer).document, by=secretariat.user)

    with refused("own_document"):
        return_evidence(evidence_id=evidence.pk, reason="-", by=secretariat.user, at=NOW)


def test_an_opd_takes_back_its_own_offer_and_nobody_elses(year, answer, elsewhere):
    disdik, dinkes = staff_of(year, "DISDIK"), staff_of(year, "DINKES")
    first = EvidenceFactory(answer=answer, document__opd=disdik.opd)
    second = offer(elsewhere, first.document, by=dinkes.user, opd=dinkes.opd)

    own = [list(Evidence.objects.withdrawable_by(member)) for member in (disdik, dinkes)]
    withdraw_evidence(evidence_id=second.pk, by=dinkes.user, at=NOW)

    assert own == [[first], [second]]
    assert list(Evidence.objects.all()) == [first]
    assert len(stored_files()) == 1


# --- The same file again ----------------------------------------------------------------------


def test_a_file_that_the_city_has_is_not_stored_again(answer, elsewhere, by):
    hand_in(answer, by=by)

    with refused("already_stored") as refusal:
        hand_in(elsewhere, by=by)

    assert refusal.value.params["document"] == SupportingDocument.objects.get().pk


def test_each_known_file_of_an_upload_is_named(answer, elsewhere, by):
    files = [checked(b"satu", "satu.pdf"), checked(b"dua", "dua.pdf")]
    hand_in(answer, by=by, files=files)

    with pytest.raises(ValidationError, match=r"satu\.pdf") as refusal:
        hand_in(elsewhere, by=by, files=[checked(b"tiga", "tiga.pdf"), *files])

    assert [error.code for error in refusal.value.error_list] == ["already_stored"] * 2
    assert Evidence.objects.count() == 2


def test_the_same_file_in_another_city_is_simply_new(answer, by):
    hand_in(answer, by=by, title="Rahasia kota lain")
    other = answer_of(working_year(), "1.2")

    [evidence] = hand_in(other)

    assert evidence.document.city == other.assessment.city
    assert len(stored_files()) == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_for_two_questions_at_once_is_stored_once():
    year = working_year()
    question, other = answer_of(year, "1.2"), answer_of(year, "2a.2")
    author = secretary_of(year)
    for number in range(6):

        def send(answer, content=number):
            def hand():
                hand_in(answer, by=author, files=[checked(f"isi {content}".encode())])
                return "stored"

            return hand

        assert sorted(at_once(send(question), send(other))) == ["already_stored", "stored"]

    assert len(stored_files()) == SupportingDocument.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_a_document_is_either_offered_again_or_gone_with_its_withdrawal():
    year = working_year()
    question, other = answer_of(year, "1.2"), answer_of(year, "2a.2")
    author = secretary_of(year)
    for _round in range(6):
        evidence = EvidenceFactory(answer=question)

        def take_back(pk=evidence.pk):
            withdraw_evidence(evidence_id=pk, by=author, at=NOW)
            return "gone from here"

        def offer_it(document=evidence.document):
            offer(other, document, by=author)
            return "offered"

        told = at_once(take_back, offer_it)

        stays = SupportingDocument.objects.filter(pk=evidence.document_id).exists()
        assert told == ["gone from here", "offered" if stays else "gone"]
    assert len(stored_files()) == SupportingDocument.objects.count()


# --- Pages ------------------------------------------------------------------------------------


def url(name, answer, *more):
    assessment = answer.assessment
    return reverse(f"assessments:{name}", args=[assessment.city.slug, assessment.year, *more])


def send(client, answer, content, kind="foto", name="kegiatan.pdf"):
    data = {"file": SimpleUploadedFile(name, content), "kind": kind}
    return client.post(url("document_upload", answer, answer.question.code), data)


def test_a_known_file_is_used_with_one_click(client, year, answer, elsewhere):
    content = corpus.pdf()
    dinkes = staff_of(year, "DINKES")
    other = answer_of(year, "2b.1")
    other.question.evidence_kinds.set(elsewhere.question.evidence_kinds.all())
    client.force_login(dinkes.user)
    send(client, elsewhere, content)
    SupportingDocument.objects.update(title="Foto posyandu")

    page = send(client, other, content)
    [stored] = page.context["stored_offers"]
    address = url("document_offer", other, "2b.1")
    response = client.post(address, {"proof": stored.proof}, follow=True)

    assert stored.label == "Pakai dokumen tersimpan “Foto posyandu”"
    assert page.content.decode().count("Pakai dokumen tersimpan") == 1
    assert [row.answer for row in Evidence.objects.order_by("pk")] == [elsewhere, other]
    assert "“Foto posyandu” diajukan tanpa mengunggah lagi" in response.content.decode()
    assert len(stored_files()) == 1


def test_who_holds_the_file_of_another_opd_may_use_it_but_does_not_learn_its_title(
    client, year, answer, elsewhere
):
    content = corpus.pdf()
    client.force_login(staff_of(year, "DISDIK").user)
    send(client, answer, content)
    SupportingDocument.objects.update(title="Catatan kasus anak")
    client.force_login(staff_of(year, "DINKES").user)

    page = send(client, elsewhere, content, name="foto kami.pdf")
    [stored] = page.context["stored_offers"]
    client.post(url("document_offer", elsewhere, "2a.2"), {"proof": stored.proof})

    assert "Catatan kasus anak" not in page.content.decode()
    assert stored.label == "Pakai dokumen tersimpan “foto kami.pdf”"
    assert Evidence.objects.filter(answer=elsewhere).count() == 1


@pytest.mark.parametrize("change", [{"by": 0}, {"answer": 0}])
def test_the_proof_of_somebody_else_or_for_another_question_opens_nothing(
    client, year, answer, elsewhere, change
):
    secret = EvidenceFactory(answer=answer).document
    dinkes = staff_of(year, "DINKES")
    claims = {"document": str(secret.pk), "kind": "foto", "answer": elsewhere.pk}
    proof = signing.dumps({**claims, "by": dinkes.user.pk, **change}, salt=SALT)
    client.force_login(dinkes.user)

    client.post(url("document_offer", elsewhere, "2a.2"), {"proof": proof})

    assert Evidence.objects.filter(answer=elsewhere).count() == 0


def test_the_same_bytes_in_another_city_are_not_mentioned(client, answer):
    content = corpus.pdf()
    [there] = hand_in(answer_of(working_year(), "1.2"), title="Milik kota lain")
    digest = checked(content).facts.sha256
    SupportingDocument.objects.filter(pk=there.document_id).update(sha256=digest)
    client.force_login(staff_of(answer.assessment, "DISDIK").user)

    response = send(client, answer, content)

    address = f"{answer.get_absolute_url()}?terunggah=1"
    assert (response.status_code, response.url) == (302, address)
    assert "Milik kota lain" not in client.get(response.url).content.decode()
    assert Evidence.objects.filter(answer=answer).count() == 1


def titles(client, answer, term=""):
    page = client.get(answer.get_absolute_url(), {"cari": term})
    return sorted(document.title for document in page.context["reusable"])


def test_an_opd_finds_its_own_documents_and_those_of_its_questions(client, year, answer):
    disdik, dp3a = staff_of(year, "DISDIK"), staff_of(year, "DP3A")
    led = answer_of(year, "1.1")
    kind = answer.question.evidence_kinds.first()
    EvidenceFactory(answer=led, kind=kind, document__title="Dari pertanyaan saya")
    SupportingDocumentFactory(city=year.city, opd=dp3a.opd, title="Dari OPD saya")
    elsewhere = answer_of(year, "2a.2")
    EvidenceFactory(answer=elsewhere, document__opd=disdik.opd, document__title="OPD lain")
    EvidenceFactory(answer=answer, document__title="Sudah diajukan di sini")
    SupportingDocumentFactory(opd=dp3a.opd, title="Kota lain")
    client.force_login(dp3a.user)

    assert titles(client, answer) == ["Dari OPD saya", "Dari pertanyaan saya"]


def test_the_list_is_searched_by_title_number_and_file_name(client, year, answer, secretariat):
    led = answer_of(year, "1.1")
    kind = answer.question.evidence_kinds.first()
    for fields in (
        {"title": "SK Forum Anak", "number": "1/2025"},
        {"title": "Laporan", "number": "77/2024", "original_name": "forum.pdf"},
        {"title": "Foto", "original_name": "pawai.jpg"},
    ):
        document = SupportingDocumentFactory(city=year.city, **fields)
        EvidenceFactory(answer=led, kind=kind, document=document)
    client.force_login(secretariat.user)

    assert titles(client, answer, "forum") == ["Laporan", "SK Forum Anak"]
    assert titles(client, answer, "forum anak") == ["SK Forum Anak"]
    assert titles(client, answer, "77/2024") == ["Laporan"]
    assert titles(client, answer, "tidak ada") == []


def test_only_the_newest_version_is_offered(client, year, answer, secretariat):
    led = answer_of(year, "1.1")
    old = EvidenceFactory(
        answer=led, kind=answer.question.evidence_kinds.first(), document__title="Lama"
    ).document
    new = SupportingDocumentFactory(
        city=year.city, title="Baru", revision_of=old, revision=2, changes="Dicap"
    )
    EvidenceFactory(answer=led, kind=answer.question.evidence_kinds.first(), document=new)
    client.force_login(secretariat.user)

    assert titles(client, answer) == ["Baru"]


def test_a_document_that_the_member_may_not_see_is_not_offered_by_guessing_its_key(
    client, year, answer, elsewhere
):
    secret = EvidenceFactory(answer=answer).document
    client.force_login(staff_of(year, "DINKES").user)

    client.post(url("document_offer", elsewhere, "2a.2"), {"document": secret.pk, "kind": "foto"})

    assert Evidence.objects.filter(answer=elsewhere).count() == 0


@pytest.mark.parametrize("data", [{}, {"document": "x", "kind": "foto"}, {"kind": "perda"}])
def test_an_offer_without_a_document_says_so(client, year, elsewhere, data):
    client.force_login(staff_of(year, "DINKES").user)

    page = client.post(url("document_offer", elsewhere, "2a.2"), data, follow=True)

    assert "Pilih satu dokumen dari daftar." in page.content.decode()


def test_the_list_takes_as_many_queries_with_twenty_documents_as_with_one(
    client, year, answer, secretariat, django_assert_num_queries
):
    led, kind = answer_of(year, "1.1"), answer.question.evidence_kinds.first()
    EvidenceFactory(answer=led, kind=kind)
    client.force_login(secretariat.user)
    with CaptureQueriesContext(connection) as one:
        client.get(answer.get_absolute_url(), {"cari": ""})
    EvidenceFactory.create_batch(20, answer=led, kind=kind)

    with django_assert_num_queries(len(one)):
        client.get(answer.get_absolute_url(), {"cari": ""})


# --- What the reviewer sees -------------------------------------------------------------------


def used_for(year, document, *codes, **traits):
    foto = EvidenceKind.objects.get(code="foto", instrument=year.instrument)
    return [
        EvidenceFactory(answer=answer_of(year, code), document=document, kind=foto, **traits)
        for code in codes
    ]


def test_a_reviewer_sees_where_else_a_document_is_used(client, year, answer, reviewer):
    here = EvidenceFactory(answer=answer)
    used_for(year, here.document, "1.1", accepted=True)
    used_for(year, here.document, "2a.2")
    client.force_login(reviewer.user)

    page = client.get(url("evidence_review", answer, here.pk)).content.decode()
    words = " ".join(page.split("Juga dipakai pada:")[1].split("</p>")[0].split())

    assert ["1.1</span></a> (diterima)" in words, "2a.2</span></a> (menunggu" in words] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("media_type", "codes", "warned"),
    [
        ("image/jpeg", ["1.1", "2a.2"], True),
        ("image/jpeg", ["2a.2"], False),
        ("application/pdf", ["1.1", "2a.2"], False),
    ],
)
def test_a_picture_that_stands_for_three_answers_is_suspect(
    year, answer, media_type, codes, warned
):
    here = EvidenceFactory(answer=answer, document__media_type=media_type)
    used_for(year, here.document, *codes)

    assert uses(here).is_much_used_picture is warned


def test_uses_in_another_year_do_not_count(year, answer):
    here = EvidenceFactory(answer=answer, document__media_type="image/png")
    last_year = open_assessment(
        city=year.city,
        instrument=year.instrument,
        year=2025,
        target=None,
        deadline=None,
        by=SiteAdminFactory(),
        at=NOW,
    )
    used_for(last_year, here.document, "1.1", "1.2", "2a.2")

    assert (uses(here).total, uses(here).is_much_used_picture) == (1, False)


def test_a_stranger_to_the_city_finds_no_offer_page(client, elsewhere):
    client.force_login(MembershipFactory().user)

    assert client.post(url("document_offer", elsewhere, "2a.2")).status_code == 404
