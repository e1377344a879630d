import pytest
from django.urls import reverse
from django.utils import timezone

from taskforce.models import Certificate, Commitment, Decree, TaskForceMember
from tests.factories.assessments import EvidenceFactory, SupportingDocumentFactory, answer_of
from tests.factories.taskforce import DecreeFactory

DECREE = {"number": "463/1/2026", "signed_on": "05-01-2026", "valid_from": "09-01-2026"}


@pytest.fixture
def client(client, secretary):
    client.force_login(secretary)
    return client


def page(city, name, *args):
    return reverse(f"taskforce:{name}", args=[city.slug, *args])


def test_a_decree_is_recorded_changed_and_filled_on_its_pages(client, city):
    client.post(page(city, "decree_create"), DECREE)
    decree = Decree.objects.get()
    client.post(page(city, "decree_edit", decree.pk), DECREE | {"signatory": "Wali Kota"})
    seat = {
        "post": "Ketua",
        "institution": "PKK",
        "name": "Ani",
        "element": "community",
        "role": "member",
        "since": "09-01-2026",
    }
    client.post(page(city, "member_create", decree.pk), seat)
    member = TaskForceMember.objects.get()
    client.post(page(city, "member_edit", member.pk), seat | {"institution": "TP PKK"})
    certificate = {"training": "KHA", "issued_on": "10-01-2026"}
    client.post(page(city, "certificate_create", member.pk), certificate)
    client.post(page(city, "member_replace", member.pk), {"name": "Budi", "on": "01-02-2026"})

    decree.refresh_from_db()
    assert decree.signatory == "Wali Kota"
    assert list(TaskForceMember.objects.order_by("pk").values_list("name", "institution")) == [
        ("Ani", "TP PKK"),
        ("Budi", "TP PKK"),
    ]
    told = client.get(page(city, "decree_detail", decree.pk), {"tanggal": "2026-02-01"}).text
    assert "Ani (Ketua), TP PKK: 9 Januari 2026 – 31 Januari 2026" in told
    client.post(page(city, "certificate_remove", Certificate.objects.get().pk))
    assert Certificate.objects.count() == 0


def test_a_refused_deed_shows_its_sentence_on_the_form(client, city):
    DecreeFactory(city=city, number=DECREE["number"])

    answer = client.post(page(city, "decree_create"), DECREE)

    assert (answer.status_code, Decree.objects.count()) == (200, 1)
    assert "SK dengan nomor itu sudah tercatat." in answer.text


@pytest.mark.parametrize("day", ["bukan-tanggal", "2026-13-45", ""])
def test_a_day_that_is_none_in_the_address_means_today(client, city, day):
    decree = DecreeFactory(city=city)

    answer = client.get(page(city, "decree_detail", decree.pk), {"tanggal": day})

    assert answer.context["board"].day == timezone.localdate()


def handed_in(answer, title):
    """A document of that title behind the question."""
    return EvidenceFactory(answer=answer, document__title=title).document


def test_a_paper_is_found_by_words_and_chosen(client, year, city):
    decree = DecreeFactory(city=city)
    paper = handed_in(answer_of(year, "1.2"), "SK Gugus Tugas 2023")
    handed_in(answer_of(year, "1.2"), "Lain")
    SupportingDocumentFactory(title="SK Gugus Tugas 2023 kota lain")

    found = client.get(page(city, "decree_detail", decree.pk), {"cari": "gugus tugas"})
    sent = {"cari": "gugus tugas", "dokumen": str(paper.pk)}
    client.post(page(city, "decree_file", decree.pk), sent)

    decree.refresh_from_db()
    assert (found.context["found"], decree.document) == ([paper], paper)
    client.post(page(city, "decree_file", decree.pk), sent | {"cari": "lain"})
    decree.refresh_from_db()
    assert decree.document == paper  # what the words do not find is not taken


def test_a_commitment_is_recorded_changed_and_given_its_paper(client, year, city):
    sent = {
        "sector": "media",
        "party": "Persatuan Wartawan",
        "text": "Rubrik anak",
        "made_on": "05-01-2026",
        "occasion": "Rakor Gugus Tugas",
        "state": "running",
    }
    client.post(page(city, "commitment_create"), sent)
    one = Commitment.objects.get()
    refused = client.post(page(city, "commitment_edit", one.pk), sent | {"state": "kept"})
    paper = handed_in(answer_of(year, "1.2"), "Pakta media")
    client.post(page(city, "commitment_file", one.pk), {"cari": "pakta", "dokumen": str(paper.pk)})

    assert refused.context["form"].errors == {
        "outcome": ["Tuliskan hasilnya bila komitmen sudah selesai."]
    }
    one.refresh_from_db()
    assert (one.state, one.document) == ("running", paper)
    text = client.get(page(city, "commitment_list")).text
    assert "1 komitmen: 0 terpenuhi, 0 terlambat." in text
    assert "5 Januari 2026 · Rakor Gugus Tugas" in " ".join(text.split())
    assert "Belum ada komitmen dari: Kepala daerah, DPRD" in text
