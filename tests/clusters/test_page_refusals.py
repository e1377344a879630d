"""Pages on which instruments are made, asked for what is no longer there or never was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone

from clusters import edits, urls
from clusters.library import checksum
from clusters.models import Instrument, InstrumentImport
from clusters.services import spec_of
from clusters.services.drafting import edit_draft
from clusters.services.importing import apply_import, prepare_import, preview_import
from clusters.services.life import (
    RESERVED_CODES,
    create_draft,
    delete_draft,
    publish_draft,
    retire_instrument,
)
from clusters.sheets import Reading, draw
from clusters.spec import AgencySpec
from clusters.writing import mark_of, write
from tests.clusters.unchanged import nothing_changes, refusal
from tests.factories.cities import MembershipFactory, SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec

pytestmark = pytest.mark.django_db

CODE = "baru-2027"
NOW = PUBLISHED_AT + timedelta(days=30)
STALE = (
    "Bagian ini sudah diubah orang lain sejak halaman dibuka. Isian Anda masih ada; "
    "bandingkan dengan isi terbaru, lalu simpan kembali."
)
FROZEN = "Instrumen ini sudah terbit dan tidak diubah lagi. Buat pembetulan bila perlu."


@pytest.fixture
def admin(client):
    client.user = SiteAdminFactory()
    client.force_login(client.user)
    return client


@pytest.fixture
def draft(admin):
    return create_draft(spec=small_spec(CODE), by=admin.user, at=NOW)


def url(name, *parts, code=CODE):
    return reverse(f"clusters:{name}", args=[code, *parts])


def said(response):
    return [str(message) for message in response.context["messages"]]


def changed(draft, admin, edit):
    edit_draft(instrument=draft, edit=edit, seen=None, by=admin.user, at=NOW)


def remove(draft, admin, level, code):
    changed(draft, admin, edits.removal(edits.LEVELS[level], code))


def publish(draft, admin):
    publish_draft(instrument=draft, seen=checksum(spec_of(draft)), by=admin.user, at=NOW)


# --- Other states -------------------------------------------------------------------------------

DRAFT_PAGES = [
    ("draft_detail", ()),
    ("draft_head", ()),
    ("draft_list_edit", ("perangkat",)),
    ("draft_cluster_add", ()),
    ("draft_cluster_edit", ("klaster-1",)),
    ("draft_indicator_add", ("klaster-1",)),
    ("draft_indicator_edit", ("2a",)),
    ("draft_question_add", ("2a",)),
    ("draft_question_edit", ("1.1",)),
    ("draft_row_delete", ("pertanyaan", "1.1")),
    ("draft_publish", ()),
    ("draft_delete", ()),
]


@pytest.mark.parametrize(("name", "parts"), [*DRAFT_PAGES[1:], ("draft_move", ())])
def test_no_page_of_a_draft_changes_it_once_it_is_retired(admin, draft, name, parts):
    publish(draft, admin)
    retire_instrument(instrument=draft, by=admin.user, at=NOW)
    sent = {"seen": "x", "code": "x", "title": "x", "row": "pertanyaan/1.2/naik"}

    with nothing_changes():
        response = admin.post(url(name, *parts), sent, follow=True)

    assert response.redirect_chain == [(url("instrument_detail"), 302)]
    assert said(response) == [FROZEN]


@pytest.mark.parametrize(("name", "parts"), DRAFT_PAGES)
def test_no_page_of_a_draft_outlives_it(admin, draft, name, parts):
    delete_draft(instrument=draft, by=admin.user, at=NOW)

    with nothing_changes():
        answers = [admin.get(url(name, *parts)), admin.post(url(name, *parts), {"seen": ""})]

    assert [answer.status_code for answer in answers] in ([404, 404], [404, 405])


@pytest.mark.parametrize("name", ["instrument_correct", "instrument_retire"])
def test_a_draft_is_neither_corrected_nor_retired(admin, draft, name):
    with nothing_changes():
        assert admin.get(url(name)).status_code == 404
        assert admin.post(url(name), {"code": "x", "correction_note": "x"}).status_code == 404


def test_an_instrument_retired_in_another_tab_is_not_retired_again(admin, draft):
    publish(draft, admin)
    retire_instrument(instrument=draft, by=admin.user, at=NOW)

    with nothing_changes():
        response = admin.post(url("instrument_retire"), follow=True)

    assert said(response) == ["Hanya instrumen yang terbit dapat ditarik; yang ini ditarik."]


@pytest.mark.parametrize(
    ("name", "given"),
    [("instrument_clone", {"title": "Salinan"}), ("instrument_correct", {"correction_note": "x"})],
)
@pytest.mark.parametrize(
    ("code", "told"),
    [
        (CODE, f"Instrumen “{CODE}” sudah ada. Pilih kode lain, misalnya dengan tahunnya."),
        ("tambah", "“tambah” adalah alamat halaman lain. Pilih kode lain."),
    ],
)
def test_what_begins_under_a_code_that_is_not_free_is_told_at_its_field(
    admin, draft, name, given, code, told
):
    publish(draft, admin)

    with nothing_changes():
        response = admin.post(url(name), {"code": code, **given})

    assert response.context["form"].errors == {"code": [told]}


def test_every_address_of_a_page_is_kept_from_instruments():
    """An instrument of that code could never be opened."""
    patterns = [str(pattern.pattern) for pattern in urls.urlpatterns]
    fixed = {
        pattern.removeprefix("instrumen/").partition("/")[0]
        for pattern in patterns
        if pattern != "instrumen/" and "<" not in pattern
    }

    assert fixed == RESERVED_CODES
    assert get_resolver().resolve("/instrumen/impor/").url_name == "import_upload"


# --- Rows that went meanwhile -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "code", "pages"),
    [
        (
            "klaster",
            "klaster-1",
            [
                ("draft_cluster_edit", "klaster-1"),
                ("draft_indicator_add", "klaster-1"),
                ("draft_indicator_edit", "2a"),
                ("draft_question_add", "2b"),
                ("draft_question_edit", "2a.1"),
            ],
        ),
        ("indikator", "2a", [("draft_question_add", "2a"), ("draft_question_edit", "2a.2")]),
        ("pertanyaan", "1.2", [("draft_question_edit", "1.2")]),
    ],
)
def test_what_was_removed_in_another_tab_takes_no_save(admin, draft, level, code, pages):
    remove(draft, admin, level, code)

    with nothing_changes():
        answers = [admin.post(url(name, row), {"seen": "", "code": "x"}) for name, row in pages]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize("row", ["pertanyaan/1.2/naik", "indikator/2a/turun", "klaster/x/naik"])
def test_a_row_that_went_meanwhile_is_not_moved_and_says_so(admin, draft, row):
    changed(draft, admin, edits.head_edit({"clusters": small_spec().clusters[:1]}))
    remove(draft, admin, "pertanyaan", "1.2")

    with nothing_changes():
        response = admin.post(url("draft_move"), {"row": row}, follow=True)

    assert said(response) == ["Baris ini sudah tidak ada dalam rancangan."]


def test_the_first_row_moved_up_and_the_last_moved_down_stay(admin, draft):
    for row in ("klaster/kelembagaan/naik", "pertanyaan/2a.2/turun", "indikator/2b/turun"):
        assert admin.post(url("draft_move"), {"row": row}).status_code == 302

    assert spec_of(draft) == small_spec(CODE)


@pytest.mark.parametrize(
    "row", ["pertanyaan/" + "x" * 3000 + "/naik", "klaster/\r\nSet-Cookie: a/naik"]
)
def test_a_button_with_a_foreign_value_writes_no_header(admin, draft, row):
    with nothing_changes():
        response = admin.post(url("draft_move"), {"row": row})

    assert response.status_code in {302, 400}
    assert "Set-Cookie: a" not in str(response.headers)


@pytest.mark.parametrize("seen", [None, "", "0123456789abcdef"])
@pytest.mark.parametrize(
    ("level", "row"), [("klaster", "klaster-1"), ("indikator", "2a"), ("pertanyaan", "1.1")]
)
def test_a_row_is_not_deleted_from_a_page_that_did_not_show_it(admin, draft, level, row, seen):
    with nothing_changes():
        response = admin.post(
            url("draft_row_delete", level, row), {} if seen is None else {"seen": seen}
        )

    assert response.context["error"] == STALE
    assert response.context["title"] == f"Hapus {level} {row}?"


# --- Lists --------------------------------------------------------------------------------------


def rows_of(*rows, **fields):
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0, **fields}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return data


def test_a_list_changed_in_another_tab_keeps_what_was_typed_and_says_why(admin, draft):
    page = url("draft_list_edit", "tahap")
    seen = admin.get(page).context["seen"]
    changed(draft, admin, edits.stages_edit([]))

    with nothing_changes():
        response = admin.post(page, rows_of({"code": "V", "name": "Verifikasi"}, seen=seen))

    assert response.context["errors"] == [STALE]
    assert response.context["rows"].forms[0]["name"].value() == "Verifikasi"
    assert response.context["seen"] != seen


@pytest.mark.parametrize(
    ("name", "rows", "told"),
    [
        (
            "perangkat",
            [{"code": "DP3A", "name": "a"}, {"code": "DP3A", "name": "b"}],
            "Kode “DP3A” sudah dipakai dalam instrumen ini. Pilih kode lain.",
        ),
        (
            "dokumen",
            [{"was": "perda", "code": "perda", "name": "a"}],
            "“foto” masih disebut pada pertanyaan 1.2. Lepaskan dahulu dari pertanyaan itu.",
        ),
        (
            "predikat",
            [{"predikat": "Madya", "minimum": "5", "maximum": "5"}],
            "Batas bawah predikat “Madya” harus di bawah batas atasnya.",
        ),
        (
            "predikat",
            [
                {"predikat": "Madya", "minimum": "5", "maximum": "6"},
                {"predikat": "Madya", "minimum": "7", "maximum": "8"},
            ],
            "Predikat “Madya” tertulis dua kali.",
        ),
    ],
)
def test_a_list_that_cannot_be_is_told_above_its_rows(admin, draft, name, rows, told):
    page = url("draft_list_edit", name)
    seen = admin.get(page).context["seen"]

    with nothing_changes():
        response = admin.post(page, rows_of(*rows, seen=seen))

    assert response.context["errors"] == [told]
    assert told in response.text.replace("&quot;", '"')


@pytest.mark.parametrize("name", ["perangkat", "dokumen", "tahap", "predikat"])
@pytest.mark.parametrize("sent", [{"seen": "x"}, {"form-TOTAL_FORMS": "x"}])
def test_a_list_that_was_cut_off_on_its_way_empties_nothing(admin, draft, name, sent):
    with nothing_changes():
        response = admin.post(url("draft_list_edit", name), sent)

    assert response.status_code == 200
    assert len(response.context["rows"].non_form_errors()) == 1


def test_a_list_of_an_agency_that_nobody_knew_is_a_new_agency(admin, draft):
    """Such as one that was renamed in another tab before this one was opened."""
    page = url("draft_list_edit", "perangkat")
    kept = [{"was": a.code, "code": a.code, "name": a.name} for a in small_spec().agencies]
    seen = admin.get(page).context["seen"]

    new = {"was": "LAMA", "code": "BARU", "name": "Baru"}
    admin.post(page, rows_of(*kept, new, **{"seen": seen, "form-INITIAL_FORMS": len(kept)}))

    assert spec_of(draft).agencies == (*small_spec().agencies, AgencySpec("BARU", "Baru"))


# --- Publishing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [None, "", "0" * 64])
def test_a_page_that_showed_nothing_publishes_nothing(admin, draft, seen):
    with nothing_changes():
        response = admin.post(url("draft_publish"), {} if seen is None else {"seen": seen})

    assert response.context["error"] == (
        "Rancangan ini berubah sejak halaman dibuka. Periksa kembali sebelum menerbitkan."
    )
    assert response.context["seen"] == checksum(small_spec(CODE))


def test_an_error_made_in_another_tab_is_told_instead_of_publishing(admin, draft):
    changed(draft, admin, edits.stages_edit([]))
    seen = checksum(spec_of(draft))

    with nothing_changes():
        response = admin.post(url("draft_publish"), {"seen": seen})

    assert response.context["error"] == (
        "Masih ada 1 kesalahan dalam rancangan. Yang pertama: instrumen: "
        "Belum ada tahap penilaian; isi sekurang-kurangnya satu."
    )


# --- Importing ----------------------------------------------------------------------------------


def pending_of(spec, admin, *, exported=None, file_name="kecil.xlsx", at=None):
    reading = Reading(spec, mark_of(spec) if exported is None else exported)
    return prepare_import(
        reading=reading, file_name=file_name, by=admin.user, at=at or timezone.now()
    )


def test_a_file_applied_in_another_tab_has_no_preview_any_more(admin):
    pending = pending_of(small_spec(CODE), admin)
    page = reverse("clusters:import_preview", args=[pending.pk])
    admin.post(page, {"seen": ""})

    with nothing_changes():
        assert admin.post(page, {"seen": ""}).status_code == 404
    assert refusal(
        apply_import, pending=pending, seen="", overwrite=True, by=admin.user, at=NOW
    ) == ("gone", "Pratinjau ini sudah dipakai atau kedaluwarsa. Unggah berkasnya kembali.")


def test_a_draft_deleted_since_the_preview_is_not_made_anew_unseen(admin, draft):
    pending = pending_of(replace(small_spec(CODE), title="Lain"), admin)
    seen = preview_import(pending).seen
    delete_draft(instrument=draft, by=admin.user, at=NOW)

    with nothing_changes():
        response = admin.post(
            reverse("clusters:import_preview", args=[pending.pk]), {"seen": seen, "overwrite": "on"}
        )

    assert said(response) == [
        "Rancangan berubah sejak pratinjau. Periksa pratinjau baru, lalu terapkan kembali."
    ]
    assert (response.context["preview"].draft, response.context["preview"].seen) == (None, "")


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        (
            {},
            "unchanged",
            f"Instrumen “{CODE}” sudah terbit dengan isi yang sama; tidak ada yang diimpor.",
        ),
        (
            {"title": "Lain"},
            "published",
            (
                f"Instrumen “{CODE}” sudah terbit dan tidak pernah diubah. "
                "Tulis kode lain di dalam berkas, lalu unggah kembali sebagai rancangan baru."
            ),
        ),
    ],
)
def test_a_draft_published_since_the_preview_takes_nothing(admin, draft, change, code, sentence):
    pending = pending_of(replace(small_spec(CODE), **change), admin)
    publish(draft, admin)
    given = {"pending": pending, "seen": "", "overwrite": True, "by": admin.user, "at": NOW}

    assert refusal(apply_import, **given) == (code, sentence)
    assert refusal(preview_import, pending=pending) == (code, sentence)


def test_without_consent_a_conflict_is_told_with_what_to_do(admin, draft):
    pending = pending_of(replace(small_spec(CODE), title="Lain"), admin, exported="")
    seen = preview_import(pending).seen
    given = {"pending": pending, "seen": seen, "by": admin.user, "at": NOW}

    assert refusal(apply_import, overwrite=False, **given) == (
        "conflict",
        "Centang bahwa perubahan di situs boleh tertimpa, atau ekspor rancangan itu kembali.",
    )


def test_a_correction_is_not_prepared_before_what_it_corrects(admin):
    reading = Reading(replace(small_spec(CODE), corrects="kla-1999"), "")

    assert refusal(prepare_import, reading=reading, file_name="x", by=admin.user, at=NOW) == (
        "corrected_missing",
        (
            f"Instrumen “{CODE}” membetulkan “kla-1999”, yang belum ada di sini. "
            "Muat instrumen itu terlebih dahulu."
        ),
    )


def test_names_and_marks_longer_than_any_file_has_are_cut(admin):
    pending = pending_of(small_spec(CODE), admin, exported="m" * 100, file_name="n" * 300)

    assert (len(pending.file_name), len(pending.exported)) == (255, 64)
    assert preview_import(pending).conflict is None  # there is no draft to overwrite


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_a_preview_that_never_was_is_not_found(admin, pk):
    assert admin.get(f"/instrumen/impor/{pk}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", lambda: write(small_spec()).rpartition("[")[0].encode() + b"["),
        ("a.xlsx", lambda: draw(small_spec())[:-300]),
        ("a.yaml", lambda: write(small_spec()).encode("utf-16")),
        (
            "a.xlsx",
            lambda: write(small_spec()).replace("max_points: 30", "max_points: 1e2").encode(),
        ),
    ],
    ids=["half a text", "half a workbook", "UTF-16", "a number of scientists"],
)
def test_a_broken_file_leaves_neither_a_draft_nor_a_preview(admin, name, content):
    with nothing_changes():
        response = admin.post(
            reverse("clusters:import_upload"), {"file": SimpleUploadedFile(name, content())}
        )

    assert list(response.context["form"].errors) == ["file"]
    assert InstrumentImport.objects.count() == 0


# --- Reading ------------------------------------------------------------------------------------


def test_whoever_is_no_maker_finds_no_page_of_making(client, draft):
    client.force_login(MembershipFactory(admin_kota=True).user)

    with nothing_changes():
        answers = [client.post(url(name, *parts), {}) for name, parts in DRAFT_PAGES]

    assert {answer.status_code for answer in answers} <= {404, 405}
    assert Instrument.objects.get().is_draft


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", ["kecil-2026"]), ("status=retired", []), ("status=x", [])],
)
def test_a_status_that_no_instrument_has_shows_an_empty_list(admin, asked, shown):
    make_instrument()

    response = admin.get(f"{reverse('clusters:instrument_list')}?{asked}")

    assert [one.code for one in response.context["instruments"]] == shown
