"""Two people at the end of the same thing at the same moment: one ends it, one is told."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry

from clusters import edits
from clusters.band_files import BandTableSpec
from clusters.library import checksum
from clusters.models import BandTable, Instrument, Mapping, QuestionMatch
from clusters.services import spec_of
from clusters.services.band_tables import (
    create_band_table,
    delete_band_table,
    edit_band_table,
    table_spec,
)
from clusters.services.drafting import edit_draft
from clusters.services.life import (
    clone_instrument,
    create_draft,
    delete_draft,
    publish_draft,
    retire_instrument,
)
from clusters.services.mappings import confirm_all_same, delete_mapping
from clusters.spec import BandSpec
from tests.at_once import done_at_once
from tests.clusters.situations import mapping_of_two
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT as NOW
from tests.factories.clusters import make_instrument, small_spec

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = BandTableSpec("h-1", "Harian", "1", "Hal. 3", (BandSpec("A", Decimal(1), Decimal(2)),))


@pytest.fixture
def admin(transactional_db):
    return SiteAdminFactory()


@pytest.fixture
def draft(admin):
    return create_draft(spec=small_spec("baru-2027"), by=admin, at=NOW)


def lines():
    return sorted(LogEntry.objects.values_list("change_message", flat=True))


def test_of_two_who_delete_a_draft_and_one_who_publishes_it_one_succeeds(draft, admin):
    given = {"instrument": draft, "by": admin, "at": NOW}
    seen = checksum(spec_of(draft))

    told = done_at_once(
        lambda: delete_draft(**given),
        lambda: delete_draft(**given),
        lambda: publish_draft(seen=seen, **given),
    )

    assert told.count("done") == 1
    if told[2] == "done":
        assert told[:2] == ["not_draft", "not_draft"]
        assert Instrument.objects.get().checksum == seen
    else:
        assert sorted(told) == ["done", "gone", "gone"]
        assert not Instrument.objects.exists()


def test_an_instrument_is_retired_once(draft, admin):
    given = {"by": admin, "at": NOW}
    publish_draft(instrument=draft, seen=checksum(spec_of(draft)), **given)

    told = done_at_once(*[lambda: retire_instrument(instrument=draft, **given)] * 3)

    assert sorted(told) == ["done", "not_published", "not_published"]
    assert lines().count("ditarik") == 1


def test_a_code_is_given_once(admin):
    origin = make_instrument()
    given = {"by": admin, "at": NOW}

    told = done_at_once(
        lambda: create_draft(spec=small_spec("baru-2027"), **given),
        lambda: clone_instrument(instrument=origin, code="baru-2027", title="S", **given),
        lambda: create_draft(spec=small_spec("baru-2027"), **given),
    )

    assert sorted(told) == ["done", "taken", "taken"]
    assert len(list(spec_of(Instrument.objects.get(code="baru-2027")).questions())) == 5


def test_a_question_is_not_added_below_an_indicator_that_goes_at_that_moment(draft, admin):
    spec = spec_of(draft)
    row = replace(next(spec.questions()), code="9.9")
    adding = edits.question_edit(row, indicator="2b", was="")
    removing = edits.removal(edits.LEVELS["indikator"], "2b")

    def deed(edit):
        seen = edits.fingerprint(edit.part, spec)
        return lambda: edit_draft(instrument=draft, edit=edit, seen=seen, by=admin, at=NOW)

    told = done_at_once(deed(adding), deed(removing))

    # Whoever is second finds either no indicator, or one with a question that was not shown.
    assert told in (["done", "stale"], ["row_gone", "done"])
    rows = [one.code for one in spec_of(draft).indicators()]
    assert rows == (["1", "2a", "2b"] if told[0] == "done" else ["1", "2a"])


def test_a_table_of_bands_is_deleted_once_and_not_changed_after(admin):
    table = create_band_table(spec=TABLE, by=admin, at=NOW)
    seen = edits.fingerprint_of(table_spec(BandTable.objects.get()))
    given = {"table": table, "by": admin, "at": NOW}

    told = done_at_once(
        lambda: delete_band_table(**given),
        lambda: delete_band_table(**given),
        lambda: edit_band_table(spec=replace(TABLE, source="Hal. 4"), seen=seen, **given),
    )

    assert sorted(told[:2]) == ["done", "gone"]
    assert told[2] in {"done", "gone"}
    assert not BandTable.objects.exists()
    assert lines().count("tabel predikat dihapus") == 1


def test_a_mapping_is_deleted_once_and_confirms_nothing_after(admin):
    mapping = mapping_of_two()
    given = {"mapping_id": mapping.pk, "by": admin, "at": NOW}

    told = done_at_once(
        lambda: delete_mapping(**given),
        lambda: delete_mapping(**given),
        lambda: confirm_all_same(**given),
    )

    if Mapping.objects.exists():  # it was confirmed first
        assert told == ["confirmed", "confirmed", "done"]
        assert QuestionMatch.objects.exclude(confirmed_at=None).count() == 1
    else:
        assert (sorted(told[:2]), told[2]) == (["done", "gone"], "gone")
        assert not QuestionMatch.objects.exists()
