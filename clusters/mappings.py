"""A mapping for reading: its groups of questions, and what may be followed along them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from clusters.choices import MatchKind
from clusters.likeness import TextPart, likeness, parts
from clusters.models import Instrument, Mapping, Question, QuestionMatch
from clusters.spec import plain_number
from figures.numbers import NOTHING

COLUMNS = (
    _("Kelompok"),
    _("Hubungan"),
    _("Kode lama"),
    _("Pertanyaan lama"),
    _("Poin lama"),
    _("Kode baru"),
    _("Pertanyaan baru"),
    _("Poin baru"),
    _("Kemiripan"),
    _("Dipastikan pada"),
    _("Dipastikan oleh"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together: one pair, a question with its parts, or with its sources.

    Every question of both instruments stands in exactly one group of a mapping.
    """

    lines: Sequence[QuestionMatch]

    def __str__(self) -> str:
        old = ", ".join(question.code for question in self.before) or NOTHING
        new = ", ".join(question.code for question in self.after) or NOTHING
        return f"{old} → {new} ({self.kind.label})"

    @property
    def first(self) -> QuestionMatch:
        return self.lines[0]

    @property
    def pk(self) -> int:
        """What a page calls the group by; a changed group gets another one."""
        return self.first.pk

    @property
    def kind(self) -> MatchKind:
        return MatchKind(self.first.kind)

    @property
    def before(self) -> list[Question]:
        return _once(line.before for line in self.lines)

    @property
    def after(self) -> list[Question]:
        return _once(line.after for line in self.lines)

    @property
    def is_confirmed(self) -> bool:
        return self.first.confirmed_at is not None

    @property
    def likeness(self) -> Decimal | None:
        """Of its least alike pair."""
        return min(
            (line.likeness for line in self.lines if line.likeness is not None), default=None
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """A confirmed way from an earlier question to a later one."""

    before_id: int
    after_id: int
    kind: MatchKind


def groups_of(mapping: Mapping) -> list[Group]:
    """All groups in the order of the earlier instrument, then its new questions; one query."""
    lines = (
        QuestionMatch.objects.filter(mapping=mapping)
        .select_related(
            "before__indicator__cluster", "after__indicator__cluster", "confirmed_by", "mapping"
        )
        .order_by("before__position", "after__position", "pk")
    )
    together: dict[tuple[str, int | None], list[QuestionMatch]] = {}
    for line in sorted(lines, key=_place):
        together.setdefault(_hub(line), []).append(line)
    return [Group(lines) for lines in together.values()]


@dataclass(frozen=True, slots=True)
class Compared:
    """A question of a group, its text in parts that the questions of the other side share or not."""

    question: Question
    parts: Sequence[TextPart]


def compared(group: Group) -> tuple[list[Compared], list[Compared]]:
    """Both sides of a group, for comparing them on a page."""
    old = " ".join(question.text for question in group.before)
    new = " ".join(question.text for question in group.after)
    return _compared(group.before, new), _compared(group.after, old)


def _compared(questions: Iterable[Question], other: str) -> list[Compared]:
    return [
        Compared(row, parts(row.text, other) if other else [TextPart(row.text, is_shared=True)])
        for row in questions
    ]


def nearest(text: str, questions: Iterable[Question], *, count: int) -> list[Question]:
    """The questions whose texts are the most like this one."""
    ranked = sorted(questions, key=lambda row: (-likeness(text, row.text), row.position))
    return ranked[:count]


def counts_of(groups: Iterable[Group]) -> Table[MatchKind, int]:
    """How many groups there are of each kind, in the kinds' own order."""
    found = Counter(group.kind for group in groups)
    return {kind: found[kind] for kind in MatchKind}


@dataclass(frozen=True, slots=True)
class Ways:
    """What is known of the ways from one instrument to another; questions by primary key.

    Only `pairs` are followed. `unsure` are earlier questions whose lines nobody has confirmed,
    `gone` those that are confirmed to be asked no more, `new` later ones confirmed to be new.
    """

    pairs: Sequence[Pair] = ()
    unsure: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    new: frozenset[int] = frozenset()
    is_mapped: bool = False


def ways(before: Instrument, after: Instrument) -> Ways:
    """The ways between two instruments, in one query.

    Between an instrument and itself every question is itself. Without a mapping there is
    nothing to follow.
    """
    if before.pk == after.pk:
        keys = Question.objects.of_instrument(before).order_by("position")
        same = [Pair(pk, pk, MatchKind.SAME) for pk in keys.values_list("pk", flat=True)]
        return Ways(same, is_mapped=True)
    rows = list(
        QuestionMatch.objects.filter(mapping__before=before, mapping__after=after)
        .order_by("before__position", "after__position")
        .values_list("before", "after", "kind", "confirmed_at")
    )
    sure = [(old, new, MatchKind(kind)) for old, new, kind, at in rows if at is not None]
    return Ways(
        pairs=[Pair(old, new, kind) for old, new, kind in sure if old and new],
        unsure=frozenset(old for old, _new, _kind, at in rows if old and at is None),
        gone=frozenset(old for old, new, _kind in sure if old and not new),
        new=frozenset(new for old, new, _kind in sure if new and not old),
        is_mapped=bool(rows),
    )


def followed(before: Instrument, after: Instrument) -> Sequence[Pair]:
    """Which question of `before` is, in part or in whole, which of `after`; confirmed ones only.

    A split question has a pair for each part, a merged one a pair for each source; `kind`
    says so. Points of two instruments are never compared by it: whether they mean the same
    is for the caller to judge.
    """
    return ways(before, after).pairs


def exported(groups: Iterable[Group]) -> Iterator[list[str | int]]:
    """The report as values of the `COLUMNS`: each question in exactly one row."""
    for number, group in enumerate(groups, 1):
        seen: set[int] = set()
        for line in group.lines:
            sides = [
                _cells(row if row is not None and row.pk not in seen else None)
                for row in (line.before, line.after)
            ]
            seen |= {row.pk for row in (line.before, line.after) if row}
            yield [
                number,
                str(group.kind.label),
                *sides[0],
                *sides[1],
                "" if line.likeness is None else _number(line.likeness),
                line.confirmed_at.date().isoformat() if line.confirmed_at else "",
                str(line.confirmed_by or ""),
            ]


def _cells(question: Question | None) -> list[str | int]:
    if question is None:
        return ["", "", ""]
    return [question.code, question.text, _number(question.max_points)]


def _number(value: Decimal) -> str | int:
    """A whole number as one, any other as people write it."""
    whole = value == value.to_integral_value()
    return int(value) if whole else plain_number(value).replace(".", ",")


def _place(line: QuestionMatch) -> tuple[bool, int, int]:
    """The sort key of a line: the position of the earlier question; lines without one come last."""
    return (
        line.before is None,
        line.before.position if line.before else 0,
        line.after.position if line.after else 0,
    )


def _hub(line: QuestionMatch) -> tuple[str, int | None]:
    """The question around which a group gathers."""
    if line.kind in (MatchKind.NEW, MatchKind.MERGED):
        return "after", line.after_id
    return "before", line.before_id


def _once(questions: Iterable[Question | None]) -> list[Question]:
    return list({question.pk: question for question in questions if question}.values())
