"""A page reads and sends as much with hundreds of documents at a question as with dozens; every
page goes out compressed, and small. Counted in rows and bytes, never in time."""

import contextlib
from collections.abc import Iterator

import pytest
from django.db.models.sql import compiler
from django.test import Client

from assessments.models import Answer
from assessments.queries import documents
from assessments.views import question_rest
from tests.assessments.test_query_counts import PAGES, Crowd, looked_at, queries_of
from tests.factories.assessments import EvidenceFactory

pytestmark = pytest.mark.django_db

MOST_WIRE = 20 * 1024  # bytes
SLACK = 1.1  # dates and numbers of documents are longer or shorter
STATES = ({}, {"returned": True}, {"accepted": True})
# Files that list every document, or every reason for one; the review goes through the whole queue.
LISTS_ALL = {
    "assessments:evidence_review",
    "assessments:report_pdf",
    "assessments:report_xlsx",
    "assessments:worksheet_download",
}
OF_DOCUMENTS = sorted(PAGES.keys() - LISTS_ALL)


@contextlib.contextmanager
def rows_counted(monkeypatch) -> Iterator[list[int]]:
    """How many rows each query hands to Django, in pieces."""
    read: list[int] = []
    ask = compiler.cursor_iter

    def counting(*args, **kwargs):
        for piece in ask(*args, **kwargs):
            read.append(len(piece))
            yield piece

    with monkeypatch.context() as patch:
        patch.setattr(compiler, "cursor_iter", counting)
        yield read


def cost(crowd, name, monkeypatch):
    """Rows read and bytes of a page, for who opens it."""
    client = Client()
    client.force_login(crowd.opener(PAGES[name][0]))
    url = crowd.address(name)
    looked_at(client, url)  # content types and the like are looked up once a process
    with rows_counted(monkeypatch) as read:
        response = looked_at(client, url)
    assert response.status_code == 200
    return sum(read), 0 if response.streaming else len(response.content)


def add_documents(crowd, count):
    """As many waiting, returned and accepted at the first question."""
    answer = Answer.objects.filter(assessment=crowd.assessment).in_order().first()
    for state in STATES:
        EvidenceFactory.create_batch(count, answer=answer, document__opd=crowd.opds[0], **state)


def grown(names, crowd, monkeypatch):
    """The pages that read more rows, or send more bytes, with 90 documents of a state than with 30."""
    add_documents(crowd, 30)
    few = {name: cost(crowd, name, monkeypatch) for name in names}
    add_documents(crowd, 60)
    many = {name: cost(crowd, name, monkeypatch) for name in names}
    return {
        name
        for name in names
        if many[name][0] > few[name][0] or many[name][1] > SLACK * few[name][1]
    }


@pytest.fixture
def crowd(db):
    return Crowd(1)


def test_no_page_reads_or_sends_more_with_more_documents_at_a_question(crowd, monkeypatch):
    assert grown(OF_DOCUMENTS, crowd, monkeypatch) == set()


def test_a_page_that_shows_all_documents_is_found_to_grow(crowd, monkeypatch):
    monkeypatch.setattr(documents, "SHOWN_DOCUMENTS", 1000)
    names = ["assessments:question_detail", "assessments:question_history"]

    assert grown(names, crowd, monkeypatch) == {"assessments:question_detail"}


def sent(crowd, names):
    """Encoding and bytes on the wire of each page that is one, and no file."""
    found = {}
    for name in names:
        client = Client(headers={"Accept-Encoding": "gzip"})
        client.force_login(crowd.opener(PAGES[name][0]))
        response = looked_at(client, crowd.address(name))
        if response["Content-Type"].startswith("text/html"):
            found[name] = response.get("Content-Encoding"), len(response.content)
    return found


def faults_of(sent_pages):
    return {
        name: (packed, size)
        for name, (packed, size) in sent_pages.items()
        if packed != "gzip" or size > MOST_WIRE
    }


def test_every_page_goes_out_compressed_and_within_20_kilobytes():
    assert faults_of(sent(Crowd(5), PAGES)) == {}


def test_a_site_that_does_not_compress_is_found(crowd, settings):
    packing = "kla.middleware.CompressedPages"
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != packing]

    assert faults_of(sent(crowd, ["assessments:nation"])).keys() == {"assessments:nation"}


def test_a_query_for_each_row_is_found(monkeypatch):
    """The deeds of a question without who did them: the template asks for each."""
    name = "assessments:question_history"
    deeds = question_rest.deeds_of
    monkeypatch.setattr(question_rest, "deeds_of", lambda *args: deeds(*args).select_related(None))
    counts = []
    for crowd in (Crowd(1), Crowd(6)):
        role, _most = PAGES[name]
        counts.append(len(queries_of(crowd.opener(role), crowd.address(name))))

    assert counts[1] > counts[0]
    assert counts[1] > PAGES[name][1]
