"""The life of an instrument, and that only a draft is ever changed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError

from clusters import edits
from clusters.choices import InstrumentStatus
from clusters.editing import find
from clusters.library import checksum, packaged
from clusters.models import Instrument, Question
from clusters.services import load_instrument, spec_of
from clusters.services.drafting import edit_draft
from clusters.services.life import (
    RESERVED_CODES,
    clone_instrument,
    create_draft,
    delete_draft,
    publish_draft,
    retire_instrument,
    start_correction,
)
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec

pytestmark = pytest.mark.django_db

NOW = PUBLISHED_AT + timedelta(days=30)


@pytest.fixture
def admin():
    return SiteAdminFactory(name="Rina")


@pytest.fixture
def draft(admin):
    return create_draft(spec=small_spec(code="baru-2027"), by=admin, at=NOW)


def refusal(deed, **arguments):
    with pytest.raises(ValidationError) as caught:
        deed(**arguments, at=NOW)
    return caught.value.code


def log():
    return list(
        LogEntry.objects.order_by("pk").values_list("user__name", "object_repr", "change_message")
    )


# --- Beginning ----------------------------------------------------------------------------------


def test_a_draft_says_what_it_was_made_of_and_nobody_can_use_it_yet(draft):
    assert spec_of(draft) == small_spec(code="baru-2027")
    assert (draft.status, draft.published_at, draft.checksum) == ("draft", None, "")
    assert list(Instrument.objects.published()) == []
    assert log() == [("Rina", "Instrumen kecil", "rancangan dibuat")]


def test_a_draft_may_be_empty(admin):
    empty = replace(small_spec("kosong"), clusters=(), bands=(), stages=(), agencies=())

    assert spec_of(create_draft(spec=empty, by=admin, at=NOW)) == empty


@pytest.mark.parametrize("code", sorted(RESERVED_CODES))
def test_the_address_of_another_page_is_no_code(admin, code):
    assert refusal(create_draft, spec=small_spec(code), by=admin) == "reserved"


@pytest.mark.parametrize("deed", [clone_instrument, start_correction])
def test_a_code_that_is_taken_begins_nothing(admin, deed):
    instrument = make_instrument()
    words = {"title": "x"} if deed is clone_instrument else {"correction_note": "x"}

    code = refusal(deed, instrument=instrument, code=instrument.code, by=admin, **words)

    assert code == "taken"
    assert Instrument.objects.count() == 1


def test_a_clone_has_the_same_content_and_says_where_it_is_from(admin):
    origin = make_instrument(packaged("kla-2023"))

    clone = clone_instrument(
        instrument=origin, code="kla-2027", title="Instrumen 2027", by=admin, at=NOW
    )

    cloned, source = spec_of(clone), spec_of(origin)
    assert clone.is_draft
    assert cloned == replace(
        source, code="kla-2027", title="Instrumen 2027", provenance=cloned.provenance
    )
    assert cloned.provenance == (
        f"{source.provenance}\n\nDisalin dari “kla-2023” (kode keaslian {origin.checksum[:12]})."
    )
    assert checksum(spec_of(origin)) == origin.checksum


def test_a_correction_names_what_it_corrects_and_why(admin):
    origin = make_instrument()

    draft = start_correction(
        instrument=origin, code="kecil-2026-2", correction_note="Salah cetak.", by=admin, at=NOW
    )

    assert (draft.corrects, draft.correction_note, draft.title) == (
        origin,
        "Salah cetak.",
        origin.title,
    )
    assert spec_of(draft).clusters == spec_of(origin).clusters


def test_a_draft_is_not_corrected_but_changed(admin, draft):
    code = refusal(start_correction, instrument=draft, code="lain", correction_note="x", by=admin)

    assert code == "draft"


def test_a_clone_of_a_correction_corrects_nothing(admin):
    correction = start_correction(
        instrument=make_instrument(), code="dua", correction_note="Salah.", by=admin, at=NOW
    )

    clone = clone_instrument(instrument=correction, code="tiga", title="T", by=admin, at=NOW)

    assert (clone.corrects, clone.correction_note) == (None, "")


def test_loading_a_file_never_overwrites_a_draft(admin, draft):
    assert refusal(load_instrument, spec=small_spec("baru-2027")) == "draft"
    assert Instrument.objects.get().is_draft


# --- Changing -----------------------------------------------------------------------------------


def question_edit(spec, code="1.1", **fields):
    changed = replace(find(spec.questions(), code), **fields)
    return edits.question_edit(changed, indicator="1", was=code)


def test_an_edit_changes_its_part_and_leaves_a_line(admin, draft):
    spec = spec_of(draft)
    edit = question_edit(spec, text="Ada Perda?", max_points=Decimal("29.5"))

    edit_draft(
        instrument=draft, edit=edit, seen=edits.fingerprint(edit.part, spec), by=admin, at=NOW
    )

    assert spec_of(draft) == edit.change(spec)
    assert find(spec_of(draft).questions(), "1.1").text == "Ada Perda?"
    assert log()[-1] == ("Rina", "Instrumen kecil", "pertanyaan 1.1 disimpan")


def test_positions_count_through_the_whole_instrument_after_an_edit(admin, draft):
    edit = edits.move(edits.LEVELS["klaster"], "klaster-1", -1)

    edit_draft(instrument=draft, edit=edit, seen=None, by=admin, at=NOW)

    assert list(Question.objects.order_by("position").values_list("position", "code")) == [
        (0, "2a.1"),
        (1, "2a.2"),
        (2, "2b.1"),
        (3, "1.1"),
        (4, "1.2"),
    ]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(admin, draft):
    spec = spec_of(draft)
    mine, theirs = question_edit(spec, text="Saya"), question_edit(spec, text="Dia")
    seen = edits.fingerprint(mine.part, spec)
    edit_draft(instrument=draft, edit=theirs, seen=seen, by=admin, at=NOW)

    code = refusal(edit_draft, instrument=draft, edit=mine, seen=seen, by=admin)

    assert code == "stale"
    assert find(spec_of(draft).questions(), "1.1").text == "Dia"


def test_two_people_can_change_two_questions(admin, draft):
    spec = spec_of(draft)
    for code in ("1.1", "1.2"):
        edit = question_edit(spec, code, text=f"Baru {code}")
        edit_draft(
            instrument=draft, edit=edit, seen=edits.fingerprint(edit.part, spec), by=admin, at=NOW
        )

    assert [q.text for q in spec_of(draft).questions()][:2] == ["Baru 1.1", "Baru 1.2"]


def test_a_question_that_somebody_deleted_is_not_changed(admin, draft):
    spec = spec_of(draft)
    mine = question_edit(spec, text="Saya")
    removal = edits.removal(edits.LEVELS["pertanyaan"], "1.1")
    seen = edits.fingerprint(removal.part, spec)
    edit_draft(instrument=draft, edit=removal, seen=seen, by=admin, at=NOW)

    arguments = {"instrument": draft, "edit": mine, "by": admin}
    assert refusal(edit_draft, **arguments, seen=edits.fingerprint(mine.part, spec)) == "stale"


def test_a_row_that_changed_below_is_not_removed_unseen(admin, draft):
    spec = spec_of(draft)
    removal = edits.removal(edits.LEVELS["klaster"], "kelembagaan")
    change = question_edit(spec, text="Baru")
    edit_draft(instrument=draft, edit=change, seen=None, by=admin, at=NOW)

    arguments = {"instrument": draft, "edit": removal, "by": admin}
    assert refusal(edit_draft, **arguments, seen=edits.fingerprint(removal.part, spec)) == "stale"
    assert len(spec_of(draft).clusters) == 2


def test_the_head_changes_without_the_tree(admin, draft):
    spec = spec_of(draft)
    edit = edits.head_edit({"code": "baru-2028", "title": "Lain"})

    edit_draft(
        instrument=draft, edit=edit, seen=edits.fingerprint(edit.part, spec), by=admin, at=NOW
    )

    assert spec_of(draft) == replace(spec, code="baru-2028", title="Lain")


def test_the_head_cannot_take_the_code_of_another(admin, draft):
    make_instrument()
    edit = edits.head_edit({"code": "kecil-2026"})

    assert refusal(edit_draft, instrument=draft, edit=edit, seen=None, by=admin) == "taken"
    assert spec_of(draft).code == "baru-2027"


# --- Publishing, retiring, deleting ---------------------------------------------------------------


def published(draft, admin):
    return publish_draft(instrument=draft, seen=checksum(spec_of(draft)), by=admin, at=NOW)


def test_publishing_freezes_the_content_with_its_checksum(admin, draft):
    instrument = published(draft, admin)

    assert (instrument.status, instrument.published_at) == (InstrumentStatus.PUBLISHED, NOW)
    assert instrument.checksum == checksum(small_spec("baru-2027")) == checksum(spec_of(instrument))
    assert list(Instrument.objects.published()) == [instrument]
    assert log()[-1][2] == f"terbit dengan kode keaslian {instrument.checksum}"


def without_label(spec):
    return replace(spec, clusters=(replace(spec.clusters[0], label=""), *spec.clusters[1:]))


@pytest.mark.parametrize(
    "spec",
    [replace(small_spec("salah"), stages=()), without_label(small_spec("salah"))],
    ids=["of the linter", "of a file"],
)
def test_an_instrument_with_an_error_is_not_published(admin, spec):
    draft = create_draft(spec=spec, by=admin, at=NOW)

    assert refusal(publish_draft, instrument=draft, seen=checksum(spec), by=admin) == "unsound"
    assert Instrument.objects.get().is_draft


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(admin, draft):
    seen = checksum(spec_of(draft))
    edit = question_edit(spec_of(draft), text="Baru")
    edit_draft(instrument=draft, edit=edit, seen=None, by=admin, at=NOW)

    assert refusal(publish_draft, instrument=draft, seen=seen, by=admin) == "stale"
    assert Instrument.objects.get().is_draft


def test_a_published_clone_of_the_real_instrument_leaves_the_original_alone(admin):
    origin = make_instrument(packaged("kla-2023"))
    clone = clone_instrument(instrument=origin, code="kla-2027", title="T", by=admin, at=NOW)

    published(clone, admin)

    origin.refresh_from_db()
    assert origin.checksum == checksum(packaged("kla-2023")) == checksum(spec_of(origin))


EDITS = {
    "head": edits.head_edit({"title": "Lain"}),
    "question": question_edit(small_spec(), text="Lain"),
    "new cluster": edits.cluster_edit(replace(small_spec().clusters[0], code="x"), was=""),
    "indicator": edits.indicator_edit(
        replace(next(small_spec().indicators()), name="Lain"), cluster="kelembagaan", was="1"
    ),
    "move": edits.move(edits.LEVELS["pertanyaan"], "1.1", 1),
    "removal": edits.removal(edits.LEVELS["klaster"], "klaster-1"),
    "agencies": edits.agencies_edit([(a.code, a) for a in reversed(small_spec().agencies)]),
    "kinds": edits.evidence_kinds_edit([(k.code, k) for k in small_spec().evidence_kinds]),
    "stages": edits.stages_edit([]),
    "bands": edits.bands_edit([]),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("is_retired", [False, True], ids=["published", "retired"])
def test_no_edit_changes_an_instrument_that_was_published(admin, edit, is_retired):
    instrument = make_instrument()
    if is_retired:
        retire_instrument(instrument=instrument, by=admin, at=NOW)

    code = refusal(edit_draft, instrument=instrument, edit=edit, seen=None, by=admin)

    assert code == "not_draft"
    assert spec_of(instrument) == small_spec()
    assert instrument.checksum == checksum(spec_of(instrument))


@pytest.mark.parametrize("deed", [publish_draft, delete_draft])
def test_a_published_instrument_is_neither_published_again_nor_deleted(admin, deed):
    instrument = make_instrument()
    seen = {"seen": instrument.checksum} if deed is publish_draft else {}

    assert refusal(deed, instrument=instrument, by=admin, **seen) == "not_draft"
    assert Instrument.objects.get().published_at == PUBLISHED_AT


def test_a_retired_instrument_keeps_all_and_takes_no_new_years(admin):
    instrument = make_instrument()

    retired = retire_instrument(instrument=instrument, by=admin, at=NOW)

    assert (retired.status, retired.retired_at) == (InstrumentStatus.RETIRED, NOW)
    assert checksum(spec_of(retired)) == retired.checksum
    assert list(Instrument.objects.published()) == []
    assert list(Instrument.objects.frozen()) == [retired]


def test_only_what_is_published_is_retired(admin, draft):
    assert refusal(retire_instrument, instrument=draft, by=admin) == "not_published"


def test_a_deleted_draft_leaves_a_line_and_nothing_else(admin, draft):
    delete_draft(instrument=draft, by=admin, at=NOW)

    assert (Instrument.objects.count(), Question.objects.count()) == (0, 0)
    assert log()[-1] == ("Rina", "Instrumen kecil", "rancangan dihapus")


def test_a_draft_that_somebody_deleted_is_not_brought_back(admin, draft):
    edit = question_edit(spec_of(draft), text="Lain")
    other = Instrument.objects.get()
    delete_draft(instrument=other, by=admin, at=NOW)

    assert refusal(edit_draft, instrument=draft, edit=edit, seen=None, by=admin) == "gone"
