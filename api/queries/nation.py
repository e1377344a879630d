"""The ladder of the nation, as the interface tells of it."""

from __future__ import annotations

from collections.abc import Sequence

from api.answers.nation import (
    NationAward,
    NationCity,
    NationPlace,
    NationRung,
    NationShare,
    NationSummary,
)
from assessments.queries.nation import Awarded, CityRow, Country, Move, distribution, moves
from assessments.queries.neighbours import neighbourhoods


def nation_cities(rows: Sequence[CityRow]) -> list[NationCity]:
    """Without a query; `country` has left out what the account may not see."""
    return [
        NationCity(
            name=one.place.name,
            province=one.place.province,
            province_code=one.place.province_code,
            slug=one.place.slug if one.place.is_open else None,
            award=_award(one.award),
            before=_award(one.before),
            rank=one.rank if one.award else None,
            steps=one.steps,
            move=one.move,
            proven=one.live.points if one.live else None,
            proven_year=one.live.year if one.live else None,
        )
        for one in rows
    ]


def nation_summary(shown: Country, counted: Sequence[CityRow]) -> NationSummary:
    """Without a query."""
    moved = moves(counted)
    return NationSummary(
        cities=len(counted),
        rungs=[NationRung(one.predikat, one.minimum, one.maximum) for one in shown.rungs.bands],
        shares=[
            NationShare(one.key, one.name, one.count) for one in distribution(counted, shown.rungs)
        ],
        moves={str(move): moved[move] for move in Move},
        places=[
            NationPlace(near.own.place.slug, near.own.predikat, near.higher, near.equal)
            for near in neighbourhoods(counted)
            if near.rows
        ],
    )


def _award(one: Awarded | None) -> NationAward | None:
    return NationAward(one.predikat, one.year, one.source) if one else None
