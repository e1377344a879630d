"""Files are confirmed while others work: each is applied as it was shown, or not at all."""

from dataclasses import replace

import pytest

from clusters.models import Instrument, InstrumentImport
from clusters.services import spec_of
from clusters.services.importing import apply_import, prepare_import, preview_import
from clusters.services.life import create_draft
from clusters.sheets import Reading
from clusters.writing import mark_of
from tests.assessments.situations import NOW
from tests.at_once import at_once
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import small_spec

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


@pytest.fixture
def maker(transactional_db):
    return SiteAdminFactory()


def confirmation(spec, *, before, by):
    """The click on a preview that shows how `before` becomes `spec`."""
    reading = Reading(spec, mark_of(before))
    pending = prepare_import(reading=reading, file_name="kecil.xlsx", by=by, at=NOW)
    seen = preview_import(pending).seen

    def click():
        apply_import(pending=pending, seen=seen, overwrite=False, by=by, at=NOW)

    return click


def test_a_file_confirmed_twice_at_once_is_applied_once(maker):
    before = small_spec()
    create_draft(spec=before, by=maker, at=NOW)
    for number in range(ROUNDS):
        after = replace(before, title=f"Judul {number}")
        click = confirmation(after, before=before, by=maker)

        assert sorted(map(str, at_once(click, click))) == ["None", "gone"]
        assert spec_of(Instrument.objects.get()) == after
        before = after

    assert not InstrumentImport.objects.exists()


def test_of_two_files_confirmed_at_once_the_second_has_to_be_looked_at_again(maker):
    before = small_spec()
    create_draft(spec=before, by=maker, at=NOW)
    for number in range(ROUNDS):
        titled = replace(before, title=f"Judul {number}")
        noted = replace(before, bands_note=f"Catatan {number}")
        clicks = [confirmation(spec, before=before, by=maker) for spec in (titled, noted)]

        assert sorted(map(str, at_once(*clicks))) == ["None", "moved"]
        before = spec_of(Instrument.objects.get())
        assert before in (titled, noted)


def test_two_files_that_make_the_same_draft_at_once_make_one(maker):
    specs = [replace(small_spec(), title=title) for title in ("Satu", "Dua")]
    clicks = [confirmation(spec, before=spec, by=maker) for spec in specs]

    outcomes = sorted(map(str, at_once(*clicks)))

    assert spec_of(Instrument.objects.get()) in specs
    assert outcomes[0] == "None"
    assert outcomes[1] in ("moved", "taken")
