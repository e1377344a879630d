"""How much a person and a city may hand in: told before, refused with the facts, never exceeded."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assessments.models import SupportingDocument, Upload
from assessments.services.attachments import take_attachment
from assessments.services.documents import withdraw_evidence
from assessments.services.links import LinkFacts, offer_link
from assessments.services.quotas import CityQuota, HourlyQuota, city_quota, quotas_of
from assessments.services.revisions import DocumentFacts, revise_document
from assessments.services.uploads import create_upload
from tests.assessments import corpus
from tests.assessments.situations import (
    NOW,
    checked,
    hand_in,
    later,
    refused,
    secretary_of,
    staff_of,
    stored_files,
    working_year,
)
from tests.at_once import at_once
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db

NEAR = "Dalam satu jam terakhir Anda mengunggah"
CITY_NEAR = "Mintalah administrator situs menambah batasnya sebelum penuh."


@pytest.fixture(autouse=True)
def few(settings):
    """Small limits; nothing but what a test sets is near."""
    settings.KLA_PERSON_HOURLY_FILES = 5
    settings.KLA_PERSON_HOURLY_BYTES = 5_000_000
    settings.KLA_CITY_FILES = 50
    settings.KLA_CITY_BYTES = 50_000_000
    return settings


def attached(pdf):
    pdf.attachments["lampiran.pdf"] = corpus.pdf()


def paper(number, size=100):
    return checked(str(number).encode().ljust(size, b"."), f"surat {number}.pdf")


def fill(answer, by, count, *, at=NOW, size=100):
    start = SupportingDocument.objects.count()
    return [
        hand_in(answer, by=by, files=[paper(start + number, size)], at=at)[0]
        for number in range(count)
    ]


def begin(answer, by, *, length=100, at=NOW):
    return create_upload(answer=answer, name="a.pdf", length=length, sha256="", by=by, at=at)


# --- Refused with the facts, before anything is stored ----------------------------------------


def test_the_sixth_file_within_an_hour_is_refused_and_says_when_to_come_back(answer, staff):
    fill(answer, staff.user, 5)

    with refused("quota_person") as refusal:
        hand_in(answer, by=staff.user, files=[paper("lain")], at=later())

    [sentence] = refusal.value.messages
    assert "5 dari 5 berkas" in sentence
    assert "belum disimpan. Unggah lagi mulai" in sentence
    assert sentence.endswith("WIB.")


def test_after_an_hour_there_is_room_again(answer, staff):
    fill(answer, staff.user, 5)

    with refused("quota_person"):
        hand_in(answer, by=staff.user, files=[paper("lain")], at=NOW + timedelta(minutes=59))
    hand_in(answer, by=staff.user, files=[paper("lain")], at=NOW + timedelta(minutes=60))

    assert SupportingDocument.objects.count() == 6


def test_it_counts_one_persons_files_and_not_a_colleagues(year, answer, staff):
    fill(answer, staff.user, 5)

    hand_in(answer, by=staff_of(year, "DISDIK").user, files=[paper("rekan")], at=later())

    assert SupportingDocument.objects.count() == 6


def test_it_counts_what_one_person_hands_in_to_several_cities(answer, staff):
    fill(answer, staff.user, 4)
    elsewhere = answer_of(working_year(), "1.2")
    MembershipFactory(gugus_tugas=True, city=elsewhere.assessment.city, user=staff.user)
    fill(elsewhere, staff.user, 1)

    with refused("quota_person"):
        hand_in(elsewhere, by=staff.user, files=[paper("lain")], at=later())


def test_what_was_taken_back_counts_no_longer(answer, staff):
    first = fill(answer, staff.user, 5)[0]
    withdraw_evidence(evidence_id=first.pk, by=staff.user, at=later())

    hand_in(answer, by=staff.user, files=[paper("lain")], at=later())

    assert SupportingDocument.objects.count() == 5


def test_bytes_are_counted_as_well_as_files(answer, staff, few):
    few.KLA_PERSON_HOURLY_BYTES = 1000
    fill(answer, staff.user, 1, size=600)

    with refused("quota_person") as refusal:
        hand_in(answer, by=staff.user, files=[paper("besar", 401)], at=later())
    hand_in(answer, by=staff.user, files=[paper("pas", 400)], at=later())

    assert "(600\xa0byte dari 1000\xa0byte)" in refusal.value.messages[0]


@pytest.mark.parametrize(
    "limit", [{"KLA_CITY_FILES": 3}, {"KLA_CITY_BYTES": 399}], ids=["files", "bytes"]
)
def test_a_full_city_takes_no_more_from_anybody(year, answer, staff, few, limit):
    fill(answer, staff.user, 3)
    for name, value in limit.items():
        setattr(few, name, value)

    with refused("quota_city") as refusal:
        hand_in(answer, by=secretary_of(year), files=[paper("lain")], at=later())

    assert "menyimpan 3 dari" in refusal.value.messages[0]
    assert "Tarik dokumen yang tidak dipakai" in refusal.value.messages[0]


def test_a_full_city_leaves_other_cities_alone(answer, staff, few):
    fill(answer, staff.user, 3)
    few.KLA_CITY_FILES = 3
    elsewhere = answer_of(working_year(), "1.2")

    hand_in(elsewhere, files=[paper("lain")])

    assert elsewhere.evidence.count() == 1


def test_a_limit_of_zero_is_none(answer, staff, few):
    few.KLA_PERSON_HOURLY_FILES = few.KLA_PERSON_HOURLY_BYTES = 0
    few.KLA_CITY_FILES = few.KLA_CITY_BYTES = 0

    fill(answer, staff.user, 7)

    assert SupportingDocument.objects.count() == 7
    assert quotas_of(staff.user, answer.assessment.city, at=NOW).warnings == []


def test_a_link_alone_is_no_file(answer, staff):
    fill(answer, staff.user, 5)
    link = LinkFacts("https://kota.example/berita", NOW.date(), "Pelantikan")
    kind = answer.question.evidence_kinds.first()
    facts = {"kind": kind, "said": DocumentFacts(), "opd": staff.opd, "by": staff.user}

    with refused("quota_person"):
        offer_link(answer_id=answer.pk, link=link, copy=paper("salinan"), **facts, at=later())
    offer_link(answer_id=answer.pk, link=link, copy=None, **facts, at=later())


def test_better_versions_and_attachments_count_like_any_file(answer, staff):
    content = corpus.pdf(change=attached)
    evidence = hand_in(answer, by=staff.user, files=[checked(content)])[0]
    evidence.document.rendition.attachments = ["lampiran.pdf"]
    evidence.document.rendition.save(update_fields=["attachments"])
    fill(answer, staff.user, 4)

    with refused("quota_person"):
        revise_document(
            evidence_id=evidence.pk,
            file=paper("baru"),
            said=DocumentFacts(),
            changes="Ditandatangani",
            by=staff.user,
            at=later(),
        )
    with refused("quota_person"):
        take_attachment(
            evidence_id=evidence.pk, position=0, opd=staff.opd, by=staff.user, at=later()
        )


# --- Before a body arrives --------------------------------------------------------------------


def test_an_upload_in_pieces_is_refused_before_its_first_byte(answer, staff):
    fill(answer, staff.user, 5)

    with refused("quota_person"):
        begin(answer, staff.user, at=later())


def test_uploads_on_their_way_take_their_room(answer, staff):
    for _number in range(5):
        begin(answer, staff.user)

    with refused("quota_person"):
        begin(answer, staff.user, at=later())
    with refused("quota_person"):
        hand_in(answer, by=staff.user, files=[paper("lain")], at=later())


def test_the_length_that_was_announced_takes_its_room_in_the_city(year, answer, staff, few):
    few.KLA_CITY_BYTES = 1000
    begin(answer, staff.user, length=901)

    with refused("quota_city"):
        begin(answer, secretary_of(year), length=100, at=later())


def test_the_browser_is_told_in_the_words_of_the_protocol(client, answer, staff):
    fill(answer, staff.user, 5, at=NOW)
    SupportingDocument.objects.update(uploaded_at=timezone.now())
    client.force_login(staff.user)
    where = [answer.assessment.city.slug, answer.assessment.year, answer.question.code]

    response = client.post(
        reverse("assessments:upload_create", args=where),
        headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10"},
    )

    assert response.status_code == 429
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "5 dari 5 berkas" in response.text
    assert Upload.objects.count() == 0


def test_the_last_room_is_for_the_upload_that_took_it(answer, staff):
    """A whole upload is not counted beside the document that it becomes."""
    fill(answer, staff.user, 4)
    upload = begin(answer, staff.user, length=8)

    quotas = quotas_of(staff.user, answer.assessment.city, at=later(), besides=[upload.pk])

    assert (quotas.person.files, quotas.city.files) == (4, 4)
    assert quotas.person.has_room(files=1, size=8)
    assert not quotas_of(staff.user, answer.assessment.city, at=later()).person.has_room(
        files=1, size=8
    )


# --- Told before ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "said"),
    [(3, ""), (4, "Jumlah itu mulai berkurang pada"), (5, "Berkas berikutnya diterima mulai")],
)
def test_from_eighty_percent_the_form_says_so(client, answer, staff, count, said):
    fill(answer, staff.user, count)
    SupportingDocument.objects.update(uploaded_at=timezone.now())
    client.force_login(staff.user)

    page = client.get(answer.get_absolute_url()).text

    assert (NEAR in page) is bool(said)
    assert (f"{count} dari 5 berkas" in page) is bool(said)
    assert said in page


def test_a_page_without_the_form_says_nothing(client, answer, staff, reviewer):
    fill(answer, staff.user, 5)
    SupportingDocument.objects.update(uploaded_at=timezone.now(), uploaded_by=reviewer.user)
    client.force_login(reviewer.user)

    assert NEAR not in client.get(answer.get_absolute_url()).text


def test_the_form_for_a_better_version_says_so_too(client, answer, staff):
    evidence = fill(answer, staff.user, 4)[0]
    SupportingDocument.objects.update(uploaded_at=timezone.now())
    client.force_login(staff.user)
    where = [answer.assessment.city.slug, answer.assessment.year, evidence.pk]

    assert NEAR in client.get(reverse("assessments:document_revise", args=where)).text


def test_the_citys_administrator_sees_what_is_used(client, year, answer, staff, few):
    fill(answer, staff.user, 3)
    client.force_login(MembershipFactory(admin_kota=True, city=year.city).user)
    address = reverse("assessments:setup_overview", args=[year.city.slug])

    page = client.get(address).text
    few.KLA_CITY_FILES = 3
    when_full = client.get(address).text
    few.KLA_CITY_FILES = 4
    few.KLA_CITY_BYTES = 360
    when_near = client.get(address).text

    assert "Dokumen kota ini: 3 berkas (300\xa0byte), paling banyak 50 berkas" in page
    assert CITY_NEAR not in page
    assert CITY_NEAR in when_near
    assert CITY_NEAR not in when_full
    assert "jadi berkas baru tidak diterima. Tarik dokumen yang tidak dipakai" in when_full


def test_a_refused_file_on_the_form_says_why_beside_the_field(client, answer, staff):
    fill(answer, staff.user, 5)
    SupportingDocument.objects.update(uploaded_at=timezone.now())
    client.force_login(staff.user)
    where = [answer.assessment.city.slug, answer.assessment.year, answer.question.code]
    kind = answer.question.evidence_kinds.first()
    files = stored_files()

    response = client.post(
        reverse("assessments:document_upload", args=where),
        {"file": SimpleUploadedFile("surat.pdf", corpus.pdf()), "kind": kind.code},
    )

    assert response.status_code == 200
    assert "jadi berkas ini belum disimpan" in response.text
    assert stored_files() == files


# --- Properties -------------------------------------------------------------------------------


@given(
    files=st.integers(0, 300),
    most=st.integers(1, 300),
    size=st.integers(0, 10**12),
    most_size=st.integers(1, 10**12),
    more=st.integers(1, 10**9),
)
def test_room_is_where_neither_limit_is_passed(files, most, size, most_size, more):
    quota = HourlyQuota(files, size, most, most_size, NOW)

    assert quota.has_room(files=1, size=more) == (files < most and size + more <= most_size)
    assert quota.is_near == (100 * files >= 80 * most or 100 * size >= 80 * most_size)


@given(limits=st.tuples(st.sampled_from([0, 10]), st.sampled_from([0, 10])))
def test_a_sentence_never_names_a_limit_that_is_not_set(limits):
    sentence = CityQuota(9, 9, *limits).warning

    assert sentence.count("tanpa batas") == limits.count(0)
    assert "dari 0" not in sentence


@pytest.mark.django_db(transaction=True)
@hypothesis_settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(room=st.integers(0, 6))
def test_of_twenty_at_once_exactly_the_rest_is_stored(few, room):
    answer = answer_of(working_year(), "1.2")
    by = secretary_of(answer)
    fill(answer, by, 2)
    few.KLA_PERSON_HOURLY_FILES = 2 + room
    before = SupportingDocument.objects.count()

    told = at_once(
        *(
            lambda number=number: bool(
                hand_in(answer, by=by, files=[paper(f"{answer.pk}/{number}")], at=later())
            )
            for number in range(20)
        )
    )

    assert sorted(map(str, told)) == ["True"] * room + ["quota_person"] * (20 - room)
    assert SupportingDocument.objects.count() == before + room
    assert len(stored_files()) == before + room


@pytest.mark.django_db(transaction=True)
def test_of_twenty_people_at_once_a_city_takes_exactly_the_rest(few):
    year = working_year()
    answer = answer_of(year, "1.2")
    people = [secretary_of(year) for _person in range(20)]
    few.KLA_CITY_FILES = 7

    told = at_once(
        *(
            lambda by=by, number=number: bool(hand_in(answer, by=by, files=[paper(number)]))
            for number, by in enumerate(people)
        )
    )

    assert sorted(map(str, told)) == ["True"] * 7 + ["quota_city"] * 13
    assert city_quota(year.city).files == SupportingDocument.objects.count() == 7


@pytest.mark.django_db(transaction=True)
def test_of_twenty_uploads_begun_at_once_exactly_the_rest_begins(few):
    answer = answer_of(working_year(), "1.2")
    by = secretary_of(answer)

    told = at_once(*(lambda: bool(begin(answer, by)) for _upload in range(20)))

    assert sorted(map(str, told)) == ["True"] * 5 + ["quota_person"] * 15
    assert Upload.objects.count() == 5
