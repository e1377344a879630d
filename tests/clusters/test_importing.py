from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError

from clusters.choices import ImportConflict, RowChange
from clusters.comparing import Difference, FieldChange
from clusters.files import FileError, read_file
from clusters.library import checksum, packaged
from clusters.models import Instrument, InstrumentImport
from clusters.services import spec_of
from clusters.services.importing import apply_import, prepare_import, preview_import
from clusters.services.life import create_draft, publish_draft
from clusters.sheets import Reading, draw
from clusters.spec import BandSpec
from clusters.writing import mark_of, write
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec

pytestmark = pytest.mark.django_db

NOW = PUBLISHED_AT + timedelta(days=30)
CHANGED = replace(small_spec(), title="Instrumen kecil, diperbaiki")


@pytest.fixture
def maker():
    return SiteAdminFactory()


def drafted(maker, spec=None):
    return create_draft(spec=spec or small_spec(), by=maker, at=NOW)


def prepared(maker, spec=CHANGED, exported=None, at=NOW):
    """A file with that content, exported from the small instrument unless told otherwise."""
    mark = mark_of(small_spec()) if exported is None else exported
    reading = Reading(spec, mark)
    return prepare_import(reading=reading, file_name="kecil.xlsx", by=maker, at=at)


def applied(maker, pending, *, seen=None, overwrite=False):
    seen = preview_import(pending).seen if seen is None else seen
    return apply_import(pending=pending, seen=seen, overwrite=overwrite, by=maker, at=NOW)


def refused(code, deed, *arguments, **options):
    before = {one.code: spec_of(one) for one in Instrument.objects.all()}
    with pytest.raises(ValidationError) as caught:
        deed(*arguments, **options)
    assert caught.value.code == code
    assert {one.code: spec_of(one) for one in Instrument.objects.all()} == before
    return caught.value.messages


# --- Files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", [lambda spec: write(spec).encode(), draw])
def test_either_kind_of_file_says_the_same_and_from_what_it_was_made(written):
    reading = read_file(written(packaged("kla-2023")), "apa saja")

    assert reading == Reading(packaged("kla-2023"), mark_of(packaged("kla-2023")))


def test_a_file_by_hand_tells_nothing_of_where_it_is_from():
    text = "\n".join(
        line for line in write(small_spec()).splitlines() if not line.startswith("exported")
    )

    assert read_file(text.encode(), "x.yaml") == Reading(small_spec(), "")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "baris 1: Berkas kosong."),
        (b"\xff\xfe\x00", "Berkas ini bukan YAML dalam UTF-8 dan bukan XLSX."),
        (b"#" * 1_000_001, "Berkas terlalu besar untuk sebuah instrumen."),
        (b"[]", "berkas: Harus berupa pasangan kunci dan isi."),
    ],
)
def test_a_file_that_is_no_instrument_is_refused(content, fault):
    with pytest.raises(FileError) as caught:
        read_file(content, "x")

    assert caught.value.faults[0] == fault


# --- Preparing ----------------------------------------------------------------------------------


def test_a_prepared_import_changes_nothing_and_tells_what_it_would_change(maker):
    draft = drafted(maker)

    preview = preview_import(prepared(maker))

    assert spec_of(draft) == small_spec()
    assert (preview.draft, preview.conflict, preview.spec) == (draft, None, CHANGED)
    assert preview.differences == [
        Difference(
            RowChange.CHANGED,
            "instrumen",
            (FieldChange("judul", "Instrumen kecil", "Instrumen kecil, diperbaiki"),),
        )
    ]


def test_an_import_under_a_free_code_would_make_a_new_draft(maker):
    preview = preview_import(prepared(maker, replace(small_spec(), code="baru")))

    assert (preview.draft, preview.seen, preview.differences, preview.conflict) == (
        None,
        "",
        [],
        None,
    )


@pytest.mark.parametrize("is_retired", [False, True])
def test_a_published_code_takes_no_import_and_advises_another_code(maker, is_retired):
    published = make_instrument()
    if is_retired:
        Instrument.objects.update(status="retired", retired_at=NOW)

    sentences = refused("published", prepared, maker)

    assert sentences == [
        (
            "Instrumen “kecil-2026” sudah terbit dan tidak pernah diubah. "
            "Tulis kode lain di dalam berkas, lalu unggah kembali sebagai rancangan baru."
        )
    ]
    assert InstrumentImport.objects.count() == 0
    assert checksum(spec_of(published)) == published.checksum


def test_what_is_published_already_needs_no_import(maker):
    make_instrument()

    refused("unchanged", prepared, maker, small_spec())


def test_a_correction_needs_what_it_corrects(maker):
    refused("corrected_missing", prepared, maker, replace(small_spec(), corrects="kla-1999"))


def test_an_address_of_another_page_is_no_code(maker):
    refused("reserved", prepared, maker, replace(small_spec(), code="impor"))


def test_imports_that_nobody_decided_on_go_after_a_day(maker):
    prepared(maker, at=NOW - timedelta(days=1, seconds=1))
    kept = prepared(maker, at=NOW - timedelta(days=1))

    newest = prepared(maker)

    assert set(InstrumentImport.objects.all()) == {kept, newest}


# --- Applying -----------------------------------------------------------------------------------


def test_applying_does_what_the_preview_showed_and_leaves_a_line(maker):
    draft = drafted(maker)
    pending = prepared(maker)

    result = applied(maker, pending)

    assert (result.pk, spec_of(result)) == (draft.pk, CHANGED)
    assert InstrumentImport.objects.count() == 0
    entry = LogEntry.objects.order_by("pk").last()
    assert (entry.user_id, entry.change_message) == (maker.pk, "diimpor dari “kecil.xlsx”")


def test_a_free_code_becomes_a_draft_that_need_not_be_complete(maker):
    bands = (
        BandSpec("Pratama", Decimal(0), Decimal(60)),
        BandSpec("Madya", Decimal(50), Decimal(99)),
    )
    unfinished = replace(small_spec(), code="baru", bands=bands)

    draft = applied(maker, prepared(maker, unfinished))

    assert draft.is_draft
    assert spec_of(draft) == unfinished


def test_from_database_through_the_files_to_database_nothing_changes(maker):
    draft = drafted(maker, packaged("kla-2023"))
    for written in (draw, lambda spec: write(spec).encode()):
        reading = read_file(written(spec_of(draft)), "kla-2023")
        pending = prepare_import(reading=reading, file_name="kla-2023", by=maker, at=NOW)
        assert preview_import(pending).differences == []
        applied(maker, pending)

    assert checksum(spec_of(draft)) == checksum(packaged("kla-2023"))


def test_a_draft_that_moved_since_the_preview_is_left_alone(maker):
    drafted(maker)
    pending = prepared(maker)
    seen = preview_import(pending).seen
    Instrument.objects.update(provenance="Ditulis orang lain.")

    refused("moved", applied, maker, pending, seen=seen)
    assert InstrumentImport.objects.get() == pending


def test_a_draft_made_since_the_preview_of_a_new_one_is_left_alone(maker):
    pending = prepared(maker)
    drafted(maker)

    refused("moved", applied, maker, pending, seen="")


def test_a_draft_published_since_the_preview_is_left_alone(maker):
    draft = drafted(maker)
    pending = prepared(maker)
    seen = preview_import(pending).seen
    publish_draft(instrument=draft, seen=checksum(spec_of(draft)), by=maker, at=NOW)

    refused("published", applied, maker, pending, seen=seen)


@pytest.mark.parametrize(
    ("exported", "conflict"),
    [("0" * 64, ImportConflict.CHANGED), ("", ImportConflict.UNKNOWN)],
)
def test_what_may_undo_work_on_the_site_asks_for_consent(maker, exported, conflict):
    draft = drafted(maker)
    pending = prepared(maker, exported=exported)

    assert preview_import(pending).conflict == conflict
    refused("conflict", applied, maker, pending)
    assert spec_of(applied(maker, pending, overwrite=True)) == CHANGED
    assert Instrument.objects.get() == draft


def test_a_file_that_changes_nothing_is_no_conflict(maker):
    drafted(maker)

    assert preview_import(prepared(maker, small_spec(), exported="")).conflict is None


def test_a_file_of_another_instrument_may_go_on_where_it_became_a_draft(maker):
    drafted(maker)  # the content of the file, under a code of its own
    later = replace(CHANGED, provenance="Dari berkas.")
    pending = prepared(maker, later, exported=mark_of(small_spec(code="asal")))

    assert preview_import(pending).conflict is None


def test_an_import_is_applied_once(maker):
    drafted(maker)
    pending = prepared(maker)
    seen = preview_import(pending).seen
    applied(maker, pending)

    refused("gone", apply_import, pending=pending, seen=seen, overwrite=True, by=maker, at=NOW)


def test_an_import_that_breaks_off_leaves_everything(maker, monkeypatch):
    drafted(maker)
    pending = prepared(maker)

    def broken(*_arguments):
        raise RuntimeError("no more disk")

    monkeypatch.setattr("clusters.services.loading.store_tree", broken)
    with pytest.raises(RuntimeError):
        applied(maker, pending)

    assert spec_of(Instrument.objects.get()) == small_spec()
    assert InstrumentImport.objects.get() == pending


def test_imports_and_exports_leave_every_published_checksum_alone(maker):
    published = [make_instrument(packaged(code)) for code in ("kla-2011", "kla-2023")]
    sums = [one.checksum for one in published]

    applied(maker, prepared(maker, replace(packaged("kla-2023"), code="kla-2027")))
    refused("published", prepared, maker, replace(packaged("kla-2011"), title="Lain"))

    assert [checksum(spec_of(one)) for one in published] == sums
