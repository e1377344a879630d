"""The pages of the legal register."""

import json
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.services.review import accept_evidence
from clusters.library import packaged
from imports.models import StagedImport
from regulations.models import Regulation
from tests.assessments.situations import (
    checked,
    city_with_opds,
    claim,
    hand_in,
    reviewer_of,
    secretary_of,
    staff_of,
    working_year,
)
from tests.factories.assessments import EvidenceFactory, answer_of, open_year
from tests.factories.clusters import small_spec
from tests.factories.regulations import CoverageFactory, RegulationFactory, RelationFactory
from tests.regulations.test_jdih import ROW


@pytest.fixture
def year(db):
    """Of an instrument that asks in 1.1 for a regulation; its other questions are no topics."""
    return working_year(spec=small_spec("kla-2023"))


@pytest.fixture
def coordinator(client, year):
    client.force_login(secretary_of(year))
    return client


def page(year, name, *args):
    return reverse(f"regulations:{name}", args=[year.city.slug, *args])


def text(answer):
    return " ".join(answer.content.decode().split())


def test_a_regulation_is_entered_on_the_page_and_shown_with_its_state(coordinator, year):
    answer = coordinator.post(
        page(year, "regulation_create"),
        {
            "kind": "perda",
            "number": "4",
            "year": "2021",
            "title": "Kota Layak Anak",
            "promulgated_on": "10-5-2021",
        },
        follow=True,
    )

    one = Regulation.objects.get()
    assert answer.redirect_chain == [(one.get_absolute_url(), 302)]
    assert "Peraturan daerah Nomor 4 Tahun 2021 tercatat." in text(answer)
    assert "Berlaku pada 31 Desember 2025" in text(answer)


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(coordinator, year):
    RegulationFactory(city=year.city, number="4", year=2021)
    said = {
        "kind": "perda",
        "number": "4",
        "year": "2021",
        "title": "Judul yang panjang",
        "effective_on": "2-1-2022",
        "ends_on": "1-1-2022",
    }

    answer = coordinator.post(page(year, "regulation_create"), said)
    assert "Akhir masa berlaku tidak boleh sebelum mulai berlaku." in text(answer)
    answer = coordinator.post(page(year, "regulation_create"), said | {"ends_on": ""})

    assert "Produk hukum dengan jenis, nomor, dan tahun itu sudah tercatat." in text(answer)
    assert "Judul yang panjang" in text(answer)
    assert Regulation.objects.count() == 1


def test_the_list_is_searched_and_narrowed_by_the_address(coordinator, year):
    old = RegulationFactory(city=year.city, title="Akta Kelahiran", number="7", year=2015)
    new = RegulationFactory(city=year.city, title="Kawasan Tanpa Rokok", number="8", year=2016)
    RelationFactory(source=new, target=old)
    RegulationFactory(city=working_year().city, title="Akta di kota lain")

    def listed(query):
        rows = coordinator.get(page(year, "regulation_list"), query).context["page_obj"]
        return [row.regulation for row in rows]

    assert listed({}) == [new, old]
    assert listed({"q": "akta"}) == [old]
    assert listed({"q": "2016"}) == [new]
    assert listed({"q": "9" * 30}) == []
    assert listed({"jenis": "mou"}) == []
    assert listed({"keadaan": "revoked"}) == [old]
    assert listed({"keadaan": "karangan"}) == [new, old]


def test_an_opd_reads_the_register_and_changes_nothing(client, year):
    one = RegulationFactory(city=year.city)
    client.force_login(staff_of(year, "DISDIK").user)

    answer = client.get(one.get_absolute_url())

    assert answer.status_code == 200
    assert "Catat hubungan" not in text(answer)
    assert "Hapus dari daftar" not in text(answer)
    assert page(year, "regulation_edit", one.pk) not in text(answer)


def test_a_relation_is_told_from_both_sides_and_removed_from_one(coordinator, year):
    old, new = RegulationFactory.create_batch(2, city=year.city)
    coordinator.post(page(year, "relation_create", new.pk), {"kind": "revokes", "target": old.pk})

    assert f'dicabut oleh <a href="{new.get_absolute_url()}"' in text(
        coordinator.get(old.get_absolute_url())
    )
    assert "Dicabut pada 31 Desember 2025" in text(coordinator.get(old.get_absolute_url()))
    relation = new.relations.get()
    wrong_side = page(year, "relation_remove", old.pk, relation.pk)
    assert coordinator.post(wrong_side).status_code == 404
    coordinator.post(page(year, "relation_remove", new.pk, relation.pk))
    assert not new.relations.exists()


def test_each_form_of_the_page_has_one_token(coordinator, year):
    shown = text(coordinator.get(RegulationFactory(city=year.city).get_absolute_url()))

    forms = re.findall(r'<form[^>]*method="post".*?</form>', shown)
    assert [form.count('name="csrfmiddlewaretoken"') for form in forms] == [1] * len(forms)
    assert len(forms) >= 3  # signing out, a relation, removing


def test_only_rules_of_the_city_are_offered_to_be_related(coordinator, year):
    one = RegulationFactory(city=year.city)
    foreign = RegulationFactory(city=working_year().city)

    answer = coordinator.post(
        page(year, "relation_create", one.pk), {"kind": "revokes", "target": foreign.pk}
    )

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["target"]
    assert not one.relations.exists()


def test_a_rule_of_another_city_is_not_found_under_ones_own_address(coordinator, year):
    foreign = RegulationFactory(city=working_year().city)

    for name in ("regulation_detail", "regulation_edit", "topics_edit"):
        assert coordinator.get(page(year, name, foreign.pk)).status_code == 404
    for name in ("regulation_remove", "regulation_file", "relation_create"):
        assert coordinator.post(page(year, name, foreign.pk)).status_code == 404
    assert Regulation.objects.filter(pk=foreign.pk).exists()


def test_topics_are_chosen_among_those_that_the_instrument_asks_for(coordinator, year):
    one = RegulationFactory(city=year.city)
    answer = coordinator.get(page(year, "topics_edit", one.pk))
    assert [code for code, _text in answer.context["form"].fields["codes"].choices] == ["1.1"]

    coordinator.post(page(year, "topics_edit", one.pk), {"codes": ["1.1"]})

    assert [topic.question.code for topic in one.coverages.all()] == ["1.1"]
    again = coordinator.get(page(year, "topics_edit", one.pk))
    assert again.context["form"].initial == {"codes": ["1.1"]}
    coordinator.post(page(year, "topics_edit", one.pk))
    assert not one.coverages.exists()


def test_a_document_with_its_number_is_offered_as_its_text(coordinator, year):
    one = RegulationFactory(city=year.city, number="4", year=2021)
    (offer,) = hand_in(answer_of(year, "1.2"), number="Nomor 4 Tahun 2021", title="Perda KLA")
    (other,) = hand_in(
        answer_of(year, "1.2"), number="5/2021", title="Bukan ini", files=[checked(b"lain")]
    )

    answer = coordinator.get(one.get_absolute_url())
    assert [document.title for document in answer.context["board"].suggested] == ["Perda KLA"]
    coordinator.post(page(year, "regulation_file", one.pk), {"dokumen": str(other.document_id)})
    one.refresh_from_db()
    assert one.document_id is None

    coordinator.post(page(year, "regulation_file", one.pk), {"dokumen": str(offer.document_id)})
    one.refresh_from_db()
    assert one.document_id == offer.document_id
    coordinator.post(page(year, "regulation_file", one.pk))
    one.refresh_from_db()
    assert one.document_id is None


def test_an_opd_does_not_learn_the_name_of_a_text_that_it_may_not_see(client, year):
    (offer,) = hand_in(answer_of(year, "1.2"), title="Rahasia")
    one = RegulationFactory(city=year.city, document=offer.document)
    client.force_login(staff_of(year, "DINKES").user)

    shown = text(client.get(one.get_absolute_url()))

    assert "Rahasia" not in shown
    assert "tidak dapat Anda buka" in shown


def test_a_feed_goes_from_the_file_to_the_register(coordinator, year):
    RegulationFactory(city=year.city, number="9", year=2015, title="Lama")
    known = ROW | {"noPeraturan": "9", "tahunPengundangan": "2015", "idData": "3"}
    content = json.dumps([ROW, known, ROW | {"judul": ""}]).encode()
    sent = {"file": SimpleUploadedFile("jdih.json", content)}

    answer = coordinator.post(page(year, "feed_upload"), sent, follow=True)
    counts = {name: len(lines) for name, lines in answer.context["groups"].items() if lines}
    assert counts == {"new": 1, "conflict": 1}
    words = re.sub(r"<[^>]+>", " ", answer.content.decode()).split()
    assert "1 baru 1 berbeda 0 sudah sama 1 dilewati" in " ".join(words)
    assert "Baris 3: Judul kosong atau terlalu panjang." in text(answer)
    review = page(year, "feed_review", StagedImport.objects.get().pk)
    said = {"baris": ["2", "x", ""], "seen": answer.context["seen"]}
    answer = coordinator.post(review, said, follow=True)

    assert "1 baris ditambahkan, 1 diperbarui." in text(answer)
    again = coordinator.post(review, said)
    assert again.status_code == 404
    assert "Pratinjau ini sudah disimpan, diganti" in text(again)
    titles = Regulation.objects.order_by("year").values_list("title", flat=True)
    assert list(titles) == ["Kota Layak Anak", "Kota Layak Anak"]


def test_a_file_that_is_no_feed_is_told_at_its_field(coordinator, year):
    sent = {"file": SimpleUploadedFile("jdih.json", b"%PDF")}

    answer = coordinator.post(page(year, "feed_upload"), sent)

    assert "Berkas ini bukan daftar JDIH" in text(answer)
    assert not StagedImport.objects.exists()


def test_the_register_goes_out_as_a_feed_without_drafts(coordinator, year):
    RegulationFactory(city=year.city, number="4", year=2021, jdih_id="71")
    RegulationFactory(city=year.city, is_draft=True)
    RegulationFactory(city=working_year().city)

    rows = json.loads(coordinator.get(page(year, "feed_export")).content)

    assert [(row["idData"], row["noPeraturan"], row["status"]) for row in rows] == [
        ("71", "4", "Berlaku")
    ]


def test_the_coverage_shows_the_strongest_rule_in_force_and_what_is_left(coordinator, year):
    answer, reviewer = answer_of(year, "1.1"), reviewer_of(year).user
    question = answer.question
    circular = RegulationFactory(city=year.city, kind="surat_edaran", number="1")
    old, new = (RegulationFactory(city=year.city, number=number) for number in ("2", "3"))
    RelationFactory(source=new, target=old)
    for one in (circular, old):
        CoverageFactory(regulation=one, question=question)
    url = reverse("regulations:coverage_detail", args=[year.city.slug, year.year])

    (row,) = coordinator.get(url).context["board"].policy
    assert row.strongest == circular
    assert [other.regulation for other in row.others] == [old]
    assert (row.left, row.lead.code) == (30, "DP3A")

    CoverageFactory(regulation=new, question=question)
    claim(answer, "20")
    perda = year.instrument.evidence_kinds.get(code="perda")
    offer = EvidenceFactory(answer=answer, kind=perda)
    now = timezone.now()
    accept_evidence(evidence_id=offer.pk, granted_points=Decimal(20), by=reviewer, at=now)
    (row,) = coordinator.get(url).context["board"].policy
    assert (row.strongest, row.left) == (new, 10)


def test_a_topic_without_a_rule_stands_first_and_the_table_goes_out(coordinator, year):
    url = reverse("regulations:coverage_detail", args=[year.city.slug, year.year])

    answer = coordinator.get(url)
    assert answer.context["sentence"] == (
        "1 dari 1 topik belum punya produk hukum yang berlaku; padanya 30 poin belum terbukti."
    )
    assert "Belum ada" in text(answer)
    file = coordinator.get(url, {"data": "produk-hukum", "format": "csv"})
    assert "1.1" in file.content.decode()


def test_topics_without_a_rule_are_open_and_those_with_one_are_folded(client, db):
    year = open_year(city=city_with_opds(), spec=packaged("kla-2023"))
    client.force_login(secretary_of(year))
    question = answer_of(year, "1.1").question
    CoverageFactory(regulation=RegulationFactory(city=year.city), question=question)

    shown = text(client.get(reverse("regulations:coverage_detail", args=[year.city.slug, 2026])))

    folds = re.findall(
        r'<details class="folding"( open)? .*?<span class="folding__title"> (.*?) '
        r'<span class="folding__facts">(.*?)</span>.*?<span class="folding__sum num">(.*?)</span>',
        shown,
    )
    assert folds == [
        (" open", "Topik tanpa produk hukum yang berlaku", "28 topik", "38 poin"),
        ("", "Topik dengan produk hukum yang berlaku", "1 topik", "12 poin"),
        ("", "Topik anggaran", "33 topik", "41 poin"),
    ]


def test_a_year_of_another_instrument_says_that_it_has_no_topics(client, db):
    other = working_year(spec=small_spec("lain-2025"))
    client.force_login(secretary_of(other))

    url = reverse("regulations:coverage_detail", args=[other.city.slug, other.year])

    assert "tidak memiliki daftar topik produk hukum" in text(client.get(url))
