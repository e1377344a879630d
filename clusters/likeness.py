"""Which question of one instrument probably became which of another, by text and code.

A suggestion for people to judge, made from words alone. Numbers never decide: indicators 9 to
11 of the KLA changed places between two years. Words count by their rarity, since half of the
questions begin with "Ada kebijakan tentang".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from math import log

from clusters.choices import MatchKind
from clusters.spec import InstrumentSpec

# Below this, two questions have no more in common than any two of an instrument.
FLOOR = 0.3
# How much of the shorter question the longer one must say to be taken for its whole.
CONTAINED = 0.5
# What the name of the indicator adds to the text of its question, and an equal code to both.
CONTEXT_WEIGHT = 0.4
CODE_WEIGHT = 0.05
EXACT = Decimal(1)
# As if so many questions stood beside those at hand: in a small instrument every word is common.
BESIDE = 200

WORD = re.compile(r"[^\W_]+")
LITTLE_WORDS = (
    "ada adanya agar atau bagi dalam dan dari dengan di ini itu ke oleh pada para sebagai secara "
    "serta tentang tersedia tersedianya untuk yang"
)
LITTLE = frozenset(LITTLE_WORDS.split())
PREFIXES = re.compile(
    r"^(?:mem|men|meng|meny|me|ber|ter|di|pem|pen|peng|peny|per|pe|ke|se)(?=.{4})"
)
SUFFIXES = re.compile(r"(?<=.{4})(?:kan|an|nya|i)$")


@dataclass(frozen=True, slots=True)
class SuggestedMatch:
    """One line of a mapping, with questions by their codes.

    A split question stands in one line for each of its parts, a merged one in one for each
    of its sources; `gone` has no later question, `new` no earlier one.
    """

    kind: MatchKind
    before: str | None
    after: str | None
    likeness: Decimal | None  # 0 to 1; None where there is nothing to compare


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of a text, and whether the other text has it too."""

    text: str
    is_shared: bool


def suggest(before: InstrumentSpec, after: InstrumentSpec) -> list[SuggestedMatch]:
    """A line for every question of both, in the order of the earlier one, then the new ones."""
    old, new = _asked(before), _asked(after)
    rarity = _rarity([*old, *new])
    same = _equal(old, new)
    left_old = [row.weighed(rarity) for row in old if row.position not in dict(same)]
    taken = {position for _old, position in same}
    left_new = [row.weighed(rarity) for row in new if row.position not in taken]
    pairs = sorted(_pairs(left_old, left_new), key=lambda pair: pair.rank)
    links = dict.fromkeys(same, EXACT)
    links |= {(pair.before, pair.after): _rounded(pair.likeness) for pair in _joined(pairs)}
    return list(_lines(old, new, links, same=set(same)))


def likeness(one: str, other: str) -> Decimal:
    """How alike two texts are by themselves, 0 to 1."""
    words, others = Counter(_stems(one)), Counter(_stems(other))
    total = words.total() + others.total()
    return _rounded(2 * (words & others).total() / total) if total else EXACT


def parts(text: str, other: str) -> list[TextPart]:
    """The text cut into pieces that the other text has as well, and pieces that it has not."""
    pieces, others = re.findall(r"\S+\s*", text), other.split()
    matcher = SequenceMatcher(
        None, [_plain(piece) for piece in pieces], [_plain(word) for word in others], autojunk=False
    )
    found, start = [], 0
    for first, _other, length in matcher.get_matching_blocks():
        for end, is_shared in ((first, False), (first + length, True)):
            if end > start:
                found.append(TextPart("".join(pieces[start:end]), is_shared))
                start = end
    return found


# --- Words ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Question:
    """A question as it is compared: by its words, each with its weight."""

    position: int
    code: str
    key: tuple[str, Decimal, str]  # equal for questions that are the same
    words: dict[str, float]

    def weighed(self, rarity: dict[str, float]) -> "_Question":
        words = {word: weight * rarity[word] for word, weight in self.words.items()}
        return _Question(self.position, self.code, self.key, words)


def _asked(spec: InstrumentSpec) -> list[_Question]:
    rows = [(indicator, row) for indicator in spec.indicators() for row in indicator.questions]
    found = []
    for position, (indicator, row) in enumerate(rows):
        words = dict.fromkeys(_stems(indicator.name), CONTEXT_WEIGHT)
        words |= dict.fromkeys(_stems(row.text), 1.0)
        key = (_plain(row.text), row.max_points, spec.measure)
        found.append(_Question(position, row.code, key, words))
    return found


def _rarity(questions: Sequence[_Question]) -> dict[str, float]:
    """The weight of each word: high for one that few questions have."""
    holders = Counter(word for question in questions for word in question.words)
    total = len(questions) + BESIDE
    return {word: log(1 + total / count) ** 2 for word, count in holders.items()}


def _plain(text: str) -> str:
    """The words of a text without capitals, signs and spaces between them."""
    return " ".join(WORD.findall(text.casefold())) or text.strip()


def _stems(text: str) -> list[str]:
    """The meaningful words of an Indonesian text, roughly without their affixes."""
    words = [word for word in WORD.findall(text.casefold()) if word not in LITTLE]
    return [SUFFIXES.sub("", PREFIXES.sub("", word)) for word in words]


def _rounded(value: float) -> Decimal:
    return Decimal(str(round(value, 3)))


# --- Pairs ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two questions, by their positions, that have enough in common to be asked about."""

    before: int
    after: int
    likeness: float
    contained: float  # how much of the shorter one the longer one says

    @property
    def rank(self) -> tuple[float, int, int]:
        """The likest first; among equals, as the instruments have them."""
        return -self.likeness, self.before, self.after


def _equal(old: Sequence[_Question], new: Sequence[_Question]) -> list[tuple[int, int]]:
    """Pairs of the same text and points; an equal code goes first, then the order."""
    found: dict[int, int] = {}
    for needs_code in (True, False):
        free = defaultdict(list)
        for row in reversed(new):
            if row.position not in found.values():
                free[row.key, row.code if needs_code else ""].append(row.position)
        for row in old:
            positions = free[row.key, row.code if needs_code else ""]
            if row.position not in found and positions:
                found[row.position] = positions.pop()
    return sorted(found.items())


def _pairs(old: Sequence[_Question], new: Sequence[_Question]) -> Iterator[_Pair]:
    """Every pair above the floor; only questions that share a word are looked at."""
    having: defaultdict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(new):
        for word in row.words:
            having[word].append(index)
    sums = [sum(row.words.values()) for row in new]
    for row in old:
        total = sum(row.words.values())
        shared: defaultdict[int, float] = defaultdict(float)
        for word, weight in row.words.items():
            for index in having[word]:
                shared[index] += min(weight, new[index].words[word])
        for index, common in shared.items():
            text = 2 * common / (total + sums[index])
            if text >= FLOOR:
                bonus = CODE_WEIGHT if row.code == new[index].code else 0
                alike = text * (1 - CODE_WEIGHT) + bonus
                contained = common / min(total, sums[index])
                yield _Pair(row.position, new[index].position, alike, contained)


class _Groups:
    """Pairs joined so far; a group is one question split or several merged, never both."""

    def __init__(self) -> None:
        self.pairs: list[_Pair] = []
        self.parts: defaultdict[int, list[int]] = defaultdict(list)
        self.sources: defaultdict[int, list[int]] = defaultdict(list)

    def join(self, pair: _Pair) -> None:
        self.pairs.append(pair)
        self.parts[pair.before].append(pair.after)
        self.sources[pair.after].append(pair.before)

    def may_pair(self, pair: _Pair) -> bool:
        return not self.parts[pair.before] and not self.sources[pair.after]

    def may_split(self, pair: _Pair) -> bool:
        """Whether the later question can be one more part of the earlier one."""
        parts = self.parts[pair.before]
        is_whole = bool(parts) and all(len(self.sources[part]) == 1 for part in parts)
        return is_whole and not self.sources[pair.after]

    def may_merge(self, pair: _Pair) -> bool:
        """Whether the earlier question can be one more source of the later one."""
        sources = self.sources[pair.after]
        is_whole = bool(sources) and all(len(self.parts[source]) == 1 for source in sources)
        return is_whole and not self.parts[pair.before]


def _joined(pairs: Sequence[_Pair]) -> list[_Pair]:
    """One partner for each, the likest first; then what is left over joins a partner's group."""
    groups = _Groups()
    for pair in pairs:
        if groups.may_pair(pair):
            groups.join(pair)
    for pair in pairs:
        if pair.contained >= CONTAINED and (groups.may_split(pair) or groups.may_merge(pair)):
            groups.join(pair)
    return groups.pairs


def _lines(
    old: Sequence[_Question],
    new: Sequence[_Question],
    links: Mapping[tuple[int, int], Decimal],
    same: Container[tuple[int, int]],
) -> Iterator[SuggestedMatch]:
    parts = Counter(before for before, _after in links)
    sources = Counter(after for _before, after in links)

    def kind_of(pair: tuple[int, int]) -> MatchKind:
        if pair in same:
            return MatchKind.SAME
        if parts[pair[0]] > 1:
            return MatchKind.SPLIT
        return MatchKind.MERGED if sources[pair[1]] > 1 else MatchKind.REWORDED

    for row in old:
        if not parts[row.position]:
            yield SuggestedMatch(MatchKind.GONE, row.code, None, None)
        for pair in sorted(pair for pair in links if pair[0] == row.position):
            yield SuggestedMatch(kind_of(pair), row.code, new[pair[1]].code, links[pair])
    for row in new:
        if not sources[row.position]:
            yield SuggestedMatch(MatchKind.NEW, None, row.code, None)
