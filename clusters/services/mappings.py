"""Suggesting, confirming and deleting the mapping between two instruments; neither is changed.

What they keep true: every question of both sides stands in exactly one group, and a group is
one pair, one question with its parts, or one with its sources.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import product

from django.contrib.admin.models import ADDITION, DELETION
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clusters.choices import MatchKind
from clusters.likeness import likeness, suggest
from clusters.mapping_files import MappingError, MappingSpec, uncovered
from clusters.mappings import Group, groups_of
from clusters.models import Instrument, Mapping, Question, QuestionMatch
from clusters.permissions import require_site_admin
from clusters.services.diary import note
from clusters.services.loading import spec_of
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class Wanted:
    """A group as somebody wants it: the earlier and the later questions, and their relation."""

    kind: MatchKind
    before: Sequence[Question]
    after: Sequence[Question]


# --- Making -----------------------------------------------------------------------------------


@deed
def suggest_mapping(
    *, before: Instrument, after: Instrument, by: AbstractBaseUser, at: datetime
) -> Mapping:
    """A mapping with a suggestion for every question of both instruments; none is confirmed.

    Raises ValidationError (`draft`, `same_instrument`, `exists`).
    """
    require_site_admin(by)
    _hold_instruments(before, after)
    require_mappable(before, after)
    mapping = Mapping.objects.create(before=before, after=after, created_at=at, created_by_id=by.pk)
    old, new = _by_code(before), _by_code(after)
    QuestionMatch.objects.bulk_create(
        QuestionMatch(
            mapping=mapping,
            kind=line.kind,
            before=old[line.before] if line.before else None,
            after=new[line.after] if line.after else None,
            likeness=line.likeness,
        )
        for line in suggest(spec_of(before), spec_of(after))
    )
    sentence = _("pemetaan %(before)s → %(after)s disusun")
    params = {"before": before.code, "after": after.code}
    note(mapping, sentence % params, by=by, at=at, flag=ADDITION)
    return mapping


def require_mappable(before: Instrument, after: Instrument) -> None:
    """Refuse two instruments between which there can be no mapping, or is one already.

    A draft has none: its questions may still be changed or deleted under the mapping.
    Raises ValidationError (`draft`, `same_instrument`, `exists`).
    """
    for instrument in (before, after):
        if instrument.is_draft:
            raise ValidationError(
                _lazy("“%(title)s” masih rancangan. Terbitkan dahulu, lalu petakan."),
                code="draft",
                params={"title": instrument.title},
            )
    if before.pk == after.pk:
        raise ValidationError(
            _lazy("Pilih dua instrumen yang berbeda."),
            code="same_instrument",
        )
    if Mapping.objects.filter(before=before, after=after).exists():
        raise ValidationError(
            _lazy("Pemetaan dari %(before)s ke %(after)s sudah ada. Buka dari daftar pemetaan."),
            code="exists",
            params={"before": before.code, "after": after.code},
        )


@dataclass(frozen=True, slots=True)
class LoadResult:
    mapping: Mapping
    created: bool


@deed
def load_mapping(*, spec: MappingSpec, at: datetime) -> LoadResult:
    """Store a reviewed mapping with all its groups confirmed.

    A mapping that is there already is left as it is, whatever people have made of it. Raises
    ValidationError (`missing`) without its instruments, MappingError when the file does not
    name every question of both exactly once.
    """
    before, after = _frozen(spec.before), _frozen(spec.after)
    _hold_instruments(before, after)
    existing = Mapping.objects.filter(before=before, after=after).first()
    if existing is not None:
        return LoadResult(existing, created=False)
    faults = uncovered(spec, spec_of(before), spec_of(after))
    if faults:
        raise MappingError(faults)
    require_mappable(before, after)
    mapping = Mapping.objects.create(before=before, after=after, created_at=at)
    old, new = _by_code(before), _by_code(after)
    made: list[QuestionMatch] = []
    for group in spec.groups:
        befores, afters = [old[code] for code in group.before], [new[code] for code in group.after]
        made.extend(_lines(mapping, Wanted(group.kind, befores, afters), {}))
    for line in made:
        line.confirmed_at = at
    QuestionMatch.objects.bulk_create(made)
    return LoadResult(mapping, created=True)


def _frozen(code: str) -> Instrument:
    instrument = Instrument.objects.frozen().filter(code=code).first()
    if instrument is None:
        raise ValidationError(
            _lazy("Instrumen “%(code)s” belum terbit di sini. Muat instrumen itu terlebih dahulu."),
            code="missing",
            params={"code": code},
        )
    return instrument


@deed
def delete_mapping(*, mapping_id: int, by: AbstractBaseUser, at: datetime) -> None:
    """Take back a mapping in which nobody has confirmed anything yet.

    Raises ValidationError (`gone`, `confirmed`).
    """
    require_site_admin(by)
    mapping = _held(mapping_id)
    confirmed = mapping.matches.exclude(confirmed_at=None).count()
    if confirmed:
        raise ValidationError(
            _lazy(
                "%(count)d baris pemetaan ini sudah dipastikan, jadi tidak dapat dihapus. "
                "Batalkan kepastiannya satu per satu bila memang keliru."
            ),
            code="confirmed",
            params={"count": confirmed},
        )
    note(mapping, _("pemetaan dihapus"), by=by, at=at, flag=DELETION)
    mapping.delete()


# --- Confirming -------------------------------------------------------------------------------


@deed
def confirm_matches(
    *, mapping_id: int, match_ids: Collection[int], by: AbstractBaseUser, at: datetime
) -> int:
    """Confirm the groups of these lines as they stand; how many were not confirmed before.

    Raises ValidationError (`stale`) when one of the lines was changed meanwhile, (`gone`).
    """
    require_site_admin(by)
    mapping = _held(mapping_id)
    groups = groups_of(mapping)
    known = {line.pk for group in groups for line in group.lines}
    if not set(match_ids) <= known:
        raise _stale()
    meant = [group for group in groups if {line.pk for line in group.lines} & set(match_ids)]
    return _confirm(mapping, meant, by=by, at=at)


@deed
def confirm_all_same(*, mapping_id: int, by: AbstractBaseUser, at: datetime) -> int:
    """Confirm every pair that has the same text and points; how many there were.

    Raises ValidationError (`gone`).
    """
    require_site_admin(by)
    mapping = _held(mapping_id)
    same = [group for group in groups_of(mapping) if group.kind == MatchKind.SAME]
    return _confirm(mapping, same, by=by, at=at)


@deed
def unconfirm_match(*, mapping_id: int, match_id: int, by: AbstractBaseUser, at: datetime) -> None:
    """Make a confirmed group a suggestion again: nothing follows it any more.

    Raises ValidationError (`gone`, `stale`).
    """
    require_site_admin(by)
    mapping = _held(mapping_id)
    group = _group_with(groups_of(mapping), match_id)
    keys = [line.pk for line in group.lines]
    QuestionMatch.objects.filter(pk__in=keys).update(confirmed_at=None, confirmed_by=None)
    note(mapping, _("kepastian dibatalkan: %(group)s") % {"group": group}, by=by, at=at)


def _confirm(
    mapping: Mapping, groups: Iterable[Group], *, by: AbstractBaseUser, at: datetime
) -> int:
    waiting = [group for group in groups if not group.is_confirmed]
    keys = [line.pk for group in waiting for line in group.lines]
    QuestionMatch.objects.filter(pk__in=keys).update(confirmed_at=at, confirmed_by=by.pk)
    if waiting:
        told = "; ".join(str(group) for group in waiting)
        note(mapping, _("dipastikan: %(groups)s") % {"groups": told}, by=by, at=at)
    return len(waiting)


# --- Changing ---------------------------------------------------------------------------------


@deed
def set_match(
    *, mapping_id: int, match_id: int, wanted: Wanted, by: AbstractBaseUser, at: datetime
) -> Group:
    """Put the wanted group in the place of the group of this line, and confirm it.

    Questions that it takes from other groups leave those; whatever is left over anywhere
    becomes a suggestion of its own again, so that none is lost. Raises ValidationError
    (`gone`, `shape`, `foreign_question`, `stale`, `confirmed`).
    """
    require_site_admin(by)
    mapping = _held(mapping_id)
    _require_shape(wanted)
    _require_own(mapping, wanted)
    groups = groups_of(mapping)
    replaced = _group_with(groups, match_id)
    taken = {question.pk for question in (*wanted.before, *wanted.after)}
    touched = [g for g in groups if g is replaced or taken & _keys(g)]
    _require_unconfirmed([group for group in touched if group is not replaced])
    known = {(line.before_id, line.after_id): line.likeness for g in touched for line in g.lines}
    QuestionMatch.objects.filter(pk__in=[row.pk for g in touched for row in g.lines]).delete()
    made = list(_lines(mapping, wanted, known))
    for line in made:
        line.confirmed_at, line.confirmed_by_id = at, by.pk
    for group in touched:
        for rest in _leftovers(group, taken):
            made.extend(_lines(mapping, rest, known))
    QuestionMatch.objects.bulk_create(made)
    group = next(g for g in groups_of(mapping) if taken <= _keys(g))
    note(mapping, _("ditetapkan: %(group)s") % {"group": group}, by=by, at=at)
    return group


def _require_shape(wanted: Wanted) -> None:
    """Each kind has its own number of questions on either side."""
    old, new = len(wanted.before), len(wanted.after)
    if not wanted.kind.fits(old, new):
        raise ValidationError(
            _lazy(
                "“%(kind)s” tidak cocok dengan %(old)d pertanyaan lama dan %(new)d pertanyaan "
                "baru. Pilih hubungan lain atau ubah pasangannya."
            ),
            code="shape",
            params={"kind": wanted.kind.label, "old": old, "new": new},
        )


def _require_own(mapping: Mapping, wanted: Wanted) -> None:
    sides = ((mapping.before_id, wanted.before), (mapping.after_id, wanted.after))
    for instrument_id, questions in sides:
        keys = [question.pk for question in questions]
        own = Question.objects.filter(pk__in=keys, indicator__cluster__instrument=instrument_id)
        if own.count() != len(set(keys)):
            raise ValidationError(
                _lazy("Salah satu pertanyaan bukan milik instrumen di pemetaan ini."),
                code="foreign_question",
            )


def _require_unconfirmed(groups: Iterable[Group]) -> None:
    """What somebody has confirmed is not taken apart in passing."""
    for group in groups:
        if group.is_confirmed:
            codes = ", ".join(question.code for question in (*group.before, *group.after))
            raise ValidationError(
                _lazy(
                    "Pasangan %(codes)s sudah dipastikan. Batalkan kepastiannya dahulu bila "
                    "pertanyaannya memang dipindahkan ke sini."
                ),
                code="confirmed",
                params={"codes": codes},
            )


def _leftovers(group: Group, taken: Collection[int]) -> Iterator[Wanted]:
    """What remains of a group once the taken questions have left it."""
    old = [question for question in group.before if question.pk not in taken]
    new = [question for question in group.after if question.pk not in taken]
    if not old or not new:
        yield from (Wanted(MatchKind.GONE, [question], []) for question in old)
        yield from (Wanted(MatchKind.NEW, [], [question]) for question in new)
    elif len(old) == len(new) == 1:
        is_whole = group.kind == MatchKind.SAME
        yield Wanted(MatchKind.SAME if is_whole else MatchKind.REWORDED, old, new)
    else:
        yield Wanted(group.kind, old, new)


def _lines(
    mapping: Mapping, wanted: Wanted, known: dict[tuple[int | None, int | None], Decimal | None]
) -> Iterator[QuestionMatch]:
    sides: tuple[list[Question | None], ...] = (
        [*wanted.before] or [None],
        [*wanted.after] or [None],
    )
    for old, new in product(*sides):
        key = (old.pk if old else None, new.pk if new else None)
        alike = likeness(old.text, new.text) if old and new else None
        yield QuestionMatch(
            mapping=mapping,
            kind=wanted.kind,
            before=old,
            after=new,
            likeness=known.get(key, alike),
        )


# --- Shared -----------------------------------------------------------------------------------


def _held(mapping_id: int) -> Mapping:
    """The mapping, with nobody else changing it meanwhile.

    Raises ValidationError (`gone`) once it was deleted.
    """
    held = Mapping.objects.select_for_update(of=("self",)).filter(pk=mapping_id).first()
    if held is None:
        raise ValidationError(_lazy("Pemetaan ini sudah dihapus."), code="gone")
    return held


def _hold_instruments(before: Instrument, after: Instrument) -> None:
    """Two people mapping the same instruments wait for each other."""
    rows = Instrument.objects.filter(pk__in=[before.pk, after.pk])
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _by_code(instrument: Instrument) -> dict[str, Question]:
    return {row.code: row for row in Question.objects.of_instrument(instrument)}


def _group_with(groups: Iterable[Group], match_id: int) -> Group:
    for group in groups:
        if any(line.pk == match_id for line in group.lines):
            return group
    raise _stale()


def _keys(group: Group) -> set[int]:
    return {question.pk for question in (*group.before, *group.after)}


def _stale() -> ValidationError:
    return ValidationError(
        _lazy("Orang lain sudah mengubah pasangan ini. Periksa isinya yang terbaru, lalu ulangi."),
        code="stale",
    )
