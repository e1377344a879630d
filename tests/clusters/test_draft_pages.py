"""Making an instrument on its pages, from an empty draft to a published version."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from clusters import edits
from clusters.editing import find, indicator_of
from clusters.library import checksum, packaged
from clusters.models import Instrument
from clusters.services import spec_of
from clusters.services.drafting import edit_draft
from clusters.services.life import create_draft
from clusters.spec import BandSpec, EvidenceKindSpec, StageSpec
from tests.factories.cities import SiteAdminFactory, UserFactory
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec

pytestmark = pytest.mark.django_db

CODE = "baru-2027"


@pytest.fixture
def admin(client):
    user = SiteAdminFactory()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def draft(admin):
    return create_draft(spec=small_spec(CODE), by=admin.user, at=PUBLISHED_AT)


def url(name, *parts, code=CODE):
    return reverse(f"clusters:{name}", args=[code, *parts])


def filled(client, address, **changes):
    """What a browser would send back from the form of a page, with some of it changed."""
    page = client.get(address)
    values = {"seen": page.context["seen"]}
    for field in page.context["form"]:
        value = field.value()
        if value in (None, False, ""):
            continue
        values[field.html_name] = "on" if value is True else value
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None:
            values[name] = value
    return values


def rows_of(page, changes):
    """The same for a list: by number of the row."""
    formset = page.context["rows"]
    values = {"seen": page.context["seen"]}
    for field in formset.management_form:
        values[field.html_name] = field.value()
    for number, form in enumerate(formset):
        for field in form:
            value = changes.get(number, {}).get(field.name, field.value())
            if value not in (None, "", False):
                values[field.html_name] = value
    return values


def spec():
    return spec_of(Instrument.objects.get(code=CODE))


def said(response):
    return [str(message) for message in response.context["messages"]]


# --- Beginning ----------------------------------------------------------------------------------


def test_a_site_administrator_begins_an_empty_draft(admin):
    fields = {"code": CODE, "title": "Instrumen 2027", "measure": "points", "max_points": "1000,5"}

    response = admin.post(reverse("clusters:instrument_create"), fields, follow=True)

    assert response.redirect_chain == [(url("draft_detail"), 302)]
    assert (spec().title, spec().max_points) == ("Instrumen 2027", Decimal("1000.5"))
    assert "Belum ada klaster di dalamnya." in response.text


def test_a_code_that_is_taken_is_told_at_its_field(admin, draft):
    fields = {"code": CODE, "title": "Lain", "measure": "points", "max_points": "10"}

    response = admin.post(reverse("clusters:instrument_create"), fields)

    assert response.context["form"].errors == {
        "code": [f"Instrumen “{CODE}” sudah ada. Pilih kode lain, misalnya dengan tahunnya."]
    }


def test_a_published_instrument_is_cloned_and_corrected(admin):
    origin = make_instrument(packaged("kla-2023"))

    admin.post(url("instrument_clone", code="kla-2023"), {"code": "salinan", "title": "Salinan"})
    admin.post(
        url("instrument_correct", code="kla-2023"),
        {"code": "kla-2023-2", "correction_note": "Jumlah indikator 19."},
    )

    clone, correction = (Instrument.objects.get(code=c) for c in ("salinan", "kla-2023-2"))
    assert [clone.is_draft, correction.is_draft, correction.corrects] == [True, True, origin]
    assert checksum(spec_of(origin)) == origin.checksum


# --- Parts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("draft_head", ()),
        ("draft_cluster_edit", ("klaster-1",)),
        ("draft_indicator_edit", ("2a",)),
        ("draft_question_edit", ("1.1",)),
        ("draft_question_edit", ("1.2",)),
        ("draft_question_edit", ("2a.1",)),
    ],
)
def test_a_form_sent_back_as_it_was_changes_nothing(admin, draft, name, parts):
    before = spec()

    response = admin.post(url(name, *parts), filled(admin, url(name, *parts)))

    assert response.status_code == 302
    assert spec() == before


def test_every_question_of_the_real_instrument_survives_its_form(admin):
    real = packaged("kla-2023")
    create_draft(spec=replace(real, code=CODE), by=admin.user, at=PUBLISHED_AT)

    for question in list(real.questions())[::40]:
        address = url("draft_question_edit", question.code)
        assert admin.post(address, filled(admin, address)).status_code == 302

    assert spec() == replace(real, code=CODE)


def test_a_question_is_changed_in_all_it_says(admin, draft):
    address = url("draft_question_edit", "1.1")
    changes = {
        "code": "1.9",
        "text": "Ada Perda?\r\nSebutkan.",
        "text_en": "Is there a regulation?",
        "max_points": "29,5",
        "answer_type": "percent",
        "options": "Ya\r\n\r\nTidak",
        "usual_fractions": "0; 0,5; 1",
        "direction": "lower_is_better",
        "lead": "DINKES",
        "contributors": ["DP3A", "DISDIK"],
        "evidence": ["foto", "perda"],
        "note": "Baru.",
    }

    response = admin.post(address, filled(admin, address, **changes))

    question = find(spec().questions(), "1.9")
    assert response["Location"] == f"{url('draft_detail')}#pertanyaan-1.9"
    assert question == replace(
        find(small_spec().questions(), "1.1"),
        code="1.9",
        text="Ada Perda?\nSebutkan.",
        text_en="Is there a regulation?",
        max_points=Decimal("29.5"),
        answer_type="percent",
        options=("Ya", "Tidak"),
        usual_fractions=(Decimal(0), Decimal("0.5"), Decimal(1)),
        direction="lower_is_better",
        agencies=("DINKES", "DP3A", "DISDIK"),
        evidence=("perda", "foto"),
        note="Baru.",
    )


def test_a_question_goes_to_another_indicator(admin, draft):
    address = url("draft_question_edit", "1.1")

    admin.post(address, filled(admin, address, indicator="2b"))

    assert indicator_of(spec(), "1.1").code == "2b"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "1.2"),
        ("code", "ada spasi"),
        ("text", ""),
        ("max_points", "-1"),
        ("max_points", "1,2345"),
        ("max_points", "tiga"),
        ("options", "Ya\nYa"),
        ("options", "x" * 301),
        ("usual_fractions", "1; 0"),
        ("usual_fractions", "setengah"),
        ("usual_fractions", "0; 2"),
        ("lead", ""),
        ("lead", "TIDAKADA"),
        ("evidence", ["tidak-ada"]),
    ],
)
def test_what_an_instrument_cannot_say_is_refused_at_its_field(admin, draft, field, value):
    address = url("draft_question_edit", "1.1")
    changes = {field: value, "contributors": ["DINKES"]}
    changes.setdefault("lead", "DP3A")

    response = admin.post(address, filled(admin, address, **changes))

    assert list(response.context["form"].errors) == [field]
    assert spec() == small_spec(CODE)


def test_clusters_indicators_and_questions_are_added(admin, draft):
    cluster = {"code": "k2", "label": "Klaster II", "name": "Keluarga", "kind": "substantive"}
    row = {"code": "7", "number": 7, "name": "Perkawinan", "counts_among_24": "on"}
    question = {"code": "7.1", "text": "Berapa?", "answer_type": "count"}
    points = {"max_points": "5"}
    for address, fields in (
        (url("draft_cluster_add"), cluster),
        (url("draft_indicator_add", "k2"), row),
        (url("draft_question_add", "7"), question),
    ):
        admin.post(address, filled(admin, address, **fields, **points))

    assert [one.code for one in spec().clusters] == ["kelembagaan", "klaster-1", "k2"]
    assert indicator_of(spec(), "7.1").number == 7


def test_the_head_changes_its_address_with_its_code(admin, draft):
    address = url("draft_head")

    response = admin.post(
        address, filled(admin, address, code="baru-2028", legal_basis="Satu\nDua")
    )

    assert response["Location"] == url("draft_detail", code="baru-2028")
    assert spec_of(Instrument.objects.get()).legal_basis == ("Satu", "Dua")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("draft_cluster_edit", ("tidak-ada",)),
        ("draft_indicator_add", ("tidak-ada",)),
        ("draft_indicator_edit", ("tidak-ada",)),
        ("draft_question_add", ("tidak-ada",)),
        ("draft_question_edit", ("tidak-ada",)),
        ("draft_row_delete", ("pertanyaan", "tidak-ada")),
        ("draft_row_delete", ("tidak-ada", "1.1")),
        ("draft_list_edit", ("tidak-ada",)),
    ],
)
def test_what_is_not_in_the_draft_is_not_found(admin, draft, name, parts):
    assert admin.get(url(name, *parts)).status_code == 404


# --- Two tabs -----------------------------------------------------------------------------------


def somebody_else_writes(draft, text, by):
    question = replace(find(spec().questions(), "1.1"), text=text)
    edit = edits.question_edit(question, indicator="1", was="1.1")
    edit_draft(instrument=draft, edit=edit, seen=None, by=by, at=PUBLISHED_AT)


def test_a_save_that_comes_too_late_loses_nothing_and_can_be_repeated(admin, draft):
    address = url("draft_question_edit", "1.1")
    mine = filled(admin, address, text="Dari saya")
    somebody_else_writes(draft, "Dari dia", SiteAdminFactory())

    refused = admin.post(address, mine)

    assert find(spec().questions(), "1.1").text == "Dari dia"
    assert refused.context["form"]["text"].value() == "Dari saya"
    assert refused.context["newer"] == [("Pertanyaan", "Dari dia")]
    assert refused.context["form"].non_field_errors() == [
        (
            "Bagian ini sudah diubah orang lain sejak halaman dibuka. Isian Anda masih ada; "
            "bandingkan dengan isi terbaru, lalu simpan kembali."
        )
    ]

    admin.post(address, {**mine, "seen": refused.context["seen"]})
    assert find(spec().questions(), "1.1").text == "Dari saya"


def test_a_page_of_a_draft_that_was_published_leads_to_the_instrument(admin):
    make_instrument()
    address = url("draft_question_edit", "1.1", code="kecil-2026")

    response = admin.post(address, {"text": "Lain"}, follow=True)

    assert response.redirect_chain == [(url("instrument_detail", code="kecil-2026"), 302)]
    assert said(response) == [
        "Instrumen ini sudah terbit dan tidak diubah lagi. Buat pembetulan bila perlu."
    ]
    assert spec_of(Instrument.objects.get()) == small_spec()


# --- Moving and deleting ------------------------------------------------------------------------


def test_rows_are_moved_by_their_buttons(admin, draft):
    response = admin.post(url("draft_move"), {"row": "pertanyaan/1.2/naik", "klaster": "k 1"})

    assert [q.code for q in spec().questions()][:2] == ["1.2", "1.1"]
    assert response["Location"] == f"{url('draft_detail')}?klaster=k+1#pertanyaan-1.2"


@pytest.mark.parametrize("row", ["", "pertanyaan", "pertanyaan/x/naik", "lain/1.1/naik", "a/b/c"])
def test_a_button_that_does_not_exist_moves_nothing(admin, draft, row):
    assert admin.post(url("draft_move"), {"row": row}).status_code == 302
    assert spec() == small_spec(CODE)


def test_a_row_is_deleted_once_it_was_asked(admin, draft):
    address = url("draft_row_delete", "indikator", "2a")
    page = admin.get(address)
    assert spec() == small_spec(CODE)

    admin.post(address, {"seen": page.context["seen"]})

    assert [row.code for row in spec().indicators()] == ["1", "2b"]


def test_a_row_that_changed_since_is_not_deleted(admin, draft):
    address = url("draft_row_delete", "pertanyaan", "1.1")
    seen = admin.get(address).context["seen"]
    somebody_else_writes(draft, "Penting", SiteAdminFactory())

    response = admin.post(address, {"seen": seen})

    assert "sudah diubah orang lain" in response.text
    assert len(list(spec().questions())) == 5


# --- Lists --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["perangkat", "dokumen", "tahap", "predikat"])
def test_a_list_sent_back_as_it_was_changes_nothing(admin, draft, name):
    address = url("draft_list_edit", name)

    response = admin.post(address, rows_of(admin.get(address), {}))

    assert response.status_code == 302
    assert spec() == small_spec(CODE)


def test_rows_of_a_list_are_changed_ordered_added_and_removed(admin, draft):
    address = url("draft_list_edit", "dokumen")
    changes = {
        0: {"code": "peraturan", "ORDER": 2},
        1: {"ORDER": 1},
        2: {"code": "sop", "name": "SOP", "ORDER": 3},
    }

    admin.post(address, rows_of(admin.get(address), changes))

    assert spec().evidence_kinds == (
        EvidenceKindSpec("foto", "Foto"),
        EvidenceKindSpec("peraturan", "Peraturan daerah"),
        EvidenceKindSpec("sop", "SOP"),
    )
    assert find(spec().questions(), "1.2").evidence == ("foto", "peraturan")


def test_an_agency_in_use_is_not_removed(admin, draft):
    address = url("draft_list_edit", "perangkat")

    response = admin.post(address, rows_of(admin.get(address), {0: {"DELETE": "on"}}))

    assert response.context["errors"] == [
        "“DP3A” masih disebut pada pertanyaan 1.1. Lepaskan dahulu dari pertanyaan itu."
    ]
    assert spec() == small_spec(CODE)


def test_stages_and_bands_are_filled_in(admin, draft):
    stages, bands = url("draft_list_edit", "tahap"), url("draft_list_edit", "predikat")
    admin.post(stages, rows_of(admin.get(stages), {1: {"code": "VA", "name": "Verifikasi"}}))
    low = {"predikat": "Dasar", "minimum": "10,5", "maximum": "49"}
    admin.post(bands, rows_of(admin.get(bands), {1: {"DELETE": "on"}, 2: low}))

    assert spec().stages == (StageSpec("EM", "Evaluasi mandiri"), StageSpec("VA", "Verifikasi"))
    assert spec().bands == (
        BandSpec("Dasar", Decimal("10.5"), Decimal(49)),
        BandSpec("Pratama", Decimal(50), Decimal(60)),
    )


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("predikat", {"predikat": "Lain", "minimum": "60", "maximum": "50"}),
        ("predikat", {"predikat": "Lain", "minimum": "60"}),
        ("predikat", {"predikat": "Pratama", "minimum": "70", "maximum": "80"}),
        ("tahap", {"code": "EM", "name": "Dua kali"}),
        ("perangkat", {"code": "tanpa nama"}),
    ],
)
def test_a_wrong_row_keeps_the_list_and_what_was_typed(admin, draft, name, row):
    address = url("draft_list_edit", name)
    page = admin.get(address)
    number = page.context["rows"].initial_form_count()

    response = admin.post(address, rows_of(page, {number: row}))

    assert response.status_code == 200
    assert response.context["rows"].forms[number].data[f"form-{number}-{next(iter(row))}"]
    assert spec() == small_spec(CODE)


# --- The draft's page and its end -----------------------------------------------------------------


def test_the_page_shows_sums_beside_maxima_and_links_findings_to_their_places(admin, draft):
    page = admin.get(url("draft_detail"))

    sums = [
        (row.spec.code, row.total, row.is_even)
        for section in page.context["sections"]
        for row in section.rows
    ]
    assert sums == [("1", 50, True), ("2a", 30, False), ("2b", 25, True)]
    places = [f.anchor for group in page.context["findings"] for f in group.rows]
    assert [place for place in places if f'id="{place}"' not in page.text] == []
    assert "berjumlah 30 dari 25" in page.text


def test_one_cluster_of_a_draft_can_be_worked_on_alone(admin, draft):
    page = admin.get(f"{url('draft_detail')}?klaster=klaster-1")

    assert [section.spec.code for section in page.context["sections"]] == ["klaster-1"]
    assert admin.get(f"{url('draft_detail')}?klaster=lain").status_code == 404


def test_a_draft_is_published_from_the_page_that_shows_its_findings(admin, draft):
    page = admin.get(url("draft_publish"))

    response = admin.post(url("draft_publish"), {"seen": page.context["seen"]}, follow=True)

    instrument = Instrument.objects.get()
    assert instrument.is_published
    assert instrument.checksum == checksum(small_spec(CODE))
    assert said(response) == [f"{CODE} terbit. Tahun penilaian dapat dibuka."]


def test_a_draft_with_errors_offers_no_button_and_stays(admin):
    broken = replace(small_spec(CODE), stages=())
    create_draft(spec=broken, by=admin.user, at=PUBLISHED_AT)
    page = admin.get(url("draft_publish"))
    assert "Terbitkan instrumen" not in page.text

    response = admin.post(url("draft_publish"), {"seen": page.context["seen"]})

    assert response.context["error"].startswith("Masih ada 1 kesalahan dalam rancangan.")
    assert Instrument.objects.get().is_draft


def test_a_draft_is_deleted_and_a_published_one_retired(admin, draft):
    make_instrument()
    admin.post(url("draft_delete"), follow=True)
    response = admin.post(url("instrument_retire", code="kecil-2026"), follow=True)

    [instrument] = Instrument.objects.all()
    assert (instrument.code, instrument.is_retired) == ("kecil-2026", True)
    assert said(response) == ["kecil-2026 ditarik."]
    again = admin.post(url("instrument_retire", code="kecil-2026"), follow=True)
    assert said(again) == ["Hanya instrumen yang terbit dapat ditarik; yang ini ditarik."]


# --- Reading ------------------------------------------------------------------------------------


def test_drafts_are_listed_for_site_administrators_alone(admin, draft, client):
    published = make_instrument()
    listed = reverse("clusters:instrument_list")
    assert list(admin.get(listed).context["instruments"]) == [draft, published]
    only = admin.get(f"{listed}?status=draft").context["instruments"]
    assert only == [draft]

    client.force_login(UserFactory())

    assert list(client.get(listed).context["instruments"]) == [published]
    assert client.get(f"{listed}?status=draft").context["instruments"] == []
    assert client.get(url("instrument_detail")).status_code == 404


def test_a_site_administrator_sees_a_draft_as_readers_will(admin, draft):
    response = admin.get(url("instrument_detail"))

    assert response.status_code == 200
    assert "Kembali menyusun" in response.text


def test_a_retired_instrument_stays_readable(admin, client):
    make_instrument()
    admin.post(url("instrument_retire", code="kecil-2026"))
    client.force_login(UserFactory())

    response = client.get(url("instrument_detail", code="kecil-2026"))

    assert response.status_code == 200
    assert "ditarik" in response.text


def test_an_instrument_and_its_correction_name_each_other(admin):
    make_instrument()
    fields = {"code": "kecil-2026-2", "correction_note": "Salah cetak."}
    admin.post(url("instrument_correct", code="kecil-2026"), fields)
    readers = admin.get(url("instrument_detail", code="kecil-2026")).text
    assert "Dibetulkan oleh" not in readers  # a draft corrects nothing yet

    publish = url("draft_publish", code="kecil-2026-2")
    admin.post(publish, {"seen": admin.get(publish).context["seen"]})

    assert "Dibetulkan oleh" in admin.get(url("instrument_detail", code="kecil-2026")).text
    assert "Versi ini membetulkan kecil-2026: Salah cetak." in (
        admin.get(url("instrument_detail", code="kecil-2026-2")).text
    )
