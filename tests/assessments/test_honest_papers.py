"""The table of honest papers: producer × kind × outcome, made by the tests themselves."""

import gc
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.validators import inspect_file
from tests.assessments import corpus
from tests.assessments.honest import REFUSED, papers

LIMIT = 100 * 1024 * 1024
PAPERS = papers()
CORPUS = [
    *((paper.name, paper.content) for paper in PAPERS),
    *((name, content) for name, content, _code in REFUSED.values()),
    *((name, found[0]) for name, found in corpus.FOUND.items()),
    *((name, content) for name, (content, _code) in corpus.HOSTILE.items()),
]


def inspected(name, content):
    return inspect_file(SimpleUploadedFile(name, content), max_bytes=LIMIT)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: f"{paper.producer}: {paper.name}")
def test_an_honest_paper_is_taken_for_what_it_is(paper):
    facts = inspected(paper.name, paper.content)

    assert (facts.media_type, facts.findings) == (paper.media_type, paper.found)


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_taken_says_how_to_go_on(why):
    name, content, code = REFUSED[why]

    with pytest.raises(ValidationError) as refused:
        inspected(name, content)

    [sentence] = refused.value.messages
    assert refused.value.code == code
    assert f"“{name}”" in sentence
    assert "unggah" in sentence


def test_of_a_hundred_honest_papers_at_least_ninety_five_are_taken():
    assert len(PAPERS) >= 100
    assert len(PAPERS) / (len(PAPERS) + len(REFUSED)) >= 0.95


def resident():
    """What this process holds in memory just now, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4_096


def test_the_gate_holds_no_more_memory_after_the_whole_corpus_than_before():
    def whole():
        for name, content in CORPUS:
            try:
                inspected(name, content)
            except ValidationError:
                continue
        gc.collect()

    whole()
    whole()
    before = resident()
    for _time in range(3):
        whole()

    assert resident() - before < 8 * 1024 * 1024
