"""Several people at one draft at the same moment, each in a thread with a connection of their own."""

from dataclasses import replace

import pytest

from clusters import edits
from clusters.choices import InstrumentStatus
from clusters.library import checksum
from clusters.models import Instrument
from clusters.services import spec_of
from clusters.services.drafting import edit_draft
from clusters.services.life import create_draft, publish_draft
from tests.at_once import done_at_once
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT as NOW
from tests.factories.clusters import small_spec

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


@pytest.fixture
def admin(transactional_db):
    return SiteAdminFactory()


@pytest.fixture
def draft(admin):
    return create_draft(spec=small_spec("baru-2027"), by=admin, at=NOW)


def rewording(draft, question, text, by):
    """What sends the form of a question with another text, as it was shown just now."""
    spec = spec_of(draft)
    home = next(row.code for row in spec.indicators() if question in row.questions)
    edit = edits.question_edit(replace(question, text=text), indicator=home, was=question.code)
    seen = edits.fingerprint(edit.part, spec)
    return lambda: edit_draft(instrument=draft, edit=edit, seen=seen, by=by, at=NOW)


def test_five_people_at_five_questions_all_get_their_words_in(draft, admin):
    questions = list(spec_of(draft).questions())

    told = done_at_once(*(rewording(draft, one, f"Baru {one.code}", admin) for one in questions))

    assert told == ["done"] * 5
    assert [one.text for one in spec_of(draft).questions()] == [
        f"Baru {one.code}" for one in questions
    ]


def test_of_two_people_at_one_question_exactly_one_gets_their_words_in(draft, admin):
    for number in range(ROUNDS):
        question = next(spec_of(draft).questions())
        texts = [f"Pertama {number}", f"Kedua {number}"]

        told = done_at_once(*(rewording(draft, question, text, admin) for text in texts))

        assert sorted(told) == ["done", "stale"]
        assert next(spec_of(draft).questions()).text == texts[told.index("done")]


def test_what_is_published_is_what_was_looked_at(draft, admin):
    """An edit comes before the publishing, which is then refused, or it comes too late."""
    seen = checksum(spec_of(draft))
    question = next(spec_of(draft).questions())

    told = done_at_once(
        lambda: publish_draft(instrument=draft, seen=seen, by=admin, at=NOW),
        rewording(draft, question, "Lain", admin),
    )

    instrument = Instrument.objects.get()
    if told == ["done", "not_draft"]:
        assert instrument.checksum == seen == checksum(spec_of(instrument))
    else:
        assert told == ["stale", "done"]
        assert instrument.status == InstrumentStatus.DRAFT
