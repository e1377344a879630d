"""The search over a city: questions, documents, OPDs and people, each only what one may see.

What matches is asked of the database's own full text search (`texts.searching.TextIndex`); what
comes first is one rule on every database: the very code or number, then a code that begins so or
the words as they were typed, then the rest; within these the newest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, Assessment, Evidence, SupportingDocument
from cities.models import Membership, Opd
from cities.roles import Permission
from texts.searching import TextIndex, Words, found, words_of

SHOWN_OF_EACH = 6  # four kinds, so that the first page has no more than 25
PAGE = 25

QUESTIONS = TextIndex("search_question", "clusters_question", "id", "code || ' ' || text")
DOCUMENTS = TextIndex(
    "search_document",
    "assessments_supportingdocument",
    "id",
    "title || ' ' || number || ' ' || original_name",
    is_keyed=True,
)
OPDS = TextIndex("search_opd", "cities_opd", "id", "code || ' ' || name")
PEOPLE = TextIndex("search_user", "cities_user", "id", "name || ' ' || email")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found. `closeness`: 0 by its very code, 1 as typed, 2 by its words.

    The last four say to programs what it is.
    """

    title: str
    detail: str
    url: str
    closeness: int
    year: int | None = None
    question: str = ""
    document: UUID | None = None
    opd: str = ""


@dataclass(frozen=True, slots=True)
class HitGroup:
    """The first hits of one kind."""

    kind: str  # as the address says it
    label: str | Promise
    hits: list[Hit]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Searcher:
    """Who searches, for what, and which year the links of an OPD lead to."""

    member: Membership
    term: str
    words: Words
    year: Assessment | None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that is found: its rows, in order, and how one is told."""

    name: str
    label: str | Promise
    rows: Callable[[Searcher], QuerySet[Any]]
    hit: Callable[[Searcher, Any], Hit]


def search(member: Membership, term: str) -> list[HitGroup]:
    """The first hits of every kind, the kind with the closest one first; in six queries."""
    who = _searcher(member, term)
    if not who.words:
        return []
    groups = []
    for kind in KINDS:
        hits = [kind.hit(who, row) for row in kind.rows(who)[: SHOWN_OF_EACH + 1]]
        if hits:
            more = len(hits) > SHOWN_OF_EACH
            groups.append(HitGroup(kind.name, kind.label, hits[:SHOWN_OF_EACH], more))
    return sorted(groups, key=lambda group: group.hits[0].closeness)


def search_kind(member: Membership, term: str, kind: Kind, number: str | None) -> Page[Any]:
    """One page of everything of one kind, as hits."""
    rows, told = found_of_kind(member, term, kind)
    page = Paginator(rows, PAGE).get_page(number)
    page.object_list = [told(row) for row in page.object_list]
    return page


def found_of_kind(
    member: Membership, term: str, kind: Kind
) -> tuple[QuerySet[Any], Callable[[Any], Hit]]:
    """Everything of one kind as rows, the closest first, and how one is told."""
    who = _searcher(member, term)
    rows = kind.rows(who) if who.words else Answer.objects.none()
    return rows, partial(kind.hit, who)


def _searcher(member: Membership, term: str) -> Searcher:
    return Searcher(member, term.strip(), words_of(term), Assessment.objects.current(member.city))


def _closeness(term: str, *, code: str, text: str) -> Case:
    """How close a row is, as SQL: by the column that holds its code, and by its text."""
    return Case(
        When(Q(**{f"{code}__iexact": term}), then=Value(0)),
        When(Q(**{f"{code}__istartswith": term}) | found(term, text), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


# --- What is found ----------------------------------------------------------------------------


def _questions(who: Searcher) -> QuerySet[Any]:
    return (
        Answer.objects.visible_to(who.member)
        .filter(question__in=QUESTIONS.keys(who.words))
        .annotate(closeness=_closeness(who.term, code="question__code", text="question__text"))
        .select_related("question__indicator", "assessment__city")
        .order_by("closeness", "-assessment__year", "question__position", "pk")
    )


def _question_hit(_who: Searcher, answer: Any) -> Hit:
    return Hit(
        title=f"{answer.question.code} {answer.question.text}",
        detail=f"{answer.assessment.year} · {answer.question.indicator.name}",
        url=answer.get_absolute_url(),
        closeness=answer.closeness,
        year=answer.assessment.year,
        question=answer.question.code,
    )


def _documents(who: Searcher) -> QuerySet[Any]:
    offered = (
        Evidence.objects.visible_to(who.member)
        .select_related("answer__question", "answer__assessment__city")
        .order_by("-answer__assessment__year", "answer__question__position")
    )
    return (
        SupportingDocument.objects.readable_by(who.member)
        .newest()
        .filter(pk__in=DOCUMENTS.keys(who.words))
        .annotate(closeness=_closeness(who.term, code="number", text="title"))
        .prefetch_related(Prefetch("evidence", offered, to_attr="offered"))
        .order_by("closeness", "-uploaded_at", "pk")
    )


def _document_hit(_who: Searcher, document: Any) -> Hit:
    """It leads to the question for which it was offered last, where its state is told."""
    answer = document.offered[0].answer
    uses = f"{answer.assessment.year} · {answer.question.code}"
    return Hit(
        title=document.title,
        detail=" · ".join(filter(None, [document.number, uses, document.original_name])),
        url=f"{answer.get_absolute_url()}#dokumen",
        closeness=document.closeness,
        year=answer.assessment.year,
        question=answer.question.code,
        document=document.pk,
    )


def _opds(who: Searcher) -> QuerySet[Any]:
    opds = Opd.objects.filter(city=who.member.city, pk__in=OPDS.keys(who.words))
    if not who.member.may(Permission.VIEW_ASSESSMENT):
        opds = opds.filter(pk=who.member.opd_id or 0)
    if who.year is None:
        return opds.none()
    return opds.annotate(closeness=_closeness(who.term, code="code", text="name")).order_by(
        "closeness", "-is_active", "name", "pk"
    )


def _opd_hit(who: Searcher, opd: Any) -> Hit:
    assert who.year is not None  # noqa: S101 – `_opds` finds none without a year
    address = [who.member.city.slug, who.year.year, opd.pk]
    url = reverse("assessments:opd_detail", args=address)
    return Hit(
        title=opd.name,
        detail=opd.code,
        url=url,
        closeness=opd.closeness,
        year=who.year.year,
        opd=opd.code,
    )


def _people(who: Searcher) -> QuerySet[Any]:
    people = Membership.objects.filter(city=who.member.city, user__in=PEOPLE.keys(who.words))
    if not who.member.may(Permission.MANAGE_MEMBERS):
        people = people.none()
    return (
        people.annotate(closeness=_closeness(who.term, code="user__email", text="user__name"))
        .select_related("user", "opd")
        .order_by("closeness", "user__name", "pk")
    )


def _person_hit(who: Searcher, person: Any) -> Hit:
    return Hit(
        title=person.user.name or person.user.email,
        detail=f"{person.user.email} · {person.label}",
        url=reverse("cities:member_edit", args=[who.member.city.slug, person.pk]),
        closeness=person.closeness,
    )


KINDS = (
    Kind("pertanyaan", _("Pertanyaan"), _questions, _question_hit),
    Kind("dokumen", _("Dokumen"), _documents, _document_hit),
    Kind("opd", _("OPD"), _opds, _opd_hit),
    Kind("orang", _("Anggota"), _people, _person_hit),
)
