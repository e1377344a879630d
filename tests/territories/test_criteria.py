"""When an answer counts, when it can be read in two ways, and what is odd in a set."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from clusters.library import packaged
from clusters.register_files import (
    SourcesError,
    packaged_sources,
    read_sources,
    source_faults,
    source_of,
)
from registers.checking import faults
from territories.choices import CriterionKind, CriterionLevel, Direction
from territories.criteria import (
    CriteriaError,
    Criterion,
    Said,
    criterion_at,
    meets,
    read_set,
    require_complete,
    set_for,
)
from territories.criteria_faults import set_faults

CERTIFICATES = Criterion(
    code="26.6",
    level=CriterionLevel.KELURAHAN,
    text="Akta",
    kind=CriterionKind.RATIO,
    evidence="Data",
    required=True,
    threshold=Decimal(90),
    direction=Direction.MORE_THAN,
)
FORUM = replace(
    CERTIFICATES, code="26.4", kind=CriterionKind.YES_NO, threshold=None, direction=None
)
MARRIAGES = replace(
    CERTIFICATES,
    code="26.7",
    kind=CriterionKind.BY_SEX,
    threshold=Decimal(0),
    direction=Direction.AT_MOST,
)
CASES = replace(MARRIAGES, code="26.8a", direction=Direction.MORE_THAN)
GROUPS = replace(
    CASES, kind=CriterionKind.COUNT, threshold=Decimal(3), direction=Direction.AT_LEAST
)


@pytest.mark.parametrize(
    ("criterion", "said", "counts"),
    [
        (FORUM, Said(yes=True), True),
        (FORUM, Said(yes=False), False),
        (CERTIFICATES, Said(part=90, whole=100), False),  # more than, not at least
        (CERTIFICATES, Said(part=901, whole=1000), True),
        (CERTIFICATES, Said(part=899, whole=1000), False),
        (MARRIAGES, Said(nil=True), True),
        (MARRIAGES, Said(boys=0, girls=1), False),
        (CASES, Said(nil=True), False),
        (CASES, Said(boys=1, girls=0), True),
        (GROUPS, Said(count=2), False),
        (GROUPS, Said(count=3), True),
        (replace(GROUPS, direction=Direction.LESS_THAN), Said(count=3), False),
        (replace(GROUPS, direction=Direction.LESS_THAN), Said(count=2), True),
    ],
)
def test_a_figure_counts_on_its_side_of_the_threshold(criterion, said, counts):
    require_complete(criterion, said)

    assert meets(criterion, said) == counts


@pytest.mark.parametrize(
    ("criterion", "said", "code"),
    [
        (FORUM, Said(), "incomplete"),
        (CERTIFICATES, Said(part=1), "incomplete"),
        (CERTIFICATES, Said(part=0, whole=0), "impossible"),
        (CERTIFICATES, Said(part=101, whole=100), "impossible"),
        (MARRIAGES, Said(boys=0, girls=0), "nil"),  # silence and zero are not the same
        (MARRIAGES, Said(boys=1, girls=0, nil=True), "nil"),
        (MARRIAGES, Said(boys=1), "incomplete"),
        (GROUPS, Said(), "incomplete"),
        (GROUPS, Said(count=-1), "impossible"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(criterion, said, code):
    with pytest.raises(ValidationError) as refusal:
        require_complete(criterion, said)

    assert refusal.value.code == code


def test_every_share_of_units_has_its_criterion_and_its_source():
    shares = [
        question
        for indicator in packaged("kla-2023").indicators()
        if indicator.number in (25, 26)
        for question in indicator.questions
        if question.answer_type == "percent"
    ]

    assert len(shares) == 33
    assert [one.code for one in set_for("kla-2023").criteria] == [one.code for one in shares]
    assert [source_of("kla-2023", one.code).key for one in shares] == [
        f"kla-2023/{one.code}" for one in shares
    ]
    assert criterion_at("kla-2023/26.6")[1] == replace(
        CERTIFICATES,
        text="Anak yang memiliki akta kelahiran dan seluruh anak",
        evidence="Data Dukcapil per 31 Desember",
    )


def test_a_matrix_is_filed_only_where_the_question_asks_for_what_it_is():
    assert source_of("kla-2023", "26.4").files_as == "matriks"
    assert source_of("kla-2023", "26.6").files_as == "data_2_tahun"
    assert source_of("kla-2023", "25.9").files_as == ""  # asks for a photo
    assert source_of("kla-2023", "26.18") is None
    assert source_of("kla-2011", "26.4") is None
    assert criterion_at("kla-2023/26.17") is None


def test_the_files_that_come_with_the_project_have_no_fault(capsys):
    assert faults() == []
    call_command("lint_registers")
    assert capsys.readouterr().out == "kla-2023: 61 sources\n"


def with_criterion(code, **fields):
    one = set_for("kla-2023")
    changed = tuple(replace(c, **fields) if c.code == code else c for c in one.criteria)
    return replace(one, criteria=changed)


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("26.6", {"threshold": None}),
        ("26.6", {"threshold": Decimal(101)}),
        ("26.6", {"threshold": Decimal(100)}),  # nobody has more than everybody
        ("26.9", {"threshold": Decimal(0)}),  # everybody has at least nobody
        ("26.4", {"threshold": Decimal(1), "direction": Direction.AT_LEAST}),
        ("26.7", {"direction": Direction.MORE_THAN}),  # reversed
        ("26.8a", {"direction": Direction.AT_MOST}),
    ],
)
def test_a_threshold_that_counts_wrongly_is_named(code, fields):
    found = set_faults(with_criterion(code, **fields), packaged("kla-2023"), [])

    assert {fault.place for fault in found} == {code}


def test_a_question_without_a_criterion_is_named():
    one = set_for("kla-2023")
    found = set_faults(
        replace(one, criteria=one.criteria[1:]), packaged("kla-2023"), ["25.2", "25.3"]
    )

    assert [fault.place for fault in found] == ["25.2"]


def test_a_source_that_does_not_fit_its_instrument_is_named():
    [spec] = packaged_sources()
    wrong = (
        replace(spec.sources[0], question="99.1"),
        replace(spec.sources[1], files_as="foto"),
    )

    found = source_faults(replace(spec, sources=wrong), packaged("kla-2023"))

    assert [fault.place for fault in found] == ["99.1", "25.3"]


SET = """schema: 1
set: {code: desa, version: "1", title: Desa, instrument: kla-2023}
criteria:
  - {code: a, level: kelurahan, text: Ada, kind: yes_no, evidence: SK, required: true}
"""


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("schema: 1", "schema: 2"),
        ("level: kelurahan", "level: provinsi"),
        ("kind: yes_no", "kind: maybe"),
        ("required: true", "required: 1"),
        ("text: Ada, ", ""),
        ("evidence: SK", "evidence: SK, threshold: -1"),
        ("criteria:", "criteria: ["),
    ],
)
def test_a_set_that_cannot_be_read_is_refused(was, now):
    assert [one.code for one in read_set(SET).criteria] == ["a"]

    with pytest.raises(CriteriaError):
        read_set(SET.replace(was, now))


@pytest.mark.parametrize(
    "text",
    [
        "schema: 2\ninstrument: kla-2023\nsources:\n- {question: '1', register: a, key: b}",
        "schema: 1\ninstrument: kla-2023\nsources:\n- {question: '1', register: A b, key: b}",
        (
            "schema: 1\ninstrument: kla-2023\nsources:\n"
            "- {question: '1', register: a, key: b}\n- {question: '1', register: a, key: c}"
        ),
        "schema: 1\ninstrument: [",
    ],
)
def test_sources_that_cannot_be_read_are_refused(text):
    with pytest.raises(SourcesError):
        read_sources(text)
