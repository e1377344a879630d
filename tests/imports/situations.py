"""A table that waits, looked at and confirmed by its person."""

from cities.permissions import member_of
from imports.lines import seen_of
from imports.services.staged import confirm, keep
from tests.assessments.situations import NOW


def kept(kind, city, by, reading, *, name="lembar.xlsx", at=NOW, **about):
    return keep(city=city, kind=kind, reading=reading, name=name, about=about, by=by, at=at)


def lines_of(kind, staged):
    return list(kind.lines(staged, member_of(staged.by, staged.city)))


def standings(kind, staged):
    return [line.standing for line in lines_of(kind, staged)]


def taken(kind, staged, *ticked, seen=None, at=NOW, **more):
    seen = seen_of(lines_of(kind, staged)) if seen is None else seen
    facts = {"staged_id": staged.pk, "city": staged.city, "by": staged.by, "at": at} | more
    return confirm(kind=kind, ticked=set(ticked), seen=seen, **facts)


def told(line):
    return [(one.label, one.here, one.there) for one in line.differences]
