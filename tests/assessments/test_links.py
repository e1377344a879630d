"""A page on the web as evidence: offered, reviewed, replaced, packed, and known to rot."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from assessments.choices import Stage, TrailEvent, Verdict
from assessments.models import Answer, Evidence, SupportingDocument
from assessments.packaging.contents import package_of
from assessments.packaging.stream import stream
from assessments.services.documents import DocumentFacts, withdraw_evidence
from assessments.services.integrity import check_documents
from assessments.services.links import LinkFacts, offer_link
from assessments.services.offers import offer_document
from assessments.services.review import return_evidence
from assessments.services.revisions import revise_document
from assessments.services.snapshots import freeze
from plans.checks import RULES
from plans.experience import Condition
from plans.queries.checks import checked_year
from plans.queries.claims import year_claims
from tests.assessments.situations import (
    NOW,
    checked,
    hand_in,
    history,
    later,
    opd_of,
    refused,
    set_stage,
    staff_of,
    stored_files,
)
from tests.factories.assessments import EvidenceFactory, answer_of

pytestmark = pytest.mark.django_db

ADDRESS = "https://jdih.kota.go.id/sk-12"
TODAY = date(2026, 3, 2)


def offer(answer, *, by, at=NOW, copy=None, kind=None, address=ADDRESS, opd=None, **fields):
    said = {"seen_on": TODAY, "shows": "SK Gugus Tugas, pasal 2", **fields}
    title = said.pop("title", "")
    return offer_link(
        answer_id=answer.pk,
        link=LinkFacts(address=address, **said),
        copy=copy,
        kind=kind or answer.question.evidence_kinds.first(),
        said=DocumentFacts(title=title),
        opd=opd or opd_of(by, answer),
        by=by,
        at=at,
    )


def condition(year, code):
    now, _past = year_claims(year, today=TODAY)
    return next(claim.condition for claim in now.claims if claim.code == code)


# --- Offering ---------------------------------------------------------------------------------


def test_a_link_is_a_document_with_an_address_and_no_file(year, answer, staff):
    evidence = offer(answer, by=staff.user, opd=staff.opd, address="www.Kota.go.id/sk\u200b-12")

    document = evidence.document
    assert (document.address, document.host) == ("https://www.kota.go.id/sk-12", "www.kota.go.id")
    assert (document.seen_on, document.shows) == (TODAY, "SK Gugus Tugas, pasal 2")
    assert document.title == f"{evidence.kind.name} – 1.2"
    assert (document.file.name, document.sha256, document.size) == ("", "", 0)
    assert document.is_link
    assert not document.file
    assert stored_files() == []
    assert history(year)[-1] == (
        TrailEvent.LINK_OFFERED,
        f"{document.title}: https://www.kota.go.id/sk-12",
        staff.user,
        NOW,
    )


def test_a_copy_beside_a_link_is_the_file_of_the_document(answer, staff):
    evidence = offer(answer, by=staff.user, copy=checked(b"layar", "layar.png", "image/png"))

    document = evidence.document
    assert (document.original_name, document.media_type, document.size) == (
        "layar.png",
        "image/png",
        5,
    )
    assert document.file
    assert len(stored_files()) == 1


def test_the_same_page_is_offered_once_however_it_is_written(answer, staff):
    offer(answer, by=staff.user)

    with refused("already_offered"):
        offer(answer, by=staff.user, address="http://www.jdih.kota.go.id/sk-12/?utm_source=wa")


def test_the_same_page_can_prove_another_question(year, answer, staff):
    offer(answer, by=staff.user)
    offer(answer_of(year, "2a.2"), by=staff_of(year, "DINKES").user)

    assert SupportingDocument.objects.filter(address=ADDRESS).count() == 2


def test_a_page_cannot_be_seen_tomorrow(answer, staff):
    local = NOW.astimezone(answer.assessment.city.zone).date()
    with refused("future"):
        offer(answer, by=staff.user, seen_on=local + timedelta(days=1))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"address": "http://192.168.1.4/sk"}, "private"),
        ({"address": "https://a:b@kota.go.id"}, "credentials"),
        ({"shows": "  "}, "shows"),
    ],
)
def test_what_nobody_could_look_at_is_refused(answer, staff, fields, code):
    with refused(code):
        offer(answer, by=staff.user, copy=checked(), **fields)


def test_a_kind_that_is_not_asked_for_is_refused(year, answer, staff):
    other = answer_of(year, "2a.1").question.evidence_kinds.exclude(
        pk__in=answer.question.evidence_kinds.all()
    )
    with refused("wrong_kind"):
        offer(answer, by=staff.user, kind=other.first() or _foreign_kind(answer))


def _foreign_kind(answer):
    answer.question.evidence_kinds.remove(kind := answer.question.evidence_kinds.last())
    return kind


def test_outside_its_stage_no_link_is_taken(year, answer, staff, secretariat):
    set_stage(assessment_id=year.pk, stage=Stage.ADMINISTRATIVE, at=NOW)
    with refused("closed"):
        offer(answer, by=staff.user, at=later())


def test_a_copy_that_the_city_has_already_is_refused(year, answer, staff):
    hand_in(answer_of(year, "2a.2"), files=[checked(b"layar")])
    with refused("already_stored"):
        offer(answer, by=staff.user, copy=checked(b"layar"))


# --- Afterwards -------------------------------------------------------------------------------


def test_a_link_can_be_taken_back(answer, staff):
    evidence = offer(answer, by=staff.user, copy=checked())
    withdraw_evidence(evidence_id=evidence.pk, by=staff.user, at=later())

    assert not SupportingDocument.objects.exists()


def test_a_link_proves_further_questions(year, answer, secretariat):
    document = offer(answer, by=secretariat.user).document
    other = answer_of(year, "2a.2")
    offered = offer_document(
        answer_id=other.pk,
        document_id=document.pk,
        kind=other.question.evidence_kinds.first(),
        opd=None,
        by=secretariat.user,
        at=later(),
    )

    assert offered.document == document


@pytest.fixture
def returned(answer, staff, reviewer):
    evidence = offer(answer, by=staff.user)
    return_evidence(evidence_id=evidence.pk, reason="Tanpa salinan", by=reviewer.user, at=later())
    return evidence


def revised(evidence, *, by, file=None, link=None):
    return revise_document(
        evidence_id=evidence.pk,
        file=file,
        link=link,
        said=DocumentFacts(),
        changes="Dengan salinan",
        by=by,
        at=later(2),
    ).evidence


def test_a_returned_link_comes_again_with_a_copy(returned, staff):
    link = LinkFacts(ADDRESS, TODAY, "SK Gugus Tugas")
    better = revised(returned, by=staff.user, file=checked(), link=link)

    returned.refresh_from_db()
    assert returned.superseded_by == better
    assert (better.document.address, bool(better.document.file)) == (ADDRESS, True)
    assert (better.document.revision, better.verdict) == (2, Verdict.WAITING)


def test_a_file_takes_the_place_of_a_returned_link(returned, staff):
    better = revised(returned, by=staff.user, file=checked())

    assert (better.document.is_link, better.document.sha256) == (False, checked().facts.sha256)


def test_a_better_link_of_the_same_kind_answers_a_returned_one(returned, answer, staff):
    better = offer(answer, by=staff.user, at=later(2), address="https://jdih.kota.go.id/sk-13")

    returned.refresh_from_db()
    assert returned.superseded_by == better


def test_a_revision_of_nothing_is_refused(returned, staff):
    with refused("nothing"):
        revised(returned, by=staff.user)


# --- Where documents are told of --------------------------------------------------------------


def test_a_package_tells_where_a_link_leads(year, answer, staff):
    offer(answer, by=staff.user, title="SK Gugus Tugas", copy=checked())
    package = package_of(
        Answer.objects.filter(pk=answer.pk),
        assessment=year,
        only_accepted=False,
        scope={},
        by=staff,
        at=NOW,
    )
    archive = zipfile.ZipFile(io.BytesIO(b"".join(stream(package, storage=default_storage))))

    names = [name.rpartition("/")[2] for name in archive.namelist()]
    assert names[:2] == ["01 SK Gugus Tugas.pdf", "01 Tautan SK Gugus Tugas.txt"]
    text = archive.read(archive.namelist()[1]).decode().split("\r\n")
    assert text[:4] == [
        "SK Gugus Tugas",
        ADDRESS,
        "Dilihat pada 02-03-2026",
        "SK Gugus Tugas, pasal 2",
    ]
    index = archive.read("00 INDEKS.html").decode()
    assert (ADDRESS in index, f'href="{ADDRESS}' in index) == (True, False)
    assert archive.testzip() is None


def test_a_link_without_a_copy_has_nothing_to_verify(answer, staff):
    offer(answer, by=staff.user)
    hand_in(answer, by=staff.user)

    checkup = check_documents(storage=default_storage)
    assert (checkup.checked, checkup.findings) == (1, [])


def test_a_frozen_year_keeps_address_and_day(year, answer, staff):
    offer(answer, by=staff.user)
    snapshot = freeze(year, left=Stage.PREPARATION, entered=year.stage, by=staff.user, at=later())
    [told] = [one for one in snapshot.content["answers"] if one["code"] == "1.2"]

    [document] = told["documents"]
    assert (document["address"], document["seen_on"]) == (ADDRESS, "2026-03-02")


@pytest.mark.parametrize(
    ("with_copy", "told"), [(False, Condition.LINK_ONLY), (True, Condition.WAITING)]
)
def test_the_forecast_knows_that_links_rot(year, answer, staff, with_copy, told):
    Answer.objects.filter(pk=answer.pk).update(claimed_points=Decimal(20))
    offer(answer, by=staff.user, copy=checked() if with_copy else None)

    assert condition(year, "1.2") == told
    [rule] = [rule for rule in RULES if rule.code == "R5"]
    found = [one.answer.question.code for one in rule.find(checked_year(year, today=TODAY))]
    assert found == ([] if with_copy else ["1.2"])


def test_a_file_beside_a_link_takes_the_risk_away(year, answer, staff):
    Answer.objects.filter(pk=answer.pk).update(claimed_points=Decimal(20))
    offer(answer, by=staff.user)
    hand_in(answer, by=staff.user)

    assert condition(year, "1.2") == Condition.WAITING


def test_a_link_must_have_been_seen(answer):
    with pytest.raises(Exception, match="assessments_document_link_was_seen"):
        EvidenceFactory(answer=answer, document__link=True, document__seen_on=None)


# --- On the pages -----------------------------------------------------------------------------


def fill(**fields):
    return {
        "address": ADDRESS,
        "seen_on": "2026-03-02",
        "shows": "SK Gugus Tugas",
        "kind": "perda",
        **fields,
    }


def link_url(answer):
    return f"{answer.get_absolute_url()}tautan/"


def test_an_opd_offers_a_link_and_the_reviewer_sees_its_host(client, answer, staff, reviewer):
    client.force_login(staff.user)
    page = client.post(link_url(answer), fill(), follow=True)
    assert "diajukan, menunggu pemeriksaan." in page.content.decode()

    client.force_login(reviewer.user)
    evidence = Evidence.objects.get()
    url = reverse(
        "assessments:evidence_review",
        args=[answer.assessment.city.slug, answer.assessment.year, evidence.pk],
    )
    text = client.get(url).content.decode()
    assert "<strong>jdih.kota.go.id</strong>" in text
    assert f'href="{ADDRESS}" target="_blank" rel="noopener noreferrer nofollow"' in text
    assert "Tanpa salinan halaman" in text


def test_a_refused_address_is_told_beside_its_field_and_nothing_typed_is_lost(
    client, answer, staff
):
    client.force_login(staff.user)
    page = client.post(link_url(answer), fill(address="http://intranet/sk"))

    form = page.context["link_form"]
    assert list(form.errors) == ["address"]
    assert 'value="http://intranet/sk"' in page.content.decode()
    assert not Evidence.objects.exists()


def test_a_link_has_a_page_of_its_own_and_nothing_to_download(client, answer, staff):
    client.force_login(staff.user)
    document = offer(answer, by=staff.user, opd=staff.opd).document
    slug = answer.assessment.city.slug

    assert ADDRESS in client.get(document.get_absolute_url()).content.decode()
    for name in ("document_download", "document_view"):
        url = reverse(f"assessments:{name}", args=[slug, document.pk])
        assert client.get(url).status_code == 404


def test_a_returned_link_is_mended_on_its_page(client, returned, answer, staff):
    SupportingDocument.objects.update(opd=staff.opd)
    client.force_login(staff.user)
    url = reverse(
        "assessments:document_revise",
        args=[answer.assessment.city.slug, answer.assessment.year, returned.pk],
    )
    assert f'value="{ADDRESS}"' in client.get(url).content.decode()

    sent = {**fill(address="https://jdih.kota.go.id/sk-13"), "changes": "Alamat yang benar"}
    assert client.post(url, sent).status_code == 302
    newest = SupportingDocument.objects.get(revision=2)
    assert newest.address == "https://jdih.kota.go.id/sk-13"


def test_two_kinds_and_no_hint_in_the_name_make_the_person_choose(client, answer, staff):
    client.force_login(staff.user)
    url = f"{answer.get_absolute_url()}dokumen/"
    page = client.post(url, {"file": io.BytesIO(b"x")})

    assert "Pilih jenis dokumen." in [str(e) for e in page.context["upload_form"].errors["kind"]]
    assert page.context["upload_form"].fields["kind"].empty_label == "Pilih jenis dokumen"
