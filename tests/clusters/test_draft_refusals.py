"""What is refused to people at one draft: why, in which words, and that nothing has changed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from clusters import edits
from clusters.editing import find, indicator_of
from clusters.library import checksum
from clusters.models import Instrument
from clusters.services import load_instrument, spec_of
from clusters.services.drafting import edit_draft
from clusters.services.life import (
    clone_instrument,
    create_draft,
    delete_draft,
    publish_draft,
    retire_instrument,
    start_correction,
)
from clusters.spec import (
    AgencySpec,
    BandSpec,
    ClusterSpec,
    EvidenceKindSpec,
    IndicatorSpec,
    QuestionSpec,
    StageSpec,
)
from tests.clusters.unchanged import nothing_changes, refusal
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT, InstrumentFactory, make_instrument, small_spec

pytestmark = pytest.mark.django_db

NOW = PUBLISHED_AT + timedelta(days=30)
STALE = (
    "Bagian ini sudah diubah orang lain sejak halaman dibuka. Isian Anda masih ada; "
    "bandingkan dengan isi terbaru, lalu simpan kembali."
)
ROW_GONE = "Baris ini sudah tidak ada dalam rancangan."
DRAFT_GONE = "Rancangan ini sudah dihapus."
FROZEN = (
    "Instrumen “baru-2027” sudah terbit dan tidak pernah diubah. "
    "Buat pembetulan sebagai versi baru."
)


@pytest.fixture
def admin():
    return SiteAdminFactory(name="Rina")


@pytest.fixture
def draft(admin):
    return create_draft(spec=small_spec(code="baru-2027"), by=admin, at=NOW)


def question(code="9.9", **fields):
    return QuestionSpec(code, f"Pertanyaan {code}", Decimal(1), "choice", **fields)


def indicator(code="9"):
    return IndicatorSpec(code, 9, f"Indikator {code}", "", Decimal(1), counts_among_24=True)


def cluster(code="klaster-9"):
    return ClusterSpec(code, code, code, "", "substantive", Decimal(1))


def shown(edit, draft):
    """What the page carries that shows the part of this edit now."""
    return edits.fingerprint(edit.part, spec_of(draft))


def changed(draft, admin, edit, seen=None):
    return edit_draft(instrument=draft, edit=edit, seen=seen, by=admin, at=NOW)


def refused(draft, admin, edit, seen=None):
    return refusal(edit_draft, instrument=draft, edit=edit, seen=seen, by=admin, at=NOW)


def same_codes(rows):
    return [(row.code, row) for row in rows]


# --- Two tabs -----------------------------------------------------------------------------------

SMALL = small_spec()
Q11, Q2A1 = (find(SMALL.questions(), code) for code in ("1.1", "2a.1"))
PARTS = {
    "head": edits.head_edit({"title": "Judul lain"}),
    "cluster": edits.cluster_edit(replace(SMALL.clusters[1], name="Lain"), was="klaster-1"),
    "indicator": edits.indicator_edit(
        replace(SMALL.clusters[1].indicators[0], name="Lain"), cluster="klaster-1", was="2a"
    ),
    "question": edits.question_edit(replace(Q11, text="Lain"), indicator="1", was="1.1"),
    "agencies": edits.agencies_edit([*same_codes(SMALL.agencies), ("", AgencySpec("X", "X"))]),
    "kinds": edits.evidence_kinds_edit(
        [*same_codes(SMALL.evidence_kinds), ("", EvidenceKindSpec("x", "X"))]
    ),
    "stages": edits.stages_edit([("EM", StageSpec("EM", "Lain"))]),
    "bands": edits.bands_edit([BandSpec("Madya", Decimal(1), Decimal(2))]),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_saved_in_one_tab_is_not_overwritten_from_the_other(draft, admin, name):
    edit = PARTS[name]
    seen = shown(edit, draft)
    changed(draft, admin, edit, seen)

    assert refused(draft, admin, edit, seen) == ("stale", STALE)


@pytest.mark.parametrize("name", [name for name in PARTS if name != "head"])
def test_a_save_of_one_part_leaves_the_tab_with_the_head_fresh(draft, admin, name):
    seen = shown(PARTS["head"], draft)
    changed(draft, admin, PARTS[name])

    changed(draft, admin, PARTS["head"], seen)

    assert spec_of(draft).title == "Judul lain"


@pytest.mark.parametrize("seen", ["", "0" * 16, "tab lama", "\u202e"])
def test_a_tab_that_cannot_say_what_it_showed_saves_nothing(draft, admin, seen):
    assert refused(draft, admin, PARTS["question"], seen) == ("stale", STALE)


def test_what_one_part_showed_does_not_open_another(draft, admin):
    seen = shown(PARTS["cluster"], draft)

    assert refused(draft, admin, PARTS["indicator"], seen) == ("stale", STALE)


def test_a_question_moved_to_another_indicator_meanwhile_is_not_changed_unseen(draft, admin):
    """Its words are as they were; where it stands is not."""
    seen = shown(PARTS["question"], draft)
    changed(draft, admin, edits.question_edit(Q11, indicator="2b", was="1.1"))

    assert refused(draft, admin, PARTS["question"], seen) == ("stale", STALE)
    assert indicator_of(spec_of(draft), "1.1").code == "2b"


def test_a_row_moved_among_its_neighbours_meanwhile_can_still_be_changed(draft, admin):
    edit = edits.question_edit(replace(Q2A1, text="Lain"), indicator="2a", was="2a.1")
    seen = shown(edit, draft)
    changed(draft, admin, edits.move(edits.LEVELS["pertanyaan"], "2a.1", 1))

    changed(draft, admin, edit, seen)

    rows = find(spec_of(draft).indicators(), "2a").questions
    assert [(row.code, row.text) for row in rows] == [
        ("2a.2", "Pertanyaan 2a.2"),
        ("2a.1", "Lain"),
    ]


# --- Rows that are not there any more -----------------------------------------------------------

WITHOUT = {
    "klaster": edits.removal(edits.LEVELS["klaster"], "klaster-1"),
    "indikator": edits.removal(edits.LEVELS["indikator"], "2a"),
    "pertanyaan": edits.removal(edits.LEVELS["pertanyaan"], "2a.1"),
}


@pytest.mark.parametrize(
    ("gone", "edit"),
    [
        ("klaster", edits.indicator_edit(indicator(), cluster="klaster-1", was="")),
        ("klaster", edits.question_edit(question(), indicator="2a", was="")),
        ("klaster", edits.question_edit(replace(Q11, text="x"), indicator="2a", was="1.1")),
        ("klaster", edits.move(edits.LEVELS["indikator"], "2a", 1)),
        ("indikator", edits.question_edit(question(), indicator="2a", was="")),
        ("indikator", edits.move(edits.LEVELS["pertanyaan"], "2a.1", -1)),
        ("pertanyaan", edits.move(edits.LEVELS["pertanyaan"], "2a.1", 1)),
    ],
)
def test_below_a_row_that_somebody_deleted_nothing_is_added_or_moved(draft, admin, gone, edit):
    """Nothing of the row was shown, so nothing of it is stale."""
    seen = shown(edit, draft) if edit.part(spec_of(draft)) is not None else None
    changed(draft, admin, WITHOUT[gone])

    assert refused(draft, admin, edit, seen) == ("row_gone", ROW_GONE)


@pytest.mark.parametrize("level", WITHOUT)
def test_a_row_is_deleted_once(draft, admin, level):
    seen = shown(WITHOUT[level], draft)
    changed(draft, admin, WITHOUT[level], seen)

    assert refused(draft, admin, WITHOUT[level], seen) == ("stale", STALE)
    assert refused(draft, admin, WITHOUT[level], "") == ("row_gone", ROW_GONE)


def test_a_row_deleted_and_made_anew_under_its_code_is_another_row(draft, admin):
    edit = PARTS["question"]
    seen = shown(edit, draft)
    changed(draft, admin, edits.removal(edits.LEVELS["pertanyaan"], "1.1"))
    changed(draft, admin, edits.question_edit(question("1.1"), indicator="1", was=""))

    assert refused(draft, admin, edit, seen) == ("stale", STALE)


# --- Codes --------------------------------------------------------------------------------------


def taken(code):
    return ("taken", f"Kode “{code}” sudah dipakai dalam instrumen ini. Pilih kode lain.")


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (edits.cluster_edit(cluster("klaster-1"), was=""), "klaster-1"),
        (edits.cluster_edit(cluster("klaster-1"), was="kelembagaan"), "klaster-1"),
        (edits.indicator_edit(indicator("2b"), cluster="kelembagaan", was=""), "2b"),
        (edits.indicator_edit(indicator("2b"), cluster="kelembagaan", was="1"), "2b"),
        (edits.question_edit(question("2b.1"), indicator="1", was=""), "2b.1"),
        (edits.question_edit(question("2b.1"), indicator="2b", was="1.1"), "2b.1"),
        (edits.agencies_edit([("", AgencySpec("A", "a")), ("", AgencySpec("A", "b"))]), "A"),
        (edits.stages_edit([("EM", StageSpec("V", "a")), ("", StageSpec("V", "b"))]), "V"),
        (
            edits.evidence_kinds_edit(
                [("perda", EvidenceKindSpec("foto", "a")), ("foto", EvidenceKindSpec("foto", "b"))]
            ),
            "foto",
        ),
    ],
)
def test_a_code_that_another_row_has_is_refused_in_every_part(draft, admin, edit, code):
    assert refused(draft, admin, edit) == taken(code)


def test_codes_that_differ_in_case_alone_are_two_codes(draft, admin):
    """A printed instrument has 21A beside 21a."""
    changed(draft, admin, edits.question_edit(question("2A.1"), indicator="2a", was=""))

    rows = find(spec_of(draft).indicators(), "2a").questions
    assert [row.code for row in rows] == ["2a.1", "2a.2", "2A.1"]


@pytest.mark.parametrize(
    ("edit", "code", "holder"),
    [
        (edits.agencies_edit(same_codes(SMALL.agencies[1:])), "DP3A", "1.1"),
        (edits.agencies_edit([]), "DP3A", "1.1"),
        (edits.agencies_edit(same_codes(SMALL.agencies[:2])), "DISDIK", "1.2"),
        (
            edits.agencies_edit(
                [("", AgencySpec("DP3A", "baru")), *same_codes(SMALL.agencies[1:])]
            ),
            "DP3A",
            "1.1",
        ),
        (edits.evidence_kinds_edit(same_codes(SMALL.evidence_kinds[:1])), "foto", "1.2"),
        (edits.evidence_kinds_edit([]), "foto", "1.2"),
    ],
)
def test_what_a_question_names_stays_and_the_question_is_told(draft, admin, edit, code, holder):
    assert refused(draft, admin, edit) == (
        "in_use",
        f"“{code}” masih disebut pada pertanyaan {holder}. Lepaskan dahulu dari pertanyaan itu.",
    )


@pytest.mark.parametrize(
    ("bands", "told"),
    [
        (
            [("Madya", 1, 2), ("Madya", 3, 4)],
            ("taken", "Predikat “Madya” tertulis dua kali."),
        ),
        (
            [("Madya", 5, 5)],
            ("inverted", "Batas bawah predikat “Madya” harus di bawah batas atasnya."),
        ),
        (
            [("Pratama", 1, 2), ("Madya", 9, 3)],
            ("inverted", "Batas bawah predikat “Madya” harus di bawah batas atasnya."),
        ),
    ],
)
def test_bands_that_cannot_be_are_refused_by_name(draft, admin, bands, told):
    rows = [BandSpec(name, Decimal(low), Decimal(high)) for name, low, high in bands]

    assert refused(draft, admin, edits.bands_edit(rows)) == told


@pytest.mark.parametrize("status", ["draft", "published", "retired"])
def test_the_address_of_any_other_instrument_is_taken(draft, admin, status):
    dates = {"published_at": NOW} if status != "draft" else {}
    dates |= {"retired_at": NOW} if status == "retired" else {}
    InstrumentFactory(code="ada-2020", status=status, **dates)

    assert refused(draft, admin, edits.head_edit({"code": "ada-2020"})) == (
        "taken",
        "Instrumen “ada-2020” sudah ada. Pilih kode lain, misalnya dengan tahunnya.",
    )


def test_a_draft_does_not_take_the_address_of_a_page(draft, admin):
    assert refused(draft, admin, edits.head_edit({"code": "impor"})) == (
        "reserved",
        "“impor” adalah alamat halaman lain. Pilih kode lain.",
    )


def test_a_save_that_the_database_refuses_leaves_the_old_tree(draft, admin):
    """Such as nobody can send from a page: a cluster twice."""
    double = edits.head_edit({"clusters": (cluster(), cluster())})

    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        changed(draft, admin, double)


def test_a_draft_that_the_database_refuses_leaves_nothing(admin):
    spec = replace(small_spec(), agencies=(AgencySpec("A", "a"), AgencySpec("A", "b")))

    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        create_draft(spec=spec, by=admin, at=NOW)


# --- The other states of an instrument ----------------------------------------------------------


def published(draft, admin):
    return publish_draft(instrument=draft, seen=checksum(spec_of(draft)), by=admin, at=NOW)


def retired(draft, admin):
    return retire_instrument(instrument=published(draft, admin), by=admin, at=NOW)


@pytest.mark.parametrize("name", PARTS)
def test_a_tab_opened_before_publishing_saves_nothing_after_it(draft, admin, name):
    edit = PARTS[name]
    seen = shown(edit, draft)
    published(draft, admin)

    assert refused(draft, admin, edit, seen) == ("not_draft", FROZEN)


@pytest.mark.parametrize("end", [published, retired])
@pytest.mark.parametrize("deed", [delete_draft, publish_draft])
def test_an_instrument_ends_once(draft, admin, end, deed):
    seen = {"seen": checksum(spec_of(draft))} if deed is publish_draft else {}
    end(draft, admin)

    assert refusal(deed, instrument=draft, **seen, by=admin, at=NOW) == ("not_draft", FROZEN)


@pytest.mark.parametrize(
    ("end", "status"), [(None, "rancangan"), (published, None), (retired, "ditarik")]
)
def test_only_what_is_published_is_retired_and_the_other_state_is_told(draft, admin, end, status):
    if end:
        end(draft, admin)
    if status is None:
        retire_instrument(instrument=draft, by=admin, at=NOW)
        status = "ditarik"

    assert refusal(retire_instrument, instrument=draft, by=admin, at=NOW) == (
        "not_published",
        f"Hanya instrumen yang terbit dapat ditarik; yang ini {status}.",
    )


@pytest.mark.parametrize("deed", [delete_draft, publish_draft, edit_draft])
def test_a_draft_that_somebody_deleted_is_gone_for_every_deed(draft, admin, deed):
    more = {
        delete_draft: {},
        publish_draft: {"seen": checksum(spec_of(draft))},
        edit_draft: {"edit": PARTS["head"], "seen": shown(PARTS["head"], draft)},
    }[deed]
    delete_draft(instrument=Instrument.objects.get(), by=admin, at=NOW)

    assert refusal(deed, instrument=draft, **more, by=admin, at=NOW) == ("gone", DRAFT_GONE)


def test_an_instrument_with_a_correction_cannot_be_lost(admin):
    origin = make_instrument()
    start_correction(
        instrument=origin, code="kecil-2026-2", correction_note="Salah cetak.", by=admin, at=NOW
    )

    with nothing_changes(), pytest.raises(ProtectedError):
        origin.delete()


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("pemetaan", ("reserved", "“pemetaan” adalah alamat halaman lain. Pilih kode lain.")),
        (
            "kecil-2026",
            (
                "taken",
                "Instrumen “kecil-2026” sudah ada. Pilih kode lain, misalnya dengan tahunnya.",
            ),
        ),
    ],
)
def test_neither_a_clone_nor_a_correction_begins_under_a_code_that_is_not_free(admin, code, told):
    origin = {"instrument": make_instrument(), "code": code, "by": admin, "at": NOW}

    assert refusal(clone_instrument, **origin, title="Salinan") == told
    assert refusal(start_correction, **origin, correction_note="x") == told


def test_a_draft_is_changed_and_not_corrected(draft, admin):
    told = refusal(
        start_correction, instrument=draft, code="x", correction_note="x", by=admin, at=NOW
    )

    assert told == ("draft", "“baru-2027” masih rancangan. Ubah rancangan itu sendiri.")


@pytest.mark.parametrize("corrects", ["tidak-ada", "baru-2027", "kecil-2026"])
def test_a_correction_of_what_is_not_published_here_is_not_loaded(draft, corrects):
    """Unknown, a draft, or the very instrument that is being loaded."""
    spec = replace(small_spec(), corrects=corrects)

    assert refusal(load_instrument, spec=spec, at=NOW) == (
        "corrected_missing",
        (
            f"Instrumen “kecil-2026” membetulkan “{corrects}”, yang belum ada di sini. "
            "Muat instrumen itu terlebih dahulu."
        ),
    )


def test_loading_over_a_draft_says_what_to_do_with_the_draft(draft):
    assert refusal(load_instrument, spec=small_spec("baru-2027"), at=NOW) == (
        "draft",
        (
            "“baru-2027” adalah rancangan yang sedang disusun di sini. "
            "Terbitkan atau hapus rancangan itu, atau pakai kode lain."
        ),
    )


def test_loading_again_does_not_bring_a_retired_instrument_back(draft, admin):
    retired(draft, admin)

    with nothing_changes():
        result = load_instrument(spec=small_spec("baru-2027"), at=NOW)

    assert (result.created, result.instrument.is_retired) == (False, True)


# --- Publishing ---------------------------------------------------------------------------------


def unsound(count, place, sentence):
    return (
        "unsound",
        f"Masih ada {count} kesalahan dalam rancangan. Yang pertama: {place}: {sentence}",
    )


def with_question(**fields):
    first = SMALL.clusters[0]
    row = first.indicators[0]
    questions = (replace(row.questions[0], **fields), *row.questions[1:])
    cluster = replace(first, indicators=(replace(row, questions=questions),))
    return {"clusters": (cluster, SMALL.clusters[1])}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"clusters": ()}, unsound(1, "instrumen", "Belum ada klaster di dalamnya.")),
        (
            {"clusters": (), "stages": (), "max_points": Decimal(0), "bands": ()},
            unsound(3, "instrumen", "Belum ada klaster di dalamnya."),
        ),
        (
            {"stages": ()},
            unsound(1, "instrumen", "Belum ada tahap penilaian; isi sekurang-kurangnya satu."),
        ),
        (
            {"max_points": Decimal(60)},
            unsound(1, "predikat Madya", "Batas atas 100 melampaui maksimum instrumen, 60."),
        ),
        (
            with_question(options=("Ada", "Ada")),
            unsound(1, "pertanyaan 1.1", "Pilihan “Ada” berulang."),
        ),
        # What only the reader of files would refuse: such a file could never come back
        (
            {"provenance": "p" * 5001},
            unsound(1, "instrument.provenance", "Paling panjang 5000 karakter."),
        ),
        (
            {"legal_basis": ("Perpres 25/2021", "Perpres 25/2021")},
            unsound(
                1,
                "instrument.legal_basis[1]",
                "“Perpres 25/2021” sudah dipakai di instrument.legal_basis[0].",
            ),
        ),
        (
            with_question(text="t" * 5001, note="n" * 5001),
            unsound(
                2,
                "clusters[0].indicators[0].questions[0].text",
                "Paling panjang 5000 karakter.",
            ),
        ),
        (
            {"stages": (StageSpec("E M", "Evaluasi"),)},
            unsound(
                1,
                "instrument.stages[0].code",
                "Kode “E M” memuat karakter yang tidak boleh ada dalam kode.",
            ),
        ),
    ],
)
def test_an_unsound_draft_stays_a_draft_and_its_first_fault_is_told(admin, fields, told):
    spec = replace(SMALL, **fields)
    draft = create_draft(spec=spec, by=admin, at=NOW)

    seen = checksum(spec_of(draft))

    assert refusal(publish_draft, instrument=draft, seen=seen, by=admin, at=NOW) == told


@pytest.mark.parametrize("seen", ["", "0" * 64, checksum(small_spec("lain"))])
def test_a_page_that_showed_another_content_publishes_nothing(draft, admin, seen):
    assert refusal(publish_draft, instrument=draft, seen=seen, by=admin, at=NOW) == (
        "stale",
        "Rancangan ini berubah sejak halaman dibuka. Periksa kembali sebelum menerbitkan.",
    )


def test_a_change_taken_back_is_the_content_that_was_looked_at(draft, admin):
    seen = checksum(spec_of(draft))
    changed(draft, admin, edits.head_edit({"title": "Lain"}))
    changed(draft, admin, edits.head_edit({"title": SMALL.title}))

    published = publish_draft(instrument=draft, seen=seen, by=admin, at=NOW)

    assert published.checksum == seen


# --- Names at their limits ----------------------------------------------------------------------


def test_the_longest_names_are_kept_whole_and_the_log_has_their_beginning(admin):
    title, code = "J" * 300, "k" * 50
    spec = replace(small_spec(code), title=title)

    draft = create_draft(spec=spec, by=admin, at=NOW)
    delete_draft(instrument=draft, by=admin, at=NOW)

    assert list(LogEntry.objects.order_by("pk").values_list("object_repr", "change_message")) == [
        ("J" * 200, "rancangan dibuat"),
        ("J" * 200, "rancangan dihapus"),
    ]


def test_a_clone_of_a_clone_goes_on_telling_until_its_origin_is_too_long_to_publish(admin):
    """The sentence of the origin is added below what was there, and never cut."""
    origin = make_instrument(replace(small_spec(), provenance="p" * 4990))
    clone = clone_instrument(instrument=origin, code="salinan", title="S", by=admin, at=NOW)
    mark = checksum(spec_of(origin))[:12]

    assert spec_of(clone).provenance == (
        "p" * 4990 + f"\n\nDisalin dari “kecil-2026” (kode keaslian {mark})."
    )
    seen = checksum(spec_of(clone))
    assert refusal(publish_draft, instrument=clone, seen=seen, by=admin, at=NOW) == unsound(
        1, "instrument.provenance", "Paling panjang 5000 karakter."
    )
