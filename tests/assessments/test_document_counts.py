"""The kept counts of documents: whatever is done, they are what somebody counts by hand."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import scanner
from assessments.choices import DocumentState, ScanState, Verdict
from assessments.models import Answer, DocumentCount, Evidence, SupportingDocument
from assessments.queries.indicator import DocumentsInOrder, indicator_dashboard
from assessments.queries.review_backlog import waiting
from assessments.services.documents import DocumentFacts, withdraw_evidence
from assessments.services.offers import offer_document
from assessments.services.review import accept_evidence, return_evidence, undo_verdict
from assessments.services.revisions import revise_document
from assessments.services.scanning import scan_document
from assessments.services.scores import Difference, refresh_all
from clusters.models import EvidenceKind
from tests.assessments.situations import (
    NOW,
    checked,
    everything,
    hand_in,
    later,
    secretary_of,
    staff_of,
    working_year,
)
from tests.at_once import done_at_once
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import CityFactory
from tests.factories.clusters import generous_spec


def asking_year(**fields):
    return working_year(spec=generous_spec(("perda", "foto")), **fields)


@pytest.fixture
def year(db):
    return asking_year(year=2026)


def by_hand():
    """Every document in force on its own, told apart as people would tell it."""
    counts = Counter()
    for one in Evidence.objects.filter(superseded_by=None).select_related("document"):
        if one.verdict == Verdict.WAITING and one.document.is_infected:
            state = DocumentState.REFUSED
        elif one.verdict == Verdict.WAITING and one.document.is_quarantined:
            state = DocumentState.UNSCANNED
        else:
            state = DocumentState(one.verdict)
        hour = f"{one.offered_at:%Y-%m-%d %H}" if state == DocumentState.WAITING else None
        counts[one.answer_id, one.kind_id, one.opd_id, state, hour] += 1
    return counts


def kept():
    counts = Counter()
    for row in DocumentCount.objects.all():
        hour = row.waiting_since and f"{row.waiting_since:%Y-%m-%d %H}"
        key = row.answer_id, row.kind_id, row.opd_id, DocumentState(row.state), hour
        assert key not in counts, "two rows of one kind"
        counts[key] = row.number
    return counts


def numbers(answer=None):
    """By state, for the answer or altogether."""
    rows = DocumentCount.objects.filter(answer=answer) if answer else DocumentCount.objects.all()
    counts = Counter()
    for state, number in rows.values_list("state", "number"):
        counts[state] += number
    return dict(counts)


# --- Any sequence of deeds --------------------------------------------------------------------

CODES = ("1.1", "1.2", "2a.2")
persons = st.integers(0, 2)
codes = st.sampled_from(CODES)
anything = st.integers(0, 30)  # which of the documents there are, counted round
deeds = st.one_of(
    st.tuples(st.just("upload"), persons, codes, anything),
    st.tuples(st.just("upload"), persons, codes, anything),
    st.tuples(st.just("accept"), persons, anything, st.none()),
    st.tuples(st.just("return"), persons, anything, st.none()),
    st.tuples(st.just("undo"), persons, anything, st.none()),
    st.tuples(st.just("withdraw"), persons, anything, st.none()),
    st.tuples(st.just("revise"), persons, anything, anything),
    st.tuples(st.just("offer"), persons, anything, codes),
    st.tuples(st.just("scan"), persons, anything, st.sampled_from(["", "Eicar-Signature"])),
)


class Player:
    """Does the deeds of a drawn sequence, each an hour after the one before."""

    def __init__(self, year, users, found):
        self.year, self.users, self.found, self.at = year, users, found, NOW

    def play(self, deed, person, about, how):
        self.at += timedelta(hours=1)
        getattr(self, f"_{deed}")(about, how, self.users[person])

    def _any(self, number):
        offers = list(Evidence.objects.order_by("pk").select_related("document"))
        if not offers:
            raise ValidationError("nothing yet")
        return offers[number % len(offers)]

    def _upload(self, code, number, by):
        answer = answer_of(self.year, code)
        kinds = list(answer.question.evidence_kinds.all())
        file = checked(f"isi {number % 6}".encode())
        hand_in(answer, by=by, at=self.at, files=[file], kind=kinds[number % len(kinds)])

    def _accept(self, number, _how, by):
        pk = self._any(number).pk
        accept_evidence(evidence_id=pk, granted_points=Decimal(1), by=by, at=self.at)

    def _return(self, number, _how, by):
        return_evidence(evidence_id=self._any(number).pk, reason="Buram", by=by, at=self.at)

    def _undo(self, number, _how, by):
        undo_verdict(evidence_id=self._any(number).pk, by=by, at=self.at)

    def _withdraw(self, number, _how, by):
        withdraw_evidence(evidence_id=self._any(number).pk, by=by, at=self.at)

    def _revise(self, number, content, by):
        revise_document(
            evidence_id=self._any(number).pk,
            file=checked(f"perbaikan {content}".encode()),
            said=DocumentFacts(),
            changes="Ditandatangani",
            by=by,
            at=self.at,
        )

    def _offer(self, number, code, by):
        answer = answer_of(self.year, code)
        offer_document(
            answer_id=answer.pk,
            document_id=self._any(number).document_id,
            kind=answer.question.evidence_kinds.first(),
            opd=None,
            by=by,
            at=self.at,
        )

    def _scan(self, number, finding, _by):
        self.found["finding"] = finding
        scan_document(self._any(number).document_id, at=self.at)


@pytest.fixture
def played(db, monkeypatch, settings):
    """A year, two of the secretariat and one of an OPD, with a scanner that says as it is told."""
    year, found = asking_year(), {"finding": ""}
    settings.CLAMAV_SOCKET = "/tidak-ada.ctl"
    monkeypatch.setattr(scanner, "scan", lambda file: (file.read(), found["finding"])[1])
    users = [secretary_of(year), secretary_of(year), staff_of(year, "DISDIK").user]
    return year, users, found


@given(sequence=st.lists(deeds, min_size=8, max_size=30))
@settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_any_sequence_of_deeds_the_counts_are_what_somebody_counts_by_hand(played, sequence):
    year, users, found = played
    point = transaction.savepoint()
    player = Player(year, users, found)
    try:
        for one in sequence:
            try:
                player.play(*one)
            except (ValidationError, PermissionDenied):
                continue
            assert kept() == by_hand(), one
        rows, offers = DocumentCount.objects, Evidence.objects.current()
        assert rows.waiting().total() == Evidence.objects.waiting().count()
        assert rows.not_refused().total() == offers.not_refused().count()
        assert refresh_all(assessment_id=year.pk) == []
    finally:
        transaction.savepoint_rollback(point)


# --- What the scanner says --------------------------------------------------------------------


def test_a_refused_document_is_told_of_in_every_year_that_it_was_offered_in(played):
    year, _users, found = played
    earlier = asking_year(city=year.city, year=2025)
    [first] = hand_in(answer_of(earlier, "1.1"))
    scan_document(first.document_id, at=later())
    second = EvidenceFactory(answer=answer_of(year, "1.1"), document=first.document)
    assert numbers() == {"waiting": 2}

    found["finding"] = "Eicar-Signature"
    scan_document(first.document_id, at=later(2))

    assert (numbers(first.answer), numbers(second.answer)) == ({"refused": 1}, {"refused": 1})
    assert waiting(year, today=NOW.date()).total == 0


def test_a_verdict_stands_whatever_the_scanner_finds_later(played):
    year, _users, found = played
    EvidenceFactory(answer=answer_of(year, "1.1"), accepted=True)
    EvidenceFactory(answer=answer_of(year, "1.1"), returned=True)

    found["finding"] = "Eicar-Signature"
    for document in SupportingDocument.objects.all():
        scan_document(document.pk, at=later())

    assert numbers() == {"accepted": 1, "returned": 1}


# --- Made anew --------------------------------------------------------------------------------


def test_a_count_that_drifted_is_told_and_mended(year):
    answer = answer_of(year, "1.1")
    EvidenceFactory(answer=answer, kind=kind_of(year, "perda"))
    EvidenceFactory(answer=answer, kind=kind_of(year, "perda"), returned=True)
    DocumentCount.objects.filter(state="waiting").update(number=7)
    DocumentCount.objects.filter(state="returned").delete()
    DocumentCount.objects.create(
        answer=answer_of(year, "1.2"), kind=kind_of(year, "foto"), state="accepted", number=3
    )

    differences = refresh_all(assessment_id=year.pk)

    assert differences == [
        Difference("documents", "question 1.1 perda returned", 0, 1),
        Difference("documents", "question 1.1 perda waiting", 7, 1),
        Difference("documents", "question 1.2 foto accepted", 3, 0),
    ]
    assert kept() == by_hand()
    assert refresh_all(assessment_id=year.pk) == []


def test_a_dry_run_tells_of_counts_and_stores_none(year, capsys):
    EvidenceFactory(answer=answer_of(year, "1.1"), kind=kind_of(year, "perda"))
    DocumentCount.objects.all().delete()
    before = everything()

    with pytest.raises(CommandError):
        call_command("refresh_scores", dry_run=True)

    assert everything() == before
    assert f"{year}: documents question 1.1 perda waiting: 0 → 1" in capsys.readouterr().out


def test_a_count_of_another_year_stays_as_it_is(year):
    other = asking_year(year=2027)
    EvidenceFactory(answer=answer_of(other, "1.1"))
    DocumentCount.objects.update(number=5)

    assert refresh_all(assessment_id=year.pk) == []
    assert DocumentCount.objects.get().number == 5


def kind_of(year, code):
    return EvidenceKind.objects.get(instrument=year.instrument, code=code)


# --- Hours and days ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "offset"), [("Asia/Jakarta", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)]
)
@pytest.mark.parametrize("seconds", [-1, 0, 3599])
def test_the_age_of_what_waits_turns_at_midnight_of_the_city(db, zone, offset, seconds):
    year = asking_year(city=CityFactory(timezone=zone))
    midnight = datetime(2026, 3, 10, tzinfo=UTC) - timedelta(hours=offset)
    EvidenceFactory(answer=answer_of(year, "1.1"), offered_at=midnight + timedelta(seconds=seconds))

    found = waiting(year, today=datetime(2026, 3, 12, tzinfo=UTC).date())

    days = 3 if seconds < 0 else 2
    assert (found.total, found.oldest) == (1, days)
    assert [group.count for group in found.groups] == [days == 2, days == 3, 0, 0]


# --- At the same moment -----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_verdicts_and_uploads_at_one_question_at_once_are_all_counted():
    year = asking_year()
    answer, reviewer = answer_of(year, "1.1"), secretary_of(year)
    offered = [EvidenceFactory(answer=answer) for _ in range(3)]

    def accept(one):
        return lambda: accept_evidence(
            evidence_id=one.pk, granted_points=Decimal(3), by=reviewer, at=later()
        )

    def upload(number):
        return lambda: hand_in(answer, files=[checked(f"baru {number}".encode())], at=later())

    done = done_at_once(*map(accept, offered), upload(1), upload(2))

    assert done == ["done"] * 5
    assert numbers(answer) == {"accepted": 3, "waiting": 2}
    assert kept() == by_hand()


@pytest.mark.django_db(transaction=True)
def test_a_document_that_the_scanner_refuses_while_it_is_offered_elsewhere_is_counted_right(
    played,
):
    year, _users, found = played
    secretary = secretary_of(year)
    found["finding"] = "Eicar-Signature"
    for number in range(8):
        later_year = asking_year(city=year.city, year=2030 + number)
        document = EvidenceFactory(answer=answer_of(year, "1.1")).document
        elsewhere = answer_of(later_year, "1.1")

        scanned, offered = done_at_once(
            partial(scan_document, document.pk, at=later()),
            partial(
                offer_document,
                answer_id=elsewhere.pk,
                document_id=document.pk,
                kind=elsewhere.question.evidence_kinds.first(),
                opd=None,
                by=secretary,
                at=later(),
            ),
        )

        assert (scanned, offered) in {("done", "done"), ("done", "infected")}
        assert kept() == by_hand()


# --- Pages of documents -----------------------------------------------------------------------


@given(
    offers=st.lists(st.tuples(codes, st.integers(0, 3), st.booleans()), max_size=12),
    start=st.integers(0, 13),
    length=st.integers(0, 5),
)
@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_page_of_an_indicators_documents_is_the_same_part_of_them_all(
    year, offers, start, length
):
    point = transaction.savepoint()
    for code, hours, is_refused in offers:
        EvidenceFactory(
            answer=answer_of(year, code),
            offered_at=NOW + timedelta(hours=hours),
            document__scan_state=ScanState.INFECTED if is_refused else "",
        )
    answers = Answer.objects.filter(assessment=year)
    indicator = answer_of(year, "1.1").question.indicator
    board = indicator_dashboard(year, indicator, answers, sees_whole=False, today=NOW.date())
    try:
        documents = DocumentsInOrder(board.rows)
        every = Evidence.objects.order_by("answer__question__position", "-offered_at", "pk")
        assert len(documents) == len(offers)
        end = min(start + length, len(documents))
        if start <= end:
            assert list(documents[start:end]) == list(every[start:end])
        assert list(documents) == list(every)
    finally:
        transaction.savepoint_rollback(point)
